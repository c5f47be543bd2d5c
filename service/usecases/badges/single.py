"""Printing one badge."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.badge_formats import BadgeFormat
from service.domain.badges import BadgeAction
from service.domain.errors import Conflict
from service.domain.files import FilePurpose
from service.domain.passes import BadgeState, EntryPass, PassState
from service.store import files
from service.store import passes as pass_store
from service.store.printing.badges import Badge, render_badges
from service.store.printing.faults import TemplateFault
from service.store.vault import Vault
from service.usecases import audit, print_log
from service.usecases.badges.designs import open_logo
from service.usecases.badges.faces import faces_of
from service.usecases.badges.templates import fault_of, own_template


async def print_badge(
    session: AsyncSession, *, access: Access, pass_id: UUID, form: BadgeFormat, vault: Vault, now: datetime
) -> bytes:
    """The badge of a pass as PDF. The first time is its printing, in the print log; every time is in the audit.

    Raises Conflict `illegal_move` for a pass that is over, suspended, or whose badge was lost.
    """
    found, event = await pass_store.get_pass(session, pass_id)
    access.require(Permission.BADGES_PRINT, event.organisation_id)
    require_printable(found, now)
    (face,) = await faces_of(session, event_id=event.id, passes=[found])
    (photo,) = await portraits_of(session, [found], vault)
    template, logo = await own_template(session, event.id, form), await open_logo(session, event.id, vault)
    try:
        made = await render_badges([Badge(face, photo)], form=form, logo=logo, template=template, now=now)
    except TemplateFault as fault:
        raise fault_of(fault) from fault
    # Only now: while a badge is made, its holder may stand at a gate.
    await pass_store.lock_pass(session, pass_id)
    await session.refresh(found)
    require_printable(found, now)
    if found.badge is BadgeState.NONE:
        print_log.note(session, found, BadgeAction.PRINTED, staff_id=access.staff_id, now=now)
    audit.record_for(session, access, "badge_opened", "pass", pass_id, event, now, format=form.value)
    await session.flush()
    return made


def require_printable(entry_pass: EntryPass, now: datetime) -> None:
    """Raises Conflict `illegal_move` for a pass that no badge may be made of."""
    if entry_pass.state is not PassState.ACTIVE:
        raise Conflict("illegal_move", entry_pass.state.value)
    if entry_pass.valid_until <= now:
        raise Conflict("illegal_move", "expired")
    if entry_pass.badge is BadgeState.LOST:
        raise Conflict("illegal_move", "lost")


async def portraits_of(session: AsyncSession, passes: list[EntryPass], vault: Vault) -> list[bytes | None]:
    """The portraits of passes in their order; None where there is none."""
    ids = [one.portrait_id for one in passes if one.portrait_id]
    found = await files.open_files(session, ids, FilePurpose.PORTRAIT, vault) if ids else {}
    return [found.get(one.portrait_id) if one.portrait_id else None for one in passes]
