"""Vetting by lists over HTTP: the list taken along, the check, the confirmation, whom it is closed to."""

import base64
import io
import re
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from service.domain.accreditation import Verdict, VerdictKind, reference_of
from service.domain.accreditation.vetting import VERDICT_WORDS
from service.domain.texts import fold
from service.store.database import Database
from service.store.tables import read_table, write_csv, write_xlsx
from tests.conftest import NOW, Clock
from tests.press_story import PressStory, make_submitted, open_press
from tests.web.browsing import browser, errors_of, rows_of, sign_in, text_of

__all__ = ["browser"]
DESK = "press_management"


@pytest.fixture
async def press(database: Database) -> PressStory:
    async with database.transaction() as session:
        return await open_press(session)


@pytest.fixture
async def ids(database: Database, press: PressStory) -> list[UUID]:
    async with database.transaction() as session:
        return [(await make_submitted(session, press, number))[0].id for number in (1, 2, 3)]


@pytest.fixture
def here(press: PressStory) -> str:
    return f"/console/events/{press.event.id}/vetting"


@pytest.fixture
async def desk(browser: httpx.AsyncClient, press: PressStory) -> httpx.AsyncClient:
    """The browser of the authority that manages the press."""
    await sign_in(browser, press.emails[DESK])
    return browser


async def take(desk: httpx.AsyncClient, here: str, kind: str = "csv") -> list[list[str]]:
    answer = await desk.get(f"{here}/list?authority={DESK}&kind={kind}")
    assert answer.status_code == 200, text_of(answer)
    return read_table(answer.content)


def filled(table: list[list[str]], *verdicts: tuple[str, str]) -> list[list[str]]:
    """The list with these verdicts and grounds in its rows, one after the other."""
    at = table[1].index("verdict")
    width = len(table[1])
    for row, (verdict, ground) in zip(table[2:], verdicts, strict=False):
        row.extend([""] * (width - len(row)))
        row[at], row[at + 1] = verdict, ground
    return table


async def send(desk: httpx.AsyncClient, here: str, content: bytes, name: str = "a.csv") -> httpx.Response:
    return await desk.post(here, data={"authority": DESK}, files={"file": (name, content, "text/csv")})


def sealed_of(page: httpx.Response) -> str:
    (found,) = re.findall(r'name="sealed" value="([^"]*)"', page.text)
    return str(found)


async def confirm(desk: httpx.AsyncClient, here: str, sealed: str) -> httpx.Response:
    return await desk.post(f"{here}/confirm", data={"authority": DESK}, files={"sealed": (None, sealed)})


async def words(desk: httpx.AsyncClient, here: str) -> dict[str, str]:
    """The words for verdicts that the page names, by their codes."""
    page = await desk.get(here)
    named = re.findall(r"<strong>([^<]+)</strong>", page.text.split('<dl class="facts">')[1].split("</dl>")[0])
    return dict(zip((kind.value for kind in VerdictKind), named, strict=True))


async def verdicts(database: Database) -> dict[UUID, tuple[VerdictKind, str]]:
    async with database.session() as session:
        return {one.application_id: (one.kind, one.ground) for one in await session.scalars(select(Verdict))}


# The list ---------------------------------------------------------------------------------------------------------


async def test_the_page_leads_to_the_lists(desk: httpx.AsyncClient, here: str, ids: list[UUID]) -> None:
    page = await desk.get(here)
    assert page.status_code == 200
    assert rows_of(page, '<h2 id="take"') == [["Cơ quan quản lý báo chí", "3", "XLSX CSV"]]
    assert f'href="{here}/list?authority={DESK}&amp;kind=csv"' in page.text


