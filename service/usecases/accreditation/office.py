"""What the office sees of the applications for its event: the list, one application, and the record that it looked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Organisation, Permission
from service.domain.accreditation import (
    NO_CONDITIONS,
    Appeal,
    Application,
    ApplicationState,
    ClassRule,
    Conditions,
    Evidence,
    Journalist,
    Outlet,
    Review,
    Rules,
    Verdict,
)
from service.domain.accreditation.answers import ASKED, CORE_FIELDS, PROFILE_FIELDS
from service.domain.accreditation.readiness import Readiness, readiness_of
from service.domain.errors import NotFound
from service.domain.events import Event
from service.domain.passes import EntryPass
from service.store import accreditation as application_store
from service.store import appeals as appeal_store
from service.store import applications as store
from service.store import evidence as evidence_store
from service.store import passes as pass_store
from service.store import reviews as review_store
from service.store import rules as rule_store
from service.store.applications import WantedApplications
from service.store.vault import Vault
from service.usecases import audit, events
from service.usecases.accreditation.granting import Limit, conditions_of, room_of
from service.usecases.accreditation.rules import rules_of
from service.usecases.accreditation.showing import fields_of, surroundings_of
from service.usecases.accreditation.timeline import Entry, of_application
from service.usecases.overview import Leaf, Turn, leaf_of

SHOWN = tuple(code for code in (*PROFILE_FIELDS, *CORE_FIELDS, *ASKED) if code != "identity_number")
"""What the office is shown. The identity number, and the documents that prove it, are for the authorities that check
them."""
MOST_EXPORTED = 20_000


@dataclass(frozen=True)
class Row:
    """One line of the list. `readiness`: None when it is decided. `rule`: None where there are no classes."""

    application: Application
    journalist: Journalist
    outlet: Outlet
    rule: ClassRule | None
    readiness: Readiness | None
    reviews: list[Review]


@dataclass(frozen=True)
class Listed:
    """One page of an event's applications; how many stand in each state, and how far those are that aren't decided."""

    event: Event
    leaf: Leaf[Row]
    states: Mapping[ApplicationState, int]
    readiness: Mapping[Readiness, int]
    classes: Mapping[str, ClassRule]
    outlets: list[tuple[Outlet, int]]
    appeals: list[tuple[Appeal, Application, Journalist]]
    may_decide: bool


async def list_of_event(
    session: AsyncSession,
    *,
    access: Access,
    event_id: UUID,
    wanted: WantedApplications,
    turn: Turn[datetime],
    limit: int,
    now: datetime,
) -> Listed:
    """An event's applications, who handed in first first; that the names were seen is kept."""
    event = await events.require_event(
        session, access=access, event_id=event_id, permission=Permission.ACCREDITATION_READ
    )
    found = await store.list_wanted(
        session, event_id=event_id, wanted=wanted, edge=turn.edge, upwards=turn.upwards, limit=limit + 1
    )
    leaf = leaf_of(found, turn, limit)
    classes = await _classes_of(session, event_id)
    states, far = Counter[ApplicationState](), Counter[Readiness]()
    for state, outcome, by_class, count in await store.count_wanted(session, event_id=event_id, wanted=wanted):
        states[state] += count
        readiness = readiness_of(state, outcome, by_class=by_class)
        if readiness is not None:
            far[readiness] += count
    rows = await _rows(session, leaf.rows, classes)
    if rows:
        _record(session, access, "viewed", event, now, rows=len(rows))
    return Listed(
        event=event,
        leaf=Leaf(rows, leaf.above, leaf.below),
        states=states,
        readiness=far,
        classes={code: rule for (_, code), rule in sorted(classes.items(), key=lambda pair: pair[0][1])},
        outlets=await store.list_outlets_of(session, event_id),
        appeals=await appeal_store.list_open(session, event_id),
        may_decide=access.allows(Permission.ACCREDITATION_DECIDE, event.organisation_id),
    )


async def export(
    session: AsyncSession, *, access: Access, event_id: UUID, wanted: WantedApplications, now: datetime
) -> tuple[Event, list[Row]]:
    """All applications that are wanted, for a file; how many left the house is kept."""
    event = await events.require_event(
        session, access=access, event_id=event_id, permission=Permission.ACCREDITATION_READ
    )
    found = await store.list_wanted(
        session, event_id=event_id, wanted=wanted, edge=None, upwards=False, limit=MOST_EXPORTED
    )
    rows = await _rows(session, found, await _classes_of(session, event_id))
    _record(session, access, "exported", event, now, rows=len(rows))
    return event, rows


async def _classes_of(session: AsyncSession, event_id: UUID) -> dict[tuple[UUID, str], ClassRule]:
    keys = await store.list_classes_of(session, event_id)
    return {key: (await rules_of(session, key[0])).of(key[1]) for key in keys}


