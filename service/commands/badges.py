"""`biendao badges`: printing many badges from the command line."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlmodel.ext.asyncio.session import AsyncSession

from service.commands.tools import act_as, in_session, open_service, say
from service.domain.badge_formats import BadgeFormat
from service.domain.badges import JobState
from service.domain.passes import Category
from service.settings import Settings
from service.store.database import Database
from service.store.folders import CannotStart
from service.store.vault import Vault
from service.usecases import badges
from service.usecases.badges import JobFile

app = typer.Typer(no_args_is_help=True, help="Badges: print many of them.")


@app.command("print")
def print_badges(
    staff: Annotated[str, typer.Option("--as", help="E-mail address of the member of staff who prints.")],
    event: Annotated[UUID | None, typer.Option(help="The event, by its id, for a new job.")] = None,
    job: Annotated[UUID | None, typer.Option(help="A job that was begun before: the rest of it is made.")] = None,
    form: Annotated[BadgeFormat, typer.Option("--format", help="The format.")] = BadgeFormat.A6,
    category: Annotated[Category | None, typer.Option(help="Only passes of this category.")] = None,
    out: Annotated[Path, typer.Option(help="The folder for the PDFs.")] = Path(),
) -> None:
    """Makes the badges that were not printed yet, a hundred in a PDF; Ctrl-C, then --job goes on where it stopped."""
    if (event is None) == (job is None):
        raise CannotStart("Name an event with --event, or a job with --job")

    async def begin(session: AsyncSession, _: Vault) -> JobFile:
        access = await act_as(session, staff)
        if job is not None:
            return await badges.open_job(session, access=access, job_id=job)
        assert event is not None  # noqa: S101 (asked above)
        return await badges.start_job(
            session,
            access=access,
            event_id=event,
            form=form,
            pass_ids=None,
            category=category,
            now=datetime.now(UTC),
        )

    with open_service() as settings:
        begun = in_session(settings, begin)
        say(f"Job {begun.job.id}: {begun.job.total} badges, {begun.job.without_portrait} without a portrait")
        found = asyncio.run(_make(settings, staff, begun))
        _require_done(found)
        folder = out / f"badges-{begun.job.id}"
        folder.mkdir(parents=True, exist_ok=True)
        for part in found.parts:
            if part.file_id:
                path = folder / f"{part.number:03d}.pdf"
                path.write_bytes(_read(settings, staff, begun.job.id, part.number))
        say(f"{found.done - found.skipped} badges in {folder}; {found.skipped} passes had ended meanwhile")


async def _make(settings: Settings, staff: str, begun: JobFile) -> JobFile:
    """Works on parts, beside whatever workers there are, until the job has ended."""
    database, vault = Database(settings.database_url, pool=2), Vault(settings.secret_key)
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns) as bar:
            task = bar.add_task("badges", total=begun.job.total, completed=begun.done)
            while True:
                async with database.transaction() as session:
                    access = await act_as(session, staff)
                    found = await badges.open_job(session, access=access, job_id=begun.job.id)
                bar.update(task, completed=found.done)
                if found.job.state is not JobState.RUNNING:
                    return found
                if not await badges.work_one_part(database, vault=vault, now=datetime.now(UTC)):
                    await asyncio.sleep(0.5)
    finally:
        await database.close()


def _require_done(found: JobFile) -> None:
    if found.job.state is not JobState.DONE:
        raise CannotStart(f"The job has {found.job.state.value}. {found.job.problem}".strip())


def _read(settings: Settings, staff: str, job_id: UUID, number: int) -> bytes:
    async def work(session: AsyncSession, vault: Vault) -> bytes:
        access = await act_as(session, staff)
        return await badges.open_part(
            session, access=access, job_id=job_id, number=number, vault=vault, now=datetime.now(UTC)
        )

    return in_session(settings, work)
