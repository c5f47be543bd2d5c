"""What stands in the address of a page: filters and cursors, empty where a form left them empty."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query

from service.domain.errors import Invalid
from service.domain.texts import tidy
from service.usecases.overview import Leaf, Turn
from service.web.schemas import read_cursor, write_cursor
from service.web.views import Pager

Filter = Annotated[str, Query(max_length=300)]
Cursor = Annotated[str, Query(max_length=500)]
Kind = TypeVar("Kind", bound=StrEnum)
Value = TypeVar("Value")
_DOWN, _UP = "down", "up"
_WAYS = {_DOWN: False, _UP: True}
_YEARS = range(1900, 2200)


def _read(name: str, value: str, read: Callable[[str], Value]) -> Value:
    try:
        return read(value)
    except ValueError as wrong:
        raise Invalid.at(f"/query/{name}", "invalid", name) from wrong


def read_text(name: str, value: str) -> str:
    """One tidy line. Raises Invalid for control characters."""
    return _read(name, value, tidy)


def read_kind(name: str, value: str, kind: type[Kind]) -> Kind | None:
    """One of the words of `kind`, or None. Raises Invalid."""
    return _read(name, value, kind) if value else None


def read_id(name: str, value: str) -> UUID | None:
    """An id, or None. Raises Invalid."""
    return _read(name, value, UUID) if value else None


def read_day(name: str, value: str) -> date | None:
    """An ISO date, or None. Raises Invalid."""
    return _read(name, value, date.fromisoformat) if value else None


def read_month(value: str, today: date) -> date:
    """The first day of a month such as 2026-11, of this month when empty. Raises Invalid."""
    return _read("month", value, _month) if value else today.replace(day=1)


def _month(value: str) -> date:
    first = date.fromisoformat(f"{value}-01")
    if first.year not in _YEARS:
        raise ValueError(value)
    return first


def read_turn(cursor: str, sort: Callable[[str], Value]) -> Turn[Value]:
    """Where the page begins. Raises Invalid `cursor_invalid`."""
    if not cursor:
        return Turn()
    try:
        way, value, row_id = read_cursor(cursor)
        return Turn((sort(value), UUID(row_id)), upwards=_WAYS[way])
    except (ValueError, KeyError) as wrong:
        raise Invalid.at("/query/cursor", "cursor_invalid", "not a cursor of ours") from wrong


def read_cursor_id(cursor: str) -> UUID | None:
    """The row behind which a page begins, of a list that goes one way; None at its top. Raises `cursor_invalid`."""
    if not cursor:
        return None
    try:
        (row_id,) = read_cursor(cursor)
        return UUID(row_id)
    except ValueError as wrong:
        raise Invalid.at("/query/cursor", "cursor_invalid", "not a cursor of ours") from wrong


def pager_of(
    leaf: Leaf[Value], place: Callable[[Value], tuple[str, UUID]], path: str, fragment: str = "", **filters: str
) -> Pager:
    """Links to the pages above and below, with the filters kept."""

    def href(way: str, row: Value) -> str:
        value, row_id = place(row)
        return address(path, fragment, **filters, cursor=write_cursor(way, value, str(row_id)))

    return Pager(
        older_href=href(_DOWN, leaf.rows[-1]) if leaf.below and leaf.rows else None,
        newer_href=href(_UP, leaf.rows[0]) if leaf.above and leaf.rows else None,
    )


def address(path: str, fragment: str = "", **query: str) -> str:
    """`path` with what of `query` is not empty, and the part of the page to go to."""
    kept = urlencode({name: value for name, value in query.items() if value})
    return path + (f"?{kept}" if kept else "") + (f"#{fragment}" if fragment else "")
