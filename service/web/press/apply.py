"""Applying for an event: beginning, the list of tasks, and sending in what is complete."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.accreditation import ConsentPurpose
from service.domain.accreditation.answers import FILE
from service.domain.errors import Conflict, FieldError, Invalid
from service.domain.localtime import local_day
from service.usecases import accreditation
from service.usecases.accreditation.own import OwnApplication, send
from service.web.consents import CONSENTS
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import Checked, FormDep, attempt
from service.web.press.access import PressPage, PressVisit, press_page
from service.web.press.application import (
    application_href,
    asked_about,
    event_href,
    groups_of,
    head_of,
    in_language,
    is_draft,
    is_required,
    opened,
)
from service.web.press.asked import WRONG
from service.web.press.status import page_of, status_page
from service.web.press_views import CheckPage, ConsentChoice, Task, TaskPage
from service.web.words import N_, word

router = APIRouter(prefix="/press", include_in_schema=False, route_class=PressPage)

_ASKED = (ConsentPurpose.ACCREDITATION, ConsentPurpose.PORTRAIT_ON_BADGE)
"""What is asked before sending, where it wasn't agreed to yet."""
_LACKING_FILE = N_("Send this file: %(what)s")
_PROFILE: dict[tuple[str, str], str] = {
    ("press_card_number", "missing"): N_("Write the number of your press card in your profile"),
    ("press_card_number", "press_card_format"): N_(
        "Look at the number of your press card in your profile: this class takes another form"
    ),
    ("press_card_expires_on", "expired"): N_(
        "Your press card has expired: write the date of the new one in your profile"
    ),
}
_AGREE = N_("Agree to the use of your data: without it an application cannot be sent in")
_OWNER_AGREES = N_("%(name)s has to agree to the use of their data: they sign in and open My data")
_CLOSED = N_("The event takes no applications any more. Ask the organiser: %(contact)s")
_GROUPS = (N_("Your work at the event"), N_("About you"), N_("Files"), N_("Send"))
_CLASS, _WORK, _PROFILE_TASK, _ABOUT = (
    N_("Class of accreditation"),
    N_("Work, zones and days"),
    N_("Press card"),
    N_("Your details"),
)
_SEND = N_("Check and send")


@router.post("/events/{event_id}/apply")
async def begin(
    event_id: UUID, form: FormDep, session: SessionDep, now: Now, visit: PressVisit = press_page("press_events")
) -> Response:
    """Begins a draft and leads to its tasks; begun twice, it is one."""
    class_code = form.one("class_code")
    if not class_code:
        return RedirectResponse(event_href(event_id), 303)
    made = await accreditation.start(
        session, journalist=visit.journalist, event_id=event_id, class_code=class_code, now=now
    )
    return RedirectResponse(application_href(made.id), 303)


@router.get("/applications/{application_id}")
async def open_page(
    application_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    news: str = "",
    visit: PressVisit = press_page("press_events"),
) -> Response:
    """The tasks of a draft; afterwards where it stands."""
    own = await opened(session, visit, application_id, vault, now)
    if is_draft(own):
        return visit.show("press/tasks.html", page=_tasks(visit, own, now))
    page = await status_page(session, visit, own, vault, now, news=news)
    return visit.show("press/status.html", page=page)


# The tasks ---------------------------------------------------------------------------------------------------------


def _tasks(visit: PressVisit, own: OwnApplication, now: datetime) -> TaskPage:
    here = application_href(own.application.id)
    groups = _task_groups(visit, own, here, now)
    counted = [task for _, tasks in groups[:-1] for task in tasks if task.state != "optional"]
    closes_at = own.event.accreditation_closes_at
    return TaskPage(
        head=head_of(visit, own),
        groups=groups,
        done=sum(task.state == "done" for task in counted),
        total=len(counted),
        now=now,
        closes_at=closes_at,
        closed=closes_at is None or closes_at <= now,
        safe_on=own.safe_on,
        late=own.safe_on is not None and local_day(now) > own.safe_on,
        days=own.rule.days if own.rule else 0,
        contact=own.plan.contact if own.plan else "",
        withdraw_href=f"{here}/withdraw",
    )


def _task_groups(
    visit: PressVisit, own: OwnApplication, here: str, now: datetime
) -> tuple[tuple[str, tuple[Task, ...]], ...]:
    missing = set(own.missing)
    work = Task(visit.say(_WORK), f"{here}/work", "todo" if missing & {"zones_wanted", "days_wanted"} else "done")
    kind = Task(visit.say(_CLASS), f"{here}/class", "done", in_language(visit, own.rule.name) if own.rule else "")
    named = [visit.say(one) for one in _GROUPS]
    about, files = _about_tasks(visit, own, here, missing, now), _file_tasks(visit, own, here)
    left = bool(missing) or any(one.state == "todo" for one in about)
    note = visit.say(N_("Some of what is needed is still missing")) if left else ""
    found = (
        (named[0], (kind, work)),
        (named[1], about),
        (named[2], files),
        (named[3], (Task(visit.say(_SEND), f"{here}/check", "todo", note),)),
    )
    return tuple(group for group in found if group[1])


