"""Delegations: who gives an authority's opinions while its own people are away."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Permission
from service.domain.errors import Conflict, Invalid
from service.domain.localtime import end_of, local_day, start_of
from service.usecases.accreditation import delegating
from service.usecases.accreditation.delegating import LONGEST, DelegationWish
from service.web import press_office_views as view
from service.web.console import reading
from service.web.console.access import DESK, QUEUE, ConsolePage, Visit, page
from service.web.deps import Now, SessionDep
from service.web.forms import Checked, FormDep, attempt
from service.web.pages import date_vn
from service.web.views import Option
from service.web.words import N_

router = APIRouter(prefix="/console/delegations", include_in_schema=False, route_class=ConsolePage)

DELEGATIONS = "/console/delegations"
_LONGEST_REASON = 500
_MOMENT = timedelta(microseconds=1)
_NEWS = {"given": N_("The task is delegated"), "ended": N_("The delegation is ended")}
_NO_EMAIL = N_("Write the e-mail address with which they sign in")
_UNKNOWN = N_("No member of staff signs in with this address")
_NO_SINCE = N_("Write the first day")
_NO_UNTIL = N_("Write the last day")
_NO_REASON = N_("Say why, for example a business trip")
_PERIOD = {
    "dates_reversed": N_("The last day lies before the first one"),
    "expired": N_("The last day is over already"),
    "invalid": N_("A delegation lasts %(days)s days at most"),
}
_NOT_THEM = {
    "illegal_move": N_("They give these opinions already"),
    "already_exists": N_("This is delegated to them on some of these days already"),
    "still_in_use": N_("They have another part in %(event)s: nobody acts there for two"),
}


@router.get("")
async def open_list(
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_REVIEW, DESK),
    news: reading.Filter = "",
) -> Response:
    """What one's authority has delegated, and the form that delegates."""
    today = local_day(now)
    shown = replace(await _page(session, visit, now), since=date_vn(today), news=_told(visit, news))
    return visit.show("console/delegations.html", page=shown)


def _told(visit: Visit, news: str) -> str:
    return visit.say(_NEWS[news]) if news in _NEWS else ""


async def _page(session: AsyncSession, visit: Visit, now: datetime) -> view.DelegationsPage:
    rows = await delegating.open_list(session, access=visit.access)
    bodies = await delegating.bodies(session, access=visit.access)
    return view.DelegationsPage(
        href=DELEGATIONS,
        queue_href=QUEUE,
        rows=tuple(_row(one, now) for one in rows),
        organisations=tuple(
            Option(str(one.id), one.name_en if visit.language == "en" and one.name_en else one.name_vi)
            for one in bodies
        ),
        organisation_id="",
        email="",
        since="",
        until="",
        reason="",
        news="",
        errors=(),
    )


def _row(row: delegating.DelegationRow, now: datetime) -> view.DelegationRow:
    one = row.delegation
    if one.ended_at is not None:
        state = "ended"
    elif now < one.since:
        state = "not_yet"
    else:
        state = "in_force" if now < one.until else "over"
    return view.DelegationRow(
        name=row.staff.name,
        email=row.staff.email,
        organisation_vi=row.organisation.name_vi,
        organisation_en=row.organisation.name_en,
        given_by=row.given_by.name,
        reason=one.reason,
        since=local_day(one.since),
        # It ends where a day begins: the last one that it holds on is the day before.
        until=local_day(one.until - _MOMENT),
        ended_at=one.ended_at,
        state=state,
        end_action=f"{DELEGATIONS}/{one.id}/end" if state in ("in_force", "not_yet") else "",
    )


@router.post("")
async def delegate(
    form: FormDep, session: SessionDep, now: Now, visit: Visit = page(Permission.ACCREDITATION_REVIEW, DESK)
) -> Response:
    """Delegates from the beginning of one day to the end of another."""
    checked, status = Checked(visit, form), 422
    email = checked.email("email")
    if not form.one("email").strip():
        checked.wrong("email", _NO_EMAIL)
    since, until = checked.day("since", wanted=_NO_SINCE), checked.day("until", wanted=_NO_UNTIL)
    reason = checked.text("reason", wanted=_NO_REASON, most=_LONGEST_REASON)
    if since and until and not checked.errors:
        wish = DelegationWish(
            organisation_id=form.id("organisation_id"),
            email=email,
            since=max(start_of(since), now) if since == local_day(now) else start_of(since),
            until=end_of(until),
            reason=reason,
        )
        try:
            async with attempt(session):
                await delegating.delegate(session, access=visit.access, wish=wish, now=now)
        except (Invalid, Conflict) as refusal:
            status = _note(checked, refusal)
        else:
            return RedirectResponse(reading.address(DELEGATIONS, news="given"), 303)
    names = ("organisation_id", "email", "since", "until", "reason")
    typed: dict[str, Any] = {name: form.one(name) for name in names}
    shown = replace(await _page(session, visit, now), errors=tuple(checked.errors), **typed)
    return visit.show("console/delegations.html", status=status, page=shown)


def _note(checked: Checked, refusal: Invalid | Conflict) -> int:
    """Tells a refusal at its field; answers the status of the page."""
    if isinstance(refusal, Conflict):
        checked.wrong("email", _NOT_THEM[refusal.code], event=refusal.detail)
        return 409
    for one in refusal.errors:
        if one.pointer == "/email":
            checked.wrong("email", _UNKNOWN)
        else:
            checked.wrong(one.pointer.removeprefix("/"), _PERIOD[one.code], days=LONGEST.days)
    return 422


@router.post("/{delegation_id}/end")
async def end(
    delegation_id: UUID, session: SessionDep, now: Now, visit: Visit = page(Permission.ACCREDITATION_REVIEW, DESK)
) -> Response:
    """Ends a delegation at once."""
    await delegating.end(session, access=visit.access, delegation_id=delegation_id, now=now)
    return RedirectResponse(reading.address(DELEGATIONS, news="ended"), 303)
