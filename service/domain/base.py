"""What every table shares: names of constraints, ids, column types."""

import re
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import CheckConstraint, Date, DateTime, Enum, Text, Time
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): unique, and in the order of its making, so that indexes grow at one end."""
    return uuid_utils.compat.uuid7()


class Row(SQLModel):
    """The base of all tables; the table's name is the class's name in snake_case.

    `table=True` classes do not validate: build rows with `Model.model_validate(...)`.
    """

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 (a declared attribute is a class method)
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


def key(**options: Any) -> Any:
    """A primary key that is a UUIDv7 made in Python."""
    return Field(default_factory=new_id, primary_key=True, **options)


def reference(target: str, *, index: bool = True, **options: Any) -> Any:
    """A foreign key, indexed unless a longer index covers it."""
    return Field(foreign_key=target, index=index, **options)


def choice(kind: type[StrEnum], name: str, **options: Any) -> Any:
    """A text column that holds one of the enum's values, kept by a CHECK named `name`."""
    return Field(
        sa_type=Enum(
            kind,
            native_enum=False,
            create_constraint=True,
            name=name,
            length=40,
            values_callable=lambda members: [member.value for member in members],
        ),
        **options,
    )


def instant(**options: Any) -> Any:
    """An aware moment in UTC; its column's name ends in `_at`."""
    return Field(sa_type=DateTime(timezone=True), **options)


def day(**options: Any) -> Any:
    """A local date in Asia/Ho_Chi_Minh; its column's name ends in `_on`."""
    return Field(sa_type=Date, **options)


def clock(**options: Any) -> Any:
    """A local time of day in Asia/Ho_Chi_Minh."""
    return Field(sa_type=Time, **options)


def text(**options: Any) -> Any:
    """Text of any length, in NFC."""
    return Field(sa_type=Text, **options)


def texts(**options: Any) -> Any:
    """A list of short texts."""
    return Field(sa_type=ARRAY(Text), default_factory=list, **options)


def days(**options: Any) -> Any:
    """A list of local dates, or none for every day."""
    return Field(sa_type=ARRAY(Date), default=None, nullable=True, **options)


def document(**options: Any) -> Any:
    """A JSON value."""
    return Field(sa_type=JSONB, **options)


def rule(condition: str, name: str) -> CheckConstraint:
    """A CHECK that the database keeps whoever writes."""
    return CheckConstraint(condition, name=name)


__all__ = [
    "UUID",
    "Field",
    "Row",
    "StrEnum",
    "choice",
    "clock",
    "date",
    "datetime",
    "day",
    "days",
    "document",
    "instant",
    "key",
    "new_id",
    "reference",
    "rule",
    "text",
    "texts",
    "time",
]
