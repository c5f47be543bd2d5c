"""Where the service keeps its data: which folder it is, what lies in it, and who may hold it."""

import fcntl
import hashlib
import os
import pwd
import re
import secrets
import stat
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

SOCKET = ".s.PGSQL.5432"
# Linux takes 107 bytes for the path of a socket, macOS 103.
LONGEST_SOCKET_PATH = 100
SYSTEM_FOLDER = Path("/var/lib/biendao")


class CannotStart(Exception):  # noqa: N818 (it says what happened, in one line for the operator)
    """The service can't start; the message says why and what to do, in one line."""


class AlreadyRunning(CannotStart):
    """Another process holds the data folder `folder`."""

    def __init__(self, folder: Path, holder: str) -> None:
        super().__init__(f"Biển Đảo is already running on this data folder (pid {holder}): {folder}")
        self.folder = folder


def nickname(path: Path) -> str:
    """A short name for `path` that no other path has: its last part and eight hex digits of all of it."""
    plain = re.sub(r"[^\w.-]+", "-", path.name) or "checkout"
    return f"{plain}-{hashlib.sha256(os.fsencode(path)).hexdigest()[:8]}"


def choose_data_folder(
    chosen: Path | None,
    *,
    checkout: Path,
    root: bool,
    environment: Mapping[str, str],
    home: Path,
    usable: Callable[[Path], bool],
) -> Path:
    """The data folder: the operator's choice; as root one in /var/lib; else `var` here, or in the user's data.

    `usable` says whether this user may keep data in a folder, or make it.
    """
    if chosen is not None:
        return Path(os.path.abspath(chosen.expanduser()))  # noqa: PTH100 (links stay as the operator wrote them)
    if root:
        return SYSTEM_FOLDER / nickname(checkout)
    if usable(checkout / "var"):
        return checkout / "var"
    given = environment.get("XDG_DATA_HOME", "")
    # The standard says that a relative XDG_DATA_HOME is to be ignored.
    base = Path(given) if given.startswith("/") else home / ".local" / "share"
    return base / "biendao" / nickname(checkout)


def usable_by_me(folder: Path) -> bool:
    """Whether `folder` is mine to write in, or can be made."""
    if folder.exists():
        return folder.stat().st_uid == os.geteuid() and os.access(folder, os.W_OK | os.X_OK)
    return os.access(folder.parent, os.W_OK | os.X_OK)


def data_folder(chosen: Path | None) -> Path:
    """The data folder of this process, not made yet; the checkout is where the package `service` lies."""
    return choose_data_folder(
        chosen,
        checkout=Path(__file__).resolve().parents[2],
        root=os.geteuid() == 0,
        environment=os.environ,
        home=Path.home(),
        usable=usable_by_me,
    )


def make_data_folder(folder: Path) -> None:
    """Makes `folder` if it isn't there, and refuses one that belongs to somebody else."""
    root = os.geteuid() == 0
    try:
        if root and folder.parent == SYSTEM_FOLDER:
            make_folder(SYSTEM_FOLDER, mode=0o755)
        folder.parent.mkdir(parents=True, exist_ok=True)
        # As root the database runs as another user, who has to pass through to its own folders.
        make_folder(folder, mode=0o711 if root else 0o700)
    except OSError as error:
        raise CannotStart(
            f"The data folder {folder} can't be made ({error.strerror}); choose another: BIENDAO_DATA_DIR=…"
        ) from None
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        raise CannotStart(
            f"The data folder {folder} belongs to {user_name(owner)}; start as {user_name(owner)}, "
            "or choose another: BIENDAO_DATA_DIR=…"
        )


def make_folder(folder: Path, *, mode: int) -> bool:
    """Makes one folder with exactly `mode`, whatever the umask; False when it was there, and stays as it is."""
    try:
        folder.mkdir(mode=mode)
    except FileExistsError:
        return False
    folder.chmod(mode)
    return True


def make_private(folder: Path, *, owner: int, group: int) -> None:
    """Makes `folder` with mode 0700 for `owner`, or makes sure that it is just that."""
    if make_folder(folder, mode=0o700) and owner != os.geteuid():
        os.chown(folder, owner, group)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != owner:
        raise CannotStart(f"{folder} has to be a folder of {user_name(owner)}; move it away and start again")
    if status.st_mode & 0o077:
        raise CannotStart(f"{folder} is open to other users; close it: chmod 700 '{folder}'")


def socket_folder(folder: Path, *, owner: int) -> Path:
    """Where the database's socket lies: `run` in the data folder, or a short path in the temporary folder.

    The path is short enough for the system, and has no sign that PostgreSQL or the drivers read as a separator.
    """
    if fits_a_socket(folder / "run"):
        return folder / "run"
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:8]
    short = Path(tempfile.gettempdir()) / f"biendao-{owner}-{digest}"
    if fits_a_socket(short):
        return short
    raise CannotStart(f"No short path for the database's socket: {short} is too long; set TMPDIR=/tmp")


def fits_a_socket(folder: Path) -> bool:
    """Whether a socket can lie in `folder`."""
    return len(os.fsencode(folder / SOCKET)) <= LONGEST_SOCKET_PATH and not set(str(folder)) & set(',:"\\@')


def user_name(uid: int) -> str:
    """The name of a user of this machine, or the number."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def lock_data_folder(folder: Path) -> int:
    """Holds `folder` for this process until it ends, however it ends; returns the open lock.

    A second process gets AlreadyRunning, with the process id of the first.
    """
    lock = os.open(folder / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(lock, 20, 0).decode().strip() or "unknown"
        os.close(lock)
        raise AlreadyRunning(folder, holder) from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    return lock


def development_secret(folder: Path) -> str:
    """The secret key of this data folder, made at the first call; production has its own in the settings."""
    path = folder / "secret"
    if not path.exists():
        draft = folder / f"secret.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        # A link never replaces a secret that another process made in the meantime.
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
