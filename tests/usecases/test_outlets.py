"""The register of outlets: one outlet under all its names, its focal points, and two that become one."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    ApplicationState,
    FocalPoint,
    Journalist,
    Outlet,
    OutletAlias,
    OutletKind,
)
from service.domain.audit import AuditEntry
from service.domain.errors import Conflict, Forbidden, Invalid, NotFound
from service.store import outlets as store
from service.store import reviews as review_store
from service.store.database import Database
from service.usecases import accreditation
from service.usecases.accreditation import OutletFacts, outlets
from service.usecases.accreditation.outlets import OutletChange
from service.usecases.overview import Turn
from tests import press_story as press
from tests.conftest import NOW
from tests.press_story import PressStory

WAVE, RADIO = "Báo Sóng Xanh", "Đài Biển Khơi"


def facts(name: str = WAVE, **more: Any) -> OutletChange:
    known: dict[str, Any] = {"kind": OutletKind.PRINT, "country": "VN"} | more
    return OutletChange(name, **known)


async def two(session: AsyncSession) -> tuple[PressStory, Outlet, Outlet]:
    story = await press.open_press(session)
    return story, await press.make_outlet(session, WAVE), await press.make_outlet(session, RADIO)


async def names_of(session: AsyncSession, outlet: Outlet) -> list[str]:
    return [one.name for one in await store.list_aliases(session, outlet.id)]


async def found_as(session: AsyncSession, name: str) -> Outlet:
    outlet_facts = OutletFacts(name, OutletKind.ONLINE, "VN")
    return await accreditation.find_or_add_outlet(session, facts=outlet_facts, now=NOW)


async def test_a_new_name_keeps_the_old_one_as_another(database: Database) -> None:
    async with database.transaction() as session:
        story, outlet, _ = await two(session)
        wish = facts("Sóng Xanh Online", kind=OutletKind.ONLINE, languages=("vi", "en"), host_broadcaster=True)
        await outlets.change(session, access=story.organiser, outlet_id=outlet.id, wish=wish, now=NOW)
        assert (outlet.kind, outlet.languages, outlet.host_broadcaster) == (OutletKind.ONLINE, ["en", "vi"], True)
        assert await names_of(session, outlet) == [WAVE]
        for name in (WAVE, "bao song xanh", "SÓNG XANH ONLINE"):
            assert (await found_as(session, name)).id == outlet.id
        await outlets.change(session, access=story.organiser, outlet_id=outlet.id, wish=facts(), now=NOW)
        assert (outlet.name, await names_of(session, outlet)) == (WAVE, ["Sóng Xanh Online"])


async def test_a_name_belongs_to_one_outlet(database: Database) -> None:
    async with database.transaction() as session:
        story, outlet, other = await two(session)
        access = story.organiser
        alias = await outlets.add_alias(session, access=access, outlet_id=outlet.id, name="BSX", now=NOW)
        for taken in (RADIO, "dai bien khoi", "bsx"):
            with pytest.raises(Conflict, match="already_exists"):
                await outlets.add_alias(session, access=access, outlet_id=outlet.id, name=taken, now=NOW)
        with pytest.raises(Conflict, match=f"already_exists: {WAVE}"):
            await outlets.change(session, access=access, outlet_id=other.id, wish=facts("BSX"), now=NOW)
        with pytest.raises(Invalid):
            await outlets.add_alias(session, access=access, outlet_id=outlet.id, name="…", now=NOW)
        with pytest.raises(NotFound):
            await outlets.remove_alias(session, access=access, outlet_id=other.id, alias_id=alias.id, now=NOW)
        await outlets.remove_alias(session, access=access, outlet_id=outlet.id, alias_id=alias.id, now=NOW)
        await outlets.add_alias(session, access=access, outlet_id=other.id, name="BSX", now=NOW)
        assert (await found_as(session, "BSX")).id == other.id


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        (facts(country="Việt Nam"), "/country"),
        (facts(languages=("vietnamese",)), "/languages"),
        (facts("…"), "/name"),
    ],
)
async def test_facts_that_cannot_be(database: Database, wish: OutletChange, pointer: str) -> None:
    async with database.transaction() as session:
        story, outlet, _ = await two(session)
        with pytest.raises(Invalid) as refusal:
            await outlets.change(session, access=story.organiser, outlet_id=outlet.id, wish=wish, now=NOW)
        assert [one.pointer for one in refusal.value.errors] == [pointer]


async def test_only_who_sets_accreditation_up_keeps_the_register(database: Database) -> None:
    async with database.transaction() as session:
        story, outlet, other = await two(session)
        for access in (story.reviewer, story.desks["security"]):
            with pytest.raises(Forbidden):
                await outlets.open_list(session, access=access, q="", turn=Turn(), limit=5)
            with pytest.raises(Forbidden):
                await outlets.open_outlet(session, access=access, outlet_id=outlet.id, now=NOW)
            with pytest.raises(Forbidden):
                await outlets.merge(session, access=access, outlet_id=outlet.id, into_id=other.id, now=NOW)


async def test_a_focal_point_is_of_the_outlet_and_ends(database: Database) -> None:
    async with database.transaction() as session:
        story, outlet, other = await two(session)
        person = await press.make_journalist(session, 1, outlet=outlet.id)
        stranger = await press.make_journalist(session, 2, outlet=other.id)
        known: dict[str, Any] = {"access": story.organiser, "outlet_id": outlet.id, "now": NOW}
        with pytest.raises(NotFound):
            await outlets.name_focal_point(session, journalist_id=stranger.id, **known)
        await outlets.name_focal_point(session, journalist_id=person.id, **known)
        await outlets.name_focal_point(session, journalist_id=person.id, **known)
        assert await store.is_focal_point(session, journalist_id=person.id, outlet_id=outlet.id)
        await outlets.end_focal_point(session, journalist_id=person.id, **known)
        assert not await store.is_focal_point(session, journalist_id=person.id, outlet_id=outlet.id)
        with pytest.raises(NotFound):
            await outlets.end_focal_point(session, journalist_id=person.id, **known)
        assert len(list(await session.scalars(select(FocalPoint)))) == 1


async def test_merging_moves_people_names_and_focal_points_and_quotas_follow(database: Database) -> None:
    async with database.transaction() as session:
        story, merged, heir = await two(session)
        access = story.organiser
        people = [await press.make_journalist(session, n, outlet=merged.id) for n in (1, 2)]
        await outlets.add_alias(session, access=access, outlet_id=merged.id, name="BSX", now=NOW)
        await outlets.name_focal_point(session, access=access, outlet_id=merged.id, journalist_id=people[0].id, now=NOW)
        application, _ = await press.make_submitted(session, story, journalist=people[1])
        await press.approve_all(session, story, application)
        await press.decide(session, story, application, ApplicationState.APPROVED)
        plan = await outlets.plan_merge(session, access=access, outlet_id=merged.id, into_id=heir.id)
        moved = await outlets.merge(session, access=access, outlet_id=merged.id, into_id=heir.id, now=NOW)
        assert plan.moving == moved == store.Moved(people=2, names=2, focal_points=1)
        assert await names_of(session, heir) == [WAVE, "BSX"]
        for name in (WAVE, "bsx", RADIO):
            assert (await found_as(session, name)).id == heir.id
        assert await store.is_focal_point(session, journalist_id=people[0].id, outlet_id=heir.id)
        counted = await review_store.count_granted(session, story.event.id)
        assert counted == [("domestic", heir.id, "writer", 1)]
        listed = await outlets.open_list(session, access=access, q="song xanh", turn=Turn(), limit=5)
        assert [(row.outlet.id, row.people, row.applications) for row in listed.leaf.rows] == [(heir.id, 2, 1)]
        assert (listed.found, listed.total) == (1, 1)
        opened = await outlets.open_outlet(session, access=access, outlet_id=merged.id, now=NOW)
        assert (opened.outlet.name, opened.heir, opened.people) == (WAVE, heir, [])
        entry = (await session.scalars(select(AuditEntry).where(col(AuditEntry.action) == "merged"))).one()
        assert (entry.object_id, entry.details) == (
            merged.id,
            {"into": str(heir.id), "people": 2, "names": 2, "focal_points": 1},
        )


async def test_nothing_is_merged_into_itself_or_twice(database: Database) -> None:
    async with database.transaction() as session:
        story, first, second = await two(session)
        third = await press.make_outlet(session, "Tạp chí Hải Đăng")
        known: dict[str, Any] = {"access": story.organiser, "now": NOW}
        with pytest.raises(Conflict, match="into itself"):
            await outlets.merge(session, outlet_id=first.id, into_id=first.id, **known)
        await outlets.merge(session, outlet_id=first.id, into_id=second.id, **known)
        for ids in ((first, third), (third, first), (first, second), (second, first)):
            with pytest.raises(Conflict, match="illegal_move: merged"):
                await outlets.merge(session, outlet_id=ids[0].id, into_id=ids[1].id, **known)
        with pytest.raises(Conflict, match="illegal_move: merged"):
            await outlets.change(session, outlet_id=first.id, wish=facts(), **known)
        # A chain stays short: what was merged before leads to the last heir at once.
        await outlets.merge(session, outlet_id=second.id, into_id=third.id, **known)
        await session.refresh(first)
        assert first.merged_into_id == third.id
        assert await names_of(session, third) == [WAVE, RADIO]


async def test_who_joins_while_two_are_merged_is_not_left_behind(database: Database) -> None:
    async with database.transaction() as session:
        story, merged, heir = await two(session)
    held = asyncio.Event()

    async def join() -> None:
        async with database.transaction() as session:
            outlet = await found_as(session, WAVE)
            held.set()
            await press.make_journalist(session, 7, outlet=outlet.id)

    async def merge() -> None:
        await held.wait()
        async with database.transaction() as session:
            await outlets.merge(session, access=story.organiser, outlet_id=merged.id, into_id=heir.id, now=NOW)

    await asyncio.gather(join(), merge())
    async with database.session() as session:
        assert {one.outlet_id for one in await session.scalars(select(Journalist))} == {heir.id}
        assert [one.outlet_id for one in await session.scalars(select(OutletAlias))] == [heir.id]


async def test_the_list_goes_by_name_page_by_page(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        for name in ("Gió", "Đảo", "Bờ", "Sóng"):
            await press.make_outlet(session, name)

        async def page(turn: Turn[str]) -> tuple[list[str], bool, bool]:
            found = await outlets.open_list(session, access=story.organiser, q="", turn=turn, limit=2)
            return [row.outlet.name for row in found.leaf.rows], found.leaf.above, found.leaf.below

        assert await page(Turn()) == (["Bờ", "Đảo"], False, True)
        island = await found_as(session, "Đảo")
        assert await page(Turn((island.folded, island.id))) == (["Gió", "Sóng"], True, False)
        wind = await found_as(session, "Gió")
        assert await page(Turn((wind.folded, wind.id), upwards=True)) == (["Bờ", "Đảo"], False, True)
