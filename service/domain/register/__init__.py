"""The packaged register of administrative units: what units.csv and links.csv say, as values.

The files are written by tools/make_register.py; docs/register.md says where every fact comes from.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib import resources

from service.domain.places import Share, UnitLevel


@dataclass(frozen=True, slots=True)
class UnitFact:
    """One unit during one period of validity.

    `key` is `code@valid_from`, because a code alone names different units at different times. An empty
    `valid_from` means that the beginning is not known, an empty `valid_to` that the unit still stands;
    `valid_to` is the last day on which the unit stood. `parent_key` is the district of a commune before July
    2025, and the province of a district or of a commune of today.
    """

    key: str
    code: str
    level: UnitLevel
    kind: str
    name_vi: str
    name_en: str
    province_code: str
    parent_key: str | None
    valid_from: date | None
    valid_to: date | None
    legal_basis: str | None
    population: int | None
    population_year: int | None
    area_km2: float | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class LinkFact:
    """One unit followed by another; `share` says whether all of the predecessor went there or a part."""

    predecessor_key: str
    successor_key: str
    share: Share
    legal_basis: str | None


@dataclass(frozen=True, slots=True)
class Register:
    """All units (provinces, then districts, then communes) and all links between them."""

    units: tuple[UnitFact, ...]
    links: tuple[LinkFact, ...]


def load_register() -> Register:
    """The register as it is packaged; reads no other file."""
    return Register(
        units=tuple(_unit(row) for row in _rows("units.csv")),
        links=tuple(_link(row) for row in _rows("links.csv")),
    )


def _rows(name: str) -> Iterable[dict[str, str]]:
    return csv.DictReader(resources.files(__name__).joinpath(name).read_text("utf-8").splitlines())


def _unit(row: dict[str, str]) -> UnitFact:
    return UnitFact(
        key=row["key"],
        code=row["code"],
        level=UnitLevel(row["level"]),
        kind=row["kind"],
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        province_code=row["province_code"],
        parent_key=row["parent_key"] or None,
        valid_from=_date(row["valid_from"]),
        valid_to=_date(row["valid_to"]),
        legal_basis=row["legal_basis"] or None,
        population=_whole(row["population"]),
        population_year=_whole(row["population_year"]),
        area_km2=_number(row["area_km2"]),
        lat=_number(row["lat"]),
        lon=_number(row["lon"]),
    )


def _link(row: dict[str, str]) -> LinkFact:
    return LinkFact(
        predecessor_key=row["predecessor_key"],
        successor_key=row["successor_key"],
        share=Share(row["share"]),
        legal_basis=row["legal_basis"] or None,
    )


def _date(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


def _whole(value: str) -> int | None:
    return int(value) if value else None


def _number(value: str) -> float | None:
    return float(value) if value else None
