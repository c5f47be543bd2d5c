"""Sheets: the very badges of single printing, with marks where to cut."""

import io

import pikepdf
import pytest
from PIL import Image, ImageChops

from service.domain.badge_formats import BadgeFormat
from service.store.printing.badges import Badge
from tests.faces import pass_face
from tests.store.badge_drawing import drawn, photo, printed
from tests.store.pdf_text import texts


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
