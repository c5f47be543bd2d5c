"""How the badges of an event look: classes with word and colour, the logo, and the templates at a glance."""

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.errors import Invalid
from service.usecases import badges
from service.usecases.badges import ClassFacts, Design, TemplateInUse
from service.web import badge_views as view
from service.web.answers import Png
from service.web.console import reading
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.place import place_of
from service.web.console.start import event_href
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import FormDep, attempt
from service.web.views import FieldError
from service.web.words import N_

router = APIRouter(prefix="/console/events/{event_id}/badges", include_in_schema=False, route_class=ConsolePage)

_NO_FILE = N_("Choose the picture of the logo")
_BAD_FILE = N_("This picture cannot be used. Choose a JPEG, PNG or WebP file that opens on your device.")
PRIVATE = {"Cache-Control": "private, no-store"}


def badges_href(event_id: UUID) -> str:
    """The page of an event's badges."""
    return f"{event_href(event_id)}/badges"


@router.get("")
async def open_design(
    event_id: UUID,
    session: SessionDep,
    visit: Visit = page(Permission.PASSES_READ, "events"),
    done: reading.Filter = "",
) -> Response:
    """Classes, logo, and a picture of each format."""
    found = await badges.open_design(session, access=visit.access, event_id=event_id)
    return visit.show("console/badges.html", page=_page(visit, found, done=done))


@router.post("")
async def keep_logo(
    event_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.BADGES_DESIGN, "events"),
) -> Response:
    """Sets the logo; a file that is no picture is told at its field."""
    content = await form.file("file")
    problem = "" if content else _NO_FILE
    if content:
        try:
            async with attempt(session):
                await badges.keep_logo(
                    session, access=visit.access, event_id=event_id, content=content, vault=vault, now=now
                )
        except Invalid:
            problem = _BAD_FILE
    if problem:
        found = await badges.open_design(session, access=visit.access, event_id=event_id)
        errors = (FieldError("file", visit.say(problem)),)
        return visit.show("console/badges.html", status=422, page=_page(visit, found, errors=errors))
    return _back(event_id, "logo_kept", "logo")


@router.post("/logo/remove")
async def remove_logo(
    event_id: UUID, session: SessionDep, now: Now, visit: Visit = page(Permission.BADGES_DESIGN, "events")
) -> Response:
    """Badges carry no logo any more."""
    await badges.remove_logo(session, access=visit.access, event_id=event_id, now=now)
    return _back(event_id, "logo_removed", "logo")


@router.get("/logo.png")
async def show_logo(
    event_id: UUID, session: SessionDep, vault: VaultDep, visit: Visit = page(Permission.PASSES_READ, "events")
) -> Response:
    """The logo as it is printed."""
    logo = await badges.show_logo(session, access=visit.access, event_id=event_id, vault=vault)
    return Png(logo, headers=PRIVATE)


def _back(event_id: UUID, done: str, fragment: str) -> Response:
    return RedirectResponse(reading.address(badges_href(event_id), fragment, done=done), 303)


def _page(visit: Visit, found: Design, *, done: str = "", errors: tuple[FieldError, ...] = ()) -> view.BadgesPage:
    here = badges_href(found.event.id)
    return view.BadgesPage(
        place=place_of(visit, found.event, "badges", news=done),
        classes=tuple(_class(here, one, found.changeable) for one in found.classes),
        add_href=f"{here}/new-class" if found.changeable else "",
        logo=view.Logo(
            src=f"{here}/logo.png" if found.has_logo else "",
            action=here if found.changeable else "",
            errors=errors,
        ),
        formats=tuple(_format(here, one) for one in found.templates),
    )


def _class(here: str, one: ClassFacts, changeable: bool) -> view.ClassRow:
    return view.ClassRow(
        code=one.code,
        category=one.category.value,
        name_vi=one.name_vi,
        name_en=one.name_en,
        colour=one.colour,
        own=one.own,
        passes=one.passes,
        href=f"{here}/classes/{one.code}" if changeable else "",
    )


def _format(here: str, one: TemplateInUse) -> view.FormatCard:
    return view.FormatCard(
        format=one.format.value,
        href=f"{here}/{one.format.value}",
        preview_href=f"{here}/{one.format.value}/preview.png",
        built_in=one.built_in,
        version=one.version,
        changed_at=one.changed_at,
    )
