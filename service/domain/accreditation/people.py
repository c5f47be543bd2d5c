"""Press organisations and journalists: registries that everything else points at by id."""

from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint

from service.domain.base import UUID, Field, Row, choice, date, datetime, day, instant, key, reference, text, texts


class OutletKind(StrEnum):
    PRINT = "print"
    ONLINE = "online"
    RADIO = "radio"
    TELEVISION = "television"
    AGENCY = "agency"
    MAGAZINE = "magazine"
    FREELANCE = "freelance"


class Outlet(Row, table=True):
    """A press organisation; journalists point at it by id, never by free text.

    One that was merged into another stays, so that what was written under its name can still be read.
    """

    id: UUID = key()
    name: str = text()
    folded: str = text(unique=True)
    kind: OutletKind = choice(OutletKind, "kind")
    country: str = Field(default="VN", max_length=2)
    languages: list[str] = texts()
    host_broadcaster: bool = False
    merged_into_id: UUID | None = reference("outlet.id", default=None)
    created_at: datetime = instant()


class OutletAlias(Row, table=True):
    """Another name of an outlet: a former one, an abbreviation, that of an outlet merged into it."""

    id: UUID = key()
    outlet_id: UUID = reference("outlet.id")
    name: str = text()
    folded: str = text(unique=True)
    created_at: datetime = instant()


class MediaRole(StrEnum):
    WRITER = "writer"
    PHOTOGRAPHER = "photographer"
    CAMERA = "camera"
    TECHNICIAN = "technician"


class Journalist(Row, table=True):
    """A journalist's one profile; the press-card number is sealed, and found again by its keyed hash.

    `full_name` stands in the order of its owner's language (Vietnamese: family name first); `passport_line` is
    what a passport's machine-readable zone says, FAMILY<<GIVEN<NAMES, without accents (ICAO Doc 9303).
    `password_hash` empty: signs in by mail link only. `press_card_hash` empty: no press card was named.
    """

    id: UUID = key()
    outlet_id: UUID = reference("outlet.id")
    full_name: str = text()
    folded: str = text()
    passport_line: str = text(default="")
    email: str = text(unique=True)
    phone: str = text(default="")
    password_hash: str = text(default="")
    press_card_sealed: bytes = b""
    press_card_hash: bytes = Field(default=b"", index=True)
    press_card_expires_on: date | None = day(default=None)
    language: str = Field(default="vi", max_length=2)
    created_at: datetime = instant()


class FocalPoint(Row, table=True):
    """A journalist whom the office knows as the one who applies for their outlet's people."""

    __table_args__ = (
        Index("uq_focal_point_living", "outlet_id", "journalist_id", unique=True, postgresql_where="ended_at IS NULL"),
    )

    id: UUID = key()
    outlet_id: UUID = reference("outlet.id", index=False)
    journalist_id: UUID = reference("journalist.id")
    named_by_id: UUID = reference("staff.id", index=False)
    named_at: datetime = instant()
    ended_at: datetime | None = instant(default=None)


class SignInLink(Row, table=True):
    """A link that signs its reader in once; the link itself is made of this row's id, never kept.

    Without `journalist_id` it proves an address from which no profile has been made yet.
    """

    id: UUID = key()
    email: str = text(index=True)
    journalist_id: UUID | None = reference("journalist.id", default=None)
    language: str = Field(max_length=2)
    next_path: str = text(default="")
    created_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)


class ConsentPurpose(StrEnum):
    """What a journalist may agree to, each by itself; the first is what an application cannot do without."""

    ACCREDITATION = "accreditation"
    PORTRAIT_ON_BADGE = "portrait_on_badge"
    PRESS_NEWS = "press_news"


CONSENT_VERSION = "press-2"
"""The version of the texts in web/consents.py that are shown now."""


class Consent(Row, table=True):
    """One purpose that a journalist agreed to, under which text, and when they took it back."""

    __table_args__ = (UniqueConstraint("journalist_id", "purpose", "given_at"),)

    id: UUID = key()
    journalist_id: UUID = reference("journalist.id", index=False)
    purpose: ConsentPurpose = choice(ConsentPurpose, "purpose")
    text_version: str = text()
    given_at: datetime = instant()
    withdrawn_at: datetime | None = instant(default=None)
