"""The packaged register against itself and, where they are at hand, against independent lists."""

import csv
import unicodedata
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from service.domain.places import Share, UnitLevel
from service.domain.register import LinkFact, UnitFact, load_register
from service.domain.succession import is_valid_on
from service.domain.texts import fold

REFERENCE = Path(__file__).parents[2].parent / "shared" / "data"
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference lists are not at hand")

REGISTER = load_register()
BY_KEY = {unit.key: unit for unit in REGISTER.units}
LAST_OLD_DAY = date(2025, 6, 30)
FIRST_NEW_DAY = date(2025, 7, 1)


def listed(on: date, level: UnitLevel, *provinces: str) -> dict[str, UnitFact]:
    """The units of that day by code; a code twice on one day would be a fault of the register."""
    found = [u for u in REGISTER.units if u.level == level and u.province_code in provinces and is_valid_on(u, on)]
    assert len({unit.code for unit in found}) == len(found)
    return {unit.code: unit for unit in found}


def reference(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def ward_links() -> list[LinkFact]:
    return [link for link in REGISTER.links if link.legal_basis == "1685/NQ-UBTVQH15"]


@pytest.mark.parametrize(
    ("on", "level", "count"),
    [
        (date(2020, 6, 1), UnitLevel.DISTRICT, 24),
        (date(2020, 12, 31), UnitLevel.DISTRICT, 24),
        (date(2021, 1, 1), UnitLevel.DISTRICT, 22),
        (date(2023, 1, 1), UnitLevel.DISTRICT, 22),
        (LAST_OLD_DAY, UnitLevel.DISTRICT, 22),
        (LAST_OLD_DAY, UnitLevel.COMMUNE, 273),
        (FIRST_NEW_DAY, UnitLevel.DISTRICT, 0),
        (FIRST_NEW_DAY, UnitLevel.COMMUNE, 168),
        (date(2025, 8, 1), UnitLevel.COMMUNE, 168),
        (date(2020, 6, 1), UnitLevel.PROVINCE, 1),
        (date(2025, 8, 1), UnitLevel.PROVINCE, 1),
    ],
)
def test_the_city_has_its_units_on_every_day(on: date, level: UnitLevel, count: int) -> None:
    assert len(listed(on, level, "79")) == count


def test_every_level_is_complete() -> None:
    assert Counter((unit.level.value, unit.province_code) for unit in REGISTER.units) == {
        ("province", "74"): 1,
        ("province", "77"): 1,
        ("province", "79"): 1,
        ("district", "74"): 9,
        ("district", "77"): 7,
        ("district", "79"): 25,
        ("commune", "74"): 91,
        ("commune", "77"): 77,
        ("commune", "79"): 273 + 168,
    }
    today = Counter(u.kind for u in listed(FIRST_NEW_DAY, UnitLevel.COMMUNE, "79").values())
    assert today == {"phuong": 113, "xa": 54, "dac_khu": 1}


def test_links_of_2025() -> None:
    links = ward_links()
    heirs = Counter(link.predecessor_key for link in links)
    assert len(links) == 493
    assert len(heirs) == 442
    assert sum(count > 1 for count in heirs.values()) == 47
    assert all((link.share == Share.FULL) == (heirs[link.predecessor_key] == 1) for link in links)
    assert {link.successor_key for link in links} == {
        unit.key for unit in listed(FIRST_NEW_DAY, UnitLevel.COMMUNE, "79").values()
    }


def test_links_by_law() -> None:
    assert [link for link in REGISTER.links if link not in ward_links()] == [
        LinkFact("74@", "79@", Share.FULL, "202/2025/QH15"),
        LinkFact("762@", "769@2021-01-01", Share.FULL, "1111/NQ-UBTVQH14"),
        LinkFact("763@", "769@2021-01-01", Share.FULL, "1111/NQ-UBTVQH14"),
        LinkFact("769@", "769@2021-01-01", Share.FULL, "1111/NQ-UBTVQH14"),
        LinkFact("77@", "79@", Share.FULL, "202/2025/QH15"),
    ]


def test_a_code_names_different_units() -> None:
    assert [(unit.key, unit.name_vi, unit.name_en) for unit in REGISTER.units if unit.code in ("769", "26737")] == [
        ("769@", "Quận 2", "District 2"),
        ("769@2021-01-01", "Thành phố Thủ Đức", "Thu Duc City"),
        ("26737@", "Phường Đa Kao", "Da Kao Ward"),
        ("26737@2025-07-01", "Phường Tân Định", "Tan Dinh Ward"),
    ]


def test_one_unit_in_full() -> None:
    assert BY_KEY["26740@2025-07-01"] == UnitFact(
        key="26740@2025-07-01",
        code="26740",
        level=UnitLevel.COMMUNE,
        kind="phuong",
        name_vi="Phường Sài Gòn",
        name_en="Sai Gon Ward",
        province_code="79",
        parent_key="79@",
        valid_from=FIRST_NEW_DAY,
        valid_to=None,
        legal_basis="1685/NQ-UBTVQH15",
        population=None,
        population_year=None,
        area_km2=3.04,
        lat=10.7805,
        lon=106.704,
    )


def test_census_of_2019_adds_up() -> None:
    before, after = (listed(date(year, 6, 1), UnitLevel.DISTRICT, "79") for year in (2020, 2021))
    assert sum(unit.population or 0 for unit in before.values()) == 8_993_082
    assert sum(unit.population or 0 for unit in after.values()) == 8_993_082
    assert {unit.population_year for unit in before.values()} == {2019}


def test_every_unit_is_well_formed() -> None:
    for unit in REGISTER.units:
        assert unit.name_vi == unicodedata.normalize("NFC", unit.name_vi).strip()
        assert unit.name_en.isascii()
        assert unit.key == f"{unit.code}@{iso(unit.valid_from)}"
        assert (unit.valid_to is None) == (unit.valid_from == FIRST_NEW_DAY or unit.key == "79@")
        if unit.parent_key is None:
            assert unit.level == UnitLevel.PROVINCE
        else:
            parent = BY_KEY[unit.parent_key]
            assert parent.province_code == unit.province_code
            assert is_valid_on(parent, unit.valid_to or FIRST_NEW_DAY)


def test_keys_are_unique_and_links_end_somewhere() -> None:
    assert len(BY_KEY) == len(REGISTER.units)
    for link in REGISTER.links:
        predecessor, successor = BY_KEY[link.predecessor_key], BY_KEY[link.successor_key]
        assert predecessor.valid_to is not None
        assert successor.valid_from is None or (successor.valid_from - predecessor.valid_to).days == 1
    assert len({(link.predecessor_key, link.successor_key) for link in REGISTER.links}) == len(REGISTER.links)


@needs_reference
@pytest.mark.parametrize(
    ("name", "on"),
    [
        ("hcmc_districts_pre2021.csv", date(2020, 6, 1)),
        ("hcmc_districts_2021_2025.csv", date(2023, 1, 1)),
    ],
)
def test_districts_agree_with_the_reference(name: str, on: date) -> None:
    # The reference ends all 24 in 2020 and starts 22 anew; here an unchanged district is one unit.
    ours = {
        code: (fold(unit.name_vi), unit.name_en, unit.kind, iso(unit.valid_from), unit.population)
        for code, unit in listed(on, UnitLevel.DISTRICT, "79").items()
    }
    theirs = {
        row["code"]: (
            fold(row["name_vi"]),
            row["name_en"],
            row["kind"],
            row["valid_from"],
            int(row["pop_2019"]),
        )
        for row in reference(name)
    }
    assert ours == theirs


@needs_reference
def test_the_last_day_of_every_district_agrees_with_the_reference() -> None:
    last_days = {row["code"]: row["valid_to"] for row in reference("hcmc_districts_pre2021.csv")}
    ended = {"762", "763", "769"}
    later = {row["code"]: row["valid_to"] for row in reference("hcmc_districts_2021_2025.csv")}
    expected = {code: day if code in ended else later[code] for code, day in last_days.items()}
    ours = listed(date(2020, 6, 1), UnitLevel.DISTRICT, "79")
    assert {code: iso(unit.valid_to) for code, unit in ours.items()} == expected
    assert iso(BY_KEY["769@2021-01-01"].valid_to) == later["769"]


@needs_reference
def test_districts_of_the_joined_provinces_agree_with_the_reference() -> None:
    assert {
        (u.code, fold(u.name_vi), u.name_en, u.kind, u.parent_key, iso(u.valid_to))
        for u in listed(LAST_OLD_DAY, UnitLevel.DISTRICT, "74", "77").values()
    } == {
        (r["code"], fold(r["name_vi"]), r["name_en"], r["kind"], f"{r['parent']}@", r["valid_to"])
        for r in reference("bd_brvt_districts_to_2025.csv")
    }


@needs_reference
def test_communes_before_july_2025_agree_with_the_reference() -> None:
    ours = {
        (u.code, fold(u.name_vi), u.kind, BY_KEY[u.parent_key or ""].code, u.province_code)
        for u in listed(LAST_OLD_DAY, UnitLevel.COMMUNE, "74", "77", "79").values()
    }
    theirs = {
        (r["ward_code"], fold(r["name_vi"]), r["kind"], r["district_code"], r["province_code"])
        for r in reference("hcmc_old_wards.csv")
        if r["snapshot"] == "2025-03-01"
    }
    assert ours == theirs


@needs_reference
def test_units_of_today_agree_with_the_reference() -> None:
    ours = listed(FIRST_NEW_DAY, UnitLevel.COMMUNE, "79")
    theirs = {row["code"]: row for row in reference("hcmc_wards_2025.csv")}
    assert {
        (u.code, fold(u.name_vi), u.name_en, u.kind, iso(u.valid_from), iso(u.valid_to), u.legal_basis)
        for u in ours.values()
    } == {
        (
            r["code"],
            fold(r["name_vi"]),
            r["name_en"],
            r["kind"],
            r["valid_from"],
            r["valid_to"],
            r["resolution"],
        )
        for r in theirs.values()
    }
    for code, unit in ours.items():
        row = theirs[code]
        expected = [float(row[column]) for column in ("area_km2", "lat", "lon")]
        assert [unit.area_km2, unit.lat, unit.lon] == pytest.approx(expected, abs=0.01)


@needs_reference
def test_every_link_agrees_with_the_reference() -> None:
    ours = {(BY_KEY[k.predecessor_key].code, BY_KEY[k.successor_key].code, k.share.value) for k in ward_links()}
    assert ours == {(row["old_code"], row["new_code"], row["share"]) for row in reference("hcmc_ward_mapping_2025.csv")}


@needs_reference
def test_every_new_unit_lists_the_predecessors_of_the_reference() -> None:
    ours: dict[str, set[str]] = defaultdict(set)
    for link in ward_links():
        ours[BY_KEY[link.successor_key].code].add(f"{BY_KEY[link.predecessor_key].code}:{link.share.value}")
    assert ours == {row["code"]: set(row["predecessor_codes"].split("|")) for row in reference("hcmc_wards_2025.csv")}
