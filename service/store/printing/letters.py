"""Letters to applicants who were refused, put on the waiting list or lost their accreditation: official letters, A4."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from service.store.printing.typesetting import typeset_pdf, typeset_png

_SOURCE = Path(__file__).parent / "templates" / "letter.typ"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. `about`: what was decided. `reason` stands in the applicant's language.

    `foreign`: English stands under the Vietnamese. `appeal_days` 0: nothing to appeal against; `appeal_on` none: the
    last day can't be said.
    """

    organisation: str
    event_vi: str
    event_en: str
    about: Literal["rejected", "waitlisted", "revoked"]
    dated_on: date
    name: str
    outlet: str
    class_vi: str
    class_en: str
    reference: str
    applied_on: date | None
    reason: str
    foreign: bool
    appeal_days: int
    appeal_on: date | None
    contact: str


async def render_letters(letters: Sequence[Letter], *, now: datetime) -> bytes:
    """The letters as one tagged PDF, each on a page of its own."""
    return await typeset_pdf(_files(letters), main="letter.typ", now=now, tagged=True)


async def render_letter_pictures(letters: Sequence[Letter], *, now: datetime, ppi: int) -> list[bytes]:
    """Their pages as PNG pictures of `ppi` dots an inch."""
    return await typeset_png(_files(letters), main="letter.typ", now=now, ppi=ppi)


def _files(letters: Sequence[Letter]) -> dict[str, bytes]:
    rows = [
        asdict(one)
        | {
            # As Decree 30/2020/NĐ-CP writes days: a nought before 1 to 9, and before the months 1 and 2.
            "day": f"{one.dated_on:%d}",
            "month": f"{one.dated_on:%m}" if one.dated_on.month <= 2 else str(one.dated_on.month),  # noqa: PLR2004
            "year": str(one.dated_on.year),
            "dated_on": f"{one.dated_on:%d/%m/%Y}",
            "applied_on": f"{one.applied_on:%d/%m/%Y}" if one.applied_on else "",
            "appeal_on": f"{one.appeal_on:%d/%m/%Y}" if one.appeal_on else "",
            "reason": one.reason.split("\n"),
        }
        for one in letters
    ]
    return {"letter.typ": _SOURCE.read_bytes(), "data.json": json.dumps(rows, ensure_ascii=False).encode()}
