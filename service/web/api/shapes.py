"""What answers refer to, in short."""

from uuid import UUID

from service.web.schemas import Out


class NamedOut(Out):
    """An organisation, a programme or a venue in short."""

    id: UUID
    name_vi: str
    name_en: str


class UnitShortOut(Out):
    """A unit in short; its code alone names different units at different times."""

    id: UUID
    code: str
    name_vi: str
    name_en: str
