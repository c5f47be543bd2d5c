"""How an application ends before its time, and what may be said against a refusal."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.errors import Conflict
from service.domain.localtime import local_day
from service.domain.passes import PassState
from service.usecases import accreditation
from service.usecases.accreditation import appeals
from service.usecases.accreditation.own import OwnApplication
from service.usecases.accreditation.progress import days_left, progress_of
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import Checked, FormDep, attempt
from service.web.press.access import PressPage, PressVisit, press_page
from service.web.press.application import LONGEST_TEXT, application_href, head_of, is_draft, opened
from service.web.press_views import AppealPage, WithdrawPage
from service.web.views import FieldError
from service.web.words import N_

router = APIRouter(prefix="/press/applications", include_in_schema=False, route_class=PressPage)


# Taking it back ----------------------------------------------------------------------------------------------------


@router.get("/{application_id}/withdraw")
async def ask_to_withdraw(
    application_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: PressVisit = press_page("press_events"),
) -> Response:
    """Asks before an application is taken back."""
    own = await opened(session, visit, application_id, vault, now)
    progress = await progress_of(session, own, now=now)
    if not progress.may_withdraw:
        return RedirectResponse(application_href(application_id), 303)
    page = WithdrawPage(
        head=head_of(visit, own),
        action=f"{application_href(application_id)}/withdraw",
        has_pass=progress.entry_pass is not None and progress.entry_pass.state is PassState.ACTIVE,
        draft=is_draft(own),
    )
    return visit.show("press/withdraw.html", page=page)


@router.post("/{application_id}/withdraw")
async def withdraw(
    application_id: UUID, session: SessionDep, now: Now, visit: PressVisit = press_page("press_events")
) -> Response:
    """Takes an application back; taken back twice, it is taken back once."""
    try:
        async with attempt(session):
            await accreditation.withdraw(session, journalist=visit.journalist, application_id=application_id, now=now)
    except Conflict:
        return RedirectResponse(application_href(application_id), 303)
    return RedirectResponse(f"{application_href(application_id)}?news=withdrawn", 303)


# Appealing ---------------------------------------------------------------------------------------------------------


@router.get("/{application_id}/appeal")
async def ask_for_appeal(
    application_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: PressVisit = press_page("press_events"),
) -> Response:
    """The form of an appeal, as long as one may be filed."""
    own = await opened(session, visit, application_id, vault, now)
    page = await _appeal_page(session, visit, own, now, {})
    if page is None:
        return RedirectResponse(application_href(application_id), 303)
    return visit.show("press/appeal.html", page=page)


@router.post("/{application_id}/appeal")
async def appeal(
    application_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: PressVisit = press_page("press_events"),
) -> Response:
    """Files an appeal, once."""
    checked = Checked(visit, form)
    text = checked.text("text", wanted=N_("Write why the decision should be changed"), most=LONGEST_TEXT, lines=True)
    if not checked.errors:
        try:
            async with attempt(session):
                await appeals.file(
                    session, journalist=visit.journalist, application_id=application_id, text=text, now=now
                )
        except Conflict:
            return RedirectResponse(application_href(application_id), 303)
        return RedirectResponse(f"{application_href(application_id)}?news=appealed", 303)
    own = await opened(session, visit, application_id, vault, now)
    page = await _appeal_page(session, visit, own, now, {"text": form.one("text")}, tuple(checked.errors))
    if page is None:
        return RedirectResponse(application_href(application_id), 303)
    return visit.show("press/appeal.html", status=422, page=page)


async def _appeal_page(
    session: AsyncSession,
    visit: PressVisit,
    own: OwnApplication,
    now: datetime,
    typed: Mapping[str, str],
    errors: tuple[FieldError, ...] = (),
) -> AppealPage | None:
    progress = await progress_of(session, own, now=now)
    if progress.appeal_until is None:
        return None
    return AppealPage(
        head=head_of(visit, own),
        action=f"{application_href(own.application.id)}/appeal",
        reason=progress.decisions[-1].reason,
        until=progress.appeal_until,
        working_days_left=days_left(progress.appeal_until, local_day(now)),
        text=typed.get("text", ""),
        errors=errors,
    )
