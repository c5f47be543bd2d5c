"""What stands on a badge, that all of it stands there, and that nothing leaves its place."""

import io
from datetime import date, time
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageChops
from zxingcpp import BarcodeFormat, read_barcodes

from service.domain.badge_formats import BadgeFormat
from service.domain.badges import CATEGORY_CLASSES
from service.domain.faces import PassFace, ZoneFace
from service.store.printing import badges as printing
from service.store.printing.badges import Badge, built_in_template, on_colour, render_badges, render_pictures
from service.store.printing.faults import TemplateFault
from service.store.printing.typesetting import typeset_png
from tests.conftest import NOW
from tests.faces import pass_face
from tests.store.pdf_text import texts

SINGLE = (BadgeFormat.CR80, BadgeFormat.A6, BadgeFormat.WRISTBAND)
DAY: dict[str, Any] = {"valid_days": (date(2026, 11, 24),), "daily_from": time(7), "daily_to": time(12)}
ROOM = 20
"""Millimetres of paper around a badge that must stay white."""


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


LONG_NAME = "Công Tằng Tôn Nữ Nguyễn Phước Quỳnh Như " * 7
HARD: dict[str, PassFace] = {
    "short": pass_face(holder_name="Y", organisation_name="", zones=()),
    "long": pass_face(
        holder_name=LONG_NAME.strip(),
        native_name="남궁민수" * 10,
        organisation_name=("Thông tấn xã " * 40).strip(),
        zones=zones(12),
        heads=1234,
        version=12,
        valid_days=tuple(date(2026, 11, day) for day in range(1, 30, 2)),
        daily_from=time(7, 30),
        daily_to=time(16, 45),
        event_vi=("Hội nghị về thông tin đối ngoại " * 9).strip(),
        event_en=("Conference on external information " * 9).strip(),
        organiser_vi=("Ủy ban nhân dân Thành phố " * 10).strip(),
        organiser_en=("People's Committee of the City " * 10).strip(),
        class_vi="Đại biểu ngoại giao và khách mời danh dự của Nhà nước",
        class_en="Diplomatic delegates and guests of honour of the State",
    ),
    "unbroken": pass_face(
        holder_name="Nguyễnthị" * 33,
        native_name="W" * 300,
        organisation_name="Wm" * 250,
        zones=tuple(ZoneFace(f"WW{number:02}", "W" * 90, "W" * 90) for number in range(12)),
        event_vi="Ẫ" * 300,
        event_en="W" * 300,
        organiser_vi="Ỗ" * 300,
        organiser_en="j" * 300,
        class_vi="W" * 120,
        class_en="W" * 120,
    ),
    "capitals": pass_face(
        holder_name="NGUYỄN THỊ ẪẲỖ GYỌJ", native_name="ẪẲỖ ỘỢỤ", organisation_name="ỦY BAN ẪẲỖ ỘỢỤ", event_vi="ẪẲỖ ỘỢỤ"
    ),
    "two zones": pass_face(zones=tuple(ZoneFace(code, "Khu rất dài " * 12, "A long zone " * 12) for code in "AB")),
    "han": pass_face(
        holder_name="한국어 이름이 아주 긴 사람" * 12, native_name="王小明" * 60, organisation_name="新華社" * 80
    ),
}


@pytest.mark.parametrize("form", SINGLE)
@pytest.mark.parametrize("name", HARD)
async def test_nothing_leaves_the_badge(form: BadgeFormat, name: str) -> None:
    """Without the frame's clipping, in the middle of a larger page: all around stays white."""
    files = printing._files([Badge(HARD[name], photo())], form, logo(), None, clip=False)
    files["wide.typ"] = b"""
        #import "frame.typ": data, framed, printed
        #set page(width: data.width * 1mm + 40mm, height: data.height * 1mm + 40mm, margin: 20mm)
        #printed(() => framed(data.faces.first()))
    """
    (page,) = await typeset_png(files, main="wide.typ", now=NOW, ppi=127)
    image = Image.open(io.BytesIO(page)).convert("L")
    inked = Image.eval(image, lambda value: 255 * (value < 250)).getbbox()
    assert inked is not None
    # 127 dots an inch are five a millimetre.
    edge = ROOM * 5
    assert edge <= inked[0] < inked[2] <= image.width - edge
    assert edge <= inked[1] < inked[3] <= image.height - edge


