"""Outlets and applications, for those who decide."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field

from service.domain.accounts import Permission
from service.domain.accreditation import ApplicationState, Decision, MediaRole, OutletKind
from service.store import accreditation as store
from service.usecases import accreditation, audit, events
from service.usecases.accreditation import DecisionWish
from service.web.deps import CurrentAccess, Now, SessionDep, VaultDep, allow
from service.web.schemas import In, Out, Page, PagingDep, Text, ZoneCode, page_of, write_cursor
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["accreditation"], route_class=Transaction)


class OutletOut(Out):
    id: UUID
    name: str
    kind: OutletKind
    country: str


class StepOut(Out):
    """One step of an application, with the reason that the journalist sees."""

    from_state: ApplicationState | None
    to_state: ApplicationState
    reason: str
    zones: list[str]
    decided_at: datetime

    @classmethod
    def of(cls, decisions: list[Decision]) -> list["StepOut"]:
        return [cls.model_validate(one) for one in decisions]


class ApplicationRow(Out):
    """An application in the queue; the press-card number is shown only when one is opened."""

    id: UUID
    event_id: UUID
    state: ApplicationState
    media_role: MediaRole
    zones_wanted: list[str]
    zones_granted: list[str]
    full_name: str
    outlet: OutletOut
    submitted_at: datetime | None
    decided_at: datetime | None


class ApplicationOut(ApplicationRow):
    """An application with its evidence; that it was opened is kept in the audit."""

    email: str
    phone: str
    press_card_number: str
    press_card_expires_on: date | None
    same_press_card: Annotated[int, Field(description="Other journalists who have named the same press card")]
    note: str
    history: list[StepOut]


class DecisionBody(In):
    """The next state. Approvals name the zones granted; refusals and conditions need a reason."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "to_state": "approved_with_conditions",
                "zones": ["A", "B"],
                "reason": "Có cán bộ đi cùng tại khu B.",
            }
        }
    )

    to_state: ApplicationState
    zones: Annotated[list[ZoneCode], Field(max_length=50)] = []
    days: Annotated[list[date], Field(max_length=100, description="Days granted; none: every day")] = []
    escort: bool = False
    reason: Text = ""
    reason_code: Annotated[str, Field(max_length=40, description="A canned reason, instead of one in words")] = ""
    beyond_quota: Annotated[bool, Field(description="Though the quota is full; the reason then says why")] = False


@router.get("/outlets", summary="Outlets", **allow(Permission.ACCREDITATION_READ))
async def list_outlets(
    session: SessionDep,
    paging: PagingDep,
    q: Annotated[str, Query(max_length=100, description="With accents or without")] = "",
) -> Page[OutletOut]:
    """Press organisations that journalists have named."""
    return page_of(
        await store.list_outlets(session, q=q, after=paging.uuid(), limit=paging.limit + 1), paging.limit, OutletOut
    )


@router.get(
    "/events/{event_id}/applications", summary="Applications for an event", **allow(Permission.ACCREDITATION_READ, 404)
)
async def list_applications(
    event_id: UUID,
    session: SessionDep,
    access: CurrentAccess,
    paging: PagingDep,
    now: Now,
    state: ApplicationState | None = None,
    q: Annotated[str, Query(max_length=100, description="Journalist or outlet, with accents or without")] = "",
) -> Page[ApplicationRow]:
    """The oldest first. That the list with its names was seen is kept in the audit."""
    await events.require_event(session, access=access, event_id=event_id, permission=Permission.ACCREDITATION_READ)
    rows = await store.list_applications(
        session, event_id=event_id, state=state, q=q, after=paging.uuid(), limit=paging.limit + 1
    )
    audit.record(
        session,
        actor=audit.staff(access),
        action="viewed",
        noun="applications",
        object_id=event_id,
        event_id=event_id,
        now=now,
    )
    items = [_row(application, journalist, outlet) for application, journalist, outlet in rows[: paging.limit]]
    more = len(rows) > len(items)
    return Page[ApplicationRow](items=items, next=write_cursor(str(items[-1].id)) if more else None)


def _row(application: object, journalist: object, outlet: object) -> ApplicationRow:
    return ApplicationRow.model_validate(_shared(application, journalist, outlet))


def _shared(application: object, journalist: object, outlet: object) -> dict[str, object]:
    names = ("id", "event_id", "state", "media_role", "zones_wanted", "zones_granted", "submitted_at", "decided_at")
    shared = {name: getattr(application, name) for name in names}
    return {**shared, "full_name": getattr(journalist, "full_name", ""), "outlet": OutletOut.model_validate(outlet)}


@router.get(
    "/applications/{application_id}", summary="Open an application", **allow(Permission.ACCREDITATION_READ, 404)
)
async def get_application(
    application_id: UUID, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now
) -> ApplicationOut:
    """The evidence, the press-card number among it, and every step so far."""
    found = await accreditation.view_application(
        session, access=access, application_id=application_id, secrets=vault, now=now
    )
    return ApplicationOut.model_validate(
        {
            **_shared(found.application, found.journalist, found.outlet),
            "email": found.journalist.email,
            "phone": found.journalist.phone,
            "press_card_number": found.press_card_number,
            "press_card_expires_on": found.journalist.press_card_expires_on,
            "same_press_card": found.same_press_card,
            "note": found.application.note,
            "history": StepOut.of(found.decisions),
        }
    )


@router.post(
    "/applications/{application_id}/decision",
    summary="Decide on an application",
    **allow(Permission.ACCREDITATION_DECIDE, 404, 409),
)
async def decide(
    application_id: UUID, body: DecisionBody, session: SessionDep, access: CurrentAccess, now: Now
) -> ApplicationRow:
    """One step, kept for ever; a step that the state doesn't allow is a 409. Revoking ends the pass."""
    await accreditation.decide(
        session,
        access=access,
        application_id=application_id,
        wish=DecisionWish(
            to_state=body.to_state,
            reason=body.reason,
            reason_code=body.reason_code,
            zones=tuple(body.zones),
            days=tuple(body.days),
            escort=body.escort,
            beyond_quota=body.beyond_quota,
        ),
        now=now,
    )
    application, journalist, outlet, _ = await store.get_application(session, application_id)
    return _row(application, journalist, outlet)
