"""A scan as it arrives and as it is answered.

The classes of the hot path aren't frozen: making a frozen one costs three times as much, five hundred times a batch.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from service.domain.door import Direction


@dataclass(slots=True)
class ScanIn:
    """One scan as a device sends it; `id` is the device's own, and repeating it changes nothing."""

    id: UUID
    device_id: UUID
    gate_id: UUID
    code: str
    direction: Direction
    heads: int
    scanned_at: datetime
    simulate: bool = False
    skewed: bool = False
    device_decision: str | None = None
    device_reason: str | None = None
    device_list_version: int | None = None


@dataclass(slots=True)
class ScanAnswer:
    """What the door is told. `repeated`: the scan was known already and this is its first answer."""

    id: UUID
    decision: str
    reason: str | None
    category: str | None
    zones: tuple[str, ...]
    heads: int | None
    ground: str | None
    authority: str | None
    attention: str | None
    note: str | None
    list_version: int
    holder_name: str | None = None
    repeated: bool = False

    def again(self) -> "ScanAnswer":
        """The same answer to a repetition."""
        return replace(self, repeated=True)
