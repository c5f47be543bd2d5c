"""Exhibitions: the real ones of the past as files, and an invented tour through all units with its visitors."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from service.demo import doors, facts, names
from service.demo.stage import Stage
from service.domain.events import Event, EventKind, EventState, Occurrence
from service.domain.passes import Category, EntryPass
from service.usecases import audit, events, passes, places
from service.usecases.events import Stop
from service.usecases.passes import Wish

_FORMER_UNITS = 22
_TOUR_STARTS = date(2024, 3, 4)
_VISITORS = 420
_GROUPS = 30
_PLANNED_AHEAD = 30
STEPS = 18 + _FORMER_UNITS + 24 + 2


async def play(stage: Stage) -> None:
    """The past as it is told, then two sets that tour the former districts and today's wards."""
    programme = await events.add_programme(
        stage.session,
        access=stage.access(),
        facts={
            "organisation_id": stage.organisations["department"],
            "name_vi": "Chương trình tuyên truyền biển, đảo",
            "name_en": "Seas and islands programme",
            "starts_on": date(2009, 1, 1),
            "ends_on": stage.day(400),
        },
        now=stage.now,
    )
    for fact in facts.exhibitions():
        await _past(stage, programme.id, fact)
    evidence = await _event(
        stage,
        programme.id,
        "museum",
        "Hoàng Sa, Trường Sa của Việt Nam - Bộ trưng bày lưu động",
        "Hoang Sa, Truong Sa of Viet Nam - Touring set",
    )
    beauty = await _event(
        stage,
        programme.id,
        "remnants",
        "Biển đảo Việt Nam: đẹp và thanh bình - Bộ ảnh lưu động",
        "Viet Nam's seas and islands: beauty and peace - Touring photos",
    )
    await _former_units(stage, evidence)
    await _todays_wards(stage, evidence, beauty)


async def _past(stage: Stage, programme_id: UUID, fact: facts.ExhibitionFact) -> None:
    """A real exhibition; where its days and venues are told, its stops too."""
    event = await _event(
        stage,
        programme_id,
        "museum",
        fact.title_vi,
        fact.title_en,
        summary=f"{fact.organiser_vi}. {fact.remark}. Nguồn: {fact.source}",
    )
    for key in fact.venue_keys:
        if fact.first_on is not None and fact.last_on is not None:
            await _stop(stage, event, key, fact.first_on, fact.last_on, "")
    await events.move_event(
        stage.session,
        access=stage.access(),
        event_id=event.id,
        state=EventState.CLOSED,
        vault=stage.vault,
        now=stage.now,
    )
    stage.step(fact.title_vi)


async def _event(
    stage: Stage, programme_id: UUID, organisation: str, title_vi: str, title_en: str, *, summary: str = ""
) -> Event:
    event = await events.add_event(
        stage.session,
        access=stage.access(),
        facts={
            "organisation_id": stage.organisations[organisation],
            "programme_id": programme_id,
            "kind": EventKind.EXHIBITION,
            "title_vi": title_vi,
            "title_en": title_en,
            "summary_vi": summary or "Ảnh, bản đồ và tư liệu, lưu động tại các quận, huyện, phường, xã.",
            "legal_basis": "Nghị định 23/2019/NĐ-CP",
        },
        now=stage.now,
    )
    return await events.move_event(
        stage.session, access=stage.access(), event_id=event.id, state=EventState.OPEN, vault=stage.vault, now=stage.now
    )


async def _stop(stage: Stage, event: Event, venue_key: str, first: date, last: date, label: str) -> Occurrence:
    return await events.add_occurrence(
        stage.session,
        access=stage.access(),
        event_id=event.id,
        stop=Stop(stage.venues[venue_key], first, last, unit_id=_unit_on(venue_key, first)),
        facts={
            "label_vi": label,
            "label_en": label.replace("Điểm", "Stop"),
            "daily_from": time(8),
            "daily_to": time(17),
        },
        copy_layout=True,
        now=stage.now,
    )


def _unit_on(venue_key: str, on: date) -> UUID | None:
    (fact,) = [one for one in facts.venues() if one.key == venue_key]
    key = fact.unit_key_on(on)
    return places.unit_id(key) if key else None


async def _former_units(stage: Stage, event: Event) -> None:
    """One stop in each of the 22 units of 2021-2025, counted by hand."""
    seen: set[str] = set()
    on = _TOUR_STARTS
    for fact in facts.venues():
        if not fact.district_key or fact.district_key in seen:
            continue
        seen.add(fact.district_key)
        last = on + timedelta(days=4)
        stop = await _stop(stage, event, fact.key, on, last, f"Điểm {len(seen)}")
        device = await doors.enrol(stage, stop, f"Máy đếm {len(seen)}", on)
        for day in _days(on, last):
            await doors.tally_day(stage, device, day, busy=stage.random.randint(60, 240))
        on += timedelta(days=21)
        stage.step(f"{fact.name_vi} {on.year}")


@dataclass(frozen=True)
class _Planned:
    venue_key: str
    first: int
    last: int


def _plan() -> Iterator[_Planned]:
    """Stops in today's wards from 40 days ago to 30 days ahead, in days from today."""
    first = -40
    for fact in facts.venues():
        if fact.ward_key and first <= _PLANNED_AHEAD and fact.kind not in ("press_centre", "hall"):
            yield _Planned(fact.key, first, first + 4)
            first += 3


async def _todays_wards(stage: Stage, *tours: Event) -> None:
    """Stops in today's wards with visitors who registered, school groups and walk-ins."""
    stops: dict[UUID, list[tuple[Occurrence, doors.DemoDevice]]] = {tour.id: [] for tour in tours}
    for number, planned in enumerate(_plan()):
        tour = tours[number % len(tours)]
        first, last = stage.day(planned.first), stage.day(planned.last)
        stop = await _stop(stage, tour, planned.venue_key, first, last, f"Điểm {number + 1}")
        device = await doors.enrol(stage, stop, f"Điện thoại {number + 1}", min(first, stage.today))
        stops[tour.id].append((stop, device))
        stage.step(f"Điểm {number + 1}")
    for tour in tours:
        holders = await passes.issue_many(
            stage.session,
            event=tour,
            wishes=_wishes(stage),
            actor=audit.staff(stage.access()),
            vault=stage.vault,
            now=stage.at(stage.day(-45), 9),
            tell=False,
        )
        await _visit(stage, stops[tour.id], holders)
        stage.step(tour.title_vi)


def _wishes(stage: Stage) -> list[Wish]:
    visitors = [Wish(names.person(stage.random), "", Category.VISITOR, ("A",)) for _ in range(_VISITORS)]
    groups = [
        Wish(
            f"Trường THCS {names.person(stage.random).split(' ', 2)[2]} (đoàn {number + 1})",
            "",
            Category.PUPIL,
            ("A",),
            heads=stage.random.randint(20, 45),
        )
        for number in range(_GROUPS)
    ]
    return visitors + groups


async def _visit(stage: Stage, stops: list[tuple[Occurrence, doors.DemoDevice]], holders: list[EntryPass]) -> None:
    for stop, device in stops:
        for day in _days(stop.opens_on, stop.closes_on):
            if day > stage.today:
                continue
            weekend = day.isoweekday() > 5  # noqa: PLR2004 (Saturday and Sunday)
            await doors.tally_day(stage, device, day, busy=180 if weekend else 90)
            coming = stage.random.sample(holders, 45 if weekend else 25)
            await doors.scan_day(stage, device, day, coming)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
