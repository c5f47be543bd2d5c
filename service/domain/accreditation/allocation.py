"""Sharing out places under a cap: declared criteria in their order, then a draw that anyone can compute again.

How: applications are sorted by the key that the criteria give them, one after another; what is equal until the
end is put in the order of SHA-256 of "<seed>:<application id>" (hex, lower case). The first ones get a place, until
the cap, or the quota of an outlet, is full. docs/accreditation-draw.md shows it with numbers.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.domain.base import UUID, Field, Row, datetime, document, instant, key, reference, text


class Criterion(StrEnum):
    """`outlet_turn`: everyone's first person before anyone's second. `draw` ends the list: what follows is chance."""

    CLASS_ORDER = "class_order"
    AGENCY_OR_HOST = "agency_or_host"
    OUTLET_TURN = "outlet_turn"
    EARLIEST_DAY = "earliest_day"
    EARLIEST = "earliest"


class Place(StrEnum):
    """What became of a candidate; each but the first is a reason that a letter can give."""

    GRANTED = "granted"
    CAP_FULL = "cap_full"
    CLASS_FULL = "class_full"
    OUTLET_QUOTA = "outlet_quota"
    ROLE_QUOTA = "role_quota"


@dataclass(frozen=True)
class Candidate:
    """One application as the allocation sees it: nothing of the person. `submitted_on` is the city's day."""

    id: UUID
    class_code: str
    outlet_id: UUID
    role: str
    agency_or_host: bool
    submitted_at: datetime
    submitted_on: str
    outlet_limit: int | None = None
    role_limit: int | None = None


@dataclass(frozen=True)
class Allotted:
    """A candidate's rank from 1, the key that put it there, and what became of it."""

    candidate: Candidate
    rank: int
    sort_key: tuple[str, ...]
    place: Place


def lot(seed: str, application_id: UUID) -> str:
    """The number that an application draws: equal for everyone who knows the seed."""
    return hashlib.sha256(f"{seed}:{application_id}".encode()).hexdigest()


def commitment(seed: str) -> str:
    """What is published before the draw, so that nobody can choose the seed afterwards."""
    return hashlib.sha256(seed.encode()).hexdigest()


def allocate(
    candidates: Sequence[Candidate],
    *,
    criteria: Sequence[Criterion],
    class_order: Sequence[str],
    caps: Mapping[str, int],
    taken: Mapping[str, int],
    taken_by: Mapping[tuple[UUID, str, str], int],
    seed: str,
) -> list[Allotted]:
    """Everyone's place, in order of rank.

    `caps`: per class code, "" for all together. `taken`: places already granted, by class code.
    `taken_by`: places already granted to an outlet, by (outlet, class code, role): quotas are those of a class.
    """
    ranked = _ranked(candidates, criteria, class_order, seed)
    granted = Counter(dict(taken))
    by_outlet: Counter[tuple[UUID, str]] = Counter()
    by_role = Counter(dict(taken_by))
    for (outlet_id, class_code, _), count in taken_by.items():
        by_outlet[outlet_id, class_code] += count
    allotted = []
    for rank, (sort_key, one) in enumerate(ranked, 1):
        place = _place(one, caps, granted, by_outlet, by_role)
        if place is Place.GRANTED:
            granted[one.class_code] += 1
            by_outlet[one.outlet_id, one.class_code] += 1
            by_role[one.outlet_id, one.class_code, one.role] += 1
        allotted.append(Allotted(one, rank, sort_key, place))
    return allotted


def _place(
    one: Candidate,
    caps: Mapping[str, int],
    granted: Counter[str],
    by_outlet: Counter[tuple[UUID, str]],
    by_role: Counter[tuple[UUID, str, str]],
) -> Place:
    if one.outlet_limit is not None and by_outlet[one.outlet_id, one.class_code] >= one.outlet_limit:
        return Place.OUTLET_QUOTA
    if one.role_limit is not None and by_role[one.outlet_id, one.class_code, one.role] >= one.role_limit:
        return Place.ROLE_QUOTA
    if one.class_code in caps and granted[one.class_code] >= caps[one.class_code]:
        return Place.CLASS_FULL
    if "" in caps and granted.total() >= caps[""]:
        return Place.CAP_FULL
    return Place.GRANTED


def _ranked(
    candidates: Sequence[Candidate], criteria: Sequence[Criterion], class_order: Sequence[str], seed: str
) -> list[tuple[tuple[str, ...], Candidate]]:
    others = [one for one in criteria if one is not Criterion.OUTLET_TURN]
    turns = _turns(candidates, others, class_order, seed)
    keyed = [
        ((*(criterion_key(each, one, class_order, turns[one.id]) for each in criteria), lot(seed, one.id)), one)
        for one in candidates
    ]
    return sorted(keyed, key=lambda pair: pair[0])


def criterion_key(criterion: Criterion, one: Candidate, class_order: Sequence[str], turn: int) -> str:
    """A text that sorts as the criterion wants."""
    if criterion is Criterion.OUTLET_TURN:
        return f"{turn:06d}"
    if criterion is Criterion.CLASS_ORDER:
        known = one.class_code in class_order
        return f"{class_order.index(one.class_code) if known else len(class_order):06d}"
    if criterion is Criterion.AGENCY_OR_HOST:
        return "0" if one.agency_or_host else "1"
    if criterion is Criterion.EARLIEST_DAY:
        return one.submitted_on
    return one.submitted_at.isoformat(timespec="microseconds")


def _turns(
    candidates: Sequence[Candidate], criteria: Sequence[Criterion], class_order: Sequence[str], seed: str
) -> dict[UUID, int]:
    """For each candidate, how many of the same outlet stand before it by all other criteria and the draw."""
    of_outlet: dict[UUID, list[Candidate]] = defaultdict(list)
    for one in candidates:
        of_outlet[one.outlet_id].append(one)
    turns = {}
    for group in of_outlet.values():
        order = sorted(
            group, key=lambda one: (*(criterion_key(each, one, class_order, 0) for each in criteria), lot(seed, one.id))
        )
        turns.update({one.id: turn for turn, one in enumerate(order)})
    return turns


class Allocation(Row, table=True):
    """One allocation that was carried out; append-only.

    `ranking` holds every candidate's key, rank and place; `taken` how many had a place before, by outlet, class and
    role. Outlets are numbers in both, so that they can be published.
    """

    id: UUID = key()
    event_id: UUID = reference("event.id")
    criteria: list[str] = document(default_factory=list)
    class_order: list[str] = document(default_factory=list)
    caps: dict[str, int] = document(default_factory=dict)
    taken: list[dict[str, Any]] = document(default_factory=list)
    seed: str = text()
    ranking: list[dict[str, Any]] = document(default_factory=list)
    batch_id: UUID = Field(unique=True)
    staff_id: UUID = reference("staff.id", index=False)
    made_at: datetime = instant()
