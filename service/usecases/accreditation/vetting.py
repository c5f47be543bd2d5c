"""Vetting by lists: an authority's open reviews as a table, and its verdicts from the table that comes back.

What comes back is read once and foreseen; on confirmation every row is judged again, as a single verdict would be.
In between the answers travel in the page, sealed (vetting_sealed.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access
from service.domain.accreditation import (
    Application,
    Journalist,
    Outlet,
    ReviewState,
    reference_of,
)
from service.domain.accreditation.answers import FILE
from service.domain.accreditation.rules import Said
from service.domain.accreditation.vetting import VettingAnswer, both_names
from service.domain.base import new_id
from service.domain.errors import NotFound, Refusal
from service.domain.events import Event
from service.store import events as event_store
from service.store import reviews as review_store
from service.store import vetting as store
from service.store.tables import MOST_ROWS
from service.store.vault import Vault
from service.usecases import audit
from service.usecases.accreditation.reviewing import UNDER_WAY, VerdictWish, desks, give_verdict
from service.usecases.accreditation.rules import rules_of
from service.usecases.accreditation.showing import fields_of


@dataclass(frozen=True)
class Desk:
    """One authority for which somebody acts: its code, its name, and how many reviews wait for it."""

    code: str
    name: Said
    waiting: int


@dataclass(frozen=True)
class Seat:
    """Who vets, at which event, for which authority."""

    access: Access
    event_id: UUID
    authority: str


@dataclass(frozen=True)
class VettingDesk:
    """An event and the authorities for which somebody acts at it."""

    event: Event
    desks: list[Desk]


async def open_desk(session: AsyncSession, *, access: Access, event_id: UUID, now: datetime) -> VettingDesk:
    """What somebody can vet at an event. Raises NotFound for whoever was never asked about it."""
    ids = await _organisations(session, access, now)
    counts = await store.count_open(session, event_id=event_id, organisation_ids=ids)
    if not counts:
        raise NotFound("event")
    names: dict[str, Said] = {}
    for rule_set_id, class_code, authority in await review_store.list_rule_keys(
        session, organisation_ids=ids, event_id=event_id
    ):
        names.setdefault(authority, (await rules_of(session, rule_set_id)).of(class_code).authority(authority).name)
    event = await event_store.get(session, Event, event_id, "event")
    return VettingDesk(event, [Desk(code, names[code], count) for code, count in counts.items()])


async def _organisations(session: AsyncSession, access: Access, now: datetime) -> list[UUID] | None:
    found = await desks(session, access=access, now=now)
    return None if found is None else sorted(found)


# Out --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ListRow:
    """One application in a list. `names` is empty where the authority isn't shown them; `fields`: only what it is."""

    id: UUID
    reference: str
    names: tuple[str, str] | None
    fields: dict[str, Any]


@dataclass(frozen=True)
class VettingList:
    """A list to take along: its columns in their order, and its rows, the most urgent first."""

    event: Event
    authority: str
    fields: tuple[str, ...]
    rows: list[ListRow]


async def export(
    session: AsyncSession, *, access: Access, event_id: UUID, authority: str, secrets: Vault, now: datetime
) -> VettingList:
    """The open reviews of one authority, each with only the fields that its rule names; the MOST_ROWS most urgent.

    That it was taken, with how many rows and which fields, is kept. Raises NotFound for somebody else's.
    """
    desk = await open_desk(session, access=access, event_id=event_id, now=now)
    if authority not in {one.code for one in desk.desks}:
        raise NotFound("authority")
    wanted = review_store.Wanted(frozenset({ReviewState.OPEN}), event_id=event_id, authority=authority)
    ids = await _organisations(session, access, now)
    found = await review_store.list_queue(session, organisation_ids=ids, wanted=wanted, after=None, limit=MOST_ROWS)
    recused = await store.list_recused(session, event_id=event_id, staff_id=access.staff_id)
    rows, columns = [], dict.fromkeys(("passport_line", "full_name"), False)
    for _, application, journalist, outlet, _ in found:
        if application.id in recused or application.rule_set_id is None:
            continue
        rule = (await rules_of(session, application.rule_set_id)).of(application.class_code)
        sees = tuple(one for one in rule.authority(authority).sees if not one.startswith(FILE))
        columns |= dict.fromkeys(sees, True)
        rows.append(_row(application, journalist, outlet, sees, secrets))
    fields = tuple(code for code, is_seen in columns.items() if is_seen)
    audit.record(
        session,
        actor=audit.staff(access),
        action="exported",
        noun="vetting",
        object_id=event_id,
        event_id=event_id,
        now=now,
        authority=authority,
        rows=len(rows),
        fields=sorted(fields),
    )
    return VettingList(desk.event, authority, fields, rows)


