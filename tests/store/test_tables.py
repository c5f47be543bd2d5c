"""Tables as files: what is written can't act, what is read is bounded."""

import csv
import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from service.store import tables
from service.store.tables import MOST_ROWS, TableFault, read_table, write_csv, write_xlsx

ROWS = [["Mã", "Họ tên"], ["id", "name"], ["1", "Đặng Thị Ánh Tuyết; ế ữ ợ ặ"], ["2", 'Dấu ",\nxuống dòng']]
BAD = ["=1+1", "+84 90", "-2", "@SUM(A1)", "\t=1", '=HYPERLINK("https://a.example","a")']


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def fault_of(content: bytes) -> str:
    with pytest.raises(TableFault) as refused:
        read_table(content)
    return refused.value.code


def test_both_kinds_come_back_as_they_were_written() -> None:
    assert read_table(write_csv(ROWS)) == ROWS
    assert read_table(write_xlsx(ROWS, title="Xin ý kiến", headings=2)) == ROWS


def test_a_csv_is_marked_as_utf_8_for_excel() -> None:
    assert write_csv(ROWS).startswith(b"\xef\xbb\xbfM\xc3\xa3,")


def test_no_cell_becomes_a_formula() -> None:
    written = write_csv([BAD])
    (row,) = csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""))
    assert row == [f"'{one}" for one in BAD]
    sheet = load_workbook(io.BytesIO(write_xlsx([BAD], title="a", headings=1))).active
    assert sheet is not None
    assert {cell.data_type for cell in sheet[1]} == {"s"}
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(write_xlsx([BAD], title="a", headings=1))).read(
        "xl/worksheets/sheet1.xml"
    )


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_is_read_as_offices_save_it(between: str, encoding: str) -> None:
    text = f"application_id{between}verdict\r\n1{between}đồng ý\r\n"
    assert read_table(text.encode(encoding)) == [["application_id", "verdict"], ["1", "đồng ý"]]


def test_days_of_a_workbook_are_read_as_days_and_numbers_as_written() -> None:
    assert read_table(workbook(["a", date(2026, 12, 5), 7, 7.5, None, True])) == [
        ["a", "2026-12-05", "7", "7.5", "", "True"]
    ]


def test_a_formula_is_never_reckoned() -> None:
    # openpyxl keeps no result beside the formula, so there is nothing to read.
    assert read_table(workbook(["=1+1", "a"])) == [["", "a"]]


def packed(parts: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return kept.getvalue()


def bomb() -> bytes:
    """A workbook whose sheet unpacks to forty megabytes."""
    with zipfile.ZipFile(io.BytesIO(workbook(["a"]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return packed(parts | {"xl/worksheets/sheet1.xml": parts["xl/worksheets/sheet1.xml"] + b" " * (40 << 20)})


def entities() -> bytes:
    """A workbook that would unfold to billions of letters."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY e0 "lol">{levels}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&e9;</t></is></c></row></sheetData></worksheet>'
    )
    with zipfile.ZipFile(io.BytesIO(workbook(["a"]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return packed(parts | {"xl/worksheets/sheet1.xml": sheet.encode()})


def test_what_is_no_table_or_too_much_is_refused() -> None:
    assert fault_of(b" \n") == "empty"
    assert fault_of(b"a" * (tables.LARGEST + 1)) == "too_large"
    assert fault_of(bomb()) == "too_large"
    assert fault_of(packed({f"{n}": b"" for n in range(300)})) == "too_large"
    assert fault_of(entities()) == "not_a_table"
    assert fault_of(packed({"a.txt": b"a"})) == "not_a_table"
    assert fault_of(b"PK\x03\x04" + bytes(100)) == "not_a_table"
    assert fault_of(b"\x89PNG\r\n\x1a\n\x00\x00") == "not_a_table"
    assert fault_of(b'a,"b') == "not_a_table"
    assert fault_of("application_id,đồng ý".encode("cp1258", "ignore") + b"\xd0") == "encoding"


def test_a_thousand_rows_are_read_and_no_more() -> None:
    rows = [["application_id", "verdict"], ["Mã", "Ý kiến"], *([str(n), ""] for n in range(MOST_ROWS))]
    assert len(read_table(write_csv(rows))) == MOST_ROWS + 2
    assert fault_of(write_csv([*rows, ["a", "b"]])) == "too_many_rows"
    assert fault_of(write_xlsx([*rows, ["a", "b"]], title="a", headings=2)) == "too_many_rows"
    assert fault_of(b"a\n" + b"\n" * 30_000) == "too_many_rows"
