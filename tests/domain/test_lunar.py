"""The lunar calendar of the tests, against dates that the Government or the press of the time told."""

from datetime import date

import pytest

from tests.domain.lunar import lunar_date


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2024, 2, 8), (29, 12, False)),  # 5015/TB-LĐTBXH
        (date(2024, 2, 14), (5, 1, False)),
        (date(2025, 1, 25), (26, 12, False)),  # 6150/TB-BLĐTBXH
        (date(2025, 2, 2), (5, 1, False)),
        (date(2026, 2, 14), (27, 12, False)),  # 9441/TB-BNV
        (date(2026, 2, 22), (6, 1, False)),
    ],
)
def test_it_agrees_with_the_notices(on: date, expected: tuple[int, int, bool]) -> None:
    assert lunar_date(on) == expected


@pytest.mark.parametrize("tet", [date(1985, 1, 21), date(2007, 2, 17), date(2030, 2, 2)])
def test_tet_is_the_vietnamese_one_where_it_differs_from_the_chinese(tet: date) -> None:
    assert lunar_date(tet) == (1, 1, False)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2023, 3, 22), (1, 2, True)),
        (date(2025, 7, 25), (1, 6, True)),
        (date(2025, 8, 23), (1, 7, False)),
        (date(2017, 7, 23), (1, 6, True)),
    ],
)
def test_leap_months(on: date, expected: tuple[int, int, bool]) -> None:
    assert lunar_date(on) == expected
