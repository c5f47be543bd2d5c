"""Names in every letter that they may have: compared with pictures that people have looked at.

After a change that is meant, draw the pictures anew, look at them, and keep them:
`BIENDAO_DRAW_GOLDEN=1 python -m pytest tests/store/test_badge_names.py`.
"""

import io
import os
import unicodedata
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from service.domain.badge_formats import BadgeFormat
from service.store.printing.badges import Badge, render_pictures
from service.store.printing.fonts import missing_letters
from tests.conftest import NOW
from tests.faces import pass_face

GOLDEN = Path(__file__).parent / "golden"
_VOWELS = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
VIETNAMESE = [unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES]
LOWER = "".join(letter for letter in VIETNAMESE if not letter.isascii()) + "đ"
"""The 67 accented letters of Vietnamese; with their capitals they are 134."""
UPPER = LOWER.upper()
ABROAD = "łğñçőżßþøåæœšžčřěůťďľŕķļņģšėįųāēīūćńśźàâäéèêëîïôöùûüÿıŠŽŁĞÑÇŐŻÞØÅÆŒ"
CYRILLIC = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюяЇїЄєҐґЎў"
GREEK = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ"
HANGUL = "김이박최정강조윤장임한오서신권황안송류홍"
HAN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗國語東島海"
SHOWN = {
    "vietnamese-lower": " ".join(LOWER[start : start + 17] for start in range(0, 67, 17)),
    "vietnamese-upper": " ".join(UPPER[start : start + 17] for start in range(0, 67, 17)),
    "vietnamese-names": "Đặng Nguyễn Phước Quỳnh Như Ưng Thị Kiều Oanh Lữ Thế Vỹ Trịnh Hoàng Bửu Ẩn",
    "abroad": "Łukasz Żółć Erdoğan Çağlar Muñoz Őry Şahin Groß Þór Søren Ødegård Škvorecký Ğ ß þ ñ ç ő ż ł ğ",
    "cyrillic-greek": "Щербаков Ёлкин Їжакевич Αλέξης Παπαδόπουλος Ωνάσης Γιώργος",
    "hangul-han": "김민수 홍길동 최영희 王小明 李雪 張國榮 阮氏玉英",
}
DRAWING = """
#import "lib.typ": *
#let badge(face) = at(2mm, 2mm, fit(face.holder_name, width: 100mm, height: 30mm, largest: 24pt))
"""
LETTERS = """
#import "lib.typ": *
#let badge(face) = for (number, letter) in face.holder_name.codepoints().enumerate() {
  let (row, column) = (calc.quo(number, 12), calc.rem(number, 12))
  at(column * 8mm, row * 11mm, text(size: 18pt, weight: 700, top-edge: 9mm, bottom-edge: 0mm, letter))
}
"""


async def drawn(name: str, template: str, ppi: int) -> Image.Image:
    (page,) = await render_pictures(
        [Badge(pass_face(holder_name=name), None)],
        form=BadgeFormat.A6,
        logo=None,
        template=template,
        now=NOW,
        ppi=ppi,
    )
    return Image.open(io.BytesIO(page)).convert("L")


async def line(name: str) -> Image.Image:
    return (await drawn(name, DRAWING, 127)).crop((0, 0, 525, 170))


def apart(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of the two in that square of eight dots a side where they differ most, of 255."""
    change = ImageChops.difference(one, other)
    return float(change.resize((change.width // 8, change.height // 8), Image.Resampling.BOX).getextrema()[1])


def test_these_are_all_letters_of_vietnamese() -> None:
    assert len(set(LOWER)) == len(set(UPPER)) == 67
    assert set(LOWER).isdisjoint(UPPER)


@pytest.mark.parametrize("name", SHOWN)
async def test_names_look_as_they_did(name: str) -> None:
    image = await line(SHOWN[name])
    path = GOLDEN / f"{name}.png"
    if os.environ.get("BIENDAO_DRAW_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        image.quantize(16).save(path, optimize=True)
    golden = Image.open(path).convert("L")
    assert path.stat().st_size < 100_000
    assert golden.size == image.size
    assert apart(image, golden) < 12


async def test_a_single_wrong_mark_is_seen() -> None:
    """What the comparison is worth: one accent, one dot, one stroke is more than it lets pass."""
    for right, wrong in (("Nguyễn Thế Vỹ", "Nguyễn Thê Vỹ"), ("Mỹ Lợi", "Mỹ Lơi"), ("Đặng", "Dặng"), ("Ánh", "Ảnh")):
        assert apart(await line(right), await line(wrong)) > 24


@pytest.mark.parametrize("name", ["vietnamese-lower", "vietnamese-upper", "vietnamese-names", "abroad"])
async def test_letters_in_parts_look_like_whole_ones(name: str) -> None:
    taken_apart = unicodedata.normalize("NFD", SHOWN[name])
    assert taken_apart != SHOWN[name]
    assert apart(await line(taken_apart), await line(SHOWN[name])) < 12


@pytest.mark.parametrize("letters", [LOWER, UPPER, ABROAD, CYRILLIC, GREEK, HANGUL, HAN])
async def test_every_letter_is_drawn_and_unlike_every_other(letters: str) -> None:
    """No letter is missing, and none has lost its marks: they would look like another one, or like nothing."""
    assert missing_letters(letters) == ""
    distinct = "".join(dict.fromkeys(letters))
    page = await drawn(distinct + "\U0010ffff ", LETTERS, 127)
    cells = [
        page.crop((place % 12 * 40, place // 12 * 55, place % 12 * 40 + 40, place // 12 * 55 + 55)).tobytes()
        for place in range(len(distinct) + 2)
    ]
    *shown, missing, blank = cells
    assert missing not in shown
    assert blank not in shown
    assert len(set(shown)) == len(distinct)
