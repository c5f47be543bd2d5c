"""The face of a pass, put together from the pass, its event, its class; and the portrait on it."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Organisation, Permission
from service.domain.badges import CATEGORY_CLASSES, PassClass
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.events import Event, Occurrence
from service.domain.faces import PassFace, PlaceFace, ZoneFace
from service.domain.files import FilePurpose
from service.domain.passes import Category, EntryPass
from service.domain.places import Venue
from service.store import badges as store
from service.store import files, images
from service.store import passes as pass_store
from service.store.vault import Vault
from service.usecases import audit

JPEG = "image/jpeg"


async def faces_of(session: AsyncSession, *, event_id: UUID, passes: Iterable[EntryPass]) -> list[PassFace]:
    """The faces of passes of one event, in their order, with a fixed number of queries."""
    event, organiser = await store.get_event(session, event_id)
    classes = class_words(await store.list_classes(session, event_id))
    zones = await store.list_zones(session, event_id)
    places = await store.list_places(session, event_id)
    return [_face(one, event, organiser, classes, zones, places) for one in passes]


Words = tuple[str, str, str]
Places = list[tuple[Occurrence, Venue, frozenset[str]]]


def class_words(classes: Iterable[PassClass]) -> Callable[[Category, str], Words]:
    """(word vi, word en, colour) of a category and class code; the category's own where the event has no such class."""
    own = {one.code: (one.name_vi, one.name_en, one.colour) for one in classes}

    def words(category: Category, code: str) -> Words:
        return own.get(code) or own.get(category.value) or CATEGORY_CLASSES[category]

    return words


def _face(
    one: EntryPass,
    event: Event,
    organiser: Organisation,
    classes: Callable[[Category, str], Words],
    zones: dict[str, tuple[str, str]],
    places: Places,
) -> PassFace:
    class_vi, class_en, colour = classes(one.category, one.class_code)
    return PassFace(
        id=one.id,
        event_id=event.id,
        serial=one.serial,
        human_code=one.human_code,
        code=one.code,
        version=one.version,
        holder_name=one.holder_name,
        native_name=one.native_name,
        organisation_name=one.organisation_name,
        class_vi=class_vi,
        class_en=class_en,
        colour=colour,
        zones=tuple(ZoneFace(code, *zones.get(code, ("", ""))) for code in one.zones),
        heads=one.heads,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        valid_days=None if one.valid_days is None else tuple(one.valid_days),
        daily_from=one.daily_from,
        daily_to=one.daily_to,
        event_vi=event.title_vi,
        event_en=event.title_en,
        organiser_vi=organiser.name_vi,
        organiser_en=organiser.name_en,
        places=tuple(_place(stop, venue) for stop, venue, codes in places if codes & set(one.zones)),
    )


def _place(stop: Occurrence, venue: Venue) -> PlaceFace:
    return PlaceFace(
        venue_vi=venue.name_vi,
        venue_en=venue.name_en,
        address=venue.address,
        opens_on=stop.opens_on,
        closes_on=stop.closes_on,
        daily_from=stop.daily_from,
        daily_to=stop.daily_to,
        latitude=venue.lat,
        longitude=venue.lon,
    )


async def keep_portrait(
    session: AsyncSession, *, access: Access, pass_id: UUID, content: bytes, vault: Vault, now: datetime
) -> EntryPass:
    """The holder's portrait: turned upright, cut to 3:4, made small and sealed; an older one is removed.

    Raises Invalid at `/file` for what is no picture, Conflict `illegal_move` for a group pass, which names no faces.
    """
    found, event = await pass_store.get_pass(session, pass_id)
    access.require(Permission.PASSES_ISSUE, event.organisation_id)
    if found.heads > 1:
        raise Conflict("illegal_move", "a group pass has no portrait")
    try:
        picture = await asyncio.to_thread(images.portrait, content)
    except images.ImageFault as fault:
        raise Invalid.at("/file", "invalid", str(fault)) from fault
    # Only now: while a picture is drawn anew, its holder may stand at a gate.
    await pass_store.lock_pass(session, pass_id)
    await session.refresh(found)
    kept = await files.add_file(
        session, purpose=FilePurpose.PORTRAIT, media_type=JPEG, content=picture, vault=vault, now=now
    )
    await _set_portrait(session, found, kept.id)
    _record(session, access, "portrait_kept", found, now)
    return found


async def open_portrait(session: AsyncSession, *, access: Access, pass_id: UUID, vault: Vault, now: datetime) -> bytes:
    """The portrait as JPEG; that it was seen is kept in the audit. Raises NotFound when there is none."""
    found, event = await pass_store.get_pass(session, pass_id)
    access.require(Permission.PASSES_READ, event.organisation_id)
    if found.portrait_id is None:
        raise NotFound("portrait")
    _record(session, access, "portrait_viewed", found, now)
    return await files.open_file(session, found.portrait_id, FilePurpose.PORTRAIT, vault)


async def remove_portrait(session: AsyncSession, *, access: Access, pass_id: UUID, now: datetime) -> None:
    """The pass has no portrait any more."""
    found, event = await pass_store.lock_pass(session, pass_id)
    access.require(Permission.PASSES_ISSUE, event.organisation_id)
    if found.portrait_id is None:
        raise NotFound("portrait")
    await _set_portrait(session, found, None)
    _record(session, access, "portrait_removed", found, now)


async def _set_portrait(session: AsyncSession, entry_pass: EntryPass, portrait_id: UUID | None) -> None:
    """Another portrait, or none; the older one goes when no other pass of the chain shows it."""
    before, entry_pass.portrait_id = entry_pass.portrait_id, portrait_id
    await session.flush()
    if before is not None and not await store.count_portrait_uses(session, before):
        await files.remove_file(session, before)


def _record(session: AsyncSession, access: Access, action: str, entry_pass: EntryPass, now: datetime) -> None:
    audit.record(
        session,
        actor=audit.staff(access),
        action=action,
        noun="pass",
        object_id=entry_pass.id,
        event_id=entry_pass.event_id,
        now=now,
    )
