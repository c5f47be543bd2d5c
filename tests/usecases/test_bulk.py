"""Many at once, decisions set aside, and the history: what is kept, what is not, and who is told."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from service.domain.accreditation import (
    Application,
    ApplicationState,
    Outcome,
    ReviewState,
    Verdict,
    VerdictKind,
)
from service.domain.audit import AuditEntry
from service.domain.base import new_id
from service.domain.errors import Conflict, Forbidden, Invalid, NotFound
from service.domain.messages import OutgoingMail
from service.store import accreditation as application_store
from service.store.database import Database
from service.usecases.accreditation import DecisionWish, VerdictWish, bulk, timeline
from service.usecases.accreditation.setting_aside import set_aside
from tests.conftest import NOW
from tests.press_story import (
    PressStory,
    approve_all,
    decide,
    make_submitted,
    open_press,
    reviews_of,
    say,
)

LATER = NOW + timedelta(hours=1)
APPROVE = DecisionWish(ApplicationState.APPROVED)
REJECT = DecisionWish(ApplicationState.REJECTED, reason="Hết chỗ.")


@pytest.fixture
async def press(database: Database) -> PressStory:
    async with database.transaction() as session:
        return await open_press(session)


async def hand_in(database: Database, press: PressStory, *numbers: int, **facts: Any) -> list[Application]:
    async with database.transaction() as session:
        return [(await make_submitted(session, press, number, **facts))[0] for number in numbers]


async def counts(database: Database) -> dict[str, int]:
    """How much stands in the tables that a preview must not touch."""
    async with database.session() as session:
        return {
            table.__name__: int(await session.scalar(select(func.count()).select_from(table)) or 0)
            for table in (AuditEntry, OutgoingMail, Verdict)
        }


async def state_of(database: Database, application: Application) -> ApplicationState:
    async with database.session() as session:
        return (await application_store.get_fresh(session, application.id)).state


# Decisions ---------------------------------------------------------------------------------------------------


async def test_a_preview_says_what_happens_and_keeps_nothing(database: Database, press: PressStory) -> None:
    ready, waiting = await hand_in(database, press, 1, 2)
    async with database.transaction() as session:
        await approve_all(session, press, ready)
    before = await counts(database)
    ids = [waiting.id, ready.id]
    async with database.transaction() as session:
        seen = await bulk.preview_decisions(
            session, access=press.reviewer, application_ids=ids, wish=APPROVE, now=LATER
        )
    assert {one.id: (one.becomes, one.fault) for one in seen} == {
        ready.id: ("approved", ""),
        waiting.id: ("", "reviews_pending"),
    }
    assert await counts(database) == before
    assert await state_of(database, ready) is ApplicationState.IN_REVIEW


async def test_each_is_decided_for_itself_under_one_batch(database: Database, press: PressStory) -> None:
    ready, waiting = await hand_in(database, press, 1, 2)
    async with database.transaction() as session:
        await approve_all(session, press, ready)
    async with database.transaction() as session:
        batch = await bulk.decide_many(
            session, access=press.reviewer, application_ids=[waiting.id, ready.id], wish=APPROVE, now=LATER
        )
        (taken,) = await bulk.store.list_decisions_of_batch(session, batch.id)
    assert [one.id for one in batch.done] == [ready.id]
    assert [one.fault for one in batch.refused] == ["reviews_pending"]
    assert (taken[0].application_id, taken[0].zones) == (ready.id, ["A"])
    assert await state_of(database, waiting) is ApplicationState.SUBMITTED


async def test_an_approval_of_many_keeps_to_the_conditions_of_each(database: Database, press: PressStory) -> None:
    (made,) = await hand_in(database, press, 1, zones=("A", "B"))
    day = press.days[1]
    async with database.transaction() as session:
        await say(session, press, made, "host", VerdictKind.CONDITIONS, zones=("A",), escort=True)
        await say(session, press, made, "press_management", VerdictKind.CONDITIONS, days=(day,))
        await say(session, press, made, "security")
    async with database.transaction() as session:
        bare = await bulk.preview_decisions(
            session, access=press.reviewer, application_ids=[made.id], wish=APPROVE, now=LATER
        )
    assert [one.fault for one in bare] == ["missing"]
    wish = DecisionWish(ApplicationState.APPROVED, reason="Theo điều kiện của các cơ quan.")
    async with database.transaction() as session:
        done = await bulk.decide_many(session, access=press.reviewer, application_ids=[made.id], wish=wish, now=LATER)
        now = await application_store.get_fresh(session, made.id)
    assert [one.becomes for one in done.rows] == ["approved_with_conditions"]
    assert (now.zones_granted, now.days_granted, now.escort) == (["A"], [day], True)


async def test_a_preview_counts_places_as_they_are_given_away(database: Database, press: PressStory) -> None:
    made = await hand_in(database, press, 1, 2, 3, class_code="one_day")
    async with database.transaction() as session:
        for one in made:
            await approve_all(session, press, one)
    async with database.transaction() as session:
        seen = await bulk.preview_decisions(
            session, access=press.reviewer, application_ids=[one.id for one in made], wish=APPROVE, now=LATER
        )
    assert [one.fault for one in seen] == ["", "", "quota_full"]


async def test_nobody_decides_on_what_is_not_theirs(database: Database, press: PressStory) -> None:
    (made,) = await hand_in(database, press, 1)
    async with database.transaction() as session:
        for access in (press.outsider, press.organiser, press.desks["host"]):
            with pytest.raises(Forbidden):
                await bulk.decide_many(session, access=access, application_ids=[made.id], wish=REJECT, now=LATER)
        for ids in ([], [new_id() for _ in range(bulk.MOST_AT_ONCE + 1)]):
            with pytest.raises(Invalid):
                await bulk.decide_many(session, access=press.reviewer, application_ids=ids, wish=REJECT, now=LATER)


async def test_a_batch_is_taken_back_but_not_what_came_after_it(database: Database, press: PressStory) -> None:
    first, second = await hand_in(database, press, 1, 2)
    ids = [first.id, second.id]
    async with database.transaction() as session:
        batch = await bulk.decide_many(session, access=press.reviewer, application_ids=ids, wish=REJECT, now=LATER)
    async with database.transaction() as session:
        await set_aside(session, access=press.reviewer, application_id=second.id, ground="Nhầm.", now=LATER)
        await decide(session, press, second, ApplicationState.WAITLISTED, now=LATER)
    async with database.transaction() as session:
        file = await bulk.open_batch(session, access=press.reviewer, batch_id=batch.id)
        undone = await bulk.undo(session, access=press.reviewer, batch_id=batch.id, ground="Nhầm danh sách.", now=LATER)
    assert {one.id: one.fault for one in file.rows} == {first.id: "", second.id: "illegal_move"}
    assert [one.id for one in undone.done] == [first.id]
    assert [one.id for one in undone.refused] == [second.id]
    assert await state_of(database, second) is ApplicationState.WAITLISTED
    async with database.session() as session:
        told = list(await session.scalars(select(OutgoingMail.object_id)))
    # Of the first: handed in, refused, set aside. Of the second: on the waiting list besides.
    assert (told.count(first.id), told.count(second.id)) == (3, 4)
    async with database.transaction() as session:
        assert (await bulk.open_batch(session, access=press.reviewer, batch_id=undone.id)).is_undoing
        with pytest.raises(NotFound):
            await bulk.undo(session, access=press.reviewer, batch_id=first.id, ground="x", now=LATER)
        with pytest.raises(Forbidden):
            await bulk.open_batch(session, access=press.outsider, batch_id=batch.id)


# Verdicts ----------------------------------------------------------------------------------------------------


async def test_a_verdict_on_many_leaves_out_what_one_stepped_back_from(database: Database, press: PressStory) -> None:
    first, second = await hand_in(database, press, 1, 2)
    async with database.transaction() as session:
        await say(session, press, first, "host", VerdictKind.ABSTAIN, ground="Người thân.")
        ids = [(await reviews_of(session, one))["host"].id for one in (first, second)]
    async with database.transaction() as session:
        batch = await bulk.verdicts_many(
            session, access=press.desks["host"], review_ids=ids, wish=VerdictWish(VerdictKind.APPROVE), now=LATER
        )
    assert [(one.name, one.fault) for one in batch.rows] == [("", "recused"), ("Nguyễn Thị Biển 2", "")]
    async with database.session() as session:
        given = list(await session.scalars(select(Verdict).where(Verdict.batch_id == batch.id)))
    assert [one.application_id for one in given] == [second.id]


async def test_conditions_are_no_matter_of_many(database: Database, press: PressStory) -> None:
    (made,) = await hand_in(database, press, 1)
    wish = VerdictWish(VerdictKind.CONDITIONS, ground="x", escort=True)
    async with database.transaction() as session:
        review = (await reviews_of(session, made))["host"]
        with pytest.raises(Invalid):
            await bulk.verdicts_many(session, access=press.desks["host"], review_ids=[review.id], wish=wish, now=LATER)


# Setting aside -----------------------------------------------------------------------------------------------


async def test_setting_aside_lets_those_look_who_had_not(database: Database, press: PressStory) -> None:
    (made,) = await hand_in(database, press, 1)
    async with database.transaction() as session:
        await say(session, press, made, "host")
        await decide(session, press, made, ApplicationState.REJECTED)
    async with database.transaction() as session:
        closed = {code: one.state for code, one in (await reviews_of(session, made)).items()}
        again = await set_aside(session, access=press.reviewer, application_id=made.id, ground="Nhầm.", now=LATER)
        opened = {code: (one.state, one.started_at) for code, one in (await reviews_of(session, made)).items()}
        steps = await application_store.list_decisions(session, made.id)
    assert closed["press_management"] is ReviewState.CLOSED
    assert (again.state, again.outcome, again.decided_at) == (ApplicationState.IN_REVIEW, Outcome.PENDING, None)
    assert opened["host"] == (ReviewState.DONE, NOW)
    assert opened["press_management"] == (ReviewState.OPEN, LATER)
    assert opened["security"] == (ReviewState.WAITING, None)
    refusal = next(one for one in steps if one.to_state is ApplicationState.REJECTED)
    assert (steps[-1].supersedes_id, steps[-1].reason) == (refusal.id, "Nhầm.")


async def test_only_what_the_rules_allow_is_set_aside(database: Database, press: PressStory) -> None:
    (made,) = await hand_in(database, press, 1)
    async with database.transaction() as session:
        with pytest.raises(Conflict, match="illegal_move"):
            await set_aside(session, access=press.reviewer, application_id=made.id, ground="x", now=LATER)
        await decide(session, press, made, ApplicationState.REJECTED)
    async with database.transaction() as session:
        with pytest.raises(Invalid):
            await set_aside(session, access=press.reviewer, application_id=made.id, ground="", now=LATER)
        with pytest.raises(Forbidden):
            await set_aside(session, access=press.organiser, application_id=made.id, ground="x", now=LATER)


# History -----------------------------------------------------------------------------------------------------


async def test_an_authority_reads_its_own_part_of_the_history(database: Database, press: PressStory) -> None:
    (made,) = await hand_in(database, press, 1)
    async with database.transaction() as session:
        await say(session, press, made, "host", VerdictKind.REJECT, ground="Của chủ trì.", now=LATER)
        await say(session, press, made, "press_management", VerdictKind.ASK, ground="Của báo chí.", now=LATER)
    async with database.transaction() as session:
        office = await timeline.of_application(session, made.id, for_authority=None)
        own = await timeline.of_application(session, made.id, for_authority="press_management")
    assert [(one.kind, one.code, one.authority) for one in office] == [
        ("step", "submitted", ""),
        ("step", "in_review", ""),
        ("verdict", "reject", "host"),
        ("verdict", "ask", "press_management"),
    ]
    assert [(one.kind, one.note) for one in own] == [("verdict", "Của báo chí.")]
