"""An application as its applicant sees it: all that was written, where it stands, what they may do about it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Organisation
from service.domain.accreditation import (
    AccreditationPlan,
    Application,
    AuthorityRule,
    ClassRule,
    ConsentPurpose,
    Evidence,
    EvidenceKind,
    Journalist,
    Outlet,
    Review,
    ReviewState,
    Rules,
    touched_by,
)
from service.domain.errors import Conflict
from service.domain.events import Event
from service.store import accounts as account_store
from service.store import accreditation as store
from service.store import badges as place_store
from service.store import consents as consent_store
from service.store import evidence as evidence_store
from service.store import reviews as review_store
from service.store import rules as rule_store
from service.store.vault import Vault
from service.usecases import audit
from service.usecases.accreditation import consenting, drafts, evidence, plans, sending
from service.usecases.accreditation.journalists import actor_of
from service.usecases.accreditation.rules import rules_of
from service.usecases.accreditation.showing import IDENTITY

_SHOWN = 3
"""How many signs of an identity number its owner is shown again."""


@dataclass(frozen=True)
class OwnApplication:
    """One application with everything that its pages show.

    `identity` is the kept number with all but its last signs hidden. `plan` and `rules` are None where an event
    takes applications without classes. `colleague`: it is read by the focal point of its owner's outlet.
    """

    application: Application
    owner: Journalist
    outlet: Outlet
    event: Event
    host: Organisation
    plan: AccreditationPlan | None
    rules: Rules | None
    rule: ClassRule | None
    zones: dict[str, tuple[str, str]]
    days: tuple[date, ...]
    files: dict[EvidenceKind, Evidence]
    reviews: list[Review]
    agreed: frozenset[ConsentPurpose]
    identity: str
    colleague: bool

    @property
    def writable(self) -> bool:
        """Whether what was written may still be changed."""
        return self.rule is not None and self.application.state in drafts.WRITABLE

    @property
    def missing(self) -> list[str]:
        """The codes of fields and files that are still needed."""
        if self.rule is None:
            return []
        return sending.missing(self.rule, self.application, self.owner, frozenset(self.files))

    @property
    def safe_on(self) -> date | None:
        """The last day on which it is surely decided before the event begins."""
        return plans.safe_day(self.rule, self.days[0]) if self.rule and self.days else None

    def looks_again(self, *fields: str) -> list[AuthorityRule]:
        """The authorities that have given their verdict and would look again if one of these fields changed."""
        if self.rule is None:
            return []
        done = {one.authority for one in self.reviews if one.state is ReviewState.DONE}
        touched = touched_by(self.rule, frozenset(fields)) & done
        return [one for one in self.rule.authorities if one.code in touched]


async def open_application(
    session: AsyncSession, *, journalist: Journalist, application_id: UUID, secrets: Vault, now: datetime
) -> OwnApplication:
    """An application of one's own, or of somebody for whom one applies; others don't exist.

    That a focal point saw a colleague's is kept in the audit.
    """
    await drafts.get_written(session, journalist=journalist, application_id=application_id)
    application, owner, outlet, event = await store.get_application(session, application_id)
    rules = await rules_of(session, application.rule_set_id) if application.rule_set_id else None
    consents = await consent_store.list_consents(session, owner.id)
    found = OwnApplication(
        application=application,
        owner=owner,
        outlet=outlet,
        event=event,
        host=await account_store.get_organisation(session, event.organisation_id),
        plan=await rule_store.find_plan(session, event.id),
        rules=rules,
        rule=rules.of(application.class_code) if rules else None,
        zones=dict(sorted((await place_store.list_zones(session, event.id)).items())),
        days=await _days(session, event.id),
        files={one.kind: one for one in await evidence_store.list_evidence(session, application.id)},
        reviews=await review_store.list_reviews(session, application.id, fresh=True),
        agreed=frozenset(one.purpose for one in consents if one.withdrawn_at is None),
        identity=_masked(application, secrets),
        colleague=owner.id != journalist.id,
    )
    if found.colleague:
        _record(session, journalist, "viewed", application, now)
    return found


async def _days(session: AsyncSession, event_id: UUID) -> tuple[date, ...]:
    """Every day on which the event is somewhere, the first first."""
    stops = [stop for stop, _, _ in await place_store.list_places(session, event_id)]
    lengths = [(stop.opens_on, (stop.closes_on - stop.opens_on).days) for stop in stops]
    return tuple(sorted({first + timedelta(days=n) for first, length in lengths for n in range(length + 1)}))


def _masked(application: Application, secrets: Vault) -> str:
    if not application.identity_sealed:
        return ""
    number = secrets.open(application.identity_sealed, purpose=IDENTITY).decode()
    return "•" * (len(number) - _SHOWN) + number[-_SHOWN:]


# Files of an application ----------------------------------------------------------------------------------------


async def put_file(
    session: AsyncSession,
    *,
    journalist: Journalist,
    application_id: UUID,
    kind: EvidenceKind,
    replaces: UUID | None,
    name: str,
    content: bytes,
    secrets: Vault,
    now: datetime,
) -> Evidence:
    """Keeps a file in the place of the one that its sender saw there (None: of none).

    Raises Conflict `changed_meanwhile` when another one has taken its place, and what evidence.add raises.
    """
    # Looking at a file can take seconds, so nothing is locked before.
    await _require_seen(session, application_id, kind, replaces)
    return await evidence.add(
        session,
        journalist=journalist,
        application_id=application_id,
        kind=kind,
        name=name,
        content=content,
        secrets=secrets,
        now=now,
    )


async def take_file_out(
    session: AsyncSession,
    *,
    journalist: Journalist,
    application_id: UUID,
    kind: EvidenceKind,
    replaces: UUID | None,
    now: datetime,
) -> None:
    """Removes the file that its owner saw. Raises Conflict `changed_meanwhile` when it is another one by now."""
    await drafts.lock_writable(session, journalist=journalist, application_id=application_id)
    await _require_seen(session, application_id, kind, replaces)
    await evidence.remove(session, journalist=journalist, application_id=application_id, kind=kind, now=now)


async def _require_seen(session: AsyncSession, application_id: UUID, kind: EvidenceKind, seen: UUID | None) -> None:
    there = await evidence_store.find_evidence(session, application_id, kind)
    if (there.id if there else None) != seen:
        raise Conflict("changed_meanwhile", kind.value)


# Sending in -----------------------------------------------------------------------------------------------------


async def send(
    session: AsyncSession,
    *,
    journalist: Journalist,
    application_id: UUID,
    version: int,
    agrees: frozenset[ConsentPurpose],
    secrets: Vault,
    now: datetime,
) -> Application:
    """Sends a draft in, with what its owner agrees to in the same breath; nobody agrees for a colleague.

    Refusals are those of sending.submit.
    """
    application = await drafts.get_written(session, journalist=journalist, application_id=application_id)
    if application.journalist_id == journalist.id:
        for purpose in sorted(agrees):
            await consenting.agree(session, journalist=journalist, purpose=purpose, now=now)
    return await sending.submit(
        session,
        journalist=journalist,
        application_id=application_id,
        version=version,
        secrets=secrets,
        now=now,
    )


def _record(
    session: AsyncSession, journalist: Journalist, action: str, application: Application, now: datetime
) -> None:
    audit.record(
        session,
        actor=actor_of(journalist),
        action=action,
        noun="application",
        object_id=application.id,
        event_id=application.event_id,
        now=now,
    )
