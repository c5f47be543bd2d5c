"""Badges for tests: made as PDF and as pictures, with everything that may stand on them."""

import io
from typing import Any

from PIL import Image, ImageChops

from service.domain.badge_formats import BadgeFormat
from service.domain.faces import PassFace, ZoneFace
from service.store.printing.badges import Badge, render_badges, render_pictures
from tests.conftest import NOW

SINGLE = (BadgeFormat.CR80, BadgeFormat.A6, BadgeFormat.WRISTBAND)


def zones(count: int) -> tuple[ZoneFace, ...]:
    return tuple(ZoneFace(f"{chr(65 + number)}", f"Khu số {number}", f"Zone {number}") for number in range(count))


def photo(colour: tuple[int, int, int] = (200, 120, 40)) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (480, 640), colour).save(kept, "JPEG", quality=90)
    return kept.getvalue()


def logo() -> bytes:
    kept = io.BytesIO()
    Image.new("RGBA", (400, 200), (0, 160, 160, 255)).save(kept, "PNG")
    return kept.getvalue()


async def printed(*faces: PassFace, form: BadgeFormat, **changes: Any) -> bytes:
    what: dict[str, Any] = {"logo": None, "template": None, "now": NOW, **changes}
    return await render_badges([Badge(face, None) for face in faces], form=form, **what)


async def drawn(*badges: Badge, form: BadgeFormat, ppi: int = 100, **changes: Any) -> list[Image.Image]:
    what: dict[str, Any] = {"logo": None, "template": None, "now": NOW, **changes}
    pages = await render_pictures(badges, form=form, ppi=ppi, **what)
    return [Image.open(io.BytesIO(page)).convert("RGB") for page in pages]


def squeezed(*parts: str) -> list[str]:
    return ["".join(part.split()) for part in parts]


def count(image: Image.Image, colour: tuple[int, int, int]) -> int:
    """Dots that are nearly of the colour."""
    apart = ImageChops.difference(image, Image.new("RGB", image.size, colour)).convert("L")
    return sum(apart.histogram()[:8])
