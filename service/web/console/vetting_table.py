"""A list for vetting as a file: Vietnamese headings, machine names under them, every value as text."""

from dataclasses import replace
from datetime import datetime

from fastapi import Response

from service.domain.accreditation.vetting import ASKED_BACK, BEFORE, NAMES
from service.domain.localtime import local_day
from service.store import tables
from service.usecases.accreditation.vetting import VettingList
from service.web.console.access import Visit
from service.web.console.field_values import field_text
from service.web.words import WORDS, word

HEADINGS = 2
_TITLE = "Xin ý kiến"
_KINDS = {"csv": tables.CSV, "xlsx": tables.XLSX}


def list_file(visit: Visit, found: VettingList, *, kind: str, now: datetime) -> Response:
    """The list to take along, as `csv` or `xlsx`."""
    rows = table_of(visit, found)
    content = tables.write_csv(rows) if kind == "csv" else tables.write_xlsx(rows, title=_TITLE, headings=HEADINGS)
    name = f"xin-y-kien-{found.authority.replace('_', '-')}-{local_day(now).isoformat()}.{kind}"
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=_KINDS[kind])


def table_of(visit: Visit, found: VettingList) -> list[list[str]]:
    """Headings, machine names, and a row for each application."""
    # Whoever reads the page in English still takes along a list for an office that works in Vietnamese.
    vietnamese = replace(visit, language="vi")
    names = NAMES if any(row.names for row in found.rows) else ()
    columns = (*BEFORE, *_first(found.fields), *names, *_others(found.fields), *ASKED_BACK)
    table = [[_heading(vietnamese, one) for one in columns], list(columns)]
    for row in found.rows:
        values = {"application_id": str(row.id), "reference": row.reference}
        values |= dict(zip(NAMES, row.names or ("", ""), strict=True))
        values |= {code: field_text(vietnamese, code, value, {}) for code, value in row.fields.items()}
        table.append([values.get(one, "") for one in columns])
    return table


def _first(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in fields if one == "passport_line")


def _others(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in fields if one != "passport_line")


def _heading(visit: Visit, code: str) -> str:
    return visit.say(word(code, "vetting_column" if code in WORDS["vetting_column"] else "field"))
