"""Planning, below the web: races, and what is kept on the record."""

import asyncio
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from service.domain.accounts import Access, Organisation, Role
from service.domain.audit import AuditEntry
from service.domain.errors import Conflict, Forbidden, Refusal
from service.domain.events import Event, EventKind, EventState, Occurrence
from service.domain.places import Venue, VenueKind
from service.store.database import Database
from service.store.vault import Vault
from service.usecases import accounts, audit, events, places
from service.usecases.events import Stop
from service.usecases.places import unit_id
from tests.conftest import NOW, PASSWORD, SECRET

VAULT = Vault(SECRET)
SAI_GON = unit_id("26740@2025-07-01")


@pytest.fixture
async def access(database: Database, organisation: Organisation) -> Access:
    """An organiser of the department."""
    async with database.transaction() as session:
        member = await accounts.add_staff(
            session,
            actor=audit.SYSTEM,
            email="ke.hoach@example.vn",
            name="Người Lập Kế Hoạch",
            password=PASSWORD,
            grants=[(organisation.id, Role.ORGANISER)],
            now=NOW,
        )
    return Access(member.id, member.name, member.email, "vi", uuid4(), ((organisation.id, Role.ORGANISER),))


@pytest.fixture
async def planned(database: Database, access: Access, organisation: Organisation) -> tuple[Event, Venue]:
    """A draft and a hall in Sài Gòn Ward."""
    async with database.transaction() as session:
        hall = {"name_vi": "Hội trường", "name_en": "Hall", "kind": VenueKind.HALL, "unit_id": SAI_GON}
        venue = await places.add_venue(session, actor=audit.staff(access), facts=hall, now=NOW)
        event = await events.add_event(
            session,
            access=access,
            facts={
                "organisation_id": organisation.id,
                "kind": EventKind.EXHIBITION,
                "title_vi": "Biển đảo Việt Nam: đẹp và thanh bình",
                "title_en": "",
            },
            now=NOW,
        )
    return event, venue


async def test_of_two_who_move_an_event_at_once_one_does(
    database: Database, access: Access, planned: tuple[Event, Venue]
) -> None:
    event, _ = planned

    async def move() -> str:
        async with database.transaction() as session:
            try:
                await events.move_event(
                    session, access=access, event_id=event.id, state=EventState.OPEN, vault=VAULT, now=NOW
                )
            except Conflict as refusal:
                return refusal.code
        return "open"

    assert sorted(await asyncio.gather(*(move() for _ in range(4)))) == ["illegal_move"] * 3 + ["open"]


async def test_every_step_is_on_the_record_without_names(
    database: Database, access: Access, planned: tuple[Event, Venue]
) -> None:
    event, venue = planned
    async with database.transaction() as session:
        stop = await events.add_occurrence(
            session,
            access=access,
            event_id=event.id,
            stop=Stop(venue.id, date(2026, 11, 20), date(2026, 11, 27)),
            facts={},
            copy_layout=True,
            now=NOW,
        )
        zone = await events.add_zone(
            session,
            access=access,
            occurrence_id=stop.id,
            facts={"code": "A", "name_vi": "Sảnh", "name_en": "Hall"},
            now=NOW,
        )
        gate = await events.add_gate(session, access=access, zone_id=zone.id, facts={"name": "Cổng 1"}, now=NOW)
        await events.change_gate(session, access=access, gate_id=gate.id, changes={"name": "Cổng 2"}, now=NOW)
        await events.change_gate(session, access=access, gate_id=gate.id, changes={"name": "Cổng 2"}, now=NOW)
        await events.remove_occurrence(session, access=access, occurrence_id=stop.id, now=NOW)
    async with database.transaction() as session:
        wanted = select(AuditEntry).where(col(AuditEntry.event_id) == event.id).order_by(col(AuditEntry.id))
        entries = [(one.noun, one.action, one.actor_id, one.details) for one in await session.scalars(wanted)]
    assert entries == [
        ("event", "added", access.staff_id, {}),
        ("occurrence", "added", access.staff_id, {"venue": str(venue.id), "unit": "26740"}),
        ("zone", "added", access.staff_id, {"code": "A"}),
        ("gate", "added", access.staff_id, {"policy": "reentry"}),
        ("gate", "changed", access.staff_id, {"fields": ["name"]}),
        ("occurrence", "removed", access.staff_id, {}),
    ]


async def test_a_refused_stop_leaves_nothing(database: Database, access: Access, planned: tuple[Event, Venue]) -> None:
    event, venue = planned
    stranger = Access(access.staff_id, "", "", "vi", uuid4(), ((uuid4(), Role.ORGANISER),))
    for who, stop, refused in (
        (access, Stop(venue.id, date(2025, 6, 25), date(2025, 7, 5)), Refusal),
        (stranger, Stop(venue.id, date(2026, 11, 20), date(2026, 11, 27)), Forbidden),
    ):
        with pytest.raises(refused):
            async with database.transaction() as session:
                await events.add_occurrence(
                    session, access=who, event_id=event.id, stop=stop, facts={}, copy_layout=True, now=NOW
                )
    async with database.transaction() as session:
        assert list(await session.scalars(select(Occurrence))) == []


async def test_a_venue_on_an_island_is_in_a_special_zone_that_was_a_district(
    database: Database, access: Access, planned: tuple[Event, Venue]
) -> None:
    event, _ = planned
    async with database.transaction() as session:
        place = {
            "name_vi": "Trung tâm Văn hóa Côn Đảo",
            "name_en": "Con Dao Cultural Centre",
            "kind": VenueKind.CULTURAL_CENTRE,
            "unit_id": (await places.find_unit_by_code(session, code="26732", on=date(2026, 1, 1))).id,
        }
        venue = await places.add_venue(session, actor=audit.staff(access), facts=place, now=NOW)
        found = []
        for on in (date(2026, 5, 1), date(2024, 5, 1)):
            stop = await events.add_occurrence(
                session,
                access=access,
                event_id=event.id,
                stop=Stop(venue.id, on, on),
                facts={},
                copy_layout=False,
                now=NOW,
            )
            (unit,) = await places.list_named(session, [stop.unit_id])
            found.append(unit.name_vi)
    assert found == ["Đặc khu Côn Đảo", "Huyện Côn Đảo"]
