"""Pictures of the demo: a logo, and portraits that show nobody."""

import io
import math
from random import Random

from PIL import Image, ImageDraw

_SEA = (10, 79, 122)
_LIGHT = (132, 195, 236)
_LOGO = (1200, 720)
_PORTRAIT = (720, 960)
_PAPER = (595, 842)
_CARD = (680, 428)
_SKINS = ((241, 205, 176), (224, 177, 140), (198, 147, 108), (158, 110, 78), (112, 76, 54))
_HAIR = ((34, 30, 30), (58, 42, 32), (150, 144, 138), (24, 34, 48))
_CLOTHES = ((40, 78, 110), (92, 60, 110), (56, 104, 84), (150, 70, 56), (90, 96, 104), (36, 44, 60), (168, 128, 60))
_WALLS = ((236, 240, 243), (226, 234, 240), (240, 236, 228), (230, 238, 232))
Colour = tuple[int, int, int]


def logo() -> bytes:
    """An island over three lines of waves in the house's blue, on nothing."""
    image = Image.new("RGBA", _LOGO)
    draw = ImageDraw.Draw(image)
    draw.polygon([(220, 330), (470, 110), (590, 210), (700, 150), (960, 330)], fill=_SEA)
    for row, colour in enumerate((_SEA, _LIGHT, _SEA)):
        draw.polygon(_wave(390 + row * 110, shift=row * 0.9), fill=colour)
    return _saved(image, "PNG")


def _wave(y: int, *, shift: float) -> list[tuple[float, float]]:
    """A band with a wavy upper and lower edge, across the whole width."""
    above = [(float(x), y + 26 * math.sin(x / 70 + shift)) for x in range(60, _LOGO[0] - 59, 6)]
    return above + [(x, wavy + 54) for x, wavy in reversed(above)]


def portrait(number: int) -> bytes:
    """Head and shoulders without a face: the same number, the same picture."""
    random = Random(number)  # noqa: S311 (a picture needs no secrets)
    skin, hair, clothes, wall = (random.choice(colours) for colours in (_SKINS, _HAIR, _CLOTHES, _WALLS))
    width, height = _PORTRAIT
    middle, wide = width // 2, random.randint(118, 136)
    image = Image.new("RGB", _PORTRAIT, wall)
    draw = ImageDraw.Draw(image)
    if random.random() < 0.5:  # noqa: PLR2004 (half of them wear their hair long)
        _ellipse(draw, middle, 430, wide + 52, 250, hair)
    _ellipse(draw, middle, height + 40, 330, 350, clothes)
    draw.rounded_rectangle((middle - 62, 520, middle + 62, 680), 40, fill=_darker(skin))
    _ellipse(draw, middle, 652, 96, 52, _darker(skin))
    _ellipse(draw, middle, 310, wide + 22, 170, hair)
    _ellipse(draw, middle, 400, wide, 178, skin)
    draw.chord((middle - wide - 12, 190, middle + wide + 12, 520), 188, 352, fill=hair)
    return _saved(image, "JPEG")


def paper(number: int, *, card: bool = False) -> bytes:
    """A letter, or a card, of which nothing can be read: a head, lines, and a seal in red."""
    random = Random(number)  # noqa: S311 (a picture needs no secrets)
    width, height = _CARD if card else _PAPER
    image = Image.new("RGB", (width, height), (250, 249, 245))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, 70), fill=_SEA)
    draw.rectangle((40, 110, width * 2 // 3, 136), fill=(90, 96, 104))
    for y in range(180, height - 150, 42):
        draw.rectangle((40, y, width - random.randint(40, width // 2), y + 12), fill=(190, 194, 198))
    for across in (60, 52):
        draw.ellipse((width - 180 - across, height - 100 - across, width - 180 + across, height - 100 + across),
                     outline=(176, 32, 40), width=5)  # fmt: skip
    return _saved(image, "JPEG")


def _ellipse(draw: ImageDraw.ImageDraw, x: int, y: int, across: int, down: int, colour: Colour) -> None:
    draw.ellipse((x - across, y - down, x + across, y + down), fill=colour)


def _darker(colour: Colour) -> Colour:
    red, green, blue = (value * 9 // 10 for value in colour)
    return red, green, blue


def _saved(image: Image.Image, kind: str) -> bytes:
    kept = io.BytesIO()
    image.save(kept, kind)
    return kept.getvalue()
