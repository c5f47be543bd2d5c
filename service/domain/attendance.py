"""How many came: counts that grow with every scan and tally, and who was present on which day."""

from enum import StrEnum

from sqlalchemy import Index

from service.domain.base import UUID, Field, Row, choice, date, day, reference, rule


class Method(StrEnum):
    SCAN = "scan"
    TALLY = "tally"


class AttendanceCount(Row, table=True):
    """People counted at a gate in one local hour of one day, by category and method.

    `entries` are admitted heads, re-entries too; `visits` are the first entries of a holder at an occurrence
    on a day (a tally's entries are its visits); `exits` are heads that left.
    """

    __table_args__ = (
        rule("hour BETWEEN 0 AND 23", "hour"),
        Index("ix_attendance_count_counted_on", "counted_on"),
    )

    occurrence_id: UUID = reference("occurrence.id", index=False, primary_key=True)
    counted_on: date = day(primary_key=True)
    hour: int = Field(primary_key=True)
    gate_id: UUID = reference("gate.id", index=False, primary_key=True)
    category: str = Field(primary_key=True, max_length=20)
    method: Method = choice(Method, "method", primary_key=True)
    visits: int = 0
    entries: int = 0
    exits: int = 0


class Presence(Row, table=True):
    """A pass that was admitted into a zone of an occurrence on a day.

    `entries` are admitted heads; `visits` are the heads that came at all that day (at most the pass's heads).
    Distinct holders, and the policy of once a day, are read from here.
    """

    occurrence_id: UUID = Field(primary_key=True)
    counted_on: date = day(primary_key=True)
    pass_id: UUID = Field(primary_key=True, index=True)
    zone_id: UUID = Field(primary_key=True)
    category: str = Field(max_length=20)
    entries: int
    visits: int
