"""How many came: by unit, occurrence, day or category, each method for itself."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.attendance import Method
from service.domain.places import UnitLevel
from service.domain.succession import Restated
from service.store import attendance as store
from service.store.attendance import CountRow, Wanted
from service.usecases import places


class By(StrEnum):
    """What the counts are grouped by."""

    UNIT = "unit"
    OCCURRENCE = "occurrence"
    DAY = "day"
    CATEGORY = "category"


_COLUMNS = {By.UNIT: "unit_id", By.OCCURRENCE: "occurrence_id", By.DAY: "counted_on", By.CATEGORY: "category"}


@dataclass(frozen=True)
class Figure:
    """Counts by one method; `holders` are distinct holders, None where the method can't know them."""

    method: Method
    visits: int
    entries: int
    exits: int
    holders: int | None


@dataclass(frozen=True)
class Group:
    """The figures of one unit, occurrence, day or category; methods are never added together."""

    key: object
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Unplaced:
    """Figures of a unit that can't be given to one unit of the day asked for, with those it might be."""

    unit_id: UUID
    candidates: tuple[UUID, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Attendance:
    """The answer: groups, what couldn't be placed, and the total of each method."""

    groups: tuple[Group, ...]
    unplaced: tuple[Unplaced, ...]
    totals: tuple[Figure, ...]


async def report(
    session: AsyncSession, *, wanted: Wanted, by: By, as_of: date | None = None, level: UnitLevel | None = None
) -> Attendance:
    """Attendance grouped by `by`.

    With `as_of` (and by unit) the counts stand under the units valid on that day; what a split or merged unit
    leaves open is listed as unplaced, never guessed. Without it they stand under the unit of the event's day.
    """
    rows = await store.list_counts(session, wanted)
    restated: dict[UUID, Restated[UUID]] = {}
    if by is By.UNIT and as_of is not None:
        graph = await places.succession(session)
        wanted_level = level or places.reporting_level(as_of)
        restated = {unit_id: graph.restate(unit_id, as_of, wanted_level) for unit_id in {row.unit_id for row in rows}}
    targets = {unit_id: one.unit_id for unit_id, one in restated.items()}
    holders = await store.count_holders(session, wanted, _COLUMNS[by], targets or None)
    everyone = await store.count_holders(session, wanted, "")
    grouped: dict[object, list[CountRow]] = defaultdict(list)
    lost: dict[UUID, list[CountRow]] = defaultdict(list)
    for row in rows:
        if targets and targets[row.unit_id] is None:
            lost[row.unit_id].append(row)
        else:
            grouped[targets[row.unit_id] if targets else getattr(row, _COLUMNS[by])].append(row)
    unplaced_holders = await store.count_holders(session, wanted, "unit_id") if lost else {}
    return Attendance(
        groups=tuple(Group(key, _figures(found, holders.get(key, 0))) for key, found in grouped.items()),
        unplaced=tuple(
            Unplaced(unit_id, tuple(restated[unit_id].candidates), _figures(found, unplaced_holders.get(unit_id, 0)))
            for unit_id, found in lost.items()
        ),
        totals=_figures(rows, everyone.get(None, 0)),
    )


def _figures(rows: list[CountRow], holders: int) -> tuple[Figure, ...]:
    """One figure per method that counted anything, scans first."""
    figures = []
    for method in Method:
        of_method = [row for row in rows if row.method is method or row.method == method.value]
        if of_method:
            figures.append(
                Figure(
                    method,
                    sum(row.visits for row in of_method),
                    sum(row.entries for row in of_method),
                    sum(row.exits for row in of_method),
                    holders if method is Method.SCAN else None,
                )
            )
    return tuple(figures)
