"""PDFs as evidence: written anew without what isn't seen, refused when they act, hold files, or unpack too far."""

import io
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from service.store.documents import accept
from tests.store.paper_files import NOTE, fault_of, opened, pdf, phone_photo


async def test_a_pdf_is_written_anew_without_its_metadata() -> None:
    def signed(made: pikepdf.Pdf) -> None:
        with made.open_metadata() as about:
            about["dc:title"] = NOTE.decode()
        made.docinfo["/Author"] = NOTE.decode()
        made.pages[0].PieceInfo = Dictionary(Word=Dictionary(Private=pikepdf.String(NOTE)))

    sent = pdf(signed, pages=20)
    kept = await accept(sent, name="Giấy giới thiệu.PDF")
    assert (kept.media_type, kept.name, kept.pages) == ("application/pdf", "Giấy giới thiệu.pdf", 20)
    with opened(kept.content) as made:
        assert (set(made.Root.keys()), len(made.docinfo)) == ({"/Type", "/Pages"}, 0)
        assert len(made.pages) == 20
        assert b"(Gi\\341y gi\\363i thi\\356u) Tj" in made.pages[0].Contents.read_bytes()
        everything = b"".join(str(one).encode() for one in made.objects)
    assert NOTE not in kept.content + everything


async def test_a_photo_within_a_pdf_loses_its_place_and_stays_the_same_picture() -> None:
    photo = phone_photo()

    def scanned(made: pikepdf.Pdf) -> None:
        image = Stream(made, b"")
        image.write(zlib.compress(photo), filter=Array([Name.FlateDecode, Name.DCTDecode]))
        image.Type, image.Subtype, image.ColorSpace = Name.XObject, Name.Image, Name.DeviceRGB
        image.Width, image.Height, image.BitsPerComponent = 1200, 900, 8
        made.pages[0].Resources = Dictionary(XObject=Dictionary(Im0=made.make_indirect(image)))
        made.pages[0].Contents = Stream(made, b"q 600 0 0 450 0 0 cm /Im0 Do Q")

    kept = await accept(pdf(scanned), name="a.pdf")
    with opened(kept.content) as made:
        image = made.pages[0].Resources.XObject.Im0
        assert image.Filter == Name.DCTDecode
        inside = image.read_raw_bytes()
    assert NOTE not in inside
    with Image.open(io.BytesIO(inside)) as after, Image.open(io.BytesIO(photo)) as before:
        assert after.tobytes() == before.tobytes()


async def test_what_was_typed_into_a_form_stays_to_be_read() -> None:
    def filled(made: pikepdf.Pdf) -> None:
        look = Stream(made, b"BT (Nguyen Thi Bien) Tj ET")
        look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 20])
        field = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=pikepdf.String("ten"), V=pikepdf.String("Nguyen"), F=4
        )
        field.Rect, field.AP = Array([50, 700, 250, 720]), Dictionary(N=made.make_indirect(look))
        widget = made.make_indirect(field)
        made.pages[0].Annots = Array([widget])
        made.Root.AcroForm = Dictionary(Fields=Array([widget]))

    kept = await accept(pdf(filled), name="a.pdf")
    with opened(kept.content) as made:
        drawn = [
            one.read_bytes() for one in made.objects if isinstance(one, Stream) and one.get("/Subtype") == Name.Form
        ]
        assert (drawn, "/Annots" in made.pages[0], "/AcroForm" in made.Root) == (
            [b"BT (Nguyen Thi Bien) Tj ET"],
            False,
            False,
        )


async def test_a_pdf_may_open_at_its_first_page_as_office_programs_write_it() -> None:
    def by_array(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = Array([made.pages[0].obj, Name.Fit])

    def by_action(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([made.pages[0].obj, Name.Fit]))

    for change in (by_array, by_action):
        kept = await accept(pdf(change), name="a.pdf")
        with opened(kept.content) as made:
            assert "/OpenAction" not in made.Root


def opens_by(action: Dictionary) -> Callable[[pikepdf.Pdf], None]:
    def change(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = action

    return change


def named_script(made: pikepdf.Pdf) -> None:
    script = made.make_indirect(Dictionary(S=Name.JavaScript, JS="app.alert(1)"))
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([pikepdf.String("a"), script])))


