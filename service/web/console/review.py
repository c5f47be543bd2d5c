"""One review: what an authority is shown of an application, and its verdict."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.accreditation import ReviewState, VerdictKind, reference_of
from service.domain.accreditation.answers import FILE
from service.domain.accreditation.rules import ReasonRule
from service.domain.errors import Conflict, Invalid
from service.store.vault import Vault
from service.usecases import accreditation
from service.usecases.accreditation import VerdictWish
from service.usecases.accreditation.reviewing import next_of
from service.usecases.accreditation.showing import ReviewFile, surroundings_of
from service.web.console import review_steps
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.field_values import Zones, clock_of, day_options, field_rows, file_parts, zone_options
from service.web.console.queue import queue_href, review_href
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import Checked, Form, FormDep, attempt
from service.web.review_views import ReviewPage, VerdictForm
from service.web.views import FieldError, Option
from service.web.words import N_, word

router = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsolePage)

FOR_VERDICT = {VerdictKind.REJECT: "reject", VerdictKind.ASK: "ask", VerdictKind.CONDITIONS: "approved_with_conditions"}
"""Under which word of a canned reason's `to` a verdict finds its reasons."""
NO_GROUND = N_("Say why, or choose a reason")
_NO_KIND = N_("Choose a verdict")
_NO_CONDITION = N_("Choose zones or days, or tick the escort")
_NOT_NOW = N_("This verdict cannot be given now. Renew the page and look at where the application stands.")
_NEWS = {
    "given": N_("The verdict is kept."),
    "asked": N_("The question is sent. The clock stands still until it is answered."),
}
_MOST = 2000


@dataclass(frozen=True)
class _Around:
    zones: Zones
    days: list[date]
    before: UUID | None
    after: UUID | None


@router.get("/reviews/{review_id}")
async def open_review(
    review_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_REVIEW, "accreditation", desk=True),
    news: str = "",
) -> Response:
    """Fields, files, own verdicts and questions, the clock, and the form of a verdict."""
    try:
        found = await accreditation.open_review(
            session, access=visit.access, review_id=review_id, secrets=vault, now=now
        )
    except Conflict as refusal:
        if refusal.code != "recused":
            raise
        return visit.show("console/review_recused.html", queue_href=queue_href())
    around = await _around(session, visit, found, now)
    told = visit.say(_NEWS[news]) if news in _NEWS else ""
    return visit.show("console/review.html", page=page_of(visit, found, around, vault=vault, now=now, news=told))


@router.post("/reviews/{review_id}")
async def give_verdict(
    review_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_REVIEW, "accreditation", desk=True),
) -> Response:
    """Gives the verdict and stays, or goes on to the next one; what is wrong comes back with all that was typed."""
    found = await accreditation.open_review(session, access=visit.access, review_id=review_id, secrets=vault, now=now)
    around = await _around(session, visit, found, now)
    checked = Checked(visit, form)
    wish = _read(checked, found)
    status = 422
    if wish is not None and not checked.errors:
        try:
            async with attempt(session):
                await accreditation.give_verdict(session, access=visit.access, review_id=review_id, wish=wish, now=now)
        except Invalid as refusal:
            note_refusal(checked, refusal)
        except Conflict:
            checked.wrong("", _NOT_NOW)
            status = 409
        else:
            return RedirectResponse(_then(form, review_id, wish.kind, around), 303)
    shown = page_of(visit, found, around, vault=vault, now=now, form=form, errors=tuple(checked.errors))
    return visit.show("console/review.html", status=status, page=shown)


def _then(form: Form, review_id: UUID, kind: VerdictKind, around: _Around) -> str:
    if form.one("then") == "next":
        return review_href(around.after) if around.after else queue_href(given="1")
    # Whoever stepped back is not shown the application again.
    if kind is VerdictKind.ABSTAIN:
        return queue_href(given="1")
    return review_href(review_id, news="asked" if kind is VerdictKind.ASK else "given")


async def _around(session: SessionDep, visit: Visit, found: ReviewFile, now: datetime) -> _Around:
    zones, days = await surroundings_of(session, event_id=found.event.id)
    before, after = await next_of(session, access=visit.access, review=found.review, now=now)
    return _Around(zones, days, before, after)