def _about_tasks(
    visit: PressVisit, own: OwnApplication, here: str, missing: set[str], now: datetime
) -> tuple[Task, ...]:
    tasks = []
    if own.rule is not None and own.rule.press_card == "required":
        expires_on = own.owner.press_card_expires_on
        lacking = "press_card_number" in missing or (expires_on is not None and expires_on < local_day(now))
        note = visit.say(N_("In the profile of %(name)s"), name=own.owner.full_name) if own.colleague else ""
        href = "" if own.colleague else "/press/profile"
        tasks.append(Task(visit.say(_PROFILE_TASK), href, "todo" if lacking else "done", note))
    if codes := asked_about(own):
        needed = any(is_required(own, code) for code in codes)
        answered = any(own.application.answers.get(code) for code in codes)
        state = "todo" if missing.intersection(codes) else ("done" if needed or answered else "optional")
        tasks.append(Task(visit.say(_ABOUT), f"{here}/about", state))
    return tuple(tasks)


def _file_tasks(visit: PressVisit, own: OwnApplication, here: str) -> tuple[Task, ...]:
    asked = {one.kind: one.required for one in own.rule.evidence_of(own.application.media_role)} if own.rule else {}
    tasks = []
    for kind, required in asked.items():
        there = own.files.get(kind)
        state = "done" if there else ("todo" if required else "optional")
        name = visit.say(word(FILE + kind.value, "field"))
        tasks.append(Task(name, f"{here}/files/{kind.value}", state, there.name if there else ""))
    for kind in own.files.keys() - asked.keys():
        note = visit.say(N_("No longer asked for: you may remove it"))
        tasks.append(Task(visit.say(word(FILE + kind.value, "field")), f"{here}/files/{kind.value}", "optional", note))
    return tuple(tasks)


# Sending in --------------------------------------------------------------------------------------------------------


@router.get("/applications/{application_id}/check")
async def check(
    application_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: PressVisit = press_page("press_events"),
) -> Response:
    """Everything on one page, to be looked at before it is sent."""
    own = await opened(session, visit, application_id, vault, now)
    if not is_draft(own):
        return RedirectResponse(application_href(application_id), 303)
    return visit.show("press/check.html", page=_check_page(visit, own))


@router.post("/applications/{application_id}/check")
async def submit(
    application_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: PressVisit = press_page("press_events"),
) -> Response:
    """Sends it in; sent twice, it is sent once. Whatever is missing is told with the way to its page."""
    agrees = frozenset(one for one in _ASKED if one.value in form.many("consents"))
    version = form.one("version")
    checked, links, conflict = Checked(visit, form), [], False
    try:
        async with attempt(session):
            await send(
                session,
                journalist=visit.journalist,
                application_id=application_id,
                version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,  # noqa: PLR2004
                agrees=agrees,
                secrets=vault,
                now=now,
            )
    except Invalid as refusal:
        own = await opened(session, visit, application_id, vault, now)
        links = [_link(visit, own, error) for error in refusal.errors]
    except Conflict as refusal:
        own = await opened(session, visit, application_id, vault, now)
        conflict = refusal.code == "changed_meanwhile"
        if refusal.code == "closed":
            checked.wrong("", _CLOSED, contact=own.plan.contact if own.plan else "")
        elif not conflict:
            return RedirectResponse(application_href(application_id), 303)
    else:
        return RedirectResponse(f"{application_href(application_id)}?news=sent", 303)
    if not is_draft(own):
        return RedirectResponse(application_href(application_id), 303)
    page = replace(
        _check_page(visit, own),
        conflict=conflict,
        ticked=tuple(sorted(agrees)),
        errors=tuple(checked.errors),
        links=tuple(links),
    )
    return visit.show("press/check.html", status=422 if links else 409, page=page)


def _check_page(visit: PressVisit, own: OwnApplication) -> CheckPage:
    here = application_href(own.application.id)
    to_ask = () if own.colleague else tuple(one for one in _ASKED if one not in own.agreed)
    return CheckPage(
        head=head_of(visit, own),
        action=f"{here}/check",
        back_href=here,
        version=own.application.version,
        groups=groups_of(visit, own, back="check"),
        consents=tuple(_consent(visit, one) for one in to_ask),
        owner_asked=own.colleague and ConsentPurpose.ACCREDITATION not in own.agreed,
        privacy_href="/press/privacy",
    )


def _consent(visit: PressVisit, purpose: ConsentPurpose) -> ConsentChoice:
    text = CONSENTS[purpose]
    told = " ".join(visit.say(one) for one in (text.why, text.who, text.how_long, text.taking_back))
    return ConsentChoice(purpose.value, visit.say(text.asks), told, text.needed)


def _and_back(href: str) -> str:
    """A page of the application, from which one comes back to the last one."""
    path, _, mark = href.partition("#")
    return f"{path}?back=check" + (f"#{mark}" if mark else "")


def _link(visit: PressVisit, own: OwnApplication, error: FieldError) -> tuple[str, str]:
    """What to do about one thing that stops the sending, and the page where it is done."""
    code = error.pointer.removeprefix("/")
    if code == "consent":
        told = visit.say(_OWNER_AGREES, name=own.owner.full_name) if own.colleague else visit.say(_AGREE)
        return told, "" if own.colleague else "#consents"
    if (code, error.code) in _PROFILE:
        return visit.say(_PROFILE[code, error.code]), page_of(own, code)
    what = visit.say(word(code, "field"))
    if code.startswith(FILE):
        return visit.say(_LACKING_FILE, what=what), _and_back(page_of(own, code))
    return visit.say(WRONG.get(error.code, WRONG["missing"]), what=what), _and_back(page_of(own, code))
