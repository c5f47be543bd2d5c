"""What an allocation will come to before its draw: who surely has a place, who surely has none, where chance decides.

Quotas of a role lie within those of an outlet, these within the cap of a class, and that within the cap of all. Of
such nested limits whoever comes first takes a place, and how many places a group of candidates takes together never
depends on their order. So a candidate surely has a place if even the last of its equals has one, and surely has
none if the places are gone before the first of them. Nothing of the seed is needed.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.domain.accreditation.allocation import Candidate, Criterion, Place, criterion_key
from service.domain.base import UUID

_Kind = tuple[UUID, str, str]


class Chance(StrEnum):
    SURE = "sure"
    DRAW = "draw"
    NONE = "none"


@dataclass(frozen=True)
class Forecast:
    """A candidate's best and worst rank, and what is sure of its place; `place` says why there is none."""

    candidate: Candidate
    best: int
    worst: int
    chance: Chance
    place: Place


class Room:
    """Places that are left after some candidates took theirs, in whatever order they came."""

    def __init__(
        self, caps: Mapping[str, int], taken: Mapping[str, int], taken_by: Mapping[_Kind, int], all_of_them: int
    ) -> None:
        self._caps, self._taken, self._taken_by = caps, taken, Counter(dict(taken_by))
        self._none = all_of_them + sum(taken.values()) + 1
        self._of_outlet: Counter[tuple[UUID, str]] = Counter()
        for (outlet_id, class_code, _), count in taken_by.items():
            self._of_outlet[outlet_id, class_code] += count
        self._came: Counter[_Kind] = Counter()
        self._by_role: Counter[_Kind] = Counter()
        self._by_outlet: Counter[tuple[UUID, str]] = Counter()
        self._by_class: Counter[str] = Counter()

    def put(self, one: Candidate, count: int = 1) -> None:
        """`count` candidates like this one came; a negative one takes them out again."""
        kind = _kind(one)
        self._came[kind] += count
        outlet = (one.outlet_id, one.class_code)
        before = min(self._by_outlet[outlet], self._outlet_room(one))
        self._by_outlet[outlet] -= self._by_role[kind]
        self._by_role[kind] = max(0, min(self._came[kind], self._role_room(one)))
        self._by_outlet[outlet] += self._by_role[kind]
        self._by_class[one.class_code] += min(self._by_outlet[outlet], self._outlet_room(one)) - before

    def refusal(self, one: Candidate) -> Place:
        """Why one more like this would have no place, as `allocate` says it; GRANTED if there is one."""
        outlet = (one.outlet_id, one.class_code)
        if self._by_outlet[outlet] >= self._outlet_room(one):
            return Place.OUTLET_QUOTA
        if self._by_role[_kind(one)] >= self._role_room(one):
            return Place.ROLE_QUOTA
        if self._by_class[one.class_code] >= self._class_room(one.class_code):
            return Place.CLASS_FULL
        used = sum(min(count, self._class_room(code)) for code, count in self._by_class.items())
        return Place.CAP_FULL if used >= self._left(self._caps.get(""), sum(self._taken.values())) else Place.GRANTED

    def _left(self, limit: int | None, taken: int) -> int:
        return self._none if limit is None else max(0, limit - taken)

    def _role_room(self, one: Candidate) -> int:
        return self._left(one.role_limit, self._taken_by[_kind(one)])

    def _outlet_room(self, one: Candidate) -> int:
        return self._left(one.outlet_limit, self._of_outlet[one.outlet_id, one.class_code])

    def _class_room(self, class_code: str) -> int:
        return self._left(self._caps.get(class_code), self._taken.get(class_code, 0))


def _kind(one: Candidate) -> _Kind:
    return one.outlet_id, one.class_code, one.role


@dataclass(frozen=True)
class _Equals:
    """Candidates between whom only the draw can choose, and the keys of the ranks that they share out.

    Without turns these keys are all the same; with them one is the first of its outlet and another the second.
    """

    members: list[Candidate]
    keys: list[tuple[str, ...]]

    @property
    def alike(self) -> bool:
        """Whether it makes no difference to anybody else which of them comes first."""
        return len({_kind(one) for one in self.members}) == 1


