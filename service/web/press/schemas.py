"""What journalists send and what they are told."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, EmailStr, Field, SecretStr, StringConstraints, model_validator

from service.domain.accreditation import ApplicationState, MediaRole, OutletKind
from service.domain.passes import PassState
from service.web.schemas import In, Name, Out, Text, ZoneCode


class OutletBody(In):
    """Your press organisation; one of the same name is found, accents and case aside."""

    name: Name
    kind: OutletKind
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "VN"


class RegisterBody(In):
    """One profile for all events. `consent` is yours to give: it is asked for by itself and never assumed."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "full_name": "Nguyễn Thị Biển",
                "email": "bien@toasoan.example",
                "password": "một câu dài dễ nhớ",
                "outlet": {"name": "Báo Sóng Xanh", "kind": "print", "country": "VN"},
                "press_card_number": "000123",
                "press_card_expires_on": "2030-12-31",
                "consent": True,
            }
        }
    )

    full_name: Name
    email: Annotated[EmailStr, StringConstraints(max_length=254)]
    password: Annotated[SecretStr, Field(min_length=10, max_length=200)]
    phone: Annotated[str, StringConstraints(pattern=r"^[+0-9 ().-]{0,30}$")] = ""
    outlet: OutletBody | None = None
    outlet_id: UUID | None = None
    press_card_number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ./-]{3,30}$")]
    press_card_expires_on: date
    language: Literal["vi", "en"] = "vi"
    consent: Literal[True]

    @model_validator(mode="after")
    def _one_outlet(self) -> Self:
        if (self.outlet is None) == (self.outlet_id is None):
            raise ValueError("name the outlet, or give its id: one of the two")
        return self


class RegisteredOut(Out):
    """What you can sign in with; the same answer whether the address was known or not."""

    email: str


class JournalistOut(Out):
    id: UUID
    full_name: str
    email: str
    outlet_id: UUID
    press_card_expires_on: date | None
    language: str


class PressTokenOut(Out):
    access_token: str
    token_type: str
    expires_in: int


class OpenEventOut(Out):
    """An event that takes applications, with the zones one may wish for and the last moment to apply."""

    id: UUID
    title_vi: str
    title_en: str
    accreditation_closes_at: datetime
    zones: list[str]


class ApplyBody(In):
    model_config = ConfigDict(
        json_schema_extra={"example": {"media_role": "photographer", "zones_wanted": ["A", "B"], "note": ""}}
    )

    media_role: MediaRole
    zones_wanted: Annotated[list[ZoneCode], Field(min_length=1, max_length=50)]
    note: Text = ""


class AnswerBody(In):
    """What the office asked for, in words."""

    model_config = ConfigDict(json_schema_extra={"example": {"text": "Thẻ nhà báo mới có hạn đến 31/12/2030."}})

    text: Annotated[Text, StringConstraints(min_length=1)]


class OwnStep(Out):
    """What happened, when, and why."""

    to_state: ApplicationState
    reason: str
    zones: list[str]
    decided_at: datetime


class OwnApplication(Out):
    """Where an application stands; `reason` is that of the last step."""

    id: UUID
    event_id: UUID
    event_title_vi: str
    event_title_en: str
    state: ApplicationState
    media_role: MediaRole
    zones_wanted: list[str]
    zones_granted: list[str]
    submitted_at: datetime | None
    decided_at: datetime | None
    reason: str
    history: list[OwnStep]


class OwnPass(Out):
    """The newest pass: show the QR of `code`, or tell the ten characters of `human_code`.

    Only an `active` one opens doors; `state_ground` says why another doesn't.
    """

    id: UUID
    code: str
    human_code: str
    zones: list[str]
    valid_from: datetime
    valid_until: datetime
    valid_days: list[date] | None
    state: PassState
    state_ground: str
