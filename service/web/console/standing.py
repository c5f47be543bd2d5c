"""Standing accreditations: the list of them, giving one, ending one."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Permission
from service.domain.accreditation import ClassRule, Journalist, StandingAccreditation
from service.domain.errors import Conflict, Invalid
from service.domain.localtime import local_day
from service.store.standing import Kept
from service.usecases.accreditation import standing_giving
from service.usecases.accreditation.standing_giving import StandingList, StandingWish
from service.web import press_office_views as view
from service.web.console import reading
from service.web.console.access import ConsolePage, Visit, page
from service.web.deps import Now, SessionDep
from service.web.forms import Checked, Form, FormDep, attempt
from service.web.pages import date_vn
from service.web.schemas import write_cursor
from service.web.views import Option, Pager
from service.web.words import N_

router = APIRouter(prefix="/console/standing", include_in_schema=False, route_class=ConsolePage)

STANDING = "/console/standing"
_LIMIT = 50
_LONGEST = 2000
_HOLDS = {"": True, "other": False, "all": None}
_NEWS = {"given": N_("The standing accreditation is given"), "ended": N_("The standing accreditation is ended")}
_NO_WHO = N_("Write their e-mail address or their name")
_NOBODY = N_("Nobody is registered under this. Ask them to register in the press portal first.")
_CHOOSE = N_("Choose who is meant")
_NO_GROUND = N_("Say on what ground, for example a letter with its number and date")
_NO_END = N_("Say why it ends")
_NO_FROM = N_("Write its first day")
_NO_UNTIL = N_("Write its last day")
_WRONG = {
    "dates_reversed": N_("The last day lies before the first one"),
    "expired": N_("The last day is over already"),
    "invalid": N_("A standing accreditation lasts a year at most"),
}
_KNOWN = N_("They have one of this class on some of these days: %(days)s")
_ENDED = N_("It was ended meanwhile")


@router.get("")
async def open_list(
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_DECIDE, "standing"),
    q: reading.Filter = "",
    state: reading.Filter = "",
    cursor: reading.Cursor = "",
    news: reading.Filter = "",
) -> Response:
    """The newest first; without a filter those that are in force."""
    if state not in _HOLDS:
        raise Invalid.at("/query/state", "invalid", "state")
    wanted = reading.read_text("q", q)
    found = await standing_giving.open_list(
        session,
        access=visit.access,
        q=wanted,
        holds=_HOLDS[state],
        after=reading.read_cursor_id(cursor),
        limit=_LIMIT,
        now=now,
    )
    classes = await standing_giving.classes(session)
    here = reading.address(STANDING, q=wanted, state=state)
    older = write_cursor(str(found.rows[-1][0].id)) if found.more else ""
    shown = view.StandingPage(
        href=STANDING,
        give_href=f"{STANDING}/give",
        q=wanted,
        state=state,
        rows=_rows(found, classes, local_day(now)),
        found=found.found,
        total=found.total,
        pager=Pager(
            older_href=reading.address(STANDING, q=wanted, state=state, cursor=older) if older else None,
            newer_href=here if cursor else None,
        ),
        news=visit.say(_NEWS[news]) if news in _NEWS else "",
    )
    return visit.show("console/standing.html", page=shown)


def _rows(found: StandingList, classes: dict[str, ClassRule], today: date) -> tuple[view.StandingRow, ...]:
    return tuple(_row(one, classes, today) for one in found.rows)


def _row(kept: Kept, classes: dict[str, ClassRule], today: date) -> view.StandingRow:
    one, journalist, outlet, organisation = kept
    vi, en = _class_name(one, classes)
    state = _state(one, today)
    return view.StandingRow(
        name=journalist.full_name,
        email=journalist.email,
        outlet=outlet.name,
        class_vi=vi,
        class_en=en,
        organisation_vi=organisation.name_vi,
        organisation_en=organisation.name_en,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        state=state,
        ground=one.ground,
        end_ground=one.end_ground,
        end_href=f"{STANDING}/{one.id}/end" if state in ("in_force", "not_yet") else "",
    )


def _class_name(one: StandingAccreditation, classes: dict[str, ClassRule]) -> tuple[str, str]:
    """The name of its class; the code where the rules have given the class up."""
    rule = classes.get(one.class_code)
    return (rule.name.vi, rule.name.en) if rule else (one.class_code, one.class_code)


def _state(one: StandingAccreditation, today: date) -> str:
    if one.ended_at is not None:
        return "ended"
    if today < one.valid_from:
        return "not_yet"
    return "in_force" if today <= one.valid_until else "over"


# Giving -----------------------------------------------------------------------------------------------------------


@router.get("/give")
async def ask(
    session: SessionDep, now: Now, visit: Visit = page(Permission.ACCREDITATION_DECIDE, "standing")
) -> Response:
    """The form, for the rest of the year."""
    today = local_day(now)
    blank = await _blank(session, visit)
    shown = replace(blank, valid_from=date_vn(today), valid_until=date_vn(today.replace(month=12, day=31)))
    return visit.show("console/standing_give.html", form=shown)


async def _blank(session: AsyncSession, visit: Visit) -> view.StandingForm:
    organisations = await standing_giving.givers(session, access=visit.access)
    classes = await standing_giving.classes(session)
    return view.StandingForm(
        action=f"{STANDING}/give",
        list_href=STANDING,
        who="",
        people=(),
        journalist_id="",
        classes=tuple(Option(code, rule.name[visit.language]) for code, rule in classes.items()),
        class_code="",
        organisations=tuple(
            Option(str(one.id), one.name_en if visit.language == "en" and one.name_en else one.name_vi)
            for one in organisations
        ),
        organisation_id="",
        valid_from="",
        valid_until="",
        ground="",
        errors=(),
    )


@router.post("/give")
async def give(
    form: FormDep, session: SessionDep, now: Now, visit: Visit = page(Permission.ACCREDITATION_DECIDE, "standing")
) -> Response:
    """Gives it and leads to the list; where several people are meant, they are there to choose from."""
    checked, status = Checked(visit, form), 422
    people = await _people(session, visit, checked, now)
    journalist_id = _chosen(checked, people)
    valid_from, valid_until = checked.day("valid_from", wanted=_NO_FROM), checked.day("valid_until", wanted=_NO_UNTIL)
    ground = checked.text("ground", wanted=_NO_GROUND, most=_LONGEST, lines=True)
    if journalist_id and valid_from and valid_until and not checked.errors:
        wish = StandingWish(
            organisation_id=form.id("organisation_id"),
            journalist_id=journalist_id,
            class_code=form.one("class_code"),
            valid_from=valid_from,
            valid_until=valid_until,
            ground=ground,
        )
        try:
            async with attempt(session):
                await standing_giving.give(session, access=visit.access, wish=wish, now=now)
        except Conflict as refusal:
            status = 409
            days = " – ".join(date_vn(date.fromisoformat(day)) for day in refusal.detail.split(" – "))
            checked.wrong("valid_from", _KNOWN, days=days)
        except Invalid as refusal:
            if any(one.pointer != "/valid_until" for one in refusal.errors):
                raise
            checked.wrong("valid_until", _WRONG[refusal.code])
        else:
            return RedirectResponse(reading.address(STANDING, news="given"), 303)
    blank = await _blank(session, visit)
    return visit.show("console/standing_give.html", status=status, form=_typed(blank, form, people, checked))


async def _people(session: AsyncSession, visit: Visit, checked: Checked, now: datetime) -> list[Option]:
    who = checked.text("who", wanted=_NO_WHO)
    found = await standing_giving.find_people(session, access=visit.access, q=who, now=now) if who else []
    return [Option(str(one.id), f"{one.full_name} · {outlet.name} · {one.email}") for one, outlet in found]


def _chosen(checked: Checked, people: list[Option]) -> UUID | None:
    """Who is meant: the one who was chosen, or the only one who was found."""
    chosen = checked.form.one("journalist_id")
    if chosen in {one.value for one in people}:
        return UUID(chosen)
    if len(people) == 1:
        return UUID(people[0].value)
    if people:
        checked.wrong("journalist_id", _CHOOSE)
    elif checked.form.one("who") and not checked.errors:
        checked.wrong("who", _NOBODY)
    return None


def _typed(blank: view.StandingForm, form: Form, people: list[Option], checked: Checked) -> view.StandingForm:
    names = ("who", "journalist_id", "class_code", "organisation_id", "valid_from", "valid_until", "ground")
    shown = tuple(people) if len(people) > 1 else ()
    typed: dict[str, Any] = {name: form.one(name) for name in names}
    return replace(blank, people=shown, errors=tuple(checked.errors), **typed)


# Ending -----------------------------------------------------------------------------------------------------------


@router.get("/{standing_id}/end")
async def ask_end(
    standing_id: UUID, session: SessionDep, visit: Visit = page(Permission.ACCREDITATION_DECIDE, "standing")
) -> Response:
    """The form that ends one."""
    found = await standing_giving.open_one(session, access=visit.access, standing_id=standing_id)
    return visit.show("console/standing_end.html", form=await _end_form(session, *found))


async def _end_form(session: AsyncSession, one: StandingAccreditation, journalist: Journalist) -> view.StandingEnd:
    vi, en = _class_name(one, await standing_giving.classes(session))
    return view.StandingEnd(
        action=f"{STANDING}/{one.id}/end",
        list_href=STANDING,
        name=journalist.full_name,
        class_vi=vi,
        class_en=en,
        valid_until=one.valid_until,
        ground="",
        errors=(),
    )


@router.post("/{standing_id}/end")
async def end(
    standing_id: UUID,
    form: FormDep,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_DECIDE, "standing"),
) -> Response:
    """Ends it, on a ground."""
    checked, status = Checked(visit, form), 422
    ground = checked.text("ground", wanted=_NO_END, most=_LONGEST, lines=True)
    if not checked.errors:
        try:
            async with attempt(session):
                await standing_giving.end(session, access=visit.access, standing_id=standing_id, ground=ground, now=now)
        except Conflict:
            status = 409
            checked.wrong("", _ENDED)
        else:
            return RedirectResponse(reading.address(STANDING, news="ended"), 303)
    found = await standing_giving.open_one(session, access=visit.access, standing_id=standing_id)
    shown = replace(await _end_form(session, *found), ground=form.one("ground"), errors=tuple(checked.errors))
    return visit.show("console/standing_end.html", status=status, form=shown)
