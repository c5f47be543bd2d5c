"""Writes the register of administrative units: service/domain/register/units.csv and links.csv.

Needs the dependency group `register` of pyproject.toml (the package vietnamadminunits, MIT), which holds the
168 units of today, the three-level list before July 2025 and the links between them. What it does not hold
stands below as facts, each with its source. The same package gives the same two files, byte for byte.

    python tools/make_register.py
"""

import csv
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from importlib.metadata import version
from pathlib import Path

from vietnamadminunits.converter.converter_2025 import (
    DICT_PROVINCE_WARD_DIVIDED,
    DICT_PROVINCE_WARD_NO_DIVIDED,
)
from vietnamadminunits.database import get_data

TARGET = Path(__file__).parent.parent / "service" / "domain" / "register"
CITY = "79"
CITY_KEY = "thanhphohochiminh"
MERGED = ("74", "77")

# Resolution 1111/NQ-UBTVQH14 of 9 December 2020: District 2, District 9 and Thủ Đức District become Thủ Đức
# City on 1 January 2021. The statistics office gave the city the code of District 2.
THU_DUC_BASIS = "1111/NQ-UBTVQH14"
THU_DUC_CODE = "769"
THU_DUC_FROM = "2021-01-01"
THU_DUC_EVE = "2020-12-31"
THU_DUC_PARTS = ("762", "763", "769")

# Resolution 202/2025/QH15 of 12 June 2025 joins Bình Dương (74) and Bà Rịa - Vũng Tàu (77) to the city;
# Resolution 1685/NQ-UBTVQH15 of 16 June 2025 forms its 168 communes. Both begin their work on 1 July 2025.
MERGER_BASIS = "202/2025/QH15"
COMMUNES_BASIS = "1685/NQ-UBTVQH15"
TODAY_FROM = "2025-07-01"
TODAY_EVE = "2025-06-30"

# Resolution 1278/NQ-UBTVQH15 left the city 273 communes from 1 January 2025. The package lists them without
# saying which of them are older, so valid_from of the communes before July 2025 stays empty.

# The districts of the city to 31 December 2020 with the codes of the General Statistics Office
# (danhmuchanhchinh.gso.gov.vn, list of 1 November 2020) and their residents in the census of 1 April 2019
# (General Statistics Office).
CENSUS_YEAR = "2019"
DISTRICTS_2020 = {
    "760": ("Quận 1", 142_625),
    "761": ("Quận 12", 620_146),
    "762": ("Quận Thủ Đức", 592_686),
    "763": ("Quận 9", 397_006),
    "764": ("Quận Gò Vấp", 676_899),
    "765": ("Quận Bình Thạnh", 499_164),
    "766": ("Quận Tân Bình", 474_792),
    "767": ("Quận Tân Phú", 485_348),
    "768": ("Quận Phú Nhuận", 163_961),
    "769": ("Quận 2", 180_275),
    "770": ("Quận 3", 190_375),
    "771": ("Quận 10", 234_819),
    "772": ("Quận 11", 209_867),
    "773": ("Quận 4", 175_329),
    "774": ("Quận 5", 159_073),
    "775": ("Quận 6", 233_561),
    "776": ("Quận 8", 424_667),
    "777": ("Quận Bình Tân", 784_173),
    "778": ("Quận 7", 360_155),
    "783": ("Huyện Củ Chi", 462_047),
    "784": ("Huyện Hóc Môn", 542_243),
    "785": ("Huyện Bình Chánh", 705_508),
    "786": ("Huyện Nhà Bè", 206_837),
    "787": ("Huyện Cần Giờ", 71_526),
}

# Where the package differs from the official list; the source stands beside each entry.
OLD_NAMES = {
    "27640": "Xã Quy Đức",  # list of the General Statistics Office; the package writes "Qui Đức"
}

# The word before a name, its kind in the register, and the English word with its place.
KINDS = {
    "Tỉnh": ("tinh", "{} Province"),
    "Thành phố": ("thanh_pho", "{} City"),
    "Quận": ("quan", "{} District"),
    "Huyện": ("huyen", "{} District"),
    "Thị xã": ("thi_xa", "{} Town"),
    "Phường": ("phuong", "{} Ward"),
    "Xã": ("xa", "{} Commune"),
    "Thị trấn": ("thi_tran", "{} Township"),
    "Đặc khu": ("dac_khu", "{} Special Zone"),
}
LEVELS = ("province", "district", "commune")


