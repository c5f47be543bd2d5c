"""How the badges of an event look, as one reader sees it: its classes, logo and templates at a glance."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.badge_formats import BadgeFormat
from service.domain.errors import NotFound
from service.domain.events import Event
from service.domain.passes import Category, EntryPass
from service.store import badges as store
from service.store import passes as pass_store
from service.store.vault import Vault
from service.usecases import audit
from service.usecases.badges.designs import list_classes, open_logo, require_event
from service.usecases.badges.templates import TemplateInUse, read_template

SINGLE = (BadgeFormat.A6, BadgeFormat.CR80, BadgeFormat.WRISTBAND)
"""The formats that have a template of their own; sheets are made of them."""


@dataclass(frozen=True)
class ClassFacts:
    """A class of passes. `own`: the event's, not the built-in one of its category; `passes` name it."""

    code: str
    category: Category
    name_vi: str
    name_en: str
    colour: str
    own: bool
    passes: int


@dataclass(frozen=True)
class Design:
    """How badges look; `changeable`: by this reader."""

    event: Event
    classes: list[ClassFacts]
    has_logo: bool
    templates: list[TemplateInUse]
    changeable: bool


async def open_design(session: AsyncSession, *, access: Access, event_id: UUID) -> Design:
    """Classes, logo and the templates in use, with a fixed number of queries."""
    event = await require_event(session, access, event_id, Permission.PASSES_READ)
    design = await store.find_design(session, event_id)
    return Design(
        event=event,
        classes=await _classes(session, access, event_id),
        has_logo=design is not None and design.logo_id is not None,
        templates=[await read_template(session, access=access, event_id=event_id, form=form) for form in SINGLE],
        changeable=access.allows(Permission.BADGES_DESIGN, event.organisation_id),
    )


async def open_classes(session: AsyncSession, *, access: Access, event_id: UUID) -> tuple[Event, dict[str, ClassFacts]]:
    """The event and its classes by their codes, for those who may change them."""
    event = await require_event(session, access, event_id, Permission.BADGES_DESIGN)
    return event, {one.code: one for one in await _classes(session, access, event_id)}


async def _classes(session: AsyncSession, access: Access, event_id: UUID) -> list[ClassFacts]:
    own = {one.code for one in await store.list_classes(session, event_id)}
    uses = await store.count_classes(session, event_id)
    rows = await list_classes(session, access=access, event_id=event_id)
    return [ClassFacts(*row, own=row[0] in own, passes=uses.get(row[0], 0)) for row in rows]


async def show_logo(session: AsyncSession, *, access: Access, event_id: UUID, vault: Vault) -> bytes:
    """The logo as PNG, for those who may see the event's passes. Raises NotFound when there is none."""
    await require_event(session, access, event_id, Permission.PASSES_READ)
    logo = await open_logo(session, event_id, vault)
    if logo is None:
        raise NotFound("logo")
    return logo


async def find_holders(
    session: AsyncSession,
    *,
    access: Access,
    event_id: UUID,
    q: str,
    chosen: UUID | None,
    limit: int,
    now: datetime,
) -> list[EntryPass]:
    """Passes with whose data a badge can be seen: up to `limit` that `q` finds (empty: none), and the one `chosen`.

    That their names were shown is kept in the audit. Raises NotFound for a chosen pass of another event.
    """
    event = await require_event(session, access, event_id, Permission.PASSES_READ)
    found = await pass_store.list_passes(session, event_id=event_id, q=q, limit=limit) if q else []
    if chosen is not None and chosen not in {one.id for one in found}:
        one, of = await pass_store.get_pass(session, chosen)
        if of.id != event_id:
            raise NotFound("pass")
        found = [one, *found]
    if found:
        audit.record_for(session, access, "viewed", "pass_list", event_id, event, now, rows=len(found))
    return found
