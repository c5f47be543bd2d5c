"""Rule sets over HTTP: read in words, tried, kept as a new version, and two people at once."""

import json
import re
from html import unescape

import httpx
import pytest
from sqlalchemy import select

from service.domain.accounts import Access
from service.domain.accreditation import RuleSet
from service.store.database import Database
from service.usecases.accreditation import add_version
from tests.conftest import NOW, PASSWORD
from tests.press_story import PressStory
from tests.web.accreditation_pages import ADMIN, admin_of, browser, enter, press
from tests.web.browsing import errors_of, rows_of, text_of

__all__ = ["browser", "press"]

HERE = "/console/rules/vn-press"


@pytest.fixture
async def admin(database: Database, press: PressStory, browser: httpx.AsyncClient) -> Access:
    """The administrator, signed in."""
    async with database.transaction() as session:
        made = await admin_of(session)
    assert (await browser.post("/console/sign-in", data={"email": ADMIN, "password": PASSWORD})).status_code == 303
    return made


def source_of(page: httpx.Response) -> str:
    return unescape(re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page.text, re.DOTALL)[0])


async def versions(database: Database) -> list[tuple[int, str]]:
    async with database.session() as session:
        return [(one.version, one.note) for one in await session.scalars(select(RuleSet).order_by(RuleSet.version))]


async def test_rules_are_read_in_words(browser: httpx.AsyncClient, press: PressStory) -> None:
    await enter(browser, press, "reviewer")
    assert HERE in (await browser.get("/console/rules")).text
    page = await browser.get(HERE)
    told = text_of(page)
    for fact in (
        "Phóng viên trong nước",
        "Cơ quan quản lý báo chí : Có quyền phủ quyết, 3 ngày làm việc",
        "cần 1 phiếu đồng ý",
        "tổng cộng: 4; Phóng viên viết: 2; Phóng viên ảnh: 2; Tạp chí: 1",
        "90 ngày, sau đó xóa",
        "Hiệu lực từ 01/07/2026",
        "Biết qua tin, bài; chưa đọc bản gốc",
        "Nguồn: Luật Báo chí số 126/2025/QH15",
    ):
        assert fact in told, fact
    assert f"{HERE}/edit" not in page.text
    assert (await browser.get(f"{HERE}/edit")).status_code == 403
    assert (await browser.get("/console/rules/khong-co")).status_code == 404
    assert (await browser.get(f"{HERE}?version=9")).status_code == 404


async def test_trying_keeps_nothing_and_says_what_changes(
    browser: httpx.AsyncClient, admin: Access, database: Database
) -> None:
    page = await browser.get(f"{HERE}/edit")
    body = json.loads(source_of(page))
    assert [*body][:2] == ["format", "name"]
    body["classes"][0]["stages"][0]["authorities"][0]["days"] = 4
    body["classes"].pop()
    form = {"source": json.dumps(body, ensure_ascii=False), "based_on": "1", "do": "try", "note": ""}
    page = await browser.post(f"{HERE}/edit", data=form)
    assert (page.status_code, rows_of(page, 'id="changes"')) == (
        200,
        [["stages › 1 › authorities › press_management › days", "3", "4"]],
    )
    assert "Thẻ một ngày Bỏ" in text_of(page)
    assert await versions(database) == [(1, "packaged")]
    same = await browser.post(f"{HERE}/edit", data=form | {"source": source_of(await browser.get(f"{HERE}/edit"))})
    assert "Không có gì thay đổi." in text_of(same)


