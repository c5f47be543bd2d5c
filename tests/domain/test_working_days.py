"""The packaged calendar of working days against the law, the notices and the moon; years that are not known."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from service.domain.localtime import CITY_ZONE
from service.domain.working_days import Calendar, DayKind, UnknownYear, due_at, load_calendar, read_sources, read_year
from tests.domain.lunar import lunar_date

CALENDAR = load_calendar()
DOCS = (Path(__file__).parents[2] / "docs" / "working-days.md").read_text("utf-8")
DAY = timedelta(days=1)
ROWS = [day for year in CALENDAR.years.values() for day in year.values()]
WITHOUT_2025 = Calendar({year: CALENDAR.years[year] for year in (2024, 2026)})


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + DAY * step for step in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


def kinds(year: int, *wanted: DayKind) -> list[date]:
    return [on for on, day in CALENDAR.years[year].items() if day.kind in wanted]


# Put together by hand from the notices: weekdays off, weekend days worked.
OFF_AND_WORKED = {
    2024: ("1/1 8/2 9/2 12/2 13/2 14/2 18/4 29/4 30/4 1/5 2/9 3/9", "4/5"),
    2025: ("1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9", "26/4"),
    2026: ("1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9 24/11", "10/1 22/8"),
}


@pytest.mark.parametrize("year", OFF_AND_WORKED)
def test_a_year_is_the_week_and_its_notices(year: int) -> None:
    off = [on for on in days_of(year) if on.weekday() < 5 and not CALENDAR.is_working_day(on)]
    worked = [on for on in days_of(year) if on.weekday() >= 5 and CALENDAR.is_working_day(on)]
    told = tuple(" ".join(f"{on.day}/{on.month}" for on in days) for days in (off, worked))
    assert told == OFF_AND_WORKED[year]


@pytest.mark.parametrize(("year", "count"), [(2024, 11), (2025, 11), (2026, 12)])
def test_every_year_has_the_holidays_that_the_law_gives(year: int, count: int) -> None:
    assert len(kinds(year, DayKind.HOLIDAY)) == count


@pytest.mark.parametrize("year", OFF_AND_WORKED)
def test_holidays_at_weekends_and_only_they_have_substitutes_after_them(year: int) -> None:
    lost = [on for on in kinds(year, DayKind.HOLIDAY) if on.weekday() >= 5]
    substitutes = kinds(year, DayKind.SUBSTITUTE)
    assert len(substitutes) == len(lost)
    for holiday, substitute in zip(lost, substitutes, strict=True):
        assert holiday < substitute <= holiday + DAY * 3


@pytest.mark.parametrize("year", OFF_AND_WORKED)
def test_a_swapped_day_off_is_worked_on_another_day(year: int) -> None:
    assert len(kinds(year, DayKind.SWAPPED_OFF)) == len(kinds(year, DayKind.WORKING))


def test_the_days_of_the_lunar_calendar_are_where_the_moon_puts_them() -> None:
    seen = 0
    for row in ROWS:
        if row.basis == "Bộ luật Lao động Điều 112.1.e":
            assert lunar_date(row.on) == (10, 3, False)
            seen += 1
        if row.basis == "Bộ luật Lao động Điều 112.1.b":
            day, month, leap = lunar_date(row.on)
            vietnamese = f"mùng {day}" if month == 1 else f"{day} tháng Chạp"
            assert (row.name_vi, row.name_en, month in {12, 1}, leap) == (
                f"Tết Âm lịch ({vietnamese})",
                f"Lunar New Year (day {day}, month {month})",
                True,
                False,
            )
            seen += 1
    assert seen == 3 * (1 + 5)


def test_every_row_has_its_names_and_its_basis() -> None:
    assert [row.on for row in ROWS if not (row.name_vi and row.name_en and row.basis)] == []


def test_no_source_is_younger_than_the_day_that_it_fixed() -> None:
    assert [row.on for row in ROWS if row.source.issued_on >= row.on] == []


def test_the_files_are_in_order_of_dates() -> None:
    assert [row.on for row in ROWS] == sorted(row.on for row in ROWS)


def test_the_docs_name_every_source_and_how_it_was_read() -> None:
    told = [line for line in DOCS.splitlines() if line.startswith("|")]
    for source in {row.source for row in ROWS if row.source.key != "culture-day-swap"}:
        number = re.search(r"\d+/\S+", source.title)
        assert number
        assert any(number[0].rstrip(",") in line and f"| {source.read_as}" in line for line in told), source.title


def test_a_proposal_is_known_and_not_counted() -> None:
    assert [day.on for day in CALENDAR.proposals(2026)] == [date(2026, 11, 23), date(2026, 11, 28)]
    assert CALENDAR.is_working_day(date(2026, 11, 23))
    assert not CALENDAR.is_working_day(date(2026, 11, 28))
    assert CALENDAR.proposals(2025) == ()


def test_a_special_day_tells_its_names_and_its_source() -> None:
    day = CALENDAR.special_day(date(2026, 11, 24))
    assert day is not None
    assert (day.kind, day.name_vi, day.source.key) == (DayKind.HOLIDAY, "Ngày Văn hóa Việt Nam", "culture-day")
    assert CALENDAR.special_day(date(2026, 11, 25)) is None


def test_culture_day_is_a_holiday_only_since_its_law() -> None:
    assert [CALENDAR.is_working_day(date(year, 11, 24)) for year in (2025, 2026)] == [
        True,
        False,
    ]  # a Monday, a Tuesday


# --- files that are wrong -----------------------------------------------------------------------------------------

SOURCES = read_sources("key,title,issued_on,read_as,where,said\nnotice,A notice,2026-10-15,text,,\n")
HEADER = "on,kind,name_vi,name_en,basis,source\n"


def test_a_year_can_be_added() -> None:
    days = read_year(2027, HEADER + "2027-01-01,holiday,Tết Dương lịch,New Year's Day,Điều 112.1.a,notice\n", SOURCES)
    calendar = Calendar({**CALENDAR.years, 2027: days})
    assert calendar.add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("2026-01-01,holiday,x,x,x,notice", "2027.csv, 2026-01-01: a day of another year"),
        ("2027-01-01,holiday,x,x,x,notice\n2027-01-01,holiday,y,y,y,notice", "2027-01-01: told twice"),
        ("2027-02-06,substitute,x,x,x,notice", "2027-02-06: substitute at a weekend"),
        ("2027-02-07,swapped_off,x,x,x,notice", "2027-02-07: swapped_off at a weekend"),
        ("2027-02-08,working,x,x,x,notice", "2027-02-08: working on a weekday"),
        ("2027-02-08,proposed_working,x,x,x,notice", "2027-02-08: proposed_working on a weekday"),
        ("2027-02-08,festival,x,x,x,notice", "2027-02-08: 'festival'"),
        ("2027-02-08,holiday,x,x,x,hearsay", "2027-02-08: 'hearsay'"),
        ("8/2/2027,holiday,x,x,x,notice", "8/2/2027: Invalid isoformat string"),
    ],
)
def test_a_wrong_row_is_named(rows: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"2027\.csv") as raised:
        read_year(2027, HEADER + rows, SOURCES)
    assert said in str(raised.value)


# --- unknown years ------------------------------------------------------------------------------------------------


def test_an_unknown_year_says_what_to_add() -> None:
    with pytest.raises(UnknownYear) as raised:
        CALENDAR.is_working_day(date(2099, 1, 5))
    assert raised.value.year == 2099
    assert "add 2099.csv" in str(raised.value)
    assert "docs/working-days.md" in str(raised.value)


def test_counting_into_an_unknown_year_is_refused() -> None:
    last = max(CALENDAR.years)
    for count in (
        lambda: CALENDAR.add_working_days(date(last, 12, 30), 5),
        lambda: CALENDAR.working_days_between(date(last, 12, 30), date(last + 1, 1, 4)),
        lambda: CALENDAR.last_safe_day(date(last + 1, 1, 4), 0),
        lambda: CALENDAR.proposals(last + 1),
        lambda: due_at(CALENDAR, datetime(last, 12, 30, 9, tzinfo=CITY_ZONE), 5),
    ):
        with pytest.raises(UnknownYear) as raised:
            count()
        assert raised.value.year == last + 1


def test_a_gap_between_known_years_is_not_jumped() -> None:
    with pytest.raises(UnknownYear) as raised:
        WITHOUT_2025.add_working_days(date(2024, 12, 31), 1)
    assert raised.value.year == 2025
    with pytest.raises(UnknownYear):
        WITHOUT_2025.last_safe_day(date(2026, 1, 5), 1)


def test_the_day_of_the_event_need_not_be_of_a_known_year() -> None:
    assert CALENDAR.add_working_days(date(2023, 12, 31), 1) == date(2024, 1, 2)
