"""Retention: what was handed in goes when its time is over, figures and decisions stay, open appeals are waited for."""

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    AccreditationPlan,
    Appeal,
    Application,
    ApplicationState,
    Decision,
    Evidence,
    Question,
    SignInLink,
    VerdictKind,
)
from service.domain.audit import AuditEntry
from service.domain.files import StoredFile
from service.domain.localtime import start_of
from service.domain.messages import OutgoingMail
from service.domain.passes import EntryPass
from service.store.database import Database
from service.usecases import accreditation, retention
from service.usecases.accreditation import appeals, applying, signing
from service.usecases.retention import Purged
from tests import press_story as press
from tests.conftest import NOW
from tests.press_story import PressStory

State = ApplicationState
LAST_DAY = date(2026, 12, 9)
"""The last day of the event of press_story."""


def after(days: int) -> datetime:
    """The first moment of a day that lies so many days after the event's last one."""
    return start_of(LAST_DAY + timedelta(days=days))


async def count(session: AsyncSession, table: Any, *conditions: Any) -> int:
    return int(await session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0)


async def figures(session: AsyncSession) -> Counter[tuple[str, str]]:
    """How many applications of each class stand in each state, drafts aside."""
    found = await session.scalars(select(Application).where(col(Application.state) != State.DRAFT))
    return Counter((one.class_code, one.state.value) for one in found)


async def told(database: Database) -> PressStory:
    """An application that was asked about and granted with its pass, one refused, one of a shorter class."""
    async with database.transaction() as session:
        story = await press.open_press(session)
        granted, journalist = await press.make_submitted(session, story, 1)
        await press.say(session, story, granted, "host", VerdictKind.ASK, ground="Xin số máy của anh Khơi.")
        await applying.answer(session, journalist=journalist, application_id=granted.id, text="Máy của tôi", now=NOW)
        await press.approve_all(session, story, granted)
        await press.decide(session, story, granted, State.APPROVED)
        await accreditation.issue_granted(
            session, access=story.organiser, event_id=story.event.id, vault=press.VAULT, now=NOW
        )
        refused, _ = await press.make_submitted(session, story, 2)
        await press.decide(session, story, refused, State.REJECTED)
        await press.make_submitted(session, story, 3, "one_day")
    return story


async def test_what_was_handed_in_goes_and_figures_stay(database: Database) -> None:
    story = await told(database)
    async with database.session() as session:
        before = await figures(session)
        decisions = await count(session, Decision)
    assert await retention.purge(database, now=after(30)) == []
    (short,) = await retention.purge(database, now=after(31))
    assert (short.event_id, short.counts["applications"]) == (story.event.id, 1)
    purged = await retention.purge(database, now=after(91))
    counts = {"applications": 2, "files": 6, "questions": 1, "appeals": 0, "drafts": 0, "portraits": 1, "prints": 0}
    assert purged[0] == Purged(story.event.id, counts)
    async with database.session() as session:
        assert await figures(session) == before
        assert await count(session, Decision) == decisions
        for one in await session.scalars(select(Application)):
            kept = (one.answers, one.note, one.identity_sealed, one.identity_hash)
            assert (kept, one.purged_at is not None) == (({}, "", b"", b""), True)
        assert await count(session, StoredFile) == 0
        assert {(one.file_id, one.name) for one in await session.scalars(select(Evidence))} == {(None, "")}
        assert {(one.wording, one.answer) for one in await session.scalars(select(Question))} == {("", "")}
        assert [one.portrait_id for one in await session.scalars(select(EntryPass))] == [None]
        plan = await session.get_one(AccreditationPlan, story.event.id)
        assert plan.purged_at == after(91)
        entries = await session.scalars(
            select(AuditEntry).where(col(AuditEntry.action) == "purged").order_by(col(AuditEntry.id))
        )
        assert [(one.object_id, one.details["applications"]) for one in entries] == [
            (story.event.id, 1),
            (story.event.id, 2),
        ]
    assert await retention.purge(database, now=after(92)) == []


