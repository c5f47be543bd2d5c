"""The list of an event's passes and the form that issues one, over HTTP: what is found, kept and refused."""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from service.domain.accounts import Organisation
from service.domain.accreditation import Application, ApplicationState
from service.domain.audit import AuditEntry
from service.domain.events import Event, EventState
from service.domain.localtime import end_of, local_day, start_of
from service.domain.messages import MailKind, OutgoingMail
from service.domain.passes import BadgeState, Category, EntryPass
from service.store import events as event_store
from service.store.database import Database
from service.store.vault import Vault
from service.usecases import accreditation, audit, badges, events, passes
from service.usecases.passes import Wish
from tests.conftest import NOW, SECRET
from tests.web.browsing import browser, counted, errors_of, sign_in, story, text_of
from tests.web.page_story import HOLDERS, ORGANISER, OUTSIDER, REVIEWER, Story

__all__ = ["browser", "story"]
VAULT = Vault(SECRET)
TODAY = local_day(NOW)
DELEGATE: dict[str, Any] = {"kind": "delegate", "holder_name": "Phan Thị Mẫu", "zones": ["A"], "validity": "whole"}


@pytest.fixture
def here(story: Story) -> str:
    return f"/console/events/{story.summit}/passes"


async def issue(browser: httpx.AsyncClient, here: str, **form: Any) -> httpx.Response:
    """The form for a delegate in zone A, with these fields in the place of its own."""
    return await browser.post(f"{here}/new", data=DELEGATE | form)


async def pass_at(database: Database, answer: httpx.Response) -> EntryPass:
    """The pass to whose page an answer leads."""
    assert answer.status_code == 303, text_of(answer)
    pass_id = UUID(answer.headers["location"].rpartition("/")[2])
    async with database.session() as session:
        return await session.get_one(EntryPass, pass_id)


async def issue_many(database: Database, story: Story, number: int, **facts: Any) -> list[EntryPass]:
    wishes = [Wish(f"Khách {n:03}", "Báo Thử", Category.GUEST, ("A",), **facts) for n in range(number)]
    async with database.transaction() as session:
        event = await event_store.get(session, Event, story.summit, "event")
        actor = audit.staff(story.everywhere)
        return await passes.issue_many(session, event=event, wishes=wishes, actor=actor, vault=VAULT, now=NOW)


async def all_passes(database: Database) -> list[str]:
    async with database.session() as session:
        return list(await session.scalars(select(EntryPass.holder_name).order_by(EntryPass.id)))


def names(page: httpx.Response) -> list[str]:
    """The holders in the list, in its order."""
    return [unescape(name) for name in re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page.text)]


# The list ----------------------------------------------------------------------------------------------------


