"""Issuing, ending and replacing passes, and the keys that sign them, on a real database."""

import asyncio
import base64
import hashlib
import io
import time
from datetime import UTC, datetime, timedelta

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select, text
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Organisation, Role
from service.domain.audit import AuditEntry
from service.domain.codes import read_human_code
from service.domain.errors import Conflict, Forbidden, Invalid
from service.domain.events import Event, EventState
from service.domain.localtime import end_of, start_of
from service.domain.passes import Category, EntryPass, KeyState, PassList, PassState, SigningKey
from service.store import passes as store
from service.store import qr, signing
from service.store.database import Database
from service.store.vault import Vault
from service.usecases import accounts, audit, keys, passes
from service.usecases.admission import resolve
from service.usecases.passes import Wish
from tests.conftest import NOW, SECRET
from tests.rows import MadeEvent, make_event

VAULT = Vault(SECRET)
GUEST = Wish("Đoàn Thị Mộng Ước", "Hội Ví Dụ", Category.GUEST, ("B", "A", "A"))


@pytest.fixture
async def organiser(database: Database, organisation: Organisation) -> Access:
    """A member of staff who may issue and revoke passes in the organisation of the tests."""
    async with database.transaction() as session:
        staff = await accounts.add_staff(
            session,
            actor=audit.SYSTEM,
            email="to.chuc@example.vn",
            name="Người Tổ Chức",
            password="mật khẩu thử 2026",
            grants=[(organisation.id, Role.ORGANISER)],
            now=NOW,
        )
    return Access(staff.id, staff.name, staff.email, "vi", staff.id, ((organisation.id, Role.ORGANISER),))


@pytest.fixture
async def made(database: Database, organisation: Organisation) -> MadeEvent:
    async with database.transaction() as session:
        return await make_event(session, organisation)


async def issue(
    database: Database, made: MadeEvent, *wishes: Wish, now: datetime = NOW, actor: audit.Actor = audit.SYSTEM
) -> list[EntryPass]:
    async with database.transaction() as session:
        event = await session.get_one(Event, made.id)
        return await passes.issue_many(session, event=event, wishes=list(wishes), actor=actor, vault=VAULT, now=now)


async def list_version(session: AsyncSession, made: MadeEvent) -> int:
    return (await session.get_one(PassList, made.id)).version


async def test_a_pass_says_what_was_wished_and_lasts_as_long_as_the_event(database: Database, made: MadeEvent) -> None:
    (issued,) = await issue(database, made, GUEST)
    async with database.session() as session:
        kept = await session.get_one(EntryPass, issued.id)
        key = await session.get_one(SigningKey, kept.key_id)
    assert (kept.holder_name, kept.folded) == ("Đoàn Thị Mộng Ước", "doan thi mong uoc hoi vi du")
    assert (kept.zones, kept.heads, kept.category, kept.state) == (["A", "B"], 1, Category.GUEST, PassState.ACTIVE)
    assert (kept.valid_from, kept.valid_until) == (start_of(made.opens_on), end_of(made.closes_on))
    assert kept.valid_from == datetime(2026, 11, 22, 17, tzinfo=UTC)
    assert (kept.list_version, kept.issued_at, kept.valid_days) == (1, NOW, None)
    assert kept.code_hash == hashlib.sha256(kept.code.encode()).digest()
    assert read_human_code(kept.human_code) == kept.human_code
    assert (signing.kid_of(kept.code), key.event_id, key.state) == (key.kid, made.id, KeyState.ACTIVE)
    assert signing.verified_serial(kept.code, key.public_jwk) == kept.serial


async def test_the_code_holds_no_personal_data(database: Database, made: MadeEvent) -> None:
    (issued,) = await issue(database, made, GUEST)
    for part in issued.code.split(".")[:2]:
        shown = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
        assert not any(word in shown.casefold() for word in ("đoàn", "doan", "hội", "ví dụ", "guest"))


