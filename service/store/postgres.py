"""The embedded PostgreSQL: its data, its socket and its process, from the first start to the last stop."""

import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import quote

from service.store.engine import engine_for, postgres_account
from service.store.folders import SOCKET, CannotStart, make_private, socket_folder

NAME = "biendao"
"""The database, and the role that owns it."""

INITDB = (
    *("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)

OPTIONS: dict[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_connections": "100",
    "timezone": "UTC",
    # An acknowledged scan survives a power cut.
    "fsync": "on",
    "synchronous_commit": "on",
    # The log tells of the server alone: statements and their values may hold personal data.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
}

FIRST_STATEMENTS = f"CREATE ROLE {NAME} LOGIN CREATEDB;\nCREATE DATABASE {NAME} OWNER {NAME};\n"

PATIENCE = 120.0
"""Seconds for a start with recovery after a power cut, and for a stop."""


def socket_url(sockets: Path) -> str:
    """The address of the embedded database whose socket lies in `sockets`."""
    return f"postgresql+asyncpg://{NAME}@/{NAME}?host={quote(str(sockets))}"


class EmbeddedPostgres:
    """PostgreSQL on the data folder `folder`: `with EmbeddedPostgres(folder) as url: …`

    It listens on a socket in a folder with mode 0700 and nowhere else, so nobody but this user (and root)
    gets in. It stops when this process ends, even by SIGKILL. The caller makes sure that no other process
    works on the same folder (`folders.lock_data_folder`): whoever comes later stops what it finds running.

    `options` are PostgreSQL's own settings, laid over OPTIONS.
    """

    def __init__(self, folder: Path, *, options: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.data = folder / "pg"
        self.log = folder / "postgres.log"
        self.options = OPTIONS | dict(options or {})
        self._account = postgres_account()
        self._programs = Path()
        self._sockets = socket_folder(folder, owner=self._account.uid)
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def is_new(self) -> bool:
        """Whether the first start is still to come."""
        return not self.data.exists()

    def lives(self) -> bool:
        """Whether the database that we started still runs."""
        return self._server is not None and self._server.poll() is None

    def start(self) -> str:
        """Starts the database, made anew at the first start, and returns its address once it answers."""
        if not self._account.reaches(self.folder):
            raise CannotStart(
                f"The database's user {self._account.name} can't reach the data folder {self.folder}; open its "
                "parent folders for passing through (chmod o+x), or choose another: BIENDAO_DATA_DIR=…"
            )
        try:
            self._programs = engine_for(self._account)
            make_private(self._sockets, owner=self._account.uid, group=self._account.gid)
            lock = self._lock_out_others()
            try:
                if self.is_new:
                    self._make_cluster()
                self._launch(lock)
            finally:
                os.close(lock)
        except OSError as error:
            raise CannotStart(f"The embedded PostgreSQL can't start in {self.folder}: {error}") from error
        return socket_url(self._sockets)

    def stop(self) -> None:
        """Ends all connections, stops the database and waits until it has written everything."""
        server, self._server = self._server, None
        if server is None or server.poll() is not None:
            return
        server.send_signal(signal.SIGINT)
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            # An immediate stop loses nothing either: the next start recovers from the log of writes.
            server.send_signal(signal.SIGQUIT)
            server.wait()
        with suppress(OSError):
            self._sockets.rmdir()

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _lock_out_others(self) -> int:
        """Waits until no PostgreSQL works on this folder any more and returns the lock that proves it.

        The lock is handed down to the server and lives as long as the server does, whatever becomes of us.
        So a server that we find is an orphan, and files that speak of one are stale when there is none.
        """
        lock = os.open(self.folder / "pg.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        pid_file = self.data / "postmaster.pid"
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                stop_orphan(pid_file)
            else:
                for stale in (pid_file, self._sockets / SOCKET, self._sockets / f"{SOCKET}.lock"):
                    stale.unlink(missing_ok=True)
                return lock
            if time.monotonic() > deadline:
                os.close(lock)
                raise CannotStart(f"A PostgreSQL on {self.data} is still running and doesn't stop")
            time.sleep(0.05)

    def _make_cluster(self) -> None:
        """Makes the database cluster beside its place and moves it there when it is whole."""
        draft = self.folder / "pg.new"
        shutil.rmtree(draft, ignore_errors=True)
        make_private(draft, owner=self._account.uid, group=self._account.gid)
        durable = [] if self.options["fsync"] == "on" else ["--no-sync"]
        self._run("initdb", "-D", draft, *INITDB, *durable)
        single = ("--single", "-D", draft, "-c", "exit_on_error=on", "-c", f"fsync={self.options['fsync']}")
        self._run("postgres", *single, "postgres", told=FIRST_STATEMENTS)
        draft.rename(self.data)

    def _run(self, program: str, *arguments: str | Path, told: str = "") -> None:
        """Runs a program of PostgreSQL to its end."""
        with self._spawn(program, *arguments, stdin=subprocess.PIPE, output=subprocess.PIPE) as running:
            output, _ = running.communicate(told.encode())
        if running.returncode:
            lines = output.decode(errors="replace").strip().splitlines()
            raise CannotStart(f"PostgreSQL's {program} failed: {lines[-1] if lines else running.returncode}")

    def _spawn(
        self,
        program: str,
        *arguments: str | Path,
        stdin: int,
        output: int | IO[bytes],
        pass_fds: Sequence[int] = (),
    ) -> subprocess.Popen[bytes]:
        """Starts a program of PostgreSQL as its user, out of reach of Ctrl-C, and never to outlive us."""
        other = None if self._account.is_me else self._account
        return subprocess.Popen(  # noqa: S603 (our own programs, no shell)
            [self._programs / program, *arguments],
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=pass_fds,
            user=other.uid if other else None,
            group=other.gid if other else None,
            extra_groups=() if other else None,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            # A terminal sends Ctrl-C to all of its group; the database has to stop last, and by our hand.
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGINT, parent=os.getpid()),  # noqa: PLW1509 (two system calls)
        )

    def _launch(self, lock: int) -> None:
        """Starts the server and waits until it takes connections."""
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        settings = [part for name, value in self.options.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("wb") as log:
            where = ("-D", self.data, "-k", self._sockets)
            self._server = self._spawn(
                "postgres", *where, *settings, stdin=subprocess.DEVNULL, output=log, pass_fds=[lock]
            )
        try:
            self._wait_until_ready(self._server)
        except BaseException:
            self.stop()
            raise

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_ready(self.data / "postmaster.pid"):
            if server.poll() is not None or time.monotonic() > deadline:
                lines = self.log.read_text(errors="replace").strip().splitlines()
                raise CannotStart(f"PostgreSQL doesn't start: {lines[-1] if lines else ''} (see {self.log})")
            time.sleep(0.01)


def is_ready(pid_file: Path) -> bool:
    """Whether the server takes connections: it says so itself in the eighth line of its file."""
    try:
        lines = pid_file.read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"  # noqa: PLR2004 (PostgreSQL counts so)


def stop_orphan(pid_file: Path) -> None:
    """Asks the server that wrote `pid_file` to stop quickly; it is certain that one lives."""
    try:
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
    except (FileNotFoundError, ProcessLookupError, IndexError):
        # It is just starting, or just gone.
        return


def end_with_parent(number: signal.Signals, *, parent: int) -> Callable[[], None] | None:
    """What a child of `parent` calls to get signal `number` when its parent ends; None where Linux isn't."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    set_parent_death_signal = 1

    def bind() -> None:
        prctl(set_parent_death_signal, number.value)
        # The parent may have ended just before.
        if os.getppid() != parent:
            os._exit(1)

    return bind


def running_url(folder: Path) -> str:
    """The address of the embedded database that another process runs on the data folder `folder`."""
    return socket_url(socket_folder(folder, owner=postgres_account().uid))
