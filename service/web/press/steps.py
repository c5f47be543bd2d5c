"""The questions of an application, page by page: the class, the work, and about the person."""

from dataclasses import replace
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.accreditation import MediaRole
from service.domain.accreditation.answers import ASKED
from service.domain.errors import Conflict, Invalid
from service.usecases import accreditation
from service.usecases.accreditation import Changes
from service.usecases.accreditation.own import OwnApplication
from service.usecases.accreditation.plans import safe_day
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import Checked, Form, FormDep, attempt
from service.web.press.access import PressPage, PressVisit, press_page
from service.web.press.application import (
    application_href,
    asked_about,
    asked_of_work,
    head_of,
    in_language,
    is_draft,
    is_required,
    opened,
    shown,
    value_of,
)
from service.web.press.asked import WRONG
from service.web.press.fields import CLASS, as_saved, field_view, typed_view
from service.web.press_views import ClassChoice, StepPage
from service.web.words import N_, word

router = APIRouter(prefix="/press/applications", include_in_schema=False, route_class=PressPage)

Step = Literal["class", "work", "about"]
_HEADINGS: dict[str, tuple[str, str]] = {
    "class": (
        N_("Which accreditation do you apply for?"),
        N_("Each class asks for other things and is looked at by other authorities. You can change it until you send."),
    ),
    "work": (N_("What will you do, and where?"), ""),
    "about": (N_("About you"), N_("Only what this class needs. Your name and press card come from your profile.")),
}


@router.get("/{application_id}/{step}")
async def ask(
    application_id: UUID,
    step: Step,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    back: str = "",
    visit: PressVisit = press_page("press_events"),
) -> Response:
    """The questions of one page, with what was answered."""
    own = await opened(session, visit, application_id, vault, now)
    if not _is_open(own, step):
        return RedirectResponse(application_href(application_id), 303)
    return visit.show(_template(step), page=_page(visit, own, step, "check" if back == "check" else ""))


@router.post("/{application_id}/{step}")
async def save(
    application_id: UUID,
    step: Step,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: PressVisit = press_page("press_events"),
) -> Response:
    """Keeps what was answered. What another window saved meanwhile is shown beside it, and nothing is lost."""
    own = await opened(session, visit, application_id, vault, now)
    back = "check" if form.one("back") == "check" else ""
    if not _is_open(own, step):
        return RedirectResponse(application_href(application_id), 303)
    checked = Checked(visit, form)
    changes = _read(visit, checked, own, step)
    conflict = False
    if not checked.errors:
        try:
            async with attempt(session):
                await accreditation.write(
                    session,
                    journalist=visit.journalist,
                    application_id=application_id,
                    version=_version(form),
                    changes=changes,
                    secrets=vault,
                    now=now,
                )
        except Invalid as refusal:
            _note(visit, checked, refusal)
        except Conflict as refusal:
            if refusal.code != "changed_meanwhile":
                return RedirectResponse(application_href(application_id), 303)
            conflict = True
        else:
            return RedirectResponse(_next(own, back), 303)
    own = await opened(session, visit, application_id, vault, now)
    if not _is_open(own, step):
        return RedirectResponse(application_href(application_id), 303)
    page = _typed(visit, own, _page(visit, own, step, back), form, conflict=conflict)
    page = replace(page, errors=tuple(checked.errors))
    return visit.show(_template(step), status=409 if conflict else 422, page=page)


def _is_open(own: OwnApplication, step: Step) -> bool:
    """Whether this page can be changed: the class only until it is sent in."""
    return own.writable and (step != "class" or is_draft(own)) and (step != "about" or bool(asked_about(own)))


def _template(step: Step) -> str:
    return "press/class.html" if step == "class" else "press/step.html"


def _codes(own: OwnApplication, step: Step) -> tuple[str, ...]:
    return {"class": (CLASS,), "work": asked_of_work(own), "about": asked_about(own)}[step]


def _next(own: OwnApplication, back: str) -> str:
    here = application_href(own.application.id)
    return f"{here}/check" if back and is_draft(own) else here


def _version(form: Form) -> int:
    """The version that the form was filled in at; a form that names none is as old as can be."""
    typed = form.one("version")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0  # noqa: PLR2004


