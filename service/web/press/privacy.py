"""What is kept of a journalist, for how long, who sees it; what they agreed to, and taking it back."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from service.domain.accreditation import ClassRule, Consent, ConsentPurpose
from service.usecases.accreditation import consenting
from service.web.deps import Now, SessionDep
from service.web.forms import Checked, FormDep
from service.web.pages import pick
from service.web.press.access import PressPage, PressVisit, Reader, open_page, press_page
from service.web.press.entry_views import ClassData, ConsentRow, PrivacyPage, SeenBy
from service.web.press.profile_form import consent_rows
from service.web.views import FieldError
from service.web.words import N_

router = APIRouter(prefix="/press", include_in_schema=False, route_class=PressPage)

_HERE = "/press/privacy"
_NEWS = {"agreed": N_("Your consent is kept."), "taken": N_("You have taken your consent back.")}
_SURE = N_("Tick this if you are sure: your open applications are withdrawn")
Done = Annotated[str, Query(max_length=20)]


@router.get("/privacy")
async def show(session: SessionDep, now: Now, reader: Reader = open_page("press_privacy"), done: Done = "") -> Response:
    """The texts, for everybody; one's own consents and data for whoever is signed in."""
    page = await _page(session, reader, now)
    return reader.show("press/privacy.html", page=replace(page, news=reader.say(_NEWS[done]) if done in _NEWS else ""))


@router.post("/privacy/agree")
async def agree(
    form: FormDep, session: SessionDep, now: Now, visit: PressVisit = press_page("press_privacy")
) -> Response:
    """Keeps that this journalist agrees to one purpose."""
    purpose = form.kind("purpose", ConsentPurpose)
    await consenting.agree(session, journalist=visit.journalist, purpose=purpose, now=now)
    return RedirectResponse(f"{_HERE}?done=agreed", 303)


@router.post("/privacy/take-back")
async def take_back(
    form: FormDep, session: SessionDep, now: Now, visit: PressVisit = press_page("press_privacy")
) -> Response:
    """Keeps that this journalist agrees to a purpose no longer; what that ends wants a tick."""
    purpose = form.kind("purpose", ConsentPurpose)
    if purpose is ConsentPurpose.ACCREDITATION and form.one("sure") != "yes":
        checked = Checked(visit, form)
        checked.wrong("sure", _SURE)
        page = await _page(session, visit, now, tuple(checked.errors))
        return visit.show("press/privacy.html", status=422, page=page)
    await consenting.take_back(session, journalist=visit.journalist, purpose=purpose, now=now)
    return RedirectResponse(f"{_HERE}?done=taken", 303)


async def _page(session: SessionDep, reader: Reader, now: Now, errors: tuple[FieldError, ...] = ()) -> PrivacyPage:
    kept = await consenting.list_kept(session, journalist=reader.signed_in, now=now)
    living = {one.purpose: one for one in kept.consents if one.withdrawn_at is None}
    rules = {
        (one.rule_set_id, one.class_code): _data(reader, rule, pick(event, "title", reader.language))
        for one, event, rule in kept.applications
        if rule is not None and one.purged_at is None
    }
    return PrivacyPage(
        signed_in=reader.signed_in is not None,
        has_agreed=ConsentPurpose.ACCREDITATION in living,
        consents=tuple(_with(row, living) for row in consent_rows(reader, ())),
        own=tuple(rules.values()),
        classes=tuple(_data(reader, rule) for rule in kept.packaged),
        news="",
        errors=errors,
    )


def _with(row: ConsentRow, living: dict[ConsentPurpose, Consent]) -> ConsentRow:
    found = living.get(ConsentPurpose(row.code))
    return row if found is None else replace(row, given_at=found.given_at)


def _data(reader: Reader, rule: ClassRule, event: str = "") -> ClassData:
    language = reader.language
    return ClassData(
        title=f"{event}: {rule.name[language]}" if event else rule.name[language],
        days=rule.retention_days,
        seen_by=tuple(SeenBy(one.name[language], one.sees) for one in rule.authorities),
    )
