"""Reviews: what each authority is asked, what it said, and what all of them together come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Index, UniqueConstraint

from service.domain.accreditation.applications import Outcome
from service.domain.accreditation.rules import AuthorityRule, ClassRule, Power, StageRule
from service.domain.base import (
    UUID,
    Field,
    Row,
    choice,
    date,
    datetime,
    days,
    document,
    instant,
    key,
    reference,
    text,
    texts,
)


class ReviewState(StrEnum):
    """`waiting`: an earlier stage isn't through. `paused`: information is awaited. `closed`: a decision came first."""

    WAITING = "waiting"
    OPEN = "open"
    PAUSED = "paused"
    DONE = "done"
    CLOSED = "closed"


class VerdictKind(StrEnum):
    APPROVE = "approve"
    CONDITIONS = "conditions"
    REJECT = "reject"
    ASK = "ask"
    ABSTAIN = "abstain"


FINAL = frozenset({VerdictKind.APPROVE, VerdictKind.CONDITIONS, VerdictKind.REJECT, VerdictKind.ABSTAIN})
"""Verdicts that end a review; a question only pauses it."""


class Review(Row, table=True):
    """One authority's task with one application, and its clock.

    `pauses` are [since, until or null] in ISO 8601. `due_at` is empty while the clock stands still, and when the
    working days of a year are not known: then `fault` says so. `round` counts how often it was opened again.
    """

    __table_args__ = (
        UniqueConstraint("application_id", "authority"),
        Index("ix_review_organisation_id_state_due_at", "organisation_id", "state", "due_at"),
        Index("ix_review_event_id_state", "event_id", "state"),
    )

    id: UUID = key()
    application_id: UUID = reference("application.id", index=False)
    event_id: UUID = reference("event.id", index=False)
    organisation_id: UUID = reference("organisation.id", index=False)
    authority: str = Field(max_length=40)
    stage: int
    days: int
    round: int = 1
    state: ReviewState = choice(ReviewState, "state", default=ReviewState.WAITING)
    verdict_id: UUID | None = Field(default=None)
    verdict: VerdictKind | None = choice(VerdictKind, "verdict", default=None, nullable=True)
    pauses: list[list[str | None]] = document(default_factory=list)
    started_at: datetime | None = instant(default=None)
    due_at: datetime | None = instant(default=None)
    done_at: datetime | None = instant(default=None)
    warned_at: datetime | None = instant(default=None)
    escalated_at: datetime | None = instant(default=None)
    fault: str = text(default="")
    counted_at: datetime | None = instant(default=None)


class Verdict(Row, table=True):
    """What an authority said, kept for ever; a later one of the same review supersedes it.

    `ground` is for the office and the record; the journalist reads the office's reason. `for_id`: the delegation
    under which it was given.
    """

    id: UUID = key()
    review_id: UUID = reference("review.id")
    application_id: UUID = reference("application.id")
    round: int
    kind: VerdictKind = choice(VerdictKind, "kind")
    ground: str = text(default="")
    reason_code: str = text(default="")
    zones: list[str] = texts()
    days: list[date] | None = days()
    escort: bool = False
    staff_id: UUID = reference("staff.id", index=False)
    delegation_id: UUID | None = reference("delegation.id", index=False, default=None)
    batch_id: UUID | None = Field(default=None, index=True)
    supersedes_id: UUID | None = reference("verdict.id", index=False, default=None)
    given_at: datetime = instant()


class Question(Row, table=True):
    """What an authority or the office (no review) wants to know, and the answer."""

    __table_args__ = (Index("ix_question_application_id", "application_id"),)

    id: UUID = key()
    application_id: UUID = reference("application.id", index=False)
    review_id: UUID | None = reference("review.id", default=None)
    wording: str = text()
    fields: list[str] = texts()
    asked_by_id: UUID = reference("staff.id", index=False)
    asked_at: datetime = instant()
    answer: str = text(default="")
    answered_at: datetime | None = instant(default=None)


