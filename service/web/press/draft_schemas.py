"""What applications by class are written with, and what is told of them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from service.domain.accreditation import (
    Appeal,
    AppealState,
    ApplicationState,
    ClassRule,
    ConsentPurpose,
    Evidence,
    EvidenceKind,
    MediaRole,
    reference_of,
)
from service.usecases.accreditation.own import OwnApplication
from service.usecases.accreditation.plans import OpenAccreditation, OpenClass
from service.web.schemas import In, Name, Out, Text, ZoneCode

ClassCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class AskedOut(Out):
    """A field or a file that a class asks for; `code` of a file is `file:` and its kind."""

    code: str
    required: bool
    hint_vi: str
    hint_en: str
    roles: Annotated[list[MediaRole], Field(description="Of whom a file is asked; none: of everybody")]


class AuthorityOut(Out):
    """Who looks at an application of the class, and which fields they are shown."""

    code: str
    name_vi: str
    name_en: str
    stage: int
    days: int
    sees: list[str]


class ClassOut(Out):
    """An open class. `safe_on`: until then one surely has an answer before the event begins, if that can be said."""

    code: str
    name_vi: str
    name_en: str
    description_vi: str
    description_en: str
    asks: list[AskedOut]
    press_card: str
    authorities: list[AuthorityOut]
    days: int
    retention_days: int
    safe_on: date | None

    @classmethod
    def of(cls, one: OpenClass) -> "ClassOut":
        rule = one.rule
        return cls(
            code=rule.code,
            name_vi=rule.name.vi,
            name_en=rule.name.en,
            description_vi=rule.description.vi,
            description_en=rule.description.en,
            asks=_asked(rule),
            press_card=rule.press_card,
            authorities=[
                AuthorityOut(
                    code=authority.code,
                    name_vi=authority.name.vi,
                    name_en=authority.name.en,
                    stage=number,
                    days=authority.days,
                    sees=list(authority.sees),
                )
                for number, stage in enumerate(rule.stages)
                for authority in stage.authorities
            ],
            days=rule.days,
            retention_days=rule.retention_days,
            safe_on=one.safe_on,
        )


def _asked(rule: ClassRule) -> list[AskedOut]:
    fields = [AskedOut(code=one.code, required=one.required, hint_vi="", hint_en="", roles=[]) for one in rule.asks]
    files = [
        AskedOut(
            code=f"file:{one.kind.value}",
            required=one.required,
            hint_vi=one.hint.vi,
            hint_en=one.hint.en,
            roles=list(one.roles),
        )
        for one in rule.evidence
    ]
    return fields + files


class AccreditationOut(Out):
    """What an event asks of the press, until when, and who answers questions."""

    event_id: UUID
    title_vi: str
    title_en: str
    first_on: date | None
    last_on: date | None
    closes_at: datetime | None
    host_vi: str
    host_en: str
    contact: str
    appeal_days: int
    criteria: list[str]
    draw_commitment: str
    classes: list[ClassOut]

    @classmethod
    def of(cls, found: OpenAccreditation) -> "AccreditationOut":
        return cls(
            event_id=found.event.id,
            title_vi=found.event.title_vi,
            title_en=found.event.title_en,
            first_on=found.first_on,
            last_on=found.last_on,
            closes_at=found.event.accreditation_closes_at,
            host_vi=found.host.name_vi,
            host_en=found.host.name_en,
            contact=found.plan.contact,
            appeal_days=found.plan.appeal_days,
            criteria=[str(one) for one in found.plan.criteria],
            draw_commitment=found.plan.draw_commitment,
            classes=[ClassOut.of(one) for one in found.classes],
        )


class DraftBody(In):
    """In which class to begin."""

    model_config = ConfigDict(json_schema_extra={"example": {"class_code": "domestic"}})

    class_code: ClassCode


class WriteBody(In):
    """What is to be written; what is left out stays. `version` is the one that you have read.

    `answers` go by the codes that the class asks, each as it would be typed; an empty text takes one back.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": 1,
                "media_role": "photographer",
                "zones_wanted": ["A"],
                "answers": {"birth_year": "1990", "assignment": "Chụp ảnh lễ khai mạc."},
            }
        }
    )

    version: Annotated[int, Field(ge=1, le=1_000_000)]
    class_code: ClassCode | None = None
    media_role: MediaRole | None = None
    zones_wanted: Annotated[list[ZoneCode], Field(min_length=1, max_length=50)] | None = None
    note: Text | None = None
    answers: Annotated[dict[str, Text | Annotated[list[Name], Field(max_length=100)]], Field(max_length=50)] = {}


class SubmitBody(In):
    """Sends in what was read at `version`; `consents` are what you agree to in the same breath, never assumed."""

    model_config = ConfigDict(json_schema_extra={"example": {"version": 4, "consents": ["accreditation"]}})

    version: Annotated[int, Field(ge=1, le=1_000_000)]
    consents: Annotated[list[ConsentPurpose], Field(max_length=len(ConsentPurpose))] = []


class ConfirmBody(In):
    """What your standing accreditation doesn't say: as what, and where, you will work at this event."""

    model_config = ConfigDict(json_schema_extra={"example": {"media_role": "writer", "zones_wanted": ["A"]}})

    media_role: MediaRole
    zones_wanted: Annotated[list[ZoneCode], Field(min_length=1, max_length=50)]


class AppealBody(In):
    """What you have to say against a refusal or a revocation."""

    model_config = ConfigDict(json_schema_extra={"example": {"text": "Giấy giới thiệu đã gửi đúng hạn."}})

    text: Annotated[Text, StringConstraints(min_length=1)]


class OwnFile(Out):
    """A file of an application."""

    id: UUID
    kind: EvidenceKind
    name: str
    media_type: str
    size: int
    pages: int
    added_at: datetime

    @classmethod
    def of(cls, evidence: Evidence) -> "OwnFile":
        return cls.model_validate(evidence)


class WrittenOut(Out):
    """All that was written of an application. Of an identity number only the last signs are shown again.

    `missing` are the codes that are still needed before it can be sent in; `writable`: whether it may be changed.
    """

    id: UUID
    reference: str
    event_id: UUID
    journalist_id: UUID
    state: ApplicationState
    class_code: str
    version: int
    media_role: MediaRole
    zones_wanted: list[str]
    note: str
    answers: dict[str, Any]
    identity: str
    files: list[OwnFile]
    missing: list[str]
    writable: bool
    safe_on: date | None

    @classmethod
    def of(cls, found: OwnApplication) -> "WrittenOut":
        application = found.application
        return cls(
            id=application.id,
            reference=reference_of(application.id),
            event_id=application.event_id,
            journalist_id=application.journalist_id,
            state=application.state,
            class_code=application.class_code,
            version=application.version,
            media_role=application.media_role,
            zones_wanted=application.zones_wanted,
            note=application.note,
            answers=application.answers,
            identity=found.identity,
            files=[OwnFile.of(one) for one in found.files.values()],
            missing=found.missing,
            writable=found.writable,
            safe_on=found.safe_on,
        )


class OwnAppeal(Out):
    """An appeal and what became of it."""

    id: UUID
    application_id: UUID
    state: AppealState
    wording: str
    filed_at: datetime
    answer: str
    answered_at: datetime | None

    @classmethod
    def of(cls, appeal: Appeal) -> "OwnAppeal":
        return cls.model_validate(appeal)
