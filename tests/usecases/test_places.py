"""The register in the database, and the succession that is read from it."""

from datetime import date

import pytest
from sqlalchemy import event, func, select, text, update
from sqlmodel import col

from service.domain.errors import Invalid, NotFound
from service.domain.places import AdminUnit, UnitLevel, UnitLink
from service.domain.register import load_register as read_register
from service.store.database import Database
from service.usecases import places
from service.usecases.places import unit_id


async def test_the_register_is_written_as_it_is_packaged(database: Database) -> None:
    register = read_register()
    async with database.transaction() as session:
        units = {unit.id: unit for unit in await session.scalars(select(AdminUnit))}
        links = {(link.predecessor_id, link.successor_id): link for link in await session.scalars(select(UnitLink))}
    assert set(units) == {unit_id(fact.key) for fact in register.units}
    for fact in register.units:
        kept = units[unit_id(fact.key)]
        for name in ("code", "level", "kind", "name_vi", "name_en", "province_code", "valid_from", "valid_to"):
            assert getattr(kept, name) == getattr(fact, name)
        for name in ("legal_basis", "population", "population_year", "area_km2", "lat", "lon"):
            assert getattr(kept, name) == getattr(fact, name)
        assert kept.parent_id == (unit_id(fact.parent_key) if fact.parent_key else None)
    assert {key: link.share for key, link in links.items()} == {
        (unit_id(fact.predecessor_key), unit_id(fact.successor_key)): fact.share for fact in register.links
    }


def test_a_unit_has_the_same_id_in_every_installation() -> None:
    assert str(unit_id("26740@2025-07-01")) == "bfe1501e-c730-5179-bbde-d2b9990d2828"
    assert unit_id("769@") != unit_id("769@2021-01-01")


async def test_loading_again_writes_only_what_differs(database: Database) -> None:
    thu_duc = unit_id("769@2021-01-01")
    async with database.transaction() as session:
        await session.execute(
            update(AdminUnit).where(col(AdminUnit.id) == thu_duc).values(name_vi="Thành phố Thủ Đúc", folded="x")
        )
        before = {row[0]: row[1] for row in await session.execute(text("SELECT id, xmin::text FROM admin_unit"))}
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    async with database.transaction() as session:
        assert await places.load_register(session) == len(before)
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    assert len(statements) < 10
    async with database.transaction() as session:
        after = {row[0]: row[1] for row in await session.execute(text("SELECT id, xmin::text FROM admin_unit"))}
        mended = await session.get_one(AdminUnit, thu_duc)
        assert (mended.name_vi, mended.folded) == ("Thành phố Thủ Đức", "thanh pho thu duc thu duc city")
        assert await session.scalar(select(func.count()).select_from(AdminUnit)) == len(before)
    assert {id_ for id_, version in after.items() if before[id_] != version} == {thu_duc}


async def test_a_changed_link_is_seen_by_the_next_question(database: Database) -> None:
    district_2, thu_duc = unit_id("769@"), unit_id("769@2021-01-01")
    async with database.transaction() as session:
        assert (await places.succession(session)).restate(
            district_2, date(2023, 1, 1), UnitLevel.DISTRICT
        ).unit_id == thu_duc
        await session.execute(text("DELETE FROM unit_link WHERE predecessor_id = :id"), {"id": district_2})
        restated = (await places.succession(session)).restate(district_2, date(2023, 1, 1), UnitLevel.DISTRICT)
        assert (restated.unit_id, restated.candidates) == (None, ())
        await session.rollback()


async def test_the_level_of_reports_is_that_of_the_day(database: Database) -> None:
    ward, district_1 = unit_id("26740@2025-07-01"), unit_id("760@")
    assert places.reporting_level(date(2025, 6, 30)) is UnitLevel.DISTRICT
    assert places.reporting_level(date(2025, 7, 1)) is UnitLevel.COMMUNE
    async with database.transaction() as session:
        assert (await places.restate(session, unit=ward, on=date(2025, 6, 30), level=None)).unit_id == district_1
        assert (await places.restate(session, unit=ward, on=date(2025, 7, 1), level=None)).unit_id == ward
        with pytest.raises(NotFound):
            await places.restate(session, unit=unit_id("nowhere"), on=date(2025, 7, 1), level=None)


async def test_a_code_finds_the_finest_unit_of_its_day(database: Database) -> None:
    async with database.transaction() as session:
        found = await places.find_unit_by_code(session, code="26737", on=date(2023, 1, 1))
        assert (found.name_vi, found.level) == ("Phường Đa Kao", UnitLevel.COMMUNE)
        found = await places.find_unit_by_code(session, code="26737", on=date(2026, 1, 1))
        assert found.name_vi == "Phường Tân Định"
        with pytest.raises(Invalid) as wrong:
            await places.find_unit_by_code(session, code="769", on=date(2026, 1, 1))
    assert [one.pointer for one in wrong.value.errors] == ["/unit_code"]
