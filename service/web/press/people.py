"""For focal points: the people of their outlet, and applications for them."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from service.domain.accreditation import ApplicationState, ClassRule
from service.domain.errors import Conflict, Invalid
from service.domain.events import Event
from service.store import accreditation as store
from service.usecases.accreditation import entering, focal
from service.usecases.accreditation.focal import Colleague
from service.usecases.accreditation.profiles import LONGEST_NAME
from service.web.deps import Now, SessionDep
from service.web.forms import Checked, FormDep, attempt
from service.web.pages import pick
from service.web.press.access import PressPage, PressVisit, press_page
from service.web.press.entry import own_row
from service.web.press.entry_views import PeoplePage, PersonRow
from service.web.views import Option
from service.web.words import N_

router = APIRouter(prefix="/press/people", include_in_schema=False, route_class=PressPage)

_HERE = "/press/people"
_NO_NAME = N_("Enter the full name")
_NO_EMAIL = N_("Enter the e-mail address")
_KNOWN = N_(
    "Nobody was added. Whoever is registered already chooses your press organisation in their own profile, and stands "
    "here then."
)
_NEWS = {"added": N_("The colleague was added. They sign in by a mail link and agree to the use of their data.")}
Done = Annotated[str, Query(max_length=20)]


@router.get("")
async def show(
    session: SessionDep, now: Now, visit: PressVisit = press_page("press_events"), done: Done = ""
) -> Response:
    """Everybody of the outlet, with their applications."""
    page = await _page(session, visit, now)
    return visit.show("press/people.html", page=replace(page, news=visit.say(_NEWS[done]) if done in _NEWS else ""))


@router.post("")
async def add(form: FormDep, session: SessionDep, now: Now, visit: PressVisit = press_page("press_events")) -> Response:
    """Adds a colleague by name and address."""
    checked = Checked(visit, form)
    full_name = checked.text("full_name", wanted=_NO_NAME, most=LONGEST_NAME)
    email = checked.email("email")
    if not any(letter.isalpha() for letter in full_name) and not checked.errors:
        checked.wrong("full_name", _NO_NAME)
    if not form.one("email").strip():
        checked.wrong("email", _NO_EMAIL)
    if not checked.errors:
        try:
            async with attempt(session):
                await focal.add_colleague(
                    session,
                    journalist=visit.journalist,
                    full_name=full_name,
                    email=email,
                    language=visit.language,
                    now=now,
                )
        except Conflict:
            checked.wrong("email", _KNOWN)
        else:
            return RedirectResponse(f"{_HERE}?done=added", 303)
    page = await _page(session, visit, now)
    typed = replace(page, full_name=form.one("full_name"), email=form.one("email"), errors=tuple(checked.errors))
    return visit.show("press/people.html", status=422, page=typed)


@router.post("/{person_id}/applications")
async def start(
    person_id: UUID, form: FormDep, session: SessionDep, now: Now, visit: PressVisit = press_page("press_events")
) -> Response:
    """Begins a draft for a colleague and leads to it."""
    event_id, _, class_code = form.one("what").partition(":")
    made = await focal.start_for(
        session,
        journalist=visit.journalist,
        colleague_id=person_id,
        event_id=_event_id(event_id),
        class_code=class_code,
        now=now,
    )
    return RedirectResponse(f"/press/applications/{made.id}", 303)


def _event_id(value: str) -> UUID:
    """The event of a choice that the page put in. Raises Invalid for anything else."""
    try:
        return UUID(value)
    except ValueError as wrong:
        raise Invalid.at("/what", "invalid", "what") from wrong


async def _page(session: SessionDep, visit: PressVisit, now: datetime) -> PeoplePage:
    people = await focal.list_people(session, journalist=visit.journalist, now=now)
    openings = await focal.list_openings(session, now=now)
    outlet = await store.get_outlet(session, visit.journalist.outlet_id)
    rows = [await _row(session, visit, one, openings) for one in people]
    return PeoplePage(outlet=outlet.name, people=tuple(rows), full_name="", email="", news="", errors=())


async def _row(
    session: SessionDep, visit: PressVisit, one: Colleague, openings: list[tuple[Event, ClassRule]]
) -> PersonRow:
    living = [pair for pair in one.applications if pair[0].state is not ApplicationState.WITHDRAWN]
    taken = {event.id for _, event in living}
    rows = [await own_row(session, visit, found, event, entering.turn_of(found)) for found, event in living]
    return PersonRow(
        id=str(one.journalist.id),
        name=one.journalist.full_name,
        email=one.journalist.email,
        has_agreed=one.has_agreed,
        is_me=one.journalist.id == visit.journalist.id,
        applications=tuple(rows),
        to_start=tuple(
            Option(f"{event.id}:{rule.code}", f"{pick(event, 'title', visit.language)}: {rule.name[visit.language]}")
            for event, rule in openings
            if event.id not in taken
        ),
    )
