"""The city itself: organisations, staff, venues, and the load of everything in one transaction."""

from datetime import datetime

from service.demo import authorities, exhibitions, facts, people, summit
from service.demo.people import PASSWORD
from service.demo.stage import Progress, Stage
from service.domain.accounts import OrganisationKind, Role
from service.domain.events import EntryPolicy
from service.settings import Settings
from service.store.database import Database, driver_of
from service.store.vault import Vault
from service.usecases import accounts, audit, places

SIGN_INS: tuple[tuple[str, str, str], ...] = (
    ("admin", "admin@demo.biendao.vn", PASSWORD),
    ("organiser", "organiser@demo.biendao.vn", PASSWORD),
    ("reviewer", "reviewer@demo.biendao.vn", PASSWORD),
    ("door lead", "door@demo.biendao.vn", PASSWORD),
    ("viewer", "viewer@demo.biendao.vn", PASSWORD),
    *((desk.sign_in, desk.email, PASSWORD) for desk in authorities.DESKS),
    ("journalist", people.JOURNALIST, PASSWORD),
    ("focal point", people.FOCAL_POINT, PASSWORD),
)
_ORGANISATIONS = (
    ("department", "Sở Văn hóa và Thể thao", "Department of Culture and Sports", OrganisationKind.DEPARTMENT),
    ("press", "Trung tâm Báo chí Thành phố", "City Press Centre", OrganisationKind.PRESS_CENTRE),
    ("museum", "Bảo tàng Thành phố Hồ Chí Minh", "Ho Chi Minh City Museum", OrganisationKind.MUSEUM),
    ("remnants", "Bảo tàng Chứng tích Chiến tranh", "War Remnants Museum", OrganisationKind.MUSEUM),
    ("ward", "Ủy ban nhân dân phường Sài Gòn", "People's Committee of Sai Gon Ward", OrganisationKind.UNIT),
)
_STAFF = (
    (Role.ADMIN, "Quản Trị Hải", None),
    (Role.ORGANISER, "Tổ Chức Khơi", None),
    (Role.REVIEWER, "Thẩm Định Sóng", None),
    (Role.DOOR_LEAD, "Trưởng Cổng Buồm", None),
    (Role.VIEWER, "Xem Báo Cáo", None),
)


async def load(database_url: str, settings: Settings, progress: Progress, now: datetime) -> None:
    """Plays the demo city into an empty database, all of it or nothing."""
    database = Database(database_url, pool=2)
    try:
        async with database.transaction() as session:
            stage = Stage(
                session=session,
                connection=await driver_of(session),
                vault=Vault(settings.secret_key),
                now=now,
                progress=progress,
                steps=summit.STEPS + exhibitions.STEPS + len(facts.venues()),
            )
            await _people(stage)
            await _venues(stage)
            await exhibitions.play(stage)
            await summit.play(stage)
    finally:
        await database.close()


async def _people(stage: Stage) -> None:
    for key, name_vi, name_en, kind in _ORGANISATIONS:
        made = await accounts.add_organisation(
            stage.session, actor=audit.SYSTEM, name_vi=name_vi, name_en=name_en, kind=kind, now=stage.now
        )
        stage.organisations[key] = made.id
    addresses = {role: email for role, (_, email, _) in zip([role for role, *_ in _STAFF], SIGN_INS, strict=False)}
    for role, name, organisation_id in _STAFF:
        member = await accounts.add_staff(
            stage.session,
            actor=audit.SYSTEM,
            email=addresses[role],
            name=name,
            password=PASSWORD,
            grants=[(organisation_id, role)],
            now=stage.now,
        )
        stage.staff[role] = member.id
    await authorities.add(stage, PASSWORD)


_SUMMIT_HALL = "v01"
_PRESS_CENTRE = "v07"


async def _venues(stage: Stage) -> None:
    for fact in facts.venues():
        made = await places.add_venue(
            stage.session,
            actor=audit.SYSTEM,
            facts={
                "name_vi": fact.name_vi,
                "name_en": fact.name_en,
                "kind": fact.kind,
                "address": fact.address,
                "unit_id": places.unit_id(fact.ward_key or fact.district_key),
                "lat": fact.lat,
                "lon": fact.lon,
                "capacity": fact.capacity,
                "hours": "08:00-17:00",
                "layout": _layout(fact.key, fact.capacity),
                "source": fact.source,
            },
            now=stage.now,
        )
        stage.venues[fact.key] = made.id
        stage.step(fact.name_vi)


def _layout(key: str, capacity: int) -> list[dict[str, object]]:
    """Zones and gates: one hall for an exhibition, the whole range for the summit's two houses."""
    once, again = EntryPolicy.ONCE_PER_DAY.value, EntryPolicy.REENTRY.value
    hall = _zone("A", "Khu trưng bày", "Exhibition hall", capacity, [("Cổng chính", EntryPolicy.OPEN.value)])
    if key == _PRESS_CENTRE:
        return [
            _zone("A", "Hội trường", "Conference hall", capacity, [("Cửa chính", again)]),
            _zone("B", "Trung tâm báo chí", "Press centre", 220, [("Cổng báo chí", again)]),
        ]
    if key != _SUMMIT_HALL:
        return [hall]
    return [
        _zone("A", "Sảnh chung", "Public hall", capacity, [("Cổng số 1", again), ("Cổng số 2", again)]),
        _zone("B", "Khu tác nghiệp báo chí", "Press working area", 400, [("Cổng báo chí", again)]),
        _zone("C", "Khu lễ đón", "Ceremony and stand-up line", 120, [("Cổng lễ đón", again)]),
        _zone("D", "Khu vực nhóm chung", "Pool area", 40, [("Cửa nhóm chung", once)]),
        _zone("E", "Hậu trường", "Backstage", None, [("Cửa kỹ thuật", again)]),
    ]


def _zone(
    code: str, name_vi: str, name_en: str, capacity: int | None, gates: list[tuple[str, str]]
) -> dict[str, object]:
    drawn = [{"name": name, "policy": policy} for name, policy in gates]
    return {"code": code, "name_vi": name_vi, "name_en": name_en, "capacity": capacity, "gates": drawn}
