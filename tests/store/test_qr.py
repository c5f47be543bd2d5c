"""QR codes are read back by a reader that isn't ours, from the picture and from the drawing."""

import io
import re
import secrets

import pytest
import zxingcpp
from PIL import Image

from service.store import qr

LONGEST = "".join(secrets.choice("ABCDEFGHabcdefgh0123-_") for _ in range(213))


def read(image: Image.Image) -> zxingcpp.Barcode:
    (found,) = zxingcpp.read_barcodes(image.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    return found


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
