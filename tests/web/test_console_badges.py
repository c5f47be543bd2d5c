"""How badges look, over HTTP: classes, the logo, and who may change what."""

import io
import re

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from service.domain.passes import EntryPass
from service.store.database import Database
from service.usecases import badges
from tests.conftest import NOW
from tests.web.browsing import browser, counted, errors_of, rows_of, send, sign_in, story, text_of
from tests.web.page_story import HOLDERS, ORGANISER, OUTSIDER, REVIEWER, Story

__all__ = ["browser", "story"]
OWN = {
    "code": "host_broadcaster",
    "category": "press",
    "name_vi": "Đài chủ nhà",
    "name_en": "Host",
    "colour": "#8a3b00",
}
PICKER = {"picked": "#0a4f7a", "colour_was": "", "picked_was": "#0A4F7A"}
GOOD = '#import "lib.typ": *\n#let badge(face) = at(6mm, 5mm, holder(face, width: 90mm, height: 30mm))\n'


@pytest.fixture
def address(story: Story) -> str:
    return f"/console/events/{story.summit}/badges"


def picture(size: tuple[int, int] = (300, 200)) -> bytes:
    kept = io.BytesIO()
    Image.new("RGBA", size, (10, 79, 122, 128)).save(kept, "PNG")
    return kept.getvalue()


def is_png(answer: httpx.Response) -> tuple[int, str, str, bytes]:
    return answer.status_code, answer.headers["content-type"], answer.headers["cache-control"], answer.content[:4]


PNG = (200, "image/png", "private, no-store", b"\x89PNG")


# Classes -----------------------------------------------------------------------------------------------------


async def test_every_class_stands_with_its_words_and_its_colour_as_a_number(
    browser: httpx.AsyncClient, address: str
) -> None:
    await sign_in(browser, ORGANISER)
    page = await browser.get(address)
    assert [row[:5] for row in rows_of(page, 'id="classes"')][:2] == [
        ["Báo chí Press", "#0A4F7A", "press", "Báo chí", "có sẵn"],
        ["Đại biểu Delegate", "#7A1F1F", "delegate", "Đại biểu", "có sẵn"],
    ]
    assert page.text.count('<rect width="24" height="24" fill="#0A4F7A"/>') == 1


async def test_a_class_is_added_changed_and_removed(browser: httpx.AsyncClient, address: str) -> None:
    await sign_in(browser, ORGANISER)
    added = await send(browser, f"{address}/new-class", **OWN, **PICKER)
    assert (added.status_code, added.headers["location"]) == (303, f"{address}?done=class_kept#classes")
    page = await browser.get(f"{address}?done=class_kept")
    assert rows_of(page, 'id="classes"')[-1][:6] == [
        "Đài chủ nhà Host", "#8A3B00", "host_broadcaster", "Báo chí", "sự kiện này", "0",
    ]  # fmt: skip
    assert "Đã lưu hạng thẻ" in text_of(page)
    form = await browser.get(f"{address}/classes/host_broadcaster")
    assert 'value="Đài chủ nhà"' in form.text
    changed = OWN | {"name_en": "Host broadcaster", "colour": "#123abc", "colour_was": "#8A3B00"}
    assert (await send(browser, f"{address}/classes/host_broadcaster", **changed)).status_code == 303
    row = rows_of(await browser.get(address), 'id="classes"')[-1]
    assert row[:2] == ["Đài chủ nhà Host broadcaster", "#123ABC"]
    assert (await send(browser, f"{address}/classes/host_broadcaster/remove")).status_code == 303
    assert len(rows_of(await browser.get(address), 'id="classes"')) == 6
    assert (await browser.get(f"{address}/classes/host_broadcaster")).status_code == 404


