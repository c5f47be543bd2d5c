"""How days and hours of a pass are written."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from service.domain.faces import PassFace
from tests.faces import pass_face

NOVEMBER = {on: date(2026, 11, on) for on in range(1, 31)}


def face(first: datetime, until: datetime, *days: date) -> PassFace:
    return replace(pass_face(), valid_from=first, valid_until=until, valid_days=days or None)


def at(month: int, day: int, hour: int = 17) -> datetime:
    """An instant in UTC; 17:00 is midnight in the city."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        (face(at(11, 22), at(11, 25)), "23–25/11/2026"),
        (face(at(11, 22), at(11, 23)), "23/11/2026"),
        (face(at(11, 22), at(11, 23, 18)), "23–24/11/2026"),
        (face(at(11, 29), at(12, 2)), "30/11–02/12/2026"),
        (face(at(12, 30), datetime(2027, 1, 2, 17, tzinfo=UTC)), "31/12/2026–02/01/2027"),
        (face(at(11, 1), at(11, 30), NOVEMBER[23]), "23/11/2026"),
        (face(at(11, 1), at(11, 30), NOVEMBER[23], NOVEMBER[24], NOVEMBER[25]), "23–25/11/2026"),
        (face(at(11, 1), at(11, 30), NOVEMBER[3], NOVEMBER[5], NOVEMBER[25]), "03/11, 05/11, 25/11/2026"),
        (face(at(11, 1), at(12, 31), date(2025, 12, 31), NOVEMBER[5]), "31/12/2025, 05/11/2026"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_days_are_written_as_people_write_them(shown: PassFace, told: str) -> None:
    assert shown.days_text == told


def test_hours_stand_only_where_they_are_limited() -> None:
    whole = face(at(11, 22), at(11, 25))
    assert whole.hours_text == ""
    assert replace(whole, daily_from=time(7), daily_to=time(12, 30)).hours_text == "07:00–12:30"
