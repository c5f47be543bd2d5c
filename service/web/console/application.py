"""The office's page of one application, and all that is done there: decide, tick, answer, set aside, issue the pass."""

from collections.abc import Awaitable
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.accreditation import GRANTED, NEEDS_REASON, ApplicationState
from service.domain.errors import Conflict, Invalid, NotFound
from service.usecases import accreditation
from service.usecases.accreditation import DecisionWish, appeals, evidence, office, setting_aside
from service.usecases.accreditation.office import OfficeFile
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.application_page import Sent, kinds_of, page_of
from service.web.console.applications import application_href
from service.web.console.pass_rows import pass_href
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import Checked, FormDep, attempt
from service.web.words import N_

router = APIRouter(prefix="/console/applications", include_in_schema=False, route_class=ConsolePage)

_NO_KIND = N_("Choose a decision")
_NO_REASON = N_("Say why, or choose a reason: the journalist reads it")
_NO_ZONE = N_("Choose at least one zone")
_NO_GROUND = N_("Say why the decision no longer holds")
_NO_ANSWER = N_("Write the answer: the journalist reads it")
_NO_VERDICT = N_("Choose whether the appeal is upheld")
_REFUSED = {
    "illegal_move": N_("This step is not possible any more. Renew the page and look at where the application stands."),
    "reviews_pending": N_("Authorities have not given their verdicts yet: silence is no approval."),
    "refused_by_authority": N_("An authority whose no is decisive has refused: the application cannot be approved."),
    "conditions_apply": N_("Keep to the conditions of the authorities: their zones, their days, their escort."),
    "quota_full": N_("The quota is full: tick that this goes beyond it, and say why."),
}
_NEWS = {
    "decided": N_("The decision is kept. The journalist is told by mail."),
    "asked": N_("The question is sent. All clocks stand still until it is answered."),
    "set_aside": N_("The decision is set aside. The application is in review again."),
    "seen": N_("It is kept that you have seen the original."),
    "answered": N_("The appeal is answered. The journalist is told by mail."),
}
_MOST = 2000


@router.get("/{application_id}")
async def open_application(
    application_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_READ, "events"),
    news: str = "",
) -> Response:
    """All that the office is shown: fields, files, verdicts, quotas, history, who saw what."""
    found = await office.open_application(
        session, access=visit.access, application_id=application_id, secrets=vault, now=now
    )
    told = visit.say(_NEWS[news]) if news in _NEWS else ""
    return visit.show("console/application.html", page=page_of(visit, found, vault=vault, now=now, news=told))


@router.post("/{application_id}/decision")
async def decide(
    application_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_DECIDE, "events"),
) -> Response:
    """Takes the decision; what is wrong comes back with all that was typed."""
    found = await office.open_application(
        session, access=visit.access, application_id=application_id, secrets=vault, now=now
    )
    checked = Checked(visit, form)
    wish = _read(checked, found)
    if wish is None or checked.errors:
        return await _back(visit, session, vault, now, application_id, Sent("decision", form, tuple(checked.errors)))
    step = accreditation.decide(session, access=visit.access, application_id=application_id, wish=wish, now=now)
    status = await _try(session, checked, step, {"zones": _NO_ZONE, "reason": _NO_REASON})
    if status:
        sent = Sent("decision", form, tuple(checked.errors))
        return await _back(visit, session, vault, now, application_id, sent, status)
    asked = wish.to_state is ApplicationState.NEEDS_INFORMATION
    return RedirectResponse(application_href(application_id, news="asked" if asked else "decided"), 303)


@router.post("/{application_id}/set-aside")
async def set_aside(
    application_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_DECIDE, "events"),
) -> Response:
    """A refusal, a place on the waiting list or a revocation no longer holds."""
    checked = Checked(visit, form)
    ground = checked.text("ground", most=_MOST, lines=True)
    step = setting_aside.set_aside(session, access=visit.access, application_id=application_id, ground=ground, now=now)
    status = await _try(session, checked, step, {"ground": _NO_GROUND})
    if status or checked.errors:
        sent = Sent("set-aside", form, tuple(checked.errors))
        return await _back(visit, session, vault, now, application_id, sent, status or 422)
    return RedirectResponse(application_href(application_id, news="set_aside"), 303)


