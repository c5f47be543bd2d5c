"""Which unit of another day holds what was counted in a unit: validity, succession, restatement."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from service.domain.places import Share, UnitLevel

K = TypeVar("K", bound=Hashable)

_FINENESS = {UnitLevel.PROVINCE: 0, UnitLevel.DISTRICT: 1, UnitLevel.COMMUNE: 2}


class Dated(Protocol):
    """Anything with a period of validity whose two ends are inclusive and may be open."""

    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...


def is_valid_on(unit: Dated, on: date) -> bool:
    """Whether the unit stood on that day; an open end reaches as far as asked."""
    return not _begins_after(unit, on) and not _ends_before(unit, on)


@dataclass(frozen=True, slots=True)
class GraphUnit(Generic[K]):
    """What succession needs to know of a unit; `id` is any hashable value."""

    id: K
    level: UnitLevel
    valid_from: date | None
    valid_to: date | None
    parent_id: K | None
    province_code: str


@dataclass(frozen=True, slots=True)
class GraphLink(Generic[K]):
    """One unit followed by another; `share` is the share of the predecessor that went there."""

    predecessor_id: K
    successor_id: K
    share: Share


@dataclass(frozen=True, slots=True)
class Relative(Generic[K]):
    """A successor or predecessor, and how much of the earlier unit passed to the later one."""

    id: K
    share: Share


@dataclass(frozen=True, slots=True)
class Restated(Generic[K]):
    """The unit of another day that facts belong to.

    `unit_id` is None when the facts can't be attributed: with several `candidates` because the unit was
    divided among them, with none because nothing at that level stood there on that day.
    """

    unit_id: K | None
    candidates: tuple[K, ...]


class SuccessionGraph(Generic[K]):
    """Units and the links between them; built once, never changed, asked often.

    Links are taken to be complete: the successors of a unit together hold all of it. Links and parents that
    name a unit outside the graph are left out. A question about a unit outside it raises KeyError.
    """

    def __init__(self, units: Iterable[GraphUnit[K]], links: Iterable[GraphLink[K]]) -> None:
        self._units = {unit.id: unit for unit in units}
        self._order = {id_: place for place, id_ in enumerate(self._units)}
        self._children: dict[K, list[GraphUnit[K]]] = defaultdict(list)
        self._after: dict[K, list[Relative[K]]] = defaultdict(list)
        self._before: dict[K, list[Relative[K]]] = defaultdict(list)
        for unit in self._units.values():
            if unit.parent_id is not None:
                self._children[unit.parent_id].append(unit)
        for link in links:
            if link.predecessor_id in self._units and link.successor_id in self._units:
                self._after[link.predecessor_id].append(Relative(link.successor_id, link.share))
                self._before[link.successor_id].append(Relative(link.predecessor_id, link.share))

    def successors(self, id_: K) -> tuple[Relative[K], ...]:
        """The units that took over from this one.

        A district that ended without links of its own is followed by all that follow its last communes: in
        full if it is one unit that took them all in full, else in part.
        """
        unit = self._units[id_]
        own = self._after.get(id_, [])
        if own or unit.level != UnitLevel.DISTRICT:
            return tuple(own)
        last = [child for child in self._children.get(id_, []) if child.valid_to == unit.valid_to]
        inherited = [heir for child in last for heir in self._after.get(child.id, [])]
        heirs = {heir.id for heir in inherited}
        whole = len(heirs) == 1 and all(heir.share == Share.FULL for heir in inherited)
        share = Share.FULL if whole else Share.PARTIAL
        return tuple(Relative(heir, share) for heir in self._sorted(heirs))

    def predecessors(self, id_: K) -> tuple[Relative[K], ...]:
        """The units this one took over from; `share` is what it got of each."""
        return tuple(self._before.get(self._units[id_].id, []))

    def restate(self, id_: K, on: date, level: UnitLevel) -> Restated[K]:
        """The unit at `level` that held, on that day, what is counted in this unit.

        One candidate is the answer; among several nothing is guessed. A unit that itself is of that level
        and valid on that day is its own answer.
        """
        found: set[K] = set()
        seen: set[K] = set()
        ahead = [self._units[id_]]
        while ahead:
            unit = ahead.pop()
            if unit.id in seen:
                continue
            seen.add(unit.id)
            if unit.level == level and is_valid_on(unit, on):
                found.add(unit.id)
            else:
                ahead.extend(self._next(unit, on, level))
        candidates = self._sorted(found)
        return Restated(candidates[0] if len(candidates) == 1 else None, candidates)

    def _next(self, unit: GraphUnit[K], on: date, level: UnitLevel) -> list[GraphUnit[K]]:
        """Units that together hold all of `unit` and are nearer to that day or to that level."""
        children = self._children.get(unit.id, [])
        too_wide = _FINENESS[unit.level] < _FINENESS[level]
        if is_valid_on(unit, on):
            if too_wide:
                return [child for child in children if is_valid_on(child, on)]
            return self._above(unit, level)
        # The parts of a unit say more exactly than the unit itself where it went.
        if too_wide and children:
            return children
        relatives = self._after if _ends_before(unit, on) else self._before
        if linked := relatives.get(unit.id):
            return [self._units[relative.id] for relative in linked]
        return children if unit.level == level else self._above(unit, level)

    def _above(self, unit: GraphUnit[K], level: UnitLevel) -> list[GraphUnit[K]]:
        """The parent, unless it is wider than the level asked for: from there every unit could be reached."""
        parent = None if unit.parent_id is None else self._units.get(unit.parent_id)
        return [parent] if parent and _FINENESS[parent.level] >= _FINENESS[level] else []

    def _sorted(self, ids: set[K]) -> tuple[K, ...]:
        return tuple(sorted(ids, key=self._order.__getitem__))


def _begins_after(unit: Dated, on: date) -> bool:
    return unit.valid_from is not None and unit.valid_from > on


def _ends_before(unit: Dated, on: date) -> bool:
    return unit.valid_to is not None and unit.valid_to < on
