"""A summit of three days around today with 600 accreditations, a seminar, and a press conference in draft."""

from datetime import datetime, time, timedelta
from uuid import UUID

from service.demo import badges, doors, names
from service.demo.stage import Stage
from service.domain.accounts import Role
from service.domain.accreditation import ApplicationState, Journalist, MediaRole, OutletKind
from service.domain.events import Event, EventKind, EventState, Occurrence
from service.domain.passes import Category, EntryPass, PassState
from service.store import passes as pass_store
from service.store import vault
from service.usecases import accreditation, audit, events, keys, passes
from service.usecases.accreditation import DecisionWish, OutletFacts, Registration
from service.usecases.events import Stop
from service.usecases.passes import Wish

_S = ApplicationState
_STATES: tuple[tuple[ApplicationState, int], ...] = (
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
APPLICATIONS = sum(count for _, count in _STATES)
STEPS = APPLICATIONS + 4 + badges.STEPS
_REASONS = {
    _S.APPROVED_WITH_CONDITIONS: "Tác nghiệp tại khu C có cán bộ đi cùng.",
    _S.NEEDS_INFORMATION: "Đề nghị bổ sung giấy giới thiệu có chữ ký của lãnh đạo cơ quan báo chí.",
    _S.WAITLISTED: "Cơ quan báo chí đã đủ số lượng thẻ; hồ sơ được đưa vào danh sách chờ.",
    _S.REJECTED: "Hồ sơ nộp không đúng đối tượng: sự kiện không có hoạt động quay phim tại khu vực đăng ký.",
    _S.REVOKED: "Cho người khác mượn thẻ tại cổng báo chí.",
}


async def play(stage: Stage) -> None:
    """The summit with its press, then a seminar with two sittings, then what is still a draft."""
    summit, days = await _summit(stage)
    stage.step(summit.title_vi)
    await _press(stage, summit)
    await _delegates(stage, summit)
    await badges.dress(stage, summit)
    await badges.issue_further(stage, summit, [device for _, device in days])
    await _at_the_gates(stage, summit, days)
    await _seminar(stage)
    await _draft(stage)


async def _summit(stage: Stage) -> tuple[Event, list[tuple[Occurrence, doors.DemoDevice]]]:
    opened = stage.at(stage.day(-40), 9)
    event = await _event(
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


async def _event(
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


async def _press(stage: Stage, event: Event) -> None:
    """600 journalists apply over a month and are decided on, each step at its own time."""
    outlets = names.outlets()
    # Nobody signs in as them: their password is not kept anywhere, but for the first one's.
    nobody = vault.NOBODYS_HASH
    wanted = [state for state, count in _STATES for _ in range(count)]
    stage.random.shuffle(wanted)
    for number, state in enumerate(wanted):
        at = stage.at(stage.day(-30 + number * 28 // APPLICATIONS), 8 + number % 9, number % 60)
        journalist = await _journalist(stage, number, outlets[number * 7 % len(outlets)], nobody, at)
        await _application(stage, event, journalist, state, number, at)
        stage.step(journalist.full_name)


async def _journalist(
    stage: Stage, number: int, outlet: tuple[str, str, str], password_hash: str, at: datetime
) -> Journalist:
    name, kind, country = outlet
    full_name = names.person(stage.random) if country == "VN" else names.foreigner(stage.random)
    first = number == 0
    return await accreditation.register(
        stage.session,
        facts=Registration(
            full_name=full_name,
            email="journalist@demo.biendao.vn" if first else f"nhabao{number:03d}@demo.biendao.vn",
            password_hash=vault.hash_password("biendao-demo-2026") if first else password_hash,
            phone="",
            outlet=OutletFacts(name, OutletKind(kind), country),
            press_card_number=f"{100000 + number}",
            press_card_expires_on=stage.day(900),
            language="vi" if country == "VN" else "en",
        ),
        secrets=stage.vault,
        now=at,
    )


async def _application(
    stage: Stage, event: Event, journalist: Journalist, state: ApplicationState, number: int, at: datetime
) -> None:
    zones = ["A", "B", "C"] if number % 3 == 0 else ["A", "B"]
    made = await accreditation.apply(
        stage.session,
        journalist=journalist,
        event_id=event.id,
        media_role=list(MediaRole)[number % len(MediaRole)],
        zones=zones,
        note="",
        now=at,
    )
    if state is _S.WITHDRAWN:
        later = at + timedelta(days=1)
        await accreditation.withdraw(stage.session, journalist=journalist, application_id=made.id, now=later)
    elif state is not _S.SUBMITTED:
        await _decide(stage, made.id, state, zones, min(at + timedelta(days=2, hours=3), stage.now))


async def _decide(stage: Stage, application_id: UUID, state: ApplicationState, zones: list[str], at: datetime) -> None:
    path = [_S.APPROVED, _S.REVOKED] if state is _S.REVOKED else [state]
    for to_state in path:
        await accreditation.decide(
            stage.session,
            access=stage.access(Role.REVIEWER),
            application_id=application_id,
            wish=DecisionWish(to_state, _REASONS.get(to_state, ""), zones=tuple(zones)),
            now=at,
            tell=False,
        )
        if to_state in (_S.APPROVED, _S.APPROVED_WITH_CONDITIONS):
            await accreditation.issue_pass(
                stage.session,
                access=stage.access(),
                application_id=application_id,
                secrets=stage.vault,
                now=at,
                tell=False,
            )


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
                coming = [one for one in everyone if one.issued_at < stage.at(on, 7) and _comes(stage, one, zone)]
                await doors.scan_day(stage, device, on, coming, zone=zone)
    stage.step(event.title_vi)


def _comes(stage: Stage, entry_pass: EntryPass, zone: str) -> bool:
    """Most come where their pass lets them; a few try where it doesn't."""
    return stage.random.random() < (0.6 if zone in entry_pass.zones else 0.01)


async def _seminar(stage: Stage) -> None:
    opened = stage.at(stage.day(-25), 9)
    event = await _event(
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


async def _draft(stage: Stage) -> None:
    await _event(
        stage,
        EventKind.PRESS_CONFERENCE,
        "Họp báo giới thiệu chương trình biển, đảo năm tới",
        "Press conference on next year's seas and islands programme",
        closes_at=None,
        now=stage.now,
        is_open=False,
    )
    stage.step("")