def _page(visit: PressVisit, own: OwnApplication, step: Step, back: str) -> StepPage:
    heading, lead = _HEADINGS[step]
    here = application_href(own.application.id)
    return StepPage(
        head=head_of(visit, own),
        action=f"{here}/{step}",
        back_href=_next(own, back),
        back=back,
        heading=visit.say(heading),
        lead=visit.say(lead) if lead else "",
        version=own.application.version,
        fields=tuple(field_view(visit, own, code) for code in _codes(own, step)),
        sent_in=not is_draft(own),
        classes=_classes(visit, own) if step == "class" else (),
    )


def _classes(visit: PressVisit, own: OwnApplication) -> tuple[ClassChoice, ...]:
    if own.plan is None or own.rules is None:
        return ()
    first = own.days[0] if own.days else None
    known = [one for one in own.rules.classes if one.code in own.plan.classes]
    return tuple(
        ClassChoice(
            code=one.code,
            name=in_language(visit, one.name),
            description=in_language(visit, one.description),
            days=one.days,
            safe_on=safe_day(one, first),
        )
        for one in known
    )


def _typed(visit: PressVisit, own: OwnApplication, page: StepPage, form: Form, *, conflict: bool) -> StepPage:
    """The page as it was sent; beside what another window saved, where that is something else."""
    fields = []
    for blank in page.fields:
        view = typed_view(blank, form)
        differs = conflict and as_saved(view) != as_saved(blank)
        fields.append(replace(view, saved=_saved_text(visit, own, blank.code) if differs else None))
    return replace(page, fields=tuple(fields), conflict=conflict)


def _saved_text(visit: PressVisit, own: OwnApplication, code: str) -> str:
    if code == CLASS:
        return in_language(visit, own.rule.name) if own.rule else ""
    return shown(visit, own, code, value_of(own, code))


# Reading ---------------------------------------------------------------------------------------------------------


def _read(visit: PressVisit, checked: Checked, own: OwnApplication, step: Step) -> Changes:
    """What was answered on a page. Once an application is sent in, nothing that is needed may be emptied."""
    form = checked.form
    if step == "class":
        code = form.one(CLASS)
        if own.plan is None or code not in own.plan.classes:
            checked.wrong(CLASS, N_("Choose one of the classes"))
        return Changes(class_code=code)
    answers: dict[str, Any] = {}
    for code in _codes(own, step):
        if code not in ASKED:
            continue
        if code == "days_wanted":
            answers[code] = [on.isoformat() for on in own.days if on.isoformat() in form.many(code)]
        elif ASKED[code].kind == "day":
            on = checked.day(code)
            answers[code] = on.isoformat() if on else ""
        elif code != "identity_number" or form.one(code).strip():
            # An empty number leaves the one that is kept: it isn't shown again, so it can't be sent again.
            answers[code] = form.one(code)
    _require_whole(visit, checked, own, answers)
    if step == "about":
        return Changes(answers=answers)
    zones = tuple(code for code in own.zones if code in form.many("zones_wanted"))
    if not zones and not is_draft(own):
        checked.wrong("zones_wanted", N_("Choose at least one zone"))
    role = form.one("media_role")
    return Changes(
        media_role=MediaRole(role) if role in set(MediaRole) else None,
        zones_wanted=zones,
        note=checked.text("note", most=1000, lines=True),
        answers=answers,
    )


def _require_whole(visit: PressVisit, checked: Checked, own: OwnApplication, answers: dict[str, Any]) -> None:
    if is_draft(own):
        return
    for code, value in answers.items():
        if is_required(own, code) and not (value.strip() if isinstance(value, str) else value):
            _wrong(visit, checked, code, "missing")


def _note(visit: PressVisit, checked: Checked, refusal: Invalid) -> None:
    """Puts what can't be kept at its field; raises it again when no field of the page can help."""
    for error in refusal.errors:
        code = error.pointer.rpartition("/")[2]
        if error.code not in WRONG:
            raise refusal
        _wrong(visit, checked, code, error.code)


def _wrong(visit: PressVisit, checked: Checked, code: str, fault: str) -> None:
    most = ASKED[code].most if code in ASKED else 0
    checked.wrong(code, WRONG[fault], number=visit.number(most), what=visit.say(word(code, "field")))
