"""A journalist's own profile."""

from dataclasses import replace

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.usecases.accreditation import profiles
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import Checked, FormDep
from service.web.press.access import PressPage, PressVisit, press_page
from service.web.press.profile_form import kept_profile, note_faults, read_profile, typed_profile

router = APIRouter(prefix="/press", include_in_schema=False, route_class=PressPage)

_HERE = "/press/profile"


@router.get("/profile")
async def ask(
    session: SessionDep, vault: VaultDep, visit: PressVisit = press_page("press_profile"), saved: str = ""
) -> Response:
    """The form with what is kept."""
    form = await kept_profile(session, visit, visit.journalist, action=_HERE, secrets=vault)
    return visit.show("press/profile.html", form=replace(form, saved=bool(saved)))


@router.post("/profile")
async def update(
    form: FormDep, session: SessionDep, vault: VaultDep, now: Now, visit: PressVisit = press_page("press_profile")
) -> Response:
    """Saves the profile; what is wrong comes back with all that was typed, except the password."""
    checked = Checked(visit, form)
    facts, password = read_profile(checked, visit)
    note_faults(checked, profiles.judge_profile(facts, password, owner=visit.journalist, now=now), visit)
    if checked.errors:
        kept = await kept_profile(session, visit, visit.journalist, action=_HERE, secrets=vault)
        shown = typed_profile(kept, form, checked.errors, visit)
        return visit.show("press/profile.html", status=422, form=shown)
    await profiles.update_profile(
        session, journalist=visit.journalist, facts=facts, password=password, secrets=vault, now=now
    )
    return RedirectResponse(f"{_HERE}?saved=yes", 303)
