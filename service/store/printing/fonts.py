"""What the fonts for printing can print: a letter that none of them has would be left out without a word."""

import struct
import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

from service.store.printing.typesetting import FONTS, FontsMissing

_BADGES = ("BeVietnamPro_*.ttf", "NotoSans*.ttf")
_SEGMENTS, _GROUPS = 4, 12


def missing_letters(text: str, *, fonts: Path = FONTS) -> str:
    """The letters of `text`, each once, that no font of the badges has; normally none. Raises FontsMissing.

    Marks and joiners that have no picture of their own are never missing.
    """
    starts, ends = _ranges(fonts)
    missing = dict.fromkeys(
        letter
        for letter in text
        if unicodedata.category(letter) not in ("Cf", "Zs") and not _has(starts, ends, ord(letter))
    )
    return "".join(missing)


def _has(starts: list[int], ends: list[int], code: int) -> bool:
    place = bisect_right(starts, code) - 1
    return place >= 0 and code <= ends[place]


@cache
def _ranges(folder: Path) -> tuple[list[int], list[int]]:
    """First and last code points of the runs that the fonts have between them, in order and apart."""
    paths = [path for pattern in _BADGES for path in folder.glob(pattern)]
    if not paths:
        raise FontsMissing(f"the front end is not built: no fonts in {folder}")
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted(run for path in paths for run in covered(path.read_bytes())):
        if ends and start <= ends[-1] + 1:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends


def covered(font: bytes) -> list[tuple[int, int]]:
    """The runs of code points that a TrueType font has pictures for (OpenType, table `cmap`, formats 4 and 12)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    entries = (struct.unpack_from(">4s4xII", font, 12 + 16 * number) for number in range(tables))
    cmap = next(offset for tag, offset, _ in entries if tag == b"cmap")
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    found: list[tuple[int, int]] = []
    for number in range(count):
        (offset,) = struct.unpack_from(">I", font, cmap + 8 + 8 * number)
        (form,) = struct.unpack_from(">H", font, cmap + offset)
        if form == _SEGMENTS:
            found += _segments(font, cmap + offset)
        elif form == _GROUPS:
            (groups,) = struct.unpack_from(">I", font, cmap + offset + 12)
            runs = (struct.unpack_from(">III", font, cmap + offset + 16 + 12 * one) for one in range(groups))
            found += [(start, end) for start, end, _ in runs]
    return found


def _segments(font: bytes, at: int) -> list[tuple[int, int]]:
    """The runs of format 4; one that begins with the picture for missing letters says nothing."""
    (double,) = struct.unpack_from(">H", font, at + 6)
    row = f">{double // 2}H"
    ends = struct.unpack_from(row, font, at + 14)
    starts = struct.unpack_from(row, font, at + 16 + double)
    return [(start, end) for start, end in zip(starts, ends, strict=True) if end != 0xFFFF]  # noqa: PLR2004 (the table's end)
