"""The print log: where the printed badge of a pass is, and every step that brought it there."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.badges import BADGE_MOVES, BadgeAction, BadgeRecord
from service.domain.errors import Conflict
from service.domain.passes import EntryPass


def note(
    session: AsyncSession,
    entry_pass: EntryPass,
    action: BadgeAction,
    *,
    staff_id: UUID | None,
    now: datetime,
    job_id: UUID | None = None,
    handover_id: UUID | None = None,
    text: str = "",
) -> None:
    """Keeps what happened to the badge of a locked pass. Raises Conflict `illegal_move` where it can't have."""
    moves = BADGE_MOVES[entry_pass.badge]
    if action not in moves:
        raise Conflict("illegal_move", f"{entry_pass.serial}: {entry_pass.badge.value} → {action.value}")
    entry_pass.badge = moves[action]
    session.add(
        BadgeRecord(
            pass_id=entry_pass.id,
            action=action,
            at=now,
            staff_id=staff_id,
            job_id=job_id,
            handover_id=handover_id,
            note=text,
        )
    )
