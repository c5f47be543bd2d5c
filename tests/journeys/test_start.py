"""`biendao serve` from outside: ready, refused twice, stopped, started again, killed, started again."""

import asyncio
import fcntl
import socket
import tempfile
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import asyncpg
import pytest

from service.store.postgres import running_url
from tests.serving import free_port, lines_until_ready, press_ctrl_c, serve


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that the database's user reaches also as root."""
    with tempfile.TemporaryDirectory(prefix="biendao-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def port() -> int:
    """A port that is free now."""
    return free_port()


def status_of(port: int, path: str) -> int:
    """The status with which the service answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def execute(url: str, statement: str) -> None:
    """Runs a statement on the embedded database."""

    async def run() -> None:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        await connection.execute(statement)
        await connection.close()

    asyncio.run(run())


def is_free(lock_file: Path) -> bool:
    """Whether no process holds a lock."""
    with lock_file.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_first_start_refusal_stop_second_start_kill_and_third_start(folder: Path, port: int) -> None:
    ready = [
        f"Biển Đảo is ready: http://127.0.0.1:{port}",
        f"  interface: http://127.0.0.1:{port}/docs",
        "Ctrl-C stops it.",
    ]
    serving = serve(folder, port)
    assert lines_until_ready(serving) == [
        f"Data folder: {folder}",
        "Making the database, for this is the first start …",
        *ready,
    ]
    assert status_of(port, "/readyz") == 200

    second = serve(folder, port)
    assert second.communicate(timeout=30) == (
        "",
        f"Biển Đảo is already running on this data folder (pid {serving.pid}): {folder}\n",
    )
    assert second.returncode == 1
    execute(running_url(folder), "CREATE TABLE kept AS SELECT 7 AS number")

    assert press_ctrl_c(serving) == (0, "Stopping …\nStopped.\n", "")
    assert is_free(folder / "pg.lock"), "a PostgreSQL is left"
    assert is_free(folder / "serve.lock")

    again = serve(folder, port)
    assert lines_until_ready(again) == [f"Data folder: {folder}", *ready]
    execute(running_url(folder), "DROP TABLE kept")

    again.kill()
    # Its pipes close when the last worker is gone, and with it the port is free.
    again.communicate(timeout=30)
    after_a_kill = serve(folder, port, workers=1)
    lines_until_ready(after_a_kill)
    assert status_of(port, "/readyz") == 200
    assert press_ctrl_c(after_a_kill) == (0, "Stopping …\nStopped.\n", "")


def test_a_taken_port_is_one_clear_line(folder: Path, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        refused = serve(folder, port)
        assert refused.communicate(timeout=30) == (
            "",
            f"Port {port} is taken; choose another: make run PORT=8010\n",
        )
    assert refused.returncode == 1
    assert not (folder / "pg").exists()


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (
            {"BIENDAO_ENVIRONMENT": "production"},
            "production needs BIENDAO_SECRET_KEY and BIENDAO_PUBLIC_URL; see docs/operate.md\n",
        ),
        (
            {"BIENDAO_SECRET_KEY": "short"},
            "BIENDAO_SECRET_KEY needs at least 32 characters; `openssl rand -hex 32` makes one\n",
        ),
        (
            {"BIENDAO_DATABASE_URL": "mysql://db/biendao"},
            "BIENDAO_DATABASE_URL: the database's address must begin with postgresql://\n",
        ),
    ],
)
def test_settings_that_cannot_work_are_one_clear_line(
    folder: Path, port: int, settings: dict[str, str], line: str
) -> None:
    refused = serve(folder, port, **settings)
    assert refused.communicate(timeout=30) == ("", line)
    assert refused.returncode == 1
