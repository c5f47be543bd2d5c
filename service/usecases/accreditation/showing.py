"""An application as far as one authority is shown it: the fields that its rule names, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access
from service.domain.accreditation import (
    Application,
    AuthorityRule,
    ClassRule,
    Evidence,
    Journalist,
    Outlet,
    Question,
    Review,
    ReviewState,
    Verdict,
)
from service.domain.accreditation.answers import ASKED, FILE
from service.domain.accreditation.rules import ReasonRule
from service.domain.events import Event
from service.store import accreditation as application_store
from service.store import badges as badge_store
from service.store import evidence as evidence_store
from service.store import passes as pass_store
from service.store import reviews as store
from service.store.vault import Vault
from service.usecases import audit
from service.usecases.accreditation.journalists import card_number
from service.usecases.accreditation.reviewing import UNDER_WAY, desks, require_desk
from service.usecases.accreditation.rules import rules_of

IDENTITY = "application.identity"
"""What identity numbers are sealed for."""


def fields_of(
    application: Application, journalist: Journalist, outlet: Outlet, sees: Sequence[str], secrets: Vault | None
) -> dict[str, Any]:
    """The values of the fields that are named in `sees`, empty ones left away; secrets only with the vault."""
    plain: dict[str, Any] = {
        "full_name": journalist.full_name,
        "passport_line": journalist.passport_line,
        "outlet": outlet.name,
        "email": journalist.email,
        "phone": journalist.phone,
        "press_card_expires_on": journalist.press_card_expires_on,
        "media_role": application.media_role,
        "zones_wanted": list(application.zones_wanted),
        "note": application.note,
        **{code: application.answers.get(code) for code in ASKED if code != "identity_number"},
    }
    if secrets is not None:
        if "press_card_number" in sees and journalist.press_card_sealed:
            plain["press_card_number"] = card_number(journalist, secrets)
        if "identity_number" in sees and application.identity_sealed:
            plain["identity_number"] = secrets.open(application.identity_sealed, purpose=IDENTITY).decode()
    return {code: plain[code] for code in sees if plain.get(code)}


def files_of(evidence: Sequence[Evidence], sees: Sequence[str]) -> list[Evidence]:
    """The files whose kinds are named in `sees`."""
    return [one for one in evidence if FILE + one.kind.value in sees]


@dataclass(frozen=True)
class ReviewFile:
    """What an authority is shown of one application: its own task, fields, files, verdicts and questions."""

    review: Review
    event: Event
    application_id: UUID
    application_version: int
    class_rule: ClassRule
    authority: AuthorityRule
    fields: dict[str, Any]
    files: list[Evidence]
    verdicts: list[Verdict]
    questions: list[Question]
    zones_wanted: list[str]
    under_way: bool
    reasons: tuple[ReasonRule, ...]


async def open_review(
    session: AsyncSession, *, access: Access, review_id: UUID, secrets: Vault, now: datetime
) -> ReviewFile:
    """Opens a review for whoever may give its verdict; which fields they saw is kept in the audit.

    Of the other authorities it holds nothing: neither their fields, nor their verdicts, nor their questions.
    """
    review = await store.get_review(session, review_id)
    await require_desk(session, access=access, review=review, now=now)
    application, journalist, outlet, event = await application_store.get_application(session, review.application_id)
    assert application.rule_set_id is not None  # noqa: S101 (reviews come of rules)
    rules = await rules_of(session, application.rule_set_id)
    rule = rules.of(application.class_code)
    authority = rule.authority(review.authority)
    fields = fields_of(application, journalist, outlet, authority.sees, secrets)
    files = files_of(await evidence_store.list_evidence(session, application.id), authority.sees)
    audit.record(
        session,
        actor=audit.staff(access),
        action="viewed",
        noun="application",
        object_id=application.id,
        event_id=event.id,
        now=now,
        authority=review.authority,
        fields=sorted(fields),
    )
    return ReviewFile(
        review=review,
        event=event,
        application_id=application.id,
        application_version=application.version,
        class_rule=rule,
        authority=authority,
        fields=fields,
        files=files,
        verdicts=[one for one in await store.list_verdicts(session, application.id) if one.review_id == review.id],
        questions=[one for one in await store.list_questions(session, application.id) if one.review_id == review.id],
        zones_wanted=list(application.zones_wanted),
        under_way=application.state in UNDER_WAY,
        reasons=rules.reasons,
    )


async def surroundings_of(session: AsyncSession, *, event_id: UUID) -> tuple[dict[str, tuple[str, str]], list[date]]:
    """The names (vi, en) of an event's zones by their code, and its days: what conditions are chosen from."""
    period = await pass_store.find_period(session, event_id)
    days = []
    if period is not None:
        first, last = period
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return await badge_store.list_zones(session, event_id), days


@dataclass(frozen=True)
class QueueRow:
    """One line of an authority's queue: only what its rule shows."""

    review: Review
    application_id: UUID
    class_code: str
    class_rule: ClassRule
    authority: AuthorityRule
    fields: dict[str, Any]
    event: Event


@dataclass(frozen=True)
class Queue:
    """A page of a queue, how many reviews stand in each state, and what may be filtered by."""

    rows: list[QueueRow]
    more: bool
    counts: dict[str, int]
    events: list[Event]
    classes: dict[str, ClassRule]


async def queue(
    session: AsyncSession,
    *,
    access: Access,
    wanted: store.Wanted,
    after: tuple[datetime, UUID] | None,
    limit: int,
    now: datetime,
) -> Queue:
    """What waits for the authorities that somebody acts for, the most urgent first; that it was seen is kept.

    A search finds only what stands in fields that the authority is shown.
    """
    organisations = await desks(session, access=access, now=now)
    ids = None if organisations is None else sorted(organisations)
    keys = await store.list_rule_keys(session, organisation_ids=ids)
    rules = {key: (await rules_of(session, key[0])).of(key[1]) for key in keys}
    named = frozenset(key for key, rule in rules.items() if "full_name" in rule.authority(key[2]).sees)
    placed = frozenset(key for key, rule in rules.items() if "outlet" in rule.authority(key[2]).sees)
    wanted = replace(wanted, named=named, placed=placed)
    found = await store.list_queue(session, organisation_ids=ids, wanted=wanted, after=after, limit=limit + 1)
    every = replace(wanted, states=frozenset(ReviewState))
    counts = await store.count_queue(session, organisation_ids=ids, wanted=every, now=now)
    rows = []
    for review, application, journalist, outlet, event in found[:limit]:
        assert application.rule_set_id is not None  # noqa: S101 (reviews come of rules)
        rule = rules[application.rule_set_id, application.class_code, review.authority]
        authority = rule.authority(review.authority)
        fields = fields_of(application, journalist, outlet, authority.sees, None)
        rows.append(QueueRow(review, application.id, application.class_code, rule, authority, fields, event))
    if rows:
        audit.record(
            session,
            actor=audit.staff(access),
            action="viewed",
            noun="queue",
            object_id=access.staff_id,
            now=now,
            rows=len(rows),
        )
    return Queue(
        rows=rows,
        more=len(found) > limit,
        counts=counts,
        events=await store.list_events_of(session, organisation_ids=ids),
        classes={key[1]: rule for key, rule in sorted(rules.items(), key=lambda pair: pair[0][1])},
    )
