"""What is taken as evidence and what is refused: pictures, names, and what is neither a picture nor a PDF."""

import io
import unicodedata
import zipfile

import pytest
from PIL import Image

from service.store import documents
from service.store.documents import accept, safe_name
from tests.store.paper_files import NOTE, fault_of, pdf, phone_photo, picture

# Pictures ---------------------------------------------------------------------------------------------------------


async def test_a_phone_photo_comes_out_upright_and_without_its_place() -> None:
    sent = phone_photo()
    assert NOTE in sent
    kept = await accept(sent, name="IMG_0001.JPG")
    with Image.open(io.BytesIO(kept.content)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (900, 1200), {})
        assert "comment" not in image.info
        # Orientation 6: what was left is on top.
        assert (image.getpixel((450, 100))[0] > 200, image.getpixel((450, 1100))[2] > 200) == (True, True)
    assert NOTE not in kept.content
    with Image.open(io.BytesIO((await accept(sent, name="a", portrait=True)).content)) as image:
        assert "comment" not in image.info
    assert (kept.media_type, kept.name, kept.pages) == ("image/jpeg", "IMG_0001.jpg", 1)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_other_pictures_become_jpegs_of_at_most_2400_pixels(kind: str) -> None:
    kept = await accept(picture(3000, 1500, kind), name=f"quét.{kind.lower()}")
    with Image.open(io.BytesIO(kept.content)) as image:
        assert (image.format, image.size) == ("JPEG", (2400, 1200))


async def test_a_see_through_scan_stands_on_white() -> None:
    kept = io.BytesIO()
    Image.new("RGBA", (400, 400), (0, 0, 0, 0)).save(kept, "PNG")
    made = await accept(kept.getvalue(), name="a.png")
    with Image.open(io.BytesIO(made.content)) as image:
        assert image.getpixel((200, 200)) == (255, 255, 255)


async def test_a_portrait_is_cut_and_has_to_be_a_picture() -> None:
    kept = await accept(phone_photo(), name="a.jpg", portrait=True)
    with Image.open(io.BytesIO(kept.content)) as image:
        assert image.size == (480, 640)
    assert await fault_of(pdf(), portrait=True) == "not_a_picture"
    assert await fault_of(picture(100, 100), portrait=True) == "too_small"


async def test_forty_megapixels_are_taken_as_jpeg_and_refused_where_they_must_be_unpacked_whole() -> None:
    kept = await accept(picture(8000, 5000), name="a.jpg")
    with Image.open(io.BytesIO(kept.content)) as image:
        assert image.size == (2400, 1500)
    assert await fault_of(picture(8000, 5000, "PNG")) == "too_complex"
    assert await fault_of(picture(9000, 8000)) == "too_complex"


async def test_a_picture_with_a_zip_behind_it_comes_out_without() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as inside:
        inside.writestr("a.html", "<script>alert(1)</script>")
    kept = await accept(picture() + archive.getvalue(), name="a.jpg")
    assert b"PK\x03\x04" not in kept.content
    assert not zipfile.is_zipfile(io.BytesIO(kept.content))


# What is no picture and no PDF ------------------------------------------------------------------------------------


def docx() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as inside:
        inside.writestr("word/document.xml", "<w:document/>")
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "not_accepted"),
        (b"<!doctype html><script>alert(1)</script>", "not_accepted"),
        (docx(), "not_accepted"),
        (picture(kind="GIF"), "not_accepted"),
        (b"GIF89a" + pdf(), "not_accepted"),
        (b"\n" + pdf(), "not_accepted"),
        (b"MZ\x90\x00" + bytes(200), "not_accepted"),
        (b"\x7fELF" + bytes(200), "not_accepted"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(200), "heic"),
        (b"\xff\xd8\xff\xe0" + b"<script>alert(1)</script>" * 9, "damaged"),
        (picture()[:300], "damaged"),
        (b"%PDF-1.7\n<html>", "damaged"),
    ],
)
async def test_whatever_it_is_called_it_is_known_by_its_content(content: bytes, code: str) -> None:
    assert await fault_of(content) == code


async def test_a_file_over_ten_megabytes_is_refused() -> None:
    assert await fault_of(picture() + bytes(documents.LARGEST)) == "too_large"


# Names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Thẻ nhà báo.PDF", "Thẻ nhà báo.pdf"),
        (unicodedata.normalize("NFD", "Thẻ nhà báo.pdf"), "Thẻ nhà báo.pdf"),
        ("C:\\Users\\a\\thẻ.pdf", "thẻ.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("thẻ\u202efdp.exe", "thẻfdp.pdf"),
        ("a\r\nSet-Cookie: b=c.pdf", "aSet-Cookie b=c.pdf"),
        ("thẻ.pdf.exe", "thẻ.pdf"),
        ("Giấy giới thiệu 12.11.2026.docx", "Giấy giới thiệu 12.11.2026.pdf"),
        ("", "file.pdf"),
        (".pdf", "file.pdf"),
        ("\ud800", "file.pdf"),
        ("ế" * 300, "ế" * 96 + ".pdf"),
    ],
)
def test_a_name_is_made_harmless(name: str, kept: str) -> None:
    assert safe_name(name, "application/pdf") == kept
