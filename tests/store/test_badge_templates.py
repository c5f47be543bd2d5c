"""An organiser's own template: what it may do, and how it is told what is wrong."""

import json
import re
from datetime import date, time

import pytest
from zxingcpp import BarcodeFormat, read_barcodes

from service.domain.badge_formats import BadgeFormat
from service.store.printing import badges as printing
from service.store.printing.badges import Badge, built_in_template
from service.store.printing.faults import TemplateFault
from tests.conftest import ROOT
from tests.faces import pass_face
from tests.store.badge_drawing import count, drawn, photo, printed
from tests.store.pdf_text import texts

DOCS = (ROOT / "docs" / "badges.md").read_text()
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
    face = pass_face(valid_days=(date(2026, 11, 24),), daily_from=time(7), daily_to=time(12))
    own, built_in = await printed(face, form=form, template=source), await printed(face, form=form)
    assert own == built_in


def test_every_field_and_helper_of_a_template_is_documented() -> None:
    files = printing._files([Badge(pass_face(), None)], BadgeFormat.A6, None, None)
    (face,) = json.loads(files["data.json"])["faces"]
    names = set(face) | set(face["zones"][0]) | set(face["places"][0])
    helpers = re.findall(r"^#let ([a-z][a-z0-9-]*)\(", files["lib.typ"].decode(), re.MULTILINE)
    unmentioned = [name for name in (*names, "fit", *helpers) if not re.search(rf"[`(,] ?{name}[`(:,)]", DOCS)]
    assert unmentioned == ["zone-box"]


async def test_the_documented_template_works() -> None:
    (source,) = re.findall(r"```typst\n(.*?)```", DOCS, re.DOTALL)
    (image,) = await drawn(Badge(pass_face(), photo()), form=BadgeFormat.A6, ppi=200, template=source)
    (found,) = read_barcodes(image.convert("L"), formats=BarcodeFormat.QRCode)
    assert found.text == pass_face().code
    (said,) = texts(await printed(pass_face(), form=BadgeFormat.A6, template=source))
    assert "4TZ8R6PYNC" in said
