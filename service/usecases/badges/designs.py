"""How the badges of an event look: classes with word and colour, and the logo."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.badges import BadgeDesign, PassClass
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.events import Event
from service.domain.files import FilePurpose
from service.domain.passes import Category
from service.store import badges as store
from service.store import events as event_store
from service.store import files, images
from service.store.vault import Vault
from service.usecases import audit
from service.usecases.badges.faces import class_words

_CATEGORIES = frozenset(category.value for category in Category)


async def require_event(session: AsyncSession, access: Access, event_id: UUID, permission: Permission) -> Event:
    """The event; Forbidden unless `permission` holds in its organisation."""
    event = await event_store.get(session, Event, event_id, "event")
    access.require(permission, event.organisation_id)
    return event


async def list_classes(
    session: AsyncSession, *, access: Access, event_id: UUID
) -> list[tuple[str, Category, str, str, str]]:
    """(code, category, word vi, word en, colour): the class of every category, then the event's further ones."""
    await require_event(session, access, event_id, Permission.PASSES_READ)
    own = await store.list_classes(session, event_id)
    words = class_words(own)
    rows = [(category.value, category, *words(category, "")) for category in Category]
    return rows + [
        (one.code, one.category, one.name_vi, one.name_en, one.colour) for one in own if one.code not in _CATEGORIES
    ]


async def keep_class(
    session: AsyncSession, *, access: Access, event_id: UUID, code: str, facts: dict[str, Any], now: datetime
) -> PassClass:
    """Adds or changes a class: `category`, `name_vi`, `name_en`, `colour`. Badges printed already stay as they are.

    Raises Invalid when a class with a category's code is to be another category's.
    """
    event = await require_event(session, access, event_id, Permission.BADGES_DESIGN)
    if code in _CATEGORIES and facts["category"] is not Category(code):
        raise Invalid.at("/category", "invalid", f"the class {code} belongs to the category {code}")
    found = await store.find_class(session, event_id, code)
    if found is None:
        found = PassClass(event_id=event_id, code=code, created_at=now, **facts)
        session.add(found)
        fields, action = sorted(facts), "added"
    else:
        if found.category is not facts["category"] and await store.count_class_uses(session, event_id, code):
            raise Conflict("still_in_use", "passes of this class have its category")
        fields, action = audit.apply(found, facts), "changed"
    await session.flush()
    if fields:
        audit.record_for(session, access, action, "pass_class", found.id, event, now, fields=fields)
    return found


async def remove_class(session: AsyncSession, *, access: Access, event_id: UUID, code: str, now: datetime) -> None:
    """Removes an event's own class; a category falls back to its built-in one. Conflict while passes name it."""
    event = await require_event(session, access, event_id, Permission.BADGES_DESIGN)
    found = await store.find_class(session, event_id, code)
    if found is None:
        raise NotFound("class")
    if await store.count_class_uses(session, event_id, code):
        raise Conflict("still_in_use", "passes name this class")
    await session.delete(found)
    audit.record_for(session, access, "removed", "pass_class", found.id, event, now)


async def keep_logo(
    session: AsyncSession, *, access: Access, event_id: UUID, content: bytes, vault: Vault, now: datetime
) -> None:
    """The event's logo on all its badges, drawn anew as PNG. Raises Invalid at `/file`."""
    event = await require_event(session, access, event_id, Permission.BADGES_DESIGN)
    try:
        picture = await asyncio.to_thread(images.logo, content)
    except images.ImageFault as fault:
        raise Invalid.at("/file", "invalid", str(fault)) from fault
    kept = await files.add_file(
        session, purpose=FilePurpose.LOGO, media_type="image/png", content=picture, vault=vault, now=now
    )
    await _set_logo(session, event, kept.id)
    audit.record_for(session, access, "logo_kept", "event", event.id, event, now)


async def remove_logo(session: AsyncSession, *, access: Access, event_id: UUID, now: datetime) -> None:
    """Badges carry no logo any more."""
    event = await require_event(session, access, event_id, Permission.BADGES_DESIGN)
    design = await store.find_design(session, event_id)
    if design is None or design.logo_id is None:
        raise NotFound("logo")
    await _set_logo(session, event, None)
    audit.record_for(session, access, "logo_removed", "event", event.id, event, now)


async def _set_logo(session: AsyncSession, event: Event, logo_id: UUID | None) -> None:
    design = await store.find_design(session, event.id)
    if design is None:
        session.add(BadgeDesign(event_id=event.id, logo_id=logo_id))
        await session.flush()
        return
    before, design.logo_id = design.logo_id, logo_id
    await session.flush()
    if before is not None:
        await files.remove_file(session, before)


async def open_logo(session: AsyncSession, event_id: UUID, vault: Vault) -> bytes | None:
    """The event's logo as PNG, or None."""
    design = await store.find_design(session, event_id)
    if design is None or design.logo_id is None:
        return None
    return await files.open_file(session, design.logo_id, FilePurpose.LOGO, vault)
