"""Restating facts of one day in the units of another: on the real register, and on any register."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.places import Share, UnitLevel
from service.domain.register import load_register
from service.domain.succession import (
    GraphLink,
    GraphUnit,
    Relative,
    Restated,
    SuccessionGraph,
    is_valid_on,
)

REGISTER = load_register()
GRAPH = SuccessionGraph(
    [GraphUnit(u.key, u.level, u.valid_from, u.valid_to, u.parent_key, u.province_code) for u in REGISTER.units],
    [GraphLink(link.predecessor_key, link.successor_key, link.share) for link in REGISTER.links],
)
DISTRICT, COMMUNE = UnitLevel.DISTRICT, UnitLevel.COMMUNE
IN_2020, IN_2023, TODAY = date(2020, 6, 1), date(2023, 1, 1), date(2025, 8, 1)
THU_DUC_CITY = "769@2021-01-01"
THU_DUC_PARTS = ("762@", "763@", "769@")
SAI_GON = "26740@2025-07-01"
THAO_DIEN = "27088@"
KEY_BY_NAME = {u.name_vi: u.key for u in REGISTER.units if u.valid_from == date(2025, 7, 1)}


@pytest.mark.parametrize(
    ("key", "on", "level", "expected"),
    [
        (SAI_GON, IN_2023, DISTRICT, ["760@"]),
        (SAI_GON, IN_2020, DISTRICT, ["760@"]),
        (SAI_GON, TODAY, COMMUNE, [SAI_GON]),
        (SAI_GON, TODAY, DISTRICT, []),
        (SAI_GON, IN_2023, COMMUNE, ["26737@", "26740@", "26746@"]),
        (THAO_DIEN, IN_2023, DISTRICT, [THU_DUC_CITY]),
        (THAO_DIEN, IN_2020, DISTRICT, THU_DUC_PARTS),
        ("769@", IN_2023, DISTRICT, [THU_DUC_CITY]),
        ("769@", IN_2020, DISTRICT, ["769@"]),
        (THU_DUC_CITY, IN_2020, DISTRICT, THU_DUC_PARTS),
        ("760@", TODAY, DISTRICT, []),
        ("760@", TODAY, COMMUNE, [f"{code}@2025-07-01" for code in (26737, 26740, 26743, 26758)]),
        ("755@", TODAY, COMMUNE, ["26732@2025-07-01"]),
        ("26732@2025-07-01", IN_2023, DISTRICT, ["755@"]),
        # Thạnh An was left as it was, under the same code.
        ("27676@2025-07-01", IN_2023, DISTRICT, ["787@"]),
        ("27676@", TODAY, COMMUNE, ["27676@2025-07-01"]),
        # Bình Đông crosses the border of District 8 and Bình Chánh.
        (KEY_BY_NAME["Phường Bình Đông"], IN_2023, DISTRICT, ["776@", "785@"]),
    ],
)
def test_restated(key: str, on: date, level: UnitLevel, expected: list[str]) -> None:
    unit_id = expected[0] if len(expected) == 1 else None
    assert GRAPH.restate(key, on, level) == Restated(unit_id, tuple(expected))


def test_a_district_that_ended_twice_reaches_all_its_wards_of_today() -> None:
    restated = GRAPH.restate("769@", TODAY, COMMUNE)
    assert restated.unit_id is None
    assert restated == GRAPH.restate(THU_DUC_CITY, TODAY, COMMUNE)
    assert len(restated.candidates) == 12


def test_a_province_that_joined_reaches_its_own_part_of_the_city_only() -> None:
    reached = {key: len(GRAPH.restate(key, TODAY, COMMUNE).candidates) for key in ("74@", "77@", "79@")}
    assert reached == {"74@": 36, "77@": 30, "79@": 168}


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(KeyError):
        GRAPH.restate("999@", TODAY, COMMUNE)


def test_successors_and_predecessors() -> None:
    assert GRAPH.successors("769@") == (Relative(THU_DUC_CITY, Share.FULL),)
    assert GRAPH.predecessors(THU_DUC_CITY) == tuple(Relative(key, Share.FULL) for key in THU_DUC_PARTS)
    assert GRAPH.predecessors(SAI_GON) == (
        Relative("26737@", Share.PARTIAL),
        Relative("26740@", Share.FULL),
        Relative("26746@", Share.PARTIAL),
    )
    assert GRAPH.successors(SAI_GON) == ()
    assert GRAPH.predecessors("760@") == ()


def test_a_district_is_followed_by_what_follows_its_communes() -> None:
    assert GRAPH.successors("760@") == tuple(
        Relative(f"{code}@2025-07-01", Share.PARTIAL) for code in (26737, 26740, 26743, 26758)
    )
    assert GRAPH.successors("755@") == (Relative("26732@2025-07-01", Share.FULL),)


def test_restating_every_unit_of_today_is_quick() -> None:
    keys = [*KEY_BY_NAME.values(), *(unit.key for unit in REGISTER.units if unit.level == DISTRICT)][:200]
    fastest = min(timed(keys) for _ in range(5))
    assert fastest < 0.05


def timed(keys: list[str]) -> float:
    started = time.perf_counter()
    for key in keys:
        GRAPH.restate(key, IN_2020, DISTRICT)
    return time.perf_counter() - started


def small_city() -> SuccessionGraph[str]:
    """Districts a and b to 2025, c from 2026; a2 moved from a to b in 2021, and an island has no district."""
    eve_of_2021, first_of_2021 = date(2020, 12, 31), date(2021, 1, 1)
    eve_of_2026, first_of_2026 = date(2025, 12, 31), date(2026, 1, 1)
    return SuccessionGraph(
        [
            GraphUnit("city", UnitLevel.PROVINCE, None, None, None, "79"),
            GraphUnit("a", DISTRICT, None, eve_of_2026, "city", "79"),
            GraphUnit("a1", COMMUNE, None, eve_of_2021, "a", "79"),
            GraphUnit("a2", COMMUNE, None, eve_of_2021, "a", "79"),
            GraphUnit("a3", COMMUNE, first_of_2021, eve_of_2026, "a", "79"),
            GraphUnit("b", DISTRICT, None, eve_of_2026, "city", "79"),
            GraphUnit("b1", COMMUNE, first_of_2021, eve_of_2026, "b", "79"),
            GraphUnit("island", COMMUNE, None, None, "city", "79"),
            GraphUnit("c", DISTRICT, first_of_2026, None, "city", "79"),
            GraphUnit("c1", COMMUNE, first_of_2026, None, "c", "79"),
        ],
        [
            GraphLink("a1", "a3", Share.FULL),
            GraphLink("a2", "b1", Share.FULL),
            GraphLink("a3", "c1", Share.FULL),
            GraphLink("b1", "c1", Share.FULL),
        ],
    )


@pytest.mark.parametrize(
    ("id_", "on", "level", "expected"),
    [
        ("a", date(2022, 1, 1), COMMUNE, ["a3"]),
        ("a", date(2020, 1, 1), COMMUNE, ["a1", "a2"]),
        ("a", date(2026, 1, 1), DISTRICT, ["c"]),
        ("a1", date(2026, 1, 1), DISTRICT, ["c"]),
        ("c", date(2022, 1, 1), DISTRICT, ["a", "b"]),
        # The land of b1 lay in district a until 2021.
        ("b1", date(2020, 1, 1), DISTRICT, ["a"]),
        ("island", date(2022, 1, 1), DISTRICT, []),
        ("island", date(2030, 1, 1), COMMUNE, ["island"]),
        ("city", date(2022, 1, 1), DISTRICT, ["a", "b"]),
    ],
)
def test_restated_through_a_longer_history(id_: str, on: date, level: UnitLevel, expected: list[str]) -> None:
    unit_id = expected[0] if len(expected) == 1 else None
    assert small_city().restate(id_, on, level) == Restated(unit_id, tuple(expected))


def test_only_the_last_communes_of_a_district_tell_what_followed_it() -> None:
    assert small_city().successors("a") == (Relative("c1", Share.FULL),)
    assert small_city().successors("c") == ()


# --- on any register -----------------------------------------------------------------------------------------

BEGINNING = date(2000, 1, 1)
DAYS = st.dates(date(1999, 1, 1), date(2041, 1, 1))


@st.composite
def registers(draw: st.DrawFn) -> tuple[list[GraphUnit[int]], list[GraphLink[int]]]:
    """Eras that follow each other; each has districts with communes, and links to the era before.

    Units may skip levels, links may be missing, cross levels or name units that are not there.
    """
    ends = sorted(draw(st.sets(st.integers(1, 14_000), min_size=1, max_size=3)))
    starts = [None, *(BEGINNING + timedelta(days=day) for day in ends)]
    units: list[GraphUnit[int]] = [GraphUnit(0, UnitLevel.PROVINCE, None, None, None, "79")]
    links: list[GraphLink[int]] = []
    before: list[int] = []
    for era, start in enumerate(starts):
        end = starts[era + 1] - timedelta(days=1) if era + 1 < len(starts) else None
        first = len(units)
        for _ in range(draw(st.integers(0, 3))):
            units.append(GraphUnit(len(units), DISTRICT, start, end, 0, "79"))
        districts = [unit.id for unit in units[first:]]
        for _ in range(draw(st.integers(0, 5))):
            parent = draw(st.sampled_from([0, *districts, 10_000]))
            units.append(GraphUnit(len(units), COMMUNE, start, end, parent, "79"))
        now = [unit.id for unit in units[first:]]
        pairs = st.tuples(st.sampled_from([*before, 10_001]), st.sampled_from([*now, 10_002]))
        links += [GraphLink(*pair, draw(st.sampled_from(Share))) for pair in sorted(draw(st.sets(pairs, max_size=8)))]
        before = now
    return units, links


@settings(deadline=None)
@given(registers(), DAYS, st.sampled_from([DISTRICT, COMMUNE]), st.data())
def test_an_answer_is_valid_of_its_level_and_its_own_answer(
    register: tuple[list[GraphUnit[int]], list[GraphLink[int]]],
    on: date,
    level: UnitLevel,
    data: st.DataObject,
) -> None:
    units, links = register
    graph = SuccessionGraph(units, links)
    by_id = {unit.id: unit for unit in units}
    asked = data.draw(st.sampled_from(units))
    restated = graph.restate(asked.id, on, level)
    for candidate in restated.candidates:
        assert by_id[candidate].level == level
        assert is_valid_on(by_id[candidate], on)
        assert graph.restate(candidate, on, level) == Restated(candidate, (candidate,))
    assert restated.unit_id == (restated.candidates[0] if len(restated.candidates) == 1 else None)
    assert list(restated.candidates) == sorted(set(restated.candidates))
    if asked.level == level and is_valid_on(asked, on):
        assert restated.unit_id == asked.id


@settings(deadline=None)
@given(registers())
def test_successors_and_predecessors_mirror_each_other(
    register: tuple[list[GraphUnit[int]], list[GraphLink[int]]],
) -> None:
    units, links = register
    graph = SuccessionGraph(units, links)
    for unit in units:
        for earlier in graph.predecessors(unit.id):
            assert Relative(unit.id, earlier.share) in graph.successors(earlier.id)
    for link in links:
        if max(link.predecessor_id, link.successor_id) < 10_000:
            assert Relative(link.successor_id, link.share) in graph.successors(link.predecessor_id)


@settings(deadline=None)
@given(registers(), DAYS)
def test_a_commune_of_a_standing_district_is_restated_to_it(
    register: tuple[list[GraphUnit[int]], list[GraphLink[int]]], on: date
) -> None:
    units, links = register
    graph = SuccessionGraph(units, links)
    by_id = {unit.id: unit for unit in units}
    for unit in units:
        parent = by_id.get(unit.parent_id) if unit.parent_id else None
        if unit.level == COMMUNE and parent and is_valid_on(unit, on):
            assert graph.restate(unit.id, on, DISTRICT) == Restated(parent.id, (parent.id,))
            assert unit.id in graph.restate(parent.id, on, COMMUNE).candidates
