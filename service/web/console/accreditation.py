"""An event's accreditation: opening it, changing it, and how it stands."""

from datetime import datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.accreditation import Rules
from service.domain.errors import Conflict, Invalid
from service.domain.localtime import local_day
from service.usecases.accreditation import overview_press, plans
from service.usecases.accreditation.overview_press import ClassCount, PressOverview, SetUp
from service.web import accreditation_views as view
from service.web.badge_views import Place
from service.web.console import reading
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.plan_form import note_refusal, read_plan
from service.web.console.plan_view import plan_form
from service.web.console.start import event_href
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import Checked, FormDep, attempt
from service.web.words import N_

router = APIRouter(prefix="/console/events", include_in_schema=False, route_class=ConsolePage)

_MOST_OUTLETS = 20
_INSTANT = timedelta(microseconds=1)
"""A clock has run out when its last day is over: a moment before, it is still that day."""
_NEWS = {
    "opened": N_("The accreditation is open"),
    "changed": N_("The accreditation is changed"),
}


def press_href(event_id: object, part: str = "accreditation") -> str:
    """A page about an event's accreditation, by the last part of its address."""
    return f"{event_href(event_id)}/{part}"


@router.get("/{event_id}/accreditation")
async def open_accreditation(
    event_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_READ, "events"),
    rules: reading.Filter = "",
    done: reading.Filter = "",
) -> Response:
    """How it stands, and the form; `rules` shows another version of the rules in it."""
    wanted = reading.read_id("rules", rules)
    found = await overview_press.open_set_up(
        session, access=visit.access, event_id=event_id, rule_set_id=wanted, now=now
    )
    return visit.show("console/accreditation.html", page=_page(visit, found, None, now, news=done))


@router.post("/{event_id}/accreditation")
async def set_up(
    event_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_SET_UP, "events"),
) -> Response:
    """Opens or changes it; what is wrong comes back at its field with all that was typed."""
    found = await overview_press.open_set_up(
        session, access=visit.access, event_id=event_id, rule_set_id=form.id("rule_set"), now=now
    )
    visit.access.require(Permission.ACCREDITATION_SET_UP, found.event.organisation_id)
    checked = Checked(visit, form)
    wish = read_plan(visit, checked, found, now)
    if wish is not None:
        try:
            async with attempt(session):
                await plans.open_accreditation(
                    session, access=visit.access, event_id=event_id, wish=wish, secrets=vault, now=now
                )
        except (Invalid, Conflict) as refusal:
            note_refusal(checked, refusal)
        else:
            done = "changed" if found.plan else "opened"
            return RedirectResponse(reading.address(press_href(event_id), done=done), 303)
    return visit.show("console/accreditation.html", status=422, page=_page(visit, found, checked, now))


def _page(
    visit: Visit, found: SetUp, checked: Checked | None, now: datetime, *, news: str = ""
) -> view.AccreditationPage:
    event = found.event
    return view.AccreditationPage(
        place=_place(visit, found, news),
        now=now,
        overview=_overview(found, found.overview) if found.overview else None,
        form=plan_form(visit, found, checked, press_href(event.id)) if found.may_set_up else None,
    )


def _place(visit: Visit, found: SetUp, news: str) -> Place:
    event = found.event
    told = visit.say(_NEWS[news]) if news in _NEWS else ""
    place = view.press_place((event.title_vi, event.title_en), event_href(event.id), "accreditation", told)
    if found.plan is None:
        # The other pages have nothing to show before there is an accreditation.
        return Place(event.title_vi, event.title_en, place.href, place.pages[:1], place.current, place.news)
    return place


def _overview(found: SetUp, overview: PressOverview) -> view.Overview:
    assert found.plan is not None  # noqa: S101 (only a plan has an overview)
    assert found.in_use is not None  # noqa: S101 (a plan has rules)
    event, plan, in_use = found.event, found.plan, found.in_use
    rules = in_use.rules
    acting = {panel.authority: (panel, organisation) for panel, organisation in found.panels}
    named = {one.code: one.name for rule in rules.classes for one in rule.authorities}
    clocks = []
    for one in overview.clocks:
        _, organisation = acting.get(one.authority, (None, None))
        name = named.get(one.authority)
        clocks.append(
            view.ClockRow(
                name_vi=name.vi if name else one.authority,
                name_en=name.en if name else one.authority,
                organisation_vi=organisation.name_vi if organisation else "",
                organisation_en=organisation.name_en if organisation else "",
                open=one.open,
                late=one.late,
                paused=one.paused,
                uncounted=one.uncounted,
                first_due_on=local_day(one.first_due_at - _INSTANT) if one.first_due_at else None,
            )
        )
    return view.Overview(
        rules_vi=rules.name.vi,
        rules_en=rules.name.en,
        version=in_use.version,
        rules_href=reading.address(f"/console/rules/{in_use.code}", version=str(in_use.version)),
        closes_at=event.accreditation_closes_at,
        commitment=plan.draw_commitment,
        draw_href=f"/press/events/{event.id}/draw",
        classes=tuple(_class_row(one, rules) for one in overview.classes),
        whole=_class_row(overview.whole, rules),
        outlets=tuple(
            view.QuotaRow(
                outlet=one.outlet.name,
                class_vi=rules.of(one.class_code).name.vi,
                class_en=rules.of(one.class_code).name.en,
                granted=one.granted,
                waiting=one.waiting,
                limit=one.limit,
            )
            for one in overview.outlets[:_MOST_OUTLETS]
        ),
        more_outlets=max(0, len(overview.outlets) - _MOST_OUTLETS),
        clocks=tuple(clocks),
    )


def _class_row(one: ClassCount, rules: Rules) -> view.ClassRow:
    names = {rule.code: rule.name for rule in rules.classes}
    name = names.get(one.code)
    return view.ClassRow(
        code=one.code,
        name_vi=name.vi if name else one.code,
        name_en=name.en if name else one.code,
        applied=one.applied,
        under_way=one.under_way,
        ready=one.ready,
        granted=one.granted,
        waitlisted=one.waitlisted,
        refused=one.refused,
        cap=one.cap,
        free=one.free,
    )
