"""The calendar of the years that are packaged with the service."""

from functools import cache
from importlib import resources

from service.domain.working_days.calendar import Calendar
from service.domain.working_days.days import read_sources, read_year

_FILES = resources.files("service.domain.working_days")


@cache
def load_calendar() -> Calendar:
    """The packaged years, one file each; read once."""
    sources = read_sources(_FILES.joinpath("sources.csv").read_text("utf-8"))
    years = {
        int(file.name.removesuffix(".csv")): file.read_text("utf-8")
        for file in _FILES.joinpath("years").iterdir()
        if file.name.endswith(".csv")
    }
    return Calendar({year: read_year(year, text, sources) for year, text in sorted(years.items())})
