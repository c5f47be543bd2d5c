"""An organiser's own templates: tried before they are taken into use, and seen with live data."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.badge_formats import BadgeFormat
from service.domain.badges import BadgeTemplate
from service.domain.base import new_id
from service.domain.errors import Invalid, NotFound
from service.domain.events import Event
from service.domain.faces import PassFace
from service.domain.files import FilePurpose
from service.domain.localtime import end_of, local_day, start_of
from service.domain.passes import Category, EntryPass
from service.store import badges as store
from service.store import events as event_store
from service.store import files
from service.store import passes as pass_store
from service.store.printing.badges import Badge, built_in_template, render_badges, render_pictures
from service.store.printing.faults import TemplateFault
from service.store.vault import Vault
from service.usecases import audit
from service.usecases.badges.designs import open_logo, require_event
from service.usecases.badges.faces import faces_of

_SAMPLE_CODE = "x" * 213
_PREVIEW_PPI = 150
_ON_A_SHEET = {BadgeFormat.SHEET_CR80: 10, BadgeFormat.SHEET_A6: 4}


@dataclass(frozen=True)
class TemplateInUse:
    """The source that badges of one format are made from; version 0: the built-in one."""

    format: BadgeFormat
    source: str
    version: int
    built_in: bool
    changed_at: datetime | None


async def read_template(session: AsyncSession, *, access: Access, event_id: UUID, form: BadgeFormat) -> TemplateInUse:
    """What is in use for the format (a sheet's is that of the badges on it)."""
    await require_event(session, access, event_id, Permission.PASSES_READ)
    found = await store.find_template(session, event_id, form.base)
    own = found.source if found else ""
    return TemplateInUse(
        form.base,
        own or built_in_template(form.base),
        found.version if found else 0,
        not own,
        found.created_at if found else None,
    )


async def own_template(session: AsyncSession, event_id: UUID, form: BadgeFormat) -> str | None:
    """The organiser's own source for the format, or None for the built-in one."""
    found = await store.find_template(session, event_id, form.base)
    return (found.source or None) if found else None


async def change_template(
    session: AsyncSession,
    *,
    access: Access,
    event_id: UUID,
    form: BadgeFormat,
    source: str,
    vault: Vault,
    now: datetime,
) -> TemplateInUse:
    """Takes a template into use; an empty source is the built-in one again.

    It is tried on sample passes first. Raises Invalid `template_invalid` with line and column when it doesn't
    compile; the older one then stays in use.
    """
    event = await event_store.lock_event(session, event_id)
    access.require(Permission.BADGES_DESIGN, event.organisation_id)
    if source.strip():
        badges = [Badge(face, None) for face in await _samples(session, event_id)]
        logo = await open_logo(session, event_id, vault)
        try:
            await render_badges(badges, form=form.base, logo=logo, template=source, now=now)
        except TemplateFault as fault:
            raise fault_of(fault) from fault
    before = await store.find_template(session, event_id, form.base)
    version = before.version + 1 if before else 1
    made = BadgeTemplate(
        event_id=event_id,
        format=form.base,
        version=version,
        source=source if source.strip() else "",
        staff_id=access.staff_id,
        created_at=now,
    )
    session.add(made)
    await session.flush()
    audit.record_for(
        session, access, "changed", "badge_template", made.id, event, now, format=form.base.value, version=version
    )
    return await read_template(session, access=access, event_id=event_id, form=form)


def fault_of(fault: TemplateFault) -> Invalid:
    """The refusal that tells where a template is wrong."""
    where = f"line {fault.line}, column {fault.column}: " if fault.line else ""
    return Invalid.at("/source", "template_invalid", f"{where}{fault.message}")


async def preview(
    session: AsyncSession,
    *,
    access: Access,
    event_id: UUID,
    form: BadgeFormat,
    source: str | None,
    pass_id: UUID | None,
    vault: Vault,
    now: datetime,
) -> bytes:
    """A picture (PNG) of a badge, or of a sheet full of it, with a pass of the event or a sample; `source` None: what
    is in use.

    Nothing is kept or printed. Raises Invalid `template_invalid`.
    """
    await require_event(session, access, event_id, Permission.PASSES_READ)
    face, photo = await _shown(session, access, event_id, pass_id, vault, now)
    template = source if source is not None else await own_template(session, event_id, form)
    logo = await open_logo(session, event_id, vault)
    badges = [Badge(face, photo)] * _ON_A_SHEET.get(form, 1)
    try:
        pictures = await render_pictures(
            badges, form=form, logo=logo, template=template or None, now=now, ppi=_PREVIEW_PPI
        )
    except TemplateFault as fault:
        raise fault_of(fault) from fault
    return pictures[0]


async def _shown(
    session: AsyncSession, access: Access, event_id: UUID, pass_id: UUID | None, vault: Vault, now: datetime
) -> tuple[PassFace, bytes | None]:
    if pass_id is None:
        return (await _samples(session, event_id))[0], None
    entry_pass, event = await pass_store.get_pass(session, pass_id)
    if event.id != event_id:
        raise NotFound("pass")
    audit.record_for(session, access, "viewed", "pass", pass_id, event, now)
    (face,) = await faces_of(session, event_id=event_id, passes=[entry_pass])
    photo = (
        await files.open_file(session, entry_pass.portrait_id, FilePurpose.PORTRAIT, vault)
        if entry_pass.portrait_id
        else None
    )
    return face, photo


async def _samples(session: AsyncSession, event_id: UUID) -> list[PassFace]:
    """Faces that try a template: an ordinary one, and one with everything at its longest."""
    event, _ = await store.get_event(session, event_id)
    zones = await store.list_zones(session, event_id)
    codes = sorted(zones)[:8] or ["A"]
    today = local_day(event.created_at)
    days = await pass_store.find_period(session, event_id) or (today, today)
    plain = _sample(event, days, "Nguyễn Thị Hải Yến", "Báo Sóng Xanh", codes[:2])
    longest = _sample(event, days, "Công Tằng Tôn Nữ Nguyễn Phước Quỳnh Như " * 4, "Thông tấn xã " * 12, codes)
    longest.heads, longest.version, longest.native_name = 40, 2, "홍길동 王小明"
    return await faces_of(session, event_id=event_id, passes=[plain, longest])


def _sample(event: Event, days: tuple[date, date], name: str, organisation: str, zones: list[str]) -> EntryPass:
    return EntryPass(
        id=new_id(),
        event_id=event.id,
        serial="SAMP1E0000",
        human_code="SAMP1E0000",
        code=_SAMPLE_CODE,
        holder_name=name.strip(),
        folded="",
        organisation_name=organisation.strip(),
        category=Category.PRESS,
        zones=zones,
        valid_from=start_of(days[0]),
        valid_until=end_of(days[1]),
        state_at=event.created_at,
        list_version=0,
        key_id=new_id(),
        code_hash=b"",
        issued_at=event.created_at,
    )
