"""Who changed what."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from service.domain.accounts import Permission
from service.domain.audit import ActorKind
from service.store import audit as store
from service.usecases import accounts, events
from service.web.deps import CurrentAccess, SessionDep, allow
from service.web.schemas import Out, Page, PagingDep, page_of
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["audit"], route_class=Transaction)


class AuditEntryOut(Out):
    """One change, free of personal data."""

    id: UUID
    at: datetime
    actor_kind: ActorKind
    actor_id: UUID | None
    action: str
    noun: str
    object_id: UUID
    event_id: UUID | None
    details: dict[str, Any]


@router.get("/audit", summary="The record of changes", **allow(Permission.AUDIT_READ, 404))
async def list_entries(
    session: SessionDep,
    access: CurrentAccess,
    paging: PagingDep,
    event_id: UUID | None = None,
    noun: Annotated[str | None, Query(max_length=40, pattern=r"^[a-z_]+$")] = None,
) -> Page[AuditEntryOut]:
    """The newest first: of one event of the caller's organisations, or of everything for those who may see all."""
    if event_id is None:
        accounts.require_everywhere(access, Permission.AUDIT_READ)
    else:
        await events.require_event(session, access=access, event_id=event_id, permission=Permission.AUDIT_READ)
    rows = await store.list_entries(session, event_id=event_id, noun=noun, before=paging.uuid(), limit=paging.limit + 1)
    return page_of(rows, paging.limit, AuditEntryOut)
