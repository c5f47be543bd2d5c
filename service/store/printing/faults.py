"""What is wrong with a template, and where: Typst's diagnostics, read for people."""

import re
from pathlib import Path

from service.store.printing.child import Fault

_PLACE = re.compile(r"^ *┌─ (?P<file>.+):(?P<line>\d+):(?P<column>\d+)$", re.MULTILINE)
_NEXT_ERROR = re.compile(r"^error: ", re.MULTILINE)
_PACKAGE = re.compile(r"failed to download package|package not found|failed to load package")


class TemplateFault(Exception):  # noqa: N818 (it is the template that is at fault)
    """What is wrong with a template, and where.

    `line` and `column` count from 1 in `file`; line 0: no single place is to blame, as with too much time or memory.
    """

    def __init__(self, message: str, file: str, line: int = 0, column: int = 0, hints: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.hints = hints

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{where}: {self.message}"


def read_fault(fault: Fault, root: Path, own: str | None) -> TemplateFault:
    """The first error of a diagnostic.

    Its place is the innermost one in the file `own`, if that had a part in it: an error inside a helper is shown
    where the helper was called. Where the files really lay is nobody's business.
    """
    message = fault["message"]
    if _PACKAGE.search(message):
        return _placed(fault, "packages cannot be used here", own, ("copy what you need into the template",))
    plain = re.sub(r" \(searched at .*?\)", "", message).replace(str(root), "").removeprefix("assertion failed: ")
    # What Typst advises about its own command line helps nobody here.
    hints = tuple(hint for hint in fault["hints"] if "--" not in hint)
    return _placed(fault, plain, own, hints)


def _placed(fault: Fault, message: str, own: str | None, hints: tuple[str, ...]) -> TemplateFault:
    # The message may have lines of its own that look like anything.
    rest = fault["diagnostic"].replace(fault["message"], "", 1)
    beginnings = [match.start() for match in _NEXT_ERROR.finditer(rest)]
    first = rest[: beginnings[1]] if len(beginnings) > 1 else rest
    places = list(_PLACE.finditer(first))
    for place in places:
        name = Path(place["file"]).name
        if own is None or name == own:
            # Typst's bindings count columns from 0.
            return TemplateFault(message, name, int(place["line"]), int(place["column"]) + 1, hints)
    return TemplateFault(message, own or "", hints=hints)
