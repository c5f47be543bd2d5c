"""QR codes of passes as SVG and PNG (ISO/IEC 18004): version 10 at most, error correction M.

`qrcode` draws a code in about 7 ms, most of it the arithmetic of its error correction and the walk over the modules,
both of which are the same for every code of a version. So `qrcode` is asked once for each version where everything
stands (`_Frame`), and a code is then put together from whole numbers in a fraction of a millisecond.
"""

import io
import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

import qrcode
from PIL import Image
from qrcode.base import RSBlock, gexp, rs_blocks
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import BIT_LIMIT_TABLE, MODE_8BIT_BYTE, length_in_bits

QUIET_ZONE = 4
LARGEST_VERSION = 10
_MASK = 3
"""Fixed: looking for the best of the eight masks costs ten times the drawing, and no reader needs it."""
_BYTE = 8
_FIELD = 0x11D
"""The polynomial of the field in which the codewords are reckoned."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all codes of a version share.

    `empty` holds the symbol of codewords that are all zero, a bit a module, row by row from the top; `pick` takes
    the bit of each module out of the codewords' bits, with a zero behind them for modules that hold none.
    """

    side: int
    blocks: tuple[RSBlock, ...]
    empty: int
    pick: Callable[[str], tuple[str, ...]]


def _drawn(version: int, codewords: bytes) -> str:
    """The modules that `qrcode` makes of these codewords, as zeros and ones."""
    drawing = qrcode.QRCode(version, ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    drawing.data_cache = codewords
    drawing.makeImpl(test=False, mask_pattern=_MASK)
    return "".join("1" if dark else "0" for row in drawing.modules for dark in row)


@cache
def _frame(version: int) -> _Frame:
    blocks = tuple(rs_blocks(version, ERROR_CORRECT_M))
    bits = sum(block.total_count for block in blocks) * _BYTE
    empty = _drawn(version, bytes(bits // _BYTE))
    # Every bit's own number, counted from 1, is drawn binary digit by binary digit and read off at the modules.
    places = [0] * len(empty)
    for digit in range(bits.bit_length()):
        numbers = "".join("1" if number >> digit & 1 else "0" for number in range(1, bits + 1))
        drawn = _drawn(version, int(numbers, 2).to_bytes(bits // _BYTE))
        places = [place | (one != other) << digit for place, one, other in zip(places, drawn, empty, strict=True)]
    return _Frame(version * 4 + 17, blocks, int(empty, 2), itemgetter(*(place - 1 for place in places)))


@cache
def _remainders(count: int) -> tuple[int, ...]:
    """For each first byte, what it leaves when divided by the polynomial of `count` error-correcting codewords."""
    generator = [1]
    for power in range(count):
        root = gexp(power)
        longer = [*generator, 0]
        for place, factor in enumerate(generator, 1):
            longer[place] ^= _product(factor, root)
        generator = longer
    return tuple(int.from_bytes(_product(first, factor) for factor in generator[1:]) for first in range(256))


def _product(one: int, other: int) -> int:
    total = 0
    while other:
        total ^= one if other & 1 else 0
        one = one << 1 ^ (_FIELD if one & 0x80 else 0)
        other >>= 1
    return total


def _correction(data: bytes, count: int) -> bytes:
    table, last, shift = _remainders(count), (1 << _BYTE * count) - 1, _BYTE * (count - 1)
    rest = 0
    for byte in data:
        rest = (rest << _BYTE & last) ^ table[rest >> shift ^ byte]
    return rest.to_bytes(count)


def _codewords(code: bytes, version: int, blocks: tuple[RSBlock, ...]) -> bytes:
    """Mode, length, text and padding, cut into blocks that are corrected each for itself and dealt out in turn."""
    room = sum(block.data_count for block in blocks)
    width = length_in_bits(MODE_8BIT_BYTE, version)
    used = 4 + width + _BYTE * len(code)
    packed = (MODE_8BIT_BYTE << width | len(code)) << _BYTE * len(code) | int.from_bytes(code)
    # At most four zeros end the text, and more fill its last byte.
    spare = min(4, _BYTE * room - used)
    spare += -(used + spare) % _BYTE
    filled = (packed << spare).to_bytes((used + spare) // _BYTE)
    filled += (b"\xec\x11" * room)[: room - len(filled)]
    data, corrections, start = [], [], 0
    for block in blocks:
        data.append(filled[start : start + block.data_count])
        corrections.append(_correction(data[-1], block.total_count - block.data_count))
        start += block.data_count
    return bytes(
        part[place] for parts in (data, corrections) for place in range(len(parts[-1])) for part in parts
        if place < len(part)
    )  # fmt: skip


def _rows(code: str) -> list[str]:
    """The modules with their quiet zone: a row is a text of zeros and ones, a one is dark.

    Raises ValueError for a code that needs a version above 10.
    """
    text = code.encode()
    needed = [4 + length_in_bits(MODE_8BIT_BYTE, version) + _BYTE * len(text) for version in (1, LARGEST_VERSION)]
    limits = BIT_LIMIT_TABLE[ERROR_CORRECT_M]
    version = bisect_left(limits, needed[0], 1, LARGEST_VERSION)
    if version == LARGEST_VERSION and needed[1] > limits[LARGEST_VERSION]:
        raise ValueError(f"{len(text)} characters need a QR code that is too dense for a badge")
    frame = _frame(version)
    bits = "".join(f"{byte:08b}" for byte in _codewords(text, version, frame.blocks)) + "0"
    modules = f"{int(''.join(frame.pick(bits)), 2) ^ frame.empty:0{frame.side**2}b}"
    edge, blank = "0" * QUIET_ZONE, ["0" * (frame.side + 2 * QUIET_ZONE)] * QUIET_ZONE
    rows = (modules[start : start + frame.side] for start in range(0, frame.side**2, frame.side))
    return [*blank, *(f"{edge}{row}{edge}" for row in rows), *blank]


def svg(code: str) -> str:
    """The code as an SVG of one path, one unit a module: crisp at every size."""
    rows = _rows(code)
    runs = [
        f"M{run.start()} {y}h{run.end() - run.start()}v1h-{run.end() - run.start()}z"
        for y, row in enumerate(rows)
        for run in re.finditer("1+", row)
    ]
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges" '
        f'role="img"><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{"".join(runs)}"/></svg>'
    )


def png(code: str, *, size: int) -> bytes:
    """The code as a black and white PNG of at most `size` pixels a side, whole pixels a module."""
    rows = _rows(code)
    scale = max(1, size // len(rows))
    letters = "".join(rows).encode().translate(bytes.maketrans(b"01", b"\xff\x00"))
    image = Image.frombytes("L", (len(rows), len(rows)), letters).convert("1", dither=Image.Dither.NONE)
    kept = io.BytesIO()
    image.resize((len(rows) * scale,) * 2, Image.Resampling.NEAREST).save(kept, "PNG", optimize=True)
    return kept.getvalue()
