"""Retention: what was asked for an event is kept as long as its class says, and then removed.

Personal data are kept only as long as their purpose needs (Law 91/2025/QH15, article 3). Figures, decisions with
their reasons, and the record of who did what stay.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import AccreditationPlan, Application
from service.domain.localtime import local_day
from service.domain.working_days import UnknownYear, due_at, load_calendar
from service.store import retention as store
from service.store import rules as rule_store
from service.store.database import Database
from service.store.retention import Past
from service.usecases import audit
from service.usecases.accreditation.appeals import APPEALABLE
from service.usecases.accreditation.rules import rule_of, rules_of

PASSES_KEPT = timedelta(days=90)
"""How long after an event the portraits of its passes and its printed badges are kept; so are what journalists wrote
where no class says how long."""
DRAFTS_KEPT = timedelta(days=30)
"""How long after the accreditation closed drafts are kept that nobody sent in."""
LINKS_KEPT = timedelta(days=1)
"""How long after its end a link for signing in is kept."""
MAILS_KEPT = timedelta(days=180)
"""How long a mail says what it was about."""


@dataclass(frozen=True)
class Purged:
    """What was removed of one event, or (no event) of links and mails: how many of each."""

    event_id: UUID | None
    counts: dict[str, int]


async def purge(database: Database, *, now: datetime, dry_run: bool = False) -> list[Purged]:
    """Removes what need not be kept any longer, each event in a transaction of its own; done again, nothing is left.

    What an open appeal needs, or one that may still be filed, stays until it is answered. With `dry_run` everything
    is done and taken back, so that the numbers are those of the real run.
    """
    async with database.session() as session:
        past = await store.list_past(session, today=local_day(now), drafts_before=now - DRAFTS_KEPT)
    purged = []
    for one in past:
        async with database.session() as session:
            counts = await _purge_event(session, one, now)
            if any(counts.values()):
                purged.append(Purged(one.id, counts))
            if not dry_run:
                await session.commit()
    async with database.session() as session:
        counts = {
            "links": await store.remove_links(session, before=now - LINKS_KEPT),
            "mails": await store.empty_mails(session, before=now - MAILS_KEPT),
        }
        if any(counts.values()):
            purged.append(Purged(None, counts))
        if not dry_run:
            await session.commit()
    return purged


async def _purge_event(session: AsyncSession, past: Past, now: datetime) -> dict[str, int]:
    today = local_day(now)
    # The plan's row is what two workers meet at; with it held, the second one finds nothing left.
    plan = await rule_store.find_plan(session, past.id, lock=True)
    closed = past.accreditation_closes_at
    drafts = await store.remove_drafts(session, past.id, now) if closed and closed + DRAFTS_KEPT < now else 0
    whole = await store.lock_whole(session, past.id) if past.last_on < today else []
    due = await _due(session, past, whole, plan, now)
    counts = {
        "applications": len(due),
        "files": await store.remove_evidence(session, due, now),
        "questions": await store.empty_questions(session, due),
        "appeals": await store.empty_appeals(session, due),
        "drafts": drafts,
        "portraits": 0,
        "prints": 0,
    }
    await store.empty_applications(session, due, now)
    if past.last_on + PASSES_KEPT < today:
        counts["portraits"] = await store.remove_portraits(session, past.id)
        counts["prints"] = await store.remove_prints(session, past.id)
    if plan is not None and plan.purged_at is None and len(due) == len(whole):
        await _close(session, plan, past.last_on, today, now)
    if any(counts.values()):
        audit.record(
            session,
            actor=audit.SYSTEM,
            action="purged",
            noun="accreditation",
            object_id=past.id,
            event_id=past.id,
            now=now,
            **counts,
        )
    await session.flush()
    return counts


async def _due(
    session: AsyncSession, past: Past, whole: list[Application], plan: AccreditationPlan | None, now: datetime
) -> list[UUID]:
    """Those of the applications whose time is over and which no appeal needs."""
    appealed = await store.list_appealed(session, past.id)
    due = []
    for one in whole:
        rule = await rule_of(session, one)
        kept = timedelta(days=rule.retention_days) if rule else PASSES_KEPT
        is_over = past.last_on + kept < local_day(now)
        if is_over and one.id not in appealed and not _may_be_appealed(one, plan, now):
            due.append(one.id)
    return due


def _may_be_appealed(application: Application, plan: AccreditationPlan | None, now: datetime) -> bool:
    if application.state not in APPEALABLE or application.decided_at is None or plan is None:
        return False
    try:
        until = due_at(load_calendar(), application.decided_at, plan.appeal_days)
    except UnknownYear:
        # Longer than any holidays make it; what is removed too late is still removed.
        until = application.decided_at + timedelta(days=30 + 2 * plan.appeal_days)
    return until is not None and until > now


async def _close(session: AsyncSession, plan: AccreditationPlan, last_on: date, today: date, now: datetime) -> None:
    """The accreditation as purged, once no class of it keeps anything any longer."""
    rules = await rules_of(session, plan.rule_set_id)
    longest = max((rules.of(code).retention_days for code in plan.classes), default=0)
    if last_on + timedelta(days=longest) < today:
        plan.purged_at = now
