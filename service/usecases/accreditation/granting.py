"""What has to be true before an application may be granted: verdicts, their conditions, quotas and caps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    NO_CONDITIONS,
    AccreditationPlan,
    Application,
    ApplicationState,
    ClassRule,
    Conditions,
    Outcome,
    Outlet,
    Verdict,
    VerdictKind,
    standing,
)
from service.domain.errors import Conflict, Invalid
from service.store import reviews as store
from service.store import rules as rule_store
from service.usecases.accreditation.clocks import late_advice, verdicts_of
from service.usecases.accreditation.rules import rule_of

if TYPE_CHECKING:
    from service.usecases.accreditation.deciding import DecisionWish


async def require_grantable(
    session: AsyncSession,
    *,
    application: Application,
    outlet: Outlet,
    wish: "DecisionWish",
    reason: str,
    now: datetime,
) -> None:
    """Raises Conflict unless the verdicts allow this grant and there is room for it.

    Applications without a class have no authorities but the office. From here on the event's places are counted
    under the lock of its plan, so that two people never give away the last one.
    """
    rule = await rule_of(session, application)
    if rule is None:
        return
    if application.standing_id is None:
        conditions = await _require_verdicts(session, application, rule, reason, now)
        _require_kept(wish, conditions)
    await _require_room(session, application, rule, outlet, wish, reason)


async def _require_verdicts(
    session: AsyncSession, application: Application, rule: ClassRule, reason: str, now: datetime
) -> Conditions:
    reviews = await store.list_reviews(session, application.id)
    stands = standing(rule, verdicts_of(reviews), late=late_advice(rule, reviews, now))
    if stands.outcome is Outcome.PENDING:
        waiting = [one.authority for one in reviews if one.stage == stands.stage and one.verdict is None]
        raise Conflict("reviews_pending", ", ".join(waiting))
    if stands.outcome is Outcome.REFUSED:
        raise Conflict("refused_by_authority")
    if stands.outcome is Outcome.UNDECIDED and not reason:
        raise Invalid.at("/reason", "missing", "all authorities abstained: say why this is granted")
    living = {one.verdict_id for one in reviews}
    return conditions_of([one for one in await store.list_verdicts(session, application.id) if one.id in living])


def conditions_of(verdicts: Sequence[Verdict]) -> Conditions:
    """What the verdicts that stand tie their approval to, all together."""
    merged = NO_CONDITIONS
    for one in verdicts:
        if one.kind is VerdictKind.CONDITIONS:
            zones = frozenset(one.zones) or None
            merged = merged.both(Conditions(zones, frozenset(one.days) if one.days else None, one.escort))
    return merged


def _require_kept(wish: "DecisionWish", conditions: Conditions) -> None:
    """The grant lies within the conditions; whoever grants under conditions says so to the journalist."""
    broken = [
        what
        for what, is_broken in (
            ("zones", conditions.zones is not None and not conditions.zones.issuperset(wish.zones)),
            ("days", conditions.days is not None and (not wish.days or not conditions.days.issuperset(wish.days))),
            ("escort", conditions.escort and not wish.escort),
            ("state", conditions != NO_CONDITIONS and wish.to_state is ApplicationState.APPROVED),
        )
        if is_broken
    ]
    if broken:
        raise Conflict("conditions_apply", ", ".join(broken))


async def _require_room(
    session: AsyncSession,
    application: Application,
    rule: ClassRule,
    outlet: Outlet,
    wish: "DecisionWish",
    reason: str,
) -> None:
    plan = await rule_store.find_plan(session, application.event_id, lock=True)
    if plan is None:
        return
    limits = await room_of(session, application=application, rule=rule, outlet=outlet, plan=plan)
    full = [f"{one.name} {one.taken}/{one.limit}" for one in limits if one.is_full]
    if full and not (wish.beyond_quota and reason):
        raise Conflict("quota_full", ", ".join(full))


@dataclass(frozen=True)
class Limit:
    """How many may be accredited (`name`: of the outlet, of the role in it, in the class, at the event), and are."""

    name: str
    taken: int
    limit: int

    @property
    def is_full(self) -> bool:
        return self.taken >= self.limit


async def room_of(
    session: AsyncSession, *, application: Application, rule: ClassRule, outlet: Outlet, plan: AccreditationPlan
) -> list[Limit]:
    """The quotas and caps that a grant of this application would count against."""
    counts = await store.count_granted(session, application.event_id)
    in_class = [one for one in counts if one[0] == rule.code]
    of_outlet = [one for one in in_class if one[1] == outlet.id]
    role = application.media_role
    limits = (
        ("outlet", rule.quota.limit(outlet.kind), sum(one[3] for one in of_outlet)),
        ("role", rule.quota.per_role.get(role), sum(one[3] for one in of_outlet if one[2] == role.value)),
        ("class", plan.caps.get(rule.code), sum(one[3] for one in in_class)),
        ("event", plan.caps.get(""), sum(one[3] for one in counts)),
    )
    return [Limit(name, taken, limit) for name, limit, taken in limits if limit is not None]
