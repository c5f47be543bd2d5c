"""Text as people write it: one Unicode form to keep, one folded form to search."""

import unicodedata

_STROKES = str.maketrans({"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ı": "i"})
# Invisible marks that turn the direction of text or join letters: a name never needs them, a forger does.
_HIDDEN = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")


def tidy(value: str, *, lines: bool = False) -> str:
    """`value` in NFC, trimmed, with single spaces; `lines=True` keeps line breaks.

    Raises ValueError for control characters, NUL, lone surrogates and direction marks.
    """
    allowed = "\n\t" if lines else ""
    composed = unicodedata.normalize("NFC", value.replace("\r\n", "\n") if lines else value)
    for character in composed:
        if character in allowed:
            continue
        if unicodedata.category(character) in ("Cc", "Cs") or character in _HIDDEN:
            raise ValueError(f"the character U+{ord(character):04X} is not allowed here")
    if lines:
        return "\n".join(" ".join(line.split()) for line in composed.split("\n")).strip()
    return " ".join(composed.split())


def fold(value: str) -> str:
    """`value` for searching: no accents, no case, single spaces ("Thủ  Đức" → "thu duc")."""
    bare = unicodedata.normalize("NFD", value.translate(_STROKES))
    letters = "".join(character for character in bare if not unicodedata.combining(character))
    return " ".join(letters.casefold().split())


def like(value: str) -> str:
    """A LIKE pattern that finds the folded `value` anywhere, its own wildcards disarmed."""
    escaped = fold(value).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
