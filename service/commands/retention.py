"""`biendao purge`: removing what need not be kept any longer, before the worker does."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from service.commands.tools import open_service, say
from service.settings import Settings
from service.store.database import Database
from service.usecases import retention
from service.usecases.retention import Purged

_NAMES = {
    "applications": "applications",
    "files": "files",
    "questions": "questions",
    "appeals": "appeals",
    "drafts": "drafts never sent in",
    "portraits": "portraits on passes",
    "prints": "files of printed badges",
    "links": "links for signing in",
    "mails": "mails emptied",
}


def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how much would be removed.")] = False,
) -> None:
    """Removes what journalists handed in for events that are long over, as the rules of each class say."""
    with open_service() as settings:
        purged = asyncio.run(_purge(settings, dry_run=dry_run))
    if not purged:
        say("Nothing has to be removed.")
    for one in purged:
        counts = ", ".join(f"{number} {_NAMES[name]}" for name, number in one.counts.items() if number)
        say(f"{one.event_id or 'everywhere'}: {counts}")
    if purged and dry_run:
        say("Nothing was removed: this was a dry run.")


async def _purge(settings: Settings, *, dry_run: bool) -> list[Purged]:
    database = Database(settings.database_url, pool=2)
    try:
        return await retention.purge(database, now=datetime.now(UTC), dry_run=dry_run)
    finally:
        await database.close()
