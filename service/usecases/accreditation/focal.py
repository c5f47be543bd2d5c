"""Focal points: who applies for the people of their outlet."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import Application, ClassRule, ConsentPurpose, Journalist
from service.domain.errors import Conflict, Forbidden, NotFound
from service.domain.events import Event
from service.domain.texts import fold
from service.store import outlets as outlet_store
from service.store import portal as portal_store
from service.usecases import audit
from service.usecases.accreditation import drafts
from service.usecases.accreditation.journalists import actor_of
from service.usecases.accreditation.profiles import line_of, offer_names
from service.usecases.accreditation.rules import rules_of

MOST_PEOPLE = 500
"""People of one outlet that are listed."""


@dataclass(frozen=True)
class Colleague:
    """Somebody of the outlet, whether they agreed to what an application needs, and their applications."""

    journalist: Journalist
    has_agreed: bool
    applications: list[tuple[Application, Event]]


async def is_focal_point(session: AsyncSession, *, journalist: Journalist) -> bool:
    """Whether a journalist applies for the people of their own outlet."""
    return await outlet_store.is_focal_point(session, journalist_id=journalist.id, outlet_id=journalist.outlet_id)


async def list_people(session: AsyncSession, *, journalist: Journalist, now: datetime) -> list[Colleague]:
    """The people of a focal point's outlet; that they were looked at is kept. Raises Forbidden for everybody else."""
    await _require(session, journalist)
    people = await portal_store.list_people(session, journalist.outlet_id, limit=MOST_PEOPLE)
    ids = [one.id for one in people]
    found = await portal_store.list_applications(session, ids)
    agreed = await portal_store.list_agreed(session, ids, ConsentPurpose.ACCREDITATION)
    audit.record(
        session,
        actor=actor_of(journalist),
        action="viewed",
        noun="outlet",
        object_id=journalist.outlet_id,
        now=now,
        rows=len(people),
    )
    return [
        Colleague(one, one.id in agreed, [pair for pair in found if pair[0].journalist_id == one.id]) for one in people
    ]


async def list_openings(session: AsyncSession, *, now: datetime) -> list[tuple[Event, ClassRule]]:
    """The classes of all events that take applications now."""
    return [
        (one.event, (await rules_of(session, one.plan.rule_set_id)).of(code))
        for one in await portal_store.list_open_events(session, now)
        for code in one.plan.classes
    ]


async def add_colleague(
    session: AsyncSession, *, journalist: Journalist, full_name: str, email: str, language: str, now: datetime
) -> Journalist:
    """A profile for somebody of the focal point's outlet, without a password and without any consent: its owner
    signs in by mail and agrees, or no application for them can be sent in.

    Raises Forbidden for whoever is no focal point, Conflict `already_exists` for an address that has a profile.
    """
    await _require(session, journalist)
    made = Journalist(
        outlet_id=journalist.outlet_id,
        full_name=full_name,
        folded=fold(full_name),
        passport_line=line_of(*offer_names(full_name)),
        email=email.strip().lower(),
        language=language,
        created_at=now,
    )
    try:
        async with session.begin_nested():
            session.add(made)
    except IntegrityError as known:
        raise Conflict("already_exists") from known
    audit.record(session, actor=actor_of(journalist), action="added", noun="journalist", object_id=made.id, now=now)
    return made


async def start_for(
    session: AsyncSession,
    *,
    journalist: Journalist,
    colleague_id: UUID,
    event_id: UUID,
    class_code: str,
    now: datetime,
) -> Application:
    """A draft for somebody of the focal point's outlet. Raises NotFound for others, and as `drafts.start` does."""
    await _require(session, journalist)
    owner = await portal_store.find_journalist(session, colleague_id)
    if owner is None or owner.outlet_id != journalist.outlet_id:
        raise NotFound("journalist")
    return await drafts.start(
        session, journalist=journalist, event_id=event_id, class_code=class_code, now=now, for_journalist=owner
    )


async def _require(session: AsyncSession, journalist: Journalist) -> None:
    if not await is_focal_point(session, journalist=journalist):
        raise Forbidden("only a focal point of the outlet")
