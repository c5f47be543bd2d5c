"""Pictures that people hand in: recognised by their content, turned upright, made small, stripped of everything else.

What comes out was drawn anew by us, so that nothing hidden in the upload survives.
"""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

PORTRAIT = (480, 640)
"""Pixels of a portrait: 30 × 40 mm at 400 dpi."""
LARGEST = 64_000_000
"""Pixels of the largest JPEG that is opened: it is unpacked no larger than needed."""
LARGEST_UNPACKED = 16_000_000
"""Pixels of the largest picture of another kind: it has to be unpacked whole, four bytes a pixel."""
_SMALLEST = (150, 200)
_LOGO = 800
_SIGNATURE = (1200, 600)
_SCAN = 2400
_FORMATS = ("JPEG", "PNG", "WEBP")


class ImageFault(Exception):  # noqa: N818 (it says what is wrong with the picture)
    """Why a picture can't be taken; the message is for the person who sent it."""


def portrait(content: bytes) -> bytes:
    """A portrait of PORTRAIT pixels as JPEG: upright as its EXIF says, cut to 3:4 around its middle.

    Raises ImageFault for what is no JPEG, PNG or WebP, is damaged, too small, or too large.
    """
    image = _open(content, PORTRAIT)
    width, height = image.size
    if width < _SMALLEST[0] or height < _SMALLEST[1]:
        raise ImageFault(f"at least {_SMALLEST[0]} × {_SMALLEST[1]} pixels; this one has {width} × {height}")
    # Heads are nearer to the upper edge than to the lower one.
    cut = ImageOps.fit(_on_white(image), PORTRAIT, Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    return _saved(cut, "JPEG", quality=88, optimize=True)


def logo(content: bytes) -> bytes:
    """A logo as PNG of at most 800 pixels a side, see-through where it was. Raises ImageFault."""
    image = _open(content, (_LOGO, _LOGO)).convert("RGBA")
    image.thumbnail((_LOGO, _LOGO), Image.Resampling.LANCZOS)
    return _saved(image, "PNG", optimize=True)


def document_picture(content: bytes) -> bytes:
    """A scan or photo of a paper as JPEG of at most 2,400 pixels a side, upright as its EXIF says.

    Raises ImageFault for what is no JPEG, PNG or WebP, is damaged, or too large.
    """
    image = _on_white(_open(content, (_SCAN // 2, _SCAN // 2)))
    image.thumbnail((_SCAN, _SCAN), Image.Resampling.LANCZOS)
    return _saved(image, "JPEG", quality=85, optimize=True)


def signature(content: bytes) -> bytes:
    """A signature drawn on a screen, as a grey PNG on white. Raises ImageFault, also for an empty one."""
    image = _on_white(_open(content, _SIGNATURE)).convert("L")
    image.thumbnail(_SIGNATURE, Image.Resampling.LANCZOS)
    darkest, lightest = image.getextrema()
    if darkest == lightest:
        raise ImageFault("nothing is drawn")
    return _saved(image, "PNG", optimize=True)


def _open(content: bytes, wanted: tuple[int, int]) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Pillow warns of large pictures; the limit here is ours, and is asked before anything is unpacked.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=_FORMATS)
            _require_size(image)
            if image.format != "JPEG":
                image.load()
                image.thumbnail((wanted[0] * 2, wanted[1] * 2), Image.Resampling.LANCZOS, reducing_gap=2)
            # A JPEG is unpacked no larger than needed: forty megapixels cost no more than one.
            image.draft("RGB", (wanted[0] * 2, wanted[1] * 2))
            image.load()
            return ImageOps.exif_transpose(image)
    except ImageFault:
        raise
    except UnidentifiedImageError:
        raise ImageFault("a JPEG, PNG or WebP picture is needed") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as wrong:
        raise ImageFault("this picture is damaged") from wrong


def _require_size(image: Image.Image) -> None:
    largest = LARGEST if image.format == "JPEG" else LARGEST_UNPACKED
    if image.width * image.height > largest:
        raise ImageFault(f"at most {largest // 1_000_000} megapixels")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        ground = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(ground, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB")


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    kept = io.BytesIO()
    # Pillow would write comments and XMP of the upload again.
    image.info = {}
    image.save(kept, kind, **options)
    return kept.getvalue()
