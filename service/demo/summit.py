"""A summit of three days around today with 600 applications of the press, delegates, guests and staff."""

from datetime import date, time

from service.demo import badges, beside, doors, names, press
from service.demo.beside import add_event
from service.demo.stage import Stage
from service.domain.events import Event, EventKind, Occurrence
from service.domain.passes import Category, EntryPass, PassState
from service.store import passes as pass_store
from service.usecases import audit, events, keys, passes
from service.usecases.events import Stop
from service.usecases.passes import Wish

_OPENED = -40
"""The day on which the summit was entered, from today."""
STEPS = press.APPLICATIONS + 3 + badges.STEPS + beside.STEPS


async def play(stage: Stage) -> None:
    """The summit with its press, then the events beside it."""
    summit, days = await _summit(stage)
    stage.step(summit.title_vi)
    everyone = await press.play(stage, summit, stage.at(stage.day(_OPENED), 10))
    await _delegates(stage, summit)
    await badges.dress(stage, summit)
    await badges.issue_further(stage, summit, [device for _, device in days])
    await _at_the_gates(stage, summit, days)
    await beside.play(stage, everyone)


async def _summit(stage: Stage) -> tuple[Event, list[tuple[Occurrence, doors.DemoDevice]]]:
    opened = stage.at(stage.day(_OPENED), 9)
    event = await add_event(
        stage,
        EventKind.POLITICAL_DIPLOMATIC,
        "Diễn đàn Hợp tác Biển Đông Nam Á (dữ liệu mẫu)",
        "South-East Asian Maritime Cooperation Forum (sample data)",
        closes_at=stage.at(stage.day(1), 17),
        now=opened,
    )
    houses = []
    for key, label, first in (("v01", "Phiên toàn thể", -1), ("v07", "Trung tâm báo chí", -1)):
        stop = await events.add_occurrence(
            stage.session,
            access=stage.access(),
            event_id=event.id,
            stop=Stop(stage.venues[key], stage.day(first), stage.day(1)),
            facts={
                "label_vi": label,
                "label_en": "Plenary" if key == "v01" else "Press centre",
                "daily_from": time(7),
                "daily_to": time(18),
            },
            copy_layout=True,
            now=opened,
        )
        houses.append((stop, await doors.enrol(stage, stop, f"{label} - máy 1", stage.day(first))))
    await keys.ensure_key(stage.session, event_id=event.id, vault=stage.vault, now=opened)
    return event, houses


async def _delegates(stage: Stage, event: Event) -> None:
    wishes = [Wish(names.person(stage.random), "Đoàn đại biểu", Category.DELEGATE, ("A", "C")) for _ in range(90)]
    wishes += [Wish(names.foreigner(stage.random), "Guest", Category.GUEST, ("A",)) for _ in range(30)]
    wishes += [
        Wish(names.person(stage.random), "Ban tổ chức", Category.STAFF, ("A", "B", "C", "D", "E")) for _ in range(25)
    ]
    actor = audit.staff(stage.access())
    at = stage.at(stage.day(-3), 10)
    issued = await passes.issue_many(
        stage.session, event=event, wishes=wishes, actor=actor, vault=stage.vault, now=at, tell=False
    )
    await passes.change_state(
        stage.session,
        actor=actor,
        entry_pass=issued[0],
        to_state=PassState.SUSPENDED,
        ground="Báo mất thẻ, đang tìm",
        authority="Ban tổ chức",
        now=stage.at(stage.day(-1), 7),
    )
    stage.step(event.title_vi)


async def _at_the_gates(stage: Stage, event: Event, houses: list[tuple[Occurrence, doors.DemoDevice]]) -> None:
    """Yesterday and today up to now: press, delegates and guests at every zone."""
    everyone = [
        entry_pass
        for category in (Category.PRESS, Category.DELEGATE, Category.GUEST, Category.STAFF)
        for entry_pass in await pass_store.list_passes(stage.session, event_id=event.id, category=category, limit=1000)
    ]
    for on in (stage.day(-1), stage.today):
        for _, device in houses:
            for zone in device.gates:
                coming = [one for one in everyone if one.issued_at < stage.at(on, 7) and _comes(stage, one, on, zone)]
                await doors.scan_day(stage, device, on, coming, zone=zone)
    stage.step(event.title_vi)


def _comes(stage: Stage, entry_pass: EntryPass, on: date, zone: str) -> bool:
    """Most come when and where their pass lets them; a few try where it doesn't."""
    if entry_pass.valid_days is not None and on not in entry_pass.valid_days:
        return False
    return stage.random.random() < (0.6 if zone in entry_pass.zones else 0.01)
