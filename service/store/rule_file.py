"""The versions of rule sets, with who made them and which events use them."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Staff
from service.domain.accreditation import AccreditationPlan, RuleSet


async def list_versions(session: AsyncSession, code: str) -> list[tuple[RuleSet, str, int]]:
    """(Version, the name of who made it, how many events use it), the newest first; empty: there is no such set."""
    used = (
        select(func.count())
        .select_from(AccreditationPlan)
        .where(col(AccreditationPlan.rule_set_id) == col(RuleSet.id))
        .scalar_subquery()
    )
    statement: Any = (
        select(RuleSet, func.coalesce(col(Staff.name), ""), used)
        .outerjoin(Staff, col(Staff.id) == col(RuleSet.made_by_id))
        .where(col(RuleSet.code) == code)
        .order_by(col(RuleSet.version).desc())
    )
    return [(row[0], row[1], row[2]) for row in await session.execute(statement)]
