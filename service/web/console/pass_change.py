"""A new pass in the place of an older one: the same again, or one that says something else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Permission
from service.domain.errors import Conflict, Invalid
from service.domain.passes import BadgeState
from service.store.vault import Vault
from service.usecases import passes
from service.usecases.passes import Change
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.pass_form import blank_form, filled_form, note_refusal, read_wish, typed_form
from service.web.console.pass_rows import pass_href
from service.web.console.start import event_href
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import Checked, Form, FormDep, attempt
from service.web.pass_views import PassForm, ReplaceForm
from service.web.views import FieldError
from service.web.words import N_

router = APIRouter(prefix="/console/passes", include_in_schema=False, route_class=ConsolePage)

GROUND_WANTED = N_("Write the ground of this decision")
AUTHORITY_WANTED = N_("Write who decided")
_SAME = N_("Nothing is different. To print the same pass again, go back and print it anew")


def read_ground(checked: Checked) -> tuple[str, str]:
    """Why, and on whose authority: both are needed."""
    ground = checked.text("ground", wanted=GROUND_WANTED, lines=True)
    return ground, checked.text("authority", wanted=AUTHORITY_WANTED)


@router.get("/{pass_id}/replace")
async def ask_for_ground(
    pass_id: UUID, session: SessionDep, visit: Visit = page(Permission.PASSES_REVOKE, "events")
) -> Response:
    """The form for the same pass with a new code."""
    found = await passes.choices_of_change(session, access=visit.access, pass_id=pass_id)
    return visit.show("console/pass_replace.html", form=_replace_form(found, Form.EMPTY, ()))


@router.post("/{pass_id}/replace")
async def print_anew(
    pass_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_REVOKE, "events"),
) -> Response:
    """The same pass with a new code; the older badge and code stop working at once."""
    checked = Checked(visit, form)
    if led := await _replace(visit, session, checked, pass_id, vault, now):
        return led
    found = await passes.choices_of_change(session, access=visit.access, pass_id=pass_id)
    shown = _replace_form(found, form, tuple(checked.errors))
    return visit.show("console/pass_replace.html", status=422, form=shown)


async def _replace(
    visit: Visit,
    session: AsyncSession,
    checked: Checked,
    pass_id: UUID,
    vault: Vault,
    now: datetime,
    changes: dict[str, Any] | None = None,
) -> Response | None:
    """Issues the new pass and leads to it; None when something is wrong, which `checked` then holds."""
    ground, authority = read_ground(checked)
    if checked.errors:
        return None
    try:
        async with attempt(session):
            made = await passes.replace_pass(
                session,
                access=visit.access,
                pass_id=pass_id,
                ground=ground,
                authority=authority,
                vault=vault,
                now=now,
                changes=changes,
            )
    except (Invalid, Conflict) as refusal:
        note_refusal(checked, refusal)
        return None
    return RedirectResponse(pass_href(made.id), 303)


def _replace_form(found: Change, form: Form, errors: tuple[FieldError, ...]) -> ReplaceForm:
    one, event = found.entry_pass, found.choices.event
    return ReplaceForm(
        action=f"{pass_href(one.id)}/replace",
        printed=one.badge is not BadgeState.NONE,
        holder_name=one.holder_name,
        event_vi=event.title_vi,
        event_en=event.title_en,
        event_href=event_href(event.id),
        back_href=pass_href(one.id),
        ground=form.one("ground"),
        authority=form.one("authority"),
        errors=errors,
    )


@router.get("/{pass_id}/change")
async def ask_for_changes(
    pass_id: UUID, session: SessionDep, visit: Visit = page(Permission.PASSES_REVOKE, "events")
) -> Response:
    """The form, filled in with what the pass says now."""
    found = await passes.choices_of_change(session, access=visit.access, pass_id=pass_id)
    blank = _change_form(visit, found)
    return visit.show("console/pass_change.html", form=filled_form(visit, blank, found.entry_pass))


@router.post("/{pass_id}/change")
async def change(
    pass_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_REVOKE, "events"),
) -> Response:
    """A new pass that says what was changed; the older badge and code stop working at once."""
    found = await passes.choices_of_change(session, access=visit.access, pass_id=pass_id)
    checked = Checked(visit, form)
    changes = passes.changed(found.entry_pass, read_wish(checked, found.choices))
    if not changes and not checked.errors:
        checked.wrong("", _SAME)
    if led := await _replace(visit, session, checked, pass_id, vault, now, changes):
        return led
    found = await passes.choices_of_change(session, access=visit.access, pass_id=pass_id)
    filled = filled_form(visit, _change_form(visit, found), found.entry_pass)
    return visit.show("console/pass_change.html", status=422, form=typed_form(filled, form, checked.errors))


def _change_form(visit: Visit, found: Change) -> PassForm:
    here = pass_href(found.entry_pass.id)
    return blank_form(visit, found.choices, action=f"{here}/change", back_href=here)
