"""QR codes of passes as SVG and PNG (ISO/IEC 18004): version 10 at most, error correction M."""

import io

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4
LARGEST_VERSION = 10
_MASK = 3
"""Fixed: looking for the best of the eight masks costs ten times the drawing, and no reader needs it."""


def _matrix(code: str) -> list[list[bool]]:
    """The modules with their quiet zone. Raises ValueError for a code that needs a version above 10."""
    drawing = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE, mask_pattern=_MASK)
    drawing.add_data(code, optimize=0)
    drawing.make(fit=True)
    if drawing.version > LARGEST_VERSION:
        raise ValueError(f"a QR code of version {drawing.version} is too dense for a badge")
    matrix: list[list[bool]] = drawing.get_matrix()
    return matrix


def svg(code: str) -> str:
    """The code as an SVG of one path, one unit a module: crisp at every size."""
    matrix = _matrix(code)
    runs = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            width = 0
            while x + width < len(row) and row[x + width]:
                width += 1
            if width:
                runs.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width or 1
    size = len(matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges" '
        f'role="img"><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{"".join(runs)}"/></svg>'
    )


def png(code: str, *, size: int) -> bytes:
    """The code as a black and white PNG of at most `size` pixels a side, whole pixels a module."""
    matrix = _matrix(code)
    scale = max(1, size // len(matrix))
    image = Image.new("1", (len(matrix), len(matrix)), 1)
    image.putdata([0 if dark else 1 for row in matrix for dark in row])
    kept = io.BytesIO()
    image.resize((len(matrix) * scale,) * 2, Image.Resampling.NEAREST).save(kept, "PNG", optimize=True)
    return kept.getvalue()
