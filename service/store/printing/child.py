"""The process that runs Typst on one document: bounded, without network, and with nothing of the service's own.

It is started by `typesetting` as `python -m service.store.printing.child`, reads one request as JSON from its standard
input and answers with one line of JSON: `{"pages": n}` when `../out/1` … `../out/n` were written, or a fault.
It imports nothing of the service, so that it starts quickly and knows no secrets.
"""

import contextlib
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any, TypedDict

_SPARE_SECONDS = 5
_NICENESS = 10


class Request(TypedDict):
    """What is to be set: paths are relative to the working folder, which is the root that Typst sees."""

    main: str
    kind: str
    ppi: int
    timestamp: int
    fonts: str
    tagged: bool
    seconds: float
    memory: int
    largest: int


class Fault(TypedDict):
    """What Typst had to say: its message, its whole diagnostic, and its hints."""

    message: str
    diagnostic: str
    hints: list[str]


def bound(request: Request) -> None:
    """Takes from this process what it doesn't need, for good."""
    seconds = int(request["seconds"]) + _SPARE_SECONDS
    resource.setrlimit(resource.RLIMIT_AS, (request["memory"], request["memory"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (request["largest"], request["largest"]))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds * 2, seconds * 2 + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Whoever started this process may be gone by then.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds)
    # The door goes first, and when memory runs out the database is not what has to die.
    os.nice(_NICENESS)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def typeset(request: Request) -> dict[str, Any]:
    """Writes the pages and tells how many, or tells what is wrong."""
    import typst  # noqa: PLC0415 (only a process that is bounded loads it)

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[request["fonts"]])
    compiler = typst.Compiler(
        input=request["main"], root=".", font_paths=fonts, package_path="../none", package_cache_path="../none"
    )
    try:
        made = compiler.compile(
            format="pdf" if request["kind"] == "pdf" else "png",
            ppi=request["ppi"],
            timestamp=request["timestamp"],
            pdf_tags=request["tagged"],
        )
    except typst.TypstError as wrong:
        return {"fault": Fault(message=wrong.message, diagnostic=wrong.diagnostic, hints=list(wrong.hints))}
    pages = made if isinstance(made, list) else [made or b""]
    for number, page in enumerate(pages, 1):
        Path(f"../out/{number}").write_bytes(page)
    return {"pages": len(pages)}


def main() -> None:
    """Reads the request, obeys it, answers."""
    request: Request = json.load(sys.stdin)
    bound(request)
    json.dump(typeset(request), sys.stdout)


if __name__ == "__main__":
    main()