async def test_a_list_has_vietnamese_headings_machine_names_and_no_field_too_many(
    desk: httpx.AsyncClient, here: str, ids: list[UUID]
) -> None:
    answer = await desk.get(f"{here}/list?authority={DESK}&kind=csv", headers={"Accept-Language": "en"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="xin-y-kien-press-management-2026-11-23.csv"'
    )
    assert answer.content.startswith(b"\xef\xbb\xbf")
    table = read_table(answer.content)
    assert table[0][:4] == [
        "Mã hệ thống của hồ sơ (không sửa)",
        "Mã hồ sơ",
        "Họ tên không dấu, họ trước",
        "Họ tên không dấu, tên trước",
    ]
    assert table[1] == [
        *("application_id", "reference", "name_family_first", "name_given_first"),
        *("full_name", "pen_name", "outlet", "media_role", "press_card_number", "press_card_expires_on", "assignment"),
        *("verdict", "ground", "zones", "days"),
    ]
    assert table[2] == [
        *(str(ids[0]), reference_of(ids[0]), "NGUYEN THI BIEN", "THI BIEN NGUYEN", "Nguyễn Thị Biển 1", "Sóng Xanh"),
        *("Báo Sóng Xanh", "Phóng viên viết", "000001", "31/12/2099"),
        *("Đưa tin phiên khai mạc và phỏng vấn bên lề.", "", "", "", ""),
    ]


async def test_a_workbook_holds_the_same(desk: httpx.AsyncClient, here: str, ids: list[UUID]) -> None:
    answer = await desk.get(f"{here}/list?authority={DESK}&kind=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    found = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert found == await take(desk, here)


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_words_that_the_page_names_are_understood(
    desk: httpx.AsyncClient, here: str, ids: list[UUID], language: str
) -> None:
    desk.headers["Accept-Language"] = language
    named = await words(desk, here)
    assert {code: VERDICT_WORDS.get(fold(label)) for code, label in named.items()} == {
        kind.value: kind for kind in VerdictKind
    }


# The check and the confirmation -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_verdicts_come_back_are_checked_and_given(
    desk: httpx.AsyncClient, here: str, ids: list[UUID], database: Database, kind: str
) -> None:
    table = filled(await take(desk, here, kind), ("đồng ý", ""), ("Từ chối", ""), ("từ chối", "Thẻ đã hết hạn"))
    content = write_csv(table) if kind == "csv" else write_xlsx(table, title="a", headings=2)
    checked = await send(desk, here, content)
    assert checked.status_code == 200, text_of(checked)
    word = await words(desk, here)
    assert rows_of(checked, "<h1") == [
        [reference_of(ids[1]), "4", "Giữ nguyên. Thiếu căn cứ"],
        [reference_of(ids[0]), "3", word["approve"]],
        [reference_of(ids[2]), "5", f"{word['reject']} Thẻ đã hết hạn"],
    ]
    assert await verdicts(database) == {}
    given = await confirm(desk, here, sealed_of(checked))
    assert (given.status_code, given.headers["location"]) == (303, f"{here}?given=2")
    kept = {ids[0]: (VerdictKind.APPROVE, ""), ids[2]: (VerdictKind.REJECT, "Thẻ đã hết hạn")}
    assert await verdicts(database) == kept
    assert "2 ý kiến" in text_of(await desk.get(given.headers["location"]))
    again = await confirm(desk, here, sealed_of(checked))
    assert again.headers["location"] == f"{here}?given=0&left=2"
    assert await verdicts(database) == kept


async def test_only_what_was_checked_can_be_confirmed(
    desk: httpx.AsyncClient, here: str, ids: list[UUID], database: Database, clock: Clock
) -> None:
    checked = await send(desk, here, write_csv(filled(await take(desk, here), ("đồng ý", ""))))
    sealed = sealed_of(checked)
    other = base64.b64encode(base64.b64decode(sealed)[:-1] + b"\x00").decode()
    assert [(await confirm(desk, here, one)).status_code for one in (other, "", "a", sealed[:40])] == [422] * 4
    clock.at = NOW + timedelta(hours=1)
    late = await confirm(desk, here, sealed)
    assert (late.status_code, errors_of(late)) == (
        409,
        {"file": "Lần kiểm tra này đã quá một giờ. Hãy gửi lại tệp"},
    )
    assert await verdicts(database) == {}


async def test_a_list_that_cannot_be_taken_is_told_at_its_field(
    desk: httpx.AsyncClient, here: str, ids: list[UUID]
) -> None:
    table = await take(desk, here)
    told = {}
    for name, content in {
        "nothing": write_csv(table),
        "no_columns": write_csv(table[2:]),
        "not_a_table": b"PK\x03\x04" + bytes(50),
        "missing": b"",
    }.items():
        answer = await send(desk, here, content)
        assert answer.status_code == 422
        told[name] = errors_of(answer)["file"]
    assert told == {
        "nothing": "Không dòng nào trong tệp có ý kiến",
        "no_columns": "Thiếu dòng tên cột. Giữ nguyên hai dòng đầu của tệp",
        "not_a_table": "Không đọc được danh sách này. Hãy gửi tệp CSV hoặc XLSX đã tải từ trang này",
        "missing": "Chọn tệp có ý kiến",
    }


async def test_what_a_file_says_is_shown_as_text(desk: httpx.AsyncClient, here: str, ids: list[UUID]) -> None:
    table = filled(await take(desk, here), ("từ chối", "<script>alert(1)</script>"))
    checked = await send(desk, here, write_csv(table))
    assert "<script>alert" not in checked.text
    assert "<script>alert(1)</script>" in text_of(checked)


# Whom it is closed to ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        # Acts as another authority: for other classes, or in a later stage of these applications.
        ("foreign_ministry", [404, 404, 404, 404]),
        ("security", [200, 404, 422, 422]),
        ("reviewer", [403, 403, 403, 403]),
        ("outsider", [403, 403, 403, 403]),
    ],
)
async def test_lists_are_closed_to_others(
    browser: httpx.AsyncClient,
    here: str,
    ids: list[UUID],
    press: PressStory,
    database: Database,
    who: str,
    statuses: list[int],
) -> None:
    await sign_in(browser, press.emails[DESK])
    table = filled(await take(browser, here), ("đồng ý", ""))
    sealed = sealed_of(await send(browser, here, write_csv(table)))
    browser.cookies.clear()
    await sign_in(browser, press.emails[who])
    answers = [
        await browser.get(here),
        await browser.get(f"{here}/list?authority={DESK}&kind=csv"),
        await send(browser, here, write_csv(table[:2])),
        await confirm(browser, here, sealed),
    ]
    assert [answer.status_code for answer in answers] == statuses
    assert await verdicts(database) == {}


async def test_a_foreign_row_is_unknown_and_nothing_of_it_is_told(
    browser: httpx.AsyncClient, here: str, ids: list[UUID], press: PressStory, database: Database
) -> None:
    async with database.transaction() as session:
        foreign, _ = await make_submitted(session, press, 8, "visiting_foreign")
    await sign_in(browser, press.emails[DESK])
    table = [["application_id", "verdict"], [str(foreign.id), "đồng ý"]]
    checked = await send(browser, here, write_csv(table))
    assert rows_of(checked, "<h1") == [["– Không rõ", "2", "Giữ nguyên. Không có hồ sơ nào của cơ quan mang mã này"]]
    assert 'name="sealed"' not in checked.text
