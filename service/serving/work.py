"""The worker: print jobs, mail, clocks and retention, one piece after another, until it is told to stop."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog

from service.app import VERSION
from service.settings import Settings
from service.store.database import Database
from service.store.logs import configure_logs
from service.store.vault import Vault
from service.usecases import badges, messages, retention
from service.usecases.accreditation import clocks
from service.web.mail import Mails
from service.web.pages import Pages

log = structlog.get_logger("worker")
_REST = 1.0
"""Seconds between two looks when there was nothing to do."""
_CLOCKS = 60.0
_RETENTION = 3600.0
_AFTER_A_FAULT = 10.0


def run(settings: Settings) -> None:
    """Works until SIGTERM or Ctrl-C; what was begun is ended first, or made again by the next worker."""
    configure_logs(settings.log_level)
    # The door goes first: whatever the worker does, it does with what the door leaves.
    os.nice(10)
    asyncio.run(_until_told(settings))


async def _until_told(settings: Settings) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    database = Database(settings.database_url, pool=2)
    worker = Worker(database, settings)
    try:
        await asyncio.gather(
            _keep_on(worker.print_one, told),
            _keep_on(worker.send_one, told),
            _keep_on(worker.watch_clocks, told, rest=_CLOCKS),
            _keep_on(worker.purge, told, rest=_RETENTION),
        )
    finally:
        await database.close()


async def _keep_on(do_one: Callable[[], Awaitable[bool]], told: asyncio.Event, *, rest: float = _REST) -> None:
    """Does one thing after another, resting when there is none; a fault is logged and tried again, never the end."""
    while not told.is_set():
        try:
            pause = 0.0 if await do_one() else rest
        except Exception:
            log.exception("work failed", work=getattr(do_one, "__name__", ""))
            pause = max(rest, _AFTER_A_FAULT)
        try:
            await asyncio.wait_for(told.wait(), pause)
        except TimeoutError:
            continue


class Worker:
    """What a worker can do."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._vault = Vault(settings.secret_key)
        self._mails = Mails(Pages(version=VERSION), self._vault, settings)

    async def print_one(self) -> bool:
        """Makes the next part of a print job; False when none waits."""
        return await badges.work_one_part(self._database, vault=self._vault, now=datetime.now(UTC))

    async def send_one(self) -> bool:
        """Sends the mail that is due next; False when none is."""
        return await messages.send_one_mail(
            self._database, compose=self._mails.compose, settings=self._settings, now=datetime.now(UTC)
        )

    async def watch_clocks(self) -> bool:
        """Tells the leads of authorities of clocks that run out; False when all that were due are looked after."""
        return await clocks.watch(self._database, now=datetime.now(UTC)) >= clocks.MANY

    async def purge(self) -> bool:
        """Removes what need not be kept any longer; False, for it all goes in one go."""
        for one in await retention.purge(self._database, now=datetime.now(UTC)):
            log.info("purged", event_id=str(one.event_id or ""), **one.counts)
        return False
