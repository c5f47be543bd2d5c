"""The template of one format: seen with live data, tried, taken into use, and given up for the built-in one."""

import base64
import re
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.badge_formats import BadgeFormat
from service.domain.errors import Invalid, NotFound
from service.domain.events import Event
from service.domain.passes import EntryPass
from service.usecases import badges, events
from service.usecases.badges import TemplateInUse
from service.web.answers import Png
from service.web.badge_views import Fault, Sheet, TemplatePage
from service.web.console import reading
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.design import PRIVATE, badges_href
from service.web.console.place import place_of
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import UNREADABLE, FormDep, attempt
from service.web.views import FieldError, Option
from service.web.words import N_

router = APIRouter(prefix="/console/events/{event_id}/badges", include_in_schema=False, route_class=ConsolePage)

_SHEETS = {BadgeFormat.A6: BadgeFormat.SHEET_A6, BadgeFormat.CR80: BadgeFormat.SHEET_CR80}
_LONGEST = 100_000
_SHOWN = 20
_PLACED = re.compile(r"line (\d+), column (\d+): (.*)", re.DOTALL)
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_EMPTY = N_("Write the template, or go back to the built-in one")
_TOO_LONG = N_("Shorten the template: at most 100,000 characters")
_PLACE = N_("Line %(line)s, column %(column)s: %(problem)s")
_SAMPLE = N_("A sample")


@dataclass(frozen=True)
class _Shown:
    """What the page is about: the event, the template in use, and with whose data badges are seen (None: a sample)."""

    event: Event
    template: TemplateInUse
    q: str
    found: list[EntryPass]
    chosen: UUID | None


@dataclass(frozen=True)
class _Sent:
    """A source that was sent: the picture that it makes, or what is wrong with it."""

    source: str
    picture: bytes = b""
    problem: str = ""
    fault: Fault | None = None


@router.get("/{format}")
async def open_template(
    event_id: UUID,
    form: Annotated[BadgeFormat, Path(alias="format")],
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_READ, "events"),
    q: reading.Filter = "",
    pass_id: reading.Filter = "",
    done: reading.Filter = "",
) -> Response:
    """The source in use and a picture of what it makes, with the data of a pass or of a sample."""
    shown = await _look(session, visit, event_id, form, q=q, pass_id=pass_id, now=now)
    return visit.show("console/badge_template.html", page=_page(visit, shown, None, done=done))


@router.post("/{format}")
async def send_template(
    event_id: UUID,
    form: Annotated[BadgeFormat, Path(alias="format")],
    typed: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.BADGES_DESIGN, "events"),
) -> Response:
    """Tries what was typed, or takes it into use; what can't be used comes back whole, with the place of its fault."""
    source, keep = typed.one("source").replace("\r\n", "\n"), typed.one("do") == "keep"
    q, pass_id = typed.one("q"), typed.one("pass_id")
    shown = await _look(session, visit, event_id, form, q=q, pass_id=pass_id, now=now)
    visit.access.require(Permission.BADGES_DESIGN, shown.event.organisation_id)
    problem = _unwritable(source)
    sent: _Sent | None = None
    if problem:
        sent = _Sent(source, problem=visit.say(problem))
    elif keep or source != shown.template.source:
        sent = await _send(session, visit, shown, source, keep=keep, vault=vault, now=now)
    if keep and sent and not sent.problem:
        return _back(event_id, form, "template_kept", q=q, pass_id=pass_id)
    status = 422 if sent and sent.problem else 200
    return visit.show("console/badge_template.html", status=status, page=_page(visit, shown, sent))


async def _send(
    session: SessionDep, visit: Visit, shown: _Shown, source: str, *, keep: bool, vault: VaultDep, now: Now
) -> _Sent:
    shared: dict[str, Any] = {
        "access": visit.access,
        "event_id": shown.event.id,
        "form": shown.template.format,
        "source": source,
        "vault": vault,
        "now": now,
    }
    try:
        async with attempt(session):
            if keep:
                await badges.change_template(session, **shared)
                return _Sent(source)
            return _Sent(source, picture=await badges.preview(session, pass_id=shown.chosen, **shared))
    except Invalid as refusal:
        fault = _fault(refusal.detail, source)
        placed = visit.say(_PLACE, line=fault.line, column=fault.column, problem=fault.message)
        return _Sent(source, problem=placed if fault.line else fault.message, fault=fault)