async def test_a_class_without_a_colour_is_refused_at_its_field_and_all_that_was_typed_stays(
    browser: httpx.AsyncClient, address: str
) -> None:
    await sign_in(browser, ORGANISER)
    page = await send(browser, f"{address}/new-class", **OWN | {"colour": " "}, **PICKER)
    assert page.status_code == 422
    assert errors_of(page) == {"colour": "Chọn màu: hạng thẻ nào cũng phải có màu"}
    kept = re.findall(r'id="(code|name_vi|name_en|colour)" name="\w+" type="text" value="([^"]*)"', page.text)
    assert kept == [("code", "host_broadcaster"), ("name_vi", "Đài chủ nhà"), ("name_en", "Host"), ("colour", "")]
    assert '<option value="press" selected>' in page.text
    # The switch of languages leads back to the form, which a POST's own address could not.
    assert f"next={address}/new-class" in page.text


async def test_a_colour_can_be_picked_without_scripts(browser: httpx.AsyncClient, address: str) -> None:
    await sign_in(browser, ORGANISER)
    picked = await send(browser, f"{address}/new-class", **OWN | {"colour": ""}, **PICKER | {"picked": "#00ff7f"})
    assert picked.status_code == 303
    both = {"colour": "#111111", "colour_was": "#00FF7F", "picked": "#222222", "picked_was": "#00FF7F"}
    assert (await send(browser, f"{address}/classes/host_broadcaster", **OWN | both)).status_code == 303
    assert rows_of(await browser.get(address), 'id="classes"')[-1][1] == "#111111"


WRONG_CLASSES: list[tuple[dict[str, str], set[str]]] = [
    ({"code": "Host Broadcaster"}, {"code"}),
    ({"code": ""}, {"code"}),
    ({"code": "press"}, {"code"}),
    ({"category": "adult"}, {"category"}),
    ({"category": "", "name_vi": " ", "name_en": "x" * 301}, {"category", "name_vi", "name_en"}),
    ({"name_vi": "Đài\u202echủ"}, {"name_vi"}),
    ({"colour": "blue"}, {"colour"}),
    ({"colour": "#12345"}, {"colour"}),
]


async def test_what_is_wrong_with_a_class_is_told_at_its_field(browser: httpx.AsyncClient, address: str) -> None:
    await sign_in(browser, ORGANISER)
    for typed, fields in WRONG_CLASSES:
        page = await send(browser, f"{address}/new-class", **OWN | typed, **PICKER)
        assert (page.status_code, set(errors_of(page))) == (422, fields), typed
    assert len(rows_of(await browser.get(address), 'id="classes"')) == 6


async def test_the_class_of_a_category_stays_its_own(browser: httpx.AsyncClient, address: str) -> None:
    await sign_in(browser, ORGANISER)
    sent = OWN | {"code": "x", "category": "guest", "name_vi": "Phóng viên", "name_en": "Reporter"}
    assert (await send(browser, f"{address}/classes/press", **sent)).status_code == 303
    row = rows_of(await browser.get(address), 'id="classes"')[0]
    assert row[:5] == ["Phóng viên Reporter", "#8A3B00", "press", "Báo chí", "sự kiện này"]
    assert (await send(browser, f"{address}/classes/press/remove")).status_code == 303
    assert rows_of(await browser.get(address), 'id="classes"')[0][0] == "Báo chí Press"
    assert (await send(browser, f"{address}/classes/press/remove")).status_code == 404