def foresee(
    candidates: Sequence[Candidate],
    *,
    criteria: Sequence[Criterion],
    class_order: Sequence[str],
    caps: Mapping[str, int],
    taken: Mapping[str, int],
    taken_by: Mapping[_Kind, int],
) -> list[Forecast]:
    """What can be said of each candidate whatever the seed is, in the order of the criteria. Arguments as `allocate`.

    What is said to be sure is; where candidates of one outlet that ask for different roles are equal, a place may be
    called a matter of the draw that is none.
    """
    before = Room(caps, taken, taken_by, len(candidates))
    upto = Room(caps, taken, taken_by, len(candidates))
    at: dict[tuple[str, ...], list[_Equals]] = defaultdict(list)
    for equals in _equals(candidates, criteria, class_order):
        for key in dict.fromkeys(equals.keys):
            at[key].append(equals)
    found: list[Forecast] = []
    best: dict[UUID, tuple[int, Place]] = {}
    rank = 0
    for key in sorted(at):
        for one in (one for equals in at[key] if key == equals.keys[0] for one in equals.members):
            best[one.id] = rank + 1, before.refusal(one)
        for equals in at[key]:
            _pass(equals, key, before, upto)
            rank += equals.keys.count(key)
        ended = [one for equals in at[key] if key == equals.keys[-1] for one in equals.members]
        found += [_foretold(one, best[one.id], rank, upto) for one in ended]
    return sorted(found, key=lambda one: (one.best, one.worst, one.candidate.id))


def _pass(equals: _Equals, key: tuple[str, ...], before: Room, upto: Room) -> None:
    """Those whose ranks have this key have come: surely (`before`), or perhaps (`upto`)."""
    count, first, last = equals.keys.count(key), key == equals.keys[0], key == equals.keys[-1]
    if equals.alike:
        before.put(equals.members[0], count)
        upto.put(equals.members[0], count)
        return
    for one in equals.members:
        if last:
            before.put(one)
        if first:
            upto.put(one)


def _foretold(one: Candidate, best: tuple[int, Place], worst: int, upto: Room) -> Forecast:
    rank, refusal = best
    upto.put(one, -1)
    is_sure = upto.refusal(one) is Place.GRANTED
    upto.put(one)
    if refusal is not Place.GRANTED:
        return Forecast(one, rank, worst, Chance.NONE, refusal)
    return Forecast(one, rank, worst, Chance.SURE if is_sure else Chance.DRAW, Place.GRANTED)


def _equals(
    candidates: Sequence[Candidate], criteria: Sequence[Criterion], class_order: Sequence[str]
) -> list[_Equals]:
    others = [one for one in criteria if one is not Criterion.OUTLET_TURN]
    if len(others) == len(criteria):
        alone: dict[tuple[object, ...], list[Candidate]] = defaultdict(list)
        for one in candidates:
            alone[*_keys(others, one, class_order, 0), *_kind(one)].append(one)
        return [_Equals(group, [_keys(criteria, group[0], class_order, 0)] * len(group)) for group in alone.values()]
    of_outlet: dict[UUID, dict[tuple[str, ...], list[Candidate]]] = defaultdict(lambda: defaultdict(list))
    for one in candidates:
        of_outlet[one.outlet_id][_keys(others, one, class_order, 0)].append(one)
    found = []
    for groups in of_outlet.values():
        turn = 0
        for _, group in sorted(groups.items()):
            keys = [_keys(criteria, group[0], class_order, turn + number) for number in range(len(group))]
            found.append(_Equals(group, keys))
            turn += len(group)
    return found


def _keys(criteria: Sequence[Criterion], one: Candidate, class_order: Sequence[str], turn: int) -> tuple[str, ...]:
    return tuple(criterion_key(each, one, class_order, turn) for each in criteria)
