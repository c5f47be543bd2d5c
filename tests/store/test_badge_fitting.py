"""Whatever is written on a badge: all of it stands there, and nothing leaves its place."""

import io
from datetime import date, time

import pytest
from PIL import Image, ImageChops

from service.domain.badge_formats import BadgeFormat
from service.domain.faces import PassFace, ZoneFace
from service.store.printing import badges as printing
from service.store.printing.badges import Badge
from service.store.printing.typesetting import typeset_png
from tests.conftest import NOW
from tests.faces import pass_face
from tests.store.badge_drawing import SINGLE, drawn, logo, photo, printed, squeezed, zones
from tests.store.pdf_text import texts

ROOM = 20
"""Millimetres of paper around a badge that must stay white."""
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
