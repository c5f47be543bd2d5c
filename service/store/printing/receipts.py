"""Receipts of badges that were handed over, on A4 in the form of a Vietnamese official paper."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from service.domain.localtime import local
from service.store.printing.typesetting import typeset_pdf, typeset_png

_SOURCE = Path(__file__).parent / "templates" / "receipt.typ"


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One badge on a receipt."""

    holder_name: str
    organisation_name: str
    class_vi: str
    serial: str
    version: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A handover as its receipt tells it.

    `representative_of` is the organisation that `to_name` took the badges for; empty: the holder took their own.
    `signature` is the picture, PNG or JPEG, that was drawn at the desk; None: a place to sign by hand.
    """

    organisation: str
    event_vi: str
    event_en: str
    handed_at: datetime
    handed_by: str
    to_name: str
    representative_of: str
    rows: tuple[ReceiptRow, ...]
    signature: bytes | None


async def render_receipt(receipt: Receipt, *, now: datetime) -> bytes:
    """The receipt as a tagged PDF of as many A4 pages as its rows need, dated `now`; its times are the city's."""
    return await typeset_pdf(_files(receipt), main="receipt.typ", now=now, tagged=True)


async def render_receipt_pictures(receipt: Receipt, *, now: datetime, ppi: int) -> list[bytes]:
    """The receipt's pages as PNG pictures of `ppi` dots an inch."""
    return await typeset_png(_files(receipt), main="receipt.typ", now=now, ppi=ppi)


def _files(receipt: Receipt) -> dict[str, bytes]:
    files = {"receipt.typ": _SOURCE.read_bytes()}
    name = None
    if receipt.signature:
        name = "signature.png" if receipt.signature.startswith(b"\x89PNG") else "signature.jpg"
        files[name] = receipt.signature
    at = local(receipt.handed_at)
    data = {
        "organisation": receipt.organisation,
        "event_vi": receipt.event_vi,
        "event_en": receipt.event_en,
        "handed_at": f"{at:%d/%m/%Y, %H:%M}",
        "handed_by": receipt.handed_by,
        "to_name": receipt.to_name,
        "representative_of": receipt.representative_of,
        "rows": [asdict(row) for row in receipt.rows],
        "signature": name,
    }
    files["data.json"] = json.dumps(data, ensure_ascii=False).encode()
    return files
