"""What is changed about one outlet: its facts, its other names, its focal points; and merging it into another one."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Permission
from service.domain.accreditation import OutletKind
from service.domain.errors import Conflict, Invalid
from service.usecases.accreditation import outlets
from service.usecases.accreditation.outlets import OutletChange
from service.web import press_office_views as view
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.outlet import outlet_page
from service.web.console.outlets import outlet_href
from service.web.deps import Now, SessionDep
from service.web.forms import Checked, Form, FormDep, attempt
from service.web.views import FieldError
from service.web.words import N_

router = APIRouter(prefix="/console/outlets", include_in_schema=False, route_class=ConsolePage)

_LONGEST_NAME = 200
_NO_NAME = N_("Write a name with letters or digits")
_TAKEN = N_("%(name)s goes by this name already: merge the two if they are one")
_NO_COUNTRY = N_("Write the two letters of the country, for example VN")
_NO_LANGUAGES = N_("Write the two letters of each language, for example vi, en")
_GONE = N_("One of the two was merged meanwhile")


@router.post("/{outlet_id}")
async def change(
    outlet_id: UUID,
    form: FormDep,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_SET_UP, "outlets"),
) -> Response:
    """Saves the facts; what is wrong comes back with all that was typed."""
    checked, status = Checked(visit, form), 422
    wish = OutletChange(
        name=checked.text("name", wanted=_NO_NAME, most=_LONGEST_NAME),
        kind=form.kind("kind", OutletKind),
        country=checked.text("country", wanted=_NO_COUNTRY).upper(),
        languages=tuple(part for part in checked.text("languages").lower().replace(",", " ").split() if part),
        host_broadcaster=bool(form.one("host_broadcaster")),
    )
    if not checked.errors:
        try:
            async with attempt(session):
                await outlets.change(session, access=visit.access, outlet_id=outlet_id, wish=wish, now=now)
        except (Invalid, Conflict) as refusal:
            status = _note(checked, refusal, "name")
        else:
            return RedirectResponse(outlet_href(outlet_id, news="saved"), 303)
    return await _again(session, visit, outlet_id, form, checked.errors, now, status, facts=True)


def _note(checked: Checked, refusal: Invalid | Conflict, field: str) -> int:
    """Tells a refusal at its field; answers the status of the page."""
    if isinstance(refusal, Conflict):
        if refusal.code == "already_exists":
            checked.wrong(field, _TAKEN, name=refusal.detail)
        else:
            checked.wrong("", _GONE)
        return 409
    told = {"/country": _NO_COUNTRY, "/languages": _NO_LANGUAGES}
    for one in refusal.errors:
        checked.wrong(one.pointer.removeprefix("/"), told.get(one.pointer, _NO_NAME))
    return 422


async def _again(
    session: AsyncSession,
    visit: Visit,
    outlet_id: UUID,
    form: Form,
    errors: list[FieldError],
    now: datetime,
    status: int,
    *,
    facts: bool,
) -> Response:
    found = await outlets.open_outlet(session, access=visit.access, outlet_id=outlet_id, now=now)
    shown = replace(outlet_page(found), errors=tuple(errors))
    if facts:
        typed = view.OutletForm(
            name=form.one("name"),
            kind=form.one("kind"),
            country=form.one("country"),
            languages=form.one("languages"),
            host_broadcaster=bool(form.one("host_broadcaster")),
        )
        shown = replace(shown, form=typed)
    else:
        shown = replace(shown, alias=form.one("alias"))
    return visit.show("console/outlet.html", status=status, page=shown)


@router.post("/{outlet_id}/names")
async def add_name(
    outlet_id: UUID,
    form: FormDep,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_SET_UP, "outlets"),
) -> Response:
    """Another name of the outlet."""
    checked, status = Checked(visit, form), 422
    name = checked.text("alias", wanted=_NO_NAME, most=_LONGEST_NAME)
    if not checked.errors:
        try:
            async with attempt(session):
                await outlets.add_alias(session, access=visit.access, outlet_id=outlet_id, name=name, now=now)
        except (Invalid, Conflict) as refusal:
            status = _note(checked, refusal, "alias")
        else:
            return RedirectResponse(outlet_href(outlet_id, "names", news="named"), 303)
    return await _again(session, visit, outlet_id, form, checked.errors, now, status, facts=False)


@router.post("/{outlet_id}/names/{alias_id}/remove")
async def remove_name(
    outlet_id: UUID,
    alias_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_SET_UP, "outlets"),
) -> Response:
    """The outlet goes by this name no more."""
    await outlets.remove_alias(session, access=visit.access, outlet_id=outlet_id, alias_id=alias_id, now=now)
    return RedirectResponse(outlet_href(outlet_id, "names", news="unnamed"), 303)


@router.post("/{outlet_id}/focal-points/{journalist_id}")
async def name_focal_point(
    outlet_id: UUID,
    journalist_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_SET_UP, "outlets"),
) -> Response:
    """A journalist applies for the outlet's people from now on."""
    await outlets.name_focal_point(
        session, access=visit.access, outlet_id=outlet_id, journalist_id=journalist_id, now=now
    )
    return RedirectResponse(outlet_href(outlet_id, "people", news="focal_point"), 303)


@router.post("/{outlet_id}/focal-points/{journalist_id}/end")
async def end_focal_point(
    outlet_id: UUID,
    journalist_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_SET_UP, "outlets"),
) -> Response:
    """A journalist applies for nobody else any more."""
    await outlets.end_focal_point(
        session, access=visit.access, outlet_id=outlet_id, journalist_id=journalist_id, now=now
    )
    return RedirectResponse(outlet_href(outlet_id, "people", news="focal_point_ended"), 303)


@router.post("/{outlet_id}/merge")
async def merge(
    outlet_id: UUID,
    form: FormDep,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_SET_UP, "outlets"),
) -> Response:
    """Merges the outlet into another one, and leads to that one."""
    into_id = form.id("into")
    await outlets.merge(session, access=visit.access, outlet_id=outlet_id, into_id=into_id, now=now)
    return RedirectResponse(outlet_href(into_id, news="merged"), 303)
