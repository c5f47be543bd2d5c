"""Events beside the summit: a seminar, a press conference that takes applications, and one that is still a draft."""

from datetime import datetime, time, timedelta

from service.demo import authorities, doors, lives, names, papers, people, writing
from service.demo.lives import Life
from service.demo.stage import Stage
from service.domain.accounts import Role
from service.domain.accreditation import AccreditationPlan, Application, ApplicationState, MediaRole, Rules
from service.domain.events import Event, EventKind, EventState
from service.domain.passes import Category
from service.usecases import accreditation, audit, events, passes
from service.usecases.accreditation import Changes
from service.usecases.events import Stop
from service.usecases.passes import Wish

STEPS = 3
_CLASSES = ("domestic", "resident_foreign", "one_day")
_IN_DAYS, _OUTLETS = 21, 70


async def play(stage: Stage, everyone: list[Life]) -> None:
    """The seminar with two sittings, the press conference of journalists known from the summit, and the draft."""
    await _seminar(stage)
    await _conference(stage, everyone)
    await _draft(stage)


async def add_event(
    stage: Stage,
    kind: EventKind,
    title_vi: str,
    title_en: str,
    *,
    closes_at: datetime | None,
    now: datetime,
    is_open: bool = True,
) -> Event:
    event = await events.add_event(
        stage.session,
        access=stage.access(),
        facts={
            "organisation_id": stage.organisations["press"],
            "kind": kind,
            "title_vi": title_vi,
            "title_en": title_en,
            "summary_vi": "Sự kiện hư cấu của dữ liệu mẫu.",
            "summary_en": "An invented event of the sample data.",
            "accreditation_closes_at": closes_at,
        },
        now=now,
    )
    if is_open:
        await events.move_event(
            stage.session, access=stage.access(), event_id=event.id, state=EventState.OPEN, vault=stage.vault, now=now
        )
    return event


async def _seminar(stage: Stage) -> None:
    opened = stage.at(stage.day(-25), 9)
    event = await add_event(
        stage,
        EventKind.SEMINAR,
        "Tọa đàm: Báo chí với biển, đảo quê hương",
        "Talk: the press and the seas and islands of home",
        closes_at=None,
        now=opened,
    )
    sittings = []
    for offset, label in ((-10, "Phiên 1"), (7, "Phiên 2")):
        sitting = await events.add_occurrence(
            stage.session,
            access=stage.access(),
            event_id=event.id,
            stop=Stop(stage.venues["v07"], stage.day(offset), stage.day(offset)),
            facts={"label_vi": label, "label_en": label.replace("Phiên", "Sitting")},
            copy_layout=True,
            now=opened,
        )
        sittings.append(
            (sitting, await doors.enrol(stage, sitting, f"Máy {label}", min(stage.day(offset), stage.today)))
        )
    wishes = [Wish(names.person(stage.random), "", Category.DELEGATE, ("A",)) for _ in range(70)]
    actor = audit.staff(stage.access())
    holders = await passes.issue_many(
        stage.session, event=event, wishes=wishes, actor=actor, vault=stage.vault, now=opened, tell=False
    )
    sitting, device = sittings[0]
    await doors.scan_day(stage, device, sitting.opens_on, holders[:55])
    stage.step(event.title_vi)


async def _conference(stage: Stage, everyone: list[Life]) -> None:
    """Two journalists have applied; the focal point has begun for two colleagues, and the rest is left to try."""
    opened = stage.at(stage.day(-3), 9)
    event = await add_event(
        stage,
        EventKind.PRESS_CONFERENCE,
        "Họp báo Tuần lễ Biển và Hải đảo (dữ liệu mẫu)",
        "Press conference on the Week of Seas and Islands (sample data)",
        closes_at=None,
        now=opened,
    )
    await events.add_occurrence(
        stage.session,
        access=stage.access(),
        event_id=event.id,
        stop=Stop(stage.venues["v07"], stage.day(_IN_DAYS), stage.day(_IN_DAYS)),
        facts={"label_vi": "Họp báo", "label_en": "Press conference", "daily_from": time(8), "daily_to": time(12)},
        copy_layout=True,
        now=opened,
    )
    plan, rules = await authorities.open_to_the_press(
        stage, event, _CLASSES, {"": 80}, closes_at=stage.at(stage.day(_IN_DAYS - 3), 17), now=opened
    )
    applied = [_apply(stage, event, plan, rules, everyone[number], number) for number in (1, 2)]
    await lives.keep(stage, applied)
    for number, life in enumerate(applied, 1):
        await papers.add_files(stage, life, number, life.application.created_at)
    await _begin_for_others(stage, event, everyone)
    stage.step(event.title_vi)


def _apply(stage: Stage, event: Event, plan: AccreditationPlan, rules: Rules, known: Life, number: int) -> Life:
    """Somebody known from the summit applies again."""
    at = min(stage.at(stage.day(-2), 9 + number), stage.now)
    rule = rules.of("domestic" if known.outlet.country == "VN" else "resident_foreign")
    application = Application(
        event_id=event.id,
        journalist_id=known.journalist.id,
        class_code=rule.code,
        rule_set_id=plan.rule_set_id,
        state=ApplicationState.DRAFT,
        version=2,
        media_role=MediaRole.WRITER,
        zones_wanted=["A", "B"],
        created_at=at - timedelta(minutes=25),
    )
    writing.answer_all(stage, application, known.journalist, known.outlet, rule, number, [stage.day(_IN_DAYS)])
    life = Life(stage, rule, application, known.journalist, known.outlet, stage.staff[Role.REVIEWER])
    life.send_in(at)
    return life


async def _begin_for_others(stage: Stage, event: Event, everyone: list[Life]) -> None:
    acting = everyone[people.FOCAL_NUMBER].journalist
    at = min(stage.at(stage.day(-1), 10), stage.now)
    for colleague in (everyone[_OUTLETS].journalist, everyone[2 * _OUTLETS].journalist):
        draft = await accreditation.start(
            stage.session,
            journalist=acting,
            event_id=event.id,
            class_code="domestic",
            now=at,
            for_journalist=colleague,
        )
        await accreditation.write(
            stage.session,
            journalist=acting,
            application_id=draft.id,
            version=draft.version,
            changes=Changes(zones_wanted=("A", "B"), answers={"assignment": "Đưa tin họp báo.", "birth_year": "1988"}),
            secrets=stage.vault,
            now=at,
        )


async def _draft(stage: Stage) -> None:
    await add_event(
        stage,
        EventKind.PRESS_CONFERENCE,
        "Họp báo giới thiệu chương trình biển, đảo năm tới",
        "Press conference on next year's seas and islands programme",
        closes_at=None,
        now=stage.now,
        is_open=False,
    )
    stage.step("")