async def _rows(
    session: AsyncSession, found: Sequence[store.Found], classes: Mapping[tuple[UUID, str], ClassRule]
) -> list[Row]:
    reviews: dict[UUID, list[Review]] = {application.id: [] for application, _, _ in found}
    for one in await review_store.list_reviews(session, *reviews):
        reviews[one.application_id].append(one)
    return [
        Row(
            application=application,
            journalist=journalist,
            outlet=outlet,
            rule=classes.get((application.rule_set_id, application.class_code)) if application.rule_set_id else None,
            readiness=readiness_of(
                application.state, application.outcome, by_class=application.rule_set_id is not None
            ),
            reviews=reviews[application.id],
        )
        for application, journalist, outlet in found
    ]


def _record(session: AsyncSession, access: Access, action: str, event: Event, now: datetime, **details: Any) -> None:
    audit.record(
        session,
        actor=audit.staff(access),
        action=action,
        noun="applications",
        object_id=event.id,
        event_id=event.id,
        now=now,
        **details,
    )


# One application ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """One authority's part in an application: who acts as it, its review, and the verdict that stands."""

    review: Review
    organisation: Organisation | None
    verdict: Verdict | None
    said_by: str


@dataclass(frozen=True)
class May:
    """What a reader may do with an application, as far as permissions go."""

    decide: bool
    issue: bool


@dataclass(frozen=True)
class OfficeFile:
    """An application as the office sees it. `identity_asked`: there is an identity number, which isn't shown.

    `rules` and `rule` are None where there are no classes. `same_press_card`: how many others named that card.
    """

    application: Application
    journalist: Journalist
    outlet: Outlet
    event: Event
    rules: Rules | None
    rule: ClassRule | None
    readiness: Readiness | None
    fields: dict[str, Any]
    identity_asked: bool
    files: list[Evidence]
    seen_by: Mapping[UUID, str]
    desks: list[Desk]
    conditions: Conditions
    limits: list[Limit]
    same_press_card: int
    appeals: list[Appeal]
    living_pass: EntryPass | None
    history: list[Entry]
    zones: Mapping[str, tuple[str, str]]
    days: list[date]
    may: May


async def open_application(
    session: AsyncSession, *, access: Access, application_id: UUID, secrets: Vault, now: datetime
) -> OfficeFile:
    """Opens an application for its office; which fields were seen is kept. A draft is nobody's but its journalist's."""
    application, journalist, outlet, event = await application_store.get_application(session, application_id)
    access.require(Permission.ACCREDITATION_READ, event.organisation_id)
    if application.state is ApplicationState.DRAFT:
        raise NotFound("application")
    rules = await rules_of(session, application.rule_set_id) if application.rule_set_id else None
    rule = rules.of(application.class_code) if rules else None
    fields = fields_of(application, journalist, outlet, SHOWN, secrets)
    audit.record(
        session,
        actor=audit.staff(access),
        action="viewed",
        noun="application",
        object_id=application.id,
        event_id=event.id,
        now=now,
        fields=sorted(fields),
    )
    await session.flush()
    files = await evidence_store.list_evidence(session, application.id)
    desks = await _desks(session, application, event)
    zones, days = await surroundings_of(session, event_id=event.id)
    return OfficeFile(
        application=application,
        journalist=journalist,
        outlet=outlet,
        event=event,
        rules=rules,
        rule=rule,
        readiness=readiness_of(application.state, application.outcome, by_class=rules is not None),
        fields=fields,
        identity_asked=bool(application.identity_sealed),
        files=files,
        seen_by=await store.name_staff(session, [one.seen_by_id for one in files if one.seen_by_id]),
        desks=desks,
        conditions=conditions_of([one.verdict for one in desks if one.verdict]) if rule else NO_CONDITIONS,
        limits=await _limits(session, application, rule, outlet),
        same_press_card=await application_store.count_same_card(session, journalist),
        appeals=await appeal_store.list_appeals(session, application.id),
        living_pass=await pass_store.find_pass_of_application(session, application.id),
        history=await of_application(session, application.id, for_authority=None),
        zones=zones,
        days=days,
        may=May(
            decide=access.allows(Permission.ACCREDITATION_DECIDE, event.organisation_id),
            issue=access.allows(Permission.PASSES_ISSUE, event.organisation_id),
        ),
    )


async def _desks(session: AsyncSession, application: Application, event: Event) -> list[Desk]:
    reviews = await review_store.list_reviews(session, application.id)
    living = {one.id: one for one in await review_store.list_verdicts(session, application.id)}
    seats = await store.list_seats(session, event.id)
    names = await store.name_staff(session, [one.staff_id for one in living.values()])
    desks = []
    for review in reviews:
        verdict = living.get(review.verdict_id) if review.verdict_id else None
        said_by = names.get(verdict.staff_id, "") if verdict else ""
        desks.append(Desk(review, seats.get(review.authority), verdict, said_by))
    return desks


async def _limits(
    session: AsyncSession, application: Application, rule: ClassRule | None, outlet: Outlet
) -> list[Limit]:
    plan = await rule_store.find_plan(session, application.event_id)
    if plan is None or rule is None:
        return []
    return await room_of(session, application=application, rule=rule, outlet=outlet, plan=plan)
