"""Typesetting with Typst, always in a child process: templates are written by organisers and are not to be trusted.

The child sees a private folder with the files of one document and nothing else; it has no network, a bounded time,
memory and size of what it writes, and an environment without the service's secrets.
"""

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from service.store.printing.child import Request
from service.store.printing.faults import TemplateFault, read_fault

FONTS = Path(__file__).parents[2] / "web" / "static" / "fonts"
"""The whole fonts that the front end's build puts beside its other files."""
_MEMORY = Path("/dev/shm")  # noqa: S108 (the folders in it are private, and named by chance)
_PREFIX = "biendao-print-"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*\.[a-z]{2,4}")
_AT_ONCE = 16
_LEFT_OVER = 3600
_NOWHERE = "http://127.0.0.1:9"
"""A proxy that isn't there: Typst fetches packages through it, and so never."""
_OUT_OF_TIME = {signal.SIGALRM, signal.SIGXCPU}
_TOO_LONG = "the template takes too long"
_TOO_MUCH = "the template needs too much memory"


class FontsMissing(RuntimeError):  # noqa: N818 (it says what is missing)
    """The fonts for printing aren't there: the front end is not built."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: seconds on the clock, bytes of memory, bytes of each file that comes out."""

    seconds: float = 60
    memory: int = 1 << 30
    largest: int = 256 << 20


async def typeset_pdf(
    files: Mapping[str, bytes],
    *,
    main: str,
    now: datetime,
    tagged: bool = False,
    own: str | None = None,
    limits: Limits = Limits(),
    fonts: Path = FONTS,
) -> bytes:
    """The document `main` as one PDF, with the letters of its fonts inside and `now` as its date.

    `files` are all that it may read, by plain names without folders. `tagged` adds what screen readers need, at a
    cost. Raises TemplateFault, placed in the file `own` wherever that had a part in it, and FontsMissing.
    """
    request = {"main": main, "kind": "pdf", "ppi": 300, "tagged": tagged}
    (document,) = await _typeset(files, request, now=now, own=own, limits=limits, fonts=fonts)
    return document


async def typeset_png(
    files: Mapping[str, bytes],
    *,
    main: str,
    now: datetime,
    ppi: int = 300,
    own: str | None = None,
    limits: Limits = Limits(),
    fonts: Path = FONTS,
) -> list[bytes]:
    """The pages of the document `main` as PNG pictures of `ppi` dots an inch; everything else as in `typeset_pdf`."""
    request = {"main": main, "kind": "png", "ppi": ppi, "tagged": False}
    return await _typeset(files, request, now=now, own=own, limits=limits, fonts=fonts)


async def _typeset(
    files: Mapping[str, bytes],
    request: Mapping[str, Any],
    *,
    now: datetime,
    own: str | None,
    limits: Limits,
    fonts: Path,
) -> list[bytes]:
    whole = Request(
        main=request["main"],
        kind=request["kind"],
        ppi=request["ppi"],
        tagged=request["tagged"],
        timestamp=int(now.timestamp()),
        fonts=_checked(fonts),
        seconds=limits.seconds,
        memory=limits.memory,
        largest=limits.largest,
    )
    async with _private_folder(files) as folder:
        answer = await _ask(whole, folder, own)
        if "fault" in answer:
            raise read_fault(answer["fault"], folder / "root", own)
        return [(folder / "out" / str(number)).read_bytes() for number in range(1, answer["pages"] + 1)]


def _checked(fonts: Path) -> str:
    if next(fonts.glob("*.ttf"), None) is None:
        raise FontsMissing(f"the front end is not built: no fonts in {fonts}")
    return str(fonts.resolve())


@asynccontextmanager
async def _private_folder(files: Mapping[str, bytes]) -> AsyncIterator[Path]:
    """A folder of this user alone, in memory where the system has such a place: portraits never lie on a disk."""
    place = _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    _clear_left_overs(place)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=place, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for part in ("root", "out", "none"):
            (folder / part).mkdir(mode=0o700)
        for number, (file_name, content) in enumerate(files.items()):
            if not _NAME.fullmatch(file_name):
                raise ValueError(f"not a plain file name: {file_name!r}")
            (folder / "root" / file_name).write_bytes(content)
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
        yield folder


def _clear_left_overs(place: Path) -> None:
    """Removes folders that a process left behind when it was killed; none is in use for as long as an hour."""
    for old in place.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if old.stat().st_mtime < time.time() - _LEFT_OVER:
                shutil.rmtree(old, ignore_errors=True)


def _environment(folder: Path) -> dict[str, str]:
    """All that the child learns of its surroundings."""
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), _NOWHERE)
    return {
        **proxies,
        **{name.upper(): address for name, address in proxies.items()},
        "HOME": str(folder / "none"),
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
        "PYTHONDONTWRITEBYTECODE": "1",
        # Address space is bounded, and every thread takes of it whether it works or not.
        "RAYON_NUM_THREADS": "2",
        "MALLOC_ARENA_MAX": "2",
    }


async def _ask(request: Request, folder: Path, own: str | None) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "service.store.printing.child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=folder / "root",
        env=_environment(folder),
    )
    try:
        async with asyncio.timeout(request["seconds"]):
            said, complained = await process.communicate(json.dumps(request).encode())
    except TimeoutError:
        raise TemplateFault(_TOO_LONG, own or request["main"]) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 0:
        answer: dict[str, Any] = json.loads(said)
        return answer
    raise _broken(process.returncode or 0, complained.decode(errors="replace"), own or request["main"])


def _broken(code: int, complaint: str, name: str) -> Exception:
    """Why the child has died: of its limits, which is the template's doing, or of something that is ours to mend."""
    if -code in _OUT_OF_TIME:
        return TemplateFault(_TOO_LONG, name)
    # A system that runs out of memory kills it: the child offers itself first.
    if (
        -code == signal.SIGKILL
        or "memory allocation of" in complaint
        or "MemoryError" in complaint
        or "capacity overflow" in complaint
    ):
        return TemplateFault(_TOO_MUCH, name)
    if "[Errno 27]" in complaint:
        return TemplateFault("what the template draws is too large", name)
    if -code in {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS}:
        return TemplateFault("the template is nested too deeply or needs too much memory", name)
    return RuntimeError(f"Typst ended with {code}: {complaint[-2000:]}")
