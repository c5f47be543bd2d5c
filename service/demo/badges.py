"""How the summit's badges look, and its passes of further kinds: a day, standing, groups, revoked, replaced."""

from datetime import datetime, time, timedelta
from typing import Any

from service.demo import names, pictures
from service.demo.doors import DemoDevice
from service.demo.stage import Stage
from service.domain.door import Device
from service.domain.events import Event
from service.domain.passes import Category, EntryPass, PassState
from service.store import events as event_store
from service.store import passes as pass_store
from service.usecases import audit, badges, passes, revocations
from service.usecases.passes import Wish

STEPS = 3
_PORTRAITS = 40
_HOST = "host_broadcaster"
_HEAD = "delegation_head"
_CLASSES = {
    _HOST: (Category.PRESS, "Đài chủ nhà", "Host broadcaster", "#8A3B00"),
    _HEAD: (Category.DELEGATE, "Trưởng đoàn", "Head of delegation", "#4B2E83"),
}
_SCHOOLS = (
    ("Trường THCS Sóng Xanh", 42),
    ("Trường THPT Hải Đăng", 38),
    ("Trường Tiểu học Cánh Buồm", 35),
)


async def dress(stage: Stage, event: Event) -> None:
    """Two classes of the event's own, its logo, and portraits of some of its press."""
    at = stage.at(stage.day(-12), 9)
    for code, (category, name_vi, name_en, colour) in _CLASSES.items():
        facts = {"category": category, "name_vi": name_vi, "name_en": name_en, "colour": colour}
        await badges.keep_class(stage.session, access=stage.access(), event_id=event.id, code=code, facts=facts, now=at)
    await badges.keep_logo(
        stage.session, access=stage.access(), event_id=event.id, content=pictures.logo(), vault=stage.vault, now=at
    )
    stage.step(event.title_vi)
    for number, one in enumerate(await _press(stage, event, limit=_PORTRAITS)):
        await badges.keep_portrait(
            stage.session,
            access=stage.access(),
            pass_id=one.id,
            content=pictures.portrait(number),
            vault=stage.vault,
            now=at,
        )
    stage.step(event.title_vi)


async def _press(stage: Stage, event: Event, *, limit: int) -> list[EntryPass]:
    return await pass_store.list_passes(
        stage.session, event_id=event.id, category=Category.PRESS, state=PassState.ACTIVE, limit=limit
    )


async def issue_further(stage: Stage, event: Event, devices: list[DemoDevice]) -> None:
    """Passes of further kinds, and what becomes of three; one device hears of it, the others have older lists."""
    at = stage.at(stage.day(-1), 8)
    for device in devices:
        await _fetch_list(stage, event, device, at - timedelta(minutes=50))
    issued = await passes.issue_many(
        stage.session,
        event=event,
        wishes=[*_wishes(stage), *_groups(stage)],
        actor=audit.staff(stage.access()),
        vault=stage.vault,
        now=at,
        tell=False,
    )
    left, misspelt, *_ = issued
    await passes.move_pass(
        stage.session,
        access=stage.access(),
        pass_id=left.id,
        to_state=PassState.REVOKED,
        ground="Khách báo không tham dự",
        authority="Ban tổ chức",
        now=at + timedelta(hours=1),
    )
    await _replace(stage, misspelt, "Sửa họ tên", {"holder_name": f"{misspelt.holder_name} Anh"})
    (broadcaster,) = await _press(stage, event, limit=1)
    await _replace(stage, broadcaster, "Đổi hạng thẻ", {"class_code": _HOST})
    await _fetch_list(stage, event, devices[0], stage.now - timedelta(minutes=2))
    stage.step(event.title_vi)


def _wishes(stage: Stage) -> list[Wish]:
    """Two guests, heads of delegations, a guest of one morning, and technicians who come on every day."""
    guests = [Wish(names.person(stage.random), "Khách mời", Category.GUEST, ("A",)) for _ in range(2)]
    heads = [
        Wish(names.foreigner(stage.random), "Delegation", Category.DELEGATE, ("A", "C"), class_code=_HEAD)
        for _ in range(3)
    ]
    morning = Wish(
        names.person(stage.random),
        "Khách dự lễ khai mạc",
        Category.GUEST,
        ("A", "C"),
        valid_days=(stage.today,),
        daily_from=time(7),
        daily_to=time(12),
    )
    standing = Wish(
        names.person(stage.random),
        "Đội kỹ thuật âm thanh",
        Category.STAFF,
        ("A", "E"),
        valid_from=stage.at(stage.day(-1), 6),
        valid_until=stage.at(stage.day(1), 22),
    )
    return [*guests, *heads, morning, standing]


def _groups(stage: Stage) -> list[Wish]:
    """A voucher for each school: its teacher's name, how many come, and no pupil's name."""
    return [
        Wish(names.person(stage.random), school, Category.PUPIL, ("A",), valid_days=(stage.today,), heads=heads)
        for school, heads in _SCHOOLS
    ]


async def _replace(stage: Stage, old: EntryPass, ground: str, changes: dict[str, Any]) -> None:
    await passes.replace_pass(
        stage.session,
        access=stage.access(),
        pass_id=old.id,
        ground=ground,
        authority="Ban tổ chức",
        vault=stage.vault,
        now=stage.at(stage.day(-1), 10),
        changes=changes,
        tell=False,
    )


async def _fetch_list(stage: Stage, event: Event, device: DemoDevice, at: datetime) -> None:
    found = await event_store.get(stage.session, Device, device.id, "device")
    await revocations.fetch_list(stage.session, device=found, event_id=event.id, since=None, vault=stage.vault, now=at)
