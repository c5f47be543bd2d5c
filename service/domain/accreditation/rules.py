"""Rule sets as data: the classes of an accreditation, what each asks, who decides and in how many working days.

A rule set is a JSON document in versions; an application keeps the version that it was made under. What is
wrong with a document is told by place.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from sqlalchemy import UniqueConstraint

from service.domain.accreditation.answers import ASKED, FIELDS
from service.domain.accreditation.evidence import EvidenceKind
from service.domain.accreditation.people import MediaRole, OutletKind
from service.domain.base import UUID, Row, datetime, document, instant, key, reference, text
from service.domain.base import Field as Column
from service.domain.errors import FieldError, Invalid


def _keepable(text: str) -> str:
    """Raises ValueError for the one character that no database keeps."""
    if "\x00" in text:
        raise ValueError("holds a NUL")
    return text


Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(_keepable)
]
Days = Annotated[int, Field(ge=1, le=60)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Said(_Shape):
    """A text in both languages."""

    vi: Words
    en: Words

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.vi


class Source(_Shape):
    """Where a rule comes from. `read_as`: its own `text`, a `report` of it, or `background` knowledge."""

    title: Words
    issued_on: date | None = None
    read_as: Literal["text", "report", "background"]
    where: Words
    said: Words


class LegalBasis(_Shape):
    """What a class rests on, and from when to when it holds."""

    text: Said
    source: Code
    valid_from: date | None = None
    valid_until: date | None = None


class EvidenceRule(_Shape):
    """A file that is asked for; `roles` empty: of everyone."""

    kind: EvidenceKind
    required: bool = True
    roles: tuple[MediaRole, ...] = ()
    hint: Said

    def asked_of(self, role: MediaRole) -> bool:
        """Whether this is asked of somebody with this role."""
        return not self.roles or role in self.roles


class FieldRule(_Shape):
    """A field that is asked for."""

    code: str
    required: bool = True

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.code not in ASKED:
            raise ValueError(f"no field {self.code!r}; there are: {', '.join(ASKED)}")
        return self


class Power(StrEnum):
    """What an authority's verdict does: one `veto` refuses alone, `vote`s are counted, `advisory` ones are heard."""

    VETO = "veto"
    VOTE = "vote"
    ADVISORY = "advisory"


class AuthorityRule(_Shape):
    """Who has to look: with what power, within how many working days, and which fields they are shown."""

    code: Code
    name: Said
    power: Power = Power.VETO
    days: Days
    sees: tuple[str, ...]

    @model_validator(mode="after")
    def _known(self) -> Self:
        unknown = [field for field in self.sees if field not in FIELDS]
        if unknown:
            raise ValueError(f"no field {unknown[0]!r}; there are: {', '.join(sorted(FIELDS))}")
        return self


class StageRule(_Shape):
    """Authorities that look at the same time; the next stage begins when this one is through.

    `quorum`: how many of the voting ones must approve; none: all of them.
    """

    authorities: Annotated[tuple[AuthorityRule, ...], Field(min_length=1)]
    quorum: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _possible(self) -> Self:
        voting = sum(one.power is Power.VOTE for one in self.authorities)
        if self.quorum is not None and self.quorum > voting:
            raise ValueError(f"a quorum of {self.quorum} among {voting} voting authorities")
        if all(one.power is Power.ADVISORY for one in self.authorities):
            raise ValueError("somebody has to be more than advisory")
        return self

    @property
    def days(self) -> int:
        """Working days that the stage takes at most: those of its slowest authority."""
        return max(one.days for one in self.authorities)


class QuotaRule(_Shape):
    """How many of one outlet may be accredited in the class: at all, per role, and for some kinds of outlet."""

    per_outlet: Annotated[int, Field(ge=0)] | None = None
    per_role: dict[MediaRole, Annotated[int, Field(ge=0)]] = {}
    of_kind: dict[OutletKind, Annotated[int, Field(ge=0)]] = {}

    def limit(self, kind: OutletKind) -> int | None:
        """The limit for a whole outlet of this kind; None: no limit."""
        return self.of_kind.get(kind, self.per_outlet)


