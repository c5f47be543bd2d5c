"""A pass as an iCalendar file (RFC 5545): one event a day and place on which its holder may come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard, vCalAddress

from service.domain.faces import PassFace, PlaceFace
from service.domain.localtime import CITY_ZONE

MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
_ALARM_BEFORE = timedelta(hours=2)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """One day at one place on which a pass may be used; `index` is the place's own among the face's places.

    `begins` and `ends` are aware times on the city's clock, `ends` is the first moment after. `whole_day`: neither
    the pass nor the place has hours.
    """

    index: int
    place: PlaceFace
    on: date
    begins: datetime
    ends: datetime
    whole_day: bool


def visits(face: PassFace) -> tuple[Visit, ...]:
    """Every day and place that the pass opens, in order of time: its own days and validity within the place's dates.

    The pass's daily hours hold if it has some, else the place's. Hours may pass midnight, but never into a day on
    which the door would refuse.
    """
    found = []
    for index, place in enumerate(face.places):
        days = frozenset(_days(face, place))
        found += [visit for on in days if (visit := _visit(face, index, on, days)) is not None]
    return tuple(sorted(found, key=lambda visit: (visit.begins, visit.index)))


def ics(face: PassFace, *, base_url: str, link: str, now: datetime) -> bytes:
    """The pass's visits as an iCalendar file in UTF-8 with CRLF, each with an alarm two hours before.

    Names nobody and holds neither of the pass's codes: calendars are shared more freely than passes. A UID stays
    the same as long as serial, day and place do, and SEQUENCE is the pass's version, so that a newer file takes the
    older one's place (RFC 5546, 2.1.4). `base_url` gives the UIDs their host. `link` is the URL of every event:
    whoever sees the calendar can follow it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Bien Dao//Passes//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_timezone())
    host = urlsplit(base_url).hostname or "localhost"
    for visit in visits(face):
        calendar.add_component(_event(face, visit, host=host, base_url=base_url, link=link, now=now))
    file: bytes = calendar.to_ical()
    return file


def _days(face: PassFace, place: PlaceFace) -> Iterator[date]:
    first, last = max(face.first_on, place.opens_on), min(face.last_on, place.closes_on)
    for offset in range((last - first).days + 1):
        on = first + timedelta(days=offset)
        if face.valid_days is None or on in face.valid_days:
            yield on


def _visit(face: PassFace, index: int, on: date, days: frozenset[date]) -> Visit | None:
    """The visit of one of the place's `days`, or None when the validity leaves nothing of its hours."""
    place = face.places[index]
    hours = _hours(face, place)
    begins, ends = _midnight(on), _midnight(on + _DAY)
    if hours is not None:
        begins, ends = (datetime.combine(on, at, CITY_ZONE) for at in hours)
        if ends <= begins:
            ends = datetime.combine(on + _DAY, hours[1] if on + _DAY in days else time(), CITY_ZONE)
    within = max(begins, face.valid_from.astimezone(CITY_ZONE)), min(ends, face.valid_until.astimezone(CITY_ZONE))
    if within[0] >= within[1]:
        return None
    return Visit(index, place, on, *within, whole_day=hours is None and within == (begins, ends))


def _hours(face: PassFace, place: PlaceFace) -> tuple[time, time] | None:
    for limited in (face, place):
        if limited.daily_from is not None and limited.daily_to is not None:
            return limited.daily_from, limited.daily_to
    return None


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), CITY_ZONE)


def _timezone() -> Timezone:
    """The city's zone: seven hours ahead since 1975, with no summer time (the zone database, asia)."""
    zone = Timezone()
    zone.add("tzid", CITY_ZONE.key)
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1975, 6, 13))  # noqa: DTZ001 (local by definition, RFC 5545, 3.6.5)
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=7))
    standard.add("tzname", "+07")
    zone.add_component(standard)
    return zone


def _event(face: PassFace, visit: Visit, *, host: str, base_url: str, link: str, now: datetime) -> Event:
    place = visit.place
    event = Event()
    event.add("uid", f"{face.serial}-{visit.on:%Y%m%d}-{visit.index}@{host}")
    event.add("dtstamp", now)
    event.add("sequence", face.version)
    event.add("dtstart", visit.on if visit.whole_day else visit.begins)
    event.add("dtend", visit.on + _DAY if visit.whole_day else visit.ends)
    event.add("summary", face.event_vi, parameters={"language": "vi"})
    event.add("description", _english(face, place), parameters={"language": "en"})
    event.add("location", _joined(place.venue_vi, place.address), parameters={"language": "vi"})
    if place.latitude is not None and place.longitude is not None:
        event.add("geo", (place.latitude, place.longitude))
    event.add("organizer", _organiser(face, base_url))
    event.add("url", link)
    # An exhibition open all day doesn't keep anybody busy all day.
    event.add("transp", "TRANSPARENT" if visit.whole_day else "OPAQUE")
    event.add_component(_alarm(face))
    return event


def _organiser(face: PassFace, base_url: str) -> vCalAddress:
    """Published events name their organiser (RFC 5546, 3.2.1); a calendar address may be any URI."""
    organiser = vCalAddress(base_url)
    organiser.params["CN"] = face.organiser_vi
    return organiser


def _alarm(face: PassFace) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -_ALARM_BEFORE)
    alarm.add("description", face.event_vi, parameters={"language": "vi"})
    return alarm


def _english(face: PassFace, place: PlaceFace) -> str:
    zones = ", ".join(_joined(zone.code, zone.name_en, " ") for zone in face.zones)
    lines = (
        face.event_en,
        _joined(place.venue_en, place.address),
        f"Organised by {face.organiser_en}" if face.organiser_en else "",
        f"Entry with your pass ({face.class_en}); zones: {zones}",
    )
    return "\n".join(line for line in lines if line)


def _joined(first: str, second: str, between: str = ", ") -> str:
    return between.join(part for part in (first, second) if part)
