"""The only clock of the web."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


async def current() -> datetime:
    """The same for handlers: FastAPI would run a plain function in a thread, which costs more than the question."""
    return now()
