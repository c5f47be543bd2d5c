"""A leaked key, a changed pass, and what the lists say of both, on a real database."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Organisation
from service.domain.badges import BadgeAction
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.messages import OutgoingMail
from service.domain.passes import BadgeState, Category, EntryPass, PassState
from service.store import badges as badge_store
from service.store import keys as key_store
from service.store import passes as store
from service.store import signing
from service.store.database import Database
from service.usecases import keys, passes, print_log, revocations
from service.usecases.passes import Wish
from service.usecases.revocations import RevocationList
from tests.conftest import NOW
from tests.rows import MadeEvent
from tests.usecases.test_passes import GUEST, VAULT, issue, made, organiser

__all__ = ["made", "organiser"]
LATER = NOW + timedelta(hours=1)


async def strike(database: Database, organiser: Access, key_id: object, now: object = LATER) -> int:
    async with database.transaction() as session:
        _, ended = await passes.strike_key(
            session,
            access=organiser,
            key_id=key_id,
            reason="Lộ khóa",
            confirm=True,
            vault=VAULT,
            now=now,
        )
        return ended


async def the_list(database: Database, made: MadeEvent, **asked: int) -> RevocationList:
    async with database.session() as session:
        return await revocations.read_list(session, event_id=made.id, **asked)


async def move(database: Database, organiser: Access, one: EntryPass, to_state: PassState) -> EntryPass:
    async with database.transaction() as session:
        return await passes.move_pass(
            session, access=organiser, pass_id=one.id, to_state=to_state, ground="Mất thẻ", authority="Lễ tân", now=NOW
        )


async def test_striking_revokes_every_living_pass_of_the_key_and_no_other(
    database: Database, made: MadeEvent, organiser: Access, organisation: Organisation
) -> None:
    living, suspended, revoked = await issue(database, made, GUEST, GUEST, GUEST)
    await move(database, organiser, suspended, PassState.SUSPENDED)
    await move(database, organiser, revoked, PassState.REVOKED)
    async with database.transaction() as session:
        await keys.rotate_key(session, access=organiser, event_id=made.id, vault=VAULT, now=NOW)
    (other,) = await issue(database, made, GUEST)
    assert await strike(database, organiser, living.key_id) == 2
    async with database.session() as session:
        now = [await session.get_one(EntryPass, one.id) for one in (living, suspended, revoked, other)]
    assert [one.state for one in now] == [
        PassState.REVOKED,
        PassState.REVOKED,
        PassState.REVOKED,
        PassState.ACTIVE,
    ]
    assert (now[0].state_ground, now[0].state_authority) == ("Lộ khóa", organisation.name_vi)
    assert now[0].list_version == now[1].list_version == now[2].list_version + 2
    assert (now[2].state_ground, now[2].state_at) == ("Mất thẻ", NOW)


async def test_holders_of_struck_passes_get_new_ones_once(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    issued = await issue(database, made, GUEST, GUEST, GUEST)
    await move(database, organiser, issued[0], PassState.REVOKED)
    await strike(database, organiser, issued[0].key_id)

    async def reissue() -> list[EntryPass]:
        async with database.transaction() as session:
            return await passes.reissue_passes(
                session, access=organiser, key_id=issued[0].key_id, vault=VAULT, now=LATER
            )

    heirs = await reissue()
    assert {one.replaces_id for one in heirs} == {issued[1].id, issued[2].id}
    assert {(one.state, one.version, one.key_id == issued[0].key_id) for one in heirs} == {(PassState.ACTIVE, 2, False)}
    assert await reissue() == []


async def test_a_key_that_is_not_struck_has_nobody_to_reissue_for(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    (issued,) = await issue(database, made, GUEST)
    with pytest.raises(Conflict, match="illegal_move"):
        async with database.transaction() as session:
            await passes.reissue_passes(session, access=organiser, key_id=issued.key_id, vault=VAULT, now=NOW)


async def test_the_list_says_what_ended_and_any_older_version_still_says_what_it_said(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    first, second = await issue(database, made, GUEST, GUEST)
    await move(database, organiser, first, PassState.SUSPENDED)
    await move(database, organiser, second, PassState.REVOKED)
    await move(database, organiser, first, PassState.ACTIVE)
    said = {}
    for version in (1, 2, 3, 4):
        told = await the_list(database, made, version=version)
        said[version] = {one.serial: one.state.value for one in told.ended}
    assert said == {
        1: {},
        2: {first.serial: "suspended"},
        3: {first.serial: "suspended", second.serial: "revoked"},
        4: {second.serial: "revoked"},
    }
    newest = await the_list(database, made)
    assert (newest.version, newest.since, newest.lifted, newest.struck_keys) == (4, None, (), ())
    assert [(one.ground, one.authority, one.version) for one in newest.ended] == [("Mất thẻ", "Lễ tân", 3)]


async def test_a_delta_brings_every_version_to_the_newest(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    first, second = await issue(database, made, GUEST, GUEST)
    for one, state in (
        (first, PassState.SUSPENDED),
        (second, PassState.SUSPENDED),
        (first, PassState.ACTIVE),
        (first, PassState.REVOKED),
        (second, PassState.ACTIVE),
    ):
        await move(database, organiser, one, state)
    newest = await the_list(database, made)
    whole = {one.serial: one for one in newest.ended}
    for version in range(1, newest.version + 1):
        held = {one.serial: one for one in (await the_list(database, made, version=version)).ended}
        delta = await the_list(database, made, since=version)
        for serial in delta.lifted:
            held.pop(serial, None)
        assert held | {one.serial: one for one in delta.ended} == whole, version
    assert (await the_list(database, made, since=newest.version)).ended == ()
    with pytest.raises(Invalid):
        await the_list(database, made, since=newest.version + 1)
    with pytest.raises(NotFound):
        await the_list(database, made, version=newest.version + 1)


async def test_a_signed_list_is_read_with_the_published_key_and_names_struck_keys(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    (issued,) = await issue(database, made, GUEST)
    async with database.session() as session:
        kid = (await store.list_keys(session, made.id))[0].kid
    await strike(database, organiser, issued.key_id)
    told = await the_list(database, made)
    async with database.transaction() as session:
        signed = await revocations.sign_list(session, told=told, vault=VAULT, now=LATER)
        (_, key) = await store.list_keys(session, made.id)
    read = signing.read_list(signed, key.public_jwk)
    assert read == {
        "event": str(made.id),
        "version": 2,
        "issued_at": LATER.isoformat(),
        "told_at": LATER.isoformat(),
        "since": None,
        "ended": [[issued.serial, "revoked", 2, "Lộ khóa", "Sở Thử nghiệm"]],
        "lifted": [],
        "struck_keys": [kid],
    }


async def test_a_list_without_changes_is_version_nought(database: Database, made: MadeEvent) -> None:
    told = await the_list(database, made)
    assert (told.version, told.issued_at, told.ended) == (0, None, ())


async def test_a_change_makes_a_new_version_and_is_never_silent(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    (old,) = await issue(database, made, Wish("Đoàn Thị Mộng Ước", "", Category.GUEST, ("A",)))
    async with database.transaction() as session:
        new = await passes.replace_pass(
            session,
            access=organiser,
            pass_id=old.id,
            ground="Thêm khu B",
            authority="Ban tổ chức",
            vault=VAULT,
            now=LATER,
            changes={"zones": ("A", "B"), "holder_name": "Đoàn Thị Mộng Ước Mơ"},
        )
    assert (new.zones, new.version, new.replaces_id, new.holder_name) == (
        ["A", "B"],
        2,
        old.id,
        "Đoàn Thị Mộng Ước Mơ",
    )
    assert signing.verified_serial(new.code, await public_of(database, new)) == new.serial
    async with database.session() as session:
        ended = await session.get_one(EntryPass, old.id)
        assert (ended.state, ended.zones, ended.holder_name) == (PassState.REPLACED, ["A"], "Đoàn Thị Mộng Ước")
        assert await store.find_newest_replacement(session, old.id) == new.id
        assert await store.find_newest_replacement(session, new.id) is None


async def test_a_reprint_keeps_the_older_badge_in_the_log(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    (old,) = await issue(database, made, GUEST)
    async with database.transaction() as session:
        printed = await session.get_one(EntryPass, old.id)
        print_log.note(session, printed, BadgeAction.PRINTED, staff_id=None, now=NOW)
    async with database.transaction() as session:
        new = await passes.replace_pass(
            session, access=organiser, pass_id=old.id, ground="Thẻ rách", authority="", vault=VAULT, now=LATER
        )
    assert (new.badge, await badge_of(database, old)) == (BadgeState.NONE, BadgeState.PRINTED)
    async with database.session() as session:
        assert await logged(session, old) == ["printed", "reprinted"]
        assert await logged(session, new) == []


@pytest.mark.parametrize("changes", [{"zones": ("A", "Z")}, {"zones": ()}, {"class_code": "nowhere"}], ids=str)
async def test_a_change_that_is_refused_leaves_the_older_pass_as_it_was(
    database: Database, made: MadeEvent, organiser: Access, changes: dict[str, object]
) -> None:
    (old,) = await issue(database, made, GUEST)
    with pytest.raises(Invalid):
        async with database.transaction() as session:
            await passes.replace_pass(
                session,
                access=organiser,
                pass_id=old.id,
                ground="Thử",
                authority="",
                vault=VAULT,
                now=LATER,
                changes=changes,
            )
    async with database.session() as session:
        assert (await session.get_one(EntryPass, old.id)).state is PassState.ACTIVE
    assert (await the_list(database, made)).ended == ()


async def badge_of(database: Database, one: EntryPass) -> BadgeState:
    async with database.session() as session:
        return (await session.get_one(EntryPass, one.id)).badge


async def public_of(database: Database, one: EntryPass) -> dict[str, object]:
    async with database.session() as session:
        return next(key.public_jwk for key in await store.list_keys(session, one.event_id) if key.id == one.key_id)


async def logged(session: AsyncSession, one: EntryPass) -> list[str]:

    return [row[0].action.value for row in await badge_store.list_records(session, one.id)]


async def reissued(database: Database, organiser: Access, one: EntryPass, *, now: datetime = LATER) -> list[EntryPass]:
    async with database.transaction() as session:
        return await passes.reissue_passes(session, access=organiser, key_id=one.key_id, vault=VAULT, now=now)


async def test_who_was_suspended_or_whose_pass_is_over_gets_no_new_one(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    short = Wish("Khách một giờ", "", Category.GUEST, ("A",), valid_from=NOW, valid_until=NOW + timedelta(hours=2))
    good, suspended, over = await issue(database, made, GUEST, GUEST, short)
    await move(database, organiser, suspended, PassState.SUSPENDED)
    await strike(database, organiser, good.key_id)
    heirs = await reissued(database, organiser, good, now=NOW + timedelta(hours=3))
    assert [one.replaces_id for one in heirs] == [good.id]
    async with database.session() as session:
        uses = await key_store.list_uses(session, made.id, NOW + timedelta(hours=3))
    assert [(living, waiting) for _, living, waiting in uses] == [(0, 0), (1, 0)]
    assert over.id != good.id


async def test_a_zone_that_is_gone_stops_nobody_elses_new_pass(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    narrow, wide = await issue(database, made, Wish("A", "", Category.GUEST, ("A",)), GUEST)
    await strike(database, organiser, narrow.key_id)
    async with database.transaction() as session:
        await session.execute(text("DELETE FROM gate WHERE zone_id IN (SELECT id FROM zone WHERE code = 'B')"))
        await session.execute(text("DELETE FROM zone WHERE code = 'B'"))
    assert [one.replaces_id for one in await reissued(database, organiser, narrow)] == [narrow.id]
    assert wide.zones == ["A", "B"]


async def test_many_holders_with_addresses_are_told_in_one_step(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    wishes = [Wish(f"Khách {n}", "", Category.GUEST, ("A",), holder_email=f"k{n}@example.vn") for n in range(2600)]
    issued = await issue(database, made, *wishes)
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(OutgoingMail)) == len(issued) == 2600


async def test_striking_waits_for_replacements_and_neither_is_lost(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    issued = await issue(database, made, *[GUEST] * 6)

    async def replace(one: EntryPass) -> None:
        async with database.transaction() as session:
            await passes.replace_pass(
                session, access=organiser, pass_id=one.id, ground="Rách", authority="", vault=VAULT, now=NOW
            )

    tasks = [replace(one) for one in issued[:3]] + [strike(database, organiser, issued[0].key_id)]
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [one for one in answers if isinstance(one, Exception) and not isinstance(one, Conflict)] == []
    async with database.session() as session:
        states = [
            one.state for one in await session.scalars(select(EntryPass).where(EntryPass.key_id == issued[0].key_id))
        ]
    assert PassState.ACTIVE not in states