async def test_a_dry_run_tells_the_same_numbers_and_keeps_everything(database: Database) -> None:
    await told(database)
    tried = await retention.purge(database, now=after(91), dry_run=True)
    async with database.session() as session:
        assert await count(session, StoredFile) > 0
        assert await count(session, Application, col(Application.purged_at).is_not(None)) == 0
        assert await count(session, AuditEntry, col(AuditEntry.action) == "purged") == 0
    assert tried == await retention.purge(database, now=after(91))


async def refused(session: AsyncSession, now: datetime) -> tuple[PressStory, Application, Appeal]:
    """An application that was refused and appealed against, at `now`."""
    story = await press.open_press(session)
    application, journalist = await press.make_submitted(session, story)
    await press.decide(session, story, application, State.REJECTED, now=now)
    appeal = await appeals.file(
        session, journalist=journalist, application_id=application.id, text="Tôi là Nguyễn Thị Biển.", now=now
    )
    return story, application, appeal


async def test_an_open_appeal_keeps_its_application_until_it_is_answered(database: Database) -> None:
    async with database.transaction() as session:
        story, application, appeal = await refused(session, NOW)
    await retention.purge(database, now=after(200))
    async with database.transaction() as session:
        found = await press.fresh(session, application)
        assert (found.purged_at, bool(found.answers)) == (None, True)
        assert (await session.get_one(AccreditationPlan, story.event.id)).purged_at is None
        await appeals.answer(
            session, access=story.reviewer, appeal_id=appeal.id, upheld=False, answer="Giữ nguyên.", now=NOW
        )
    await retention.purge(database, now=after(200))
    async with database.session() as session:
        assert (await press.fresh(session, application)).answers == {}
        kept = await session.get_one(Appeal, appeal.id)
        assert (kept.wording, kept.answer) == ("", "Giữ nguyên.")


async def test_what_may_still_be_appealed_against_waits(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session, days=(-120, -118))
        application, _ = await press.make_submitted(session, story)
        await press.decide(session, story, application, State.REJECTED)
    await retention.purge(database, now=NOW + timedelta(days=1))
    async with database.session() as session:
        assert (await press.fresh(session, application)).answers != {}
    await retention.purge(database, now=NOW + timedelta(days=9))
    async with database.session() as session:
        assert (await press.fresh(session, application)).answers == {}


async def test_drafts_that_nobody_sent_in_go_with_their_files(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        journalist = await press.make_journalist(session)
        draft = await press.begin(session, story, journalist)
        await press.fill(session, story, journalist, draft)
        await press.make_submitted(session, story, 2)
    closed = NOW + timedelta(days=7)
    assert await retention.purge(database, now=closed + retention.DRAFTS_KEPT) == []
    (purged,) = await retention.purge(database, now=closed + retention.DRAFTS_KEPT + timedelta(minutes=1))
    assert {name: number for name, number in purged.counts.items() if number} == {"drafts": 1}
    async with database.session() as session:
        assert await count(session, Application) == 1
        assert await count(session, StoredFile) == await count(session, Evidence)


async def test_links_go_and_mails_forget_what_they_were_about(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session, days=(400, 401))
        await press.make_submitted(session, story)
        await signing.ask_link(session, email="moi@toasoan.example", language="vi", next_path="", now=NOW)
        (await session.scalars(select(OutgoingMail))).first().problem = "550 phong.vien.1@toasoan.example"
    ended = NOW + signing.LASTS + retention.LINKS_KEPT
    assert await retention.purge(database, now=ended) == []
    assert await retention.purge(database, now=ended + timedelta(seconds=1)) == [Purged(None, {"links": 1, "mails": 0})]
    assert await retention.purge(database, now=NOW + timedelta(days=181)) == [Purged(None, {"links": 0, "mails": 1})]
    async with database.session() as session:
        assert await count(session, SignInLink) == 0
        assert {(str(one.facts), one.problem) for one in await session.scalars(select(OutgoingMail))} == {("{}", "")}


async def test_two_workers_remove_it_once(database: Database) -> None:
    await told(database)
    runs = await asyncio.gather(*(retention.purge(database, now=after(91)) for _ in range(3)))
    assert sum(one.counts.get("applications", 0) for run in runs for one in run) == 3