@pytest.mark.parametrize("form", SINGLE)
@pytest.mark.parametrize("name", HARD)
async def test_nothing_is_cut(form: BadgeFormat, name: str) -> None:
    face = HARD[name]
    (said,) = texts(await printed(face, form=form))
    facts = [face.holder_name, face.native_name, face.organisation_name, face.event_vi, face.event_en, face.days_text]
    facts += [face.hours_text, face.organiser_vi, face.organiser_en, face.class_vi.upper(), face.class_en.upper()]
    for fact in squeezed(*facts, *(zone.code for zone in face.zones)):
        assert fact in said


FITTED = """
#import "lib.typ": *
#let badge(face) = at(20mm, 20mm, fit(face.holder_name, {}))
"""


@pytest.mark.parametrize("words", [HARD[name].holder_name for name in HARD] + ["ẪẲỖ", "ỘỢỤgjy", "W" * 40, "i " * 120])
@pytest.mark.parametrize(
    "place",
    [
        "width: 30mm, height: 12mm, largest: 20pt",
        "width: 12mm, height: 30mm, largest: 40pt, align-to: center + bottom",
        "width: 60mm, height: 4mm, largest: 9pt, single: 0%, align-to: right + horizon",
        "width: 50mm, height: 20mm, largest: 60pt, weight: 400, tracking: 0.1em, align-to: center + horizon",
    ],
)
async def test_a_text_keeps_to_its_box(words: str, place: str) -> None:
    width, height = (float(part.split(":")[1].strip(" m")) for part in place.split(",")[:2])
    (image,) = await drawn(
        Badge(pass_face(holder_name=words.strip()), None), form=BadgeFormat.A6, ppi=254, template=FITTED.format(place)
    )
    inked = ImageChops.invert(image.convert("L")).point(lambda value: 255 * (value > 40)).getbbox()
    assert inked is not None
    # 254 dots an inch are ten a millimetre; a dot on the line is on both sides of it.
    assert inked[0] >= 199
    assert inked[1] >= 199
    assert inked[2] <= (20 + width) * 10 + 1
    assert inked[3] <= (20 + height) * 10 + 1


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


@pytest.mark.parametrize(
    ("form", "size"),
    [
        (BadgeFormat.CR80, (53.98, 85.6)),
        (BadgeFormat.A6, (105, 148)),
        (BadgeFormat.WRISTBAND, (250, 25)),
        (BadgeFormat.SHEET_CR80, (210, 297)),
        (BadgeFormat.SHEET_A6, (210, 297)),
    ],
)
async def test_a_page_has_the_size_of_its_format(form: BadgeFormat, size: tuple[float, float]) -> None:
    with pikepdf.open(io.BytesIO(await printed(pass_face(), form=form))) as pdf:
        (page,) = pdf.pages
        millimetres = [float(side) * 25.4 / 72 for side in page.mediabox.as_list()[2:]]
    assert millimetres == pytest.approx(size, abs=0.01)


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


def count(image: Image.Image, colour: tuple[int, int, int]) -> int:
    """Dots that are nearly of the colour."""
    apart = ImageChops.difference(image, Image.new("RGB", image.size, colour)).convert("L")
    return sum(apart.histogram()[:8])


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


