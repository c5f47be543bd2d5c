"""Countries and territories by their ISO 3166-1 code, in the reader's language."""

from functools import cache

from babel import Locale

from service.domain.texts import fold
from service.web.views import Option


@cache
def country_options(language: str) -> tuple[Option, ...]:
    """All of them by name, Viet Nam first."""
    named = {str(code): str(name) for code, name in Locale(language).territories.items()}
    # CLDR also names continents (by number) and groups that are no country.
    codes = [code for code in named if len(code) == 2 and code not in _NO_COUNTRIES]  # noqa: PLR2004 (ISO 3166-1)
    ordered = sorted(codes, key=lambda code: (code != "VN", fold(named[code])))
    return tuple(Option(code, named[code]) for code in ordered)


_NO_COUNTRIES = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
