"""A rule set as text: what is wrong with it and on which line, and what one version says otherwise than another."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.domain.accreditation.rules import Rules, read_rules
from service.domain.errors import Invalid

_TOKEN = re.compile(r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<sign>[\[\]{}:,])|(?P<plain>[^\s\[\]{}:,"]+))')
_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
"""What no database can keep: NUL, and halves of characters."""


@dataclass(frozen=True)
class RuleFault:
    """What is wrong, and where: line and column count from 1; line 0: no single place is to blame."""

    line: int
    column: int
    pointer: str
    message: str


class Unreadable(Exception):  # noqa: N818 (it says what the text is)
    """The text is no rule set; `faults` says why, the first one first."""

    def __init__(self, faults: tuple[RuleFault, ...]) -> None:
        super().__init__(faults[0].message)
        self.faults = faults


def write_rules(rules: Rules) -> str:
    """The document as people edit it: in the order of its description, without what goes without saying."""
    body = {"format": rules.format} | rules.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def parse_rules(text: str) -> tuple[Any, Rules]:
    """The document and its rules. Raises Unreadable with a place for each fault."""
    escaped = _ESCAPED.search(text)
    if escaped:
        line = text.count("\n", 0, escaped.start()) + 1
        column = escaped.start() - text.rfind("\n", 0, escaped.start())
        raise Unreadable((RuleFault(line, column, "", "write the character itself"),))
    try:
        body = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as wrong:
        raise Unreadable((RuleFault(wrong.lineno, wrong.colno, "", wrong.msg),)) from None
    except RecursionError:
        raise Unreadable((RuleFault(0, 0, "", "nested too deeply"),)) from None
    except ValueError as wrong:
        raise Unreadable((RuleFault(0, 0, "", str(wrong)),)) from None
    try:
        return body, read_rules(body)
    except Invalid as refusal:
        places = dict(_places(text))
        raise Unreadable(
            tuple(
                RuleFault(*_nearest(places, one.pointer), one.pointer, one.detail.removeprefix("Value error, "))
                for one in refusal.errors
                # A list whose items are at fault is said to be too short besides.
                if not any(other.pointer.startswith(f"{one.pointer}/") for other in refusal.errors)
            )
        ) from None


class _TwiceError(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands twice in one object would lose what was written first, without a word."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _TwiceError(f"{json.dumps(twice, ensure_ascii=False)} stands there twice")
    return found


def _nearest(places: dict[str, tuple[int, int]], pointer: str) -> tuple[int, int]:
    """The place of what is wrong, or of what it is missing in; where even that isn't known, none."""
    while pointer:
        if pointer in places:
            return places[pointer]
        pointer = pointer.rpartition("/")[0]
    return 0, 0


def _places(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """(JSON Pointer, (line, column)) of every value of a text that is JSON."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    line = 0
    path: list[str | int] = []
    is_name = False
    for match in _TOKEN.finditer(text):
        at = match.start(match.lastgroup or 0)
        while line + 1 < len(starts) and starts[line + 1] <= at:
            line += 1
        sign = match["sign"]
        if sign == ",":
            is_name = isinstance(path[-1], str)
            if not is_name:
                path[-1] = int(path[-1]) + 1
        elif sign in ("}", "]"):
            path.pop()
        elif is_name and match["text"]:
            path[-1], is_name = json.loads(match["text"]), False
        elif sign != ":":
            yield "".join(f"/{step}" for step in path), (line + 1, at - starts[line] + 1)
            if sign == "{":
                path.append("")
                is_name = True
            elif sign == "[":
                path.append(0)


# What changes ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One value: `path` are the names that lead to it. None: it isn't there."""

    path: tuple[str, ...]
    before: Any
    after: Any


@dataclass(frozen=True)
class Part:
    """What changes in one class (no code: in what all classes share). `kind`: added, removed or changed."""

    code: str
    kind: str
    changes: tuple[Change, ...]


def compare(before: Rules, after: Rules) -> list[Part]:
    """What `after` says otherwise, class by class; nothing where they say the same."""
    old = {one.code: one for one in before.classes}
    new = {one.code: one for one in after.classes}
    shared = tuple(_changes(_plain(before, {"classes"}), _plain(after, {"classes"})))
    found = [Part("", "changed", shared)] if shared else []
    for code in dict.fromkeys([*new, *old]):
        if code not in old or code not in new:
            found.append(Part(code, "added" if code in new else "removed", ()))
            continue
        changes = tuple(_changes(_plain(old[code], set()), _plain(new[code], set())))
        if changes:
            found.append(Part(code, "changed", changes))
    if not found and [*old] != [*new]:
        found.append(Part("", "changed", (Change(("classes",), [*old], [*new]),)))
    return found


def _plain(rules: Any, without: set[str]) -> dict[str, Any]:
    body: dict[str, Any] = rules.model_dump(mode="json", exclude=without)
    return body


def _changes(before: Any, after: Any, path: tuple[str, ...] = ()) -> Iterator[Change]:
    if before == after:
        return
    parts = [_named(one) for one in (before, after)]
    if parts[0] is None or parts[1] is None:
        yield Change(path, before, after)
        return
    changed = False
    for name in dict.fromkeys([*parts[0], *parts[1]]):
        for change in _changes(parts[0].get(name), parts[1].get(name), (*path, name)):
            changed = True
            yield change
    if not changed:
        # The same things in another order.
        yield Change(path, [*parts[0]], [*parts[1]])


def _named(value: Any) -> dict[str, Any] | None:
    """The parts of a value by their names: those of a list by the code or kind of each; None for a plain value."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        names = [str(one.get("code") or one.get("kind") or number) for number, one in enumerate(value, 1)]
        return dict(zip(names, value, strict=True)) if len(set(names)) == len(names) else None
    return None