async def test_a_new_version_is_kept_and_the_older_stays_readable(
    browser: httpx.AsyncClient, admin: Access, press: PressStory, database: Database
) -> None:
    body = json.loads(source_of(await browser.get(f"{HERE}/edit")))
    body["classes"][0]["quota"]["per_outlet"] = 3
    form = {"source": json.dumps(body), "based_on": "1", "do": "keep", "note": "Ba thẻ cho một cơ quan"}
    kept = await browser.post(f"{HERE}/edit", data=form)
    assert (kept.status_code, kept.headers["location"]) == (303, f"{HERE}?done=2")
    assert await versions(database) == [(1, "packaged"), (2, "Ba thẻ cho một cơ quan")]
    page = await browser.get(kept.headers["location"])
    told = text_of(page)
    assert ("Đã lưu phiên bản 2" in told, "tổng cộng: 3" in told) == (True, True)
    assert [row[0] for row in rows_of(page, 'id="versions"')] == ["Phiên bản 2", "Phiên bản 1"]
    assert [row[-1] for row in rows_of(page, 'id="versions"')] == ["0", "1"]
    old = text_of(await browser.get(f"{HERE}?version=1"))
    assert ("Đây là phiên bản cũ" in old, "tổng cộng: 4" in old) == (True, True)
    event = text_of(await browser.get(f"/console/events/{press.event.id}/accreditation"))
    assert "Bộ quy tắc cấp thẻ báo chí của Việt Nam, phiên bản 1" in event


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace('"days": 3', '"days": 300', 1), r"Dòng \d+, cột \d+: .*60"),
        (
            lambda text: text.replace('"code": "pen_name"', '"code": "so_giay"', 1),
            r"Dòng \d+, cột \d+: no field 'so_giay'; there are: .*",
        ),
        (lambda text: text[:-3], r"Dòng \d+, cột \d+: .*"),
        (lambda _: "", "Nhập bộ quy tắc, hoặc quay lại"),
        (lambda _: '{"a": 1, "a": 2}', '"a" stands there twice'),
        (lambda _: '"\\u0000"', "Dòng 1, cột 2: .*"),
    ],
)
async def test_faults_are_told_with_their_line_and_the_text_is_kept(
    browser: httpx.AsyncClient, admin: Access, database: Database, change: object, told: str
) -> None:
    assert callable(change)
    text = change(source_of(await browser.get(f"{HERE}/edit")))
    form = {"source": text.replace("\n", "\r\n"), "based_on": "1", "do": "keep", "note": "Thử"}
    page = await browser.post(f"{HERE}/edit", data=form)
    assert page.status_code == 422
    assert re.fullmatch(told, errors_of(page)["source"]), errors_of(page)
    assert source_of(page) == text
    assert await versions(database) == [(1, "packaged")]
    line = re.match(r"Dòng (\d+), cột (\d+)", errors_of(page)["source"])
    if line and "days" in told:
        assert text.split("\n")[int(line[1]) - 1][int(line[2]) - 1 :].startswith("300")


async def test_a_new_version_needs_its_note(browser: httpx.AsyncClient, admin: Access, database: Database) -> None:
    text = source_of(await browser.get(f"{HERE}/edit"))
    page = await browser.post(f"{HERE}/edit", data={"source": text, "based_on": "1", "do": "keep", "note": " "})
    assert (page.status_code, [*errors_of(page)], await versions(database)) == (422, ["note"], [(1, "packaged")])


async def test_of_two_people_the_second_sees_what_the_first_made(
    browser: httpx.AsyncClient, admin: Access, press: PressStory, database: Database
) -> None:
    text = source_of(await browser.get(f"{HERE}/edit"))
    async with database.transaction() as session:
        body = json.loads(text)
        body["classes"][0]["decision_days"] = 2
        await add_version(session, access=admin, code="vn-press", based_on=1, body=body, note="Của người kia", now=NOW)
    mine = json.loads(text)
    mine["classes"][0]["retention_days"] = 30
    form = {"source": json.dumps(mine, ensure_ascii=False), "based_on": "1", "do": "keep", "note": "Của tôi"}
    page = await browser.post(f"{HERE}/edit", data=form)
    assert page.status_code == 409
    assert "Trong lúc đó đã có phiên bản 2: Quản Trị Thử" in text_of(page)
    assert (source_of(page), 'value="Của tôi"' in page.text) == (form["source"], True)
    assert rows_of(page, 'id="changes"') == [["decision_days", "2", "1"], ["retention_days", "90", "30"]]
    again = re.findall(r'name="based_on" value="(\d+)"', page.text)
    kept = await browser.post(f"{HERE}/edit", data=form | {"based_on": again[0]})
    assert (kept.status_code, await versions(database)) == (
        303,
        [(1, "packaged"), (2, "Của người kia"), (3, "Của tôi")],
    )


async def test_only_who_answers_for_all_organisations_changes_rules(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    for who in ("organiser", "reviewer", "security"):
        await enter(browser, press, who)
        assert (await browser.get(f"{HERE}/edit")).status_code == 403
        assert (await browser.post(f"{HERE}/edit", data={"source": "{}", "do": "keep"})).status_code == 403
    assert (await browser.get("/console/rules")).status_code == 403
    assert await versions(database) == [(1, "packaged")]
