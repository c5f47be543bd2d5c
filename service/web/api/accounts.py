"""Tokens, the caller, organisations, staff and what is granted to them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import ConfigDict, EmailStr, Field, SecretStr

from service.domain.accounts import OrganisationKind, Permission, Role, permissions_of
from service.store import accounts as store
from service.usecases import accounts, audit
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
from service.web.schemas import In, Name, Out
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["sign-in"], route_class=Transaction)
SHORTEST_PASSWORD = 10


class TokenOut(Out):
    """An OAuth2 access token (RFC 6749, section 5.1); `expires_in` in seconds."""

    access_token: str
    token_type: str
    expires_in: int


class GrantOut(Out):
    """A role in one organisation; null means all of them."""

    organisation_id: UUID | None
    role: Role


class MeOut(Out):
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


class OrganisationOut(OrganisationBody, Out):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    created_at: datetime


class GrantBody(In):
    organisation_id: UUID | None
    role: Role


class StaffBody(In):
    """A new member of staff; the password is theirs to change."""

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
    grants: Annotated[list[GrantBody], Field(max_length=50)]


class StaffOut(Out):
    id: UUID
    email: str
    name: str
    active: bool
    created_at: datetime


@router.post("/token", summary="Sign in (OAuth2 password flow)", **allow_anyone(400, 401, 429))
async def token(
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    request: Request,
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
        password=form.password,
        address=request.client.host if request.client else "",
        settings=settings,
        now=now,
    )
    return TokenOut(access_token=made, token_type="bearer", expires_in=settings.session_hours * 3600)  # noqa: S106


@router.post("/token/revoke", summary="Sign out", status_code=204, **allow_staff())
async def revoke_token(session: SessionDep, access: CurrentAccess, now: Now) -> None:
    """Ends the session of this token at once."""
    await accounts.sign_out(session, access=access, now=now)


@router.get("/me", summary="Who am I, and what may I do?", **allow_staff())
async def me(access: CurrentAccess) -> MeOut:
    """The caller with their grants, and everything these allow somewhere."""
    return MeOut(
        staff_id=access.staff_id,
        name=access.name,
        email=access.email,
        language=access.language,
        grants=[GrantOut(organisation_id=organisation, role=role) for organisation, role in access.grants],
        permissions=sorted(permissions_of({role for _, role in access.grants})),
    )


@router.get("/organisations", summary="Organisations", **allow(Permission.EVENTS_READ))
async def list_organisations(session: SessionDep) -> list[OrganisationOut]:
    """All organisations by name."""
    return [OrganisationOut.model_validate(one) for one in await store.list_organisations(session)]


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
async def list_staff(session: SessionDep, access: CurrentAccess) -> list[StaffOut]:
    """Staff with a grant in the caller's organisations."""
    rows = await store.list_staff(session, access.organisations(Permission.STAFF_MANAGE))
    return [StaffOut.model_validate(one) for one in rows]


@router.post("/staff", summary="Add a member of staff", status_code=201, **allow(Permission.STAFF_MANAGE, 404, 409))
async def add_staff(body: StaffBody, session: SessionDep, access: CurrentAccess, now: Now) -> StaffOut:
    """A new member of staff; nobody grants beyond the organisations that they manage themselves."""
    for grant in body.grants:
        if grant.organisation_id is None:
            accounts.require_everywhere(access, Permission.STAFF_MANAGE)
        else:
            access.require(Permission.STAFF_MANAGE, grant.organisation_id)
    made = await accounts.add_staff(
        session,
        actor=audit.staff(access),
        email=body.email,
        name=body.name,
        password=body.password.get_secret_value(),
        grants=[(grant.organisation_id, grant.role) for grant in body.grants],
        now=now,
    )
    return StaffOut.model_validate(made)


@router.post(
    "/staff/{staff_id}/deactivate", summary="End a member of staff's access", **allow(Permission.STAFF_MANAGE, 404)
)
async def deactivate(staff_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> StaffOut:
    """Their tokens stop working at once; what they did stays on the record."""
    return StaffOut.model_validate(await accounts.deactivate_staff(session, access=access, staff_id=staff_id, now=now))