def script_behind_a_link(made: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
    link.A = Dictionary(S=Name.URI, URI="https://a.example", Next=Dictionary(S=Name.JavaScript, JS="app.alert(1)"))
    made.pages[0].Annots = Array([link])


def acts_when_turned(made: pikepdf.Pdf) -> None:
    made.pages[0].AA = Dictionary(O=Dictionary(S=Name.URI, URI="https://a.example"))


def attached(made: pikepdf.Pdf) -> None:
    made.attachments["a.exe"] = b"MZ"


def attached_unseen(made: pikepdf.Pdf) -> None:
    made.Root.Extra = made.make_indirect(Dictionary(Type=Name.Filespec, EF=Dictionary(F=Stream(made, b"MZ"))))


def rich(made: pikepdf.Pdf) -> None:
    made.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=Array([0, 0, 9, 9]))])


def xfa(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(made, b"<xdp/>"))


def elsewhere(made: pikepdf.Pdf) -> None:
    made.pages[0].Contents.F = pikepdf.String("/etc/passwd")


@pytest.mark.parametrize(
    "change",
    [
        opens_by(Dictionary(S=Name.JavaScript, JS="app.alert(1)")),
        opens_by(Dictionary(S=Name.Launch, F="calc.exe")),
        opens_by(Dictionary(S=Name.URI, URI="https://a.example")),
        opens_by(Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]), Next=Dictionary(S=Name.URI, URI="https://a"))),
        named_script,
        script_behind_a_link,
        acts_when_turned,
        attached,
        attached_unseen,
        rich,
        xfa,
        elsewhere,
    ],
    ids=lambda change: change.__name__,
)
async def test_a_pdf_that_acts_or_holds_files_is_refused(change: Callable[[pikepdf.Pdf], None]) -> None:
    assert await fault_of(pdf(change)) == "active"


@pytest.mark.parametrize("user", ["", "mở"])
async def test_an_encrypted_pdf_is_refused(user: str) -> None:
    assert await fault_of(pdf(encryption=pikepdf.Encryption(owner="chủ", user=user))) == "encrypted"


async def test_more_than_twenty_pages_are_refused() -> None:
    assert await fault_of(pdf(pages=21)) == "too_many_pages"


def zeros(megabytes: int) -> bytes:
    """So many megabytes of nothing, packed a thousandfold."""
    packing = zlib.compressobj(9)
    return b"".join(packing.compress(bytes(1 << 20)) for _ in range(megabytes)) + packing.flush()


def bomb(*streams: tuple[bytes, Any]) -> bytes:
    def change(made: pikepdf.Pdf) -> None:
        parts = []
        for content, packed_by in streams:
            part = Stream(made, b"")
            part.write(content, filter=packed_by)
            parts.append(made.make_indirect(part))
        made.pages[0].Contents = Array(parts)

    return pdf(change, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)


async def test_what_unpacks_beyond_all_measure_is_refused() -> None:
    one = zeros(150)
    assert await fault_of(bomb((one, Name.FlateDecode))) == "too_complex"
    twice = bomb((zlib.compress(one, 9), Array([Name.FlateDecode, Name.FlateDecode])))
    assert len(twice) < 2_000
    assert await fault_of(twice) == "too_complex"
    # Each is small enough; all together aren't.
    assert await fault_of(bomb(*[(zeros(105), Name.FlateDecode)] * 4)) == "too_complex"


async def test_a_stream_with_a_false_length_is_measured_by_what_it_holds() -> None:
    sent = bomb((zeros(200), Name.FlateDecode))
    length = sent.split(b"/Filter /FlateDecode")[1].split(b"/Length ")[1].split(b" ")[0]
    assert await fault_of(sent.replace(b"/Length " + length, b"/Length " + b"9".rjust(len(length), b"0"))) in {
        "too_complex",
        "damaged",
    }


async def test_too_many_objects_and_too_deep_ones_are_refused() -> None:
    def many(made: pikepdf.Pdf) -> None:
        for number in range(50_001):
            made.make_indirect(Dictionary(N=number))
        made.Root.All = Array([made.get_object(number, 0) for number in range(1, len(made.objects) + 1)])

    def deep(made: pikepdf.Pdf) -> None:
        nest = Array([])
        for _ in range(150):
            nest = Array([nest])
        made.Root.Nest = nest

    assert await fault_of(pdf(many, object_stream_mode=pikepdf.ObjectStreamMode.generate)) == "too_complex"
    assert await fault_of(pdf(deep)) in {"too_complex", "damaged"}
