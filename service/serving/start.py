"""`biendao serve` from its first check to its last stop; each problem is one line for the operator."""

import asyncio
import errno
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import asyncpg
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from service import demo
from service.serving.background import background_of
from service.serving.opening import chosen_url, driver_url, hold_data_folder, migrate, secret_key
from service.serving.supervisor import Supervisor
from service.settings import Settings
from service.store.folders import CannotStart, data_folder
from service.store.postgres import EmbeddedPostgres

Say = Callable[[str], None]
_KNOWN = """
(SELECT email FROM staff ORDER BY id LIMIT 100)
UNION ALL SELECT email FROM journalist WHERE email = ANY($1)
"""


def serve(settings: Settings, say: Say) -> None:
    """Runs the service until Ctrl-C or SIGTERM; raises CannotStart with one line that says why it can't."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        # What was begun is ended in the opposite order: workers, then the database, then the hold of the folder.
        with ExitStack() as stack:
            begin(settings, say, stack).run()
            say("Stopping …")
    except KeyboardInterrupt:
        # It came before the workers ran.
        pass
    say("Stopped.")


def begin(settings: Settings, say: Say, stack: ExitStack) -> Supervisor:
    """Does all that comes before the workers; whatever has to be ended later is laid on `stack`."""
    folder = None if settings.database_url else stack.enter_context(hold_data_folder(settings))
    listening = [stack.enter_context(one) for one in listen(settings.host, settings.port, settings.workers)]
    postgres = EmbeddedPostgres(folder) if folder else None
    if postgres is None:
        url = chosen_url(settings)
    else:
        say(f"Data folder: {folder}")
        if postgres.is_new:
            say("Making the database, for this is the first start …")
        url = stack.enter_context(postgres)
    migrate(url)
    settings = settings.model_copy(update={"database_url": url, "secret_key": secret_key(settings)})
    sign_ins = load_demo(settings, say)
    hand_down(settings, stack.enter_context(fresh_counters(folder)))
    return Supervisor(
        settings,
        listening,
        background=stack.enter_context(background_of(settings)),
        database_lives=postgres.lives if postgres else lambda: True,
        when_ready=lambda: announce(settings, sign_ins, say),
    )


def announce(settings: Settings, sign_ins: list[tuple[str, str, str]], say: Say) -> None:
    """Says where the service answers now, and how to sign in to the demo."""
    say(f"Biển Đảo is ready: {settings.base_url}")
    say(f"  interface: {settings.base_url}/docs")
    if sign_ins:
        say("  demo sign-ins (development only):")
        width = max(len(role) for role, _, _ in sign_ins)
        for role, email, password in sign_ins:
            say(f"    {role:<{width}} {email}  {password}")
    say("Ctrl-C stops it.")


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """Makes SIGTERM and a closed terminal what Ctrl-C is, for as long as the workers don't run yet."""
    raise KeyboardInterrupt


def listen(host: str, port: int, workers: int) -> list[socket.socket]:
    """A socket per worker that listens on `host` and `port` already, so that nobody can take the port meanwhile.

    The kernel deals new connections out among them (SO_REUSEPORT); with one socket for all, whichever worker
    woke first took every connection that came with the first, and the other stood idle.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Sockets that share a port would join another service's too: so first one that shares with nobody.
        with socket.socket(family, socket.SOCK_STREAM) as alone:
            alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            alone.bind(address)
            address = alone.getsockname()
        sockets = [socket.socket(family, socket.SOCK_STREAM) for _ in range(workers)]
        for one in sockets:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            one.bind(address)
            one.listen(2048)
    except PermissionError:
        raise CannotStart(f"Port {port} is reserved; choose another: make run PORT=8010") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(f"Port {port} is taken; choose another: make run PORT=8010") from None
        raise CannotStart(f"The service can't listen on {host}:{port} ({error.strerror})") from None
    return sockets


def load_demo(settings: Settings, say: Say) -> list[tuple[str, str, str]]:
    """Loads the demo city into an empty database, in development; returns its sign-ins if it is the demo's.

    A sign-in is (role, e-mail address, password).
    """
    if settings.environment == "production" or not settings.demo:
        return []
    known = asyncio.run(known_addresses(settings.database_url))
    if not known:
        say("Loading the demo city into the empty database …")
        columns = (TextColumn("  {task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, transient=True) as bar:
            task = bar.add_task("")

            def progress(done: int, total: int, what: str) -> None:
                bar.update(task, completed=done, total=total, description=what)

            asyncio.run(demo.load(settings.database_url, settings, progress, datetime.now(UTC)))
        known = {email for _, email, _ in demo.SIGN_INS}
    return [sign_in for sign_in in demo.SIGN_INS if sign_in[1] in known]


async def known_addresses(url: str) -> set[str]:
    """The e-mail addresses of the first staff of a database, and of those journalists who are the demo's."""
    connection = await asyncpg.connect(driver_url(url), timeout=10)
    try:
        return {row["email"] for row in await connection.fetch(_KNOWN, [email for _, email, _ in demo.SIGN_INS])}
    finally:
        await connection.close()


@contextmanager
def fresh_counters(folder: Path | None) -> Iterator[Path]:
    """An empty folder where the workers add up their metrics, in the data folder if there is one."""
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="biendao-metrics-") as name:
            yield Path(name)
        return
    counters = folder / "metrics"
    # After a kill the old counters are still there.
    shutil.rmtree(counters, ignore_errors=True)
    counters.mkdir(mode=0o700)
    yield counters
    shutil.rmtree(counters, ignore_errors=True)


def hand_down(settings: Settings, counters: Path) -> None:
    """Puts what the workers need to know into their environment."""
    handed = {
        "BIENDAO_DATABASE_URL": settings.database_url,
        "BIENDAO_SECRET_KEY": settings.secret_key,
        "BIENDAO_DATA_DIR": str(data_folder(settings.data_dir)),
        "BIENDAO_HOST": settings.host,
        "BIENDAO_PORT": str(settings.port),
        "BIENDAO_WORKERS": str(settings.workers),
        "PROMETHEUS_MULTIPROC_DIR": str(counters),
    }
    os.environ.update(handed)
