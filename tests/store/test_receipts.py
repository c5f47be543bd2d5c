"""Receipts of badges that were handed over: what they say, on as many pages as they need."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pytest
from PIL import Image, ImageDraw

from service.store.printing.receipts import Receipt, ReceiptRow, render_receipt, render_receipt_pictures
from tests.conftest import NOW
from tests.store.pdf_text import texts

ONE = Receipt(
    organisation="Sở Ngoại vụ Thành phố Hồ Chí Minh",
    event_vi="Triển lãm Hoàng Sa, Trường Sa của Việt Nam",
    event_en="Hoang Sa and Truong Sa of Viet Nam",
    handed_at=datetime(2026, 11, 23, 7, 5, tzinfo=UTC),
    handed_by="Tổ Chức Khơi",
    to_name="Đặng Thị Ngọc Ánh",
    representative_of="",
    rows=(ReceiptRow("Đặng Thị Ngọc Ánh", "Báo Tuổi Trẻ", "Báo chí", "7H3KX9QW2M", 2),),
    signature=None,
)
MANY = replace(
    ONE,
    representative_of="Thông tấn xã Việt Nam",
    rows=tuple(
        ReceiptRow(f"Người Thử Số {number}", "Thông tấn xã Việt Nam", "Báo chí", f"SERIAL{number:04}", 1)
        for number in range(1, 121)
    ),
)


def squeezed(*parts: str) -> list[str]:
    return ["".join(part.split()) for part in parts]


def signature(ink: str = "black") -> bytes:
    image = Image.new("L", (900, 400), "white")
    ImageDraw.Draw(image).line([(80, 300), (300, 60), (520, 340), (820, 90)], fill=ink, width=24)
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


async def test_what_a_receipt_says() -> None:
    (said,) = texts(await render_receipt(ONE, now=NOW))
    for fact in squeezed(
        "SỞ NGOẠI VỤ THÀNH PHỐ HỒ CHÍ MINH",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "BIÊN BẢN BÀN GIAO THẺ",
        "Badge hand-over receipt",
        "Triển lãm Hoàng Sa, Trường Sa của Việt Nam",
        "Hoang Sa and Truong Sa of Viet Nam",
        "23/11/2026, 14:05",
        "Tổ Chức Khơi",
        "Người được cấp thẻ / Holder of the badge",
        "1 Đặng Thị Ngọc Ánh Báo Tuổi Trẻ Báo chí 7H3KX9QW2M 2",
        "Tổng số: 1 thẻ / Total: 1 badge",
        "BÊN GIAO",
        "BÊN NHẬN",
        "1 / 1",
    ):
        assert fact in said
    assert "Representative" not in said


async def test_a_representative_is_named_with_whom_they_stand_for() -> None:
    said = "".join(texts(await render_receipt(replace(ONE, representative_of="Thông tấn xã Việt Nam"), now=NOW)))
    assert "Đạidiệncủa/Representativeof:ThôngtấnxãViệtNam" in said
    assert "Holderofthebadge" not in said


async def test_a_hundred_and_twenty_badges_go_over_pages_with_their_heads() -> None:
    pages = texts(await render_receipt(MANY, now=NOW))
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"{number}/{len(pages)}" in page
    assert sum("Họvàtên" in page for page in pages) >= len(pages) - 1
    said = "".join(pages)
    for number in range(1, 121):
        assert f"{number}NgườiThửSố{number}ThôngtấnxãViệtNamBáochíSERIAL{number:04}1" in said
    assert "Tổngsố:120thẻ/Total:120badges" in pages[-1]
    # Nobody signs an empty page: the total stands with the signatures.
    assert "BÊNNHẬN" in pages[-1]


async def test_long_names_are_whole_and_inside_the_page() -> None:
    row = ReceiptRow("Nguyễnthị" * 33, "Thông tấn xã " * 20 + "W" * 100, "W" * 60, "7H3KX9QW2M", 12)
    receipt = replace(ONE, rows=(row,) * 3, to_name="W" * 200, organisation="Ủy ban " * 40, event_vi="x" * 300)
    said = "".join(texts(await render_receipt(receipt, now=NOW)))
    assert said.count("Nguyễnthị" * 33) == 3
    assert said.count("".join(row.organisation_name.split())) == 3
    for page in await render_receipt_pictures(receipt, now=NOW, ppi=127):
        image = Image.open(io.BytesIO(page)).convert("L")
        inked = Image.eval(image, lambda value: 255 * (value < 200)).getbbox()
        assert inked is not None
        # 127 dots an inch are five a millimetre: a centimetre stays free on each side.
        assert min(inked[0], inked[1], image.width - inked[2], image.height - inked[3]) >= 50


@pytest.mark.parametrize("drawn", [True, False])
async def test_the_signature_that_was_drawn_is_shown(*, drawn: bool) -> None:
    receipt = replace(ONE, signature=signature() if drawn else None)
    with pikepdf.open(io.BytesIO(await render_receipt(receipt, now=NOW))) as pdf:
        images = [one for one in pdf.pages[0].Resources.get("/XObject", {}).values() if one.Subtype == "/Image"]
    assert len(images) == drawn


async def test_a_receipt_is_tagged_dated_and_in_its_type() -> None:
    document = await render_receipt(ONE, now=NOW)
    assert document == await render_receipt(ONE, now=NOW)
    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261123020000Z"
        assert str(pdf.Root.Lang) == "vi"
        assert bool(pdf.Root.MarkInfo.Marked)
        names = {str(font.BaseFont).partition("+")[2] for font in pdf.pages[0].Resources.Font.values()}
        assert [float(side) for side in pdf.pages[0].mediabox.as_list()[2:]] == pytest.approx(
            [595.28, 841.89], abs=0.01
        )
    assert names == {"Tinos-Regular", "Tinos-Bold", "Tinos-Italic"}