async def test_a_class_that_passes_name_keeps_its_category_and_stays(
    browser: httpx.AsyncClient, address: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    await send(browser, f"{address}/new-class", **OWN, **PICKER)
    async with database.transaction() as session:
        (await session.get_one(EntryPass, story.press_pass)).class_code = "host_broadcaster"
    form = await browser.get(f"{address}/classes/host_broadcaster")
    assert ("/remove" in form.text, "Có 1 thẻ thuộc hạng này" in text_of(form)) == (False, True)
    page = await send(browser, f"{address}/classes/host_broadcaster", **OWN | {"category": "guest"})
    assert (page.status_code, set(errors_of(page))) == (422, {"category"})
    assert (await send(browser, f"{address}/classes/host_broadcaster/remove")).status_code == 409
    assert rows_of(await browser.get(address), 'id="classes"')[-1][3:6] == ["Báo chí", "sự kiện này", "1"]


# The logo ----------------------------------------------------------------------------------------------------


async def test_a_logo_is_set_shown_and_removed(browser: httpx.AsyncClient, address: str) -> None:
    await sign_in(browser, ORGANISER)
    assert (await browser.get(f"{address}/logo.png")).status_code == 404
    kept = await browser.post(address, files={"file": ("logo.png", picture(), "image/png")})
    assert (kept.status_code, kept.headers["location"]) == (303, f"{address}?done=logo_kept#logo")
    assert is_png(await browser.get(f"{address}/logo.png")) == PNG
    assert f'src="{address}/logo.png"' in (await browser.get(address)).text
    assert (await send(browser, f"{address}/logo/remove")).status_code == 303
    assert (await browser.get(f"{address}/logo.png")).status_code == 404


async def test_what_is_no_picture_is_told_at_its_field(browser: httpx.AsyncClient, address: str) -> None:
    await sign_in(browser, ORGANISER)
    files = {
        "Chọn tệp ảnh biểu trưng": ("", b"", "application/octet-stream"),
        "Không dùng được ảnh này. Chọn tệp": ("logo.svg", b"<svg/>", "image/svg+xml"),
        "Không dùng được ảnh này.": ("logo.png", picture()[:200], "image/png"),
    }
    for told, file in files.items():
        page = await browser.post(address, files={"file": file})
        assert (page.status_code, list(errors_of(page))) == (422, ["file"])
        assert errors_of(page)["file"].startswith(told)
    assert (await browser.get(f"{address}/logo.png")).status_code == 404


# Who may -----------------------------------------------------------------------------------------------------


async def test_who_may_only_read_sees_everything_and_can_change_nothing(
    browser: httpx.AsyncClient, address: str, story: Story
) -> None:
    await sign_in(browser, REVIEWER)
    for path in (address, f"{address}/a6"):
        page = await browser.get(path)
        forms = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]+)"', page.text)
        assert (page.status_code, forms) == (200, ["/console/sign-out"])
    assert is_png(await browser.get(f"{address}/a6/preview.png")) == PNG
    assert (await browser.get(f"{address}/new-class")).status_code == 403
    for path in ("", "/new-class", "/classes/press", "/classes/press/remove", "/logo/remove", "/a6", "/a6/built-in"):
        assert (await send(browser, f"{address}{path}", **OWN, source=GOOD)).status_code == 403, path


async def test_another_organisations_badges_are_closed(browser: httpx.AsyncClient, address: str, story: Story) -> None:
    await sign_in(browser, OUTSIDER)
    for path in ("", "/a6", "/a6/preview.png", "/logo.png", "/new-class", "/classes/press"):
        answer = await browser.get(f"{address}{path}")
        assert (answer.status_code, HOLDERS[0] in answer.text) == (403, False), path
    for path in ("/new-class", "/classes/press", "/classes/press/remove", "/logo/remove", "/a6", "/a6/built-in"):
        assert (await send(browser, f"{address}{path}", **OWN, source=GOOD)).status_code == 403, path
    file = {"file": ("logo.png", picture(), "image/png")}
    assert (await browser.post(address, files=file)).status_code == 403


async def test_the_page_sends_as_many_queries_for_many_classes_as_for_few(
    app: FastAPI, browser: httpx.AsyncClient, address: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)

    async def number() -> int:
        with counted(app.state.database) as sent:
            assert (await browser.get(address)).status_code == 200
        return len(sent)

    few = await number()
    async with database.transaction() as session:
        for code in "abcdef":
            facts = {"category": "guest", "name_vi": code, "name_en": code, "colour": "#123456"}
            await badges.keep_class(
                session, access=story.everywhere, event_id=story.summit, code=code, facts=facts, now=NOW
            )
    assert await number() == few
