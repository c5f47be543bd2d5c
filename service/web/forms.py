"""What was typed into a form: read field by field, so that the form can come back with all of it."""

import re
from collections.abc import AsyncIterator
from datetime import date, time
from enum import StrEnum
from typing import Annotated, ClassVar, Protocol, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from pydantic import EmailStr, TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSessionTransaction
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData, UploadFile

from service.domain.errors import Invalid
from service.domain.texts import tidy
from service.web.views import FieldError
from service.web.words import N_

Kind = TypeVar("Kind", bound=StrEnum)

UNREADABLE = N_("Take out the characters that cannot be shown")
_TOO_LONG = N_("Write at most %(number)s characters")
_NO_EMAIL = N_("Write an e-mail address such as name@example.vn")
_NO_DAY = N_("Write a day such as 23/11/2026")
_NO_TIME = N_("Write a time such as 08:00")
_LONGEST_EMAIL = 254
_EMAIL: TypeAdapter[str] = TypeAdapter(EmailStr)
_YEARS = range(1900, 2201)
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


class Form:
    """A form as it was sent; a field that is missing is an empty one."""

    EMPTY: ClassVar["Form"]

    def __init__(self, data: FormData) -> None:
        self._data = data

    def one(self, name: str) -> str:
        """The text of a field, as it was typed."""
        value = self._data.get(name, "")
        return value if isinstance(value, str) else ""

    def many(self, name: str) -> tuple[str, ...]:
        """The values of a group of checkboxes that were ticked."""
        return tuple(value for value in self._data.getlist(name) if isinstance(value, str))

    async def file(self, name: str) -> bytes:
        """The content of a file; empty when none was chosen."""
        value = self._data.get(name)
        return await value.read() if isinstance(value, UploadFile) else b""

    def file_name(self, name: str) -> str:
        """What the sender calls a file; empty when none was chosen."""
        value = self._data.get(name)
        return (value.filename or "") if isinstance(value, UploadFile) else ""

    def kind(self, name: str, kind: type[Kind]) -> Kind:
        """A choice of a select, which no reader can get wrong. Raises Invalid for anything else."""
        try:
            return kind(self.one(name))
        except ValueError as wrong:
            raise Invalid.at(f"/{name}", "invalid", name) from wrong

    def id(self, name: str) -> UUID:
        """An id that the page put in. Raises Invalid for anything else."""
        return _id(name, self.one(name))

    def ids(self, name: str) -> list[UUID]:
        """The ids of what was ticked. Raises Invalid for anything else."""
        return [_id(name, value) for value in self.many(name)]


Form.EMPTY = Form(FormData())


def _id(name: str, value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError as wrong:
        raise Invalid.at(f"/{name}", "invalid", name) from wrong


async def _form(request: Request) -> AsyncIterator[Form]:
    async with request.form() as data:
        yield Form(data)


FormDep = Annotated[Form, Depends(_form)]


class Reader(Protocol):
    """Whoever filled in the form: what they are told, they are told in their language."""

    def say(self, message: str, **values: object) -> str:
        """A msgid in the reader's language."""

    def number(self, value: int) -> str:
        """A number as the reader's language writes it."""


class Checked:
    """Reads the fields of a form and gathers what is wrong with them, in the reader's words."""

    def __init__(self, visit: Reader, form: Form) -> None:
        self.form = form
        self.errors: list[FieldError] = []
        self._visit = visit

    def wrong(self, field: str, message: str, **values: object) -> None:
        """Notes what to do about a field; no field: about the whole form."""
        self.errors.append(FieldError(field, self._visit.say(message, **values)))

    def text(self, name: str, *, wanted: str = "", most: int = 500, lines: bool = False) -> str:
        """Tidy text; `wanted` is what to tell when it is empty."""
        try:
            value = tidy(self.form.one(name), lines=lines)
        except ValueError:
            self.wrong(name, UNREADABLE)
            return ""
        if wanted and not value:
            self.wrong(name, wanted)
        if len(value) > most:
            self.wrong(name, _TOO_LONG, number=self._visit.number(most))
        return value

    def email(self, name: str) -> str:
        """An e-mail address, or nothing."""
        value = self.text(name, most=_LONGEST_EMAIL)
        if not value:
            return ""
        try:
            return _EMAIL.validate_python(value)
        except ValidationError:
            self.wrong(name, _NO_EMAIL)
            return ""

    def day(self, name: str, *, wanted: str = "") -> date | None:
        """A day, as the browser's own field sends it or as people write it."""
        value = self.text(name, wanted=wanted)
        if not value:
            return None
        written = _DAY.fullmatch(value)
        try:
            day = date(*map(int, reversed(written.groups()))) if written else date.fromisoformat(value)
        except ValueError:
            day = None
        if day is None or day.year not in _YEARS:
            self.wrong(name, _NO_DAY)
            return None
        return day

    def day_time(self, name: str) -> time | None:
        """A time of day, or none."""
        value = self.text(name)
        if not value:
            return None
        try:
            found = time.fromisoformat(value)
        except ValueError:
            found = None
        if found is None or found.tzinfo is not None:
            self.wrong(name, _NO_TIME)
            return None
        return found.replace(second=0, microsecond=0)


def attempt(session: AsyncSession) -> AsyncSessionTransaction:
    """What is done inside is kept whole, or not at all when it is refused: the form may then come back.

    A refusal that isn't caught keeps nothing anyway; one that becomes a page would keep what was written before it.
    """
    return session.begin_nested()
