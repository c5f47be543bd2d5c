"""The ground of what comes in and goes out: strict input, tidy text, pages of lists with opaque cursors."""

import json
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from service.domain.errors import Invalid
from service.domain.texts import tidy
from service.store import base64url

Item = TypeVar("Item")
Date = TypeVar("Date", bound=date)
LIMIT = 200
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


class In(BaseModel):
    """What is sent to us: unknown fields are refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Out(BaseModel):
    """What we answer: every field is always there."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


def _line(value: str) -> str:
    return tidy(value)


def _lines(value: str) -> str:
    return tidy(value, lines=True)


def _in_reach(value: Date) -> Date:
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError(f"a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return value


def _in_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


def _on_the_citys_clock(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("a time of day in the city, without an offset")
    return value


def left_out() -> Any:
    """The default of a field that a change may leave out; only what is sent counts (`exclude_unset`).

    Null stays refused where the field's type refuses it, and OpenAPI shows no default.
    """
    return Field(default_factory=lambda: None)


Name = Annotated[str, AfterValidator(_line), StringConstraints(min_length=1, max_length=300)]
"""One line of text that must be there; NFC, single spaces, no control characters."""
Line = Annotated[str, AfterValidator(_line), StringConstraints(max_length=500)]
"""One line of text that may be empty."""
Text = Annotated[str, AfterValidator(_lines), StringConstraints(max_length=10_000)]
"""Text with line breaks that may be empty."""
Instant = Annotated[
    AwareDatetime, AfterValidator(_in_reach), AfterValidator(_in_utc), Field(examples=["2026-11-23T09:30:00+07:00"])
]
"""A moment with its offset, kept in UTC; a naive time is refused, for nobody knows when it is."""
Day = Annotated[date, AfterValidator(_in_reach), Field(examples=["2026-11-23"])]
"""A day in the city. Years far off are slips of the pen, and arithmetic with them overflows."""
DayTime = Annotated[time, AfterValidator(_on_the_citys_clock), Field(examples=["08:00"])]
"""A time of day in the city."""
Search = Annotated[
    str, AfterValidator(_line), Query(max_length=100, description="With accents or without, in any case")
]
"""What is looked for in names."""
Count = Annotated[int, Field(ge=0, le=10_000_000)]
ZoneCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,4}$")]
"""A zone's code, as badges show it: one to four capital letters or digits."""


class Page(BaseModel, Generic[Item]):
    """One page of a list; `next` is the cursor of the page after it, or null at the end."""

    items: list[Item]
    next: str | None


class Paging(BaseModel):
    """How much of a list is wanted, and after which item."""

    limit: int
    after: list[Any] | None

    def uuid(self) -> UUID | None:
        """The cursor of a list that is ordered by id alone."""
        if self.after is None:
            return None
        try:
            return UUID(self.after[0])
        except (ValueError, TypeError, AttributeError, IndexError) as wrong:
            raise Invalid.at("/query/cursor", "cursor_invalid", "not a cursor of ours") from wrong


async def _paging(
    limit: Annotated[int, Query(ge=1, le=LIMIT, description="Items on a page")] = 50,
    cursor: Annotated[str | None, Query(max_length=500, description="`next` of the page before")] = None,
) -> Paging:
    return Paging(limit=limit, after=None if cursor is None else read_cursor(cursor))


PagingDep = Annotated[Paging, Depends(_paging)]


def write_cursor(*values: str) -> str:
    """An opaque cursor that holds the sort values of the last item of a page."""
    return base64url.encode(json.dumps(values).encode())


def read_cursor(cursor: str) -> list[str]:
    """What `write_cursor` was given. Raises Invalid `cursor_invalid` for anything else."""
    try:
        values = json.loads(base64url.decode(cursor))
    except ValueError as wrong:
        raise Invalid.at("/query/cursor", "cursor_invalid", "not a cursor of ours") from wrong
    if (
        not isinstance(values, list)
        or not values
        or not all(isinstance(one, str) and one.isprintable() for one in values)
    ):
        raise Invalid.at("/query/cursor", "cursor_invalid", "not a cursor of ours")
    return values


def _by_id(row: Any) -> tuple[str, ...]:
    return (str(row.id),)


def page_of(rows: list[Any], limit: int, shape: type[Item], *, cursor: Any = _by_id) -> Page[Item]:
    """A page from up to `limit` + 1 rows: the one too many only tells that there is a next page.

    `shape` is the class of the items (built from a row's attributes); `cursor` gives a row's sort values.
    """
    kept = rows[:limit]
    more = len(rows) > limit
    items = [shape.model_validate(row) for row in kept]  # type: ignore[attr-defined]
    return Page[Item](items=items, next=write_cursor(*cursor(kept[-1])) if more else None)
