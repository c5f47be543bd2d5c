"""What journalists agree to, and what focal points do for the people of their outlet."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, EmailStr, StringConstraints

from service.domain.accreditation import ApplicationState, ConsentPurpose
from service.web.press.draft_schemas import ClassCode
from service.web.schemas import In, Name, Out

_EXAMPLE_ID = "0198c0de-0000-7000-8000-000000000000"


class ConsentOut(Out):
    """One purpose, and since when and under which text you agree to it; null: you don't."""

    purpose: ConsentPurpose
    given_at: datetime | None
    text_version: str | None


class ColleagueBody(In):
    """Somebody of your outlet. They sign in by mail and agree themselves: nobody agrees for others."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"full_name": "Trần Thị Sóng", "email": "song@toasoan.example"}}
    )

    full_name: Name
    email: Annotated[EmailStr, StringConstraints(max_length=254)]
    language: Annotated[str, StringConstraints(pattern=r"^(vi|en)$")] = "vi"


class ColleagueDraftBody(In):
    """For which event, and in which class."""

    model_config = ConfigDict(json_schema_extra={"example": {"event_id": _EXAMPLE_ID, "class_code": "domestic"}})

    event_id: UUID
    class_code: ClassCode


class ColleagueApplication(Out):
    """A colleague's application in short."""

    id: UUID
    reference: str
    event_id: UUID
    class_code: str
    state: ApplicationState


class ColleagueOut(Out):
    """Somebody of your outlet; without their consent nothing of theirs can be sent in."""

    id: UUID
    full_name: str
    email: str
    has_agreed: bool
    applications: list[ColleagueApplication]
