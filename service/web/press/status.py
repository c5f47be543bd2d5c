"""Where an application stands after it was sent in: answering questions, taking it back, appealing."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import GRANTED, ApplicationState, Question
from service.domain.accreditation.answers import FILE, PROFILE_FIELDS
from service.domain.errors import Conflict, Invalid
from service.domain.localtime import local_day
from service.domain.passes import PassState
from service.store.vault import Vault
from service.usecases import accreditation, holders
from service.usecases.accreditation.own import OwnApplication
from service.usecases.accreditation.progress import Progress, days_left, progress_of
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import Checked, FormDep, attempt
from service.web.press.access import PressPage, PressVisit, press_page
from service.web.press.application import (
    LONGEST_TEXT,
    WORK,
    application_href,
    groups_of,
    head_of,
    is_draft,
    opened,
    zone_name,
)
from service.web.press.timeline import authority_name, timeline_of
from service.web.press_views import (
    ConditionsView,
    PassView,
    QuestionView,
    StatusPage,
)
from service.web.views import Option
from service.web.words import N_, word

router = APIRouter(prefix="/press/applications", include_in_schema=False, route_class=PressPage)

_S = ApplicationState
_WITH_AUTHORITIES = N_("You need to do nothing. We write to you when something is asked or decided.")
_TOLD: dict[ApplicationState, str] = {
    _S.SUBMITTED: _WITH_AUTHORITIES,
    _S.IN_REVIEW: _WITH_AUTHORITIES,
    _S.NEEDS_INFORMATION: N_("Answer the questions below. Until then the clocks stand still."),
    _S.APPROVED: N_("You are accredited for this event."),
    _S.APPROVED_WITH_CONDITIONS: N_("You are accredited for this event, under the conditions below."),
    _S.WAITLISTED: N_("There is no place for you now. If one becomes free, we write to you."),
    _S.REJECTED: N_("You are not accredited for this event. The reason stands below."),
    _S.WITHDRAWN: N_("You took this application back. You can apply again as long as the event takes applications."),
    _S.REVOKED: N_("Your accreditation was taken back. Your pass opens no gate any more."),
}
_NEWS = {
    "sent": N_("Your application was sent in"),
    "answered": N_("Your answer was sent"),
    "appealed": N_("Your appeal was sent"),
    "withdrawn": N_("Your application was taken back"),
}


async def status_page(
    session: AsyncSession, visit: PressVisit, own: OwnApplication, vault: Vault, now: datetime, *, news: str = ""
) -> StatusPage:
    """The page of an application that was sent in."""
    progress = await progress_of(session, own, now=now)
    application, today = own.application, local_day(now)
    here = application_href(application.id)
    last = progress.decisions[-1] if progress.decisions else None
    decided = last is not None and last.to_state is application.state and last.staff_id is not None
    return StatusPage(
        head=head_of(visit, own),
        state=application.state.value,
        told=visit.say(_TOLD[application.state]),
        reason=last.reason if decided and last and application.state is not _S.NEEDS_INFORMATION else "",
        answer_by=progress.answer_by,
        working_days_left=days_left(progress.answer_by, today),
        conditions=_conditions(visit, own),
        entry_pass=_pass(progress, vault),
        questions=tuple(_question(visit, own, one) for one in progress.questions),
        answer_action=f"{here}/answer" if application.state is _S.NEEDS_INFORMATION else "",
        timeline=timeline_of(visit, own, progress, now),
        groups=groups_of(visit, own),
        appeal_href=f"{here}/appeal" if progress.appeal_until else "",
        appeal_until=progress.appeal_until,
        withdraw_href=f"{here}/withdraw" if progress.may_withdraw else "",
        contact=own.plan.contact if own.plan else "",
        news=visit.say(_NEWS[news]) if news in _NEWS else "",
    )


def _conditions(visit: PressVisit, own: OwnApplication) -> ConditionsView | None:
    application = own.application
    if application.state not in GRANTED:
        return None
    zones = tuple(Option(code, zone_name(visit, own, code)) for code in application.zones_granted)
    return ConditionsView(zones, tuple(application.days_granted or ()), application.escort)


def _pass(progress: Progress, vault: Vault) -> PassView | None:
    one = progress.entry_pass
    if one is None:
        return None
    href = holders.link_of(one.id, vault=vault, base_url="")
    return PassView(href, f"{href}/qr.png", one.human_code, one.state is PassState.ACTIVE)


def _question(visit: PressVisit, own: OwnApplication, one: Question) -> QuestionView:
    return QuestionView(
        code=f"answer-{one.id}",
        who=authority_name(visit, own, one.review_id),
        asked_at=one.asked_at,
        wording=one.wording,
        links=tuple(
            Option(href, visit.say(word(field, "field"))) for field in one.fields if (href := page_of(own, field))
        ),
        answer=one.answer,
        answered_at=one.answered_at,
    )


def page_of(own: OwnApplication, field: str) -> str:
    """The page on which a field is changed; what stands in the profile is changed there, by its owner."""
    here = application_href(own.application.id)
    if field in PROFILE_FIELDS:
        return "" if own.colleague else "/press/profile"
    if field.startswith(FILE):
        return f"{here}/files/{field.removeprefix(FILE)}"
    return f"{here}/{'work' if field in WORK else 'about'}#{field}"


# Answering ---------------------------------------------------------------------------------------------------------


@router.post("/{application_id}/answer")
async def answer(
    application_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: PressVisit = press_page("press_events"),
) -> Response:
    """Keeps an answer for every question that is open; the clocks that waited go on."""
    own = await opened(session, visit, application_id, vault, now)
    open_ones = [one for one in (await progress_of(session, own, now=now)).questions if one.answered_at is None]
    checked = Checked(visit, form)
    typed = {one.id: checked.text(f"answer-{one.id}", most=LONGEST_TEXT, lines=True) for one in open_ones}
    stale = False
    if not checked.errors:
        try:
            async with attempt(session):
                await accreditation.answer(
                    session, journalist=visit.journalist, application_id=application_id, text="", texts=typed, now=now
                )
        except Invalid as refusal:
            for error in refusal.errors:
                checked.wrong(f"answer-{error.pointer.rpartition('/')[2]}", N_("Answer this question"))
        except Conflict:
            stale = True
        else:
            return RedirectResponse(f"{application_href(application_id)}?news=answered", 303)
    return await _answer_again(session, visit, vault, now, application_id, checked, stale=stale)


async def _answer_again(
    session: AsyncSession,
    visit: PressVisit,
    vault: Vault,
    now: datetime,
    application_id: UUID,
    checked: Checked,
    *,
    stale: bool,
) -> Response:
    """The page with what was typed; what can't be sent any more stands there too, so that it isn't lost."""
    own = await opened(session, visit, application_id, vault, now)
    if is_draft(own):
        return RedirectResponse(application_href(application_id), 303)
    page = await status_page(session, visit, own, vault, now)
    known = {one.code: checked.form.one(one.code) for one in page.questions}
    unsent = tuple(text for text in known.values() if text.strip()) if stale else ()
    page = replace(page, typed=tuple(known.items()), unsent=unsent, errors=tuple(checked.errors))
    return visit.show("press/status.html", status=409 if stale else 422, page=page)
