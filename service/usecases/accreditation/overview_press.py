"""An event's accreditation at a glance: how it is set up, and how it stands class by class."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Organisation, Permission
from service.domain.accreditation import (
    AccreditationPlan,
    ApplicationState,
    Outcome,
    Outlet,
    Panel,
    Rules,
    RuleSet,
)
from service.domain.events import Event
from service.store import accounts as account_store
from service.store import events as event_store
from service.store import passes as pass_store
from service.store import press_overview as store
from service.store import rules as rule_store
from service.usecases.accreditation.plans import OpenClass, safe_day
from service.usecases.accreditation.rules import ensure_packaged, rules_of

_MOST_ORGANISATIONS = 1000
_UNDER_WAY = frozenset({ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW, ApplicationState.NEEDS_INFORMATION})
_READY = frozenset({ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW})
_S = ApplicationState


@dataclass(frozen=True)
class ClassCount:
    """Applications of one class. `ready`: the verdicts are there, the office has to decide; the others are under way.

    `cap` none: as many as want.
    """

    code: str
    applied: int
    under_way: int
    ready: int
    granted: int
    waitlisted: int
    refused: int
    cap: int | None

    @property
    def free(self) -> int | None:
        """Places that are left; none: no limit."""
        return None if self.cap is None else max(0, self.cap - self.granted)


@dataclass(frozen=True)
class OutletUse:
    """What an outlet has of its quota in one class, and how many of its people still wait."""

    outlet: Outlet
    class_code: str
    granted: int
    waiting: int
    limit: int


@dataclass(frozen=True)
class AuthorityClock:
    """How the reviews of one authority stand; `uncounted`: the working days of a year are not known."""

    authority: str
    open: int
    late: int
    paused: int
    uncounted: int
    first_due_at: datetime | None


@dataclass(frozen=True)
class PressOverview:
    """How it stands: class by class, for all together, outlet by outlet, authority by authority."""

    classes: list[ClassCount]
    whole: ClassCount
    outlets: list[OutletUse]
    clocks: list[AuthorityClock]


@dataclass(frozen=True)
class SetUp:
    """An event's accreditation as its office sees it.

    `rule_set` is the version that the form shows: that `in_use`, or another one that was asked for. `versions` are the
    newest of each rule set. `plan` and `overview` are none before it is opened.
    """

    event: Event
    first_on: date | None
    plan: AccreditationPlan | None
    rule_set: RuleSet
    in_use: RuleSet | None
    versions: list[RuleSet]
    classes: list[OpenClass]
    panels: list[tuple[Panel, Organisation]]
    organisations: list[Organisation]
    overview: PressOverview | None
    may_set_up: bool
    may_decide: bool


async def open_set_up(
    session: AsyncSession, *, access: Access, event_id: UUID, rule_set_id: UUID | None, now: datetime
) -> SetUp:
    """For those who may read an event's applications: how it is set up and how it stands, without a name."""
    event = await event_store.get(session, Event, event_id, "event")
    access.require(Permission.ACCREDITATION_READ, event.organisation_id)
    packaged = await ensure_packaged(session, now=now)
    plan = await rule_store.find_plan(session, event_id)
    wanted = rule_set_id or (plan.rule_set_id if plan else packaged.id)
    rule_set = await rule_store.get_rule_set(session, wanted)
    period = await pass_store.find_period(session, event_id)
    first_on = period[0] if period else None
    rules = await rules_of(session, rule_set.id)
    return SetUp(
        event=event,
        first_on=first_on,
        plan=plan,
        rule_set=rule_set,
        in_use=await rule_store.get_rule_set(session, plan.rule_set_id) if plan else None,
        versions=await rule_store.list_rule_sets(session),
        classes=[OpenClass(rule, safe_day(rule, first_on)) for rule in rules.classes],
        panels=await rule_store.list_panels(session, event_id),
        organisations=sorted(
            await account_store.list_organisations(session, after=None, limit=_MOST_ORGANISATIONS),
            key=lambda one: one.name_vi,
        ),
        overview=await _overview(session, plan, now) if plan else None,
        may_set_up=access.allows(Permission.ACCREDITATION_SET_UP, event.organisation_id),
        may_decide=access.allows(Permission.ACCREDITATION_DECIDE, event.organisation_id),
    )


async def _overview(session: AsyncSession, plan: AccreditationPlan, now: datetime) -> PressOverview:
    rules = await rules_of(session, plan.rule_set_id)
    rows = await store.count_states(session, plan.event_id)
    # A class that was closed again may still have applications.
    codes = [*plan.classes, *sorted({row[0] for row in rows} - set(plan.classes))]
    return PressOverview(
        classes=[_count(code, [row for row in rows if row[0] == code], plan.caps.get(code)) for code in codes],
        whole=_count("", rows, plan.caps.get("")),
        outlets=_outlets(rules, await store.count_by_outlet(session, plan.event_id)),
        clocks=[AuthorityClock(*row) for row in await store.count_clocks(session, plan.event_id, now)],
    )


def _count(code: str, rows: Sequence[tuple[str, ApplicationState, Outcome, int]], cap: int | None) -> ClassCount:
    def of(*states: ApplicationState) -> int:
        return sum(row[3] for row in rows if row[1] in states)

    ready = sum(row[3] for row in rows if row[1] in _READY and row[2] is not Outcome.PENDING)
    return ClassCount(
        code=code,
        applied=sum(row[3] for row in rows if row[1] not in (_S.DRAFT, _S.WITHDRAWN)),
        under_way=of(*_UNDER_WAY) - ready,
        ready=ready,
        granted=of(_S.APPROVED, _S.APPROVED_WITH_CONDITIONS),
        waitlisted=of(_S.WAITLISTED),
        refused=of(_S.REJECTED, _S.REVOKED),
        cap=cap,
    )


def _outlets(rules: Rules, rows: Sequence[tuple[Outlet, str, int, int]]) -> list[OutletUse]:
    """The fullest first; outlets without a quota in a class are left away."""
    known = {rule.code: rule for rule in rules.classes}
    found = []
    for outlet, class_code, granted, waiting in rows:
        limit = known[class_code].quota.limit(outlet.kind) if class_code in known else None
        if limit is not None:
            found.append(OutletUse(outlet, class_code, granted, waiting, limit))
    return sorted(
        found, key=lambda one: (-(one.granted / one.limit if one.limit else 1), -one.waiting, one.outlet.name)
    )
