"""Issuing a pass directly: to a delegate, guest, visitor, pupil, group or member of staff."""

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.errors import Conflict, Invalid
from service.usecases import passes
from service.usecases.passes import Wish
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.pass_form import blank_form, note_refusal, read_wish, typed_form
from service.web.console.pass_list import list_href
from service.web.console.pass_rows import pass_href
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import Checked, FormDep, attempt

router = APIRouter(prefix="/console/events", include_in_schema=False, route_class=ConsolePage)


@router.get("/{event_id}/passes/new")
async def ask(event_id: UUID, session: SessionDep, visit: Visit = page(Permission.PASSES_ISSUE, "events")) -> Response:
    """The form."""
    found = await passes.choices(session, access=visit.access, event_id=event_id)
    here = list_href(event_id)
    return visit.show("console/pass_new.html", form=blank_form(visit, found, action=f"{here}/new", back_href=here))


@router.post("/{event_id}/passes/new")
async def issue(
    event_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_ISSUE, "events"),
) -> Response:
    """Issues the pass and leads to it; what is wrong comes back with all that was typed."""
    found = await passes.choices(session, access=visit.access, event_id=event_id)
    checked = Checked(visit, form)
    wanted = read_wish(checked, found)
    if not checked.errors:
        try:
            async with attempt(session):
                made = await passes.issue_direct(
                    session, access=visit.access, event=found.event, wish=Wish(**wanted), vault=vault, now=now
                )
        except (Invalid, Conflict) as refusal:
            note_refusal(checked, refusal)
        else:
            return RedirectResponse(pass_href(made.id), 303)
    here = list_href(event_id)
    blank = blank_form(visit, found, action=f"{here}/new", back_href=here)
    return visit.show("console/pass_new.html", status=422, form=typed_form(blank, form, checked.errors))
