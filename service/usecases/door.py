"""After the scan: overrides and undos of supervisors, and tallies of those who walk in without a pass."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.attendance import Method
from service.domain.door import AmendmentKind, Direction, Scan, ScanAmendment, TallyCategory, Verdict
from service.domain.errors import Conflict
from service.domain.judging import ScanFacts
from service.domain.ledger import CountKey
from service.domain.localtime import local
from service.store import admission as hot
from service.store import door as store
from service.store import tallies
from service.store.database import Database, driver_of
from service.usecases import audit
from service.usecases.admission import load_ledger, write_ledger


async def amend_scan(
    session: AsyncSession, *, access: Access, scan_id: UUID, kind: AmendmentKind, reason: str, now: datetime
) -> ScanAmendment:
    """An override of a refused entry, or an undo of an admitted one (or of an override), with its reason.

    The verdict stays as it was given; the amendment is kept beside it and the counts follow. Raises Conflict
    `illegal_move` when there is nothing to override or undo, or when it was done already.
    """
    scan, organisation_id = await store.get_scan(session, scan_id)
    access.require(Permission.DOOR_LEAD, organisation_id)
    connection = await driver_of(session)
    known = await hot.find_passes(connection, [scan.pass_id], lock=True) if scan.pass_id else {}
    done = {one.kind for one in await store.list_amendments(session, [scan_id])}
    _require_amendable(scan, kind, done)
    amendment = ScanAmendment(scan_id=scan_id, kind=kind, reason=reason, staff_id=access.staff_id, amended_at=now)
    session.add(amendment)
    await session.flush()
    await _follow(connection, scan, kind, next(iter(known.values()), None))
    audit.record(
        session,
        actor=audit.staff(access),
        action=kind.value,
        noun="scan",
        object_id=scan_id,
        now=now,
        verdict=scan.decision,
        reason_given=scan.reason,
    )
    return amendment


def _require_amendable(scan: Scan, kind: AmendmentKind, done: set[AmendmentKind]) -> None:
    entry = scan.direction is Direction.ENTRY
    inside = scan.decision is Verdict.ADMIT or AmendmentKind.OVERRIDE in done
    possible = entry and (inside if kind is AmendmentKind.UNDO else not inside)
    if not possible or kind in done:
        raise Conflict("illegal_move", f"{kind.value}: {scan.direction.value} {scan.decision.value}")


async def _follow(connection: asyncpg.Connection, scan: Scan, kind: AmendmentKind, known: hot.KnownPass | None) -> None:
    assert scan.gate_id is not None  # noqa: S101 (the scan was found through its gate)
    gates, _ = await hot.list_gates(connection, device_ids=[], gate_ids=[scan.gate_id])
    gate = gates[scan.gate_id][0]
    facts = ScanFacts.of(scan.direction, scan.heads, scan.scanned_at, scan.received_at)
    entry_pass = known.facts if known and known.facts.event_id == gate.event_id else None
    ledger, _ = await load_ledger(connection, [(facts, gate, entry_pass)], scan_ids=[])
    if not ledger.zones:
        ledger.zones = await hot.lock_zones(connection, [gate.zone_id])
    if entry_pass is not None:
        follow = ledger.enter if kind is AmendmentKind.OVERRIDE else ledger.take_back
        follow(facts, gate, entry_pass, ledger.look(gate, entry_pass.id, facts.counted_on))
    else:
        follow_unknown = ledger.enter_unknown if kind is AmendmentKind.OVERRIDE else ledger.take_back_unknown
        follow_unknown(facts, gate)
    await write_ledger(connection, ledger, [])


@dataclass(frozen=True, slots=True)
class TallyIn:
    """Heads counted by hand; below zero takes back, with a reason. `id` is the device's own."""

    id: UUID
    gate_id: UUID
    category: TallyCategory
    heads: int
    tallied_at: datetime
    reason: str


async def keep_tallies(
    database: Database, *, device_id: UUID, wanted: list[TallyIn], received_at: datetime
) -> dict[UUID, str]:
    """Keeps tallies once each and counts them; per id: `kept`, `repeated`, or `device_not_allowed`."""
    async with database.driver() as connection, connection.transaction():
        return await keep_tallies_within(connection, device_id=device_id, wanted=wanted, received_at=received_at)


async def keep_tallies_within(
    connection: asyncpg.Connection, *, device_id: UUID, wanted: list[TallyIn], received_at: datetime
) -> dict[UUID, str]:
    """The same within a transaction that the caller commits."""
    gates, allowed = await hot.list_gates(
        connection, device_ids=[device_id], gate_ids=list({one.gate_id for one in wanted})
    )
    mine = {one.id: one for one in reversed(wanted) if (device_id, one.gate_id) in allowed}
    times = {one.id: local(min(one.tallied_at, received_at)) for one in mine.values()}
    rows = [(one, device_id, received_at, times[one.id].date()) for one in mine.values()]
    kept = await tallies.add(connection, rows)
    counts: dict[CountKey, tuple[int, int, int]] = {}
    for tally_id in kept:
        one, at = mine[tally_id], times[tally_id]
        occurrence_id = gates[one.gate_id][0].occurrence_id
        key = (occurrence_id, at.date(), at.hour, one.gate_id, one.category.value, Method.TALLY.value)
        heads = counts.get(key, (0, 0, 0))[0] + one.heads
        counts[key] = (heads, heads, 0)
    if counts:
        await hot.add_counts(connection, counts)
    return {
        one.id: "device_not_allowed" if one.id not in mine else "kept" if one.id in kept else "repeated"
        for one in wanted
    }
