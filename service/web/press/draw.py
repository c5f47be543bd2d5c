"""The public proof of every draw: what was promised before it, and all that it takes to draw again."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from service.domain.accreditation import Allocation, Rules, reference_of
from service.domain.accreditation.allocation import commitment
from service.usecases.accreditation import draws
from service.usecases.accreditation.draws import Draws
from service.web import accreditation_views as view
from service.web.deps import SessionDep
from service.web.press.access import Reader, reader_of
from service.web.transactions import Transaction
from service.web.views import Option
from service.web.words import word

router = APIRouter(prefix="/press/events", include_in_schema=False, route_class=Transaction)

Number = Annotated[int, Path(ge=1, le=100_000)]
_COLUMNS = (
    "rank",
    "id",
    "class",
    "outlet",
    "role",
    "agency_or_host",
    "submitted_at",
    "submitted_on",
    "outlet_limit",
    "role_limit",
    "place",
)


@router.get("/{event_id}/draw")
async def open_draws(event_id: UUID, request: Request, session: SessionDep) -> Response:
    """Every draw of an event, the latest first; open to all, and without a name."""
    found = await draws.published(session, event_id=event_id)
    reader = reader_of(request)
    return reader.show("press/draw.html", page=_page(reader, found))


@router.get("/{event_id}/draws/{number}.csv")
async def ranks(event_id: UUID, number: Number, session: SessionDep) -> Response:
    """All ranks with what they come of: the input of the draw and its result."""
    found = await draws.published(session, event_id=event_id)
    allocation = draws.of_number(found, number)
    width = len(allocation.criteria)
    keys = [f"key_{one}" for one in allocation.criteria]
    rows = [
        [*(_cell(row[name]) for name in _COLUMNS), *row["key"][:width], row["key"][-1]] for row in allocation.ranking
    ]
    return _csv([*_COLUMNS, *keys, "lot"], rows, f"draw-{number}.csv")


@router.get("/{event_id}/draws/{number}/taken.csv")
async def taken(event_id: UUID, number: Number, session: SessionDep) -> Response:
    """Places that were granted before a draw: they count towards caps and quotas."""
    found = await draws.published(session, event_id=event_id)
    columns = ("outlet", "class", "role", "count")
    rows = [[_cell(row[name]) for name in columns] for row in draws.of_number(found, number).taken]
    return _csv(columns, rows, f"draw-{number}-taken.csv")


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> Response:
    """A table for programs: codes, numbers and instants only, so that no cell can be a formula."""
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow(columns)
    writer.writerows(rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}
    return Response("\ufeff" + kept.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _page(reader: Reader, found: Draws) -> view.DrawPage:
    event = found.event
    numbered = list(enumerate(found.allocations, 1))
    return view.DrawPage(
        title_vi=event.title_vi,
        title_en=event.title_en,
        event_href=f"/press/events/{event.id}",
        commitment=found.plan.draw_commitment,
        criteria=_criteria(reader, found.plan.criteria),
        draws=tuple(_drawn(reader, found, number, one) for number, one in reversed(numbered)),
    )


def _criteria(reader: Reader, criteria: Sequence[str]) -> tuple[str, ...]:
    return tuple(reader.say(word(one, "criterion")) for one in criteria)


def _names(rules: Rules, code: str) -> tuple[str, str]:
    name = next((rule.name for rule in rules.classes if rule.code == code), None)
    return (name.vi, name.en) if name else (code, code)


def _drawn(reader: Reader, found: Draws, number: int, one: Allocation) -> view.Drawn:
    here = f"/press/events/{found.event.id}/draws/{number}"
    language = 1 if reader.language == "en" else 0
    return view.Drawn(
        number=number,
        made_at=one.made_at,
        criteria=_criteria(reader, one.criteria),
        class_order=tuple(Option(code, _names(found.rules, code)[language]) for code in one.class_order),
        caps=tuple(_cap(found.rules, one, code) for code in (*one.class_order, "")),
        seed=one.seed,
        commitment=commitment(one.seed),
        granted=sum(row["place"] == "granted" for row in one.ranking),
        rows=tuple(
            view.DrawnRow(
                rank=row["rank"],
                reference=reference_of(UUID(row["id"])),
                class_vi=_names(found.rules, row["class"])[0],
                class_en=_names(found.rules, row["class"])[1],
                outlet=row["outlet"],
                lot=row["key"][-1],
                place=row["place"],
            )
            for row in one.ranking
        ),
        csv_href=f"{here}.csv",
        taken_csv_href=f"{here}/taken.csv",
    )


def _cap(rules: Rules, one: Allocation, code: str) -> view.CapRow:
    taken_before = sum(row["count"] for row in one.taken if code in ("", row["class"]))
    names = _names(rules, code) if code else ("", "")
    return view.CapRow(*names, one.caps.get(code), taken_before)