async def test_the_list_follows_its_filters(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    await issue_many(database, story, 1, valid_from=start_of(TODAY + timedelta(days=1)))
    async with database.transaction() as session:
        group = await session.get_one(EntryPass, story.group_pass)
        group.badge, code = BadgeState.PRINTED, group.human_code
    found = {}
    queries = (
        "",
        "q=anh+mau",
        f"q={code.lower()}",
        "category=press",
        "badge=printed",
        "state=active",
        "state=not_yet_valid",
        "state=expired",
        "q=khach&badge=none",
    )
    for query in queries:
        page = await browser.get(f"{here}?{query}")
        assert page.status_code == 200
        found[query] = names(page)
    assert list(found.values()) == [
        [HOLDERS[2], "Khách 000", HOLDERS[0]],
        [HOLDERS[0]],
        [HOLDERS[2]],
        [HOLDERS[0]],
        [HOLDERS[2]],
        [HOLDERS[2], HOLDERS[0]],
        ["Khách 000"],
        [],
        ["Khách 000"],
    ]
    nobody = await browser.get(f"{here}?state=expired")
    assert ("Không có thẻ phù hợp" in nobody.text, f'href="{here}">Bỏ điều kiện lọc' in nobody.text) == (True, True)


async def test_a_pass_whose_days_are_over_is_listed_as_expired(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    await issue_many(database, story, 1, valid_from=NOW - timedelta(days=3), valid_until=NOW)
    assert names(await browser.get(f"{here}?state=expired")) == ["Khách 000"]
    assert names(await browser.get(f"{here}?state=active")) == [HOLDERS[2], HOLDERS[0]]


@pytest.mark.parametrize("query", ["state=gone", "category=vip", "badge=eaten", "cursor=AAAA", "q=%00"])
async def test_filters_that_cannot_be_are_told(browser: httpx.AsyncClient, here: str, query: str) -> None:
    await sign_in(browser, ORGANISER)
    assert (await browser.get(f"{here}?{query}")).status_code == 422


async def test_where_the_badges_are_is_counted(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    await issue_many(database, story, 3)
    async with database.transaction() as session:
        (await session.get_one(EntryPass, story.press_pass)).badge = BadgeState.LOST
    page = await browser.get(here)
    counts = dict(re.findall(r'badge=(\w+)"><span class="count">(\d+)', page.text))
    assert counts == {"none": "4", "printed": "0", "handed_over": "0", "returned": "0", "lost": "1"}
    assert "4 thẻ cần in" in text_of(page)
    assert re.findall(r'<option value="(\w+)">([^<]+ \(\d+\))<', page.text) == [
        ("delegate", "Đại biểu (1)"),
        ("guest", "Khách mời (3)"),
    ]


async def test_badges_are_printed_from_the_list(browser: httpx.AsyncClient, here: str, story: Story) -> None:
    await sign_in(browser, ORGANISER)
    page = await browser.get(here)
    (action,) = re.findall(r'action="([^"]+/print-jobs)"', page.text)
    begun = await browser.post(action, data={"format": "a6", "category": "press"})
    assert (begun.status_code, begun.headers["location"].rpartition("/")[0]) == (303, "/console/print-jobs")
    assert "1 / 1" in text_of(await browser.get(begun.headers["location"])) or "0 / 1" in text_of(
        await browser.get(begun.headers["location"])
    )


async def test_granted_applications_get_their_passes_once(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    assert "chờ cấp thẻ" not in (await browser.get(here)).text
    async with database.transaction() as session:
        waiting = await session.scalar(select(Application).where(Application.state == ApplicationState.SUBMITTED))
        assert waiting is not None
        await accreditation.decide(
            session,
            access=story.everywhere,
            application_id=waiting.id,
            wish=accreditation.DecisionWish(ApplicationState.APPROVED, zones=("A",)),
            now=NOW,
        )
    assert "1 hồ sơ đã duyệt chờ cấp thẻ" in text_of(await browser.get(here))
    done = [await browser.post(f"{here}/granted") for _ in range(2)]
    assert [one.headers["location"] for one in done] == [f"{here}?issued=1", f"{here}?issued=0"]
    page = await browser.get(done[0].headers["location"])
    assert (names(page), "chờ cấp thẻ" in page.text) == ([HOLDERS[2], HOLDERS[1], HOLDERS[0]], False)
    assert "1 thẻ mới" in text_of(page)


async def test_an_event_without_passes_says_what_to_do(browser: httpx.AsyncClient, story: Story) -> None:
    await sign_in(browser, ORGANISER)
    page = await browser.get(f"/console/events/{story.tour}/passes")
    assert ("Chưa cấp thẻ nào" in page.text, f'href="/console/events/{story.tour}/passes/new"' in page.text) == (
        True,
        True,
    )


async def test_a_reviewer_reads_the_list_and_others_do_not(browser: httpx.AsyncClient, here: str, story: Story) -> None:
    await sign_in(browser, REVIEWER)
    page = await browser.get(here)
    assert (page.status_code, "<form" in page.text.split("</header>", 1)[1]) == (200, True)
    assert [part in page.text for part in ("/new", "/granted", "/handover", 'method="post" action="/console/ev')] == [
        False
    ] * 4
    for address in (f"{here}/granted", f"{here}/new"):
        assert (await browser.post(address, data=DELEGATE)).status_code == 403
    assert (await browser.get(f"{here}/new")).status_code == 403
    await sign_in(browser, OUTSIDER)
    for address in (here, f"{here}/new"):
        answer = await browser.get(address)
        assert (answer.status_code, HOLDERS[0] in answer.text) == (403, False)
    for address in (f"{here}/granted", f"{here}/new"):
        assert (await browser.post(address, data=DELEGATE)).status_code == 403


async def test_looking_at_the_list_is_recorded(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    await browser.get(here)
    await browser.get(f"{here}?q=kh%C3%B4ng+c%C3%B3+ai")
    async with database.session() as session:
        rows = await session.scalars(select(AuditEntry).where(AuditEntry.action == "viewed"))
        assert [(one.noun, one.event_id, one.details) for one in rows] == [("pass_list", story.summit, {"rows": 2})]


async def test_the_list_can_be_walked_both_ways_with_as_many_queries_as_for_few(
    app: FastAPI, browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    with counted(app.state.database) as few:
        await browser.get(f"{here}?q=bao")
    await issue_many(database, story, 120)
    with counted(app.state.database) as many:
        await browser.get(f"{here}?q=bao")
    assert (len(many), len(few) <= 12) == (len(few), True)
    pages, address = [], f"{here}?q=khach&category=guest"
    while address:
        page = await browser.get(address)
        pages.append(names(page))
        following = re.search(r'href="([^"]+)" rel="next"', page.text)
        address = following.group(1).replace("&amp;", "&") if following else ""
    assert [name for one in pages for name in one] == [f"Khách {n:03}" for n in range(120)]
    assert [len(one) for one in pages] == [50, 50, 20]
    before = re.search(r'href="([^"]+)" rel="prev"', page.text)
    assert before
    assert names(await browser.get(before.group(1).replace("&amp;", "&"))) == pages[1]


async def test_the_event_page_leads_to_the_list(browser: httpx.AsyncClient, here: str, story: Story) -> None:
    await sign_in(browser, ORGANISER)
    page = await browser.get(f"/console/events/{story.summit}")
    assert f'href="{here}">Tất cả thẻ, in thẻ, trao thẻ' in page.text


# Issuing -----------------------------------------------------------------------------------------------------


async def test_a_standing_pass_for_the_whole_event(browser: httpx.AsyncClient, here: str, database: Database) -> None:
    await sign_in(browser, ORGANISER)
    form = await browser.get(f"{here}/new")
    assert form.status_code == 200
    assert re.findall(r'<option value="([^"]+)"', form.text.split('id="kind"', 1)[1].split("</select>", 1)[0]) == [
        "delegate",
        "guest",
        "visitor",
        "pupil",
        "staff",
    ]
    assert "A – Hội trường chính" in unescape(form.text)
    answer = await issue(
        browser,
        here,
        native_name=" 王  小明 ",
        organisation_name="Đoàn Mẫu",
        holder_email="mau@example.vn",
        language="en",
        attention="Khách quý.",
    )
    made = await pass_at(database, answer)
    told = (made.holder_name, made.native_name, made.organisation_name, made.holder_email, made.language)
    assert told == ("Phan Thị Mẫu", "王 小明", "Đoàn Mẫu", "mau@example.vn", "en")
    assert (made.category, made.zones, made.heads, made.attention) == (Category.DELEGATE, ["A"], 1, "Khách quý.")
    period = (start_of(TODAY - timedelta(days=1)), end_of(TODAY + timedelta(days=2)))
    assert (made.valid_from, made.valid_until, made.valid_days, made.daily_from) == (*period, None, None)
    async with database.session() as session:
        mails = list(await session.scalars(select(OutgoingMail).where(OutgoingMail.object_id == made.id)))
    assert [(one.kind, one.language) for one in mails] == [(MailKind.PASS_ISSUED, "en")]
    assert "Phan Thị Mẫu" in text_of(await browser.get(answer.headers["location"]))


async def test_a_day_pass_with_hours(browser: httpx.AsyncClient, here: str, database: Database) -> None:
    await sign_in(browser, ORGANISER)
    days = [TODAY + timedelta(days=2), TODAY]
    answer = await issue(
        browser, here, validity="days", days=[on.isoformat() for on in days], daily_from="07:30", daily_to="12:00"
    )
    made = await pass_at(database, answer)
    assert made.valid_days == sorted(days)
    assert (made.valid_from, made.valid_until) == (start_of(TODAY), end_of(TODAY + timedelta(days=2)))
    assert (made.daily_from, made.daily_to) == (time(7, 30), time(12))


async def test_a_pass_from_one_day_to_another(browser: httpx.AsyncClient, here: str, database: Database) -> None:
    await sign_in(browser, ORGANISER)
    answer = await issue(browser, here, validity="period", from_on="24/11/2026", until_on="2026-11-25")
    made = await pass_at(database, answer)
    period = (start_of(date(2026, 11, 24)), end_of(date(2026, 11, 25)))
    assert (made.valid_from, made.valid_until, made.valid_days) == (*period, None)


async def test_a_group_voucher_names_its_leader_only(browser: httpx.AsyncClient, here: str, database: Database) -> None:
    await sign_in(browser, ORGANISER)
    assert "không ghi tên học sinh" in unescape((await browser.get(f"{here}/new")).text)
    answer = await issue(browser, here, kind="pupil", group="yes", heads="40", holder_name="Cô Mai")
    made = await pass_at(database, answer)
    assert (made.category, made.heads, made.holder_name) == (Category.PUPIL, 40, "Cô Mai")
    page = text_of(await browser.get(answer.headers["location"]))
    assert ("0/40 người đã vào" in page, "Ảnh chân dung" in page) == (True, False)


async def test_a_class_of_the_event_is_chosen_with_its_category(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    async with database.transaction() as session:
        facts = {"category": Category.GUEST, "name_vi": "Khách danh dự", "name_en": "Guest of honour"}
        await badges.keep_class(
            session,
            access=story.everywhere,
            event_id=story.summit,
            code="honour",
            facts=facts | {"colour": "#7A1F1F"},
            now=NOW,
        )
    assert '<option value="guest/honour">Khách mời: Khách danh dự' in (await browser.get(f"{here}/new")).text
    answer = await issue(browser, here, kind="guest/honour")
    made = await pass_at(database, answer)
    assert (made.category, made.class_code) == (Category.GUEST, "honour")
    assert "Khách danh dự" in text_of(await browser.get(answer.headers["location"]))


BAD: dict[str, tuple[Mapping[str, Any], dict[str, str]]] = {
    "nothing": (
        {"kind": "", "holder_name": " ", "zones": []},
        {
            "kind": "Chọn hạng thẻ",
            "zones": "Chọn ít nhất một khu vực",
            "holder_name": "Ghi họ tên người mang thẻ",
        },
    ),
    "press": ({"kind": "press"}, {"kind": "Chọn hạng thẻ"}),
    "a zone of another event": ({"zones": ["Z"]}, {"zones": "Chọn ít nhất một khu vực"}),
    "no day": ({"validity": "days", "days": ["2020-01-01"]}, {"days": "Chọn ít nhất một ngày"}),
    "no period": (
        {"validity": "period", "until_on": "31/02/2026"},
        {"from_on": "Ghi ngày đầu", "until_on": "Ghi ngày, ví dụ 23/11/2026"},
    ),
    "period reversed": (
        {"validity": "period", "from_on": "2026-11-25", "until_on": "2026-11-24"},
        {"until_on": "Ngày cuối trước ngày đầu: chọn ngày cuối muộn hơn"},
    ),
    "far off": (
        {"validity": "period", "from_on": "1950-11-25", "until_on": "2026-11-24"},
        {"from_on": "Chọn ngày trong khoảng từ năm 2000 đến năm 2100"},
    ),
    "one hour": ({"daily_from": "08:00"}, {"daily_to": "Ghi cả hai giờ, hoặc để trống cả hai"}),
    "hours reversed": (
        {"daily_from": "12:00", "daily_to": "08:00"},
        {"daily_to": "Giờ cuối trước giờ đầu: chọn giờ cuối muộn hơn"},
    ),
    "no hour": (
        {"daily_from": "25:00", "daily_to": "8"},
        dict.fromkeys(("daily_from", "daily_to"), "Ghi giờ, ví dụ 08:00"),
    ),
    "a group of one": ({"group": "yes", "heads": "1"}, {"heads": "Ghi số người, từ 2 đến 1000"}),
    "a group too large": ({"group": "yes", "heads": "1001"}, {"heads": "Ghi số người, từ 2 đến 1000"}),
    "a group of words": ({"group": "yes", "heads": "bốn mươi"}, {"heads": "Ghi số người, từ 2 đến 1000"}),
    "a number without a group": (
        {"heads": "40"},
        {"group": "Đánh dấu nếu là thẻ đoàn, nếu không hãy để trống số người"},
    ),
    "no address": ({"holder_email": "mau@"}, {"holder_email": "Ghi địa chỉ thư điện tử, ví dụ ten@example.vn"}),
    "unreadable": (
        {"holder_name": "Mẫu\u202e", "attention": "a\x07"},
        dict.fromkeys(("holder_name", "attention"), "Bỏ các ký tự không hiển thị được"),
    ),
    "too long": ({"holder_name": "x" * 301}, {"holder_name": "Viết không quá 300 ký tự"}),
}


@pytest.mark.parametrize("wrong", BAD)
async def test_what_is_wrong_comes_back_at_its_field_with_all_that_was_typed(
    browser: httpx.AsyncClient, here: str, database: Database, wrong: str
) -> None:
    await sign_in(browser, ORGANISER)
    before = await all_passes(database)
    typed, told = BAD[wrong]
    page = await issue(browser, here, organisation_name="Đoàn Mẫu", **typed)
    assert (page.status_code, errors_of(page)) == (422, told)
    assert 'value="Đoàn Mẫu"' in page.text
    for name, value in typed.items():
        if isinstance(value, str) and value and name in {"heads", "from_on", "until_on", "daily_from", "holder_email"}:
            assert f'name="{name}" type="' in page.text
            assert f'value="{value}"' in unescape(page.text)
    assert await all_passes(database) == before


async def test_more_zones_than_the_code_holds_are_told_at_the_zones(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    codes = [f"Z{n:02}" for n in range(12)]
    async with database.transaction() as session:
        (stop,) = await event_store.list_occurrences(session, event_id=story.summit)
        for code in codes:
            facts = {"code": code, "name_vi": f"Khu {code}", "name_en": f"Zone {code}"}
            await events.add_zone(
                session, access=story.everywhere, occurrence_id=stop.occurrence.id, facts=facts, now=NOW
            )
    page = await issue(browser, here, zones=codes)
    assert (page.status_code, list(errors_of(page))) == (422, ["zones"])
    assert page.text.count(" checked") >= len(codes)


async def test_a_cancelled_event_issues_nothing_and_keeps_what_was_typed(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    async with database.transaction() as session:
        (await session.get_one(Event, story.summit)).state = EventState.CANCELLED
    page = await issue(browser, here)
    assert (page.status_code, 'value="Phan Thị Mẫu"' in page.text) == (422, True)
    assert "Sự kiện đã hủy: không cấp thẻ được nữa" in text_of(page)


async def test_an_event_without_a_stop_says_so(
    browser: httpx.AsyncClient, story: Story, database: Database, organisation: Organisation
) -> None:
    await sign_in(browser, ORGANISER)
    async with database.transaction() as session:
        facts = {"organisation_id": organisation.id, "kind": "seminar", "title_vi": "Tọa đàm", "title_en": "Talk"}
        bare = await events.add_event(session, access=story.everywhere, facts=facts, now=NOW)
    here = f"/console/events/{bare.id}/passes"
    page = await browser.get(f"{here}/new")
    assert (page.status_code, "Chưa cấp thẻ được" in page.text, 'name="holder_name"' in page.text) == (200, True, False)
    assert (await issue(browser, here)).status_code == 422
    assert (await browser.get(here)).status_code == 200