class ClassRule(_Shape):
    """One class of accreditation."""

    code: Code
    name: Said
    description: Said
    asks: tuple[FieldRule, ...] = ()
    evidence: tuple[EvidenceRule, ...] = ()
    stages: Annotated[tuple[StageRule, ...], Field(min_length=1)]
    decision_days: Annotated[int, Field(ge=0, le=30)] = 1
    quota: QuotaRule = QuotaRule()
    press_card: Literal["required", "optional", "none"] = "optional"
    press_card_format: str = r"[A-Z0-9/]{3,30}"
    standing: bool = False
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 90
    legal: tuple[LegalBasis, ...] = ()

    @field_validator("press_card_format")
    @classmethod
    def _readable(cls, pattern: str) -> str:
        try:
            re.compile(_keepable(pattern))
        except re.error as wrong:
            raise ValueError(f"no pattern: {wrong}") from None
        return pattern

    @property
    def authorities(self) -> tuple[AuthorityRule, ...]:
        """All authorities in the order of their stages."""
        return tuple(one for stage in self.stages for one in stage.authorities)

    @property
    def days(self) -> int:
        """Working days from submission to decision if everyone takes all their time."""
        return sum(stage.days for stage in self.stages) + self.decision_days

    def stage_of(self, authority: str) -> int:
        """The number of the stage, from 0, in which an authority looks. Raises KeyError."""
        for number, stage in enumerate(self.stages):
            if any(one.code == authority for one in stage.authorities):
                return number
        raise KeyError(authority)

    def authority(self, code: str) -> AuthorityRule:
        """The rule of one authority. Raises KeyError."""
        for one in self.authorities:
            if one.code == code:
                return one
        raise KeyError(code)

    def evidence_of(self, role: MediaRole) -> tuple[EvidenceRule, ...]:
        """The files that are asked of somebody with this role."""
        return tuple(one for one in self.evidence if one.asked_of(role))


class ReasonRule(_Shape):
    """A reason that is given often, ready in both languages; `to` are the decisions and verdicts that it serves."""

    code: Code
    to: Annotated[
        tuple[
            Literal[
                "rejected", "needs_information", "waitlisted", "approved_with_conditions", "revoked", "reject", "ask"
            ],
            ...,
        ],
        Field(min_length=1),
    ]
    text: Said


class Rules(_Shape):
    """The whole document."""

    format: Literal[1] = 1
    name: Said
    sources: dict[Code, Source] = {}
    reasons: tuple[ReasonRule, ...] = ()
    classes: Annotated[tuple[ClassRule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _require_unique("class", [one.code for one in self.classes])
        _require_unique("reason", [one.code for one in self.reasons])
        for one in self.classes:
            _require_unique(f"authority of {one.code}", [authority.code for authority in one.authorities])
            for basis in one.legal:
                if basis.source not in self.sources:
                    raise ValueError(f"class {one.code}: no source {basis.source!r}")
        return self

    def of(self, class_code: str) -> ClassRule:
        """The rule of one class. Raises KeyError."""
        for one in self.classes:
            if one.code == class_code:
                return one
        raise KeyError(class_code)

    def reason(self, code: str) -> ReasonRule | None:
        """A canned reason by its code."""
        return next((one for one in self.reasons if one.code == code), None)


def _require_unique(noun: str, codes: list[str]) -> None:
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise ValueError(f"{noun} {min(twice)!r} stands there twice")


def read_rules(body: Any) -> Rules:
    """The rules of a JSON value. Raises Invalid `rules_invalid` with a JSON Pointer for each fault."""
    try:
        return Rules.model_validate(body)
    except ValidationError as wrong:
        errors = tuple(
            FieldError("/" + "/".join(str(part) for part in one["loc"]), "rules_invalid", one["msg"])
            for one in wrong.errors(include_url=False, include_context=False)
        )
        raise Invalid("rules_invalid", errors[0].detail, errors=errors) from None


class RuleSet(Row, table=True):
    """One version of a rule set; append-only, so that an application's rules can always be read."""

    __table_args__ = (UniqueConstraint("code", "version"),)

    id: UUID = key()
    code: str = Column(max_length=40)
    version: int
    body: dict[str, Any] = document()
    note: str = text(default="")
    made_by_id: UUID | None = reference("staff.id", index=False, default=None)
    made_at: datetime = instant()

    @property
    def rules(self) -> Rules:
        """The document, read."""
        return read_rules(self.body)
