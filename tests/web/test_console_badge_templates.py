"""Templates of badges over HTTP: tried, taken into use, given up, refused with their place, seen with live data."""

import base64
import io
import re

import httpx
from PIL import Image
from sqlalchemy import select

from service.domain.audit import AuditEntry
from service.domain.badges import BadgeTemplate
from service.store.database import Database
from tests.web.browsing import browser, errors_of, send, sign_in, story, text_of
from tests.web.page_story import ORGANISER, Story
from tests.web.test_console_badges import GOOD, PNG, address, is_png

__all__ = ["address", "browser", "story"]
BAD = '#import "lib.typ": *\n#let badge(face) = {\n  at(6mm, nothing, [x])\n}\n'


def source_of(page: httpx.Response) -> str:
    found = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page.text, re.DOTALL)
    return str(found[0]).replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


async def templates_of(database: Database, story: Story) -> list[tuple[int, str]]:
    async with database.session() as session:
        rows = await session.scalars(select(BadgeTemplate).where(BadgeTemplate.event_id == story.summit))
        return sorted((row.version, row.source) for row in rows)


async def test_a_template_is_tried_without_being_kept(
    browser: httpx.AsyncClient, address: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    page = await send(browser, f"{address}/a6", source=GOOD.replace("\n", "\r\n"), do="try")
    assert (page.status_code, source_of(page)) == (200, GOOD)
    drawn = re.findall(r'src="data:image/png;base64,([^"]+)"', page.text)
    assert [base64.b64decode(one)[:4] for one in drawn] == [b"\x89PNG"]
    assert await templates_of(database, story) == []
    again = await browser.get(f"{address}/a6")
    assert (source_of(again) != GOOD, f'src="{address}/a6/preview.png"' in again.text) == (True, True)


async def test_a_template_is_taken_into_use_and_given_up(
    browser: httpx.AsyncClient, address: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    before = await browser.get(f"{address}/a6/preview.png")
    kept = await send(browser, f"{address}/a6", source=GOOD, do="keep")
    assert (kept.status_code, kept.headers["location"]) == (303, f"{address}/a6?done=template_kept")
    page = await browser.get(f"{address}/a6")
    assert (source_of(page), "Đang dùng mẫu riêng, bản 1" in text_of(page)) == (GOOD, True)
    own = await browser.get(f"{address}/a6/preview.png")
    assert (is_png(own), own.content != before.content) == (PNG, True)
    assert (await send(browser, f"{address}/a6/built-in")).status_code == 303
    assert (await browser.get(f"{address}/a6/preview.png")).content == before.content
    assert await templates_of(database, story) == [(1, GOOD), (2, "")]


async def test_a_template_that_does_not_compile_tells_line_and_column_and_the_older_one_stays(
    browser: httpx.AsyncClient, address: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    await send(browser, f"{address}/a6", source=GOOD, do="keep")
    for do in ("try", "keep"):
        page = await send(browser, f"{address}/a6", source=BAD, do=do)
        assert (page.status_code, source_of(page)) == (422, BAD)
        assert errors_of(page) == {"source": "Dòng 3, cột 11: unknown variable: nothing"}
        assert "at(6mm, nothing, [x])" in page.text.split('class="fault"', 1)[1].split("</pre>")[0]
        assert "Mẫu cũ vẫn được dùng." in text_of(page)
    assert await templates_of(database, story) == [(1, GOOD)]


async def test_what_is_no_template_at_all_is_told_at_its_field(
    browser: httpx.AsyncClient, address: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    for source in ("", " \n ", "a\x00b", "a\x1b[0m", "x" * 100_001):
        for do in ("try", "keep"):
            page = await send(browser, f"{address}/a6", source=source, do=do)
            assert (page.status_code, list(errors_of(page))) == (422, ["source"]), (source[:5], do)
    assert await templates_of(database, story) == []


async def test_a_badge_is_seen_with_the_data_of_a_pass_and_the_look_is_kept_in_the_record(
    browser: httpx.AsyncClient, address: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    page = await browser.get(f"{address}/cr80", params={"q": "anh mau"})
    assert f'<option value="{story.press_pass}" selected>Trần Thị Ánh Mẫu, Báo Ví Dụ</option>' in page.text
    assert f'src="{address}/cr80/preview.png?pass_id={story.press_pass}"' in page.text
    assert f'src="{address}/sheet_cr80/preview.png?pass_id={story.press_pass}"' in page.text
    shown = {}
    for form in ("a6", "cr80", "wristband", "sheet_a6", "sheet_cr80"):
        answer = await browser.get(f"{address}/{form}/preview.png?pass_id={story.press_pass}")
        assert is_png(answer) == PNG, form
        shown[form] = Image.open(io.BytesIO(answer.content)).size
    assert shown["sheet_a6"] == shown["sheet_cr80"] > shown["a6"]
    nobody = await browser.get(f"{address}/cr80", params={"q": "không có ai"})
    assert "Không có thẻ phù hợp" in text_of(nobody)
    async with database.session() as session:
        rows = await session.scalars(select(AuditEntry).where(AuditEntry.action == "viewed").order_by(AuditEntry.id))
        seen = [(one.noun, one.object_id) for one in rows]
    assert seen == [("pass_list", story.summit)] + [("pass", story.press_pass)] * 5


async def test_what_was_typed_stays_when_other_data_are_wanted(
    browser: httpx.AsyncClient, address: str, story: Story
) -> None:
    await sign_in(browser, ORGANISER)
    page = await send(browser, f"{address}/a6", source=GOOD, do="try", q="anh mau", pass_id="")
    assert (source_of(page), f'<option value="{story.press_pass}" selected>' in page.text) == (GOOD, True)
    assert 'src="data:image/png;base64,' in page.text


async def test_a_pass_of_another_event_and_a_format_without_a_template_are_not_found(
    browser: httpx.AsyncClient, address: str, story: Story
) -> None:
    await sign_in(browser, ORGANISER)
    other = f"/console/events/{story.tour}/badges"
    asked = (
        f"{other}/a6?pass_id={story.press_pass}",
        f"{other}/a6/preview.png?pass_id={story.press_pass}",
        f"{address}/sheet_a6",
        f"{address}/classes/no_such",
    )
    assert {path: (await browser.get(path)).status_code for path in asked} == dict.fromkeys(asked, 404)
    wrong = (
        f"{address}/poster",
        f"{address}/a6?pass_id=x",
        f"{address}/a6?q=%00",
        f"{address}/a6/preview.png?pass_id=x",
    )
    assert {path: (await browser.get(path)).status_code for path in wrong} == dict.fromkeys(wrong, 422)
    assert "nothing to tell" not in (await browser.get(f"{address}?done=nothing to tell")).text