@dataclass(frozen=True)
class Unit:
    """One line of units.csv; the fields are its columns."""

    key: str
    code: str
    level: str
    kind: str
    name_vi: str
    name_en: str
    province_code: str
    parent_key: str
    valid_from: str
    valid_to: str
    legal_basis: str
    population: str
    population_year: str
    area_km2: str
    lat: str
    lon: str


@dataclass(frozen=True)
class Link:
    """One line of links.csv; the fields are its columns."""

    predecessor_key: str
    successor_key: str
    share: str
    legal_basis: str


def key_of(code: str, valid_from: str = "") -> str:
    """The register's key: a code alone names different units at different times."""
    return f"{code}@{valid_from}"


def make_unit(
    code: str,
    level: str,
    name: str,
    *,
    province_code: str,
    parent_key: str = "",
    valid_from: str = "",
    valid_to: str = "",
    legal_basis: str = "",
    population: int | None = None,
    area_km2: float | None = None,
    point: tuple[float, float] | None = None,
) -> Unit:
    """A unit whose kind and English name follow from its Vietnamese name."""
    name_vi = unicodedata.normalize("NFC", " ".join(name.split()))
    kind, name_en = kind_and_english(name_vi)
    lat, lon = point or ("", "")
    return Unit(
        key=key_of(code, valid_from),
        code=code,
        level=level,
        kind=kind,
        name_vi=name_vi,
        name_en=name_en,
        province_code=province_code,
        parent_key=parent_key,
        valid_from=valid_from,
        valid_to=valid_to,
        legal_basis=legal_basis,
        population="" if population is None else str(population),
        population_year="" if population is None else CENSUS_YEAR,
        area_km2="" if area_km2 is None else str(area_km2),
        lat=str(lat),
        lon=str(lon),
    )


def kind_and_english(name_vi: str) -> tuple[str, str]:
    """("quan", "District 1") for "Quận 1"; ("phuong", "Sai Gon Ward") for "Phường Sài Gòn".

    The package's own type column is not used: it calls two wards of Phú Nhuận communes.
    """
    word = next(word for word in KINDS if name_vi.startswith(f"{word} "))
    kind, pattern = KINDS[word]
    proper = without_accents(name_vi.removeprefix(f"{word} "))
    english_word = pattern.removeprefix("{} ")
    return kind, f"{english_word} {proper}" if proper.isdigit() else pattern.format(proper)


def without_accents(text: str) -> str:
    """The same letters without marks; Đ has no decomposition and is replaced by hand."""
    bare = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def provinces(old_rows: list[dict]) -> Iterator[Unit]:
    names = {row["provinceCode"]: row["province"] for row in old_rows}
    yield make_unit(CITY, "province", names[CITY], province_code=CITY, legal_basis=MERGER_BASIS)
    for code in MERGED:
        yield make_unit(code, "province", names[code], province_code=code, valid_to=TODAY_EVE)


def districts(old_rows: list[dict]) -> Iterator[Unit]:
    """The 24 districts of 2020, Thủ Đức City, and the districts of the two provinces that joined in 2025."""
    city = {"province_code": CITY, "parent_key": key_of(CITY)}
    for code, (name, population) in DISTRICTS_2020.items():
        valid_to = THU_DUC_EVE if code in THU_DUC_PARTS else TODAY_EVE
        yield make_unit(code, "district", name, valid_to=valid_to, population=population, **city)
    yield make_unit(
        THU_DUC_CODE,
        "district",
        "Thành phố Thủ Đức",
        valid_from=THU_DUC_FROM,
        valid_to=TODAY_EVE,
        legal_basis=THU_DUC_BASIS,
        population=sum(DISTRICTS_2020[code][1] for code in THU_DUC_PARTS),
        **city,
    )
    merged = {
        (row["provinceCode"], row["districtCode"], row["district"]) for row in old_rows if row["provinceCode"] in MERGED
    }
    for province_code, code, name in merged:
        parent_key = key_of(province_code)
        yield make_unit(code, "district", name, province_code=province_code, parent_key=parent_key, valid_to=TODAY_EVE)


