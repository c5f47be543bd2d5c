"""The facts of the demo, as its two CSV files tell them; every row names its source."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import resources

from service.usecases.places import COMMUNES_ALONE_SINCE

THU_DUC_CITY_SINCE = date(2021, 1, 1)


@dataclass(frozen=True)
class VenueFact:
    """A real venue. Units by their keys in the register; empty where not known."""

    key: str
    name_vi: str
    name_en: str
    kind: str
    address: str
    district_2020_key: str
    district_key: str
    ward_key: str
    lat: float | None
    lon: float | None
    capacity: int
    source: str

    def unit_key_on(self, on: date) -> str:
        """The unit in which it lay on that day, as far as it is known."""
        if on < THU_DUC_CITY_SINCE:
            return self.district_2020_key
        return self.district_key if on < COMMUNES_ALONE_SINCE else self.ward_key


@dataclass(frozen=True)
class ExhibitionFact:
    """A real exhibition; days are None where the source doesn't tell them, `visitors` likewise."""

    key: str
    title_vi: str
    title_en: str
    first_on: date | None
    last_on: date | None
    venue_keys: tuple[str, ...]
    organiser_vi: str
    remark: str
    source: str


def venues() -> list[VenueFact]:
    """The 47 venues."""
    return [
        VenueFact(
            key=row["key"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            kind=row["kind"],
            address=row["address"],
            district_2020_key=row["district_2020_key"],
            district_key=row["district_key"],
            ward_key=row["ward_key"],
            lat=_number(row["lat"]),
            lon=_number(row["lon"]),
            capacity=int(row["capacity"]),
            source=row["source"],
        )
        for row in _rows("venues.csv")
    ]


def exhibitions() -> list[ExhibitionFact]:
    """The 18 exhibitions."""
    return [
        ExhibitionFact(
            key=row["key"],
            title_vi=row["title_vi"],
            title_en=row["title_en"],
            first_on=_day(row["first_on"]),
            last_on=_day(row["last_on"]),
            venue_keys=tuple(row["venue_keys"].split()),
            organiser_vi=row["organiser_vi"],
            remark=_remark(row),
            source=row["source"],
        )
        for row in _rows("exhibitions.csv")
    ]


def _remark(row: dict[str, str]) -> str:
    counted = {"photos": "ảnh", "maps": "bản đồ", "objects": "tư liệu, hiện vật", "visitors": "lượt khách"}
    told = [f"{row[name]} {word}" for name, word in counted.items() if row[name]]
    return "; ".join([*told, row["remark"]] if row["remark"] else told)


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(
        resources.files(__name__.rpartition(".")[0]).joinpath(name).read_text("utf-8").splitlines()
    )


def _number(value: str) -> float | None:
    return float(value) if value else None


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None
