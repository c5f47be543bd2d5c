"""Making a profile under an address that was proven by a link."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.domain.errors import Conflict, NotFound, Unauthenticated
from service.usecases.accreditation import profiles, signing
from service.usecases.accreditation.signing import Proven
from service.web import security
from service.web.deps import Now, SessionDep, SettingsDep, VaultDep
from service.web.forms import Checked, FormDep, attempt
from service.web.press.access import HOME, SIGN_IN, PressPage, Reader, reader_of
from service.web.press.entry_views import LinkPage
from service.web.press.profile_form import blank_profile, note_faults, read_profile, ticked, typed_profile
from service.web.press.proof import REGISTER, forget_proof, proof_of

router = APIRouter(prefix="/press", include_in_schema=False, route_class=PressPage)


@router.get("/register")
async def ask(request: Request, session: SessionDep, vault: VaultDep, now: Now) -> Response:
    """The form, under the address that was proven."""
    reader = reader_of(request)
    proven = _proven(request, vault, now)
    if proven is None:
        return _gone(reader)
    if await profiles.is_registered(session, email=proven.email):
        return RedirectResponse(SIGN_IN, 303)
    form = await blank_profile(session, reader, action=REGISTER, email=proven.email)
    return reader.show("press/register.html", form=form)


@router.post("/register")
async def register(
    request: Request, form: FormDep, session: SessionDep, vault: VaultDep, settings: SettingsDep, now: Now
) -> Response:
    """Makes the profile and signs in; what is wrong comes back with all that was typed, except the password."""
    proven = _proven(request, vault, now)
    security.require_same_origin(request)
    reader = reader_of(request)
    if proven is None:
        return _gone(reader)
    checked = Checked(reader, form)
    facts, password = read_profile(checked, reader)
    consents = ticked(form)
    note_faults(checked, profiles.judge_registration(facts, password, consents, now=now), reader)
    if checked.errors:
        blank = await blank_profile(session, reader, action=REGISTER, email=proven.email)
        shown = typed_profile(blank, form, checked.errors, reader)
        return reader.show("press/register.html", status=422, form=shown)
    try:
        async with attempt(session):
            made = await profiles.register_proven(
                session, email=proven.email, facts=facts, password=password, consents=consents, secrets=vault, now=now
            )
    except Conflict:
        # Another window was quicker; the address is theirs, so they may know it.
        return RedirectResponse(SIGN_IN, 303)
    token = signing.open_session(session, journalist=made, settings=settings, now=now)
    answer = RedirectResponse(security.safe_path(proven.next_path, HOME), 303)
    security.set_cookie(answer, token, settings, name=security.PRESS_COOKIE)
    forget_proof(answer)
    return answer


def _proven(request: Request, vault: VaultDep, now: Now) -> Proven | None:
    """The address that was proven; None when that is too long ago. Raises Unauthenticated without any proof."""
    proof = proof_of(request)
    if not proof:
        raise Unauthenticated("unauthenticated")
    try:
        return signing.read_proof(proof, vault=vault, now=now)
    except (Conflict, NotFound):
        return None


def _gone(reader: Reader) -> Response:
    page = LinkPage("", "", known=False, gone=True)
    return reader.show("press/link.html", status=410, page=page)
