"""The pictures of a wallet pass: the house's wave on deep sea blue, drawn here, in the sizes that Apple asks for."""

import io
import math
from functools import cache
from types import MappingProxyType

from PIL import Image, ImageDraw

SEA = "#07304d"
_CREST, _SWELL = "#ffffff", "#7fc4ea"
_SCALES = (1, 2, 3)
_ICON, _LOGO = 29, 50
_COLOURS = 64
_FINE = 4
"""Drawn four times as large and made smaller, which smooths the edges."""


@cache
def pictures() -> MappingProxyType[str, bytes]:
    """File names and PNGs: icon 29 pt and logo 50 pt a side, for screens of one, two and three pixels a point."""
    drawn = {}
    for scale in _SCALES:
        density = "" if scale == 1 else f"@{scale}x"
        drawn[f"icon{density}.png"] = _png(_tile(_ICON * scale, rounded=False))
        drawn[f"logo{density}.png"] = _png(_tile(_LOGO * scale, rounded=True))
    return MappingProxyType(drawn)


def _tile(side: int, *, rounded: bool) -> Image.Image:
    """A blue tile with two waves; iOS rounds an icon itself, a logo it shows as it is on the colour of the pass."""
    large = side * _FINE
    image = Image.new("RGBA", (large, large), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    if rounded:
        rim = large // 25
        pen.rounded_rectangle((0, 0, large - 1, large - 1), large // 5, fill=SEA, outline=_CREST, width=rim)
    else:
        pen.rectangle((0, 0, large - 1, large - 1), fill=SEA)
    _wave(pen, large, middle=0.42, colour=_CREST)
    _wave(pen, large, middle=0.64, colour=_SWELL)
    small = image.resize((side, side), Image.Resampling.LANCZOS)
    return small if rounded else small.convert("RGB")


def _wave(pen: ImageDraw.ImageDraw, side: int, *, middle: float, colour: str) -> None:
    left, right, height = 0.16, 0.84, 0.07
    pen_radius = side * 0.04
    for x in range(round(side * left), round(side * right)):
        y = side * (middle - height * math.sin((x / side - left) / (right - left) * 3 * math.pi))
        pen.circle((x, y), pen_radius, fill=colour)


def _png(image: Image.Image) -> bytes:
    kept = io.BytesIO()
    image.quantize(_COLOURS, Image.Quantize.FASTOCTREE).save(kept, "PNG", optimize=True)
    return kept.getvalue()
