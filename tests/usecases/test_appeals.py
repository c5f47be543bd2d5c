"""Appeals: within the working days after a decision, one per decision, answered once, mailed and recorded."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    Appeal,
    AppealState,
    Application,
    ApplicationState,
    Journalist,
    Outcome,
    VerdictKind,
)
from service.domain.audit import AuditEntry
from service.domain.errors import Conflict, Forbidden, Invalid, NotFound
from service.domain.messages import MailKind, OutgoingMail
from service.store.database import Database
from service.usecases.accreditation import appeals, applying
from tests import press_story as press
from tests.conftest import NOW
from tests.press_story import PressStory

LATE = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
"""The end of Tuesday 01/12/2026: five working days after Monday 23/11, for the 24th is a holiday."""


async def refused(session: AsyncSession, **facts: Any) -> tuple[PressStory, Application, Journalist]:
    story = await press.open_press(session, **facts)
    application, journalist = await press.make_submitted(session, story)
    await press.say(session, story, application, "press_management", VerdictKind.REJECT)
    await press.decide(session, story, application, ApplicationState.REJECTED)
    return story, application, journalist


async def file(
    session: AsyncSession,
    application: Application,
    journalist: Journalist,
    *,
    now: datetime = NOW,
    text: str = "Xin xét lại.",
) -> Appeal:
    return await appeals.file(session, journalist=journalist, application_id=application.id, text=text, now=now)


async def actions(session: AsyncSession, application: Application) -> list[str]:
    statement = select(col(AuditEntry.action)).where(col(AuditEntry.object_id) == application.id)
    return list(await session.scalars(statement.order_by(col(AuditEntry.id))))


async def test_an_appeal_is_kept_with_the_decision_that_it_is_against(database: Database) -> None:
    async with database.transaction() as session:
        _, application, journalist = await refused(session)
        appeal = await file(session, application, journalist)
        decision = await appeals.decision_of(session, application)
        assert decision is not None
        assert (appeal.state, appeal.decision_id, appeal.wording) == (AppealState.FILED, decision.id, "Xin xét lại.")
        assert (await actions(session, application))[-1] == "appealed"


async def test_the_last_working_day_counts_whole(database: Database) -> None:
    async with database.transaction() as session:
        _, application, journalist = await refused(session)
        assert await appeals.open_until(session, application=application) == LATE
        with pytest.raises(Conflict, match="closed"):
            await file(session, application, journalist, now=LATE)
        await file(session, application, journalist, now=LATE - timedelta(seconds=1))


async def test_a_year_whose_days_are_not_known_is_not_guessed(database: Database) -> None:
    async with database.transaction() as session:
        _, application, journalist = await refused(session, appeal_days=40)
        with pytest.raises(Conflict, match="calendar_unknown: 2027"):
            await file(session, application, journalist)


async def test_a_decision_has_one_appeal_whatever_came_of_it(database: Database) -> None:
    async with database.transaction() as session:
        story, application, journalist = await refused(session)
        appeal = await file(session, application, journalist)
        with pytest.raises(Conflict, match="already_exists"):
            await file(session, application, journalist)
        await appeals.answer(
            session, access=story.reviewer, appeal_id=appeal.id, upheld=False, answer="Giữ nguyên.", now=NOW
        )
        with pytest.raises(Conflict, match="already_exists"):
            await file(session, application, journalist)


async def test_what_was_not_refused_and_who_does_not_own_it(database: Database) -> None:
    async with database.transaction() as session:
        story, application, journalist = await refused(session)
        other, stranger = await press.make_submitted(session, story, 2)
        assert await appeals.open_until(session, application=other) is None
        with pytest.raises(Conflict, match="illegal_move: submitted"):
            await file(session, other, stranger)
        with pytest.raises(NotFound):
            await file(session, application, stranger)
        with pytest.raises(Invalid, match="missing"):
            await file(session, application, journalist, text="")


async def test_upheld_the_review_goes_on_and_the_journalist_is_told(database: Database) -> None:
    async with database.transaction() as session:
        story, application, journalist = await refused(session)
        appeal = await file(session, application, journalist)
        with pytest.raises(Forbidden):
            await appeals.answer(
                session, access=story.organiser, appeal_id=appeal.id, upheld=True, answer="Đúng.", now=NOW
            )
        with pytest.raises(Invalid, match="missing"):
            await appeals.answer(session, access=story.reviewer, appeal_id=appeal.id, upheld=True, answer="", now=NOW)
        await appeals.answer(
            session, access=story.reviewer, appeal_id=appeal.id, upheld=True, answer="Có nhầm lẫn.", now=NOW
        )
        assert (appeal.state, appeal.answered_by_id) == (AppealState.UPHELD, story.reviewer.staff_id)
        found = await press.fresh(session, application)
        # The verdict that refused still stands: the authority may change it, the office can't grant against it.
        assert (found.state, found.outcome) == (ApplicationState.IN_REVIEW, Outcome.REFUSED)
        assert {"set_aside", "appeal_upheld"} <= set(await actions(session, application))
        kinds = [one.kind for one in await session.scalars(select(OutgoingMail).order_by(col(OutgoingMail.id)))]
        assert kinds[-1] is MailKind.APPEAL_ANSWERED
        with pytest.raises(Conflict, match="illegal_move: upheld"):
            await appeals.answer(session, access=story.reviewer, appeal_id=appeal.id, upheld=False, answer="x", now=NOW)


async def test_dismissed_the_decision_stands(database: Database) -> None:
    async with database.transaction() as session:
        story, application, journalist = await refused(session)
        appeal = await file(session, application, journalist)
        assert [
            one[0].id for one in await appeals.list_open(session, access=story.reviewer, event_id=story.event.id)
        ] == [appeal.id]
        with pytest.raises(Forbidden):
            await appeals.list_open(session, access=story.outsider, event_id=story.event.id)
        await appeals.answer(
            session, access=story.reviewer, appeal_id=appeal.id, upheld=False, answer="Giữ nguyên.", now=NOW
        )
        assert (await press.fresh(session, application)).state is ApplicationState.REJECTED
        assert await appeals.list_open(session, access=story.reviewer, event_id=story.event.id) == []


async def test_an_appeal_whose_decision_was_set_aside_meanwhile_can_still_be_answered(database: Database) -> None:
    async with database.transaction() as session:
        story, application, journalist = await refused(session)
        appeal = await file(session, application, journalist)
        await appeals.set_aside(
            session, access=story.reviewer, application_id=application.id, ground="Nhầm hồ sơ.", now=NOW
        )
        await appeals.answer(
            session, access=story.reviewer, appeal_id=appeal.id, upheld=True, answer="Đã sửa.", now=NOW
        )
        assert appeal.state is AppealState.UPHELD
        assert (await actions(session, application)).count("set_aside") == 1


async def test_a_revocation_may_be_appealed_against_a_withdrawal_may_not(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        application, journalist = await press.make_submitted(session, story)
        await press.approve_all(session, story, application)
        await press.decide(session, story, application, ApplicationState.APPROVED)
        await press.decide(session, story, application, ApplicationState.REVOKED)
        await file(session, application, journalist)
        other, owner = await press.make_submitted(session, story, 2)
        await applying.withdraw(session, journalist=owner, application_id=other.id, now=NOW)
        with pytest.raises(Conflict, match="illegal_move: withdrawn"):
            await file(session, other, owner)
