"""What happens at the door: devices, scans, amendments of scans, tallies."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

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


class Device(Row, table=True):
    """A door phone: enrolled once for some gates, known by the hash of its token."""

    id: UUID = key()
    name: str = text()
    token_hash: bytes = Field(unique=True)
    public_jwk: dict[str, Any] | None = document(default=None, nullable=True)
    enrolled_at: datetime = instant()
    revoked_at: datetime | None = instant(default=None)


class DeviceGate(Row, table=True):
    """A gate at which a device may scan."""

    device_id: UUID = reference("device.id", index=False, primary_key=True)
    gate_id: UUID = reference("gate.id", primary_key=True)


class Enrolment(Row, table=True):
    """A one-use code, valid ten minutes, with which a phone becomes a device."""

    id: UUID = key()
    code_hash: bytes = Field(unique=True)
    device_name: str = text()
    gate_ids: list[UUID] = Field(sa_type=ARRAY(Uuid))
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)
    staff_id: UUID = reference("staff.id")
    created_at: datetime = instant()


class ListFetch(Row, table=True):
    """A version of an event's revocation list as a device got it: what each door knew, and from when to when.

    `first_at` is when the device first got this version, `last_at` when it last heard that it is still the newest.
    """

    device_id: UUID = reference("device.id", index=False, primary_key=True)
    event_id: UUID = reference("event.id", index=False, primary_key=True)
    version: int = Field(primary_key=True)
    first_at: datetime = instant()
    last_at: datetime = instant()


class Direction(StrEnum):
    ENTRY = "entry"
    EXIT = "exit"


class Verdict(StrEnum):
    ADMIT = "admit"
    REFUSE = "refuse"
    UNSURE = "unsure"


class Scan(Row, table=True):
    """One reading of a code at a gate, with the verdict given; append-only, refused ones too.

    `id` is the device's own: its repetition is known by it. `counted_on` is the local day that the scan counts
    for; none when it counts for no day. The ids have no foreign keys: they were read in the same transaction,
    none of what they name is ever deleted, and the checks would double the price of a scan (decision 4).
    """

    __table_args__ = (
        rule("heads >= 1", "heads"),
        Index("ix_scan_gate_id_received_at", "gate_id", "received_at"),
        Index("ix_scan_pass_id_received_at", "pass_id", "received_at", postgresql_where="pass_id IS NOT NULL"),
    )

    id: UUID = Field(primary_key=True)
    device_id: UUID
    gate_id: UUID | None = None
    pass_id: UUID | None = None
    code_hash: bytes
    direction: Direction = choice(Direction, "direction")
    heads: int = 1
    scanned_at: datetime = instant()
    received_at: datetime = instant()
    counted_on: date | None = day(default=None)
    decision: Verdict = choice(Verdict, "decision")
    reason: str | None = Field(default=None, max_length=40)
    list_version: int
    device_decision: Verdict | None = choice(Verdict, "device_decision", default=None, nullable=True)
    device_reason: str | None = Field(default=None, max_length=40)
    device_list_version: int | None = None
    note: str | None = Field(default=None, max_length=40)


class AmendmentKind(StrEnum):
    OVERRIDE = "override"
    UNDO = "undo"


class ScanAmendment(Row, table=True):
    """A supervisor's override of a refusal, or an undo of an admission: kept beside the verdict."""

    __table_args__ = (UniqueConstraint("scan_id", "kind"), rule("reason <> ''", "reason"))

    id: UUID = key()
    scan_id: UUID = reference("scan.id", index=False)
    kind: AmendmentKind = choice(AmendmentKind, "kind")
    reason: str = text()
    staff_id: UUID = reference("staff.id")
    amended_at: datetime = instant()


class PassUse(Row, table=True):
    """How many of a pass's heads are inside a zone, and how many entries there were: what policies ask."""

    pass_id: UUID = Field(primary_key=True)
    zone_id: UUID = Field(primary_key=True)
    inside: int = 0
    entries: int = 0


class ZoneUse(Row, table=True):
    """How many people are inside a zone now, as scans tell."""

    zone_id: UUID = reference("zone.id", index=False, primary_key=True)
    inside: int = 0


class TallyCategory(StrEnum):
    ADULT = "adult"
    PUPIL = "pupil"
    FOREIGN = "foreign"
    DELEGATION = "delegation"


class Tally(Row, table=True):
    """Walk-in visitors counted by hand at a gate; a correction is a tally below zero with a reason."""

    __table_args__ = (
        rule("heads <> 0", "heads"),
        rule("heads > 0 OR reason <> ''", "correction"),
        Index("ix_tally_gate_id_tallied_at", "gate_id", "tallied_at"),
    )

    id: UUID = Field(primary_key=True)
    device_id: UUID = reference("device.id", index=False)
    gate_id: UUID = reference("gate.id", index=False)
    category: TallyCategory = choice(TallyCategory, "category")
    heads: int
    reason: str = text(default="")
    tallied_at: datetime = instant()
    received_at: datetime = instant()
    counted_on: date = day()
