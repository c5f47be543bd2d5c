"""All that a handler may ask for: the session, the time, who is calling and what they may do."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.security import OAuth2PasswordBearer
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import Journalist
from service.domain.errors import Unauthenticated
from service.settings import Settings
from service.store.database import Database
from service.store.vault import Vault
from service.usecases import accounts, accreditation
from service.usecases.accreditation import reviewing
from service.web import problems, security
from service.web.clock import current
from service.web.transactions import once

staff_scheme = OAuth2PasswordBearer(tokenUrl="/api/v1/token", scheme_name="Staff", auto_error=False)
journalist_scheme = OAuth2PasswordBearer(tokenUrl="/api/v1/press/token", scheme_name="Journalist", auto_error=False)


async def _session(request: Request) -> AsyncSession:
    session: AsyncSession = request.state.session
    return session


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _vault(request: Request) -> Vault:
    vault: Vault = request.app.state.vault
    return vault


Now = Annotated[datetime, Depends(current)]
SessionDep = Annotated[AsyncSession, Depends(_session)]
DatabaseDep = Annotated[Database, Depends(_database)]
SettingsDep = Annotated[Settings, Depends(_settings)]
VaultDep = Annotated[Vault, Depends(_vault)]


async def _access(
    request: Request, session: SessionDep, now: Now, token: Annotated[str | None, Depends(staff_scheme)]
) -> Access:
    """The staff member behind the bearer token, or behind the cookie of the console."""
    if token is None and (token := request.cookies.get(security.COOKIE)) is not None:
        security.require_same_origin(request)
    access = await accounts.find_access(session, token=token, now=now) if token else None
    if access is None:
        raise Unauthenticated("unauthenticated")
    return access


CurrentAccess = Annotated[Access, Depends(_access)]


async def _journalist(
    request: Request, session: SessionDep, now: Now, token: Annotated[str | None, Depends(journalist_scheme)]
) -> Journalist:
    """The journalist behind the bearer token, or behind the cookie of the portal."""
    if token is None and (token := request.cookies.get(security.PRESS_COOKIE)) is not None:
        security.require_same_origin(request)
    found = await accreditation.find_journalist(session, token=token, now=now) if token else None
    if found is None:
        raise Unauthenticated("unauthenticated")
    return found


CurrentJournalist = Annotated[Journalist, Depends(_journalist)]


def _permit(permission: Permission) -> Callable[[Access], Coroutine[Any, Any, None]]:
    async def permit(access: CurrentAccess) -> None:
        access.require(permission)

    return permit


def allow(permission: Permission, *statuses: int) -> dict[str, Any]:
    """The arguments of a route that needs `permission`, with its problem answers beside 401, 403 and 422.

    The permission stands in the OpenAPI as `x-permission`, where a test walks all routes by it.
    """
    return {
        "dependencies": [Depends(_permit(permission)), Depends(once)],
        "openapi_extra": {"x-permission": permission.value},
        "responses": problems.responses(401, 403, 422, *statuses),
    }


async def _permit_desk(session: SessionDep, access: CurrentAccess, now: Now) -> None:
    if not await reviewing.has_desk(session, access=access, now=now):
        access.require(Permission.ACCREDITATION_REVIEW)


def allow_desk(*statuses: int) -> dict[str, Any]:
    """The arguments of a route for whoever acts for an authority, by `accreditation:review` or by delegation."""
    permitted = allow(Permission.ACCREDITATION_REVIEW, *statuses)
    return {**permitted, "dependencies": [Depends(_permit_desk), Depends(once)]}


def takes_file(allowed: dict[str, Any], *kinds: str) -> dict[str, Any]:
    """The arguments of a route that takes a file of these media types as its whole body."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    body = {"requestBody": {"required": True, "content": content}}
    return {**allowed, "openapi_extra": {**allowed["openapi_extra"], **body}}


def gives_file(allowed: dict[str, Any], *kinds: str) -> dict[str, Any]:
    """The arguments of a route whose answer is a file of one of these media types."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {
        **allowed,
        "response_class": Response,
        "responses": {**allowed["responses"], 200: {"description": "The file", "content": content}},
    }


def allow_journalist(*statuses: int) -> dict[str, Any]:
    """The arguments of a route for a signed-in journalist, who reaches only what is theirs."""
    return {
        "dependencies": [Depends(_journalist), Depends(once)],
        "openapi_extra": {"x-permission": "journalist"},
        "responses": problems.responses(401, 422, *statuses),
    }


def allow_staff(*statuses: int) -> dict[str, Any]:
    """The arguments of a route for any signed-in staff member, about themselves."""
    return {
        "dependencies": [Depends(_access), Depends(once)],
        "openapi_extra": {"x-permission": "staff"},
        "responses": problems.responses(401, 422, *statuses),
    }


def allow_anyone(*statuses: int) -> dict[str, Any]:
    """The arguments of a route that is open to all."""
    return {
        "dependencies": [Depends(once)],
        "openapi_extra": {"x-permission": "public"},
        "responses": problems.responses(422, *statuses),
    }
