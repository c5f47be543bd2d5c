"""Vetting by lists: what an authority takes along, what its verdicts do when they come back, what is refused."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from service.domain.accreditation import Application, Review, ReviewState, Verdict, VerdictKind
from service.domain.accreditation.vetting import VettingAnswer, both_names, read_answers
from service.domain.audit import AuditEntry
from service.domain.errors import Conflict, Forbidden, Invalid, NotFound
from service.store.database import Database
from service.usecases.accreditation import vetting, vetting_sealed
from service.usecases.accreditation.vetting import CarriedOut, Foreseen, Seat, VettingList
from tests.conftest import NOW
from tests.press_story import VAULT, PressStory, make_submitted, open_press, say

APPROVE, CONDITIONS, REJECT = VerdictKind.APPROVE, VerdictKind.CONDITIONS, VerdictKind.REJECT
HEAD = ["application_id", "full_name", "verdict", "ground", "zones", "days"]


@pytest.fixture
async def press(database: Database) -> PressStory:
    async with database.transaction() as session:
        return await open_press(session)


def seat_of(press: PressStory, authority: str = "press_management") -> Seat:
    return Seat(press.desks[authority], press.event.id, authority)


async def make_many(database: Database, press: PressStory, number: int, class_code: str = "domestic") -> list[UUID]:
    async with database.transaction() as session:
        return [(await make_submitted(session, press, one, class_code))[0].id for one in range(1, number + 1)]


async def exported(database: Database, seat: Seat) -> VettingList:
    async with database.transaction() as session:
        return await vetting.export(
            session, access=seat.access, event_id=seat.event_id, authority=seat.authority, secrets=VAULT, now=NOW
        )


async def foreseen(database: Database, seat: Seat, *answers: VettingAnswer) -> list[Foreseen]:
    async with database.transaction() as session:
        return await vetting.foresee(session, seat=seat, answers=answers, now=NOW)


async def carried_out(database: Database, seat: Seat, *answers: VettingAnswer) -> CarriedOut:
    async with database.transaction() as session:
        return await vetting.carry_out(session, seat=seat, answers=answers, now=NOW)


async def verdicts(database: Database) -> list[Verdict]:
    async with database.session() as session:
        return list(await session.scalars(select(Verdict).order_by(Verdict.id)))


# Out --------------------------------------------------------------------------------------------------------------


async def test_a_list_holds_the_open_reviews_and_only_what_the_rule_shows(
    database: Database, press: PressStory
) -> None:
    ids = await make_many(database, press, 2)
    found = await exported(database, seat_of(press))
    assert [row.id for row in found.rows] == ids
    assert (found.fields, found.rows[0].names) == (
        (
            *("full_name", "pen_name", "outlet", "media_role", "press_card_number", "press_card_expires_on"),
            "assignment",
        ),
        ("NGUYEN THI BIEN", "THI BIEN NGUYEN"),
    )
    assert found.rows[0].fields == {
        "full_name": "Nguyễn Thị Biển 1",
        "pen_name": "Sóng Xanh",
        "outlet": "Báo Sóng Xanh",
        "media_role": "writer",
        "press_card_number": "000001",
        "press_card_expires_on": date(2099, 12, 31),
        "assignment": "Đưa tin phiên khai mạc và phỏng vấn bên lề.",
    }
    async with database.transaction() as session:
        for one in await session.scalars(select(Application)):
            for authority in ("press_management", "host"):
                await say(session, press, one, authority)
    assert (await exported(database, seat_of(press))).rows == []
    security = await exported(database, seat_of(press, "security"))
    assert security.fields[:2] == ("passport_line", "full_name")
    assert not {"press_card_number", "assignment", "email", "phone"} & security.rows[0].fields.keys()
    assert security.rows[0].names == ("NGUYEN THI BIEN", "THI BIEN NGUYEN")


async def test_that_a_list_was_taken_is_kept_with_its_fields(database: Database, press: PressStory) -> None:
    await make_many(database, press, 3)
    await exported(database, seat_of(press))
    async with database.session() as session:
        (entry,) = await session.scalars(select(AuditEntry).where(AuditEntry.noun == "vetting"))
    assert (entry.action, entry.actor_id, entry.event_id) == (
        "exported",
        press.desks["press_management"].staff_id,
        press.event.id,
    )
    assert (entry.details["authority"], entry.details["rows"]) == ("press_management", 3)
    assert entry.details["fields"] == sorted(
        ["assignment", "full_name", "media_role", "outlet", "pen_name", "press_card_expires_on", "press_card_number"]
    )


async def test_a_list_leaves_out_what_its_reader_stepped_back_from(database: Database, press: PressStory) -> None:
    first, second = await make_many(database, press, 2)
    async with database.transaction() as session:
        await say(session, press, await session.get_one(Application, first), "press_management", VerdictKind.ABSTAIN)
        review = (await session.scalars(select(Review).where(Review.application_id == first))).first()
        assert review is not None
        review.state = ReviewState.OPEN
    assert [row.id for row in (await exported(database, seat_of(press))).rows] == [second]


async def test_another_authoritys_list_does_not_exist(database: Database, press: PressStory) -> None:
    await make_many(database, press, 1)
    with pytest.raises(NotFound):
        await exported(database, Seat(press.desks["press_management"], press.event.id, "security"))
    with pytest.raises(NotFound):
        await exported(database, seat_of(press, "foreign_ministry"))
    with pytest.raises(Forbidden):
        await exported(database, Seat(press.outsider, press.event.id, "security"))


async def test_identity_numbers_are_opened_only_for_who_has_to_check_them(
    database: Database, press: PressStory
) -> None:
    await make_many(database, press, 1, "technician")
    async with database.transaction() as session:
        await say(session, press, (await session.scalars(select(Application))).one(), "host")
    (row,) = (await exported(database, seat_of(press, "security"))).rows
    assert row.fields["identity_number"] == "079190001234"


@pytest.mark.parametrize(
    ("line", "name", "family_first", "both"),
    [
        ("NGUYEN<<THI<ANH", "Nguyễn Thị Ánh", True, ("NGUYEN THI ANH", "THI ANH NGUYEN")),
        ("", "Đặng Thị Ánh", True, ("DANG THI ANH", "THI ANH DANG")),
        ("", "Maria van Dijk", False, ("DIJK MARIA VAN", "MARIA VAN DIJK")),
        ("", "Ánh", True, ("ANH", "ANH")),
    ],
)
def test_names_stand_in_both_orders_without_accents(
    line: str, name: str, family_first: bool, both: tuple[str, str]
) -> None:
    assert both_names(line, name, family_first=family_first) == both


# Reading what came back -------------------------------------------------------------------------------------------

ONE, TWO = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (["đồng ý", "", "", ""], VettingAnswer(2, ONE, APPROVE)),
        (["  DONG  Y ", "", "", ""], VettingAnswer(2, ONE, APPROVE)),
        (["approve", "ok", "", ""], VettingAnswer(2, ONE, APPROVE, "ok")),
        (["Không đồng ý", "Thẻ hết hạn", "", ""], VettingAnswer(2, ONE, REJECT, "Thẻ hết hạn")),
        (
            ["Đồng ý có điều kiện", "Chỉ khu A", "A; B", "05/12/2026, 2026-12-06"],
            VettingAnswer(2, ONE, CONDITIONS, "Chỉ khu A", ("A", "B"), (date(2026, 12, 5), date(2026, 12, 6))),
        ),
        (["từ chối", "", "", ""], VettingAnswer(2, ONE, REJECT, fault="no_ground")),
        (["từ chối", "x" * 2001, "", ""], VettingAnswer(2, ONE, REJECT, "x" * 2001, fault="long_ground")),
        (["ừ", "", "", ""], VettingAnswer(2, ONE, fault="unknown_verdict")),
        (["", "Thẻ hết hạn", "", ""], VettingAnswer(2, ONE, fault="no_verdict")),
        (["có điều kiện", "Chỉ A", "", ""], VettingAnswer(2, ONE, CONDITIONS, "Chỉ A", fault="no_conditions")),
        (["đồng ý", "", "A", ""], VettingAnswer(2, ONE, APPROVE, "", ("A",), fault="conditions_without")),
        (["có điều kiện", "a", "", "31/02/2026"], VettingAnswer(2, ONE, CONDITIONS, "a", fault="bad_days")),
        (["đồng ý", "a\x00b", "", ""], VettingAnswer(2, ONE, fault="unreadable")),
    ],
)
def test_a_row_is_read_or_its_fault_told(cells: list[str], read: VettingAnswer) -> None:
    assert read_answers([HEAD, [str(ONE), "Tên ai đó", *cells]]) == ([read], 0)


def test_names_find_nobody_ids_are_read_once_and_empty_rows_are_counted() -> None:
    table = [
        ["Mã hệ thống", "Họ tên", "Ý kiến"],
        ["application_id", "full_name", "verdict"],
        ["1", "Nguyễn Văn A", "đồng ý"],
        [str(ONE), "", "đồng ý"],
        [str(TWO), "", ""],
        [],
        [str(ONE).upper(), "", "từ chối"],
    ]
    answers, empty = read_answers(table)
    assert ([(one.row, one.fault) for one in answers], empty) == ([(3, "bad_id"), (4, "twice"), (7, "twice")], 1)
    with pytest.raises(ValueError, match="no_columns"):
        read_answers(table[2:])


# What they do -----------------------------------------------------------------------------------------------------


async def test_what_stands_against_a_row_is_told_before_anything_happens(database: Database, press: PressStory) -> None:
    ids = await make_many(database, press, 5)
    async with database.transaction() as session:
        foreign, _ = await make_submitted(session, press, 9)
        for one in await session.scalars(select(Review).where(Review.application_id == foreign.id)):
            one.organisation_id = press.bodies["foreign_ministry"].id
        await say(session, press, await session.get_one(Application, ids[1]), "press_management")
        await say(session, press, await session.get_one(Application, ids[2]), "press_management", VerdictKind.ASK)
        await say(session, press, await session.get_one(Application, ids[3]), "press_management", VerdictKind.ABSTAIN)
    rows = [
        VettingAnswer(3, ids[0], APPROVE),
        VettingAnswer(4, ids[1], REJECT, "Muộn"),
        VettingAnswer(5, ids[2], APPROVE),
        VettingAnswer(6, ids[3], APPROVE),
        VettingAnswer(7, ids[4], CONDITIONS, "Chỉ B", ("B",)),
        VettingAnswer(8, foreign.id, APPROVE),
        VettingAnswer(9, uuid4(), APPROVE),
        VettingAnswer(10, fault="bad_id"),
    ]
    before = await verdicts(database)
    seen = await foreseen(database, seat_of(press), *rows)
    assert [(one.answer.row, one.fault) for one in seen] == [
        (3, ""),
        (4, "already_given"),
        (5, "not_open"),
        (6, "recused"),
        (7, "bad_zones"),
        (8, "unknown"),
        (9, "unknown"),
        (10, "bad_id"),
    ]
    assert await verdicts(database) == before


async def test_good_rows_are_carried_out_under_one_batch_and_the_others_stay(
    database: Database, press: PressStory
) -> None:
    ids = await make_many(database, press, 4)
    seat = seat_of(press)
    answers = [
        VettingAnswer(3, ids[2], CONDITIONS, "Chỉ khu A", ("A",), (press.days[0],)),
        VettingAnswer(4, ids[0], APPROVE),
        VettingAnswer(5, ids[1], REJECT, "Thẻ hết hạn"),
        VettingAnswer(6, uuid4(), APPROVE),
    ]
    done = await carried_out(database, seat, *answers)
    assert (done.given, done.left) == (3, 1)
    kept = {one.application_id: one for one in await verdicts(database)}
    assert {(one, kept[one].kind, kept[one].ground) for one in kept} == {
        (ids[0], APPROVE, ""),
        (ids[1], REJECT, "Thẻ hết hạn"),
        (ids[2], CONDITIONS, "Chỉ khu A"),
    }
    assert {one.batch_id for one in kept.values()} == {done.batch_id}
    assert (kept[ids[2]].zones, kept[ids[2]].days) == (["A"], [press.days[0]])
    async with database.session() as session:
        states = await session.scalars(select(Review.state).where(Review.application_id == ids[3], Review.stage == 0))
        assert set(states) == {ReviewState.OPEN}
    again = await carried_out(database, seat, *answers)
    assert (again.given, again.left, len(await verdicts(database))) == (0, 4, 3)


async def test_a_list_travels_sealed_for_one_person_event_and_authority(press: PressStory) -> None:
    seat = seat_of(press)
    answers = [VettingAnswer(3, uuid4(), CONDITIONS, "Chỉ khu Á", ("A",), (date(2026, 12, 5),))]
    sealed = vetting_sealed.seal(answers, seat=seat, secrets=VAULT, now=NOW)
    assert vetting_sealed.unseal(sealed, seat=seat, secrets=VAULT, now=NOW + timedelta(minutes=59)) == answers
    others = [
        replace(seat, access=press.reviewer),
        replace(seat, event_id=uuid4()),
        replace(seat, authority="security"),
    ]
    for other in others:
        with pytest.raises(Invalid):
            vetting_sealed.unseal(sealed, seat=other, secrets=VAULT, now=NOW)
    for changed in (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:5], b""):
        with pytest.raises(Invalid):
            vetting_sealed.unseal(changed, seat=seat, secrets=VAULT, now=NOW)
    with pytest.raises(Conflict, match="expired"):
        vetting_sealed.unseal(sealed, seat=seat, secrets=VAULT, now=NOW + timedelta(hours=1))
