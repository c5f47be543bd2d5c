"""The process that looks through one PDF and writes it anew: bounded, and with nothing of the service's own.

It is started by `documents` as `python -m service.store.pdf_child SECONDS MEMORY PAGES`, reads the PDF from its
standard input and answers with one line of JSON: `{"pages": n}`, followed by the new PDF, or `{"fault": code,
"detail": text}`. It imports nothing of the service, so that it starts quickly and knows no secrets.
"""

import contextlib
import io
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

_NICENESS = 10
_MOST_OBJECTS = 50_000
_LARGEST_STREAM = 110 << 20
"""Bytes that one stream may unpack to: an A4 page at 600 dpi in full colour."""
_LARGEST_WHOLE = 400 << 20
_LARGEST_IMAGE = 100_000_000
_MOST_FILTERS = 4
_DEEPEST = 100
_ACTIONS = frozenset(
    [
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
    ]
)
_ANNOTATIONS = frozenset(["/RichMedia", "/Movie", "/Sound", "/Screen", "/3D", "/FileAttachment"])
_KEYS = frozenset(["/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent", "/RichMediaSettings"])
_PAGE = frozenset(
    [
        "/Type",
        "/MediaBox",
        "/CropBox",
        "/BleedBox",
        "/TrimBox",
        "/ArtBox",
        "/Rotate",
        "/UserUnit",
        "/Resources",
        "/Contents",
        "/Group",
    ]
)
"""All that is kept of a page: what is drawn on it."""
_UNSEEN = frozenset(["/Metadata", "/PieceInfo", "/LastModified", "/AF", "/Ref", "/OPI", "/Thumb"])
_PICTURES = frozenset(["/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"])
# Of a JPEG, the signs of colour (APP0, APP2, APP14) belong to the picture; places and cameras don't.
_JPEG_UNSEEN = frozenset({0xE1, *range(0xE3, 0xEE), 0xEF, 0xFE})
_SCAN_BEGINS = 0xDA


class Fault(Exception):  # noqa: N818 (it says what is wrong with the file)
    """Why a PDF can't be taken."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.answer = {"fault": code, "detail": detail}


def bound(seconds: int, memory: int) -> None:
    """Takes from this process what it doesn't need, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Whoever started this process may be gone by then.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds * 2)
    # The door goes first, and when memory runs out the database is not what has to die.
    os.nice(_NICENESS)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def anew(content: bytes, most_pages: int) -> tuple[bytes, int]:
    """The pages of a PDF as a new one, and how many there are. Raises Fault."""
    import pikepdf  # noqa: PLC0415 (only a process that is bounded loads it)
    from pikepdf import settings  # noqa: PLC0415

    settings.set_qpdf_limits(
        doc_max_warnings=100,
        parser_max_nesting=_DEEPEST,
        parser_max_container_size=_MOST_OBJECTS,
        max_stream_filters=_MOST_FILTERS,
        flate_max_memory=_LARGEST_STREAM,
        png_max_memory=_LARGEST_STREAM,
        run_length_max_memory=_LARGEST_STREAM,
        tiff_max_memory=_LARGEST_STREAM,
        dct_max_memory=_LARGEST_STREAM,
    )
    try:
        with pikepdf.open(io.BytesIO(content), conversion_mode="explicit") as pdf:
            _require_plain(pdf, most_pages)
            return _written(pdf), len(pdf.pages)
    except pikepdf.PasswordError:
        raise Fault("encrypted") from None
    except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, TypeError, RuntimeError) as wrong:
        if settings.qpdf_limit_errors() or "memory limit" in str(wrong):
            raise Fault("too_complex", str(wrong)) from None
        raise Fault("damaged", str(wrong)) from None


def _require_plain(pdf: Any, most_pages: int) -> None:
    if pdf.is_encrypted:
        raise Fault("encrypted")
    if len(pdf.objects) > _MOST_OBJECTS:
        raise Fault("too_complex", f"more than {_MOST_OBJECTS} objects")
    if not len(pdf.pages):
        raise Fault("damaged", "no pages")
    if len(pdf.pages) > most_pages:
        raise Fault("too_many_pages", str(most_pages))
    _require_quiet_opening(pdf)
    unpacked = 0
    for one in pdf.objects:
        _require_harmless(one, 0)
        unpacked += _unpacked(pdf, one)
        if unpacked > _LARGEST_WHOLE:
            raise Fault("too_complex", f"unpacks to more than {_LARGEST_WHOLE} bytes")


def _require_quiet_opening(pdf: Any) -> None:
    """Office programs let a document open at a place on its first page; anything more is refused."""
    import pikepdf  # noqa: PLC0415

    action = pdf.Root.get("/OpenAction")
    if action is None or isinstance(action, pikepdf.Array):
        return
    if not isinstance(action, pikepdf.Dictionary) or action.get("/S") != "/GoTo" or "/Next" in action:
        raise Fault("active", "/OpenAction")