async def test_two_hundred_passes_are_read_back_by_another_reader(database: Database, made: MadeEvent) -> None:
    wishes = [Wish(f"Khách Mời {number}", "", Category.GUEST, ("A", "B")) for number in range(200)]
    issued = await issue(database, made, *wishes)
    assert (
        len({one.code for one in issued} | {one.human_code for one in issued} | {one.serial for one in issued}) == 600
    )
    for one in issued:
        assert len(one.code) <= 213
        image = Image.open(io.BytesIO(qr.png(one.code, size=354)))
        (found,) = zxingcpp.read_barcodes(image.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
        assert found.text == one.code
        modules = int(qr.svg(one.code).split('viewBox="0 0 ')[1].split(" ")[0]) - 2 * qr.QUIET_ZONE
        assert (modules - 17) // 4 <= 10


async def test_two_thousand_are_issued_in_one_step_within_seconds(database: Database, made: MadeEvent) -> None:
    started = time.perf_counter()
    wishes = [Wish(f"Đại biểu {number}", "Đoàn Ví Dụ", Category.DELEGATE, ("A",)) for number in range(2000)]
    issued = await issue(database, made, *wishes)
    assert time.perf_counter() - started < 10
    async with database.session() as session:
        assert await list_version(session, made) == 1
        kept = await session.scalar(select(col(EntryPass.id)).where(col(EntryPass.id) == issued[-1].id))
    assert kept == issued[-1].id


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        (Wish("A", "", Category.GUEST, ("C",)), "/zones"),
        (Wish("A", "", Category.GUEST, ()), "/zones"),
        (Wish("A", "", Category.GUEST, ("A",), valid_from=NOW, valid_until=NOW), "/valid_until"),
        (Wish("A", "", Category.GUEST, ("A",), valid_until=datetime.max.replace(tzinfo=UTC)), "/valid_until"),
        (Wish("A", "", Category.GUEST, ("A",), valid_from=datetime.min.replace(tzinfo=UTC)), "/valid_from"),
        (Wish("A", "", Category.GUEST, ("A",), valid_days=(NOW.date() + timedelta(9),)), "/valid_days"),
    ],
)
async def test_what_can_not_be_a_pass_is_refused_and_nothing_is_kept(
    database: Database, made: MadeEvent, wish: Wish, pointer: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await issue(database, made, GUEST, wish)
    assert [one.pointer for one in refused.value.errors] == [pointer]
    async with database.session() as session:
        assert (await session.scalar(select(col(EntryPass.id)))) is None


async def test_zones_too_many_for_a_badge_are_refused(database: Database, organisation: Organisation) -> None:
    zones = tuple(f"K{number:02}" for number in range(12))
    async with database.transaction() as session:
        made = await make_event(session, organisation, zones=zones)
    with pytest.raises(Invalid, match="does not fit"):
        await issue(database, made, Wish("A", "", Category.GUEST, zones))


async def test_a_cancelled_event_gives_no_passes(database: Database, organisation: Organisation) -> None:
    async with database.transaction() as session:
        made = await make_event(session, organisation, state=EventState.CANCELLED)
    with pytest.raises(Conflict, match="closed"):
        await issue(database, made, GUEST)


async def test_every_change_is_a_new_version_of_the_pass_list(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    (issued,) = await issue(database, made, GUEST)
    seen = []
    for to_state, ground in (
        (PassState.SUSPENDED, "Chờ xác minh"),
        (PassState.ACTIVE, ""),
        (PassState.REVOKED, "Cho mượn thẻ"),
    ):
        async with database.transaction() as session:
            moved = await passes.move_pass(
                session,
                access=organiser,
                pass_id=issued.id,
                to_state=to_state,
                ground=ground,
                authority="Ban tổ chức" if ground else "",
                now=NOW,
            )
            seen.append((moved.state, moved.state_ground, moved.state_authority, moved.list_version))
            assert await list_version(session, made) == moved.list_version
    assert seen == [
        (PassState.SUSPENDED, "Chờ xác minh", "Ban tổ chức", 2),
        (PassState.ACTIVE, "", "", 3),
        (PassState.REVOKED, "Cho mượn thẻ", "Ban tổ chức", 4),
    ]
    for to_state in PassState:
        with pytest.raises(Conflict, match="illegal_move"):
            async with database.transaction() as session:
                await passes.move_pass(
                    session,
                    access=organiser,
                    pass_id=issued.id,
                    to_state=to_state,
                    ground="x",
                    authority="",
                    now=NOW,
                )
    async with database.session() as session:
        actions = await session.scalars(
            select(col(AuditEntry.action)).where(col(AuditEntry.noun) == "pass").order_by(col(AuditEntry.id))
        )
        assert list(actions) == ["issued", "suspended", "active", "revoked"]


async def test_a_replaced_pass_ends_and_its_heir_is_like_it(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    (old,) = await issue(
        database, made, Wish("Trường Thí Dụ", "", Category.PUPIL, ("A",), heads=40, attention="Đi cùng cô")
    )
    async with database.transaction() as session:
        new = await passes.replace_pass(
            session, access=organiser, pass_id=old.id, ground="Mất thẻ", authority="Lễ tân", vault=VAULT, now=NOW
        )
    async with database.session() as session:
        ended = await session.get_one(EntryPass, old.id)
    assert (ended.state, ended.state_ground, ended.state_authority) == (PassState.REPLACED, "Mất thẻ", "Lễ tân")
    like = ("holder_name", "category", "zones", "heads", "attention", "valid_from", "valid_until", "valid_days")
    assert [getattr(new, name) for name in like] == [getattr(old, name) for name in like]
    assert new.state is PassState.ACTIVE
    assert {new.code, new.serial, new.human_code}.isdisjoint({old.code, old.serial, old.human_code})
    assert new.list_version > ended.list_version > old.list_version


async def test_permission_counts_in_the_organisation_of_the_event_only(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    (issued,) = await issue(database, made, GUEST)
    stranger = Access(organiser.staff_id, "", "", "vi", organiser.staff_id, ((made.id, Role.ADMIN),))
    async with database.session() as session:
        event = await session.get_one(Event, made.id)
        (key,) = await store.list_keys(session, made.id)
        for refused in (
            passes.read_pass(session, access=stranger, pass_id=issued.id, now=NOW),
            passes.issue_direct(session, access=stranger, event=event, wish=GUEST, vault=VAULT, now=NOW),
            passes.move_pass(
                session,
                access=stranger,
                pass_id=issued.id,
                to_state=PassState.REVOKED,
                ground="x",
                authority="",
                now=NOW,
            ),
            passes.replace_pass(
                session, access=stranger, pass_id=issued.id, ground="x", authority="", vault=VAULT, now=NOW
            ),
            keys.rotate_key(session, access=stranger, event_id=made.id, vault=VAULT, now=NOW),
            passes.strike_key(session, access=stranger, key_id=key.id, reason="x", confirm=True, vault=VAULT, now=NOW),
        ):
            with pytest.raises(Forbidden):
                await refused


async def test_a_press_pass_needs_an_application(database: Database, made: MadeEvent, organiser: Access) -> None:
    async with database.session() as session:
        event = await session.get_one(Event, made.id)
        wish = Wish("Nhà báo Giả Định", "", Category.PRESS, ("A",))
        with pytest.raises(Invalid, match="application"):
            await passes.issue_direct(session, access=organiser, event=event, wish=wish, vault=VAULT, now=NOW)


async def test_rotation_keeps_old_passes_and_striking_ends_them(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    (first,) = await issue(database, made, GUEST)
    async with database.transaction() as session:
        rotated = await keys.rotate_key(session, access=organiser, event_id=made.id, vault=VAULT, now=NOW)
    (second,) = await issue(database, made, GUEST)
    assert (first.key_id == second.key_id, second.key_id) == (False, rotated.id)
    async with database.session() as session:
        states = {key.id: key.state for key in await store.list_keys(session, made.id)}
    assert states == {first.key_id: KeyState.RETIRED, second.key_id: KeyState.ACTIVE}

    async with database.transaction() as session:
        asked, dying = await passes.strike_key(
            session, access=organiser, key_id=first.key_id, reason="Lộ khóa", confirm=False, vault=VAULT, now=NOW
        )
        assert (asked.state, dying) == (KeyState.RETIRED, 1)
        before = await list_version(session, made)
    async with database.transaction() as session:
        struck, dying = await passes.strike_key(
            session, access=organiser, key_id=first.key_id, reason="Lộ khóa", confirm=True, vault=VAULT, now=NOW
        )
        assert (struck.state, struck.struck_at, dying) == (KeyState.STRUCK, NOW, 1)
    async with database.session() as session:
        assert await list_version(session, made) == before + 1
    with pytest.raises(Conflict, match="illegal_move"):
        async with database.transaction() as session:
            await passes.strike_key(
                session, access=organiser, key_id=first.key_id, reason="Lộ khóa", confirm=True, vault=VAULT, now=NOW
            )


async def test_after_the_signing_key_is_struck_a_new_one_signs(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    (first,) = await issue(database, made, GUEST)
    async with database.transaction() as session:
        await passes.strike_key(
            session, access=organiser, key_id=first.key_id, reason="Lộ khóa", confirm=True, vault=VAULT, now=NOW
        )
    (second,) = await issue(database, made, GUEST)
    assert second.key_id != first.key_id


async def test_an_event_has_one_signing_key_however_many_begin_at_once(database: Database, made: MadeEvent) -> None:
    issued = await asyncio.gather(*(issue(database, made, GUEST) for _ in range(6)))
    assert len({one.key_id for (one,) in issued}) == 1
    async with database.session() as session:
        assert len(await store.list_keys(session, made.id)) == 1
        assert await list_version(session, made) == 6
    assert sorted(one.list_version for (one,) in issued) == [1, 2, 3, 4, 5, 6]


async def test_the_private_key_lies_sealed(database: Database, made: MadeEvent) -> None:
    await issue(database, made, GUEST)
    async with database.session() as session:
        row = (await session.execute(text("SELECT private_sealed, public_jwk::text FROM signing_key"))).one()
    assert b"PRIVATE" not in row.private_sealed
    assert '"d"' not in row.public_jwk
    with pytest.raises(ValueError, match="BIENDAO_SECRET_KEY"):
        Vault("another-secret-key-of-the-tests-0123456789").open(row.private_sealed, purpose="signing_key.private")


async def test_the_door_tells_forged_codes_from_ours(
    database: Database, made: MadeEvent, organisation: Organisation
) -> None:
    (issued,) = await issue(database, made, GUEST)
    async with database.transaction() as session:
        elsewhere = await make_event(session, organisation)
    (foreign,) = await issue(database, elsewhere, GUEST)
    header, payload, signature = issued.code.split(".")
    swapped = f"{header}.{payload}.{foreign.code.split('.')[2]}"
    relabelled = f"{foreign.code.split('.')[0]}.{payload}.{signature}"
    unknown_kid, _, sealed = signing.new_key(VAULT)
    claims = signing.Claims(issued.serial, ("A",), issued.valid_from, issued.valid_until)
    codes = {
        issued.code: (issued.id, None),
        foreign.code: (foreign.id, None),
        issued.human_code.lower(): (issued.id, None),
        swapped: (None, "bad_signature"),
        relabelled: (None, "bad_signature"),
        signing.sign(claims, kid=unknown_kid, sealed=sealed, vault=VAULT): (None, "unknown_key"),
        issued.code[:-1]: (None, "bad_code"),
        issued.code + "=": (None, "bad_code"),
        "A" * 600: (None, "bad_code"),
        "\x00\ud800": (None, "bad_code"),
    }
    async with database.driver() as connection:
        found, _ = await resolve(connection, set(codes))
    assert {code: (one.pass_id, one.fault and one.fault.value) for code, one in found.items()} == codes