def _row(
    application: Application, journalist: Journalist, outlet: Outlet, sees: tuple[str, ...], secrets: Vault
) -> ListRow:
    fields = fields_of(application, journalist, outlet, sees, secrets)
    line, full_name = str(fields.get("passport_line", "")), str(fields.get("full_name", ""))
    family_first = journalist.language == "vi"
    names = both_names(line, full_name, family_first=family_first) if line or full_name else None
    return ListRow(application.id, reference_of(application.id), names, fields)


# Back -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Foreseen:
    """What would become of a row that came back: its verdict, or the code of what stands against it.

    Beside the codes of VettingAnswer: `unknown` (no such application, or none of this authority's), `recused`,
    `not_open`, `already_given`, `bad_zones`. Without a fault the reference is the application's own.
    """

    answer: VettingAnswer
    reference: str = ""
    review_id: UUID | None = None
    fault: str = ""


async def foresee(
    session: AsyncSession,
    *,
    seat: Seat,
    answers: Sequence[VettingAnswer],
    now: datetime,
) -> list[Foreseen]:
    """What each answer would do now, in their order; nothing is changed."""
    desk = await open_desk(session, access=seat.access, event_id=seat.event_id, now=now)
    if seat.authority not in {one.code for one in desk.desks}:
        raise NotFound("authority")
    known = await store.find_reviews(
        session,
        event_id=seat.event_id,
        authority=seat.authority,
        organisation_ids=await _organisations(session, seat.access, now),
        application_ids=[one.id for one in answers if one.id is not None],
    )
    recused = await store.list_recused(session, event_id=seat.event_id, staff_id=seat.access.staff_id)
    seen = []
    for answer in answers:
        if answer.id is None or answer.id not in known:
            seen.append(Foreseen(answer, fault=answer.fault or "unknown"))
            continue
        review, application = known[answer.id]
        fault = answer.fault or ("recused" if application.id in recused else "")
        if not fault and review.state is ReviewState.DONE:
            fault = "already_given"
        if not fault and (review.state is not ReviewState.OPEN or application.state not in UNDER_WAY):
            fault = "not_open"
        if not fault and set(answer.zones) - set(application.zones_wanted):
            fault = "bad_zones"
        seen.append(Foreseen(answer, reference_of(application.id), review.id, fault))
    return seen


@dataclass(frozen=True)
class CarriedOut:
    """One batch of verdicts: its id, how many were given, and how many rows stay as they were."""

    batch_id: UUID
    given: int
    left: int


async def carry_out(
    session: AsyncSession,
    *,
    seat: Seat,
    answers: Sequence[VettingAnswer],
    now: datetime,
) -> CarriedOut:
    """Gives the verdicts that can be given, each for itself, all under one batch; sent twice, they are given once."""
    seen = await foresee(session, seat=seat, answers=answers, now=now)
    # In the order of the applications, which is the order of locks.
    good = sorted((one for one in seen if not one.fault), key=lambda one: str(one.answer.id))
    batch_id, given = new_id(), 0
    for one in good:
        assert one.review_id is not None and one.answer.kind is not None  # noqa: S101, PT018 (rows without a fault)
        wish = VerdictWish(one.answer.kind, one.answer.ground, zones=one.answer.zones, days=one.answer.days)
        try:
            async with session.begin_nested():
                await give_verdict(
                    session, access=seat.access, review_id=one.review_id, wish=wish, now=now, batch_id=batch_id
                )
        except Refusal:
            continue
        given += 1
    audit.record(
        session,
        actor=audit.staff(seat.access),
        action="imported",
        noun="vetting",
        object_id=seat.event_id,
        event_id=seat.event_id,
        now=now,
        authority=seat.authority,
        batch=str(batch_id),
        rows=len(answers),
        given=given,
    )
    return CarriedOut(batch_id, given, len(answers) - given)