@pytest.mark.parametrize(
    ("form", "on_a_sheet", "places"),
    [
        (
            BadgeFormat.SHEET_CR80,
            10,
            [(18.4 + column * 87.6, 9.55 + row * 55.98) for row in range(5) for column in range(2)],
        ),
        (BadgeFormat.SHEET_A6, 4, [(column * 105, 0.5 + row * 148) for row in range(2) for column in range(2)]),
    ],
)
async def test_a_sheet_holds_the_very_same_badges(
    form: BadgeFormat, on_a_sheet: int, places: list[tuple[float, float]]
) -> None:
    badges = [
        Badge(pass_face(holder_name=f"Người Thử {'Dài ' * number}".strip()), photo((25 * number,) * 3))
        for number in range(on_a_sheet + 1)
    ]
    sheets = await drawn(*badges, form=form, ppi=254)
    singles = await drawn(*badges, form=form.base, ppi=254)
    assert [sheet.size for sheet in sheets] == [(2100, 2970)] * 2
    alone = [one.rotate(-90, expand=True) if form is BadgeFormat.SHEET_CR80 else one for one in singles]
    width, height = alone[0].size
    # Marks on the cut itself are no part of the badge.
    inner = (12, 12, width - 12, height - 12)
    for number in range(len(badges)):
        left, top = (round(side * 10) for side in places[number % on_a_sheet])
        shown = sheets[number // on_a_sheet].crop((left, top, left + width, top + height)).crop(inner)
        unlike = [difference(shown, one.crop(inner)) for one in alone]
        own = unlike.pop(number)
        assert own < 4
        assert own * 2 < min(unlike)
    (one,) = texts(await printed(pass_face(holder_name="Một Mình"), form=form))
    assert one.count("MộtMình") == 1


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures, softened so that half a dot's shift makes none."""
    small = [
        image.convert("L").resize((image.width // 8, image.height // 8), Image.Resampling.BOX) for image in (one, other)
    ]
    values = ImageChops.difference(*small).histogram()
    return sum(value * times for value, times in enumerate(values)) / sum(values)


@pytest.mark.parametrize(
    ("form", "marks"),
    [
        # Dots on marks at 254 dots an inch: left of the first row's edges, above the first column's.
        (BadgeFormat.SHEET_CR80, [(150, 95), (150, 635), (184, 60), (1040, 60), (1060, 60), (1916, 60)]),
        (BadgeFormat.SHEET_A6, [(30, 1485), (2070, 1485), (1050, 30), (1050, 2940), (1050, 1470), (1030, 1485)]),
    ],
)
async def test_a_sheet_has_crop_marks(form: BadgeFormat, marks: list[tuple[int, int]]) -> None:
    (sheet,) = await drawn(Badge(pass_face(), None), form=form, ppi=254)
    for x, y in marks:
        darkest, _ = sheet.convert("L").crop((x - 3, y - 3, x + 4, y + 4)).getextrema()
        assert darkest < 160, (x, y)


OWN = """
#import "lib.typ": *
#let badge(face) = {
  at(5mm, 5mm, fit("Mẫu riêng: " + face.holder_name, width: 40mm, height: 20mm))
  at(5mm, 40mm, qr(face, side: 36mm))
}
"""


async def test_an_organisers_template_takes_the_place_of_the_design() -> None:
    for form in (BadgeFormat.CR80, BadgeFormat.SHEET_CR80):
        (said,) = texts(await printed(pass_face(), form=form, template=OWN))
        assert said == "Mẫuriêng:ĐặngThịNgọcÁnh"


async def test_a_template_cannot_print_over_its_neighbours() -> None:
    template = "#let badge(face) = place(dx: -50mm, dy: -50mm, rect(width: 400mm, height: 400mm, fill: red))"
    (sheet,) = await drawn(Badge(pass_face(), None), form=BadgeFormat.SHEET_A6, ppi=50, template=template)
    assert sheet.getpixel((100, 100)) == (255, 65, 54)
    assert sheet.crop((210, 0, *sheet.size)).convert("L").getextrema()[0] < 255
    assert count(sheet, (255, 65, 54)) < 1.03 * (105 / 25.4 * 50) * (148 / 25.4 * 50)


@pytest.mark.parametrize(
    ("template", "line", "column", "message"),
    [
        ("#let badge(face) = {\n  [#face.nam]\n}", 2, 10, 'dictionary does not contain key "nam"'),
        ('#import "lib.typ": *\n#let badge(face) = fit(face.nam)', 2, 29, 'dictionary does not contain key "nam"'),
        ('#import "lib.typ": *\n#let badge(face) = fit(face.heads)', 2, 20, "type integer has no method `split`"),
        ("#let badge(face) = {", 1, 20, "unclosed delimiter"),
        ("#let card(face) = [a]", 0, 0, "the template must define badge(face)"),
        ("#let badge(face) = pagebreak()", 1, 20, "pagebreaks are not allowed inside of containers"),
        ('#import "main.typ": *\n#let badge(face) = [a]', 1, 9, "cyclic import"),
    ],
)
async def test_a_wrong_template_is_told_where(template: str, line: int, column: int, message: str) -> None:
    with pytest.raises(TemplateFault) as caught:
        await printed(pass_face(), form=BadgeFormat.A6, template=template)
    fault = caught.value
    assert (fault.file, fault.line, fault.column, fault.message) == ("badge.typ", line, column, message)


@pytest.mark.parametrize("form", BadgeFormat)
async def test_the_built_in_design_is_a_template_like_any_other(form: BadgeFormat) -> None:
    source = built_in_template(form)
    assert source == built_in_template(form.base)
    face = pass_face(**DAY)
    own, built_in = await printed(face, form=form, template=source), await printed(face, form=form)
    assert own == built_in
