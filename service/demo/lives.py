"""The life of one application, written down as the use cases would leave it, so that hundreds are kept in few steps."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from service.demo.stage import Stage
from service.domain.accreditation import (
    Application,
    ApplicationState,
    ClassRule,
    Decision,
    Journalist,
    Outlet,
    Question,
    Review,
    ReviewState,
    Verdict,
    VerdictKind,
    touched_by,
)
from service.domain.audit import ActorKind
from service.usecases import audit
from service.usecases.accreditation import clocks
from service.usecases.accreditation.journalists import actor_of

_S = ApplicationState
OFFICE = "Trung tâm Báo chí Thành phố"


@dataclass
class Life:
    """One application with everything that hangs on it; nothing is kept before `keep`.

    What it does to reviews and clocks it does by the functions that the use cases do it by;
    tests/usecases/test_demo_press.py holds it to their rules.
    """

    stage: Stage
    rule: ClassRule
    application: Application
    journalist: Journalist
    outlet: Outlet
    office_id: UUID
    reviews: list[Review] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    def send_in(self, at: datetime) -> None:
        """Submitted, with a review for each authority; the first stage's clocks run."""
        self.application.submitted_at = at
        self._step(_S.SUBMITTED, at)
        self.reviews = [
            Review(
                application_id=self.application.id,
                event_id=self.application.event_id,
                organisation_id=self.stage.organisations[authority.code],
                authority=authority.code,
                stage=number,
                days=authority.days,
            )
            for number, stage in enumerate(self.rule.stages)
            for authority in stage.authorities
        ]
        clocks.advance(self.application, self.rule, self.reviews, at)
        self._record(actor_of(self.journalist), "submitted", at)

    def waiting(self) -> list[Review]:
        """The reviews whose turn it is."""
        return [one for one in self.reviews if one.state is ReviewState.OPEN]

    def say(self, review: Review, kind: VerdictKind, at: datetime, **conditions: Any) -> None:
        """An authority's verdict; conditions and refusals come with their ground."""
        if self.application.state is _S.SUBMITTED:
            self._step(_S.IN_REVIEW, at)
        verdict = self._verdict(review, kind, at, **conditions)
        review.state, review.done_at = ReviewState.DONE, at
        review.verdict, review.verdict_id = kind, verdict.id
        clocks.advance(self.application, self.rule, self.reviews, at)

    def _verdict(self, review: Review, kind: VerdictKind, at: datetime, **more: Any) -> Verdict:
        verdict = Verdict(
            review_id=review.id,
            application_id=self.application.id,
            round=review.round,
            kind=kind,
            staff_id=self.stage.desks[review.authority],
            given_at=at,
            **more,
        )
        self.verdicts.append(verdict)
        self._record(self._desk(review), f"verdict_{kind.value}", at, authority=review.authority, round=review.round)
        return verdict

    def approve(self, at: datetime) -> None:
        """Everyone whose turn it is approves."""
        for review in self.waiting():
            self.say(review, VerdictKind.APPROVE, at)

    def ask(self, review: Review | None, wording: str, fields: list[str], at: datetime) -> None:
        """A question by an authority, or by the office, which stops all clocks."""
        asked_by = self.office_id
        if review is not None:
            if self.application.state is _S.SUBMITTED:
                self._step(_S.IN_REVIEW, at)
            self._verdict(review, VerdictKind.ASK, at, ground=wording)
            asked_by = self.stage.desks[review.authority]
        for one in [review] if review is not None else self.waiting():
            clocks.pause(one, at)
        self.questions.append(
            Question(
                application_id=self.application.id,
                review_id=review.id if review is not None else None,
                wording=wording,
                fields=fields,
                asked_by_id=asked_by,
                asked_at=at,
            )
        )
        self._step(_S.NEEDS_INFORMATION, at, reason=wording, staff_id=asked_by)

    def answer(self, text: str, at: datetime) -> None:
        """The journalist answers all that was asked; the clocks go on."""
        for question in self.questions:
            if question.answered_at is None:
                question.answer, question.answered_at = text, at
        for review in self.reviews:
            if review.state is ReviewState.PAUSED:
                clocks.resume(review, at)
        self._step(_S.IN_REVIEW, at, reason=text)
        self._record(actor_of(self.journalist), "answered", at)

    def change(self, fields: frozenset[str], at: datetime) -> None:
        """The journalist changes what was written: whoever saw these fields and has spoken looks again."""
        self.application.version += 1
        self._record(actor_of(self.journalist), "written", at, fields=sorted(fields))
        touched = touched_by(self.rule, fields)
        for one in self.reviews:
            if one.authority in touched and one.state is ReviewState.DONE:
                clocks.reopen(one, at)
        clocks.advance(self.application, self.rule, self.reviews, at)

    def decide(
        self,
        state: ApplicationState,
        at: datetime,
        *,
        reason: str = "",
        reason_code: str = "",
        zones: tuple[str, ...] = (),
        on: list[date] | None = None,
        escort: bool = False,
    ) -> None:
        """The office's decision; nobody else's verdict is waited for any more."""
        self.application.zones_granted = sorted(zones)
        self.application.days_granted, self.application.escort = on, escort
        before = self.application.state
        self._step(state, at, reason=reason, reason_code=reason_code, staff_id=self.office_id, authority=OFFICE)
        self._close()
        actor = audit.staff(self.stage.access())
        self._record(actor, state.value, at, before=before.value, zones=sorted(zones))

    def withdraw(self, at: datetime) -> None:
        """The journalist takes it back."""
        before = self.application.state
        self._step(_S.WITHDRAWN, at)
        self._close()
        self._record(actor_of(self.journalist), "withdrawn", at, before=before.value)

    def _close(self) -> None:
        for one in self.reviews:
            if one.state is not ReviewState.DONE:
                one.state, one.due_at = ReviewState.CLOSED, None

    def _step(self, after: ApplicationState, at: datetime, **more: Any) -> None:
        application, before = self.application, self.application.state
        application.state = after
        if after not in (_S.SUBMITTED, _S.IN_REVIEW):
            application.decided_at = at
        self.decisions.append(
            Decision(
                application_id=application.id,
                from_state=before,
                to_state=after,
                zones=list(application.zones_granted),
                days=application.days_granted,
                escort=application.escort,
                decided_at=at,
                **more,
            )
        )

    def _desk(self, review: Review) -> audit.Actor:
        return audit.Actor(ActorKind.STAFF, self.stage.desks[review.authority])

    def _record(self, actor: audit.Actor, action: str, at: datetime, **details: Any) -> None:
        audit.record(
            self.stage.session,
            actor=actor,
            action=action,
            noun="application",
            object_id=self.application.id,
            event_id=self.application.event_id,
            now=at,
            **details,
        )


async def keep(stage: Stage, lives: list[Life]) -> None:
    """Keeps applications and what hangs on them, table after table.

    Of clocks that have run out, or soon will, the leads have been told: nobody gets mail from the demo.
    """
    for review in (one for life in lives for one in life.waiting()):
        if review.due_at is not None and review.due_at <= stage.now + clocks.SOON:
            review.warned_at = min(max(review.due_at - clocks.SOON, review.started_at or stage.now), stage.now)
            review.escalated_at = review.due_at if review.due_at <= stage.now else None
    for rows in (
        [life.journalist for life in lives],
        [life.application for life in lives],
        [one for life in lives for one in life.reviews],
        [one for life in lives for one in (*life.verdicts, *life.questions, *life.decisions)],
    ):
        stage.session.add_all(rows)
        await stage.session.flush()
