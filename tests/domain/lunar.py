"""The Vietnamese lunar calendar, computed from the moon and the sun: an independent witness for the packaged dates.

The rules of the calendar: a month begins on the day, at UTC+7, of the new moon; the winter solstice lies in month
11; of thirteen months between two of those, the first without a major solar term is a leap month. New moons after
Jean Meeus, Astronomical Algorithms, chapter 49 (to some seconds); the sun's longitude after his chapter 25, low
accuracy (to 0.01°). Good for the years around 2000; near midnight it would have to be looked at again.
"""

import math
from datetime import date

LUNATION = 29.530588861
CITY_OFFSET = 7 / 24
JULIAN_OF_ORDINAL_0 = 1721424.5
DELTA_T = 70 / 86400  # seconds by which dynamical time is ahead of UTC in these years


def sine(degrees: float) -> float:
    return math.sin(math.radians(degrees))


def new_moon(k: int) -> float:
    """The Julian date, in UTC, of new moon `k` (0 is that of 6 January 2000)."""
    t = k / 1236.85
    e = 1 - 0.002516 * t
    sun = 2.5534 + 29.10535670 * k
    moon = 201.5643 + 385.81693528 * k
    latitude = 160.7108 + 390.67050284 * k
    node = 124.7746 - 1.56375588 * k
    correction = (
        -0.40720 * sine(moon)
        + 0.17241 * e * sine(sun)
        + 0.01608 * sine(2 * moon)
        + 0.01039 * sine(2 * latitude)
        + 0.00739 * e * sine(moon - sun)
        - 0.00514 * e * sine(moon + sun)
        + 0.00208 * e * e * sine(2 * sun)
        - 0.00111 * sine(moon - 2 * latitude)
        - 0.00057 * sine(moon + 2 * latitude)
        + 0.00056 * e * sine(2 * moon + sun)
        - 0.00042 * sine(3 * moon)
        + 0.00042 * e * sine(sun + 2 * latitude)
        + 0.00038 * e * sine(sun - 2 * latitude)
        - 0.00024 * e * sine(2 * moon - sun)
        - 0.00017 * sine(node)
        + 0.00032 * sine(299.77 + 0.107408 * k)
    )
    return 2451550.09766 + LUNATION * k + 0.00015437 * t * t + correction - DELTA_T


def sun_longitude(julian: float) -> float:
    """The sun's apparent longitude in degrees."""
    t = (julian + DELTA_T - 2451545.0) / 36525
    mean = 280.46646 + 36000.76983 * t
    anomaly = 357.52911 + 35999.05029 * t
    centre = 1.914602 * sine(anomaly) + 0.019993 * sine(2 * anomaly) + 0.000289 * sine(3 * anomaly)
    return (mean + centre - 0.00569 - 0.00478 * sine(125.04 - 1934.136 * t)) % 360


def month_start(k: int) -> int:
    """The ordinal of the day, in the city, of new moon `k`."""
    return math.floor(new_moon(k) + CITY_OFFSET - JULIAN_OF_ORDINAL_0)


def major_term(ordinal: int) -> int:
    """Which twelfth of the sun's way the day begins in; the winter solstice begins number 9."""
    return int(sun_longitude(ordinal + JULIAN_OF_ORDINAL_0 - CITY_OFFSET) // 30)


def month_of(ordinal: int) -> int:
    """The new moon `k` that began the month of the day."""
    k = math.floor((ordinal + JULIAN_OF_ORDINAL_0 - 2451550.1) / LUNATION) + 1
    while month_start(k) > ordinal:
        k -= 1
    return k


def month_eleven(year: int) -> int:
    """The new moon that began month 11 of the lunar year, in which the winter solstice of `year` lies."""
    solstice = next(
        day for day in range(date(year, 12, 18).toordinal(), date(year, 12, 26).toordinal()) if major_term(day + 1) == 9
    )
    return month_of(solstice)


def lunar_date(on: date) -> tuple[int, int, bool]:
    """Day, month, and whether it is a leap month."""
    k = month_of(on.toordinal())
    first, last = month_eleven(on.year - 1), month_eleven(on.year)
    if k >= last:
        first, last = last, month_eleven(on.year + 1)
    leap = None
    if last - first == 13:
        leap = next(m for m in range(first + 1, last) if major_term(month_start(m)) == major_term(month_start(m + 1)))
    after_leap = leap is not None and k >= leap
    month = (11 + k - first - after_leap - 1) % 12 + 1
    return on.toordinal() - month_start(k) + 1, month, k == leap
