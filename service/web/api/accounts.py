"""Tokens, the caller, organisations, staff and what is granted to them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict, EmailStr, Field, SecretStr

from service.domain.accounts import Grant, Organisation, OrganisationKind, Permission, Role, Staff, permissions_of
from service.store import accounts as store
from service.usecases import accounts, audit
from service.web.api.shapes import NamedOut
from service.web.deps import (
    CurrentAccess,
    DatabaseDep,
    Now,
    SessionDep,
    SettingsDep,
    VaultDep,
    allow,
    allow_anyone,
    allow_staff,
)
from service.web.schemas import In, Line, Name, Out, Page, PagingDep, page_of, write_cursor
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["sign-in"], route_class=Transaction)
# Not a Transaction: it would keep the answer to a request with an Idempotency-Key, and this answer is a secret.
token_router = APIRouter(prefix="/api/v1", tags=["sign-in"])
SHORTEST_PASSWORD = 12


class TokenForm(BaseModel):
    """The form of the OAuth2 password flow (RFC 6749, section 4.3); what else it may hold is not looked at."""

    username: Line = Field(description="The e-mail address", examples=["to.chuc@example.vn"])
    password: Annotated[SecretStr, Field(max_length=1000)]
    grant_type: Literal["password"] = "password"
    scope: str = ""


class TokenOut(Out):
    """An OAuth2 access token (RFC 6749, section 5.1); `expires_in` in seconds."""

    access_token: str
    token_type: Literal["bearer"]
    expires_in: int


class GrantOut(Out):
    """A role in one organisation; null means all of them."""

    organisation: NamedOut | None
    role: Role


class MeOut(Out):
    """The caller. `permissions` are what the grants allow, each in the organisation of its grant."""

    staff_id: UUID
    name: str
    email: str
    language: str
    grants: list[GrantOut]
    permissions: list[Permission]


class OrganisationBody(In):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name_vi": "Sở Văn hóa và Thể thao",
                "name_en": "Department of Culture and Sports",
                "kind": "department",
            }
        }
    )

    name_vi: Name
    name_en: Name
    kind: OrganisationKind


class OrganisationOut(Out):
    id: UUID
    name_vi: str
    name_en: str
    kind: OrganisationKind
    created_at: datetime


class GrantBody(In):
    """A role in one organisation; null grants it in all of them."""

    organisation_id: UUID | None
    role: Role


class StaffBody(In):
    """A new member of staff, who signs in with this address and password."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "email": "to.chuc@example.vn",
                "name": "Trần Hải Yến",
                "password": "một câu dài dễ nhớ",
                "grants": [{"organisation_id": "0198c0de-0000-7000-8000-000000000001", "role": "organiser"}],
            }
        }
    )

    email: EmailStr
    name: Name
    password: Annotated[SecretStr, Field(min_length=SHORTEST_PASSWORD, max_length=200)]
    language: Literal["vi", "en"] = "vi"
    grants: Annotated[list[GrantBody], Field(min_length=1, max_length=50)]


class StaffOut(Out):
    id: UUID
    email: str
    name: str
    language: str
    active: bool
    created_at: datetime
    grants: list[GrantOut]


@token_router.post("/token", summary="Sign in (OAuth2 password flow)", **allow_anyone(401, 429))
async def get_token(
    form: Annotated[TokenForm, Form()],
    request: Request,
    response: Response,
    database: DatabaseDep,
    vault: VaultDep,
    settings: SettingsDep,
    now: Now,
) -> TokenOut:
    """A token for the staff member with this e-mail address (`username`) and password."""
    made = await accounts.sign_in(
        database,
        secrets=vault,
        email=form.username,
        password=form.password.get_secret_value(),
        address=request.client.host if request.client else "",
        settings=settings,
        now=now,
    )
    response.headers["Cache-Control"] = "no-store"
    return TokenOut(access_token=made, token_type="bearer", expires_in=settings.session_hours * 3600)  # noqa: S106


@router.post("/token/revoke", summary="Sign out", status_code=204, **allow_staff())
async def revoke_token(session: SessionDep, access: CurrentAccess, now: Now) -> None:
    """Ends the session of this token at once."""
    await accounts.sign_out(session, access=access, now=now)


