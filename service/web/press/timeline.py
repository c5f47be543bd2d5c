"""The way of an application as a timeline: what happened, whose turn it is and until when, what comes then."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from service.domain.accreditation import AppealState, ApplicationState, Decision, Review, ReviewState
from service.domain.localtime import local_day
from service.usecases.accreditation.own import OwnApplication
from service.usecases.accreditation.progress import Progress, days_left, due_on
from service.web.pages import date_vn, pick
from service.web.press.access import PressVisit
from service.web.press.application import in_language
from service.web.views import TimelineStep
from service.web.words import N_, tone, word

_S = ApplicationState
_ASKING = frozenset({_S.NEEDS_INFORMATION})
_GOES_ON = frozenset({_S.SUBMITTED, _S.IN_REVIEW})
_SENT, _ANSWERED = N_("You sent your application in"), N_("You answered")
_ASKED, _OPINION = N_("You were asked for information"), N_("%(name)s has given its opinion")
_SET_ASIDE, _TAKEN_UP = N_("The decision was taken back, the review goes on"), N_("The review has begun")
_PASS, _APPEALED = N_("Your pass was issued"), N_("You appealed")
_UPHELD, _DISMISSED = N_("Your appeal was upheld"), N_("Your appeal was dismissed")
_LOOKS = N_("%(name)s is looking at your application")
_AGAIN = N_("%(name)s is looking at your application again")
_PAUSED = N_("%(name)s waits for your answer")
_THEN = N_("Then %(name)s looks at it")
_DECIDES = N_("Then %(name)s decides")
_DECIDES_NOW = N_("%(name)s decides")
_YOUR_TURN = N_("Your turn: answer the questions on this page")


def timeline_of(visit: PressVisit, own: OwnApplication, progress: Progress, now: datetime) -> tuple[TimelineStep, ...]:
    """Everything in its order; what is still to come has no time."""
    past = [*_decisions(visit, own, progress), *_reviews(visit, own), *_questions(visit, own, progress)]
    past += _appeals(visit, own, progress)
    if progress.entry_pass is not None:
        issued = progress.entry_pass.issued_at
        past.append(TimelineStep(issued, visit.say(_PASS), _host(visit, own), "", "good"))
    return (*sorted(past, key=_when), *_next(visit, own, progress, local_day(now)))


def _when(step: TimelineStep) -> datetime:
    return step.at if isinstance(step.at, datetime) else datetime.max.replace(tzinfo=UTC)


def _host(visit: PressVisit, own: OwnApplication) -> str:
    return pick(own.host, "name", visit.language)


def authority_name(visit: PressVisit, own: OwnApplication, review_id: object) -> str:
    """Who asked: the authority of a review by its public name, else the host."""
    found = next((one for one in own.reviews if one.id == review_id), None)
    return _name(visit, own, found) if found else _host(visit, own)


def _name(visit: PressVisit, own: OwnApplication, review: Review) -> str:
    return in_language(visit, own.rule.authority(review.authority).name) if own.rule else ""


def _decisions(visit: PressVisit, own: OwnApplication, progress: Progress) -> Iterator[TimelineStep]:
    for one in progress.decisions:
        if (step := _decision(visit, own, one)) is not None:
            yield step


def _decision(visit: PressVisit, own: OwnApplication, one: Decision) -> TimelineStep | None:
    """A step of the record; questions and single opinions stand there by themselves."""
    who = _host(visit, own) if one.staff_id else ""
    state = one.to_state
    if one.from_state in (None, _S.DRAFT) and state is _S.SUBMITTED:
        return TimelineStep(one.decided_at, visit.say(_SENT), own.owner.full_name, "", "accent")
    if state in _ASKING:
        return None
    if one.supersedes_id is not None and state in _GOES_ON:
        return TimelineStep(one.decided_at, visit.say(_SET_ASIDE), who, one.reason, "accent")
    if state in _GOES_ON:
        if one.from_state in _ASKING and one.staff_id is None:
            return TimelineStep(one.decided_at, visit.say(_ANSWERED), own.owner.full_name, one.reason, "accent")
        return TimelineStep(one.decided_at, visit.say(_TAKEN_UP), who, "", "accent") if one.staff_id else None
    text = visit.say(word(state.value, "application_state"))
    return TimelineStep(one.decided_at, text, who, one.reason, tone(state.value, "application_state"))


def _reviews(visit: PressVisit, own: OwnApplication) -> Iterator[TimelineStep]:
    for one in own.reviews:
        if one.state is ReviewState.DONE and one.done_at is not None:
            yield TimelineStep(one.done_at, visit.say(_OPINION, name=_name(visit, own, one)), "", "", "accent")


def _questions(visit: PressVisit, own: OwnApplication, progress: Progress) -> Iterator[TimelineStep]:
    for one in progress.questions:
        who = authority_name(visit, own, one.review_id)
        yield TimelineStep(one.asked_at, visit.say(_ASKED), who, one.wording, "warn")


def _appeals(visit: PressVisit, own: OwnApplication, progress: Progress) -> Iterator[TimelineStep]:
    for one in progress.appeals:
        yield TimelineStep(one.filed_at, visit.say(_APPEALED), own.owner.full_name, one.wording, "accent")
        if one.answered_at is not None:
            upheld = one.state is AppealState.UPHELD
            text = visit.say(_UPHELD if upheld else _DISMISSED)
            yield TimelineStep(one.answered_at, text, _host(visit, own), one.answer, "good" if upheld else "bad")


# What is to come ---------------------------------------------------------------------------------------------------


def _next(visit: PressVisit, own: OwnApplication, progress: Progress, today: date) -> Iterator[TimelineStep]:
    state = own.application.state
    if state in _ASKING:
        yield TimelineStep(None, visit.say(_YOUR_TURN), "", "", "warn")
    if state not in _GOES_ON | _ASKING:
        return
    ahead = False
    for one in own.reviews:
        if one.state is ReviewState.DONE:
            continue
        ahead = True
        name = _name(visit, own, one)
        if one.state is ReviewState.OPEN:
            text = visit.say(_AGAIN if one.round > 1 else _LOOKS, name=name)
            until = due_on(one)
            yield TimelineStep(None, text, until_text(visit, until, today), "", "accent" if _in_time(until, today) else "warn")  # fmt: skip  # noqa: E501
        elif one.state is ReviewState.PAUSED:
            yield TimelineStep(None, visit.say(_PAUSED, name=name), visit.say(N_("the clock stands still")), "", "warn")
        elif one.state is ReviewState.WAITING:
            within = visit.say(N_("up to %(number)s working days"), number=visit.number(one.days))
            yield TimelineStep(None, visit.say(_THEN, name=name), within, "", "quiet")
    text = visit.say(_DECIDES if ahead else _DECIDES_NOW, name=_host(visit, own))
    yield TimelineStep(None, text, until_text(visit, progress.answer_by, today), "", "quiet")


def _in_time(until: date | None, today: date) -> bool:
    return until is None or until >= today


def until_text(visit: PressVisit, until: date | None, today: date) -> str:
    """A last day, and how many working days are left; nothing where it isn't known."""
    if until is None:
        return ""
    if until < today:
        return visit.say(N_("was due on %(day)s, they have been reminded"), day=date_vn(until))
    left = days_left(until, today)
    if left is None:
        return visit.say(N_("until %(day)s"), day=date_vn(until))
    if left == 0:
        return visit.say(N_("until %(day)s, that is today"), day=date_vn(until))
    if left == 1:
        return visit.say(N_("until %(day)s, 1 working day left"), day=date_vn(until))
    return visit.say(N_("until %(day)s, %(number)s working days left"), day=date_vn(until), number=visit.number(left))
