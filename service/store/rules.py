"""Rule sets, plans and the organisations that act as authorities, in the database."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Organisation
from service.domain.accreditation import AccreditationPlan, Delegation, Panel, RuleSet
from service.domain.errors import NotFound


async def get_rule_set(session: AsyncSession, rule_set_id: UUID) -> RuleSet:
    found = await session.get(RuleSet, rule_set_id)
    if found is None:
        raise NotFound("rule set")
    return found


async def find_latest(session: AsyncSession, code: str) -> RuleSet | None:
    """The newest version of a rule set."""
    statement = select(RuleSet).where(col(RuleSet.code) == code).order_by(col(RuleSet.version).desc()).limit(1)
    return await session.scalar(statement)


async def list_rule_sets(session: AsyncSession, *, code: str | None = None) -> list[RuleSet]:
    """All versions of one rule set, or the newest of each; the newest first."""
    statement = select(RuleSet)
    if code is not None:
        return list(
            await session.scalars(statement.where(col(RuleSet.code) == code).order_by(col(RuleSet.version).desc()))
        )
    newest = statement.ext(distinct_on(col(RuleSet.code))).order_by(col(RuleSet.code), col(RuleSet.version).desc())
    return list(await session.scalars(newest))


async def add_rule_set(session: AsyncSession, rule_set: RuleSet) -> bool:
    """Keeps a version and answers True, or answers False when that version came from elsewhere first."""
    statement = insert(RuleSet).values(rule_set.model_dump()).on_conflict_do_nothing(index_elements=["code", "version"])
    return (await session.execute(statement.returning(col(RuleSet.id)))).first() is not None


async def find_plan(session: AsyncSession, event_id: UUID, *, lock: bool = False) -> AccreditationPlan | None:
    """How an event takes applications; `lock=True` holds it, and with it every count of places, until the end."""
    return await session.get(AccreditationPlan, event_id, with_for_update=lock, populate_existing=lock)


async def list_panels(session: AsyncSession, event_id: UUID) -> list[tuple[Panel, Organisation]]:
    """The authorities of an event with the organisations that act as them."""
    statement = (
        select(Panel, Organisation)
        .join(Organisation, col(Organisation.id) == col(Panel.organisation_id))
        .where(col(Panel.event_id) == event_id)
        .order_by(col(Panel.authority))
    )
    return [(row[0], row[1]) for row in await session.execute(statement)]


async def find_panel(session: AsyncSession, event_id: UUID, authority: str) -> Panel | None:
    statement = select(Panel).where(col(Panel.event_id) == event_id, col(Panel.authority) == authority)
    return await session.scalar(statement)


async def list_delegations(session: AsyncSession, *, staff_id: UUID, now: datetime) -> list[Delegation]:
    """What was delegated to a member of staff and holds now."""
    statement = select(Delegation).where(
        col(Delegation.staff_id) == staff_id,
        col(Delegation.since) <= now,
        col(Delegation.until) > now,
        col(Delegation.ended_at).is_(None),
    )
    return list(await session.scalars(statement))


async def list_delegations_of(session: AsyncSession, organisation_ids: list[UUID]) -> list[Delegation]:
    """All delegations of these organisations, the newest first."""
    statement = (
        select(Delegation)
        .where(col(Delegation.organisation_id).in_(organisation_ids))
        .order_by(col(Delegation.id).desc())
    )
    return list(await session.scalars(statement))


async def get_delegation(session: AsyncSession, delegation_id: UUID) -> Delegation:
    found = await session.get(Delegation, delegation_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("delegation")
    return found
