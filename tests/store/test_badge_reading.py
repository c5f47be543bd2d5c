"""The reading test: codes on rendered badges are read back by a reader that isn't ours, clean and as a camera sees them."""

import io
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from PIL import Image

from service.domain.badge_formats import BadgeFormat
from service.domain.codes import Claims, new_human_code
from service.domain.faces import ZoneFace
from service.store import qr, signing
from service.store.printing.badges import Badge, render_pictures
from service.store.printing.typesetting import Limits
from service.store.vault import Vault
from tests.conftest import NOW, SECRET
from tests.faces import pass_face
from tests.store.degrading import photographed, read

DPI = 300
RIGHTS = (("A",), ("A", "B"), ("PRS1",), ("A", "B", "C", "VIP"), tuple("ABCDEFGHIJK"))
CUTS = {
    BadgeFormat.CR80: (0.6, 43.6, 34.3),
    BadgeFormat.A6: (61, 97, 40),
    BadgeFormat.WRISTBAND: (135, 1, 23),
}
"""Left, top and side, in millimetres, of the code with its quiet zone in the built-in designs."""


def signed(count: int) -> list[tuple[str, tuple[str, ...]]]:
    """Codes as they are issued, with the zones that they open."""
    vault = Vault(SECRET)
    kid, _, sealed = signing.new_key(vault)
    begins = datetime(2026, 11, 23, tzinfo=UTC)
    codes = []
    for number in range(count):
        rights = RIGHTS[number % len(RIGHTS)]
        claims = Claims(new_human_code(), rights, begins, begins + timedelta(days=number % 9 + 1))
        codes.append((signing.sign(claims, kid=kid, sealed=sealed, vault=vault), rights))
    return codes


async def pictures(codes: list[tuple[str, tuple[str, ...]]], form: BadgeFormat) -> list[Image.Image]:
    kept = io.BytesIO()
    Image.linear_gradient("L").resize((480, 640)).save(kept, "JPEG")
    badges = [
        Badge(pass_face(code=code, zones=tuple(ZoneFace(zone, zone, zone) for zone in rights)), kept.getvalue())
        for code, rights in codes
    ]
    what: dict[str, Any] = {"logo": None, "template": None, "now": NOW, "ppi": DPI, "limits": Limits(seconds=300)}
    return [Image.open(io.BytesIO(page)).convert("L") for page in await render_pictures(badges, form=form, **what)]


def cut(image: Image.Image, form: BadgeFormat) -> Image.Image:
    left, top, side = (round(value / 25.4 * DPI) for value in CUTS[form])
    return image.crop((left, top, left + side, top + side))


@pytest.mark.parametrize(
    ("form", "count"), [(BadgeFormat.CR80, 200), (BadgeFormat.A6, 25), (BadgeFormat.WRISTBAND, 50)]
)
async def test_every_badge_is_read_from_paper(form: BadgeFormat, count: int) -> None:
    codes = signed(count)
    assert {len(code) for code, _ in codes} <= set(range(199, signing.ROOM + 1))
    chance = Random(2026)
    for image, (code, _) in zip(await pictures(codes, form), codes, strict=True):
        # Found on the whole badge, and cut out of it and seen by a bad camera.
        for seen in (image, photographed(cut(image, form), chance)):
            found = read(seen)
            assert found.text == code
            assert found.ec_level == "M"
            assert int(found.extra["Version"]) <= qr.LARGEST_VERSION
    assert len({code for code, _ in codes}) == count
