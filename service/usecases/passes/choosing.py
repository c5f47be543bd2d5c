"""What may be chosen for a pass of an event, new or in the place of another one; and what a change really changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.errors import Conflict
from service.domain.events import Event, Occurrence
from service.domain.localtime import end_of, start_of
from service.domain.passes import PASS_MOVES, Category, EntryPass, PassState
from service.store import accreditation as accreditation_store
from service.store import badges as badge_store
from service.store import events
from service.store import passes as store
from service.usecases.badges.faces import class_words
from service.usecases.passes.changing import wish_like

_WITHOUT_APPLICATION = tuple(category for category in Category if category is not Category.PRESS)


@dataclass(frozen=True)
class ClassChoice:
    """A class that a pass may have: the category's own (no code), or a further one of the event."""

    category: Category
    code: str
    name_vi: str
    name_en: str


@dataclass(frozen=True)
class Choices:
    """What a pass of the event may say: zones as (code, name vi, name en), the event's days, its classes."""

    event: Event
    zones: tuple[tuple[str, str, str], ...]
    days: tuple[date, ...]
    classes: tuple[ClassChoice, ...]


async def choices(session: AsyncSession, *, access: Access, event_id: UUID) -> Choices:
    """What a pass that is issued directly may say; not one of the press, whose passes come from applications."""
    event = await events.get(session, Event, event_id, "event")
    access.require(Permission.PASSES_ISSUE, event.organisation_id)
    return await _choices(session, event, _WITHOUT_APPLICATION)


@dataclass(frozen=True)
class Change:
    """A pass that is to be replaced, and what the new one may say instead."""

    entry_pass: EntryPass
    choices: Choices


async def choices_of_change(session: AsyncSession, *, access: Access, pass_id: UUID) -> Change:
    """What may be said in the place of this pass: its category stays, and the press gets no more zones than granted.

    Raises Conflict `illegal_move` for a pass that has ended.
    """
    one, event = await store.get_pass(session, pass_id)
    access.require(Permission.PASSES_REVOKE, event.organisation_id)
    access.require(Permission.PASSES_ISSUE, event.organisation_id)
    if PassState.REPLACED not in PASS_MOVES[one.state]:
        raise Conflict("illegal_move", one.state.value)
    found = await _choices(session, event, (one.category,))
    if one.application_id is None:
        return Change(one, found)
    application, *_ = await accreditation_store.get_application(session, one.application_id)
    zones = tuple(zone for zone in found.zones if zone[0] in application.zones_granted)
    return Change(one, Choices(event, zones, found.days, found.classes))


async def _choices(session: AsyncSession, event: Event, categories: tuple[Category, ...]) -> Choices:
    zones = await badge_store.list_zones(session, event.id)
    own = await badge_store.list_classes(session, event.id)
    stops = [stop for stop, _, _ in await badge_store.list_places(session, event.id)]
    words, names = class_words(own), {category.value for category in Category}
    classes = []
    for category in categories:
        classes.append(ClassChoice(category, "", *words(category, "")[:2]))
        further = (one for one in own if one.category is category and one.code not in names)
        classes += [ClassChoice(category, one.code, one.name_vi, one.name_en) for one in further]
    listed = tuple((code, *named) for code, named in sorted(zones.items()))
    return Choices(event, listed, tuple(_days(stops)), tuple(classes))


def _days(stops: Iterable[Occurrence]) -> list[date]:
    """Every day on which the event is somewhere, the first first."""
    return sorted(
        {stop.opens_on + timedelta(days=n) for stop in stops for n in range((stop.closes_on - stop.opens_on).days + 1)}
    )


def on_days(days: Iterable[date]) -> dict[str, Any]:
    """The fields of a wish for a pass that is good on these days only: from the first's beginning to the last's end."""
    chosen = tuple(sorted(set(days)))
    return {"valid_days": chosen, "valid_from": start_of(chosen[0]), "valid_until": end_of(chosen[-1])}


def throughout(first: date, last: date) -> dict[str, Any]:
    """The fields of a wish for a standing pass from one day to another, both included."""
    return {"valid_days": None, "valid_from": start_of(first), "valid_until": end_of(last)}


WHOLE_EVENT: Mapping[str, Any] = {"valid_days": None, "valid_from": None, "valid_until": None}
"""The fields of a wish for a standing pass, good from the event's first day to its last."""


def changed(entry_pass: EntryPass, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Those fields of a wish that say something else than the pass does."""
    like = wish_like(entry_pass)
    return {name: value for name, value in wanted.items() if value != getattr(like, name)}
