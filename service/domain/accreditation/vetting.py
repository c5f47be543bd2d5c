"""Vetting by lists: what a table of applications holds for an authority, and how its verdicts are read back.

An authority that checks names in a system of its own takes a table with it and sends it back with verdicts. Rows are
known by the application's id alone: names in a table that comes back are never used to find anybody.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from service.domain.accreditation.answers import both_orders, passport_line
from service.domain.accreditation.reviews import VerdictKind
from service.domain.texts import fold, tidy

ID = "application_id"
BEFORE = (ID, "reference")
NAMES = ("name_family_first", "name_given_first")
"""Names without accents, in both orders: a search that knows only one order misses people."""
ASKED_BACK = ("verdict", "ground", "zones", "days")
"""The columns that come empty and are filled in."""
_MOST_GROUND = 2000
_HEADING_WITHIN = 5
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_BETWEEN = re.compile(r"[,;\s]+")

_WORDS: dict[VerdictKind, tuple[str, ...]] = {
    VerdictKind.APPROVE: ("đồng ý", "chấp thuận", "duyệt", "approve", "approved", "yes"),
    VerdictKind.CONDITIONS: (
        *("đồng ý có điều kiện", "chấp thuận có điều kiện", "duyệt có điều kiện", "có điều kiện"),
        *("conditions", "approve with conditions", "approved with conditions"),
    ),
    VerdictKind.REJECT: ("từ chối", "không đồng ý", "không chấp thuận", "không duyệt", "reject", "rejected", "no"),
    VerdictKind.ASK: ("yêu cầu bổ sung", "bổ sung", "hỏi thêm", "ask", "ask for information"),
    VerdictKind.ABSTAIN: ("không tham gia", "abstain", "step back"),
}
VERDICT_WORDS = {fold(one): kind for kind, words in _WORDS.items() for one in words}
"""What may stand in the column of verdicts, accents and case aside."""
NEED_GROUND = frozenset(VerdictKind) - {VerdictKind.APPROVE}


def both_names(line: str, full_name: str, *, family_first: bool) -> tuple[str, str]:
    """A name without accents with the family name first, and with the given names first.

    From the passport's line; where there is none, from the full name, whose first word is the family name, or else
    its last one.
    """
    words = full_name.split()
    if not line and words:
        family = words[0] if family_first else words[-1]
        given = words[1:] if family_first else words[:-1]
        line = passport_line(family, " ".join(given))
    return both_orders(line)


@dataclass(frozen=True)
class VettingAnswer:
    """One row that came back: its number in the table, from 1, and what was read of it.

    `fault` says why it can't be taken: `bad_id`, `twice`, `unreadable`, `no_verdict`, `unknown_verdict`,
    `no_ground`, `long_ground`, `no_conditions`, `conditions_without`, `bad_days`.
    """

    row: int
    id: UUID | None = None
    kind: VerdictKind | None = None
    ground: str = ""
    zones: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    fault: str = ""


def read_answers(table: Sequence[Sequence[str]]) -> tuple[list[VettingAnswer], int]:
    """The rows of a table that came back, and how many were left without a verdict.

    Raises ValueError when no row near its top names the columns.
    """
    top, places = _heading(table)
    answers, empty = [], 0
    for number, cells in enumerate(table[top + 1 :], top + 2):
        found = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        if not any(found.get(name, "").strip() for name in ASKED_BACK):
            empty += bool(found[ID].strip())
        else:
            answers.append(_read(number, found))
    seen = Counter(one.id for one in answers if one.id is not None)
    twice = {one for one, times in seen.items() if times > 1}
    return [replace(one, fault="twice") if one.id in twice else one for one in answers], empty


def _heading(table: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    for number, cells in enumerate(table[:_HEADING_WITHIN]):
        names = [cell.strip().lower() for cell in cells]
        if ID in names and "verdict" in names:
            return number, {name: names.index(name) for name in (ID, *ASKED_BACK) if name in names}
    raise ValueError("no_columns")


def _read(number: int, cells: dict[str, str]) -> VettingAnswer:
    try:
        found = VettingAnswer(number, id=UUID(cells[ID].strip()))
    except ValueError:
        return VettingAnswer(number, fault="bad_id")
    try:
        word, ground = fold(tidy(cells["verdict"])), tidy(cells.get("ground", ""), lines=True)
        zones, days = tidy(cells.get("zones", "")), tidy(cells.get("days", ""))
    except ValueError:
        return replace(found, fault="unreadable")
    if not word:
        return replace(found, fault="no_verdict")
    kind = VERDICT_WORDS.get(word)
    if kind is None:
        return replace(found, fault="unknown_verdict")
    found = replace(found, kind=kind, ground=ground, zones=tuple(filter(None, _BETWEEN.split(zones))))
    try:
        found = replace(found, days=tuple(_day(one) for one in _BETWEEN.split(days) if one))
    except ValueError:
        return replace(found, fault="bad_days")
    return replace(found, fault=_fault(found))


def _fault(answer: VettingAnswer) -> str:
    if answer.kind in NEED_GROUND and not answer.ground:
        return "no_ground"
    if len(answer.ground) > _MOST_GROUND:
        return "long_ground"
    has_conditions = bool(answer.zones or answer.days)
    if answer.kind is VerdictKind.CONDITIONS:
        return "" if has_conditions else "no_conditions"
    return "conditions_without" if has_conditions else ""


def _day(text: str) -> date:
    written = _DAY.fullmatch(text)
    return date(*map(int, reversed(written.groups()))) if written else date.fromisoformat(text)
