"""The doors of the demo: devices, scans and tallies of a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from service.demo.stage import Stage
from service.domain.base import new_id
from service.domain.door import Direction, TallyCategory
from service.domain.events import Occurrence
from service.domain.passes import EntryPass
from service.domain.scans import ScanIn
from service.store import events as event_store
from service.usecases import devices, door
from service.usecases.admission import admit_within
from service.usecases.door import TallyIn

_SKEW = timedelta(seconds=120)
_AT_ONCE = 500
FORGED = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImdpYW1hbyIsInR5cCI6IkpXVCJ9.eyJzIjoiR0lBTUFPIn0." + "A" * 86
"""A code that nobody's key has signed."""


@dataclass(frozen=True)
class DemoDevice:
    """An enrolled phone with the gates that it serves, by zone code."""

    id: UUID
    gates: dict[str, UUID]


async def enrol(stage: Stage, occurrence: Occurrence, name: str, on: date) -> DemoDevice:
    """A phone for all gates of an occurrence, enrolled on the evening before."""
    zones = {zone.id: zone.code for zone in await event_store.list_zones(stage.session, occurrence.id)}
    gates = await event_store.list_gates(stage.session, occurrence.id)
    at = stage.at(on - timedelta(days=1), 17)
    _, code = await devices.offer_enrolment(
        stage.session, access=stage.access(), device_name=name, gate_ids=[gate.id for gate in gates], now=at
    )
    device, _ = await devices.enrol(stage.session, code=code, public_jwk=None, now=at)
    return DemoDevice(device.id, {zones[gate.zone_id]: gate.id for gate in gates})


async def tally_day(stage: Stage, device: DemoDevice, on: date, *, busy: int) -> None:
    """Walk-in visitors of one day, counted at the gate of zone A; today only up to now."""
    shares = ((TallyCategory.ADULT, 0.5), (TallyCategory.PUPIL, 0.35), (TallyCategory.FOREIGN, 0.1))
    wanted = []
    for hour in range(8, 17):
        at = stage.at(on, hour, stage.random.randint(0, 59))
        if at > stage.now:
            break
        for category, share in shares:
            heads = round(busy / 9 * share * stage.random.uniform(0.4, 1.6))
            if heads:
                wanted.append(TallyIn(new_id(), device.gates["A"], category, heads, at, ""))
    if wanted:
        await door.keep_tallies_within(stage.connection, device_id=device.id, wanted=wanted, received_at=stage.now)


async def scan_day(stage: Stage, device: DemoDevice, on: date, coming: list[EntryPass], *, zone: str = "A") -> None:
    """The passes of `coming` enter once that day and most leave again; now and then a code is forged."""
    scans = []
    for number, entry_pass in enumerate(coming):
        entered = stage.at(on, stage.random.randint(8, 15), stage.random.randint(0, 59))
        heads = max(1, entry_pass.heads - stage.random.randint(0, 3)) if entry_pass.heads > 1 else 1
        scans.append(_scan(device, zone, entry_pass.code, Direction.ENTRY, heads, entered))
        if stage.random.random() < 0.9:  # noqa: PLR2004 (one in ten forgets to scan out)
            left = entered + timedelta(minutes=stage.random.randint(20, 100))
            scans.append(_scan(device, zone, entry_pass.code, Direction.EXIT, heads, left))
        if number % 40 == 39:  # noqa: PLR2004
            scans.append(_scan(device, zone, FORGED, Direction.ENTRY, 1, entered))
    await keep(stage, [scan for scan in scans if scan.scanned_at <= stage.now])


async def keep(stage: Stage, scans: list[ScanIn]) -> None:
    """Judges scans in the order of their times, as they would have come."""
    scans.sort(key=lambda scan: scan.scanned_at)
    for start in range(0, len(scans), _AT_ONCE):
        part = scans[start : start + _AT_ONCE]
        received_at = part[-1].scanned_at + timedelta(seconds=2)
        await admit_within(stage.connection, scans=part, received_at=received_at, skew=_SKEW)


def _scan(device: DemoDevice, zone: str, code: str, direction: Direction, heads: int, at: datetime) -> ScanIn:
    return ScanIn(new_id(), device.id, device.gates[zone], code, direction, heads, at)
