"""What is sent and answered about passes."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, EmailStr, Field, StringConstraints

from service.domain.passes import BadgeState, Category, EntryPass, PassState
from service.settings import Settings
from service.store.vault import Vault
from service.usecases import holders
from service.web.schemas import Day, DayTime, In, Instant, Line, Name, Out, ZoneCode, left_out

ClassCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
"""The code of a class of passes: small letters, digits, underscores."""
Zones = Annotated[list[ZoneCode], Field(min_length=1, max_length=50)]
Days = Annotated[list[Day], Field(min_length=1, max_length=400)]
Heads = Annotated[int, Field(ge=1, le=1000)]


class PassBody(In):
    """A pass without an application. Validity left out: the whole event.

    With `valid_days` it is a day pass, without them a standing one; `daily_from` and `daily_to` limit the hours of
    each day. `heads`: m of a group voucher n of m, which names its leader only. `native_name`: the name in the
    holder's own script. The holder is told by mail when `holder_email` is given.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "holder_name": "Trường THCS Hải Âu (cô Mai)",
                "organisation_name": "Trường THCS Hải Âu",
                "category": "pupil",
                "zones": ["A"],
                "heads": 40,
            }
        }
    )

    holder_name: Name
    organisation_name: Line = ""
    category: Category
    zones: Zones
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    valid_days: Days | None = None
    daily_from: DayTime | None = None
    daily_to: DayTime | None = None
    heads: Heads = 1
    attention: Line = ""
    native_name: Line = ""
    holder_email: EmailStr | None = None
    language: Literal["vi", "en"] = "vi"
    class_code: ClassCode | None = None


class GroundBody(In):
    """Why, and on whose authority: door staff see both."""

    model_config = ConfigDict(json_schema_extra={"example": {"ground": "Thẻ bị báo mất", "authority": "Ban tổ chức"}})

    ground: Name
    authority: Line = ""


class ReplaceBody(GroundBody):
    """Why a new pass takes the place of this one, and what it says differently; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"ground": "Thêm khu B theo quyết định", "authority": "Ban tổ chức", "zones": ["A"]}
        }
    )

    holder_name: Name = left_out()
    native_name: Line = left_out()
    organisation_name: Line = left_out()
    zones: Zones = left_out()
    valid_from: Instant = left_out()
    valid_until: Instant = left_out()
    valid_days: Days | None = left_out()
    daily_from: DayTime | None = left_out()
    daily_to: DayTime | None = left_out()
    heads: Heads = left_out()
    attention: Line = left_out()
    class_code: ClassCode | None = left_out()

    def changes(self) -> dict[str, Any]:
        """What was sent, as fields of a wish."""
        sent = self.model_dump(exclude_unset=True, exclude={"ground", "authority"})
        return as_wish(sent)


def as_wish(sent: dict[str, Any]) -> dict[str, Any]:
    """Fields of a body as those of a wish: tuples, days in order, no class as the empty one."""
    wish = dict(sent)
    if "zones" in wish:
        wish["zones"] = tuple(wish["zones"])
    if wish.get("valid_days") is not None:
        wish["valid_days"] = tuple(sorted(set(wish["valid_days"])))
    for name in wish.keys() & {"class_code", "holder_email"}:
        wish[name] = wish[name] or ""
    return wish


class PassRow(Out):
    """A pass as lists show it."""

    id: UUID
    event_id: UUID
    serial: str
    application_id: UUID | None
    version: int
    replaces_id: UUID | None
    holder_name: str
    native_name: str
    organisation_name: str
    category: Category
    class_code: str
    zones: list[str]
    valid_from: datetime
    valid_until: datetime
    valid_days: list[date] | None
    daily_from: time | None
    daily_to: time | None
    heads: int
    attention: str
    state: PassState
    state_ground: str
    state_authority: str
    state_at: datetime
    list_version: int
    human_code: str
    issued_at: datetime
    badge: BadgeState


class PassOut(PassRow):
    """A pass with its code and the holder's own page: whoever holds either may enter."""

    code: str
    link: str


def shown(entry_pass: EntryPass, vault: Vault, settings: Settings) -> PassOut:
    """A pass with what only few are shown."""
    link = holders.link_of(entry_pass.id, vault=vault, base_url=settings.base_url)
    return PassOut.model_validate({**entry_pass.model_dump(), "link": link})
