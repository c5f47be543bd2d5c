"""What a camera makes of a printed code, and the reader that isn't ours."""

import math
from random import Random

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter


def read(image: Image.Image) -> zxingcpp.Barcode:
    """The one QR code in the picture."""
    (found,) = zxingcpp.read_barcodes(image.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    return found


def photographed(image: Image.Image, chance: Random) -> Image.Image:
    """The code as a camera sees it on a badge: turned, with a fifth of it in glare, out of focus, and noisy.

    The glare is a disc of 20 % of the code's area, anywhere on it, that takes 70 % of the contrast.
    """
    code = image.convert("L")
    page = Image.new("L", (code.width + 80, code.height + 80), 255)
    page.paste(code, (40, 40))
    page = page.rotate(chance.uniform(-30, 30), Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    radius = math.sqrt(0.2 * code.width * code.height / math.pi)
    x, y = (side / 2 + chance.uniform(-0.25, 0.25) * code.width for side in page.size)
    glare = Image.new("L", page.size, 0)
    ImageDraw.Draw(glare).ellipse((x - radius, y - radius, x + radius, y + radius), fill=round(0.7 * 255))
    page.paste(255, (0, 0), glare.filter(ImageFilter.GaussianBlur(radius / 6)))
    noise = Image.frombytes("L", page.size, chance.randbytes(page.width * page.height))
    return Image.blend(page.filter(ImageFilter.GaussianBlur(1)), noise, 0.1)
