"""The worker: print jobs and mail, one piece after another, until it is told to stop."""

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
from service.usecases import badges, messages
from service.web.mail import Mails
from service.web.pages import Pages

log = structlog.get_logger("worker")
_REST = 1.0
"""Seconds between two looks when there was nothing to do."""
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
        await asyncio.gather(_keep_on(worker.print_one, told), _keep_on(worker.send_one, told))
    finally:
        await database.close()


async def _keep_on(do_one: Callable[[], Awaitable[bool]], told: asyncio.Event) -> None:
    """Does one thing after another; a fault is logged and tried again later, never the end."""
    while not told.is_set():
        try:
            rest = 0.0 if await do_one() else _REST
        except Exception:
            log.exception("work failed", work=getattr(do_one, "__name__", ""))
            rest = _AFTER_A_FAULT
        try:
            await asyncio.wait_for(told.wait(), rest)
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
