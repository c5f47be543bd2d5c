"""Tables as files: CSV and XLSX, written so that no program runs what stands in them, and read with bounds."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 5 << 20
"""Bytes of the largest table that is read."""
MOST_ROWS = 1000
_MOST_LINES = 20_000
_MOST_COLUMNS = 100
_UNPACKED = 30 << 20
_MOST_PARTS = 200
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDTH = 22


class TableFault(Exception):  # noqa: N818 (it says what is wrong with the file)
    """Why a table can't be read: `empty`, `too_large`, `too_many_rows`, `not_a_table`, `encoding`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def guarded(text: str) -> str:
    """Text that a spreadsheet takes as text: what would begin a formula gets an apostrophe in front (OWASP)."""
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV in UTF-8 with a byte-order mark, as Excel needs it for Vietnamese."""
    kept = io.StringIO(newline="")
    csv.writer(kept).writerows([[guarded(cell) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + kept.getvalue().encode()


def write_xlsx(rows: Iterable[Sequence[str]], *, title: str, headings: int) -> bytes:
    """A workbook with one sheet; every cell is text, the first `headings` rows stand still."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(title[:31])
    sheet.freeze_panes = f"A{headings + 1}"
    for number, row in enumerate(rows):
        cells = []
        for text in row:
            cell: Any = WriteOnlyCell(sheet, value=guarded(text))
            # Left to itself the library makes formulas of some texts, and numbers are cut.
            cell.data_type, cell.number_format = "s", "@"
            if number < headings:
                cell.font = Font(bold=number == 0, italic=number > 0)
            cells.append(cell)
        sheet.append(cells)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def read_table(content: bytes) -> list[list[str]]:
    """The rows of a CSV, or of the first sheet of a workbook, as text; blank rows stay, so that numbers fit.

    What a file is, its content tells. Formulas are not reckoned: what their program reckoned last is read. Raises
    TableFault.
    """
    if not content.strip():
        raise TableFault("empty")
    if len(content) > LARGEST:
        raise TableFault("too_large")
    rows = _read_xlsx(content) if content.startswith(b"PK") else _read_csv(content)
    if sum(any(row) for row in rows) > MOST_ROWS + 2:
        raise TableFault("too_many_rows")
    return rows


def _read_csv(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    head = text[:10_000]
    between = max(",;\t", key=head.count)
    try:
        rows = []
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True):
            rows.append(row[:_MOST_COLUMNS])
            if len(rows) > _MOST_LINES:
                raise TableFault("too_many_rows")
    except csv.Error:
        raise TableFault("not_a_table") from None
    return rows


def _decoded(content: bytes) -> str:
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableFault("not_a_table")
    try:
        return content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        raise TableFault("encoding") from None


def _read_xlsx(content: bytes) -> list[list[str]]:
    _require_small(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            return _rows_of(book.worksheets[0])
        finally:
            book.close()
    except TableFault:
        raise
    except Exception as wrong:
        raise TableFault("not_a_table") from wrong


def _require_small(content: bytes) -> None:
    """Asks the archive's directory, which bounds what is unpacked later, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise TableFault("not_a_table") from None
    if len(parts) > _MOST_PARTS or sum(one.file_size for one in parts) > _UNPACKED:
        raise TableFault("too_large")
    if "[Content_Types].xml" not in {one.filename for one in parts}:
        raise TableFault("not_a_table")


def _rows_of(sheet: Any) -> list[list[str]]:
    # What a sheet says of its own size need not be true.
    sheet.reset_dimensions()
    rows = []
    for cells in sheet.iter_rows(max_col=_MOST_COLUMNS, max_row=_MOST_LINES + 1, values_only=True):
        row = [_text(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        rows.append(row)
        if len(rows) > _MOST_LINES:
            raise TableFault("too_many_rows")
    return rows


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