@router.post("/{format}/built-in")
async def use_built_in(
    event_id: UUID,
    form: Annotated[BadgeFormat, Path(alias="format")],
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.BADGES_DESIGN, "events"),
) -> Response:
    """The built-in template is in use again; the organiser's own stays among its older versions."""
    await badges.change_template(
        session, access=visit.access, event_id=event_id, form=form, source="", vault=vault, now=now
    )
    return _back(event_id, form, "template_built_in")


@router.get("/{format}/preview.png")
async def preview(
    event_id: UUID,
    form: Annotated[BadgeFormat, Path(alias="format")],
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_READ, "events"),
    pass_id: Annotated[UUID | None, Query()] = None,
) -> Response:
    """A badge, or a sheet, as the template in use makes it."""
    made = await badges.preview(
        session,
        access=visit.access,
        event_id=event_id,
        form=form,
        source=None,
        pass_id=pass_id,
        vault=vault,
        now=now,
    )
    return Png(made, headers=PRIVATE)


async def _look(
    session: SessionDep, visit: Visit, event_id: UUID, form: BadgeFormat, *, q: str, pass_id: str, now: Now
) -> _Shown:
    if form is not form.base:
        raise NotFound("template")
    access, wanted = visit.access, reading.read_text("q", q)
    event = await events.require_event(session, access=access, event_id=event_id, permission=Permission.PASSES_READ)
    template = await badges.read_template(session, access=access, event_id=event_id, form=form)
    chosen = reading.read_id("pass_id", pass_id)
    found = await badges.find_holders(
        session, access=access, event_id=event_id, q=wanted, chosen=chosen, limit=_SHOWN, now=now
    )
    # Whoever searches wants to see what was found: the first one, until another is chosen.
    return _Shown(event, template, wanted, found, chosen or (found[0].id if found else None))


def _unwritable(source: str) -> str:
    """The msgid of what is wrong before the source is even tried, or nothing."""
    if not source.strip():
        return _EMPTY
    if len(source) > _LONGEST:
        return _TOO_LONG
    return UNREADABLE if _HIDDEN.search(source) else ""


def _fault(detail: str, source: str) -> Fault:
    """The place that a refusal names, with the line of the source that stands there."""
    placed = _PLACED.fullmatch(detail)
    if placed is None:
        return Fault(0, 0, detail, "")
    line, column = int(placed[1]), int(placed[2])
    lines = source.split("\n")
    return Fault(line, column, placed[3], lines[line - 1] if line <= len(lines) else "")


def _back(event_id: UUID, form: BadgeFormat, done: str, **query: str) -> Response:
    return RedirectResponse(reading.address(f"{badges_href(event_id)}/{form.value}", done=done, **query), 303)


def _page(visit: Visit, shown: _Shown, sent: _Sent | None, *, done: str = "") -> TemplatePage:
    template, here = shown.template, badges_href(shown.event.id)
    chosen = str(shown.chosen or "")
    source = sent.source if sent else template.source
    changeable = visit.access.allows(Permission.BADGES_DESIGN, shown.event.organisation_id)
    href = f"{here}/{template.format.value}"
    return TemplatePage(
        place=place_of(visit, shown.event, "badges", news=done),
        badges_href=here,
        format=template.format.value,
        href=href,
        action=href if changeable else "",
        built_in_action=f"{href}/built-in" if changeable and not template.built_in else "",
        built_in=template.built_in,
        version=template.version,
        changed_at=template.changed_at,
        source=source,
        lines=source.count("\n") + 1,
        tried=sent is not None,
        picture=_picture(sent, reading.address(f"{href}/preview.png", pass_id=chosen)),
        sheet=_sheet(here, _SHEETS.get(template.format), chosen),
        q=shown.q,
        choices=(Option("", visit.say(_SAMPLE)), *(Option(str(one.id), _named(one)) for one in shown.found)),
        chosen=chosen,
        fault=sent.fault if sent else None,
        errors=(FieldError("source", sent.problem),) if sent and sent.problem else (),
    )


def _picture(sent: _Sent | None, in_use: str) -> str:
    if sent is None or not sent.picture:
        return in_use
    return f"data:image/png;base64,{base64.b64encode(sent.picture).decode()}"


def _sheet(here: str, form: BadgeFormat | None, chosen: str) -> Sheet | None:
    if form is None:
        return None
    return Sheet(form.value, reading.address(f"{here}/{form.value}/preview.png", pass_id=chosen))


def _named(one: EntryPass) -> str:
    return f"{one.holder_name}, {one.organisation_name}" if one.organisation_name else one.holder_name
