"""Letters about an application to whoever it belongs to: what happened, why, what to do now and until when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.domain.accreditation import AppealState, ApplicationState, Decision, reference_of
from service.domain.messages import MailKind
from service.usecases.accreditation.news import ApplicationNews
from service.web.pages import Pages, date_vn, datetime_vn, pick
from service.web.words import N_

_State = ApplicationState


@dataclass(frozen=True)
class Letter:
    """A letter in its reader's words: paragraphs, facts in pairs, what is quoted, and one link with its words."""

    to: str
    subject: str
    title: str
    greeting: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    quote: tuple[str, str]
    todo: tuple[str, ...]
    action: str
    link: str
    signed: str
    contact: str


_DECIDED = {
    _State.APPROVED: N_("Application %(reference)s is approved"),
    _State.APPROVED_WITH_CONDITIONS: N_("Application %(reference)s is approved with conditions"),
    _State.WAITLISTED: N_("Application %(reference)s is on the waiting list"),
    _State.REJECTED: N_("Application %(reference)s is refused"),
    _State.REVOKED: N_("Notice: the accreditation of application %(reference)s is revoked"),
    _State.IN_REVIEW: N_("Application %(reference)s is examined again"),
}
_OPEN = N_("Open the application")
_WAIT = N_("Questions to you stop the period until you answer. Silence is no approval: wait for the decision.")
_STILL = N_("You need not do anything now. Keep the reference for questions.")