@router.post("/{application_id}/appeals/{appeal_id}")
async def answer_appeal(
    application_id: UUID,
    appeal_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_DECIDE, "events"),
) -> Response:
    """Upheld, the decision is set aside; dismissed, it stands. The journalist is told why."""
    found = await office.open_application(
        session, access=visit.access, application_id=application_id, secrets=vault, now=now
    )
    if appeal_id not in {one.id for one in found.appeals}:
        raise NotFound("appeal")
    checked = Checked(visit, form)
    text = checked.text("answer", wanted=_NO_ANSWER, most=_MOST, lines=True)
    upheld = form.one("upheld")
    if upheld not in ("yes", "no"):
        checked.wrong("upheld", _NO_VERDICT)
    status = 422 if checked.errors else 0
    if not status:
        step = appeals.answer(
            session, access=visit.access, appeal_id=appeal_id, upheld=upheld == "yes", answer=text, now=now
        )
        status = await _try(session, checked, step, {"answer": _NO_ANSWER})
    if status:
        sent = Sent("appeal", form, tuple(checked.errors))
        return await _back(visit, session, vault, now, application_id, sent, status)
    return RedirectResponse(application_href(application_id, news="answered"), 303)


@router.post("/{application_id}/evidence/{evidence_id}/seen")
async def tick_seen(
    application_id: UUID,
    evidence_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_READ, "events"),
) -> Response:
    """Keeps that somebody has looked at the original of a file."""
    await evidence.tick_seen(session, access=visit.access, evidence_id=evidence_id, now=now)
    return RedirectResponse(application_href(application_id, news="seen"), 303)


@router.post("/{application_id}/pass")
async def issue_pass(
    application_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_ISSUE, "events"),
) -> Response:
    """Issues the pass of a granted application and leads to it."""
    made = await accreditation.issue_pass(
        session, access=visit.access, application_id=application_id, secrets=vault, now=now
    )
    return RedirectResponse(pass_href(made.id), 303)


async def _try(session: SessionDep, checked: Checked, step: Awaitable[object], said: dict[str, str]) -> int:
    """Takes a step, or notes why it can't be taken; answers the status to tell, 0 when all is well."""
    try:
        async with attempt(session):
            await step
    except Invalid as refusal:
        for error in refusal.errors:
            field = error.pointer.strip("/")
            checked.wrong(field, said.get(field, _REFUSED["illegal_move"]))
        return 422
    except Conflict as refusal:
        if refusal.code not in _REFUSED:
            raise
        checked.wrong("beyond_quota" if refusal.code == "quota_full" else "", _REFUSED[refusal.code])
        return 409
    return 0


async def _back(
    visit: Visit,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    application_id: UUID,
    sent: Sent,
    status: int = 422,
) -> Response:
    found = await office.open_application(
        session, access=visit.access, application_id=application_id, secrets=vault, now=now
    )
    shown = page_of(visit, found, vault=vault, now=now, sent=sent)
    return visit.show("console/application.html", status=status, page=shown)


def _read(checked: Checked, found: OfficeFile) -> DecisionWish | None:
    """The decision as it was typed; only what belongs to its kind counts."""
    form = checked.form
    kind = next((one for one in kinds_of(found) if one.value == form.one("kind")), None)
    if kind is None:
        checked.wrong("kind", _NO_KIND)
        return None
    reason = checked.text("reason", most=_MOST, lines=True)
    known = found.rules.reason(form.one("reason_code")) if found.rules else None
    reason_code = known.code if known and kind.value in known.to else ""
    if kind in NEEDS_REASON and not (reason or reason_code):
        checked.wrong("reason", _NO_REASON)
    granting = kind in GRANTED
    zones = tuple(one for one in form.many("zones") if one in found.zones)
    if granting and not zones:
        checked.wrong("zones", _NO_ZONE)
    return DecisionWish(
        to_state=kind,
        reason=reason,
        reason_code=reason_code,
        zones=zones if granting else (),
        days=tuple(_days(form.many("days"), found.days)) if granting else (),
        escort=granting and bool(form.one("escort")),
        beyond_quota=granting and bool(form.one("beyond_quota")),
    )


def _days(values: tuple[str, ...], days: list[date]) -> list[date]:
    return [one for one in days if one.isoformat() in values]