def _require_harmless(thing: Any, depth: int) -> None:
    """Raises Fault for whatever acts, or holds another file; looks into what belongs to `thing` alone."""
    import pikepdf  # noqa: PLC0415

    if depth > _DEEPEST:
        raise Fault("too_complex", "nested too deeply")
    if isinstance(thing, pikepdf.Array):
        inside = list(thing)
    elif isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        entries = dict(thing.items())
        _require_harmless_entries(entries, is_stream=isinstance(thing, pikepdf.Stream))
        inside = list(entries.values())
    else:
        return
    for one in inside:
        if not one.is_indirect:
            _require_harmless(one, depth + 1)


def _require_harmless_entries(entries: dict[str, Any], *, is_stream: bool) -> None:
    import pikepdf  # noqa: PLC0415

    found = _KEYS & entries.keys()
    if found:
        raise Fault("active", min(found))
    for key, known in (("/S", _ACTIONS), ("/Subtype", _ANNOTATIONS), ("/Type", {"/EmbeddedFile"})):
        value = entries.get(key)
        if isinstance(value, pikepdf.Name) and str(value) in known:
            raise Fault("active", str(value))
    if isinstance(entries.get("/AA"), pikepdf.Dictionary):
        raise Fault("active", "/AA")
    if isinstance(entries.get("/JS"), (pikepdf.String, pikepdf.Stream)):
        raise Fault("active", "/JS")
    if is_stream and "/F" in entries:
        raise Fault("active", "external stream")


def _unpacked(pdf: Any, thing: Any) -> int:
    """How many bytes a stream unpacks to, found by unpacking it; a picture is also taken out of other wrappings."""
    import pikepdf  # noqa: PLC0415

    if not isinstance(thing, pikepdf.Stream):
        return 0
    if int(thing.get("/Width", 0)) * int(thing.get("/Height", 0)) > _LARGEST_IMAGE:
        raise Fault("too_complex", f"a picture of more than {_LARGEST_IMAGE // 1_000_000} megapixels")
    filters = _filters(thing)
    if len(filters) > _MOST_FILTERS:
        raise Fault("too_complex", "too many filters")
    if not filters or filters[-1] not in _PICTURES:
        return memoryview(thing.get_stream_buffer()).nbytes
    packed = thing.read_raw_bytes()
    if len(filters) > 1:
        wrapped = pikepdf.Stream(pdf, packed)
        wrapped.Filter = pikepdf.Array([pikepdf.Name(one) for one in filters[:-1]])
        packed = wrapped.read_bytes()
    if filters[-1] == "/DCTDecode":
        packed = without_notes(packed)
    parameters = thing.get("/DecodeParms")
    if isinstance(parameters, pikepdf.Array):
        parameters = parameters[-1]
    kept = parameters if isinstance(parameters, pikepdf.Dictionary) else None
    thing.write(packed, filter=pikepdf.Name(filters[-1]), decode_parms=kept)
    return len(packed)


_SHORT = {"/DCT": "/DCTDecode", "/CCF": "/CCITTFaxDecode"}


def _filters(stream: Any) -> list[str]:
    import pikepdf  # noqa: PLC0415

    found = stream.get("/Filter")
    names = list(found) if isinstance(found, pikepdf.Array) else [] if found is None else [found]
    return [_SHORT.get(str(one), str(one)) for one in names]


def without_notes(jpeg: bytes) -> bytes:
    """A JPEG without EXIF, XMP, IPTC and comments; as it is where it can't be read."""
    if not jpeg.startswith(b"\xff\xd8"):
        return jpeg
    kept, at = [jpeg[:2]], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != _SCAN_BEGINS:  # noqa: PLR2004
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if jpeg[at + 1] not in _JPEG_UNSEEN:
            kept.append(jpeg[at:end])
        at = end
    return b"".join([*kept, jpeg[at:]])


def _written(pdf: Any) -> bytes:
    """What is drawn on the pages, as a new document: no outline, no forms, no names, no metadata."""
    import pikepdf  # noqa: PLC0415

    pdf.generate_appearance_streams()
    pdf.flatten_annotations("screen")
    for page in pdf.pages:
        for key in set(page.obj.keys()) - _PAGE:
            del page.obj[key]
    with pikepdf.new() as made:
        made.pages.extend(pdf.pages)
        for one in made.objects:
            if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
                for key in _UNSEEN & set(one.keys()):
                    del one[key]
        kept = io.BytesIO()
        made.save(
            kept,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
        )
    return kept.getvalue()


def main() -> None:
    """Reads the PDF, looks through it, answers."""
    seconds, memory, most_pages = map(int, sys.argv[1:4])
    content = sys.stdin.buffer.read()
    bound(seconds, memory)
    try:
        made, pages = anew(content, most_pages)
        answer: dict[str, Any] = {"pages": pages}
    except Fault as fault:
        made, answer = b"", fault.answer
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + made)


if __name__ == "__main__":
    main()
