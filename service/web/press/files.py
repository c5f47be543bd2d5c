"""The files of an application: one page for each kind, where it is sent, replaced and removed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from service.domain.accreditation import EvidenceKind
from service.domain.accreditation.answers import FILE
from service.domain.errors import Conflict, Invalid, NotFound, Refusal
from service.settings import Settings
from service.store import documents
from service.usecases.accreditation.own import OwnApplication, put_file, take_file_out
from service.web.deps import Now, SessionDep, SettingsDep, VaultDep
from service.web.forms import Checked, Form, FormDep, attempt
from service.web.press.access import PressPage, PressVisit, press_page
from service.web.press.application import application_href, file_view, head_of, in_language, is_draft, named, opened
from service.web.press_views import FilePage
from service.web.words import N_, word

router = APIRouter(prefix="/press/applications", include_in_schema=False, route_class=PressPage)

FIELD = "content"
_MEGABYTE = 1 << 20
_NONE_CHOSEN = N_("Choose a file")
_TOO_LARGE = N_("This is too large. Send a file of at most %(limit)s MB; everything else is kept as it was")
_NOT_TAKEN = N_("This file cannot be taken: choose another one")


async def _uploaded(request: Request) -> AsyncIterator[Form | None]:
    """The form that was sent; None where its body is larger than the service takes."""
    try:
        data = await request.form()
    except Refusal as refusal:
        if refusal.code != "too_large":
            raise
        yield None
        return
    try:
        yield Form(data)
    finally:
        await data.close()


UploadDep = Annotated[Form | None, Depends(_uploaded)]


@router.get("/{application_id}/files/{kind}")
async def ask(
    application_id: UUID,
    kind: EvidenceKind,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    settings: SettingsDep,
    back: str = "",
    visit: PressVisit = press_page("press_events"),
) -> Response:
    """What is wanted, what is there, and the form to send it."""
    own = await opened(session, visit, application_id, vault, now)
    if not _has_page(own, kind):
        return RedirectResponse(application_href(application_id), 303)
    page = _page(visit, own, kind, settings, "check" if back == "check" else "")
    return visit.show("press/file.html", page=page)


@router.post("/{application_id}/files/{kind}")
async def send(
    application_id: UUID,
    kind: EvidenceKind,
    form: UploadDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    settings: SettingsDep,
    back: str = "",
    visit: PressVisit = press_page("press_events"),
) -> Response:
    """Keeps the file. What can't be taken is told at its field, and what was there stays."""
    checked = Checked(visit, form or Form.EMPTY)
    back = "check" if back == "check" else ""
    conflict, status = False, 422
    content = await form.file(FIELD) if form else b""
    if form is None:
        status = 413
        checked.wrong(FIELD, _TOO_LARGE, limit=_limit(visit, settings))
    elif not content and not form.file_name(FIELD):
        checked.wrong(FIELD, _NONE_CHOSEN)
    else:
        try:
            async with attempt(session):
                await put_file(
                    session,
                    journalist=visit.journalist,
                    application_id=application_id,
                    kind=kind,
                    replaces=_seen(form),
                    name=form.file_name(FIELD),
                    content=content,
                    secrets=vault,
                    now=now,
                )
        except Invalid as refusal:
            _note(checked, refusal)
        except Conflict as refusal:
            if refusal.code != "changed_meanwhile":
                return RedirectResponse(application_href(application_id), 303)
            conflict, status = True, 409
        else:
            return RedirectResponse(_next(application_id, back), 303)
    own = await opened(session, visit, application_id, vault, now)
    if not _has_page(own, kind):
        return RedirectResponse(application_href(application_id), 303)
    page = replace(_page(visit, own, kind, settings, back), conflict=conflict, errors=tuple(checked.errors))
    return visit.show("press/file.html", status=status, page=page)


@router.post("/{application_id}/files/{kind}/remove")
async def remove(
    application_id: UUID,
    kind: EvidenceKind,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    settings: SettingsDep,
    visit: PressVisit = press_page("press_events"),
) -> Response:
    """Removes the file that was seen; when it is another one by now, that one is shown first."""
    here = f"{application_href(application_id)}/files/{kind.value}"
    try:
        async with attempt(session):
            await take_file_out(
                session,
                journalist=visit.journalist,
                application_id=application_id,
                kind=kind,
                replaces=_seen(form),
                now=now,
            )
    except NotFound as refusal:
        if refusal.detail != "evidence":
            raise
    except Conflict as refusal:
        if refusal.code != "changed_meanwhile":
            return RedirectResponse(application_href(application_id), 303)
        own = await opened(session, visit, application_id, vault, now)
        page = replace(_page(visit, own, kind, settings, ""), conflict=True)
        return visit.show("press/file.html", status=409, page=page)
    return RedirectResponse(here, 303)


def _has_page(own: OwnApplication, kind: EvidenceKind) -> bool:
    """Whether a kind of file has a page: it is asked for, or one is still there from when it was."""
    asked = own.rule is not None and any(one.kind is kind for one in own.rule.evidence_of(own.application.media_role))
    return own.writable and (asked or kind in own.files)


def _seen(form: Form) -> UUID | None:
    """The file that stood on the page that was sent."""
    return form.id("replaces") if form.one("replaces") else None


def _next(application_id: UUID, back: str) -> str:
    return f"{application_href(application_id)}/check" if back else application_href(application_id)


def _limit(visit: PressVisit, settings: Settings) -> str:
    return visit.number(min(settings.upload_limit, documents.LARGEST) // _MEGABYTE)


def _page(visit: PressVisit, own: OwnApplication, kind: EvidenceKind, settings: Settings, back: str) -> FilePage:
    code = FILE + kind.value
    rules = own.rule.evidence_of(own.application.media_role) if own.rule else ()
    asked = next((one for one in rules if one.kind is kind), None)
    there, here = own.files.get(kind), application_href(own.application.id)
    return FilePage(
        head=head_of(visit, own),
        action=f"{here}/files/{kind.value}",
        back_href=_next(own.application.id, back if is_draft(own) else ""),
        back=back,
        heading=visit.say(word(code, "field")),
        hint=in_language(visit, asked.hint) if asked else "",
        asked=asked is not None,
        required=asked is not None and asked.required,
        portrait=kind is EvidenceKind.PORTRAIT,
        limit=_limit(visit, settings),
        file=file_view(there) if there else None,
        again="" if is_draft(own) else named(visit, own.looks_again(code)),
        sent_in=not is_draft(own),
    )


def _note(checked: Checked, refusal: Invalid) -> None:
    """Why a file can't be taken, at its field."""
    for error in refusal.errors:
        known = error.code in documents.FAULTS
        checked.wrong(FIELD, word(error.code, "file_fault") if known else _NOT_TAKEN)
