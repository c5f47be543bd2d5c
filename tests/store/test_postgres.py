"""The embedded PostgreSQL as operators meet it: first start, next start, after a kill, as root and as a user."""

import asyncio
import fcntl
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from service.store.folders import (
    AlreadyRunning,
    CannotStart,
    choose_data_folder,
    development_secret,
    lock_data_folder,
    make_data_folder,
    nickname,
    socket_folder,
)
from service.store.postgres import EmbeddedPostgres

ROOT = Path(__file__).parents[2]
QUICK = {"fsync": "off", "shared_buffers": "16MB"}
HOLD = """
import os, signal, sys
from pathlib import Path
from service.store.postgres import EmbeddedPostgres
if user := int(sys.argv[2]):
    os.setgroups([]); os.setgid(user); os.setuid(user)
with EmbeddedPostgres(Path(sys.argv[1]), options={"fsync": "off"}) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the database's user reaches also as root, with a name as people give them."""
    with tempfile.TemporaryDirectory(prefix="biển đảo, thử ") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def ask(url: str, statement: str) -> object:
    """The single value that a statement gives."""

    async def run() -> object:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(run())


def hold(folder: Path, *, user: int = 0) -> "subprocess.Popen[str]":
    """Another process that runs a database in `folder` until its input ends; as `user` unless that is 0."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, folder, str(user)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def others_reach(path: Path) -> bool:
    """Whether every folder above `path` lets everybody pass."""
    return all(above.stat().st_mode & stat.S_IXOTH for above in path.absolute().parents)


def nobody_works_on(folder: Path) -> bool:
    """Whether no PostgreSQL holds the folder's lock."""
    with (folder / "pg.lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_second_start_finds_what_the_first_kept(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder, options=QUICK)
    assert postgres.is_new
    with postgres as url:
        assert ask(url, "SELECT current_user || ' ' || current_database()") == "biendao biendao"
        assert ask(url, "SELECT lower('ĐẢO ỮỢẶ') || current_setting('timezone')") == "đảo ữợặUTC"
        assert ask(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert ask(url, "SELECT current_setting('listen_addresses')") == ""
        ask(url, "CREATE TABLE kept AS SELECT 7 AS number")
    assert not postgres.is_new
    assert nobody_works_on(folder)
    with EmbeddedPostgres(folder, options=QUICK) as url:
        assert ask(url, "SELECT number FROM kept") == 7
    assert stat.S_IMODE((folder / "pg").stat().st_mode) == 0o700


def test_durability_is_on_unless_a_test_says_otherwise(folder: Path) -> None:
    with EmbeddedPostgres(folder) as url:
        shown = ask(
            url, "SELECT string_agg(current_setting(s), ' ') FROM unnest('{fsync,synchronous_commit}'::text[]) s"
        )
    assert shown == "on on"


@pytest.mark.parametrize("killed", ["supervisor", "database", "both"])
def test_starts_again_after_a_kill(folder: Path, killed: str) -> None:
    holding = hold(folder)
    assert holding.stdout is not None
    url = holding.stdout.readline().strip()
    ask(url, "CREATE TABLE kept AS SELECT 7 AS number")
    server = int((folder / "pg" / "postmaster.pid").read_text().split()[0])
    if killed != "supervisor":
        os.kill(server, signal.SIGKILL)
    if killed != "database":
        holding.kill()
    holding.communicate()
    with EmbeddedPostgres(folder, options=QUICK) as again:
        assert ask(again, "SELECT number FROM kept") == 7


def test_stops_an_orphan_that_nobody_looks_after(folder: Path) -> None:
    first = EmbeddedPostgres(folder, options=QUICK)
    ask(first.start(), "CREATE TABLE kept AS SELECT 7 AS number")
    with EmbeddedPostgres(folder, options=QUICK) as url:
        assert not first.lives()
        assert ask(url, "SELECT number FROM kept") == 7


def test_stale_pid_of_a_living_process_does_not_block(folder: Path) -> None:
    with EmbeddedPostgres(folder, options=QUICK):
        pass
    (folder / "pg" / "postmaster.pid").write_text(f"{os.getpid()}\n{folder / 'pg'}\n")
    with EmbeddedPostgres(folder, options=QUICK) as url:
        assert ask(url, "SELECT 1") == 1


def test_interrupted_first_start_leaves_nothing_half(folder: Path) -> None:
    draft = folder / "pg.new"
    draft.mkdir(mode=0o700)
    (draft / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(folder, options=QUICK) as url:
        assert ask(url, "SELECT 1") == 1
    assert not draft.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_ordinary_user_and_root_beside_each_other(folder: Path) -> None:
    if not all(others_reach(path) for path in (ROOT, Path(sys.executable))):
        pytest.skip("another user can't reach this checkout")
    mine, theirs = folder / "root", folder / "user"
    mine.mkdir()
    theirs.mkdir()
    user = 65534
    os.chown(theirs, user, user)
    holding = hold(theirs, user=user)
    assert holding.stdout is not None
    assert ask(holding.stdout.readline().strip(), "SELECT 1") == 1
    with EmbeddedPostgres(mine, options=QUICK) as url:
        assert ask(url, "SELECT 1") == 1
    holding.communicate()
    assert holding.returncode == 0
    assert (theirs / "pg").stat().st_uid == user


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's database runs as that user")
def test_a_folder_out_of_reach_is_told_and_stays_closed(folder: Path) -> None:
    folder.chmod(0o700)
    inner = folder / "data"
    inner.mkdir()
    with pytest.raises(CannotStart, match=r"^The database's user biendao can't reach the data folder .*: "):
        EmbeddedPostgres(inner).start()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


CHECKOUT = Path("/srv/biển đảo")


@pytest.mark.parametrize(
    ("chosen", "root", "writable", "environment", "expected"),
    [
        (Path("/data"), True, True, {}, Path("/data")),
        (None, True, True, {}, Path("/var/lib/biendao") / nickname(CHECKOUT)),
        (None, False, True, {}, CHECKOUT / "var"),
        (None, False, False, {}, Path("/home/an/.local/share/biendao") / nickname(CHECKOUT)),
        (None, False, False, {"XDG_DATA_HOME": "/d"}, Path("/d/biendao") / nickname(CHECKOUT)),
        (None, False, False, {"XDG_DATA_HOME": "d"}, Path("/home/an/.local/share/biendao") / nickname(CHECKOUT)),
    ],
)
def test_data_folder(
    chosen: Path | None, root: bool, writable: bool, environment: dict[str, str], expected: Path
) -> None:
    found = choose_data_folder(
        chosen,
        checkout=CHECKOUT,
        root=root,
        environment=environment,
        home=Path("/home/an"),
        usable=lambda _: writable,
    )
    assert found == expected


def test_nickname_tells_checkouts_of_the_same_name_apart() -> None:
    assert nickname(CHECKOUT).startswith("biển-đảo-")
    assert nickname(CHECKOUT) != nickname(Path("/opt/biển đảo"))


def test_socket_lies_in_the_data_folder_or_on_a_short_path() -> None:
    assert socket_folder(Path("/srv/var"), owner=7) == Path("/srv/var/run")
    short = socket_folder(Path("/srv") / ("đ" * 60), owner=7)
    assert short.parent == Path(tempfile.gettempdir())
    assert socket_folder(Path("/srv/a,b"), owner=7).parent == Path(tempfile.gettempdir())


def test_secret_is_made_once_and_private(folder: Path) -> None:
    secret = development_secret(folder)
    assert len(secret) == 64
    assert development_secret(folder) == secret
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret"]


def test_one_process_holds_a_data_folder(folder: Path) -> None:
    lock = lock_data_folder(folder)
    with pytest.raises(AlreadyRunning) as refused:
        lock_data_folder(folder)
    assert str(refused.value) == f"Biển Đảo is already running on this data folder (pid {os.getpid()}): {folder}"
    os.close(lock)
    os.close(lock_data_folder(folder))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_a_data_folder_of_somebody_else_is_refused(folder: Path) -> None:
    theirs = folder / "data"
    theirs.mkdir()
    os.chown(theirs, 65534, 65534)
    with pytest.raises(CannotStart, match="belongs to nobody; start as nobody, or choose another"):
        make_data_folder(theirs)
