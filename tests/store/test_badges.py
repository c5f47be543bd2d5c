"""What stands on a badge, and how."""

import io
from datetime import date, time
from typing import Any

import pikepdf
import pytest
from zxingcpp import BarcodeFormat, read_barcodes

from service.domain.badge_formats import BadgeFormat
from service.domain.badges import CATEGORY_CLASSES
from service.store.printing import badges as printing
from service.store.printing.badges import Badge, on_colour, render_badges
from tests.conftest import NOW
from tests.faces import pass_face
from tests.store.badge_drawing import SINGLE, count, drawn, logo, photo, printed, squeezed, zones
from tests.store.pdf_text import texts

DAY: dict[str, Any] = {"valid_days": (date(2026, 11, 24),), "daily_from": time(7), "daily_to": time(12)}


@pytest.mark.parametrize("form", SINGLE)
async def test_what_stands_on_a_badge(form: BadgeFormat) -> None:
    face = pass_face(native_name="王丽")
    (said,) = texts(await printed(face, form=form))
    for fact in squeezed(
        "Đặng Thị Ngọc Ánh",
        "王丽",
        "Báo Tuổi Trẻ",
        "BÁO CHÍ",
        "PRESS",
        "Khu vực / Zones",
        "23–25/11/2026",
        "Triển lãm Hoàng Sa, Trường Sa của Việt Nam",
        "Hoang Sa and Truong Sa of Viet Nam",
        "Sở Ngoại vụ Thành phố Hồ Chí Minh",
        "Ho Chi Minh City Department of External Relations",
        "Số / No. 7H3KX9QW2M",
        "4TZ8R 6PYNC",
        "Toàn sự kiện",
        "Whole event",
    ):
        assert fact in said
    for other in squeezed("Đoàn", "Bản", "Thẻ ngày", "Day pass", face.code):
        assert other not in said


@pytest.mark.parametrize("form", SINGLE)
async def test_groups_versions_and_day_passes_say_so(form: BadgeFormat) -> None:
    (said,) = texts(await printed(pass_face(heads=45, version=2, **DAY), form=form))
    for fact in squeezed(
        "Đoàn 45 người / Group of 45", "Bản 2 / Version 2", "Thẻ ngày", "Day pass", "24/11/2026", "07:00–12:00"
    ):
        assert fact in said
    assert "Wholeevent" not in said


@pytest.mark.parametrize(
    ("changes", "whole"),
    [
        ({}, True),
        ({"places": ()}, True),
        ({"valid_days": (date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25))}, False),
        ({"daily_from": time(7), "daily_to": time(12)}, False),
        ({"valid_from": pass_face().valid_from.replace(day=23)}, False),
    ],
)
def test_a_pass_is_for_the_whole_event_or_it_says_for_what(changes: dict[str, Any], *, whole: bool) -> None:
    assert printing._is_whole_event(pass_face(**changes)) is whole


async def test_the_names_of_zones_stand_on_a6_when_there_is_room() -> None:
    (few,) = texts(await printed(pass_face(), form=BadgeFormat.A6))
    assert all(name in few for name in squeezed("Sảnh trưng bày", "Exhibition hall", "Trung tâm báo chí"))
    (many,) = texts(await printed(pass_face(zones=zones(12)), form=BadgeFormat.A6))
    assert "ABCDEFGHIJKL" in many
    assert "Zone" not in many.replace("Zones", "")


async def test_a_name_that_no_font_can_print_is_left_away() -> None:
    (said,) = texts(await printed(pass_face(holder_name="Somchai", native_name="สมชาย"), form=BadgeFormat.CR80))
    assert "Somchai" in said
    assert "สมชาย" not in said


async def test_the_pdf_is_small_dated_and_brings_its_fonts() -> None:
    picture = photo()
    document = await render_badges(
        [Badge(pass_face(native_name="王丽"), picture)], form=BadgeFormat.A6, logo=logo(), template=None, now=NOW
    )
    assert len(document) < 60_000 + len(picture)
    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261123020000Z"
        assert str(pdf.docinfo["/Title"]) == pass_face().event_vi
        resources = pdf.pages[0].Resources
        for font in resources.Font.values():
            (descendant,) = font.DescendantFonts
            assert str(font.BaseFont)[7] == "+"
            assert {"/FontFile2", "/FontFile3"} & set(descendant.FontDescriptor.keys())
        images = [one for one in resources.XObject.values() if one.Subtype == "/Image"]
        assert picture in [one.read_raw_bytes() for one in images]
        # One dot a module, drawn with hard edges.
        (code,) = [one for one in images if one.Width == one.Height]
        assert code.Width == len(printing.qr._rows(pass_face().code))
        assert code.get("/Interpolate", False) is False


async def test_the_same_badge_is_the_same_bytes() -> None:
    face = pass_face(native_name="홍길동", **DAY)
    assert await printed(face, form=BadgeFormat.CR80) == await printed(face, form=BadgeFormat.CR80)


@pytest.mark.parametrize("form", [BadgeFormat.CR80, BadgeFormat.A6])
async def test_photo_logo_and_silhouette(form: BadgeFormat) -> None:
    face = pass_face()
    with_all, without = await drawn(Badge(face, photo()), Badge(face, None), form=form, logo=logo())
    assert count(with_all, (200, 120, 40)) > 5000
    assert count(without, (200, 120, 40)) == 0
    assert count(without, (0xE9, 0xED, 0xF0)) > 2000
    assert count(without, (0x8A, 0x96, 0x9E)) > 2000
    assert count(with_all, (0, 160, 160)) > 300
    (bare,) = await drawn(Badge(face, None), form=form)
    assert count(bare, (0, 160, 160)) == 0


@pytest.mark.parametrize("colour", [one[2] for one in CATEGORY_CLASSES.values()] + ["#FFD54A", "#FFFFFF", "#777777"])
async def test_the_band_has_the_class_colour_and_readable_words(colour: str) -> None:
    assert contrast(colour, on_colour(colour)) >= 4.5
    assert contrast(colour, on_colour(colour)) >= contrast(colour, "#000000")
    assert contrast(colour, on_colour(colour)) >= contrast(colour, "#FFFFFF")
    (image,) = await drawn(Badge(pass_face(colour=colour), None), form=BadgeFormat.A6)
    band = image.crop((30, 120, 380, 175))
    wanted = tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))
    assert count(band, wanted) > band.width * band.height * 0.7
    # In black and white, too, the words stand off.
    darkest, lightest = band.convert("L").getextrema()
    assert lightest - darkest > 110


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.2)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("form", "side"), [(BadgeFormat.CR80, 30), (BadgeFormat.A6, 30), (BadgeFormat.WRISTBAND, 20)])
async def test_the_code_is_large_enough_and_has_its_quiet_zone(form: BadgeFormat, side: float) -> None:
    (image,) = await drawn(Badge(pass_face(zones=zones(12), code="x" * 205), None), form=form, ppi=508)
    (found,) = read_barcodes(image.convert("L"), formats=BarcodeFormat.QRCode)
    assert found.text == "x" * 205
    corner, opposite = found.position.top_left, found.position.bottom_right
    # 508 dots an inch are twenty a millimetre; the corners are found within a dot or two.
    width = opposite.x - corner.x
    assert width >= side * 20 - 2
    quiet = round(4 * width / 57) - 2
    around = (corner.x - quiet, corner.y - quiet, opposite.x + quiet, opposite.y + quiet)
    framed = image.convert("L").crop(around)
    framed.paste(255, (quiet - 2, quiet - 2, framed.width - quiet + 2, framed.height - quiet + 2))
    assert framed.getextrema() == (255, 255)