def _read(checked: Checked, found: ReviewFile) -> VerdictWish | None:
    """The verdict as it was typed; only what belongs to its kind counts."""
    form = checked.form
    try:
        kind = VerdictKind(form.one("kind"))
    except ValueError:
        checked.wrong("kind", _NO_KIND)
        return None
    ground = checked.text("ground", most=_MOST, lines=True)
    reason_code = form.one("reason_code")
    if kind is not VerdictKind.APPROVE and not (ground or _is_known(found.reasons, kind, reason_code)):
        checked.wrong("ground", NO_GROUND)
    with_conditions = kind is VerdictKind.CONDITIONS
    shown = frozenset(found.zones_wanted) if "zones_wanted" in found.authority.sees else frozenset()
    zones = tuple(one for one in form.many("zones") if one in shown) if with_conditions else ()
    days = tuple(_days(form.many("days"))) if with_conditions else ()
    escort = with_conditions and bool(form.one("escort"))
    if with_conditions and not (zones or days or escort):
        checked.wrong("zones", _NO_CONDITION)
    asked = tuple(one for one in form.many("fields") if one in found.authority.sees)
    return VerdictWish(
        kind=kind,
        ground=ground,
        reason_code=reason_code if _is_known(found.reasons, kind, reason_code) else "",
        zones=zones,
        days=days,
        escort=escort,
        fields=asked if kind is VerdictKind.ASK else (),
    )


def _is_known(reasons: tuple[ReasonRule, ...], kind: VerdictKind, code: str) -> bool:
    return any(one.code == code and FOR_VERDICT.get(kind) in one.to for one in reasons)


def _days(values: tuple[str, ...]) -> list[date]:
    found = []
    for value in values:
        try:
            found.append(date.fromisoformat(value))
        except ValueError as wrong:
            raise Invalid.at("/days", "invalid", "days") from wrong
    return found


def note_refusal(checked: Checked, refusal: Invalid) -> None:
    """What the use case found wrong, at the field that it is about."""
    for error in refusal.errors:
        field = error.pointer.strip("/")
        checked.wrong("zones" if field == "zones" else "ground", _NO_CONDITION if field == "zones" else NO_GROUND)


def reason_options(visit: Visit, reasons: tuple[ReasonRule, ...], *words: str) -> tuple[Option, ...]:
    """Canned reasons as choices, in the reader's language; the journalist reads theirs."""
    return tuple(Option(one.code, one.text[visit.language]) for one in reasons if set(words).intersection(one.to))


def page_of(
    visit: Visit,
    found: ReviewFile,
    around: _Around,
    *,
    vault: Vault,
    now: datetime,
    form: Form = Form.EMPTY,
    errors: tuple[FieldError, ...] = (),
    news: str = "",
) -> ReviewPage:
    """The page of a review."""
    review = found.review
    return ReviewPage(
        reference=reference_of(found.application_id),
        name=found.fields.get("full_name", ""),
        event_vi=found.event.title_vi,
        event_en=found.event.title_en,
        class_vi=found.class_rule.name.vi,
        class_en=found.class_rule.name.en,
        authority_vi=found.authority.name.vi,
        authority_en=found.authority.name.en,
        power=found.authority.power.value,
        state=review.state.value,
        clock=clock_of(review, now),
        round=review.round,
        fields=field_rows(visit, found.fields, around.zones),
        files=file_parts(visit, found.files, secrets=vault, now=now),
        history=review_steps.of_review(visit, found),
        form=_form(visit, found, around, form, errors),
        queue_href=queue_href(),
        previous_href=review_href(around.before) if around.before else None,
        next_href=review_href(around.after) if around.after else None,
        news=news,
    )


def _form(
    visit: Visit, found: ReviewFile, around: _Around, form: Form, errors: tuple[FieldError, ...]
) -> VerdictForm | None:
    if not found.under_way or found.review.state not in (ReviewState.OPEN, ReviewState.DONE):
        return None
    sees = found.authority.sees
    asks = {one.code for one in found.class_rule.asks} | {FILE + one.kind.value for one in found.class_rule.evidence}
    shown = [code for code in sees if code in found.fields or code in asks]
    wanted = found.zones_wanted if "zones_wanted" in sees else []
    return VerdictForm(
        action=review_href(found.review.id),
        kind=form.one("kind"),
        zones=zone_options(visit, wanted, around.zones),
        chosen_zones=form.many("zones"),
        days=day_options(visit, around.days),
        chosen_days=form.many("days"),
        escort=bool(form.one("escort")),
        reasons=reason_options(visit, found.reasons, *FOR_VERDICT.values()),
        reason_code=form.one("reason_code"),
        ground=form.one("ground"),
        fields=tuple(Option(code, visit.say(word(code, "field"))) for code in shown),
        chosen_fields=form.many("fields"),
        has_next=around.after is not None,
        given=found.review.state is ReviewState.DONE,
        errors=errors,
    )
