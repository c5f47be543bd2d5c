"""What a device sends and gets."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from service.domain.door import Direction, TallyCategory, Verdict
from service.web.problems import ProblemError
from service.web.schemas import In, Instant, Line, Name, Out

MOST = 500
Heads = Annotated[int, Field(ge=1, le=1000)]
ReasonCode = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
Version = Annotated[int, Field(ge=0, le=2_000_000_000)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=4096)]

_SCAN: dict[str, Any] = {
    "id": "0198c0de-1111-4222-8333-444455556666",
    "gate_id": "0198c0de-0000-7000-8000-000000000001",
    "code": "eyJhbGciOiJFUzI1NiIsImtpZCI6Ik1xMWgzYzhCIiwidHlwIjoiSldUIn0.eyJzIjoi….…",
    "direction": "entry",
    "heads": 1,
    "scanned_at": "2026-11-23T08:14:05+07:00",
}


class DeviceVerdict(In):
    """What the device itself decided, when it judged before it could ask."""

    decision: Verdict
    reason: ReasonCode | None = None
    list_version: Version | None = None


class ScanBody(In):
    """One scan: the code as read from the QR, or the ten characters under it."""

    model_config = ConfigDict(json_schema_extra={"example": _SCAN})

    id: UUID
    gate_id: UUID
    code: Code
    direction: Direction = Direction.ENTRY
    heads: Heads = 1
    scanned_at: Instant
    simulate: bool = False
    device: DeviceVerdict | None = None


class ScanBatch(In):
    """1 to 500 scans; `sent_at` is the device's clock as it sends, by which a clock that is off is known."""

    model_config = ConfigDict(json_schema_extra={"example": {"scans": [_SCAN]}})

    scans: Annotated[list[ScanBody], Field(min_length=1, max_length=MOST)]
    sent_at: Instant | None = None


class LooseScanBatch(In):
    """The same before its items are looked at: one bad item is answered for itself and the rest are kept."""

    scans: Annotated[list[Any], Field(min_length=1, max_length=MOST)]
    sent_at: Instant | None = None


class ScanResult(Out):
    """The answer to one scan: a verdict, or `errors` when the item itself could not be understood."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": _SCAN["id"],
                "decision": "refuse",
                "reason": "already_inside",
                "category": "press",
                "zones": ["A", "B"],
                "heads": 1,
                "holder_name": "Nguyễn Thị Biển",
                "ground": None,
                "authority": None,
                "attention": None,
                "note": None,
                "list_version": 42,
                "repeated": False,
                "errors": [],
            }
        }
    )

    id: str | None
    decision: Verdict | None
    reason: str | None
    category: str | None
    zones: list[str]
    heads: int | None
    holder_name: str | None
    ground: str | None
    authority: str | None
    attention: str | None
    note: str | None
    list_version: int | None
    repeated: bool
    errors: list[ProblemError]


class ScanResults(Out):
    """The answers in the order of the scans, and the server's clock."""

    results: list[ScanResult]
    server_time: datetime


_TALLY: dict[str, Any] = {
    "id": "0198c0de-7777-4888-9999-aaaabbbbcccc",
    "gate_id": "0198c0de-0000-7000-8000-000000000001",
    "category": "pupil",
    "heads": 35,
    "tallied_at": "2026-11-23T09:02:00+07:00",
}


class TallyBody(In):
    """Visitors without a pass; `heads` below zero takes back what was counted wrongly, with a reason."""

    model_config = ConfigDict(json_schema_extra={"example": _TALLY})

    id: UUID
    gate_id: UUID
    category: TallyCategory
    heads: Annotated[int, Field(ge=-1000, le=1000)]
    tallied_at: Instant
    reason: Line = ""


class TallyBatch(In):
    """1 to 500 tallies."""

    model_config = ConfigDict(json_schema_extra={"example": {"tallies": [_TALLY]}})

    tallies: Annotated[list[TallyBody], Field(min_length=1, max_length=MOST)]


class TallyResult(Out):
    """`kept`, `repeated` (known already, nothing counted twice), or `device_not_allowed`."""

    id: UUID
    outcome: str


class TallyResults(Out):
    results: list[TallyResult]
    server_time: datetime


class EnrolBody(In):
    """The code that staff show, and the public part of the key pair that the device made for itself."""

    model_config = ConfigDict(json_schema_extra={"example": {"code": "7K3M-9QXA-2T4B"}})

    code: Name
    public_jwk: Annotated[dict[str, str], Field(max_length=10)] | None = None


class DeviceGateOut(Out):
    """A gate of this device, with all that it needs to judge there."""

    id: UUID
    name: str
    policy: str
    zone_id: UUID
    zone_code: str
    zone_name_vi: str
    zone_name_en: str
    event_id: UUID
    event_title_vi: str
    event_title_en: str
    occurrence_id: UUID
    opens_on: str
    closes_on: str
    opens_time: str | None
    closes_time: str | None
    max_list_age_minutes: int


class DeviceOut(Out):
    """The device as it stands: its gates, and the server's clock to compare with."""

    id: UUID
    name: str
    revoked: bool
    gates: list[DeviceGateOut]
    server_time: datetime


class EnrolledOut(Out):
    """The token, shown this once."""

    token: str
    device: DeviceOut
