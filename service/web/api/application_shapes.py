"""What applications look like in answers."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from service.domain.accreditation import (
    AppealState,
    Application,
    ApplicationState,
    Conditions,
    Decision,
    Journalist,
    MediaRole,
    Outcome,
    Outlet,
    OutletKind,
    ReviewState,
    reference_of,
)
from service.domain.accreditation.readiness import Readiness, readiness_of
from service.usecases.accreditation.office import Desk, OfficeFile
from service.usecases.accreditation.timeline import Entry
from service.web.api.review_shapes import FileOut, VerdictOut
from service.web.schemas import Out


class OutletOut(Out):
    """A press organisation in short."""

    id: UUID
    name: str
    kind: OutletKind
    country: str


class StepOut(Out):
    """One step of an application, with the reason that the journalist sees."""

    from_state: ApplicationState | None
    to_state: ApplicationState
    reason: str
    zones: list[str]
    decided_at: datetime

    @classmethod
    def of(cls, decisions: list[Decision]) -> list["StepOut"]:
        return [cls.model_validate(one) for one in decisions]


class ApplicationRow(Out):
    """An application in the list; the press-card number is shown only when one is opened.

    `class_code` is empty where the event has no classes. `outcome`: what the verdicts come to so far. `readiness`:
    whether the office may decide, or what it waits for; null once it is decided.
    """

    id: UUID
    reference: str
    event_id: UUID
    state: ApplicationState
    class_code: str
    outcome: Outcome
    readiness: Readiness | None
    media_role: MediaRole
    zones_wanted: list[str]
    zones_granted: list[str]
    days_granted: list[date] | None
    escort: bool
    full_name: str
    outlet: OutletOut
    submitted_at: datetime | None
    decided_at: datetime | None

    @classmethod
    def of(cls, application: Application, journalist: Journalist, outlet: Outlet) -> "ApplicationRow":
        return cls.model_validate(_shared(application, journalist, outlet))


class DeskOut(Out):
    """One authority's part: who acts as it, how its clock stands, and the verdict that holds now."""

    review_id: UUID
    authority: str
    organisation_name: str
    stage: int
    state: ReviewState
    round: int
    due_at: datetime | None
    done_at: datetime | None
    verdict: VerdictOut | None


class ConditionsOut(Out):
    """What all verdicts together tie an approval to; null: no limit."""

    zones: list[str] | None
    days: list[date] | None
    escort: bool


class LimitOut(Out):
    """A quota or cap that a grant counts against: of the outlet, the role in it, the class, or the event."""

    name: str
    taken: int
    limit: int


class AppealOut(Out):
    """What a journalist says against a decision, and the answer."""

    id: UUID
    application_id: UUID
    decision_id: UUID
    state: AppealState
    wording: str
    filed_at: datetime
    answer: str
    answered_at: datetime | None


class EntryOut(Out):
    """Something that happened; `authority` is empty for the office and the journalist."""

    at: datetime
    kind: str
    code: str
    who: str
    authority: str
    note: str
    fields: list[str]


class ApplicationOut(ApplicationRow):
    """An application with its evidence; that it was opened is kept in the audit.

    The identity number is for the authorities that check it and not among the `fields`.
    """

    email: str
    phone: str
    press_card_number: str
    press_card_expires_on: date | None
    same_press_card: Annotated[int, Field(description="Other journalists who have named the same press card")]
    note: str
    fields: dict[str, Any]
    files: list[FileOut]
    reviews: list[DeskOut]
    conditions: ConditionsOut
    limits: list[LimitOut]
    appeals: list[AppealOut]
    history: list[StepOut]
    timeline: list[EntryOut]

    @classmethod
    def opened(cls, found: OfficeFile, history: list[Decision]) -> "ApplicationOut":
        journalist = found.journalist
        return cls.model_validate(
            {
                **_shared(found.application, journalist, found.outlet),
                "email": journalist.email,
                "phone": journalist.phone,
                "press_card_number": found.fields.get("press_card_number", ""),
                "press_card_expires_on": journalist.press_card_expires_on,
                "same_press_card": found.same_press_card,
                "note": found.application.note,
                "fields": found.fields,
                "files": FileOut.of(found.files),
                "reviews": [_desk(one) for one in found.desks],
                "conditions": _conditions(found.conditions),
                "limits": [LimitOut.model_validate(one) for one in found.limits],
                "appeals": [AppealOut.model_validate(one) for one in found.appeals],
                "history": StepOut.of(history),
                "timeline": [
                    EntryOut.model_validate({**vars(one), "fields": list(one.fields)}) for one in found.history
                ],
            }
        )


def _shared(application: Application, journalist: Journalist, outlet: Outlet) -> dict[str, Any]:
    names = (
        "id",
        "event_id",
        "state",
        "class_code",
        "outcome",
        "media_role",
        "zones_wanted",
        "zones_granted",
        "days_granted",
        "escort",
        "submitted_at",
        "decided_at",
    )
    by_class = application.rule_set_id is not None
    return {
        **{name: getattr(application, name) for name in names},
        "reference": reference_of(application.id),
        "readiness": readiness_of(application.state, application.outcome, by_class=by_class),
        "full_name": journalist.full_name,
        "outlet": OutletOut.model_validate(outlet),
    }


def _desk(one: Desk) -> DeskOut:
    review = one.review
    return DeskOut(
        review_id=review.id,
        authority=review.authority,
        organisation_name=one.organisation.name_vi if one.organisation else "",
        stage=review.stage,
        state=review.state,
        round=review.round,
        due_at=review.due_at,
        done_at=review.done_at,
        verdict=VerdictOut.model_validate(one.verdict) if one.verdict else None,
    )


def _entry(one: Entry) -> EntryOut:
    return EntryOut.model_validate({**vars(one), "fields": list(one.fields)})


def _conditions(conditions: Conditions) -> ConditionsOut:
    return ConditionsOut(
        zones=None if conditions.zones is None else sorted(conditions.zones),
        days=None if conditions.days is None else sorted(conditions.days),
        escort=conditions.escort,
    )
