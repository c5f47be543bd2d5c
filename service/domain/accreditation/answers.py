"""What an application asks: every field by its code, so that rules can name who sees it and who must look again."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from service.domain.accreditation.evidence import EvidenceKind
from service.domain.texts import fold, tidy

FILE = "file:"
"""What stands before a kind of evidence where it is named as a field."""


@dataclass(frozen=True)
class AnswerField:
    """One field. `kind`: text, lines, year, day, country, days, identity. `most`: the longest text, in characters."""

    code: str
    kind: str
    most: int = 300


PROFILE_FIELDS = (
    "full_name",
    "passport_line",
    "outlet",
    "email",
    "phone",
    "press_card_number",
    "press_card_expires_on",
)
"""Fields that every application has from the journalist's profile."""

CORE_FIELDS = ("media_role", "zones_wanted", "note")
"""Fields that every application asks itself."""

ASKED: dict[str, AnswerField] = {
    one.code: one
    for one in (
        AnswerField("pen_name", "text", 100),
        AnswerField("birth_year", "year"),
        AnswerField("nationality", "country"),
        AnswerField("identity_number", "identity", 30),
        AnswerField("assignment", "lines", 1000),
        AnswerField("days_wanted", "days"),
        AnswerField("arrives_on", "day"),
        AnswerField("equipment", "lines", 2000),
        AnswerField("frequencies", "text", 300),
        AnswerField("vehicle", "text", 100),
    )
}
"""Fields that a class may ask for besides; nothing on ethnicity, religion or party is among them on purpose
(sensitive data: Law 91/2025/QH15)."""

FIELDS = frozenset(PROFILE_FIELDS + CORE_FIELDS) | ASKED.keys() | {FILE + kind for kind in EvidenceKind}
"""Everything that a rule may name as seen."""

SECRET = frozenset({"press_card_number", "identity_number"})
"""Fields that are kept sealed."""


def changed(before: dict[str, Any], after: dict[str, Any]) -> frozenset[str]:
    """The codes of the fields that differ; one that is missing is as good as an empty one."""
    names = before.keys() | after.keys()
    return frozenset(name for name in names if (before.get(name) or None) != (after.get(name) or None))


_YEARS = range(1900, 2101)
_SHORTEST_IDENTITY = 5


def read_answer(field: AnswerField, value: Any) -> Any:
    """An answer as it is kept; None when it is empty.

    `value` is text, for `days` a list of ISO dates. Raises ValueError, whose message is a code: `too_long`,
    `unreadable`, `not_a_year`, `not_a_country`, `not_a_day`, `not_an_identity`.
    """
    if field.kind == "days":
        return sorted({_day(one) for one in value}) or None
    text = _tidy(value, lines=field.kind == "lines")
    if not text:
        return None
    if len(text) > field.most:
        raise ValueError("too_long")
    return _READERS.get(field.kind, str)(text)


def _tidy(value: Any, *, lines: bool) -> str:
    try:
        return tidy(str(value or ""), lines=lines)
    except ValueError:
        raise ValueError("unreadable") from None


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError("not_a_day") from None


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) in _YEARS):
        raise ValueError("not_a_year")
    return int(text)


def _country(text: str) -> str:
    if not (len(text) == 2 and text.isascii() and text.isalpha()):  # noqa: PLR2004 (ISO 3166-1 alpha-2)
        raise ValueError("not_a_country")
    return text.upper()


def _identity(text: str) -> str:
    """An identity or passport number as it is compared: capitals, without spaces and hyphens."""
    plain = "".join(letter for letter in text.upper() if letter.isalnum())
    if not (plain.isascii() and len(plain) >= _SHORTEST_IDENTITY):
        raise ValueError("not_an_identity")
    return plain


_READERS = {"year": _year, "country": _country, "day": _day, "identity": _identity}


def passport_line(family_name: str, given_names: str) -> str:
    """FAMILY<<GIVEN<NAMES as in the machine-readable zone of a passport, without accents (ICAO Doc 9303, part 3)."""
    return f"{_plain_name(family_name)}<<{_plain_name(given_names)}".strip("<")


def _plain_name(name: str) -> str:
    words = "".join(letter if letter.isalpha() else " " for letter in fold(name).upper()).split()
    return "<".join(word for word in words if word.isascii())


def both_orders(line: str) -> tuple[str, str]:
    """A passport line with the family name first, and with the given names first; both without accents."""
    family, _, given = line.partition("<<")
    names = [part.replace("<", " ").strip() for part in (family, given)]
    return " ".join(filter(None, names)), " ".join(filter(None, reversed(names)))
