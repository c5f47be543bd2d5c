"""One verdict on many applications: first what it would do to each, then done."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.accreditation import VerdictKind
from service.domain.accreditation.rules import ReasonRule
from service.domain.errors import Invalid
from service.usecases.accreditation import VerdictWish, bulk
from service.usecases.accreditation.reasons import reasons_for
from service.web.console.access import QUEUE, ConsolePage, Visit, page
from service.web.console.bulk_words import foreseen
from service.web.console.queue import queue_href, review_href
from service.web.console.review import FOR_VERDICT, NO_GROUND, reason_options
from service.web.deps import Now, SessionDep
from service.web.forms import Checked, FormDep
from service.web.review_views import BulkPage
from service.web.words import N_

router = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsolePage)

_NOTHING_CHOSEN = N_("Choose at least one row")
_TOO_MANY = N_("Choose at most %(number)s rows")
_QUEUE = N_("Opinions on applications")
_MOST = 2000


@dataclass(frozen=True)
class Sent:
    """A step on many rows as it was sent: which rows, with what ground, and how far. `is_whole`: nothing is missing."""

    ids: list[UUID]
    ground: str
    reason_code: str
    step: str
    is_whole: bool


def read_sent(checked: Checked, field: str, reasons: Sequence[ReasonRule], word: str, *, needs_ground: bool) -> Sent:
    """Reads a step on many rows; a canned reason counts if it serves what `word` names."""
    form = checked.form
    ids, code = form.ids(field), form.one("reason_code")
    ground = checked.text("ground", most=_MOST, lines=True)
    reason_code = code if any(one.code == code and word in one.to for one in reasons) else ""
    if not ids:
        checked.wrong(field, _NOTHING_CHOSEN)
    elif len(ids) > bulk.MOST_AT_ONCE:
        checked.wrong(field, _TOO_MANY, number=bulk.MOST_AT_ONCE)
    is_whole = not needs_ground or bool(ground or reason_code)
    if form.one("step") and not is_whole:
        checked.wrong("ground", NO_GROUND)
    return Sent(ids, ground, reason_code, form.one("step"), is_whole and not checked.errors)


@router.post("/accreditation/verdicts")
async def give_many(
    form: FormDep,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_REVIEW, "accreditation", desk=True),
) -> Response:
    """Shows what the verdict would do to each row; confirmed, gives it to all whom it can be given."""
    kind = form.kind("kind", VerdictKind)
    if kind not in bulk.BULK_VERDICTS:
        raise Invalid.at("/kind", "invalid", "kind")
    checked = Checked(visit, form)
    reasons = await reasons_for(session, access=visit.access, now=now)
    word = FOR_VERDICT.get(kind, "")
    sent = read_sent(checked, "reviews", reasons, word, needs_ground=kind is not VerdictKind.APPROVE)
    rows = None
    if sent.is_whole:
        wish = VerdictWish(kind, ground=sent.ground, reason_code=sent.reason_code)
        if sent.step == "confirm":
            done = await bulk.verdicts_many(session, access=visit.access, review_ids=sent.ids, wish=wish, now=now)
            return RedirectResponse(queue_href(given=str(len(done.done)), left=str(len(done.refused) or "")), 303)
        seen = await bulk.preview_verdicts(session, access=visit.access, review_ids=sent.ids, wish=wish, now=now)
        rows = tuple(foreseen(visit, one, review_href(one.id)) for one in seen)
    shown = BulkPage(
        action=f"{QUEUE}/verdicts",
        back_href=queue_href(),
        trail=((visit.say(_QUEUE), QUEUE),),
        field="reviews",
        ids=tuple(str(one) for one in sent.ids),
        kind=kind.value,
        needs_ground=kind is not VerdictKind.APPROVE,
        reasons=reason_options(visit, tuple(reasons), word),
        reason_code=sent.reason_code,
        ground=form.one("ground"),
        rows=rows,
        errors=tuple(checked.errors),
    )
    return visit.show("console/verdicts.html", status=422 if checked.errors else 200, page=shown)
