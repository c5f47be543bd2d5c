"""QR codes are read back by a reader that isn't ours, from the picture and from the drawing."""

import io
import re
import secrets
from random import Random
from uuid import UUID

import httpx
import pytest
import qrcode
from PIL import Image
from qrcode.util import MODE_8BIT_BYTE, QRData

from service.domain.accounts import Organisation, Role
from service.domain.events import Event
from service.domain.passes import Category
from service.store import events as event_store
from service.store import qr, signing
from service.store.database import Database
from service.store.vault import Vault
from service.usecases import audit, passes
from service.usecases.passes import Wish
from tests import factories
from tests.conftest import NOW, SECRET, SignInAs
from tests.store.degrading import photographed, read

LONGEST = "".join(secrets.choice("ABCDEFGHabcdefgh0123-_") for _ in range(213))


def rasterised(drawing: str, scale: int = 4) -> Image.Image:
    """The drawing's runs of modules as a picture; anything else in the drawing would fail here."""
    side = re.search(r'viewBox="0 0 (\d+) \1"', drawing)
    assert side is not None
    image = Image.new("L", (int(side[1]),) * 2, 255)
    white, black = re.findall(r'<path fill="(#\w+)" d="([^"]+)"/>', drawing)
    assert white == ("#fff", f"M0 0h{side[1]}v{side[1]}H0z")
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", black[1])
    assert "".join("M{} {}h{}v1h-{}z".format(*run) for run in runs) == black[1]
    for x, y, width, _ in runs:
        image.paste(0, (int(x), int(y), int(x) + int(width), int(y) + 1))
    return image.resize((image.width * scale,) * 2, Image.Resampling.NEAREST)


@pytest.mark.parametrize("code", ["eyJhbGciOiJFUzI1NiJ9.e30.x", LONGEST], ids=["short", "longest"])
def test_picture_and_drawing_say_the_same(code: str) -> None:
    for image in (Image.open(io.BytesIO(qr.png(code, size=400))), rasterised(qr.svg(code))):
        found = read(image)
        assert found.text == code
        assert found.ec_level == "M"


def test_the_longest_code_needs_version_10_and_no_more() -> None:
    side = 10 * 4 + 17 + 2 * qr.QUIET_ZONE
    assert f'viewBox="0 0 {side} {side}"' in qr.svg(LONGEST)
    with pytest.raises(ValueError, match="too dense"):
        qr.svg(LONGEST + "A")


def test_every_module_is_where_the_library_puts_it() -> None:
    """Codes are put together from what `qrcode` draws once for each version: of every length, they are its own."""
    for length in range(1, 214):
        code = LONGEST[:length]
        drawing = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=qr.QUIET_ZONE, mask_pattern=3)
        drawing.add_data(QRData(code.encode(), mode=MODE_8BIT_BYTE))
        drawing.make(fit=True)
        wanted = [[255 * (not dark) for dark in row] for row in drawing.get_matrix()]
        image = Image.open(io.BytesIO(qr.png(code, size=1))).convert("L")
        assert list(image.tobytes()) == [value for row in wanted for value in row]


@pytest.mark.parametrize("size", [60, 200, 601, 1200])
def test_a_picture_has_whole_pixels_and_a_quiet_zone(size: int) -> None:
    image = Image.open(io.BytesIO(qr.png(LONGEST, size=size))).convert("L")
    modules = 65
    scale = max(1, size // modules)
    assert image.size == (modules * scale, modules * scale)
    assert image.getbbox() == (0, 0, *image.size)
    inked = Image.eval(image, lambda value: 255 - value).getbbox()
    edge = qr.QUIET_ZONE * scale
    assert inked == (edge, edge, image.width - edge, image.height - edge)
    assert set(image.tobytes()) == {0, 255}


def test_a_small_print_is_read() -> None:
    """3 cm at 300 dpi is 354 pixels."""
    image = Image.open(io.BytesIO(qr.png(LONGEST, size=354)))
    assert read(image.rotate(7, expand=True, fillcolor=1)).text == LONGEST


async def test_two_hundred_passes_are_read_from_paper_and_screen(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation, database: Database
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    stage = await factories.make_stage(client, headers, organisation)
    for code in ("C", "VIP", "PRS1"):
        await factories.make_zone(client, headers, stage.occurrence_id, code=code)
    rights: list[tuple[str, ...]] = [("A",), ("A", "B", "C"), ("PRS1",), ("A", "B", "C", "VIP")]
    wishes = [Wish(f"Người Thử {number}", "", Category.GUEST, rights[number % 4]) for number in range(200)]
    async with database.transaction() as session:
        event = await event_store.get(session, Event, UUID(stage.event_id), "event")
        issued = await passes.issue_many(
            session, event=event, wishes=wishes, actor=audit.SYSTEM, vault=Vault(SECRET), now=NOW
        )
    chance = Random(2026)
    for number, one in enumerate(issued):
        assert len(one.code) <= signing.ROOM
        # 3 cm at 300 dpi are 354 pixels.
        printed = Image.open(io.BytesIO(qr.png(one.code, size=354)))
        shown = rasterised(qr.svg(one.code), scale=number % 7 + 2)
        for image in (printed, shown, photographed(printed, chance)):
            found = read(image)
            assert found.text == one.code
            assert found.ec_level == "M"
            assert int(found.extra["Version"]) <= qr.LARGEST_VERSION
    assert len({one.code for one in issued}) == len({one.human_code for one in issued}) == 200


@pytest.mark.parametrize("size", [65, 130, 200, 520, 1200, 2000])
def test_the_longest_code_is_read_at_every_size(size: int) -> None:
    image = Image.open(io.BytesIO(qr.png(LONGEST, size=size)))
    assert image.width <= size
    # One pixel a module is for printing on, not for reading.
    if size >= 2 * 65:
        assert read(image).text == LONGEST