@router.get("/me", summary="Who am I, and what may I do?", **allow_staff())
async def get_me(session: SessionDep, access: CurrentAccess) -> MeOut:
    """The caller with their grants, and everything these allow somewhere."""
    return MeOut(
        staff_id=access.staff_id,
        name=access.name,
        email=access.email,
        language=access.language,
        grants=[
            _grant(grant, organisation) for grant, organisation in await store.list_granted(session, [access.staff_id])
        ],
        permissions=sorted(permissions_of({role for _, role in access.grants})),
    )


@router.get("/organisations", summary="Organisations", **allow(Permission.EVENTS_READ))
async def list_organisations(session: SessionDep, paging: PagingDep) -> Page[OrganisationOut]:
    """Organisations in the order in which they were added."""
    rows = await store.list_organisations(session, after=paging.uuid(), limit=paging.limit + 1)
    return page_of(rows, paging.limit, OrganisationOut)


@router.post("/organisations", summary="Add an organisation", status_code=201, **allow(Permission.STAFF_MANAGE, 409))
async def add_organisation(
    body: OrganisationBody, session: SessionDep, access: CurrentAccess, now: Now
) -> OrganisationOut:
    """A new organisation; only those who manage staff everywhere may add one."""
    accounts.require_everywhere(access, Permission.STAFF_MANAGE)
    made = await accounts.add_organisation(
        session, actor=audit.staff(access), name_vi=body.name_vi, name_en=body.name_en, kind=body.kind, now=now
    )
    return OrganisationOut.model_validate(made)


@router.get("/staff", summary="Staff", **allow(Permission.STAFF_MANAGE))
async def list_staff(session: SessionDep, access: CurrentAccess, paging: PagingDep) -> Page[StaffOut]:
    """Staff with a grant in the caller's organisations, in the order in which they were added."""
    rows = await store.list_staff(
        session,
        organisations=access.organisations(Permission.STAFF_MANAGE),
        after=paging.uuid(),
        limit=paging.limit + 1,
    )
    kept = rows[: paging.limit]
    return Page[StaffOut](
        items=await _show(session, kept), next=write_cursor(str(kept[-1].id)) if len(rows) > len(kept) else None
    )


@router.post("/staff", summary="Add a member of staff", status_code=201, **allow(Permission.STAFF_MANAGE, 404, 409))
async def add_staff(body: StaffBody, session: SessionDep, access: CurrentAccess, now: Now) -> StaffOut:
    """A new member of staff; nobody grants beyond the organisations whose staff they manage themselves."""
    grants = [(grant.organisation_id, grant.role) for grant in body.grants]
    accounts.require_grantable(access, grants)
    made = await accounts.add_staff(
        session,
        actor=audit.staff(access),
        email=body.email,
        name=body.name,
        password=body.password.get_secret_value(),
        language=body.language,
        grants=grants,
        now=now,
    )
    return (await _show(session, [made]))[0]


@router.post(
    "/staff/{staff_id}/deactivate",
    summary="End a member of staff's access",
    **allow(Permission.STAFF_MANAGE, 404, 409),
)
async def deactivate_staff(staff_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> StaffOut:
    """Their tokens stop working at once; what they did stays on the record. Nobody can do it to themselves."""
    made = await accounts.deactivate_staff(session, access=access, staff_id=staff_id, now=now)
    return (await _show(session, [made]))[0]


async def _show(session: SessionDep, rows: list[Staff]) -> list[StaffOut]:
    granted: dict[UUID, list[GrantOut]] = {one.id: [] for one in rows}
    for grant, organisation in await store.list_granted(session, granted):
        granted[grant.staff_id].append(_grant(grant, organisation))
    return [StaffOut.model_validate({**one.model_dump(), "grants": granted[one.id]}) for one in rows]


def _grant(grant: Grant, organisation: Organisation | None) -> GrantOut:
    where = None if organisation is None else NamedOut.model_validate(organisation)
    return GrantOut(organisation=where, role=grant.role)
