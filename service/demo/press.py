"""The summit's press: 600 applications in every state, what each authority has said of them, and what was decided."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from service.demo import authorities, courses, lives, papers, people, writing
from service.demo.courses import PLAN
from service.demo.lives import Life
from service.demo.people import Press
from service.demo.stage import Stage
from service.domain.accounts import Role
from service.domain.accreditation import (
    GRANTED,
    AccreditationPlan,
    Application,
    ApplicationState,
    MediaRole,
    Outlet,
    Rules,
)
from service.domain.events import Event
from service.usecases import accreditation, audit, passes
from service.usecases.accreditation import DecisionWish

_S = ApplicationState
CLASSES = ("domestic", "resident_foreign", "visiting_foreign", "technician", "official_media", "one_day")
CAPS = {"": 416, "domestic": 200, "visiting_foreign": 20}
APPLICATIONS = len(PLAN)
_AT_ONCE = 60
_W, _P, _C, _T = MediaRole
_ROLES = (_W, _P, _C, _W, _P, _C, _W, _T)


@dataclass
class _Room:
    """How many of each outlet have been granted a place in each class, and in which role."""

    rules: Rules
    by_outlet: Counter[tuple[UUID, str]] = field(default_factory=Counter)
    by_role: Counter[tuple[UUID, str, MediaRole]] = field(default_factory=Counter)

    def fits(self, code: str, outlet: Outlet, role: MediaRole) -> bool:
        quota = self.rules.of(code).quota
        limit, for_role = quota.limit(outlet.kind), quota.per_role.get(role)
        return (limit is None or self.by_outlet[outlet.id, code] < limit) and (
            for_role is None or self.by_role[outlet.id, code, role] < for_role
        )

    def take(self, code: str, outlet: Outlet, role: MediaRole) -> None:
        self.by_outlet[outlet.id, code] += 1
        self.by_role[outlet.id, code, role] += 1


async def play(stage: Stage, event: Event, opened: datetime) -> list[Life]:
    """Accreditation opens, 600 journalists apply over a month, and each application goes its own way."""
    plan, rules = await authorities.open_to_the_press(
        stage, event, CLASSES, CAPS, closes_at=stage.at(stage.day(1), 17), now=opened
    )
    press, room = await people.add_outlets(stage, opened), _Room(rules)
    everyone: list[Life] = []
    for start in range(0, APPLICATIONS, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, APPLICATIONS))
        played = [_one(stage, event, plan, press, room, number) for number in numbers]
        await lives.keep(stage, played)
        await _consents(stage, played, start)
        await _issue(stage, event, played)
        everyone += played
    await _revoke(stage, everyone)
    await papers.add_further(stage, everyone)
    return everyone


def _one(stage: Stage, event: Event, plan: AccreditationPlan, press: Press, room: _Room, number: int) -> Life:
    at, state, outlet = _submitted_at(stage, number), PLAN[number], press.of(number)
    person = people.journalist(stage, number, outlet, at)
    role = _ROLES[(number + number // len(press.outlets)) % len(_ROLES)]
    choices, gets_place = _choices(outlet, role, number), state in GRANTED or state is _S.REVOKED
    code = next(one for one in choices if not gets_place or room.fits(one, outlet, role))
    if gets_place:
        room.take(code, outlet, role)
    rule = room.rules.of(code)
    application = Application(
        event_id=event.id,
        journalist_id=person.id,
        class_code=code,
        rule_set_id=plan.rule_set_id,
        state=_S.DRAFT,
        version=2,
        media_role=role,
        zones_wanted=["A", "B", "C"] if number % 3 == 0 else ["A", "B"],
        created_at=at - timedelta(minutes=25),
    )
    writing.answer_all(stage, application, person, outlet, rule, number, [stage.day(offset) for offset in (-1, 0, 1)])
    life = Life(stage, rule, application, person, outlet, stage.staff[Role.REVIEWER])
    life.send_in(at)
    courses.run(life, room.rules, state, number, at)
    stage.step(person.full_name)
    return life


def _submitted_at(stage: Stage, number: int) -> datetime:
    """Those that are decided came over a month, those that are not in the last days; nobody writes in the future."""
    settled = courses.SETTLED
    if number < settled:
        return stage.at(stage.day(-30 + number * 25 // settled), 8 + number % 9, number % 60)
    place = number - settled
    at = stage.at(stage.day(-9 + place * 10 // (APPLICATIONS - settled)), 8 + place % 8, number % 60)
    return min(at, stage.now - timedelta(minutes=APPLICATIONS + 5 - number))


def _choices(outlet: Outlet, role: MediaRole, number: int) -> Iterator[str]:
    """The classes that somebody could apply in, the likeliest first; the last one has no quota, or a wide one."""
    if outlet.country != "VN":
        yield ("visiting_foreign", "resident_foreign", "visiting_foreign", "official_media")[number % 4]
        yield from ("resident_foreign", "visiting_foreign", "official_media")
        return
    if role is not MediaRole.TECHNICIAN:
        yield "one_day" if number % 9 == 4 else "domestic"  # noqa: PLR2004
        yield from ("domestic", "one_day")
    yield "technician"


async def _consents(stage: Stage, played: list[Life], start: int) -> None:
    for number, life in enumerate(played, start):
        stage.session.add_all(people.consents(life.journalist, portrait=number in papers.WITH_FILES))
    await stage.session.flush()


async def _issue(stage: Stage, event: Event, played: list[Life]) -> None:
    """The passes of those who were granted, at the moment of the last decision among them."""
    granted = [life for life in played if life.application.state in GRANTED]
    if granted:
        await passes.issue_many(
            stage.session,
            event=event,
            wishes=[passes.wish_of(life.application, life.journalist, life.outlet) for life in granted],
            actor=audit.staff(stage.access()),
            vault=stage.vault,
            now=max(life.decisions[-1].decided_at for life in granted),
            tell=False,
        )


async def _revoke(stage: Stage, everyone: list[Life]) -> None:
    """Some lent their pass to others: the decision ends it."""
    for number, life in enumerate(everyone):
        if PLAN[number] is _S.REVOKED:
            await accreditation.decide(
                stage.session,
                access=stage.access(Role.REVIEWER),
                application_id=life.application.id,
                wish=DecisionWish(_S.REVOKED, "Cho người khác mượn thẻ tại cổng báo chí.", "misuse"),
                now=min(life.decisions[-1].decided_at + timedelta(days=2), stage.now),
                tell=False,
            )
