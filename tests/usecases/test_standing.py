"""Standing accreditation: given for a year at most, ended, and confirmed for one event in one step."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    Application,
    ApplicationState,
    Decision,
    Journalist,
    MediaRole,
    Outcome,
    StandingAccreditation,
)
from service.domain.audit import AuditEntry
from service.domain.errors import Conflict, Forbidden, Invalid, NotFound
from service.domain.messages import MailKind, OutgoingMail
from service.store.database import Database
from service.usecases.accreditation import standing_giving, standing_use
from service.usecases.accreditation.standing_giving import StandingWish
from tests import press_story as press
from tests.conftest import NOW
from tests.press_story import PressStory

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def wish(story: PressStory, journalist: Journalist, **facts: Any) -> StandingWish:
    known = {
        "organisation_id": story.host.id,
        "journalist_id": journalist.id,
        "class_code": "domestic",
        "valid_from": YEAR[0],
        "valid_until": YEAR[1],
        "ground": "Công văn 12/CV-BC ngày 05/01/2026.",
    }
    return StandingWish(**(known | facts))


async def give(session: AsyncSession, story: PressStory, journalist: Journalist, **facts: Any) -> StandingAccreditation:
    return await standing_giving.give(session, access=story.reviewer, wish=wish(story, journalist, **facts), now=NOW)


async def confirm(session: AsyncSession, story: PressStory, journalist: Journalist, **facts: Any) -> Application:
    known: dict[str, Any] = {"media_role": MediaRole.PHOTOGRAPHER, "zones": ["B", "A"], "now": NOW} | facts
    return await standing_use.confirm(session, journalist=journalist, event_id=story.event.id, **known)


async def test_it_is_given_in_ones_own_organisation_on_a_ground(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        journalist = await press.make_journalist(session)
        for access in (story.organiser, story.outsider, story.desks["security"]):
            with pytest.raises(Forbidden):
                await standing_giving.give(session, access=access, wish=wish(story, journalist), now=NOW)
        made = await give(session, story, journalist)
        entry = (await session.scalars(select(AuditEntry).where(col(AuditEntry.object_id) == made.id))).one()
        assert (entry.action, entry.noun, entry.details["class_code"]) == (
            "given",
            "standing_accreditation",
            "domestic",
        )


@pytest.mark.parametrize(
    ("facts", "pointer", "code"),
    [
        ({"valid_until": date(2025, 12, 31)}, "/valid_until", "dates_reversed"),
        ({"valid_from": date(2026, 1, 1), "valid_until": date(2026, 11, 22)}, "/valid_until", "expired"),
        ({"valid_until": date(2027, 1, 1)}, "/valid_until", "invalid"),
        ({"valid_from": date(2028, 2, 29), "valid_until": date(2029, 3, 1)}, "/valid_until", "invalid"),
        ({"class_code": "technician"}, "/class_code", "invalid"),
        ({"class_code": "no_such"}, "/class_code", "invalid"),
        ({"ground": ""}, "/ground", "missing"),
    ],
)
async def test_what_cannot_be_given(database: Database, facts: dict[str, Any], pointer: str, code: str) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        journalist = await press.make_journalist(session)
        with pytest.raises(Invalid) as refusal:
            await give(session, story, journalist, **facts)
        assert [(one.pointer, one.code) for one in refusal.value.errors] == [(pointer, code)]


async def test_a_year_from_a_leap_day_ends_on_the_last_of_february(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        journalist = await press.make_journalist(session)
        await give(session, story, journalist, valid_from=date(2028, 2, 29), valid_until=date(2029, 2, 28))


async def test_of_two_who_give_the_same_one_is_refused(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        journalist = await press.make_journalist(session)

    async def once() -> str:
        try:
            async with database.transaction() as session:
                await give(session, story, journalist)
        except Conflict as refusal:
            return refusal.code
        return "given"

    assert sorted(await asyncio.gather(once(), once())) == ["already_exists", "given"]
    async with database.transaction() as session:
        await give(session, story, journalist, class_code="resident_foreign")
        await give(session, story, journalist, valid_from=date(2027, 1, 1), valid_until=date(2027, 12, 31))


async def test_one_step_and_no_authority_looks_again(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        journalist = await press.make_journalist(session)
        standing = await give(session, story, journalist)
        application = await confirm(session, story, journalist)
        assert (application.state, application.outcome) == (ApplicationState.SUBMITTED, Outcome.PASSED)
        assert (application.class_code, application.standing_id) == ("domestic", standing.id)
        assert (application.media_role, application.zones_wanted) == (MediaRole.PHOTOGRAPHER, ["A", "B"])
        assert await press.reviews_of(session, application) == {}
        mails = list(await session.scalars(select(OutgoingMail)))
        assert [(one.kind, one.object_id) for one in mails] == [(MailKind.APPLICATION_RECEIVED, application.id)]
        await press.decide(session, story, application, ApplicationState.APPROVED)
        steps = await session.scalars(select(Decision).order_by(col(Decision.id)))
        assert [one.to_state.value for one in steps] == ["submitted", "approved"]
        with pytest.raises(Conflict, match="already_exists"):
            await confirm(session, story, journalist)


async def test_a_draft_that_was_begun_is_taken(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        journalist = await press.make_journalist(session)
        await give(session, story, journalist)
        draft = await press.begin(session, story, journalist, "one_day")
        application = await confirm(session, story, journalist)
        assert (application.id, application.class_code) == (draft.id, "domestic")


async def test_when_it_does_not_serve(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session, classes=("domestic", "one_day"))
        nobody = await press.make_journalist(session, 1)
        with pytest.raises(NotFound):
            await confirm(session, story, nobody)
        foreign = await press.make_journalist(session, 2)
        await give(session, story, foreign, class_code="resident_foreign")
        with pytest.raises(Conflict, match="closed: resident_foreign"):
            await confirm(session, story, foreign)
        short = await press.make_journalist(session, 3)
        await give(session, story, short, valid_until=story.event.closes_on - timedelta(days=1))
        with pytest.raises(Conflict, match="expired: 2026-01-01 – 2026-12-08"):
            await confirm(session, story, short)
        cardless = await press.make_journalist(session, 4, press_card_expires_on=story.event.opens_on)
        await give(session, story, cardless)
        with pytest.raises(Conflict, match="expired: press card"):
            await confirm(session, story, cardless)
        silent = await press.make_journalist(session, 5, consents=())
        await give(session, story, silent)
        with pytest.raises(Invalid, match="agree to the use"):
            await confirm(session, story, silent)
        ready = await press.make_journalist(session, 6)
        given = await give(session, story, ready)
        with pytest.raises(Invalid, match="invalid"):
            await confirm(session, story, ready, zones=["Z"])
        with pytest.raises(Conflict, match="closed"):
            await confirm(session, story, ready, now=NOW + timedelta(days=8))
        await standing_giving.end(session, access=story.reviewer, standing_id=given.id, ground="Đổi cơ quan.", now=NOW)
        with pytest.raises(NotFound):
            await confirm(session, story, ready)


async def test_ending_needs_a_ground_and_happens_once(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        made = await give(session, story, await press.make_journalist(session))
        with pytest.raises(Forbidden):
            await standing_giving.end(session, access=story.outsider, standing_id=made.id, ground="x", now=NOW)
        with pytest.raises(Invalid, match="missing"):
            await standing_giving.end(session, access=story.reviewer, standing_id=made.id, ground="", now=NOW)
        await standing_giving.end(session, access=story.reviewer, standing_id=made.id, ground="Đổi cơ quan.", now=NOW)
        with pytest.raises(Conflict, match="illegal_move"):
            await standing_giving.end(session, access=story.reviewer, standing_id=made.id, ground="x", now=NOW)


async def test_the_list_holds_ones_own_and_is_searched_without_accents(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        first = await press.make_journalist(session, 1, full_name="Lê Thị Ánh Mẫu")
        second = await press.make_journalist(session, 2, outlet="Đài Ví Dụ")
        await give(session, story, first)
        ended = await give(session, story, second)
        await standing_giving.end(session, access=story.reviewer, standing_id=ended.id, ground="Thôi việc.", now=NOW)

        async def names(q: str = "", holds: bool | None = None) -> list[str]:
            found = await standing_giving.open_list(
                session, access=story.reviewer, q=q, holds=holds, after=None, limit=10, now=NOW
            )
            return [row[1].full_name for row in found.rows]

        assert await names() == [second.full_name, first.full_name]
        assert (await names("anh mau"), await names("dai vi"), await names(first.email)) == (
            [first.full_name],
            [second.full_name],
            [first.full_name],
        )
        assert (await names(holds=True), await names(holds=False)) == ([first.full_name], [second.full_name])
        with pytest.raises(Forbidden):
            await standing_giving.open_list(
                session, access=story.outsider, q="", holds=None, after=None, limit=10, now=NOW
            )
