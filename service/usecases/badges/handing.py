"""Where badges are: handed over to the holder or an outlet's representative, returned, lost and found."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission, Staff
from service.domain.badges import BADGE_MOVES, BadgeAction, Handover
from service.domain.errors import Conflict, Invalid
from service.domain.events import Event
from service.domain.faces import PassFace
from service.domain.files import FilePurpose
from service.domain.passes import BadgeState, EntryPass, PassState
from service.domain.standing import standing_of
from service.store import badges as store
from service.store import files, images
from service.store import passes as pass_store
from service.store.printing.receipts import Receipt, ReceiptRow, render_receipt
from service.store.vault import Vault
from service.usecases import audit, passes, print_log
from service.usecases.badges.designs import require_event
from service.usecases.badges.faces import faces_of

BY_HAND = frozenset({BadgeAction.RETURNED, BadgeAction.LOST, BadgeAction.FOUND})
"""What staff note of one badge; the other actions come with printing, reprinting and handing over."""


@dataclass(frozen=True)
class HandoverFile:
    """A handover with the badges given and who gave them."""

    handover: Handover
    event: Event
    staff: Staff
    faces: list[PassFace]


async def hand_over(
    session: AsyncSession,
    *,
    access: Access,
    event_id: UUID,
    pass_ids: list[UUID],
    to_name: str,
    representative: bool,
    organisation_name: str,
    signature: bytes | None,
    vault: Vault,
    now: datetime,
) -> Handover:
    """Gives printed badges to their holder, or several to the named representative of an outlet.

    `signature` is what was drawn on the screen (a picture), or None when it stands on paper. Raises Invalid for
    passes of another event, for a holder who takes more than their own, or without the outlet's name; Conflict
    `illegal_move` for a badge that isn't there to be given.
    """
    event = await require_event(session, access, event_id, Permission.BADGES_PRINT)
    # Before the lock: while a signature is drawn anew, holders may stand at a gate.
    signature_id = await _keep_signature(session, signature, vault, now)
    found = await store.lock_passes(session, pass_ids)
    if len(found) != len(set(pass_ids)) or any(one.event_id != event_id for one in found) or not found:
        raise Invalid.at("/pass_ids", "invalid", "passes of this event")
    if not representative and len(found) > 1:
        raise Invalid.at("/representative", "invalid", "a holder takes one badge; several need a representative")
    if representative and not organisation_name:
        raise Invalid.at("/organisation_name", "missing", "whom the representative stands for")
    handover = Handover(
        event_id=event_id,
        to_name=to_name,
        representative=representative,
        organisation_name=organisation_name,
        signature_id=signature_id,
        staff_id=access.staff_id,
        handed_at=now,
    )
    session.add(handover)
    await session.flush()
    for one in found:
        if one.state is not PassState.ACTIVE or one.valid_until <= now:
            raise Conflict("illegal_move", f"{one.serial}: {standing_of(one, now).value}")
        print_log.note(
            session, one, BadgeAction.HANDED_OVER, staff_id=access.staff_id, now=now, handover_id=handover.id
        )
    await session.flush()
    audit.record_for(session, access, "handed_over", "handover", handover.id, event, now, badges=len(found))
    return handover


async def _keep_signature(session: AsyncSession, signature: bytes | None, vault: Vault, now: datetime) -> UUID | None:
    if signature is None:
        return None
    try:
        drawn = await asyncio.to_thread(images.signature, signature)
    except images.ImageFault as fault:
        raise Invalid.at("/signature", "invalid", str(fault)) from fault
    kept = await files.add_file(
        session, purpose=FilePurpose.SIGNATURE, media_type="image/png", content=drawn, vault=vault, now=now
    )
    return kept.id


async def open_handover(session: AsyncSession, *, access: Access, handover_id: UUID, now: datetime) -> HandoverFile:
    """A handover and the badges in it; it shows names, so that it was opened is kept in the audit."""
    handover, event, staff = await store.get_handover(session, handover_id)
    access.require(Permission.BADGES_PRINT, event.organisation_id)
    audit.record_for(session, access, "viewed", "handover", handover.id, event, now)
    handed = await store.list_handed(session, handover_id)
    return HandoverFile(handover, event, staff, await faces_of(session, event_id=event.id, passes=handed))


async def receipt(session: AsyncSession, *, access: Access, handover_id: UUID, vault: Vault, now: datetime) -> bytes:
    """The receipt of a handover as PDF; it shows a signature, so that it was opened is kept in the audit."""
    found = await open_handover(session, access=access, handover_id=handover_id, now=now)
    one = found.handover
    _, organiser = await store.get_event(session, found.event.id)
    drawn = await files.open_file(session, one.signature_id, FilePurpose.SIGNATURE, vault) if one.signature_id else None
    audit.record_for(session, access, "receipt_opened", "handover", one.id, found.event, now)
    return await render_receipt(
        Receipt(
            organisation=organiser.name_vi,
            event_vi=found.event.title_vi,
            event_en=found.event.title_en,
            handed_at=one.handed_at,
            handed_by=found.staff.name,
            to_name=one.to_name,
            representative_of=one.organisation_name if one.representative else "",
            rows=tuple(
                ReceiptRow(face.holder_name, face.organisation_name, face.class_vi, face.serial, face.version)
                for face in found.faces
            ),
            signature=drawn,
        ),
        now=now,
    )


async def note_badge(
    session: AsyncSession, *, access: Access, pass_id: UUID, action: BadgeAction, text: str, now: datetime
) -> EntryPass:
    """Notes that a badge was returned, lost or found.

    A lost badge opens no door: its pass is suspended with it, and good again when the badge is found. Raises
    Conflict `illegal_move` for a step that its place doesn't allow.
    """
    found, event = await pass_store.lock_pass(session, pass_id)
    access.require(Permission.BADGES_PRINT, event.organisation_id)
    await session.refresh(found)
    if action not in BY_HAND or action not in BADGE_MOVES[found.badge]:
        raise Conflict("illegal_move", f"{found.badge.value} → {action.value}")
    was_lost = found.badge is BadgeState.LOST
    print_log.note(session, found, action, staff_id=access.staff_id, now=now, text=text)
    actor = audit.staff(access)
    if action is BadgeAction.LOST and found.state is PassState.ACTIVE:
        to_state, ground = PassState.SUSPENDED, text or LOST_GROUND
    elif was_lost and await _suspended_for_loss(session, found):
        to_state, ground = PassState.ACTIVE, ""
    else:
        await session.flush()
        return found
    return await passes.change_state(
        session, actor=actor, entry_pass=found, to_state=to_state, ground=ground, authority=access.name, now=now
    )


async def _suspended_for_loss(session: AsyncSession, entry_pass: EntryPass) -> bool:
    """Whether the pass is suspended because its badge was reported lost, and for no other reason."""
    lost_at = await store.find_lost_at(session, entry_pass.id)
    return entry_pass.state is PassState.SUSPENDED and entry_pass.state_at == lost_at


LOST_GROUND = "Báo mất thẻ"
"""What the door is told of a lost badge when nobody wrote more."""