@dataclass(frozen=True)
class Conditions:
    """What authorities tied their approval to; None: no limit."""

    zones: frozenset[str] | None = None
    days: frozenset[date] | None = None
    escort: bool = False

    def both(self, other: "Conditions") -> "Conditions":
        """The conditions of two authorities together: whatever either of them doesn't allow is not allowed."""
        return Conditions(
            zones=_narrower(self.zones, other.zones),
            days=_narrower(self.days, other.days),
            escort=self.escort or other.escort,
        )


NO_CONDITIONS = Conditions()
T = TypeVar("T")


def _narrower(one: frozenset[T] | None, other: frozenset[T] | None) -> frozenset[T] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


_YES = frozenset({VerdictKind.APPROVE, VerdictKind.CONDITIONS})


def stage_outcome(
    stage: StageRule, verdicts: Mapping[str, VerdictKind], *, late: frozenset[str] = frozenset()
) -> Outcome:
    """What the verdicts given in a stage come to; an authority without one is missing, and silence is never a yes.

    Advice is waited for until its clock has run out (`late`). An authority that abstains neither helps nor hinders;
    if nobody whose verdict binds said yes, people have to decide.
    """
    binding = [one for one in stage.authorities if one.power is not Power.ADVISORY]
    if any(one.power is Power.VETO and verdicts.get(one.code) is VerdictKind.REJECT for one in binding):
        return Outcome.REFUSED
    votes = [one for one in binding if one.power is Power.VOTE]
    counted = _count_votes(votes, verdicts, stage.quorum)
    if counted is Outcome.REFUSED:
        return Outcome.REFUSED
    waiting = [
        one
        for one in stage.authorities
        if _is_missing(verdicts.get(one.code))
        and not (one.power is Power.ADVISORY and one.code in late)
        and not (one.power is Power.VOTE and counted is Outcome.PASSED)
    ]
    if waiting:
        return Outcome.PENDING
    said_yes = any(verdicts.get(one.code) in _YES for one in binding)
    return Outcome.PASSED if said_yes and counted is not Outcome.UNDECIDED else Outcome.UNDECIDED


def _is_missing(verdict: VerdictKind | None) -> bool:
    return verdict not in FINAL


def _count_votes(votes: list[AuthorityRule], verdicts: Mapping[str, VerdictKind], quorum: int | None) -> Outcome:
    """What the voting authorities come to; without any, they are through.

    Whoever abstains doesn't vote: without a quorum all who do must approve, with one so many must.
    """
    if not votes:
        return Outcome.PASSED
    given = [verdicts.get(one.code) for one in votes]
    abstained = sum(one is VerdictKind.ABSTAIN for one in given)
    yes = sum(one in _YES for one in given)
    open_still = sum(_is_missing(one) for one in given)
    needed = len(votes) - abstained if quorum is None else quorum
    if needed and yes >= needed:
        return Outcome.PASSED
    if not needed:
        return Outcome.UNDECIDED
    if yes + open_still >= needed:
        return Outcome.PENDING
    # Too few can still approve: because of a no, or only because too many abstained.
    return Outcome.REFUSED if any(one is VerdictKind.REJECT for one in given) else Outcome.UNDECIDED


@dataclass(frozen=True)
class Standing:
    """Where an application stands with its authorities: the outcome so far, and the stage (from 0) whose turn it is."""

    outcome: Outcome
    stage: int


def standing(rule: ClassRule, verdicts: Mapping[str, VerdictKind], *, late: frozenset[str] = frozenset()) -> Standing:
    """What all verdicts of an application come to, stage after stage; the last stage's number once all are through."""
    reached = Outcome.PASSED
    for number, stage in enumerate(rule.stages):
        outcome = stage_outcome(stage, verdicts, late=late)
        if outcome in (Outcome.PENDING, Outcome.REFUSED):
            return Standing(outcome, number)
        if outcome is Outcome.UNDECIDED:
            reached = Outcome.UNDECIDED
    return Standing(reached, len(rule.stages) - 1)


def touched_by(rule: ClassRule, changed: frozenset[str]) -> frozenset[str]:
    """The authorities that see one of the changed fields, and so have to look again."""
    return frozenset(one.code for one in rule.authorities if changed.intersection(one.sees))
