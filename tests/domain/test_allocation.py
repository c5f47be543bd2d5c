"""Sharing out places: never too many, the same for everyone who computes it, and foretold without the seed."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.accreditation import Allotted, Candidate, Criterion, Place
from service.domain.accreditation.allocation import allocate, commitment, lot
from service.domain.accreditation.forecast import Chance, foresee

START = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
CLASSES = ("domestic", "foreign")
ROLES = ("writer", "photographer")
OUTLETS = tuple(UUID(int=number) for number in range(1, 5))
SEED = "0123456789abcdef0123456789abcdef"


def candidate(number: int, **facts: Any) -> Candidate:
    """The application of that number; limits belong to an outlet and a class, so they come from these."""
    at = START + timedelta(hours=facts.pop("hours", 0))
    known: dict[str, Any] = {
        "class_code": "domestic",
        "outlet_id": OUTLETS[0],
        "role": "writer",
        "agency_or_host": False,
    } | facts
    return Candidate(
        id=UUID(int=1000 + number), submitted_at=at, submitted_on=(at + timedelta(hours=7)).date().isoformat(), **known
    )


@st.composite
def fields(draw: st.DrawFn) -> dict[str, Any]:
    """Candidates, caps, quotas and places that are taken: all that an allocation needs but the seed."""
    limit = st.none() | st.integers(0, 3)
    outlet_limits = {(outlet, code): draw(limit) for outlet in OUTLETS for code in CLASSES}
    role_limits = {(code, role): draw(limit) for code in CLASSES for role in ROLES}
    hosts = draw(st.sets(st.sampled_from(OUTLETS), max_size=1))
    candidates = []
    for number in range(draw(st.integers(0, 12))):
        outlet, code, role = (draw(st.sampled_from(of)) for of in (OUTLETS, CLASSES, ROLES))
        candidates.append(
            candidate(
                number,
                class_code=code,
                outlet_id=outlet,
                role=role,
                agency_or_host=outlet in hosts,
                hours=draw(st.sampled_from((0, 1, 24, 48))),
                outlet_limit=outlet_limits[outlet, code],
                role_limit=role_limits[code, role],
            )
        )
    kinds = st.tuples(*(st.sampled_from(of) for of in (OUTLETS, CLASSES, ROLES)))
    taken_by = draw(st.dictionaries(kinds, st.integers(1, 2), max_size=3))
    taken: Counter[str] = Counter()
    for (_, code, _), count in taken_by.items():
        taken[code] += count
    caps = draw(st.dictionaries(st.sampled_from(("", *CLASSES)), st.integers(0, 8)))
    return {
        "candidates": candidates,
        "criteria": draw(st.permutations(Criterion).flatmap(lambda all_: st.integers(0, 5).map(lambda n: all_[:n]))),
        "class_order": draw(st.permutations(CLASSES)),
        "caps": caps,
        "taken": dict(taken),
        "taken_by": taken_by,
    }


def granted(allotted: Sequence[Allotted]) -> list[Candidate]:
    return [one.candidate for one in allotted if one.place is Place.GRANTED]


@given(field=fields(), seed=st.text(max_size=8))
def test_never_more_than_the_caps_and_quotas(field: dict[str, Any], seed: str) -> None:
    places = Counter(field["taken"])
    by_outlet: Counter[Any] = Counter()
    by_role = Counter(field["taken_by"])
    for (outlet, code, _), count in field["taken_by"].items():
        by_outlet[outlet, code] += count
    for one in granted(allocate(seed=seed, **field)):
        places[one.class_code] += 1
        by_outlet[one.outlet_id, one.class_code] += 1
        by_role[one.outlet_id, one.class_code, one.role] += 1
        caps = field["caps"]
        assert places[one.class_code] <= caps.get(one.class_code, 99)
        assert places.total() <= caps.get("", 99)
        assert one.outlet_limit is None or by_outlet[one.outlet_id, one.class_code] <= one.outlet_limit
        assert one.role_limit is None or by_role[one.outlet_id, one.class_code, one.role] <= one.role_limit


@given(field=fields(), seed=st.text(max_size=8))
def test_a_place_is_refused_only_where_none_is_left(field: dict[str, Any], seed: str) -> None:
    """Nobody without a place could be given one afterwards: a second allocation right away changes nothing."""
    first = allocate(seed=seed, **field)
    taken, taken_by = Counter(field["taken"]), Counter(field["taken_by"])
    for one in granted(first):
        taken[one.class_code] += 1
        taken_by[one.outlet_id, one.class_code, one.role] += 1
    rest = [one.candidate for one in first if one.place is not Place.GRANTED]
    again = allocate(seed="another", **(field | {"candidates": rest, "taken": taken, "taken_by": taken_by}))
    assert granted(again) == []


@given(field=fields(), order=st.randoms())
def test_the_order_of_the_candidates_does_not_matter(field: dict[str, Any], order: Any) -> None:
    shuffled = list(field["candidates"])
    order.shuffle(shuffled)
    assert allocate(seed=SEED, **(field | {"candidates": shuffled})) == allocate(seed=SEED, **field)


@given(field=fields())
def test_the_ranking_is_total_and_its_keys_rise(field: dict[str, Any]) -> None:
    allotted = allocate(seed=SEED, **field)
    assert [one.rank for one in allotted] == list(range(1, len(field["candidates"]) + 1))
    assert {one.candidate.id for one in allotted} == {one.id for one in field["candidates"]}
    assert all(before.sort_key < after.sort_key for before, after in pairwise(allotted))
    for one in allotted:
        assert one.sort_key[-1] == hashlib.sha256(f"{SEED}:{one.candidate.id}".encode()).hexdigest()


@given(field=fields())
def test_with_turns_first_nobodys_second_comes_before_anybodys_first(field: dict[str, Any]) -> None:
    field["criteria"] = [Criterion.OUTLET_TURN, *(one for one in field["criteria"] if one != Criterion.OUTLET_TURN)]
    seen: Counter[UUID] = Counter()
    turns = []
    for one in allocate(seed=SEED, **field):
        turns.append(seen[one.candidate.outlet_id])
        assert one.sort_key[0] == f"{turns[-1]:06d}"
        seen[one.candidate.outlet_id] += 1
    assert turns == sorted(turns)


@given(field=fields(), seed=st.text(max_size=8))
def test_under_earliest_a_late_application_pushes_nobody_out(field: dict[str, Any], seed: str) -> None:
    field["criteria"] = [Criterion.EARLIEST]
    before = {one.id for one in granted(allocate(seed=seed, **field))}
    late = candidate(99, hours=1000, outlet_id=UUID(int=9))
    after = {one.id for one in granted(allocate(seed=seed, **(field | {"candidates": [*field["candidates"], late]})))}
    assert before <= after


@given(field=fields(), seeds=st.lists(st.text(max_size=8), min_size=1, max_size=12))
def test_what_is_foretold_comes_true_whatever_the_seed(field: dict[str, Any], seeds: list[str]) -> None:
    foretold = {one.candidate.id: one for one in foresee(**field)}
    assert foretold.keys() == {one.id for one in field["candidates"]}
    for seed in seeds:
        for one in allocate(seed=seed, **field):
            told = foretold[one.candidate.id]
            assert told.best <= one.rank <= told.worst
            if told.chance is Chance.SURE:
                assert one.place is Place.GRANTED
            if told.chance is Chance.NONE:
                assert one.place is not Place.GRANTED


@settings(max_examples=25, deadline=None)
@given(field=fields())
def test_without_turns_the_draw_is_named_only_where_it_decides(field: dict[str, Any]) -> None:
    """Whoever is called a matter of the draw is granted under one seed and not under another."""
    field["criteria"] = [one for one in field["criteria"] if one is not Criterion.OUTLET_TURN]
    runs = [{one.id for one in granted(allocate(seed=str(number), **field))} for number in range(150)]
    for one in foresee(**field):
        if one.chance is Chance.DRAW and one.worst - one.best < 5:
            assert {one.candidate.id in run for run in runs} == {True, False}


def test_a_draw_between_equals_is_named_and_those_behind_them_surely_have_none() -> None:
    first = candidate(1)
    equals = [candidate(number, hours=24, outlet_id=OUTLETS[number - 2]) for number in (2, 3, 4)]
    late = candidate(5, hours=48)
    told = foresee(
        [late, *equals, first],
        criteria=[Criterion.EARLIEST_DAY],
        class_order=(),
        caps={"": 2},
        taken={},
        taken_by={},
    )
    assert [(one.best, one.worst, one.chance, one.place) for one in told] == [
        (1, 1, Chance.SURE, Place.GRANTED),
        *[(2, 4, Chance.DRAW, Place.GRANTED)] * 3,
        (5, 5, Chance.NONE, Place.CAP_FULL),
    ]


def test_turns_are_shared_out_by_the_draw_between_colleagues_who_are_equal() -> None:
    """Two outlets with two people each and three places: nobody is sure of one before the draw."""
    people = [candidate(number, outlet_id=OUTLETS[number % 2]) for number in range(4)]
    told = foresee(people, criteria=[Criterion.OUTLET_TURN], class_order=(), caps={"": 3}, taken={}, taken_by={})
    assert {(one.best, one.worst, one.chance) for one in told} == {(1, 4, Chance.DRAW)}


def test_the_reason_names_the_narrowest_limit() -> None:
    facts = {"outlet_limit": 2, "role_limit": 1}
    people = [
        candidate(1, **facts),
        candidate(2, hours=1, **facts),
        candidate(3, hours=2, role="photographer", **facts),
        candidate(4, hours=3, role="camera", outlet_limit=2),
        candidate(5, hours=4, outlet_id=OUTLETS[1]),
        candidate(6, hours=5, outlet_id=OUTLETS[2], class_code="foreign"),
    ]
    allotted = allocate(
        people,
        criteria=[Criterion.EARLIEST],
        class_order=(),
        caps={"domestic": 2, "": 2},
        taken={},
        taken_by={},
        seed=SEED,
    )
    assert [one.place for one in allotted] == [
        Place.GRANTED,
        Place.ROLE_QUOTA,
        Place.GRANTED,
        Place.OUTLET_QUOTA,
        Place.CLASS_FULL,
        Place.CAP_FULL,
    ]


def test_lots_and_commitments_are_plain_sha_256() -> None:
    one = candidate(1)
    assert lot(SEED, one.id) == hashlib.sha256(f"{SEED}:{one.id}".encode()).hexdigest()
    assert commitment(SEED) == hashlib.sha256(SEED.encode()).hexdigest()
