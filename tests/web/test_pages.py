"""The pages over HTTP, in process: who may see what, what is recorded, what comes back when something is wrong."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event, select

from service.domain.accounts import Organisation
from service.domain.audit import AuditEntry
from service.domain.errors import TITLES
from service.domain.localtime import local_day
from service.domain.passes import EntryPass, PassState
from service.store import events as event_store
from service.store.database import Database
from service.usecases import events as event_cases
from service.web.console import history
from tests.conftest import NOW, SECRET
from tests.retelling import told
from tests.web.page_story import HOLDERS, ORGANISER, OUTSIDER, PASSWORD, REVIEWER, SUMMIT, TOUR, Story, tell

SAME = {"Sec-Fetch-Site": "same-origin"}
Browse = Callable[[str], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def story(database: Database, organisation: Organisation) -> Story:
    return await told(database, "story_of_pages", organisation, lambda: tell(database, SECRET, organisation, NOW))


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody's browser: asks for pages, keeps cookies, follows no redirect by itself."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Accept": "text/html", "Accept-Language": "vi"}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield client


async def sign_in(browser: httpx.AsyncClient, email: str, **more: str) -> httpx.Response:
    form = {"email": email, "password": PASSWORD, **more}
    return await browser.post("/console/sign-in", data=form, headers=SAME)


def language_of(page: httpx.Response) -> str:
    return re.findall(r'<html lang="(\w+)"', page.text)[0]


def heading(page: httpx.Response) -> str:
    return re.sub(r"<[^>]+>", "", re.findall(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)[0]).strip()


# Public pages ------------------------------------------------------------------------------------------------


async def test_the_home_page_is_vietnamese_until_the_reader_chooses(browser: httpx.AsyncClient) -> None:
    first = await browser.get("/")
    chosen = await browser.get("/language/en?next=/")
    second = await browser.get("/")
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/")
    told = [(page.status_code, page.headers["content-language"], language_of(page)) for page in (first, second)]
    assert told == [(200, "vi", "vi"), (200, "en", "en")]
    assert heading(first) != heading(second)


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/console?month=2026-11", "/console?month=2026-11"),
        ("//elsewhere.example", "/"),
        ("https://elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("/\t/elsewhere.example", "/%09/elsewhere.example"),
        ("", "/"),
    ],
)
async def test_nobody_is_led_to_another_site(browser: httpx.AsyncClient, wanted: str, led_to: str) -> None:
    answer = await browser.get("/language/vi", params={"next": wanted})
    assert answer.headers["location"] == led_to


async def test_an_unknown_language_is_refused(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/language/fr")).status_code == 422


async def test_every_problem_code_has_its_page_and_its_json(browser: httpx.AsyncClient) -> None:
    for code in TITLES:
        page = await browser.get(f"/problems/{code}")
        told = await browser.get(f"/problems/{code}", headers={"Accept": "application/json"})
        assert (page.status_code, code in page.text, told.json()["code"], told.json()["title_en"]) == (
            200,
            True,
            code,
            TITLES[code],
        )
    assert (await browser.get("/problems/no_such_code")).status_code == 404


async def test_built_files_may_be_kept_for_ever(app: FastAPI, browser: httpx.AsyncClient) -> None:
    found = await browser.get(app.state.pages.asset("styles/main.css"))
    assert (found.status_code, found.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    again = await browser.get(found.request.url, headers={"If-None-Match": found.headers["etag"]})
    assert again.status_code == 304
    for path in ("no-such-file.css", "../.vite/manifest.json", "..%2f..%2fpages.py"):
        assert (await browser.get(f"/static/assets/{path}")).status_code == 404, path


async def test_small_files_of_every_site(browser: httpx.AsyncClient) -> None:
    robots, icon = await browser.get("/robots.txt"), await browser.get("/favicon.ico")
    assert robots.text == "User-agent: *\nAllow: /$\nAllow: /static/\nDisallow: /\n"
    assert (icon.status_code, icon.headers["location"].endswith(".svg")) == (307, True)


async def test_the_documentation_names_what_it_describes_and_loosens_no_policy(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/docs")
    assert page.status_code == 200
    assert 'data-openapi="/openapi.json"' in page.text
    home = await browser.get("/")
    assert page.headers["content-security-policy"] == home.headers["content-security-policy"]
    assert "unsafe" not in home.headers["content-security-policy"]


async def test_the_styleguide_is_for_development_only(app: FastAPI, browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/styleguide")).status_code == 200
    app.state.settings = app.state.settings.model_copy(update={"environment": "production"})
    assert (await browser.get("/styleguide")).status_code == 404


async def test_pages_are_not_part_of_the_api(browser: httpx.AsyncClient) -> None:
    paths = (await browser.get("/openapi.json")).json()["paths"]
    assert [
        path for path in paths if not path.startswith(("/api/", "/.well-known/", "/healthz", "/readyz", "/met"))
    ] == []


# Signing in --------------------------------------------------------------------------------------------------


async def test_signing_in_and_out(browser: httpx.AsyncClient, story: Story) -> None:
    sent = await browser.get("/console?month=2026-11")
    assert (sent.status_code, sent.headers["location"]) == (303, "/console/sign-in?next=/console%3Fmonth%3D2026-11")
    form = await browser.get(sent.headers["location"])
    assert 'name="next" value="/console?month=2026-11"' in form.text
    entered = await sign_in(browser, ORGANISER, next="/console?month=2026-11")
    assert (entered.status_code, entered.headers["location"]) == (303, "/console?month=2026-11")
    cookie = entered.headers["set-cookie"].lower()
    assert ("httponly" in cookie, "samesite=lax" in cookie) == (True, True)
    page = await browser.get("/console?month=2026-11")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    token = browser.cookies["biendao_session"]
    left = await browser.post("/console/sign-out", headers=SAME)
    assert (left.status_code, left.headers["location"]) == (303, "/console/sign-in")
    browser.cookies.set("biendao_session", token)
    assert (await browser.get("/console")).status_code == 303


async def test_a_wrong_password_comes_back_with_what_was_typed(browser: httpx.AsyncClient, story: Story) -> None:
    page = await sign_in(browser, ORGANISER, password="sai mật khẩu", next="/console/events")
    assert page.status_code == 401
    assert 'class="error-summary' in page.text
    assert (f'value="{ORGANISER}"' in page.text, "sai mật khẩu" in page.text) == (True, False)
    assert 'name="next" value="/console/events"' in page.text


async def test_empty_fields_are_named(browser: httpx.AsyncClient, story: Story) -> None:
    page = await browser.post("/console/sign-in", data={"email": " "}, headers=SAME)
    assert page.status_code == 422
    assert re.findall(r'<a href="#(\w+)">([^<]+)</a>', page.text) == [
        ("email", "Nhập địa chỉ thư điện tử"),
        ("password", "Nhập mật khẩu"),
    ]


async def test_too_many_failures_lock_the_form(browser: httpx.AsyncClient, story: Story, app: FastAPI) -> None:
    for _ in range(app.state.settings.sign_in_attempts):
        await sign_in(browser, ORGANISER, password="sai mật khẩu")
    page = await sign_in(browser, ORGANISER)
    assert (page.status_code, page.headers["retry-after"]) == (429, "900")


async def test_unreadable_addresses_are_a_failed_sign_in(browser: httpx.AsyncClient, story: Story) -> None:
    for email in ("a\x00b@example.vn", "x" * 500, "\u202e@example.vn"):
        assert (await sign_in(browser, email)).status_code == 401


async def test_other_sites_can_neither_sign_in_nor_out_nor_revoke(browser: httpx.AsyncClient, story: Story) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    form = {"email": ORGANISER, "password": PASSWORD}
    assert (await browser.post("/console/sign-in", data=form, headers=elsewhere)).status_code == 403
    await sign_in(browser, ORGANISER)
    for path in ("/console/sign-out", f"/console/passes/{story.press_pass}/revoke"):
        assert (await browser.post(path, data=form, headers=elsewhere)).status_code == 403
    assert (await browser.get("/console")).status_code == 200


async def test_the_sign_in_leads_to_no_other_site(browser: httpx.AsyncClient, story: Story) -> None:
    answer = await sign_in(browser, ORGANISER, next="https://elsewhere.example/console")
    assert answer.headers["location"] == "/console"


# Permissions -------------------------------------------------------------------------------------------------


async def test_a_part_of_a_page_renews_the_whole_page_when_the_sign_in_is_over(
    browser: httpx.AsyncClient, story: Story
) -> None:
    answer = await browser.get(f"/console/events/{story.summit}/inside", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-refresh"]) == (401, "true")


async def test_others_see_facts_and_counts_but_no_people(browser: httpx.AsyncClient, story: Story) -> None:
    sections = {}
    for email in (ORGANISER, REVIEWER, OUTSIDER):
        await sign_in(browser, email)
        page = await browser.get(f"/console/events/{story.summit}")
        assert page.status_code == 200
        named = [name for name in HOLDERS if name in page.text]
        sections[email] = (
            re.findall(r'<section class="stack" id="(\w+)"', page.text),
            len(named),
            "Máy cửa 1" in page.text,
        )
    facts, rest = ["facts", "occurrences"], ["door", "counts", "papers"]
    assert sections == {
        ORGANISER: ([*facts, "people", "passes", *rest, "history"], 2, True),
        REVIEWER: ([*facts, "people", "passes", *rest, "history"], 2, False),
        OUTSIDER: ([*facts, *rest], 0, False),
    }


async def test_a_pass_is_closed_to_other_organisations(browser: httpx.AsyncClient, story: Story) -> None:
    await sign_in(browser, OUTSIDER)
    for path in ("", "/qr.svg", "/qr.png"):
        answer = await browser.get(f"/console/passes/{story.press_pass}{path}")
        assert (answer.status_code, HOLDERS[0] in answer.text) == (403, False)
    answer = await browser.post(
        f"/console/passes/{story.press_pass}/revoke", data={"ground": "a", "authority": "b"}, headers=SAME
    )
    assert answer.status_code == 403


async def test_what_does_not_exist_is_a_page_that_says_so(browser: httpx.AsyncClient, story: Story) -> None:
    await sign_in(browser, ORGANISER)
    for path in ("events", "passes"):
        assert (await browser.get(f"/console/{path}/{uuid4()}")).status_code == 404
        assert (await browser.get(f"/console/{path}/no-id")).status_code == 422


async def test_filters_that_cannot_be_are_told(browser: httpx.AsyncClient, story: Story) -> None:
    await sign_in(browser, ORGANISER)
    queries = [
        "?month=2026-13",
        "?month=9999-12",
        "?kind=party",
        "?unit=x",
        "/events?on=yesterday",
        "/events?state=x",
        "/events?q=%00",
        "/events?cursor=AAAA",
        "/events?cursor=WyJ4IiwieSJd",
        "/events?q=" + "x" * 301,
    ]
    answers = {query: (await browser.get(f"/console{query}")).status_code for query in queries}
    assert answers == dict.fromkeys(queries, 422)


async def test_empty_filters_are_no_filters(browser: httpx.AsyncClient, story: Story) -> None:
    await sign_in(browser, ORGANISER)
    for path in ("/console?month=&kind=&unit=", "/console/events?q=&kind=&state=&unit=&on=&cursor="):
        assert (await browser.get(path)).status_code == 200


# What stands on the pages ------------------------------------------------------------------------------------


def cells(page: httpx.Response, part: str) -> list[list[str]]:
    """The rows of the table after `part`, as text."""
    table = page.text.split(part, 1)[1].split("</table>", 1)[0].split("<tbody>", 1)[1]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.DOTALL)
        ]
        for row in rows
    ]


async def test_the_start_page_answers_in_one_look(browser: httpx.AsyncClient, story: Story) -> None:
    await sign_in(browser, ORGANISER)
    page = await browser.get("/console")
    assert [[row[0], row[-2]] for row in cells(page, 'id="on-today"')] == [
        [f"{TOUR[0]} Triển lãm", "0"],
        [f"{SUMMIT[0]} Sự kiện chính trị - đối ngoại", "4"],
    ]
    late = re.findall(r'<span class="what">([^<]+)</span>', page.text.split('id="late"', 1)[1])
    assert late == [
        f"Đã mở mà chưa có căn cứ pháp lý: {TOUR[0]}",
        f"Đã mở mà chưa có cửa, nên chưa đếm được ai: {TOUR[0]}",
    ]
    await sign_in(browser, REVIEWER)
    waiting = re.findall(r'<span class="what">([^<]+)</span>', (await browser.get("/console")).text)
    assert waiting == [f"Hồ sơ cần xét duyệt: {SUMMIT[0]}"]


async def test_the_calendar_follows_its_filters(browser: httpx.AsyncClient, story: Story) -> None:
    await sign_in(browser, ORGANISER)
    today = local_day(NOW)
    everything = await browser.get(f"/console?month={today:%Y-%m}")
    seminars = await browser.get(f"/console?month={today:%Y-%m}&kind=seminar")
    long_ago = await browser.get("/console?month=2020-02")
    bars = [len(re.findall(r'class="event-bar [^"]*column-', page.text)) for page in (everything, seminars, long_ago)]
    assert (bars[0] >= 2, bars[1:]) == (True, [0, 0])
    assert 'href="/console?month=2020-01#calendar"' in long_ago.text
    assert 'href="/console?month=2020-03#calendar"' in long_ago.text


async def test_the_event_page_is_the_events_own_file(browser: httpx.AsyncClient, story: Story) -> None:
    await sign_in(browser, ORGANISER)
    page = await browser.get(f"/console/events/{story.summit}")
    stops = cells(page, 'id="occurrences"')
    assert (len(stops), stops[0][-3:]) == (1, ["Diễn ra hôm nay", "4", "0"])
    assert "Hội trường Ví Dụ" in stops[0][0]
    assert cells(page, 'id="people"') == [["Đã nộp", "1"], ["Đã duyệt", "1"]]
    assert [row[0] for row in cells(page, 'id="passes"')] == ["Đoàn Thí Dụ", "Trần Thị Ánh Mẫu Báo Ví Dụ"]
    counts = page.text.split('id="counts"', 1)[1]
    assert re.findall(r'data-label="(?:Lượt|Lần vào|Số người)[^"]*" data-value="(\d+)"', counts) == ["4", "4", "4"]
    steps = re.findall(r'<p class="what">([^<]+)</p>', page.text)
    assert set(steps) == {
        "Tạo sự kiện",
        "Thêm điểm hoặc phiên",
        "Mở sự kiện",
        "Đã nộp hồ sơ, 2 lần",
        "Tạo khóa ký thẻ",
        "Duyệt hồ sơ",
        "Cấp thẻ, 2 lần",
        "Tạo mã ghi danh thiết bị",
    }


async def test_passes_are_found_by_name_organisation_and_code(
    browser: httpx.AsyncClient, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    async with database.session() as session:
        code = (await session.get_one(EntryPass, story.group_pass)).human_code
    found = {}
    for q in ("anh mau", "bao vi du", code.lower(), "không có ai"):
        page = await browser.get(f"/console/events/{story.summit}", params={"q": q})
        found[q] = [name for name in HOLDERS if name in page.text]
    assert found == {"anh mau": [HOLDERS[0]], "bao vi du": [HOLDERS[0]], code.lower(): [HOLDERS[2]], "không có ai": []}


async def test_looking_at_names_is_recorded_without_them(
    browser: httpx.AsyncClient, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    await browser.get(f"/console/events/{story.summit}")
    await browser.get(f"/console/events/{story.summit}?q=kh%C3%B4ng+c%C3%B3+ai")
    await browser.get(f"/console/events/{story.summit}/inside")
    await browser.get(f"/console/passes/{story.press_pass}")
    await sign_in(browser, OUTSIDER)
    await browser.get(f"/console/events/{story.summit}")
    async with database.session() as session:
        rows = await session.scalars(select(AuditEntry).where(AuditEntry.action == "viewed").order_by(AuditEntry.id))
        seen = [(one.noun, one.object_id, one.event_id, one.details) for one in rows]
    assert seen == [
        ("pass_list", story.summit, story.summit, {"rows": 2}),
        ("pass", story.press_pass, story.summit, {}),
    ]


async def test_the_part_that_renews_itself(browser: httpx.AsyncClient, story: Story) -> None:
    await sign_in(browser, ORGANISER)
    part = await browser.get(f"/console/events/{story.summit}/inside")
    assert (part.status_code, "<html" in part.text, "còn 2 chỗ" in part.text) == (200, False, True)


async def test_the_page_of_a_pass_tells_what_happened(browser: httpx.AsyncClient, story: Story) -> None:
    await sign_in(browser, ORGANISER)
    page = await browser.get(f"/console/passes/{story.press_pass}")
    assert re.findall(r'<p class="what">([^<]+)</p>', page.text) == [
        "Cấp thẻ",
        "Được vào: Cửa chính",
        "Không được vào: Cửa chính",
    ]
    assert "Đã ở bên trong" in page.text
    drawing = await browser.get(f"/console/passes/{story.press_pass}/qr.svg")
    picture = await browser.get(f"/console/passes/{story.press_pass}/qr.png")
    assert (drawing.headers["content-type"], picture.content[:4]) == ("image/svg+xml", b"\x89PNG")
    assert {one.headers["cache-control"] for one in (drawing, picture)} == {"no-store"}


async def test_revoking_needs_a_ground_and_an_authority_and_happens_once(
    browser: httpx.AsyncClient, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    address = f"/console/passes/{story.press_pass}"
    page = await browser.post(f"{address}/revoke", data={"ground": " ", "authority": "Sở Ví Dụ"}, headers=SAME)
    assert (page.status_code, 'href="#ground"' in page.text, 'value="Sở Ví Dụ"' in page.text) == (422, True, True)
    form = {"ground": "Đã rời báo, công văn 12.", "authority": "Sở Ví Dụ"}
    done = await browser.post(f"{address}/revoke", data=form, headers=SAME)
    assert (done.status_code, done.headers["location"]) == (303, address)
    async with database.session() as session:
        kept = await session.get_one(EntryPass, story.press_pass)
    assert (kept.state, kept.state_ground, kept.state_authority) == (PassState.REVOKED, *form.values())
    page = await browser.get(address)
    assert ("Đã rời báo, công văn 12. · Sở Ví Dụ" in page.text, "data-confirm" in page.text) == (True, False)
    assert (await browser.post(f"{address}/revoke", data=form, headers=SAME)).status_code == 409


async def test_a_reviewer_reads_passes_and_revokes_none(browser: httpx.AsyncClient, story: Story) -> None:
    await sign_in(browser, REVIEWER)
    page = await browser.get(f"/console/passes/{story.press_pass}")
    assert (page.status_code, "/revoke" in page.text) == (200, False)


async def test_a_revocation_after_the_sign_in_is_over_leads_back_to_the_pass(
    browser: httpx.AsyncClient, story: Story
) -> None:
    address = f"/console/passes/{story.press_pass}"
    answer = await browser.post(f"{address}/revoke", headers={**SAME, "Referer": f"http://test{address}?x=1"})
    assert answer.headers["location"] == f"/console/sign-in?next={address}"


# Lists -------------------------------------------------------------------------------------------------------


async def add_drafts(database: Database, story: Story, organisation: Organisation, number: int) -> None:
    async with database.transaction() as session:
        for n in range(number):
            facts = {
                "organisation_id": organisation.id,
                "kind": "seminar",
                "title_vi": f"Tọa đàm {n:03}",
                "title_en": f"Talk {n:03}",
            }
            await event_cases.add_event(session, access=story.everywhere, facts=facts, now=NOW)


async def test_the_list_of_events_can_be_walked_both_ways(
    browser: httpx.AsyncClient, story: Story, database: Database, organisation: Organisation
) -> None:
    await add_drafts(database, story, organisation, 120)
    await sign_in(browser, ORGANISER)
    seen, address = [], "/console/events?q=to%E1%BA%A1+%C4%91%C3%A0m"
    pages = []
    while True:
        page = await browser.get(address)
        pages.append([row[0][: len("Tọa đàm 000")] for row in cells(page, "filter-bar")])
        seen += pages[-1]
        older = re.search(r'href="([^"]+)" rel="next"|rel="next"[^>]*href="([^"]+)"', page.text)
        if not older:
            break
        address = (older.group(1) or older.group(2)).replace("&amp;", "&")
    assert seen == [f"Tọa đàm {n:03}" for n in reversed(range(120))]
    newer = re.search(r'href="([^"]+)"[^>]*rel="prev"', page.text)
    assert newer
    back = await browser.get(newer.group(1).replace("&amp;", "&"))
    assert [row[0][: len("Tọa đàm 000")] for row in cells(back, "filter-bar")] == pages[1]
    assert "Tìm thấy 120 sự kiện" in back.text


async def test_the_list_of_events_follows_its_filters(browser: httpx.AsyncClient, story: Story) -> None:
    await sign_in(browser, ORGANISER)
    today = local_day(NOW)
    found = {}
    for query in ("kind=exhibition", "state=draft", f"on={today}", f"on={today - timedelta(days=18)}", "q=HOP+TAC"):
        page = await browser.get(f"/console/events?{query}")
        found[query.split("=")[0] + query[-2:]] = [title for title in (SUMMIT[0], TOUR[0]) if title in page.text]
    assert list(found.values()) == [[TOUR[0]], [], [SUMMIT[0], TOUR[0]], [TOUR[0]], [SUMMIT[0]]]


@contextmanager
def counted(database: Any) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def test_pages_send_as_many_queries_for_many_rows_as_for_few(
    app: FastAPI, browser: httpx.AsyncClient, story: Story, database: Database, organisation: Organisation
) -> None:
    await sign_in(browser, ORGANISER)
    addresses = ("/console", "/console/events", f"/console/events/{story.tour}", f"/console/passes/{story.group_pass}")

    async def numbers() -> dict[str, int]:
        sent = {}
        for address in addresses:
            with counted(app.state.database) as statements:
                assert (await browser.get(address)).status_code == 200
            sent[address] = len(statements)
        return sent

    few = await numbers()
    await add_drafts(database, story, organisation, 30)
    async with database.transaction() as session:
        places = await event_store.list_occurrences(session, event_id=story.tour)
        for _ in range(5):
            await event_cases.add_occurrence(
                session,
                access=story.everywhere,
                event_id=story.tour,
                stop=event_cases.Stop(places[0].venue.id, local_day(NOW), local_day(NOW)),
                facts={},
                copy_layout=True,
                now=NOW,
            )
    assert await numbers() == few
    assert max(few.values()) <= 16


def test_the_words_of_the_history_are_of_known_nouns() -> None:
    nouns = {noun for noun, _ in history.STEPS}
    assert nouns == {
        "event",
        "occurrence",
        "zone",
        "gate",
        "application",
        "applications",
        "accreditation",
        "key",
        "enrolment",
        "device",
        "pass",
        "pass_class",
        "badge_template",
        "print_job",
        "handover",
        "mail",
    }