class ApplicationLetters:
    """Writes one letter about an application."""

    def __init__(self, pages: Pages, language: str, base_url: str) -> None:
        self._pages = pages
        self._language = language
        self._base_url = base_url

    def _say(self, message: str, **values: Any) -> str:
        return self._pages.translate(self._language, message, **values)

    def letter(self, kind: MailKind, found: ApplicationNews) -> Letter:
        reference = reference_of(found.application.id)
        subject, paragraphs, facts, quote, todo = {
            MailKind.APPLICATION_RECEIVED: self._received,
            MailKind.APPLICATION_QUESTION: self._question,
            MailKind.APPLICATION_DECIDED: self._decided,
            MailKind.APPEAL_ANSWERED: self._answered,
        }[kind](found)
        title = self._say(subject, reference=reference)
        name = found.journalist.full_name
        told = self._say(N_("A copy for the focal point who made the application of %(name)s."), name=name)
        return Letter(
            to=found.to,
            subject=title,
            title=title,
            greeting=told if found.copy else self._say(N_("Dear %(name)s,"), name=name),
            paragraphs=tuple(paragraphs),
            facts=(
                (self._say(N_("Reference")), reference),
                (self._say(N_("Event")), pick(found.event, "title", self._language)),
                *([(self._say(N_("Accreditation class")), found.rule.name[self._language])] if found.rule else []),
                *facts,
            ),
            quote=quote,
            todo=tuple(todo),
            action=self._say(_OPEN),
            link=f"{self._base_url}/press/applications/{found.application.id}",
            signed=pick(found.host, "name", self._language),
            contact=found.contact,
        )

    _Parts = tuple[str, Sequence[str], Sequence[tuple[str, str]], tuple[str, str], Sequence[str]]

    def _received(self, found: ApplicationNews) -> _Parts:
        submitted_at = found.application.submitted_at
        facts = [(self._say(N_("Received")), datetime_vn(submitted_at))] if submitted_at else []
        paragraphs = [self._say(N_("Your application has been received."))]
        if found.application.standing_id:
            paragraphs.append(
                self._say(
                    N_("It rests on your standing accreditation: the organiser decides without another examination.")
                )
            )
        if found.until:
            facts.append((self._say(N_("Answer due")), date_vn(found.until)))
            paragraphs.append(self._say(_WAIT))
        return N_("Application %(reference)s is received"), paragraphs, facts, ("", ""), [self._say(_STILL)]

    def _question(self, found: ApplicationNews) -> _Parts:
        assert found.question is not None  # noqa: S101 (of this kind)
        wording = (self._say(N_("What is asked")), found.question.wording)
        paragraphs = [self._say(N_("Something is needed before your application can be decided."))]
        todo = [self._say(N_("Answer on the page of the application. The examination stands still until then."))]
        if found.until:
            todo.append(
                self._last_day(N_("To have the decision before the event begins, answer by %(day)s."), found.until)
            )
        return N_("Application %(reference)s: information needed"), paragraphs, [], wording, todo

    def _last_day(self, message: str, day: date) -> str:
        return self._say(message, day=date_vn(day))

    def _decided(self, found: ApplicationNews) -> _Parts:
        decision = found.decision
        assert decision is not None  # noqa: S101 (of this kind)
        state = decision.to_state
        revoked = state is _State.REVOKED
        facts = [*self._granted(found, decision)]
        if decision.authority:
            facts.append((self._say(N_("Decided by")), decision.authority))
        facts.append((self._say(N_("Decided at")), datetime_vn(decision.decided_at)))
        quote = (self._say(N_("Ground")) if revoked else self._say(N_("Reason")), decision.reason)
        said = {
            _State.APPROVED: N_("You are accredited for this event."),
            _State.APPROVED_WITH_CONDITIONS: N_("You are accredited for this event, under the conditions below."),
            _State.WAITLISTED: N_("Your application meets the conditions, but there is no place at the moment."),
            _State.REJECTED: N_("Your application is refused."),
            _State.REVOKED: N_("Your accreditation is revoked, and the pass issued for it opens no gate any more."),
            _State.IN_REVIEW: N_("The earlier decision is set aside, and your application is examined again."),
        }.get(state, N_("The state of your application has changed."))
        subject = _DECIDED.get(state, N_("Application %(reference)s: news"))
        return subject, [self._say(said)], facts, quote if decision.reason else ("", ""), [*self._todo(found, state)]

    def _granted(self, found: ApplicationNews, decision: Decision) -> Iterator[tuple[str, str]]:
        """Zones by their names, days and escort of a grant."""
        if not decision.zones:
            return
        names = {code: vi if self._language == "vi" else en or vi for code, (vi, en) in found.zones.items()}
        zones = [f"{code} – {names[code]}" if names.get(code) else code for code in decision.zones]
        yield self._say(N_("Zones")), "; ".join(zones)
        all_days = self._say(N_("all days of the event"))
        yield self._say(N_("Days")), ", ".join(date_vn(one) for one in decision.days or ()) or all_days
        if decision.escort:
            yield self._say(N_("Escort")), self._say(N_("only with an escort of the organiser"))

    def _todo(self, found: ApplicationNews, state: ApplicationState) -> Iterator[str]:
        if state in (_State.APPROVED, _State.APPROVED_WITH_CONDITIONS):
            yield self._say(N_("Your pass comes in another mail as soon as it is issued."))
        elif state is _State.WAITLISTED:
            yield self._say(N_("You need not do anything: you are told as soon as a place becomes free."))
        elif state is _State.IN_REVIEW:
            yield self._say(_STILL)
        if state is _State.REVOKED:
            yield self._say(N_("Give the badge back to the organiser."))
        if state in (_State.REJECTED, _State.REVOKED) and found.appeal_days:
            yield (
                self._last_day(
                    N_("You may appeal on the page of the application, until the end of %(day)s."), found.until
                )
                if found.until
                else self._say(
                    N_("You may appeal on the page of the application, within %(number)s working days."),
                    number=found.appeal_days,
                )
            )

    def _answered(self, found: ApplicationNews) -> _Parts:
        appeal = found.appeal
        assert appeal is not None  # noqa: S101 (of this kind)
        upheld = appeal.state is AppealState.UPHELD
        said = (
            N_("Your appeal of %(day)s is upheld: the decision is set aside, and your application is examined again.")
            if upheld
            else N_("Your appeal of %(day)s is dismissed: the decision stands.")
        )
        facts = [(self._say(N_("Answered at")), datetime_vn(appeal.answered_at))] if appeal.answered_at else []
        subject = (
            N_("Application %(reference)s: the appeal is upheld")
            if upheld
            else N_("Application %(reference)s: the appeal is dismissed")
        )
        quote = (self._say(N_("Answer of the organiser")), appeal.answer)
        todo = [self._say(_STILL)] if upheld else []
        return subject, [self._say(said, day=date_vn(appeal.filed_at))], facts, quote, todo
