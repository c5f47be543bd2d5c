"""Signing in and out, organisations, staff and what is granted to them."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import (
    Access,
    Grant,
    Organisation,
    OrganisationKind,
    Permission,
    Role,
    SignIn,
    SignInFailure,
    Staff,
)
from service.domain.audit import ActorKind
from service.domain.base import new_id
from service.domain.errors import Conflict, Forbidden, TooMany, Unauthenticated
from service.settings import Settings
from service.store import accounts as store
from service.store import vault
from service.store.database import Database
from service.store.vault import Vault
from service.usecases import audit

_WINDOW = timedelta(minutes=15)
_PER_ADDRESS = 10


async def allow_attempt(
    database: Database, *, secrets: Vault, account: str, address: str, settings: Settings, now: datetime
) -> tuple[bytes, bytes]:
    """Refuses (TooMany) an account or a network address with too many failures in the last 15 minutes.

    Returns the keyed hashes under which a failure is to be noted: neither is kept in the clear.
    """
    subjects = (secrets.look_up(f"account {account}"), secrets.look_up(f"address {address}"))
    limits = (settings.sign_in_attempts, settings.sign_in_attempts * _PER_ADDRESS)
    async with database.transaction() as session:
        for subject, limit in zip(subjects, limits, strict=True):
            if await store.count_failures(session, subject, now - _WINDOW) >= limit:
                raise TooMany(retry_after=int(_WINDOW.total_seconds()))
    return subjects


async def note_failure(database: Database, *, subjects: tuple[bytes, bytes], now: datetime) -> None:
    """Keeps a failed sign-in even though its request ends in a refusal; forgets those out of the window."""
    async with database.transaction() as session:
        await store.forget_failures(session, before=now - _WINDOW)
        for subject in subjects:
            session.add(SignInFailure(subject_hash=subject, failed_at=now))


def open_sign_in(
    session: AsyncSession, *, staff_id: UUID | None, journalist_id: UUID | None, settings: Settings, now: datetime
) -> str:
    """A new session for one person; returns its token, which is shown to nobody else and never kept."""
    token = vault.new_token("bds" if staff_id else "bdj")
    session.add(
        SignIn(
            token_hash=vault.token_hash(token),
            staff_id=staff_id,
            journalist_id=journalist_id,
            created_at=now,
            expires_at=now + timedelta(hours=settings.session_hours),
        )
    )
    return token


async def sign_in(
    database: Database, *, secrets: Vault, email: str, password: str, address: str, settings: Settings, now: datetime
) -> str:
    """The token of a new session for the staff member with this e-mail address and password.

    Raises Unauthenticated `sign_in_failed`, or TooMany when there were too many failures.
    """
    account = email.strip().lower()
    subjects = await allow_attempt(
        database, secrets=secrets, account=account, address=address, settings=settings, now=now
    )
    async with database.transaction() as session:
        found = await store.find_staff_by_email(session, account)
    hashed = found.password_hash if found else vault.NOBODYS_HASH
    fits = await asyncio.to_thread(vault.password_fits, password, hashed)
    if found is None or not fits or not found.active:
        await note_failure(database, subjects=subjects, now=now)
        raise Unauthenticated("sign_in_failed")
    async with database.transaction() as session:
        token = open_sign_in(session, staff_id=found.id, journalist_id=None, settings=settings, now=now)
        actor = audit.Actor(ActorKind.STAFF, found.id)
        audit.record(session, actor=actor, action="signed_in", noun="staff", object_id=found.id, now=now)
    return token


async def find_access(session: AsyncSession, *, token: str, now: datetime) -> Access | None:
    """The staff member behind a token, with all that was granted to them; None if the token is no longer good."""
    found = await store.find_staff_sign_in(session, vault.token_hash(token), now)
    if found is None:
        return None
    opened, staff = found
    grants = await store.list_grants(session, staff.id)
    return Access(
        staff_id=staff.id,
        name=staff.name,
        email=staff.email,
        language=staff.language,
        sign_in_id=opened.id,
        grants=tuple((grant.organisation_id, grant.role) for grant in grants),
    )


async def access_of(session: AsyncSession, *, email: str) -> Access | None:
    """What an active member of staff may do, for whoever runs commands in their name; None when there is none."""
    staff = await store.find_staff_by_email(session, email.strip().lower())
    if staff is None or not staff.active:
        return None
    grants = await store.list_grants(session, staff.id)
    return Access(
        staff_id=staff.id,
        name=staff.name,
        email=staff.email,
        language=staff.language,
        sign_in_id=new_id(),
        grants=tuple((grant.organisation_id, grant.role) for grant in grants),
    )


async def sign_out(session: AsyncSession, *, access: Access, now: datetime) -> None:
    """Ends the session at once."""
    await store.end_sign_in(session, access.sign_in_id, now)
    audit.record(
        session, actor=audit.staff(access), action="signed_out", noun="staff", object_id=access.staff_id, now=now
    )


async def hash_password(password: str) -> str:
    """The Argon2id hash, worked out beside the loop: it is slow on purpose."""
    return await asyncio.to_thread(vault.hash_password, password)


async def add_organisation(
    session: AsyncSession, *, actor: audit.Actor, name_vi: str, name_en: str, kind: OrganisationKind, now: datetime
) -> Organisation:
    """A new organisation. Raises Conflict `already_exists` when one has that name."""
    if await store.find_organisation(session, name_vi):
        raise Conflict("already_exists", name_vi)
    organisation = Organisation(name_vi=name_vi, name_en=name_en, kind=kind, created_at=now)
    session.add(organisation)
    await session.flush()
    audit.record(session, actor=actor, action="added", noun="organisation", object_id=organisation.id, now=now)
    return organisation


async def add_staff(
    session: AsyncSession,
    *,
    actor: audit.Actor,
    email: str,
    name: str,
    password: str,
    grants: list[tuple[UUID | None, Role]],
    now: datetime,
    language: str = "vi",
) -> Staff:
    """A new staff member with what is granted to them. Raises Conflict `already_exists` for a known address."""
    account = email.strip().lower()
    if await store.find_staff_by_email(session, account):
        raise Conflict("already_exists")
    hashed = await hash_password(password)
    member = Staff(email=account, name=name, password_hash=hashed, language=language, created_at=now)
    session.add(member)
    await session.flush()
    for organisation_id, role in grants:
        if organisation_id is not None:
            await store.get_organisation(session, organisation_id)
        session.add(Grant(staff_id=member.id, organisation_id=organisation_id, role=role, granted_at=now))
    await session.flush()
    audit.record(
        session,
        actor=actor,
        action="added",
        noun="staff",
        object_id=member.id,
        now=now,
        roles=[role.value for _, role in grants],
    )
    return member


def require_everywhere(access: Access, permission: Permission) -> None:
    """Raises Forbidden unless the permission was granted in all organisations."""
    if access.organisations(permission) is not None:
        raise Forbidden(f"needs {permission.value} everywhere")


def require_grantable(access: Access, grants: Iterable[tuple[UUID | None, Role]]) -> None:
    """Raises Forbidden unless the caller manages staff wherever these grants hold."""
    for organisation_id, _ in grants:
        if organisation_id is None:
            require_everywhere(access, Permission.STAFF_MANAGE)
        else:
            access.require(Permission.STAFF_MANAGE, organisation_id)


async def deactivate_staff(session: AsyncSession, *, access: Access, staff_id: UUID, now: datetime) -> Staff:
    """Ends a member of staff's access; whoever does it manages staff in every organisation of theirs.

    Raises Conflict `illegal_move` for oneself, so that nobody locks the last door behind them.
    """
    member = await store.lock_staff(session, staff_id)
    grants = await store.list_grants(session, staff_id)
    require_grantable(access, [(grant.organisation_id, grant.role) for grant in grants] or [(None, Role.VIEWER)])
    if staff_id == access.staff_id:
        raise Conflict("illegal_move", "oneself")
    if member.active:
        member.active = False
        await session.flush()
        actor = audit.staff(access)
        audit.record(session, actor=actor, action="deactivated", noun="staff", object_id=staff_id, now=now)
    return member
