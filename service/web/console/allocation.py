"""Sharing out places: what would come of it, carrying it out."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from service.domain.accounts import Permission
from service.domain.accreditation import Allocation, ApplicationState, reference_of
from service.domain.accreditation.forecast import Chance, Forecast
from service.domain.errors import Conflict
from service.usecases.accreditation import allocating
from service.usecases.accreditation.allocating import DryRun
from service.usecases.accreditation.placing import AllocationWish
from service.web import accreditation_views as view
from service.web.allocation_words import wording_of
from service.web.answers import pages_of
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.plan_form import criterion_words, read_criteria
from service.web.console.start import event_href
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import Checked, Form, FormDep, attempt
from service.web.words import N_

router = APIRouter(prefix="/console/events", include_in_schema=False, route_class=ConsolePage)

OTHERS = (ApplicationState.WAITLISTED, ApplicationState.REJECTED)
"""What may become of those without a place."""
_NOBODY = N_("Nobody waits for a place")
_LAST = 999


def allocation_href(event_id: object) -> str:
    """The page on which an event's places are shared out."""
    return f"{event_href(event_id)}/allocation"


@router.get("/{event_id}/allocation")
async def look(
    event_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_READ, "events"),
) -> Response:
    """The dry run: criteria stand in the address, those that applicants were told where it names none."""
    form = Form(FormData([(name, value) for name, value in visit.request.query_params.multi_items()]))
    checked = Checked(visit, form)
    found = await _run(session, visit, event_id, checked, now)
    return visit.show(
        "console/allocation.html", status=422 if checked.errors else 200, page=_page(visit, found, checked)
    )


@router.post("/{event_id}/allocation")
async def carry_out(
    event_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_DECIDE, "events"),
) -> Response:
    """Carries out what was seen; when something has changed since, the new dry run is shown instead."""
    checked = Checked(visit, form)
    criteria = read_criteria(checked)
    others = form.kind("others", ApplicationState)
    if checked.errors or others not in OTHERS:
        return visit.show(
            "console/allocation.html",
            status=422,
            page=_page(visit, await _run(session, visit, event_id, checked, now), checked),
        )
    wish = AllocationWish(criteria, form.many("class_order"), others, form.one("mark"))
    try:
        async with attempt(session):
            made = await allocating.carry_out(
                session,
                access=visit.access,
                event_id=event_id,
                wish=wish,
                wording=wording_of(pages_of(visit.request)),
                secrets=vault,
                now=now,
            )
    except Conflict as refusal:
        overtaken = refusal.code == "changed_meanwhile"
        if not overtaken:
            checked.wrong("", _NOBODY)
        found = await _run(session, visit, event_id, checked, now)
        return visit.show("console/allocation.html", status=409, page=_page(visit, found, checked, overtaken=overtaken))
    return RedirectResponse(f"/console/allocations/{made.id}", 303)


async def _run(session: SessionDep, visit: Visit, event_id: UUID, checked: Checked, now: datetime) -> DryRun:
    form = checked.form
    chosen = read_criteria(checked) if form.one("chosen") else None
    return await allocating.dry_run(
        session, access=visit.access, event_id=event_id, criteria=chosen, class_order=_order(form), now=now
    )


def _order(form: Form) -> tuple[str, ...]:
    """The classes by the numbers that were typed beside them; what is no number stands last."""
    codes = form.many("class_order")

    def place(code: str) -> int:
        text = form.one(f"order_{code}").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(_LAST)) + 1 else _LAST

    return tuple(sorted(codes, key=place))


def _page(visit: Visit, found: DryRun, checked: Checked, *, overtaken: bool = False) -> view.AllocationPage:
    event, plan, forecasts = found.event, found.plan, found.forecasts
    here = allocation_href(event.id)
    chances = [one.chance for one in forecasts]
    criteria = [one.value for one in found.criteria]
    return view.AllocationPage(
        place=view.press_place((event.title_vi, event.title_en), event_href(event.id), "allocation"),
        href=here,
        action=here if found.may_decide and forecasts else "",
        criteria=(*criteria, *[""] * (5 - len(criteria))),
        published=criterion_words(visit, plan.criteria),
        differs=[*plan.criteria] != criteria,
        classes=tuple(
            view.OrderedClass(code, *_class_names(found, code), str(number))
            for number, code in enumerate(found.class_order, 1)
        ),
        others=checked.form.one("others") or ApplicationState.WAITLISTED.value,
        mark=found.field.mark,
        commitment=plan.draw_commitment,
        draw_href=f"/press/events/{event.id}/draw",
        places=_places(found),
        rows=tuple(_row(found, one) for one in forecasts),
        sure=chances.count(Chance.SURE),
        drawn=chances.count(Chance.DRAW),
        none=chances.count(Chance.NONE),
        left_out=tuple(_left_out(found, application_id) for application_id in found.field.left_out),
        past=tuple(_past(number, one) for number, one in enumerate(found.allocations, 1)),
        overtaken=overtaken,
        errors=tuple(checked.errors),
    )


def _class_names(found: DryRun, code: str) -> tuple[str, str]:
    name = next((rule.name for rule in found.rules.classes if rule.code == code), None)
    return (name.vi, name.en) if name else (code, code)


def _places(found: DryRun) -> tuple[view.PlacesRow, ...]:
    taken, caps = found.field.taken, found.plan.caps
    waiting = [one.candidate.class_code for one in found.forecasts]
    rows = [
        _places_row(code, _class_names(found, code), caps.get(code), taken.get(code, 0), waiting.count(code))
        for code in found.class_order
    ]
    whole = _places_row("", ("", ""), caps.get(""), sum(taken.values()), len(waiting))
    return (*rows, whole)


def _places_row(code: str, names: tuple[str, str], cap: int | None, taken: int, waiting: int) -> view.PlacesRow:
    return view.PlacesRow(code, *names, cap, taken, None if cap is None else max(0, cap - taken), waiting)


def _row(found: DryRun, one: Forecast) -> view.CandidateRow:
    application, journalist, outlet = found.field.people[one.candidate.id]
    vi, en = _class_names(found, application.class_code)
    return view.CandidateRow(
        href=f"/console/applications/{application.id}",
        reference=reference_of(application.id),
        name=journalist.full_name,
        outlet=outlet.name,
        class_vi=vi,
        class_en=en,
        state=application.state.value,
        submitted_at=one.candidate.submitted_at,
        best=one.best,
        worst=one.worst,
        chance=one.chance.value,
        why=one.place.value if one.chance is Chance.NONE else "",
    )


def _left_out(found: DryRun, application_id: UUID) -> view.LeftOutRow:
    application, journalist, outlet = found.field.people[application_id]
    vi, en = _class_names(found, application.class_code)
    return view.LeftOutRow(
        href=f"/console/applications/{application.id}",
        reference=reference_of(application.id),
        name=journalist.full_name,
        outlet=outlet.name,
        class_vi=vi,
        class_en=en,
        why=found.field.left_out[application_id].value,
    )


def _past(number: int, one: Allocation) -> view.PastRow:
    granted = sum(row["place"] == "granted" and not row["failed"] for row in one.ranking)
    return view.PastRow(f"/console/allocations/{one.id}", number, one.made_at, len(one.ranking), granted)
