"""A real `biendao serve`, for tests that need the whole thing on a real port."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
import pytest

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def command(*words: str, **settings: str) -> tuple[list[str], dict[str, str]]:
    """A `biendao` command and the environment that it runs in: nothing of this machine's decides what tests see."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BIENDAO_")}
    return [sys.executable, "-m", "service.cli", *words], kept | settings


def serve(folder: Path, port: int, *, workers: int = 2, **settings: str) -> "subprocess.Popen[str]":
    """`biendao serve` in a session of its own, as a terminal gives it."""
    chosen = {
        "BIENDAO_DATA_DIR": str(folder),
        "BIENDAO_DEMO": "false",
        "BIENDAO_LOG_LEVEL": "error",
        # Who wants the worker says so: it takes a while to start.
        "BIENDAO_BACKGROUND": "false",
    } | settings
    words, environment = command("serve", "--port", str(port), "--workers", str(workers), **chosen)
    return subprocess.Popen(
        words,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def lines_until_ready(serving: "subprocess.Popen[str]") -> list[str]:
    """What it prints up to the line after which it only waits to be stopped."""
    assert serving.stdout is not None
    lines = []
    for line in serving.stdout:
        lines.append(line.rstrip("\n"))
        if line == "Ctrl-C stops it.\n":
            return lines
    pytest.fail(f"it never was ready: {lines} {serving.stderr and serving.stderr.read()}")


def press_ctrl_c(serving: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """What a terminal does: SIGINT to the whole group; the exit code and what was printed since."""
    os.killpg(serving.pid, signal.SIGINT)
    printed, complained = serving.communicate(timeout=30)
    return serving.returncode, printed, complained


def kill_hard(serving: "subprocess.Popen[str]") -> None:
    """SIGKILL to the supervisor and all of its workers at once."""
    os.killpg(serving.pid, signal.SIGKILL)
    serving.communicate(timeout=30)


@contextmanager
def running(database_url: str, *, workers: int = 2, **settings: str) -> Iterator[str]:
    """The address of a service on a database; stopped at the end. One worker starts quicker, two can meet."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="biendao-") as name:
        serving = serve(Path(name), port, workers=workers, BIENDAO_DATABASE_URL=database_url, **settings)
        try:
            lines_until_ready(serving)
            yield f"http://127.0.0.1:{port}"
        finally:
            if serving.poll() is None:
                press_ctrl_c(serving)


@asynccontextmanager
async def fresh_copy(postgres_url: str, template: str, name: str) -> AsyncIterator[str]:
    """The address of a database of its own, for a service that many tests of a file share."""
    admin = await asyncpg.connect(postgres_url.replace("postgresql+asyncpg://", "postgresql://"))
    await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    head, _, query = postgres_url.replace("postgresql+asyncpg://", "postgresql://").partition("?")
    try:
        yield f"{head.rsplit('/', 1)[0]}/{name}?{query}"
    finally:
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await admin.close()
