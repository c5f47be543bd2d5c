"""The courses that the summit's applications take: what authorities say, what they ask, what the office decides."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random

from service.demo.lives import Life
from service.demo.people import FOCAL_NUMBER
from service.domain.accreditation import ApplicationState, Review, ReviewState, Rules, VerdictKind
from service.domain.localtime import local

_S, _V = ApplicationState, VerdictKind
STATES: tuple[tuple[ApplicationState, int], ...] = (
    (_S.APPROVED, 372),
    (_S.APPROVED_WITH_CONDITIONS, 40),
    (_S.SUBMITTED, 48),
    (_S.IN_REVIEW, 22),
    (_S.NEEDS_INFORMATION, 26),
    (_S.WAITLISTED, 30),
    (_S.REJECTED, 42),
    (_S.WITHDRAWN, 14),
    (_S.REVOKED, 6),
)
_UNSETTLED = frozenset({_S.SUBMITTED, _S.IN_REVIEW, _S.NEEDS_INFORMATION})
SETTLED = sum(count for state, count in STATES if state not in _UNSETTLED)
"""How many of the applications, the oldest ones, nobody has to do anything about any more."""
_FRESH = 32
"""How many of the newest ones nobody has looked at yet."""


def _plan() -> tuple[ApplicationState, ...]:
    """What is to become of each application, in the order in which they come."""
    random = Random(2026)  # noqa: S311 (a demo needs no secrets)
    every = [state for state, count in STATES for _ in range(count)]
    settled = [state for state in every if state not in _UNSETTLED]
    mixed = [state for state in every if state in _UNSETTLED]
    fresh = [mixed.pop(mixed.index(_S.SUBMITTED)) for _ in range(_FRESH)]
    random.shuffle(settled)
    random.shuffle(mixed)
    whole = [*settled, *mixed, *fresh]
    # Two people can sign in: one has a pass, the other is asked something.
    _bring(whole, _S.APPROVED, 0)
    _bring(whole, _S.NEEDS_INFORMATION, FOCAL_NUMBER)
    return tuple(whole)


def _bring(whole: list[ApplicationState], state: ApplicationState, place: int) -> None:
    """Changes places so that `state` stands at `place`, within the part of the list that it lies in."""
    among = range(SETTLED) if place < SETTLED else range(SETTLED, len(whole) - _FRESH)
    other = next(number for number in among if whole[number] is state)
    whole[place], whole[other] = whole[other], whole[place]


PLAN = _plan()
_DAY = timedelta(days=1)
_OPENS, _CLOSES = 8, 17
_ASKED = (
    ("letter_missing", "file:assignment_letter"),
    ("portrait_unfit", "file:portrait"),
    ("letter_missing", "file:assignment_letter"),
    ("equipment_unclear", "equipment"),
)


def run(life: Life, rules: Rules, state: ApplicationState, number: int, at: datetime) -> None:
    """Takes a submitted application to its state."""
    _Course(life, rules, number, at).take(state)


class _Course:
    """One application on its way; its steps follow each other in time and none lies in the future."""

    def __init__(self, life: Life, rules: Rules, number: int, at: datetime) -> None:
        self.life, self.rules, self.number, self.clock = life, rules, number, at
        self.last = life.stage.now - timedelta(minutes=1)

    def take(self, state: ApplicationState) -> None:
        courses: dict[ApplicationState, Callable[[], None]] = {
            _S.APPROVED: self.approved,
            _S.REVOKED: self.approved,
            _S.APPROVED_WITH_CONDITIONS: self.conditions,
            _S.IN_REVIEW: self.in_review,
            _S.NEEDS_INFORMATION: self.questions,
            _S.WAITLISTED: self.waitlisted,
            _S.REJECTED: self.rejected,
            _S.WITHDRAWN: self.withdrawn,
        }
        if state in courses:
            courses[state]()

    def later(self, days: float) -> datetime:
        """The moment so many days on, in the hours of an office, which is then the present of this course."""
        moment = local(self.clock + _DAY * days)
        if moment.hour >= _CLOSES:
            moment += _DAY
        if not _OPENS <= moment.hour < _CLOSES:
            moment = moment.replace(hour=_OPENS, minute=self.number * 7 % 60)
        self.clock = min(moment.astimezone(UTC), self.last)
        return self.clock

    def told(self, code: str) -> str:
        """A canned reason in the journalist's language."""
        reason = self.rules.reason(code)
        return reason.text[self.life.journalist.language] if reason else ""

    def through(self) -> None:
        """All authorities approve, stage after stage; now and then one steps back, or asks first."""
        life = self.life
        if self.number % 16 == 5:  # noqa: PLR2004
            life.ask(life.waiting()[0], self.told("letter_missing"), ["file:assignment_letter"], self.later(0.5))
            life.answer("Đã gửi lại giấy giới thiệu có chữ ký.", self.later(0.5))
        if self.number % 17 == 0 and len(life.waiting()) > 1:
            ground = "Người phụ trách từng công tác tại cơ quan báo chí này."
            life.say(life.waiting()[-1], _V.ABSTAIN, self.later(0.6), ground=ground)
        while waiting := life.waiting():
            for review in waiting:
                life.say(review, _V.APPROVE, self.later(0.35))
            self.later(0.4)

    def approved(self) -> None:
        self.through()
        life = self.life
        one_day = life.application.class_code == "one_day"
        on = [date.fromisoformat(life.application.answers["days_wanted"][0])] if one_day else None
        zones = tuple(life.application.zones_wanted)
        life.decide(_S.APPROVED, self.later(0.3), zones=zones, on=on)

    def conditions(self) -> None:
        """The last authority ties its approval to something, and the office grants within it."""
        life = self.life
        while len(life.waiting()) > 1 or any(one.state is ReviewState.WAITING for one in life.reviews):
            life.say(life.waiting()[0], _V.APPROVE, self.later(0.4))
        in_c = "C" in life.application.zones_wanted
        zones = ["A", "B"] if in_c else []
        code = "zone_limited" if in_c else "escort"
        ground = "Khu C đã đủ số người." if in_c else "Có thiết bị phát sóng."
        life.say(life.waiting()[0], _V.CONDITIONS, self.later(0.4), ground=ground, zones=zones, escort=not in_c)
        granted = tuple(zones) or tuple(life.application.zones_wanted)
        reason = self.told(code)
        state = _S.APPROVED_WITH_CONDITIONS
        life.decide(state, self.later(0.3), reason=reason, reason_code=code, zones=granted, escort=not in_c)

    def in_review(self) -> None:
        """Some have spoken, or all of them; some have spoken and the application was changed since."""
        life = self.life
        kind = self.number % 5
        if kind == 0:
            self.through()
        elif kind == 1:
            life.say(life.waiting()[0], _V.REJECT, self.later(0.8), ground=self.told("not_press"))
        else:
            life.say(life.waiting()[0], _V.APPROVE, self.later(0.7))
            while kind == 2 and self._can_go_on():  # noqa: PLR2004
                life.say(life.waiting()[0], _V.APPROVE, self.later(0.3))
            if kind == 3:  # noqa: PLR2004
                life.change(frozenset({"media_role", "zones_wanted"}), self.later(0.3))

    def _can_go_on(self) -> bool:
        """Whether somebody may speak and somebody else is still to come."""
        return sum(one.state in (ReviewState.OPEN, ReviewState.WAITING) for one in self.life.reviews) > 1

    def questions(self) -> None:
        """Whoever sees what is wrong asks; every fourth time the office does, and all clocks stand still."""
        life, kind = self.life, self.number % 4
        code, field = _ASKED[kind]
        while kind == 1 and life.waiting() and not self._seeing(field):
            life.approve(self.later(0.6))
        seeing = self._seeing(field)
        asks = None if kind == 2 or not seeing else seeing[0]  # noqa: PLR2004
        life.ask(asks, self.told(code), [field], self.later(0.8))

    def _seeing(self, field: str) -> list[Review]:
        """The reviews whose turn it is and whose authority is shown the field."""
        return [one for one in self.life.waiting() if field in self.life.rule.authority(one.authority).sees]

    def waitlisted(self) -> None:
        self.through()
        code = ("cap_full", "quota_full")[self.number % 2]
        self.life.decide(_S.WAITLISTED, self.later(0.3), reason=self.told(code), reason_code=code)

    def rejected(self) -> None:
        """An authority refuses, at once or in the last stage; or the office sees that it is no press."""
        life, kind = self.life, self.number % 3
        if kind:
            if kind == 1 and self._can_go_on():
                life.approve(self.later(0.7))
            binding = life.waiting() or life.reviews
            life.say(binding[-1], _V.REJECT, self.later(0.7), ground="Không thuộc đối tượng cấp thẻ của sự kiện.")
        life.decide(_S.REJECTED, self.later(0.5), reason=self.told("not_press"), reason_code="not_press")

    def withdrawn(self) -> None:
        if self.number % 2:
            self.life.say(self.life.waiting()[0], _V.APPROVE, self.later(0.5))
        self.life.withdraw(self.later(0.5))
