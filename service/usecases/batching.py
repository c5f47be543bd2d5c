"""Scans that arrive together are judged together: one transaction for all that wait, and no waiting for more."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.domain.errors import Refusal
from service.domain.scans import ScanAnswer, ScanIn
from service.store.database import Database
from service.usecases.admission import admit_scans

LARGEST = 500
_RUNNERS = 2


@dataclass(slots=True)
class _Waiting:
    scans: list[ScanIn]
    received_at: datetime
    answers: "asyncio.Future[list[ScanAnswer]]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Admission:
    """The queue before the door of one process.

    While a batch is being judged the next one gathers, so batches grow exactly as fast as the load does;
    a lone scan never waits. Two batches are under way at once: one commits while the other is judged.
    """

    def __init__(self, database: Database, *, skew_seconds: int) -> None:
        self._database = database
        self._skew = timedelta(seconds=skew_seconds)
        self._waiting: deque[_Waiting] = deque()
        self._running: set[asyncio.Task[None]] = set()

    async def submit(self, scans: list[ScanIn], *, received_at: datetime) -> list[ScanAnswer]:
        """The answers to `scans`, once they are committed."""
        waiting = _Waiting(scans, received_at)
        self._waiting.append(waiting)
        if len(self._running) < _RUNNERS:
            task = asyncio.create_task(self._run())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return await waiting.answers

    async def _run(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft()]
            size = len(batch[0].scans)
            while self._waiting and size + len(self._waiting[0].scans) <= LARGEST:
                batch.append(self._waiting.popleft())
                size += len(batch[-1].scans)
            await self._judge(batch)

    async def _judge(self, batch: list[_Waiting]) -> None:
        try:
            answers = await admit_scans(
                self._database,
                scans=[scan for one in batch for scan in one.scans],
                received_at=max(one.received_at for one in batch),
                skew=self._skew,
            )
        except Exception as wrong:  # noqa: BLE001 (told to whom it belongs)
            await self._separate(batch, wrong)
            return
        at = 0
        for one in batch:
            if not one.answers.done():
                one.answers.set_result(answers[at : at + len(one.scans)])
            at += len(one.scans)

    async def _separate(self, batch: list[_Waiting], wrong: Exception) -> None:
        """Nobody's scan fails because of another's: what failed together is tried one by one."""
        if len(batch) == 1:
            if not batch[0].answers.done():
                batch[0].answers.set_exception(wrong)
            return
        for one in batch:
            await self._judge([one])

    async def close(self) -> None:
        """Ends when everything under way is answered; what still waits is refused as `busy`."""
        while self._waiting:
            left = self._waiting.popleft()
            if not left.answers.done():
                left.answers.set_exception(Refusal("busy"))
        if self._running:
            await asyncio.gather(*self._running)
