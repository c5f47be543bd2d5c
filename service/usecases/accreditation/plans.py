"""Opening accreditation: which classes, who acts as which authority, how many places."""

import secrets as chance
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Organisation, Permission
from service.domain.accreditation import AccreditationPlan, ClassRule, Criterion, Panel, Rules
from service.domain.accreditation.allocation import commitment
from service.domain.errors import Conflict, FieldError, Invalid, NotFound
from service.domain.events import Event, EventState
from service.domain.working_days import UnknownYear, load_calendar
from service.store import accounts as account_store
from service.store import events as event_store
from service.store import passes as pass_store
from service.store import rules as store
from service.store.vault import Vault
from service.usecases import audit

SEED = "accreditation_plan.draw_seed"


@dataclass(frozen=True)
class Acting:
    """Which organisation acts as an authority, and who of it is told when a clock runs out."""

    organisation_id: UUID
    lead_email: str = ""
    language: str = "vi"


@dataclass(frozen=True)
class PlanWish:
    """An event's accreditation as it is to be: `acting` by authority code, `caps` by class code ("" for all).

    `criteria`: how places are shared out when there are too few, as applicants are told.
    """

    rule_set_id: UUID
    classes: tuple[str, ...]
    acting: Mapping[str, Acting]
    caps: Mapping[str, int]
    closes_at: datetime
    contact: str = ""
    appeal_days: int = 5
    criteria: tuple[Criterion, ...] = ()


async def open_accreditation(
    session: AsyncSession, *, access: Access, event_id: UUID, wish: PlanWish, secrets: Vault, now: datetime
) -> AccreditationPlan:
    """Opens an event's accreditation, or changes it: applications keep the rules that they were made under.

    Raises Invalid for a class or authority that the rules don't have, an authority that nobody acts as, a last
    moment in the past; Conflict `illegal_move` for an event that is called off.
    """
    event = await pass_store.lock_event(session, event_id)
    access.require(Permission.ACCREDITATION_SET_UP, event.organisation_id)
    if event.state is EventState.CANCELLED:
        raise Conflict("illegal_move", event.state.value)
    rules = (await store.get_rule_set(session, wish.rule_set_id)).rules
    await _require_possible(session, rules, wish, now)
    plan = await store.find_plan(session, event_id, lock=True)
    if plan is None:
        plan = AccreditationPlan(
            event_id=event_id,
            rule_set_id=wish.rule_set_id,
            draw_seed_sealed=b"",
            draw_commitment="",
            opened_at=now,
        )
        seal_seed(plan, secrets)
        session.add(plan)
    plan.rule_set_id, plan.classes, plan.caps = wish.rule_set_id, list(wish.classes), dict(wish.caps)
    plan.contact, plan.appeal_days, plan.criteria = wish.contact, wish.appeal_days, [*wish.criteria]
    event.accreditation_closes_at = wish.closes_at
    await session.flush()
    await _seat(session, event_id, wish.acting)
    audit.record(
        session,
        actor=audit.staff(access),
        action="opened",
        noun="accreditation",
        object_id=event_id,
        event_id=event_id,
        now=now,
        classes=sorted(wish.classes),
        commitment=plan.draw_commitment,
    )
    return plan


def seal_seed(plan: AccreditationPlan, secrets: Vault) -> None:
    """A new seed for the next draw: nobody has seen it, and its commitment is what is published of it."""
    seed = chance.token_hex(16)
    plan.draw_seed_sealed = secrets.seal(seed.encode(), purpose=SEED)
    plan.draw_commitment = commitment(seed)


async def _require_possible(session: AsyncSession, rules: Rules, wish: PlanWish, now: datetime) -> None:
    known = {one.code for one in rules.classes}
    errors = [FieldError("/classes", "invalid", code) for code in wish.classes if code not in known]
    if not wish.classes:
        errors.append(FieldError("/classes", "missing", "at least one class"))
    errors += [FieldError(f"/caps/{code}", "invalid", code) for code in wish.caps if code and code not in wish.classes]
    if wish.closes_at <= now:
        errors.append(FieldError("/closes_at", "expired", "the last moment lies in the past"))
    needed = {authority.code for one in rules.classes if one.code in wish.classes for authority in one.authorities}
    errors += [FieldError(f"/acting/{code}", "missing", code) for code in sorted(needed - wish.acting.keys())]
    named = {authority.code for one in rules.classes for authority in one.authorities}
    errors += [FieldError(f"/acting/{code}", "invalid", code) for code in sorted(wish.acting.keys() - named)]
    if errors:
        raise Invalid("invalid", errors[0].detail, errors=tuple(errors))
    for acting in wish.acting.values():
        await account_store.get_organisation(session, acting.organisation_id)


async def _seat(session: AsyncSession, event_id: UUID, acting: Mapping[str, Acting]) -> None:
    """Who acts as what from now on; reviews that are under way stay with those who have them."""
    there = {panel.authority: panel for panel, _ in await store.list_panels(session, event_id)}
    for code, one in acting.items():
        panel = there.get(code) or Panel(event_id=event_id, authority=code, organisation_id=one.organisation_id)
        panel.organisation_id, panel.lead_email, panel.language = one.organisation_id, one.lead_email, one.language
        session.add(panel)
    await session.flush()


@dataclass(frozen=True)
class OpenClass:
    """One class as applicants are told of it. `safe_on`: the last day on which an application is surely decided
    before the event begins, if everybody takes all their time; None when that can't be said."""

    rule: ClassRule
    safe_on: date | None


@dataclass(frozen=True)
class OpenAccreditation:
    """An event's accreditation as applicants are told of it."""

    event: Event
    plan: AccreditationPlan
    rules: Rules
    classes: list[OpenClass]
    host: Organisation
    first_on: date | None
    last_on: date | None


async def accreditation_of(session: AsyncSession, *, event_id: UUID) -> OpenAccreditation:
    """What an event asks of the press. Raises NotFound for a draft, and where there is no accreditation."""
    event = await event_store.get(session, Event, event_id, "event")
    plan = await store.find_plan(session, event_id)
    if plan is None or event.state is EventState.DRAFT:
        raise NotFound("accreditation")
    rules = (await store.get_rule_set(session, plan.rule_set_id)).rules
    period = await pass_store.find_period(session, event_id)
    first_on = period[0] if period else None
    return OpenAccreditation(
        event=event,
        plan=plan,
        rules=rules,
        classes=[OpenClass(rules.of(code), safe_day(rules.of(code), first_on)) for code in plan.classes],
        host=await account_store.get_organisation(session, event.organisation_id),
        first_on=first_on,
        last_on=period[1] if period else None,
    )


def safe_day(rule: ClassRule, first_on: date | None) -> date | None:
    """The last safe day of a class for an event that begins on `first_on`."""
    if first_on is None:
        return None
    try:
        return load_calendar().last_safe_day(first_on, rule.days)
    except UnknownYear:
        return None
