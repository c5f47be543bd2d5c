"""What all commands share: the settings of the environment, one line on the terminal, a session to work in."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access
from service.domain.errors import Refusal
from service.settings import Settings
from service.store.database import Database
from service.store.folders import CannotStart
from service.store.vault import Vault
from service.usecases import accounts

Answer = TypeVar("Answer")


def read_settings(**chosen: Any) -> Settings:
    """The settings of the environment, with what was `chosen` at the command line laid over them."""
    try:
        return Settings(**{name: value for name, value in chosen.items() if value is not None})
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            name = "_".join(str(step) for step in problem["loc"])
            where = f"BIENDAO_{name.upper()}: " if name else ""
            lines.append(where + problem["msg"].removeprefix("Value error, "))
        raise CannotStart("; ".join(lines)) from None


def say(line: str) -> None:
    """Prints one line at once, also into a pipe."""
    print(line, flush=True)


@contextmanager
def open_service() -> Iterator[Settings]:
    """The settings with a database that answers and the secret key, whether the service runs or not."""
    from service.serving import opening

    settings = read_settings()
    with opening.open_database(settings) as url:
        ready = {"database_url": url, "secret_key": opening.secret_key(settings)}
        yield settings.model_copy(update=ready)


def in_session(settings: Settings, work: Callable[[AsyncSession, Vault], Awaitable[Answer]]) -> Answer:
    """What `work` answers, done in one transaction; a refusal is one line for the operator."""

    async def run() -> Answer:
        database = Database(settings.database_url, pool=2)
        try:
            async with database.transaction() as session:
                return await work(session, Vault(settings.secret_key))
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except Refusal as refusal:
        raise CannotStart(f"{refusal.code}: {refusal.detail}".rstrip(": ")) from None


async def act_as(session: AsyncSession, email: str) -> Access:
    """What the member of staff with this address may do; the record names them. Raises CannotStart."""
    access = await accounts.access_of(session, email=email)
    if access is None:
        raise CannotStart(f"There is no active member of staff {email}")
    return access
