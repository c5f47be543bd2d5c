"""Lists of passes and the file of one pass, as pages show them: a fixed number of queries whatever they hold."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, tuple_
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Staff
from service.domain.attendance import Presence
from service.domain.audit import AuditEntry
from service.domain.codes import read_human_code
from service.domain.door import Device, Scan, ScanAmendment
from service.domain.events import Gate
from service.domain.passes import BadgeState, Category, EntryPass, PassState
from service.domain.standing import Standing
from service.domain.texts import like
from service.store.event_file import Anything, Rows


@dataclass(frozen=True)
class WantedPasses:
    """What a list of passes is narrowed to; empty: everything. `now` is the moment at which `standing` is asked."""

    now: datetime
    q: str = ""
    standing: Standing | None = None
    category: Category | None = None
    badge: BadgeState | None = None


def named(q: str) -> ColumnElement[bool]:
    """Passes whose holder or organisation holds `q`, accents and case aside, or whose code or serial it is."""
    exact = read_human_code(q) or q
    return or_(col(EntryPass.folded).like(like(q)), col(EntryPass.human_code) == exact, col(EntryPass.serial) == exact)


def _stands(standing: Standing, now: datetime) -> ColumnElement[bool]:
    begun, over = col(EntryPass.valid_from) <= now, col(EntryPass.valid_until) <= now
    in_order = col(EntryPass.state) == PassState.ACTIVE
    dated = {
        Standing.ACTIVE: and_(in_order, begun, ~over),
        Standing.EXPIRED: and_(in_order, over),
        Standing.NOT_YET_VALID: and_(in_order, ~begun, ~over),
    }
    return dated[standing] if standing in dated else col(EntryPass.state) == PassState(standing.value)


def _narrowed(event_id: UUID, wanted: WantedPasses) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(EntryPass.event_id) == event_id]
    if wanted.q:
        conditions.append(named(wanted.q))
    if wanted.standing is not None:
        conditions.append(_stands(wanted.standing, wanted.now))
    if wanted.category is not None:
        conditions.append(col(EntryPass.category) == wanted.category)
    if wanted.badge is not None:
        conditions.append(col(EntryPass.badge) == wanted.badge)
    return conditions


async def count_passes(session: AsyncSession, event_id: UUID, wanted: WantedPasses) -> tuple[int, int]:
    """(how many are wanted, how many there are) of an event's passes."""
    every = select(func.count().filter(*_narrowed(event_id, wanted)), func.count()).where(
        col(EntryPass.event_id) == event_id
    )
    found, total = (await session.execute(every)).one()
    return found, total


async def list_passes(
    session: AsyncSession,
    event_id: UUID,
    wanted: WantedPasses,
    *,
    edge: tuple[str, UUID] | None,
    upwards: bool,
    limit: int,
) -> list[EntryPass]:
    """Passes by the holder's folded name, after `edge` (or before it, nearest first, when `upwards`)."""
    place = tuple_(col(EntryPass.folded), col(EntryPass.id))
    statement = select(EntryPass).where(*_narrowed(event_id, wanted)).limit(limit)
    if upwards:
        statement = statement.order_by(col(EntryPass.folded).desc(), col(EntryPass.id).desc())
    else:
        statement = statement.order_by(col(EntryPass.folded), col(EntryPass.id))
    if edge is not None:
        there = tuple_(literal(edge[0]), literal(edge[1]))
        statement = statement.where(place < there if upwards else place > there)
    return list(await session.scalars(statement))


# One pass ----------------------------------------------------------------------------------------------------


async def list_pass_scans(session: AsyncSession, pass_id: UUID, *, limit: int) -> Rows:
    """(Scan, gate_name, device_name, amendments) of a pass, the latest first; amendments by their kind."""
    amendments = (
        select(func.array_agg(col(ScanAmendment.kind)))
        .where(col(ScanAmendment.scan_id) == col(Scan.id))
        .correlate(Scan)
        .scalar_subquery()
    )
    statement: Anything = (
        select(
            Scan,
            col(Gate.name).label("gate_name"),
            col(Device.name).label("device_name"),
            amendments.label("amendments"),
        )
        .join(Device, col(Device.id) == col(Scan.device_id))
        .outerjoin(Gate, col(Gate.id) == col(Scan.gate_id))
        .where(col(Scan.pass_id) == pass_id)
        .order_by(col(Scan.received_at).desc(), col(Scan.id).desc())
        .limit(limit)
    )
    return list(await session.execute(statement))


async def list_pass_changes(session: AsyncSession, pass_id: UUID, *, quiet: tuple[str, ...], limit: int) -> Rows:
    """(at, action, staff_name) of the record of one pass, the latest first."""
    statement: Anything = (
        select(col(AuditEntry.at), col(AuditEntry.action), col(Staff.name).label("staff_name"))
        .outerjoin(Staff, col(Staff.id) == col(AuditEntry.actor_id))
        .where(
            col(AuditEntry.noun) == "pass", col(AuditEntry.object_id) == pass_id, col(AuditEntry.action).not_in(quiet)
        )
        .order_by(col(AuditEntry.id).desc())
        .limit(limit)
    )
    return list(await session.execute(statement))


async def list_neighbours(session: AsyncSession, entry_pass: EntryPass) -> list[EntryPass]:
    """The pass that this one replaced and the one that replaced it, as far as there are such."""
    statement = select(EntryPass).where(
        or_(col(EntryPass.id) == entry_pass.replaces_id, col(EntryPass.replaces_id) == entry_pass.id)
    )
    return list(await session.scalars(statement))


async def count_heads(session: AsyncSession, pass_id: UUID) -> int:
    """How many of a pass's heads came in: the most of one day at one occurrence, as reports count them."""
    days = (
        select(func.sum(col(Presence.visits)).label("heads"))
        .where(col(Presence.pass_id) == pass_id)
        .group_by(col(Presence.occurrence_id), col(Presence.counted_on))
        .subquery()
    )
    return int(await session.scalar(select(func.max(days.c.heads))) or 0)