def old_communes(old_rows: list[dict]) -> Iterator[Unit]:
    for row in old_rows:
        if row["wardCode"]:
            yield make_unit(
                row["wardCode"],
                "commune",
                OLD_NAMES.get(row["wardCode"], row["ward"]),
                province_code=row["provinceCode"],
                parent_key=old_district_key(row["districtCode"]),
                valid_to=TODAY_EVE,
            )


def old_district_key(code: str) -> str:
    """The district of the first half of 2025 that has this code."""
    return key_of(code, THU_DUC_FROM if code == THU_DUC_CODE else "")


def new_communes(new_rows: list[dict]) -> Iterator[Unit]:
    for row in new_rows:
        yield make_unit(
            row["wardCode"],
            "commune",
            row["ward"],
            province_code=CITY,
            parent_key=key_of(CITY),
            valid_from=TODAY_FROM,
            legal_basis=COMMUNES_BASIS,
            area_km2=row["wardAreaKm2"],
            point=(row["wardLat"], row["wardLon"]),
        )


def links_of_2025(old_rows: list[dict], new_rows: list[dict]) -> Iterator[Link]:
    """Every old commune to the communes that took its land: one takes it in full, several take it in parts.

    The package names a split commune's new ones with a guessed default, which is ignored here. Côn Đảo had
    no communes: there the district itself is the predecessor.
    """
    old_keys = {
        f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}": (
            key_of(row["wardCode"]) if row["wardCode"] else old_district_key(row["districtCode"])
        )
        for row in old_rows
    }
    new_keys = {row["wardKey"]: key_of(row["wardCode"], TODAY_FROM) for row in new_rows}
    heirs: dict[str, set[str]] = defaultdict(set)
    for new_name, old_names in DICT_PROVINCE_WARD_NO_DIVIDED[CITY_KEY].items():
        for old_name in old_names:
            heirs[old_keys[old_name]].add(new_keys[new_name])
    for old_name, parts in DICT_PROVINCE_WARD_DIVIDED[CITY_KEY].items():
        heirs[old_keys[old_name]].update(new_keys[part["newWardKey"]] for part in parts)
    for old_key, found in heirs.items():
        share = "full" if len(found) == 1 else "partial"
        for new_key in found:
            yield Link(old_key, new_key, share, COMMUNES_BASIS)


def links_by_law() -> Iterator[Link]:
    for code in THU_DUC_PARTS:
        yield Link(key_of(code), key_of(THU_DUC_CODE, THU_DUC_FROM), "full", THU_DUC_BASIS)
    for code in MERGED:
        yield Link(key_of(code), key_of(CITY), "full", MERGER_BASIS)


def write(name: str, kind: type, rows: Iterable[Unit] | Iterable[Link]) -> None:
    """UTF-8, LF, one header line; the rows in the order given."""
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.name for field in fields(kind)])
        writer.writerows(astuple(row) for row in rows)


def main() -> int:
    old_rows = [row for row in get_data(table="admin_units_legacy") if row["provinceCode"] in (CITY, *MERGED)]
    new_rows = [row for row in get_data(table="admin_units") if row["provinceCode"] == CITY]
    units = [
        *provinces(old_rows),
        *districts(old_rows),
        *old_communes(old_rows),
        *new_communes(new_rows),
    ]
    links = [*links_by_law(), *links_of_2025(old_rows, new_rows)]
    known = {unit.key for unit in units}
    named = {key for link in links for key in (link.predecessor_key, link.successor_key)}
    named |= {unit.parent_key for unit in units if unit.parent_key}
    if len(known) != len(units) or not named <= known:
        print("The package's lists do not fit together: a key is used twice or is missing.", file=sys.stderr)
        return 1
    units.sort(key=lambda unit: (LEVELS.index(unit.level), unit.code, unit.valid_from))
    links.sort(key=lambda link: (link.predecessor_key, link.successor_key))
    write("units.csv", Unit, units)
    write("links.csv", Link, links)
    print(f"{len(units)} units and {len(links)} links from vietnamadminunits {version('vietnamadminunits')}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
