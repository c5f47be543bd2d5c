"""`biendao purge` as an operator types it, and what the worker does by itself every minute and every hour."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from service.domain.accreditation import Application, Review
from service.domain.messages import MailKind, OutgoingMail
from service.serving.work import Worker
from service.settings import Settings
from service.store.database import Database
from tests import press_story
from tests.journeys.test_commands import run


async def long_over(database: Database) -> None:
    """An application for an event that was over half a year ago; commands go by the machine's own clock."""
    async with database.transaction() as session:
        story = await press_story.open_press(session, now=datetime.now(UTC) - timedelta(days=200), days=(5, 6))
        await press_story.make_submitted(session, story, now=datetime.now(UTC) - timedelta(days=200))


async def purged(database: Database) -> list[bool]:
    async with database.session() as session:
        return [one.purged_at is not None for one in await session.scalars(select(Application))]


async def test_a_dry_run_tells_how_much_and_the_run_removes_it(database: Database, database_url: str) -> None:
    await long_over(database)
    tried = run(database_url, "purge", "--dry-run")
    assert tried.returncode == 0, tried.stderr
    assert "1 applications, 3 files" in tried.stdout
    assert "Nothing was removed: this was a dry run." in tried.stdout
    assert await purged(database) == [False]
    done = run(database_url, "purge")
    assert "1 applications, 3 files" in done.stdout
    assert await purged(database) == [True]
    assert run(database_url, "purge").stdout.strip() == "Nothing has to be removed."


async def test_the_worker_removes_it_by_itself_and_looks_after_clocks(database: Database, settings: Settings) -> None:
    await long_over(database)
    worker = Worker(database, settings)
    assert not await worker.purge()
    assert await purged(database) == [True]
    async with database.transaction() as session:
        for one in await session.scalars(select(Review)):
            one.due_at = datetime.now(UTC) - timedelta(minutes=1) if one.authority == "host" else None
            one.fault, one.escalated_at = "", None
    assert not await worker.watch_clocks()
    async with database.session() as session:
        told = [one.kind for one in await session.scalars(select(OutgoingMail))]
        assert told.count(MailKind.REVIEW_LATE) == 1
    assert not await worker.watch_clocks()
    async with database.session() as session:
        assert [one.kind for one in await session.scalars(select(OutgoingMail))] == told
