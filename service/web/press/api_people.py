"""The journalists' REST of what they agree to, and of focal points, who apply for the people of their outlet."""

from uuid import UUID

from fastapi import APIRouter

from service.domain.accreditation import Consent, ConsentPurpose, reference_of
from service.store import consents as store
from service.usecases.accreditation import consenting, focal, own
from service.usecases.accreditation.focal import Colleague
from service.web.deps import CurrentJournalist, Now, SessionDep, VaultDep, allow_journalist
from service.web.press.draft_schemas import WrittenOut
from service.web.press.people_schemas import (
    ColleagueApplication,
    ColleagueBody,
    ColleagueDraftBody,
    ColleagueOut,
    ConsentOut,
)
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1/press", tags=["press"], route_class=Transaction)


@router.get("/consents", summary="What I agree to", **allow_journalist())
async def list_consents(session: SessionDep, journalist: CurrentJournalist) -> list[ConsentOut]:
    """Purpose by purpose."""
    return await _consents(session, journalist.id)


async def _consents(session: SessionDep, journalist_id: UUID) -> list[ConsentOut]:
    living: dict[ConsentPurpose, Consent] = {
        one.purpose: one for one in await store.list_consents(session, journalist_id) if one.withdrawn_at is None
    }
    found = []
    for purpose in ConsentPurpose:
        one = living.get(purpose)
        given_at, text_version = (one.given_at, one.text_version) if one else (None, None)
        found.append(ConsentOut(purpose=purpose, given_at=given_at, text_version=text_version))
    return found


@router.put("/consents/{purpose}", summary="Agree", **allow_journalist(404))
async def agree(
    purpose: ConsentPurpose, session: SessionDep, journalist: CurrentJournalist, now: Now
) -> list[ConsentOut]:
    """To one purpose, under the text that is shown now."""
    await consenting.agree(session, journalist=journalist, purpose=purpose, now=now)
    return await _consents(session, journalist.id)


@router.delete("/consents/{purpose}", summary="Take a consent back", **allow_journalist(404, 409))
async def take_back(
    purpose: ConsentPurpose, session: SessionDep, journalist: CurrentJournalist, now: Now
) -> list[ConsentOut]:
    """Without the consent to accreditation your applications are withdrawn, and passes that came of them end."""
    await consenting.take_back(session, journalist=journalist, purpose=purpose, now=now)
    return await _consents(session, journalist.id)


@router.get("/people", summary="People of my outlet", **allow_journalist(403))
async def list_people(session: SessionDep, journalist: CurrentJournalist, now: Now) -> list[ColleagueOut]:
    """For focal points; 403 for everybody else. That you looked is kept in the audit."""
    return [_colleague(one) for one in await focal.list_people(session, journalist=journalist, now=now)]


def _colleague(one: Colleague) -> ColleagueOut:
    return ColleagueOut(
        id=one.journalist.id,
        full_name=one.journalist.full_name,
        email=one.journalist.email,
        has_agreed=one.has_agreed,
        applications=[
            ColleagueApplication(
                id=application.id,
                reference=reference_of(application.id),
                event_id=event.id,
                class_code=application.class_code,
                state=application.state,
            )
            for application, event in one.applications
        ],
    )


@router.post("/people", summary="Add a colleague", status_code=201, **allow_journalist(403, 409))
async def add_colleague(
    body: ColleagueBody, session: SessionDep, journalist: CurrentJournalist, now: Now
) -> ColleagueOut:
    """A profile without a password: they sign in by mail. 409 for an address that is registered."""
    made = await focal.add_colleague(
        session,
        journalist=journalist,
        full_name=body.full_name,
        email=body.email,
        language=body.language,
        now=now,
    )
    return _colleague(Colleague(made, has_agreed=False, applications=[]))


@router.post(
    "/people/{journalist_id}/draft",
    summary="Begin an application for a colleague",
    status_code=201,
    **allow_journalist(403, 404, 409),
)
async def start_for(
    journalist_id: UUID,
    body: ColleagueDraftBody,
    session: SessionDep,
    journalist: CurrentJournalist,
    vault: VaultDep,
    now: Now,
) -> WrittenOut:
    """It is written and sent in like your own; asked again, the same one."""
    made = await focal.start_for(
        session,
        journalist=journalist,
        colleague_id=journalist_id,
        event_id=body.event_id,
        class_code=body.class_code,
        now=now,
    )
    found = await own.open_application(session, journalist=journalist, application_id=made.id, secrets=vault, now=now)
    return WrittenOut.of(found)
