"""One decision on many applications: first what it would do to each, then done, and taken back as a whole."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.accreditation import NEEDS_REASON, ApplicationState
from service.domain.accreditation.rules import ReasonRule
from service.domain.errors import Invalid
from service.domain.events import Event
from service.usecases.accreditation import DecisionWish, bulk
from service.usecases.accreditation.bulk import BatchFile
from service.usecases.accreditation.reasons import reasons_for
from service.usecases.events import require_event
from service.web.application_views import BatchPage
from service.web.console import reading
from service.web.console.access import START, ConsolePage, Visit, page
from service.web.console.applications import application_href, applications_href
from service.web.console.bulk_words import foreseen
from service.web.console.review import NO_GROUND, reason_options
from service.web.console.start import event_href, title_of
from service.web.console.verdicts import Sent, read_sent
from service.web.deps import Now, SessionDep
from service.web.forms import Checked, Form, FormDep, attempt
from service.web.review_views import BulkPage, Foreseen
from service.web.views import FieldError
from service.web.words import N_

router = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsolePage)

KINDS = (
    ApplicationState.APPROVED,
    ApplicationState.WAITLISTED,
    ApplicationState.REJECTED,
    ApplicationState.NEEDS_INFORMATION,
)
"""Decisions that can be the same for many. An approval keeps to the conditions of each application's authorities."""
_EVENTS, _APPLICATIONS = N_("Events"), N_("Applications")
_DONE = N_("%(done)s decisions are taken.")
_LEFT = N_("%(left)s applications stay as they were.")
_UNDONE = N_("%(done)s decisions are set aside.")
_MOST = 2000


@router.post("/events/{event_id}/applications/decisions")
async def decide_many(
    event_id: UUID,
    form: FormDep,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_DECIDE, "events"),
) -> Response:
    """Shows what the decision would do to each application; confirmed, takes it wherever it can be taken."""
    event = await require_event(
        session, access=visit.access, event_id=event_id, permission=Permission.ACCREDITATION_DECIDE
    )
    kind = form.kind("kind", ApplicationState)
    if kind not in KINDS:
        raise Invalid.at("/kind", "invalid", "kind")
    checked = Checked(visit, form)
    reasons = await reasons_for(session, access=visit.access, now=now, event_id=event_id)
    sent = read_sent(checked, "applications", reasons, _word(kind), needs_ground=kind in NEEDS_REASON)
    rows = None
    if sent.is_whole:
        wish = DecisionWish(kind, reason=sent.ground, reason_code=sent.reason_code)
        if sent.step == "confirm":
            done = await bulk.decide_many(session, access=visit.access, application_ids=sent.ids, wish=wish, now=now)
            left = str(len(done.refused) or "")
            then = batch_href(done.id, left=left) if done.done else applications_href(event_id)
            return RedirectResponse(then, 303)
        seen = await bulk.preview_decisions(session, access=visit.access, application_ids=sent.ids, wish=wish, now=now)
        rows = tuple(foreseen(visit, one, application_href(one.id)) for one in seen)
    shown = _bulk(visit, event, kind, sent, reasons, rows, checked)
    return visit.show("console/decisions.html", status=422 if checked.errors else 200, page=shown)


def _word(kind: ApplicationState) -> str:
    """Whose canned reasons are offered: an approval becomes one under conditions where authorities set some."""
    return "approved_with_conditions" if kind is ApplicationState.APPROVED else kind.value


def _bulk(
    visit: Visit,
    event: Event,
    kind: ApplicationState,
    sent: Sent,
    reasons: list[ReasonRule],
    rows: tuple[Foreseen, ...] | None,
    checked: Checked,
) -> BulkPage:
    here = applications_href(event.id)
    return BulkPage(
        action=f"{here}/decisions",
        back_href=here,
        trail=(
            (visit.say(_EVENTS), f"{START}/events"),
            (title_of(event, visit.language), event_href(event.id)),
            (visit.say(_APPLICATIONS), here),
        ),
        field="applications",
        ids=tuple(str(one) for one in sent.ids),
        kind=kind.value,
        needs_ground=kind in NEEDS_REASON,
        reasons=reason_options(visit, tuple(reasons), _word(kind)),
        reason_code=sent.reason_code,
        ground=checked.form.one("ground"),
        rows=rows,
        errors=tuple(checked.errors),
    )


# A batch afterwards ---------------------------------------------------------------------------------------------


def batch_href(batch_id: UUID, **query: str) -> str:
    """The page of a bulk decision."""
    return reading.address(f"{START}/batches/{batch_id}", **query)


@router.get("/batches/{batch_id}")
async def open_batch(
    batch_id: UUID,
    session: SessionDep,
    visit: Visit = page(Permission.ACCREDITATION_DECIDE, "events"),
    left: reading.Filter = "",
    undone: reading.Filter = "",
) -> Response:
    """What a bulk decision did, and the way to take it back."""
    found = await bulk.open_batch(session, access=visit.access, batch_id=batch_id)
    told = []
    if undone.isdigit():
        told.append(visit.say(_UNDONE, done=visit.number(int(undone))))
    elif not found.is_undoing:
        told.append(visit.say(_DONE, done=visit.number(len(found.rows))))
    if left.isdigit():
        told.append(visit.say(_LEFT, left=visit.number(int(left))))
    return visit.show("console/batch.html", page=_page(visit, found, news=" ".join(told)))


@router.post("/batches/{batch_id}/undo")
async def undo(
    batch_id: UUID,
    form: FormDep,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_DECIDE, "events"),
) -> Response:
    """Sets aside all decisions of the batch on which no later step followed."""
    found = await bulk.open_batch(session, access=visit.access, batch_id=batch_id)
    checked = Checked(visit, form)
    ground = checked.text("ground", wanted=NO_GROUND, most=_MOST, lines=True)
    if checked.errors:
        shown = _page(visit, found, form=form, errors=tuple(checked.errors))
        return visit.show("console/batch.html", status=422, page=shown)
    async with attempt(session):
        done = await bulk.undo(session, access=visit.access, batch_id=batch_id, ground=ground, now=now)
    left = str(len(done.refused) or "")
    return RedirectResponse(batch_href(batch_id, undone=str(len(done.done)), left=left), 303)


def _page(
    visit: Visit,
    found: BatchFile,
    *,
    news: str = "",
    form: Form = Form.EMPTY,
    errors: tuple[FieldError, ...] = (),
) -> BatchPage:
    rows = tuple(foreseen(visit, one, application_href(one.id)) for one in found.rows)
    at: datetime = found.decided_at
    return BatchPage(
        event_vi=found.event.title_vi,
        event_en=found.event.title_en,
        event_href=event_href(found.event.id),
        list_href=applications_href(found.event.id),
        decided_at=at,
        rows=tuple(one for one in rows if not one.fault),
        left=tuple(one for one in rows if one.fault),
        undo=f"{batch_href(found.id)}/undo" if found.undoable else None,
        ground=form.one("ground"),
        news=news,
        errors=errors,
    )
