"""Where things are: administrative units over time, and venues."""

from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint

from service.domain.base import (
    UUID,
    Field,
    Row,
    choice,
    date,
    datetime,
    day,
    document,
    instant,
    key,
    reference,
    rule,
    text,
)

CITY = "79"
"""The statistics office's code of Ho Chi Minh City, whose units are listed unless another province is named."""


class UnitLevel(StrEnum):
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class Share(StrEnum):
    FULL = "full"
    PARTIAL = "partial"


class AdminUnit(Row, table=True):
    """A province, district or commune during one period of validity.

    A code is no key: 769 was District 2 to the end of 2020 and Thủ Đức City from 2021.
    """

    __table_args__ = (
        UniqueConstraint("level", "code", "valid_from", postgresql_nulls_not_distinct=True),
        rule("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", "period"),
    )

    id: UUID = key()
    code: str = Field(max_length=10, index=True)
    level: UnitLevel = choice(UnitLevel, "level")
    kind: str = Field(max_length=20)
    name_vi: str = text()
    name_en: str = text()
    folded: str = text()
    province_code: str = Field(max_length=2)
    parent_id: UUID | None = reference("admin_unit.id", default=None)
    valid_from: date | None = day(default=None)
    valid_to: date | None = day(default=None)
    legal_basis: str | None = text(default=None)
    population: int | None = None
    population_year: int | None = None
    area_km2: float | None = None
    lat: float | None = None
    lon: float | None = None


class UnitLink(Row, table=True):
    """One unit followed by another, wholly or in part."""

    predecessor_id: UUID = reference("admin_unit.id", index=False, primary_key=True)
    successor_id: UUID = reference("admin_unit.id", primary_key=True)
    share: Share = choice(Share, "share")
    legal_basis: str | None = text(default=None)


class VenueKind(StrEnum):
    HALL = "hall"
    MUSEUM = "museum"
    EXHIBITION_CENTRE = "exhibition_centre"
    CULTURAL_HOUSE = "cultural_house"
    CULTURAL_CENTRE = "cultural_centre"
    PRESS_CENTRE = "press_centre"
    OUTDOOR = "outdoor"
    UNIVERSITY = "university"
    SCHOOL = "school"
    LIBRARY = "library"
    MEMORIAL = "memorial"
    YOUTH_UNION = "youth_union"
    OTHER = "other"


class Venue(Row, table=True):
    """A place where events happen.

    `unit_id` is the finest unit known, of whatever time. `layout` lists its zones and gates
    (`[{code, name_vi, name_en, capacity, gates: [{name, policy}]}]`): a new occurrence starts with a copy.
    """

    __table_args__ = (
        rule("capacity IS NULL OR capacity >= 0", "capacity"),
        rule("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", "coordinates"),
    )

    id: UUID = key()
    name_vi: str = text()
    name_en: str = text()
    folded: str = text()
    kind: VenueKind = choice(VenueKind, "kind")
    address: str = text(default="")
    unit_id: UUID = reference("admin_unit.id")
    lat: float | None = None
    lon: float | None = None
    capacity: int | None = None
    hours: str = text(default="")
    layout: list[dict[str, Any]] = document(default_factory=list)
    source: str = text(default="")
    created_at: datetime = instant()
