"""`biendao serve` from outside: ready, refused twice, stopped, started again, killed, started again."""

import asyncio
import fcntl
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import asyncpg
import pytest

from service.store.postgres import running_url

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that the database's user reaches also as root."""
    with tempfile.TemporaryDirectory(prefix="biendao-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def port() -> int:
    """A port that is free now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def serve(folder: Path, port: int, **settings: str) -> "subprocess.Popen[str]":
    """`biendao serve` in a session of its own, as a terminal gives it."""
    chosen = {"BIENDAO_DATA_DIR": str(folder), "BIENDAO_DEMO": "false", "BIENDAO_LOG_LEVEL": "error"} | settings
    # Nothing of this machine's environment decides what the test sees.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BIENDAO_")}
    return subprocess.Popen(
        [sys.executable, "-m", "service.cli", "serve", "--port", str(port), "--workers", "2"],
        cwd=ROOT,
        env=kept | chosen,
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


def test_first_start_refusals_stop_and_second_start(folder: Path, port: int) -> None:
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
    assert press_ctrl_c(again) == (0, "Stopping …\nStopped.\n", "")


def test_a_taken_port_is_one_clear_line(folder: Path, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        refused = serve(folder, port)
        assert refused.communicate(timeout=30) == (
            "",
            f"Port {port} is taken; choose another: make run PORT=8010\n",
        )
    assert refused.returncode == 1
    assert not (folder / "pg").exists()


def test_starts_again_after_the_supervisor_was_killed(folder: Path, port: int) -> None:
    killed = serve(folder, port)
    lines_until_ready(killed)
    killed.kill()
    # Its pipes close when the last worker is gone, and with it the port is free.
    killed.communicate(timeout=30)
    again = serve(folder, port)
    lines_until_ready(again)
    assert status_of(port, "/readyz") == 200
    assert press_ctrl_c(again) == (0, "Stopping …\nStopped.\n", "")


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
