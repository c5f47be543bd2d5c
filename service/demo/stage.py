"""What all parts of the demo share: one transaction, one seed, one clock, one bar."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

import asyncpg
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Role
from service.domain.base import new_id
from service.domain.localtime import CITY_ZONE, local_day
from service.store.vault import Vault

Progress = Callable[[int, int, str], None]


@dataclass
class Stage:
    """Where the demo is played. The same seed and the same day give the same city.

    `desks`: a member of staff of each authority, by its code.
    """

    session: AsyncSession
    connection: asyncpg.Connection
    vault: Vault
    now: datetime
    progress: Progress
    steps: int
    random: Random = field(default_factory=lambda: Random(1974))  # noqa: S311 (a demo needs no secrets)
    done: int = 0
    staff: dict[Role, UUID] = field(default_factory=dict)
    organisations: dict[str, UUID] = field(default_factory=dict)
    desks: dict[str, UUID] = field(default_factory=dict)
    venues: dict[str, UUID] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return local_day(self.now)

    def access(self, role: Role = Role.ADMIN) -> Access:
        """What the demo's own staff may do."""
        return Access(
            staff_id=self.staff[role],
            name="",
            email="",
            language="vi",
            sign_in_id=new_id(),
            grants=((None, Role.ADMIN),),
        )

    def step(self, what: str) -> None:
        """Tells that one more of the steps is done."""
        self.done += 1
        self.progress(min(self.done, self.steps), self.steps, what)

    def day(self, offset: int) -> date:
        """The day `offset` days from today."""
        return self.today + timedelta(days=offset)

    def at(self, on: date, hour: int, minute: int = 0) -> datetime:
        """A local time as an instant."""
        return datetime.combine(on, time(hour, minute), CITY_ZONE).astimezone(UTC)
