"""Who may do what: organisations, staff, roles and grants, sign-in."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint

from service.domain.base import UUID, Field, Row, choice, datetime, instant, key, reference, rule, text
from service.domain.errors import Forbidden


class OrganisationKind(StrEnum):
    DEPARTMENT = "department"
    UNIT = "unit"
    MUSEUM = "museum"
    PRESS_CENTRE = "press_centre"
    AUTHORITY = "authority"
    OTHER = "other"


class Organisation(Row, table=True):
    """A body whose staff work here: the department, a ward, a museum, the press centre."""

    id: UUID = key()
    name_vi: str = text(unique=True)
    name_en: str = text()
    kind: OrganisationKind = choice(OrganisationKind, "kind")
    unit_id: UUID | None = reference("admin_unit.id", default=None)
    created_at: datetime = instant()


class Permission(StrEnum):
    PLACES_READ = "places:read"
    PLACES_WRITE = "places:write"
    EVENTS_READ = "events:read"
    EVENTS_WRITE = "events:write"
    ACCREDITATION_READ = "accreditation:read"
    ACCREDITATION_REVIEW = "accreditation:review"
    ACCREDITATION_DECIDE = "accreditation:decide"
    ACCREDITATION_SET_UP = "accreditation:set_up"
    PASSES_READ = "passes:read"
    PASSES_ISSUE = "passes:issue"
    PASSES_REVOKE = "passes:revoke"
    BADGES_DESIGN = "badges:design"
    BADGES_PRINT = "badges:print"
    DOOR_READ = "door:read"
    DOOR_LEAD = "door:lead"
    ATTENDANCE_READ = "attendance:read"
    STAFF_MANAGE = "staff:manage"
    AUDIT_READ = "audit:read"


class Role(StrEnum):
    ADMIN = "admin"
    ORGANISER = "organiser"
    REVIEWER = "reviewer"
    AUTHORITY = "authority"
    DOOR_LEAD = "door_lead"
    VIEWER = "viewer"


_VIEW = frozenset({Permission.PLACES_READ, Permission.EVENTS_READ, Permission.ATTENDANCE_READ})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.ORGANISER: _VIEW
    | {
        Permission.PLACES_WRITE,
        Permission.EVENTS_WRITE,
        Permission.ACCREDITATION_READ,
        Permission.ACCREDITATION_SET_UP,
        Permission.PASSES_READ,
        Permission.PASSES_ISSUE,
        Permission.PASSES_REVOKE,
        Permission.BADGES_DESIGN,
        Permission.BADGES_PRINT,
        Permission.DOOR_READ,
        Permission.DOOR_LEAD,
    },
    Role.REVIEWER: _VIEW | {Permission.ACCREDITATION_READ, Permission.ACCREDITATION_DECIDE, Permission.PASSES_READ},
    Role.AUTHORITY: frozenset({Permission.ACCREDITATION_REVIEW}),
    Role.DOOR_LEAD: _VIEW | {Permission.PASSES_READ, Permission.DOOR_READ, Permission.DOOR_LEAD},
    Role.VIEWER: _VIEW,
}


def permissions_of(roles: set[Role]) -> frozenset[Permission]:
    """Everything that the roles together allow."""
    return frozenset(permission for role in roles for permission in ROLE_PERMISSIONS[role])


class Staff(Row, table=True):
    """A person who works in an organisation and signs in with e-mail and password."""

    id: UUID = key()
    email: str = text(unique=True)
    name: str = text()
    password_hash: str = text()
    language: str = Field(default="vi", max_length=2)
    active: bool = True
    created_at: datetime = instant()


class Grant(Row, table=True):
    """A role for one staff member in one organisation; no organisation means all of them."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("staff_id", "organisation_id", "role", postgresql_nulls_not_distinct=True),)

    id: UUID = key()
    staff_id: UUID = reference("staff.id", index=False)
    organisation_id: UUID | None = reference("organisation.id", default=None)
    role: Role = choice(Role, "role")
    granted_at: datetime = instant()


class SignIn(Row, table=True):
    """A signed-in session of a staff member or a journalist; only the hash of its token is kept."""

    __table_args__ = (rule("(staff_id IS NULL) <> (journalist_id IS NULL)", "one_person"),)

    id: UUID = key()
    token_hash: bytes = Field(unique=True)
    staff_id: UUID | None = reference("staff.id", default=None)
    journalist_id: UUID | None = reference("journalist.id", default=None)
    created_at: datetime = instant()
    expires_at: datetime = instant()
    ended_at: datetime | None = instant(default=None)


class SignInFailure(Row, table=True):
    """A sign-in that failed, under the keyed hash of the account or address, for the rate limit alone."""

    __table_args__ = (Index("ix_sign_in_failure_subject_hash_failed_at", "subject_hash", "failed_at"),)

    id: UUID = key()
    subject_hash: bytes
    failed_at: datetime = instant()


@dataclass(frozen=True)
class Access:
    """A signed-in staff member and what was granted to them: pairs of organisation (None: all) and role."""

    staff_id: UUID
    name: str
    email: str
    language: str
    sign_in_id: UUID
    grants: tuple[tuple[UUID | None, Role], ...]

    def organisations(self, permission: Permission) -> frozenset[UUID] | None:
        """The organisations in which `permission` was granted; None means all of them."""
        granted = [organisation for organisation, role in self.grants if permission in ROLE_PERMISSIONS[role]]
        return None if None in granted else frozenset(one for one in granted if one is not None)

    def allows(self, permission: Permission, organisation_id: UUID | None = None) -> bool:
        """Whether `permission` was granted in `organisation_id`, or anywhere when that is None."""
        organisations = self.organisations(permission)
        if organisations is None:
            return True
        return bool(organisations) if organisation_id is None else organisation_id in organisations

    def require(self, permission: Permission, organisation_id: UUID | None = None) -> None:
        """Raises Forbidden unless `allows` says yes."""
        if not self.allows(permission, organisation_id):
            raise Forbidden(f"needs {permission.value}")
