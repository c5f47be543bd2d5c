"""A pass as a calendar file: read back by the library's own parser, and octet by octet where the format asks."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from service.domain.faces import PassFace
from service.domain.localtime import end_of, start_of
from service.store.calendars import ics, visits
from tests.conftest import NOW
from tests.faces import LIBRARY, MUSEUM, pass_face

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
BASE = "https://biendao.example.vn:8443"
LINK = f"{BASE}/pass/Zm9vYmFy"


def made(face: PassFace) -> bytes:
    return ics(face, base_url=BASE, link=LINK, now=NOW)


def events(face: PassFace) -> list[Any]:
    return Calendar.from_ical(made(face)).walk("VEVENT")


def times(face: PassFace) -> list[tuple[Any, Any]]:
    return [(event.decoded("dtstart"), event.decoded("dtend")) for event in events(face)]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CITY)


def test_one_event_a_day_within_the_places_hours() -> None:
    found = times(pass_face())
    assert found == [(at(day, 8), at(day, 17, 30)) for day in (23, 24, 25)]
    assert {moment.utcoffset() for pair in found for moment in pair} == {timedelta(hours=7)}
    assert [event["dtstart"].params["TZID"] for event in events(pass_face())] == ["Asia/Ho_Chi_Minh"] * 3


def test_the_file_is_complete() -> None:
    calendar = Calendar.from_ical(made(pass_face()))
    assert (calendar["version"], calendar["method"], calendar["prodid"]) == (
        "2.0",
        "PUBLISH",
        "-//Bien Dao//Passes//VI",
    )
    [zone] = calendar.walk("VTIMEZONE")
    [standard] = zone.subcomponents
    assert zone["tzid"] == "Asia/Ho_Chi_Minh"
    assert standard["tzoffsetto"].td == timedelta(hours=7)
    event = events(pass_face())[0]
    assert event["uid"] == "7H3KX9QW2M-20261123-0@biendao.example.vn"
    assert event.decoded("dtstamp") == NOW
    assert event.decoded("sequence") == 1
    assert event["url"] == LINK
    assert event["geo"].to_ical() == "10.788062;106.704702"
    assert (event["organizer"], event["organizer"].params["CN"]) == (BASE, "Sở Ngoại vụ Thành phố Hồ Chí Minh")
    [alarm] = event.walk("VALARM")
    assert (alarm["action"], alarm.decoded("trigger")) == ("DISPLAY", timedelta(hours=-2))
    assert alarm["description"] == pass_face().event_vi


def test_vietnamese_first_english_in_the_description() -> None:
    event = events(pass_face(event_vi="Hội thảo: “Biển Đảo – ế ữ ợ ặ Đ”; phần 1, 2"))[0]
    assert (event["summary"], event["summary"].params["LANGUAGE"]) == (
        "Hội thảo: “Biển Đảo – ế ữ ợ ặ Đ”; phần 1, 2",
        "vi",
    )
    assert event["location"] == f"{MUSEUM.venue_vi}, {MUSEUM.address}"
    assert event["location"].params["LANGUAGE"] == "vi"
    assert event["description"].params["LANGUAGE"] == "en"
    assert event["description"].split("\n") == [
        "Hoang Sa and Truong Sa of Viet Nam",
        f"Ho Chi Minh City Museum of History, {MUSEUM.address}",
        "Organised by Ho Chi Minh City Department of External Relations",
        "Entry with your pass (Press); zones: A Exhibition hall, P Press centre",
    ]


def test_neither_name_nor_codes_go_into_a_calendar() -> None:
    face = pass_face(native_name="Ánh Ngọc Đặng")
    whole = made(face).replace(b"\r\n ", b"").decode()
    for secret in (face.holder_name, face.native_name, face.organisation_name, face.code, face.human_code):
        assert secret not in whole


@given(name=st.text(st.sampled_from("ếữợặĐđơư aB,;:\\\"'😀"), min_size=1, max_size=200))
def test_lines_end_with_crlf_and_are_folded_between_letters(name: str) -> None:
    file = made(pass_face(event_vi=name, organiser_vi=name))
    assert file.endswith(b"END:VCALENDAR\r\n")
    lines = file.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    # A fold inside a letter would leave bytes that aren't UTF-8.
    assert [line.decode() for line in lines]
    assert Calendar.from_ical(file).walk("VEVENT")[0]["summary"] == name


def test_uids_stay_and_a_newer_version_takes_the_place_of_the_older() -> None:
    first, again = events(pass_face()), events(pass_face())
    newer = events(pass_face(version=4, event_vi="Triển lãm, đổi tên", daily_from=time(9), daily_to=time(11)))
    uids = [event["uid"] for event in first]
    assert len(set(uids)) == 3
    assert uids == [event["uid"] for event in again] == [event["uid"] for event in newer]
    assert [event["sequence"] for event in newer] == [4, 4, 4]
    assert made(pass_face()) == made(pass_face())


def test_a_day_pass() -> None:
    assert times(pass_face(valid_days=(date(2026, 11, 24),))) == [(at(24, 8), at(24, 17, 30))]


def test_single_days() -> None:
    found = times(pass_face(valid_days=(date(2026, 11, 23), date(2026, 11, 25))))
    assert [begins.day for begins, _ in found] == [23, 25]


def test_the_hours_of_the_pass_come_before_those_of_the_place() -> None:
    face = pass_face(daily_from=time(7), daily_to=time(12))
    assert times(face) == [(at(day, 7), at(day, 12)) for day in (23, 24, 25)]


def test_validity_within_a_day_cuts_its_hours() -> None:
    face = pass_face(valid_from=at(23, 14).astimezone(UTC), valid_until=at(24, 7).astimezone(UTC))
    assert times(face) == [(at(23, 14), at(23, 17, 30))]


def test_no_hours_make_a_whole_day_that_keeps_nobody_busy() -> None:
    face = pass_face(places=(replace(MUSEUM, daily_from=None, daily_to=None),), valid_days=(date(2026, 11, 24),))
    [event] = events(face)
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 11, 24), date(2026, 11, 25))
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert event["transp"] == "TRANSPARENT"
    assert events(pass_face())[0]["transp"] == "OPAQUE"


def test_a_part_of_a_day_without_hours_is_no_whole_day() -> None:
    place = replace(MUSEUM, daily_from=None, daily_to=None)
    face = pass_face(places=(place,), valid_from=at(24, 13).astimezone(UTC), valid_until=end_of(date(2026, 11, 24)))
    assert times(face) == [(at(24, 13), at(25, 0))]


def test_hours_over_midnight_end_where_the_door_would_refuse() -> None:
    night = replace(MUSEUM, daily_from=time(18), daily_to=time(2))
    assert times(pass_face(places=(night,))) == [
        (at(23, 18), at(24, 2)),
        (at(24, 18), at(25, 2)),
        (at(25, 18), at(26, 0)),
    ]
    # The 24th is not a day of this pass, so its night of the 23rd ends at midnight.
    days = (date(2026, 11, 23), date(2026, 11, 25))
    assert times(pass_face(places=(night,), valid_days=days)) == [(at(23, 18), at(24, 0)), (at(25, 18), at(26, 0))]


def test_an_event_with_two_places() -> None:
    face = pass_face(places=(MUSEUM, LIBRARY), valid_until=end_of(date(2026, 11, 26)))
    assert [(visit.index, visit.on.day, visit.whole_day) for visit in visits(face)] == [
        (0, 23, False),
        (0, 24, False),
        (1, 25, True),
        (0, 25, False),
        (1, 26, True),
    ]
    found = events(face)
    assert [event["uid"].partition("@")[0] for event in found] == [
        "7H3KX9QW2M-20261123-0",
        "7H3KX9QW2M-20261124-0",
        "7H3KX9QW2M-20261125-1",
        "7H3KX9QW2M-20261125-0",
        "7H3KX9QW2M-20261126-1",
    ]
    assert [("geo" in event) for event in found] == [True, True, False, True, False]


def test_a_place_outside_the_validity_has_no_event() -> None:
    face = pass_face(valid_from=start_of(date(2026, 12, 1)), valid_until=end_of(date(2026, 12, 2)))
    assert events(face) == []
    assert Calendar.from_ical(made(face)).walk("VTIMEZONE") != []


@pytest.mark.parametrize(("base", "host"), [("http://127.0.0.1:8000", "127.0.0.1"), ("https://a.vn", "a.vn")])
def test_uids_are_of_this_host(base: str, host: str) -> None:
    [first, *_] = Calendar.from_ical(ics(pass_face(), base_url=base, link=LINK, now=NOW)).walk("VEVENT")
    assert first["uid"].endswith(f"@{host}")
