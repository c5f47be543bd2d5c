"""All tables in one import: what Alembic compares and what the store may ask for."""

from sqlmodel import SQLModel

from service.domain import (  # noqa: F401 (importing a module registers its tables)
    accounts,
    accreditation,
    attendance,
    audit,
    badges,
    door,
    events,
    files,
    messages,
    passes,
    places,
)

metadata = SQLModel.metadata
