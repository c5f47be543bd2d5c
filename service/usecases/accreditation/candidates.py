"""Among whom places are shared out, and on which terms each of them would get one."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    NO_CONDITIONS,
    AccreditationPlan,
    Application,
    Candidate,
    Conditions,
    Outcome,
    Outlet,
    OutletKind,
    Rules,
)
from service.domain.localtime import local_day
from service.store import allocations as store
from service.store import passes as pass_store
from service.store import reviews as review_store
from service.store.allocations import Applicant
from service.usecases.accreditation.granting import conditions_of
from service.usecases.accreditation.rules import rules_of


class LeftOut(StrEnum):
    """Why somebody who waits takes no part: verdicts are missing, bind nobody, refuse; or nothing could be granted."""

    PENDING = "pending"
    UNDECIDED = "undecided"
    REFUSED = "refused"
    NO_ZONE = "no_zone"
    NO_DAY = "no_day"


@dataclass(frozen=True)
class Terms:
    """What is granted with a place: zones, days (none: all), and the conditions that the authorities made."""

    zones: tuple[str, ...]
    days: tuple[date, ...]
    conditions: Conditions


@dataclass(frozen=True)
class Field:
    """All who wait: who takes part, on which terms, who doesn't and why; and the places that are taken already.

    `mark` changes with anything that an allocation depends on, so that what is carried out is what was seen.
    """

    candidates: list[Candidate]
    terms: Mapping[UUID, Terms]
    people: Mapping[UUID, Applicant]
    left_out: Mapping[UUID, LeftOut]
    taken: Mapping[str, int]
    taken_by: Mapping[tuple[UUID, str, str], int]
    mark: str


async def gather(session: AsyncSession, plan: AccreditationPlan, *, fresh: bool = False) -> Field:
    """Who waits for a place of an event: its open classes, whatever the rules that each applied under."""
    applicants = await store.list_applicants(session, event_id=plan.event_id, classes=plan.classes, fresh=fresh)
    zones = await pass_store.list_zone_codes(session, plan.event_id)
    conditions = await _conditions(session, [one.id for one, _, _ in applicants])
    terms: dict[UUID, Terms] = {}
    left_out: dict[UUID, LeftOut] = {}
    for application, _, _ in applicants:
        found = _terms(application, conditions.get(application.id, NO_CONDITIONS), zones)
        if isinstance(found, LeftOut):
            left_out[application.id] = found
        else:
            terms[application.id] = found
    rules = {
        rule_set_id: await rules_of(session, rule_set_id)
        for rule_set_id in {one.rule_set_id for one, _, _ in applicants}
        if rule_set_id is not None
    }
    candidates = [_candidate(one, outlet, rules) for one, _, outlet in applicants if one.id in terms]
    counts = await review_store.count_granted(session, plan.event_id)
    taken = Counter[str]()
    for class_code, _, _, count in counts:
        taken[class_code] += count
    taken_by = {(outlet_id, class_code, role): count for class_code, outlet_id, role, count in counts}
    return Field(
        candidates=candidates,
        terms=terms,
        people={one.id: (one, journalist, outlet) for one, journalist, outlet in applicants},
        left_out=left_out,
        taken=dict(taken),
        taken_by=taken_by,
        mark=_mark(plan, candidates, taken_by),
    )


async def _conditions(session: AsyncSession, application_ids: Sequence[UUID]) -> dict[UUID, Conditions]:
    """What the verdicts that stand tie each application to."""
    reviews = await review_store.list_reviews(session, *application_ids)
    living = {one.verdict_id for one in reviews}
    standing = [one for one in await review_store.list_verdicts(session, *application_ids) if one.id in living]
    return {
        application_id: conditions_of([one for one in standing if one.application_id == application_id])
        for application_id in {one.application_id for one in standing}
    }


_OUT = {Outcome.PENDING: LeftOut.PENDING, Outcome.UNDECIDED: LeftOut.UNDECIDED, Outcome.REFUSED: LeftOut.REFUSED}


def _terms(application: Application, conditions: Conditions, event_zones: frozenset[str] | set[str]) -> Terms | LeftOut:
    if application.outcome in _OUT:
        return _OUT[application.outcome]
    zones = event_zones & set(application.zones_wanted)
    if conditions.zones is not None:
        zones &= conditions.zones
    if not zones:
        return LeftOut.NO_ZONE
    days = {date.fromisoformat(one) for one in application.answers.get("days_wanted") or ()}
    if conditions.days is not None:
        days = days & conditions.days if days else set(conditions.days)
        if not days:
            return LeftOut.NO_DAY
    return Terms(tuple(sorted(zones)), tuple(sorted(days)), conditions)


def _candidate(application: Application, outlet: Outlet, rules: Mapping[UUID, Rules]) -> Candidate:
    assert application.rule_set_id is not None  # noqa: S101 (a class comes of rules)
    quota = rules[application.rule_set_id].of(application.class_code).quota
    submitted_at = application.submitted_at or application.created_at
    return Candidate(
        id=application.id,
        class_code=application.class_code,
        outlet_id=outlet.id,
        role=application.media_role.value,
        agency_or_host=outlet.host_broadcaster or outlet.kind is OutletKind.AGENCY,
        submitted_at=submitted_at,
        submitted_on=local_day(submitted_at).isoformat(),
        outlet_limit=quota.limit(outlet.kind),
        role_limit=quota.per_role.get(application.media_role),
    )


def _mark(
    plan: AccreditationPlan, candidates: Sequence[Candidate], taken_by: Mapping[tuple[UUID, str, str], int]
) -> str:
    facts = [
        repr(sorted(plan.caps.items())),
        repr(sorted((str(outlet_id), *rest, count) for (outlet_id, *rest), count in taken_by.items())),
        repr(sorted((str(one.id), one.class_code, str(one.outlet_id), one.role) for one in candidates)),
        plan.draw_commitment,
    ]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:32]
