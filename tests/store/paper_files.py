"""Files as people hand them in as evidence, made here: pictures with what they shouldn't tell, PDFs of every kind."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Stream
from PIL import Image

from service.store import documents
from service.store.documents import DocumentFault, accept

NOTE = b"10.77689N,106.70081E"
"""What a picture must not tell any more."""


def picture(width: int = 1200, height: int = 900, kind: str = "JPEG", **options: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    kept = io.BytesIO()
    image.save(kept, kind, **options)
    return kept.getvalue()


def phone_photo() -> bytes:
    """A JPEG as phones take them: lying on its side, with the place in its EXIF and a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = NOTE.decode()
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif, comment=NOTE)


def pdf(change: Callable[[pikepdf.Pdf], None] = lambda _: None, pages: int = 1, **options: Any) -> bytes:
    """A PDF with a line of text on each page, as `change` leaves it."""
    with pikepdf.new() as made:
        for number in range(pages):
            made.add_blank_page()
            made.pages[number].Contents = Stream(made, b"BT /F1 12 Tf (Gi\\341y gi\\363i thi\\356u) Tj ET")
        change(made)
        kept = io.BytesIO()
        made.save(kept, **options)
    return kept.getvalue()


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


async def fault_of(content: bytes, **facts: Any) -> str:
    with pytest.raises(DocumentFault) as refused:
        await accept(content, name="thu.pdf", **facts)
    assert refused.value.code in documents.FAULTS
    return refused.value.code
