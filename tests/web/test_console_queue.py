"""The queue of an authority over HTTP: what stands in it, in which order, and a verdict on many at once."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from service.domain.accreditation import ApplicationState, Delegation, Review, ReviewState, Verdict, VerdictKind
from service.store.database import Database
from service.usecases import accounts, audit
from tests.conftest import NOW, PASSWORD, Clock
from tests.press_story import PressStory, decide, reviews_of, say
from tests.web.browsing import browser, counted, errors_of, sign_in, text_of
from tests.web.desk_pages import audited, hand_in, multiply, names_of, press, review_id, tabs_of

__all__ = ["browser", "press"]
QUEUE = "/console/accreditation"
NAME = "Nguyễn Thị Biển"


async def set_due(database: Database, review: str, due_at: datetime | None, fault: str = "") -> None:
    async with database.transaction() as session:
        await session.execute(update(Review).where(Review.id == review).values(due_at=due_at, fault=fault))


async def verdicts_on(database: Database, *reviews: str) -> list[Verdict]:
    async with database.session() as session:
        found = await session.scalars(select(Verdict).where(Verdict.review_id.in_(reviews)).order_by(Verdict.id))
        return list(found)


# Who lands there ---------------------------------------------------------------------------------------------


async def test_who_only_acts_for_an_authority_lands_in_the_queue(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    await sign_in(browser, press.emails["host"])
    start = await browser.get("/console")
    assert (start.status_code, start.headers["location"]) == (303, QUEUE)
    page = await browser.get(QUEUE)
    assert page.status_code == 200
    nav = page.text.split('<nav class="site-nav"', 1)[1].split("</nav>", 1)[0]
    assert (QUEUE in nav, '"/console/events"' in nav, 'href="/console"' in nav) == (True, False, False)
    assert "Không có hồ sơ nào đang chờ" in text_of(page)


async def test_organisers_have_no_queue_and_keep_their_start_page(
    browser: httpx.AsyncClient, press: PressStory
) -> None:
    await sign_in(browser, press.emails["organiser"])
    start = await browser.get("/console")
    assert (start.status_code, QUEUE in start.text) == (200, False)
    for address in (QUEUE, f"/console/reviews/{uuid4()}"):
        assert (await browser.get(address)).status_code == 403
    assert (await browser.post(f"{QUEUE}/verdicts", data={"kind": "approve"})).status_code == 403


async def test_a_delegation_opens_the_queue_while_it_lasts(
    browser: httpx.AsyncClient, press: PressStory, database: Database, clock: Clock
) -> None:
    (made,) = await hand_in(database, press, 1)
    async with database.transaction() as session:
        helper = await accounts.add_staff(
            session,
            actor=audit.SYSTEM,
            email="thay@example.vn",
            name="Người Thay",
            password=PASSWORD,
            grants=[],
            now=NOW,
        )
        session.add(
            Delegation(
                organisation_id=press.bodies["press_management"].id,
                staff_id=helper.id,
                given_by_id=press.desks["press_management"].staff_id,
                since=NOW - timedelta(hours=1),
                until=NOW + timedelta(hours=1),
            )
        )
    await sign_in(browser, "thay@example.vn")
    assert (await browser.get("/console")).headers["location"] == QUEUE
    assert names_of(await browser.get(QUEUE)) == [f"{NAME} 1"]
    mine = await review_id(database, made, "press_management")
    assert (await browser.get(f"/console/reviews/{mine}")).status_code == 200
    theirs = await review_id(database, made, "host")
    assert (await browser.get(f"/console/reviews/{theirs}")).status_code == 403
    clock.at = NOW + timedelta(hours=2)
    assert (await browser.get(QUEUE)).status_code == 403


# What stands there -------------------------------------------------------------------------------------------


async def test_the_most_urgent_stands_first_with_its_clock_in_words(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    made = await hand_in(database, press, 1, 2, 3, 4)
    ids = [await review_id(database, one, "host") for one in made]
    await set_due(database, ids[0], None, "calendar_unknown:2027")
    await set_due(database, ids[1], datetime(2026, 11, 22, 17, tzinfo=UTC))  # the end of 22/11
    await set_due(database, ids[2], datetime(2026, 11, 23, 17, tzinfo=UTC))  # the end of today
    await sign_in(browser, press.emails["host"])
    page = await browser.get(QUEUE)
    assert names_of(page) == [f"{NAME} {number}" for number in (2, 3, 4, 1)]
    told = text_of(page)
    for words in (
        "quá hạn 1 ngày, hạn 22/11/2026",
        "hết hạn hôm nay, hạn 23/11/2026",
        "còn 2 ngày làm việc, hạn 26/11/2026",
        "chưa có lịch ngày làm việc năm 2027",
    ):
        assert words in told
    assert tabs_of(page) == {"Cần xử lý": 4, "Quá hạn": 1, "Chờ bổ sung": 0, "Chưa đến lượt": 0, "Đã xong": 0}
    assert names_of(await browser.get(f"{QUEUE}?tab=late")) == [f"{NAME} 2"]


async def test_tabs_show_each_state(browser: httpx.AsyncClient, press: PressStory, database: Database) -> None:
    made = await hand_in(database, press, 1, 2, 3, 4)
    async with database.transaction() as session:
        await say(session, press, made[0], "host", VerdictKind.ASK)
        await say(session, press, made[1], "host")
        await decide(session, press, made[2], ApplicationState.REJECTED)
    await sign_in(browser, press.emails["host"])
    shown = {tab: names_of(await browser.get(f"{QUEUE}?tab={tab}")) for tab in ("todo", "paused", "done", "waiting")}
    assert shown == {
        "todo": [f"{NAME} 4"],
        "paused": [f"{NAME} 1"],
        "done": [f"{NAME} 2", f"{NAME} 3"],
        "waiting": [],
    }
    await sign_in(browser, press.emails["security"])
    assert len(names_of(await browser.get(f"{QUEUE}?tab=waiting"))) == 3
    assert (await browser.get(f"{QUEUE}?tab=nothing")).status_code == 422


async def test_filters_stand_in_the_address(browser: httpx.AsyncClient, press: PressStory, database: Database) -> None:
    (domestic,) = await hand_in(database, press, 1)
    (technician,) = await hand_in(database, press, 2, class_code="technician")
    await sign_in(browser, press.emails["host"])
    reference = domestic.id.hex[-8:].upper()
    for query, wanted in (
        ("klass=technician", [f"{NAME} 2"]),
        (f"event={press.event.id}", [f"{NAME} 1", f"{NAME} 2"]),
        (f"event={uuid4()}", []),
        ("q=bien+2", [f"{NAME} 2"]),
        (f"q={reference}", [f"{NAME} 1"]),
        ("q=song+xanh", [f"{NAME} 1", f"{NAME} 2"]),
        ("authority=security", []),
    ):
        page = await browser.get(f"{QUEUE}?{query}")
        assert (query, sorted(names_of(page))) == (query, wanted)
    assert technician.class_code == "technician"


async def test_pages_follow_each_other(browser: httpx.AsyncClient, press: PressStory, database: Database) -> None:
    (first,) = await hand_in(database, press, 1)
    await multiply(database, first, 54)
    await sign_in(browser, press.emails["host"])
    page = await browser.get(QUEUE)
    cursor = page.text.split('rel="next"', 1)[0].rsplit('href="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    rest = await browser.get(cursor)
    assert (len(names_of(page)), len(names_of(rest))) == (50, 5)
    assert 'rel="next"' not in rest.text
    assert parse_qs(urlsplit(cursor).query).keys() == {"cursor"}
    assert (await browser.get(f"{QUEUE}?cursor=abc")).status_code == 422


async def test_the_queue_asks_the_same_for_many_as_for_one(
    app: FastAPI, browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    await hand_in(database, press, 1)
    await sign_in(browser, press.emails["host"])
    with counted(app.state.database) as few:
        assert len(names_of(await browser.get(QUEUE))) == 1
    await hand_in(database, press, 2, 3)
    with counted(app.state.database) as many:
        assert len(names_of(await browser.get(QUEUE))) == 3
    assert len(many) == len(few)


async def test_a_look_at_the_queue_is_kept(browser: httpx.AsyncClient, press: PressStory, database: Database) -> None:
    await hand_in(database, press, 1, 2)
    await sign_in(browser, press.emails["host"])
    await browser.get(QUEUE)
    (entry,) = await audited(database, "queue", "viewed")
    assert (entry.actor_id, entry.details) == (press.desks["host"].staff_id, {"rows": 2})


# One verdict on many -----------------------------------------------------------------------------------------


async def test_a_verdict_on_many_is_shown_before_it_is_given(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    made = await hand_in(database, press, 1, 2, 3)
    ids = [await review_id(database, one, "host") for one in made]
    async with database.transaction() as session:
        await decide(session, press, made[2], ApplicationState.REJECTED)
    await sign_in(browser, press.emails["host"])
    form = {"kind": "approve", "reviews": ids}
    preview = await browser.post(f"{QUEUE}/verdicts", data=form)
    told = text_of(preview)
    assert preview.status_code == 200
    assert "2 hồ sơ được thực hiện." in told
    assert "1 hồ sơ giữ nguyên." in told
    assert "Giữ nguyên. Không thể" in told
    assert await verdicts_on(database, *ids) == []
    done = await browser.post(f"{QUEUE}/verdicts", data=form | {"step": "confirm"})
    assert (done.status_code, done.headers["location"]) == (303, f"{QUEUE}?given=2&left=1")
    given = await verdicts_on(database, *ids)
    assert [one.kind for one in given] == [VerdictKind.APPROVE, VerdictKind.APPROVE]
    assert len({one.batch_id for one in given}) == 1
    assert given[0].batch_id is not None
    assert "Đã ghi nhận 2 ý kiến." in text_of(await browser.get(done.headers["location"]))


async def test_a_refusal_of_many_needs_its_ground_once(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    made = await hand_in(database, press, 1, 2)
    ids = [await review_id(database, one, "host") for one in made]
    await sign_in(browser, press.emails["host"])
    form = {"kind": "reject", "reviews": ids}
    asked = await browser.post(f"{QUEUE}/verdicts", data=form)
    assert (asked.status_code, 'id="errors"' in asked.text, "<table" in asked.text) == (200, False, False)
    empty = await browser.post(f"{QUEUE}/verdicts", data=form | {"step": "preview"})
    assert (empty.status_code, errors_of(empty).keys()) == (422, {"ground"})
    code = next(one.code for one in press.rules.reasons if "reject" in one.to)
    seen = await browser.post(f"{QUEUE}/verdicts", data=form | {"step": "preview", "reason_code": code})
    assert "2 hồ sơ được thực hiện." in text_of(seen)
    done = await browser.post(f"{QUEUE}/verdicts", data=form | {"step": "confirm", "reason_code": code})
    assert done.headers["location"] == f"{QUEUE}?given=2"
    reason = press.rules.reason(code)
    assert reason is not None
    assert {(one.reason_code, one.ground) for one in await verdicts_on(database, *ids)} == {(code, reason.text.vi)}


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"kind": "approve"}, 422),
        ({"kind": "conditions", "reviews": "x"}, 422),
        ({"kind": "nonsense"}, 422),
        ({"kind": "approve", "reviews": "not-an-id"}, 422),
    ],
)
async def test_a_form_of_nothing_changes_nothing(
    browser: httpx.AsyncClient, press: PressStory, form: dict[str, str], status: int
) -> None:
    await sign_in(browser, press.emails["host"])
    answer = await browser.post(f"{QUEUE}/verdicts", data=form)
    assert answer.status_code == status


async def test_reviews_of_others_are_in_no_batch(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    (made,) = await hand_in(database, press, 1)
    mine, theirs = [await review_id(database, made, one) for one in ("host", "press_management")]
    await sign_in(browser, press.emails["host"])
    for step in ("preview", "confirm"):
        form = {"kind": "approve", "reviews": [mine, theirs], "step": step}
        answer = await browser.post(f"{QUEUE}/verdicts", data=form)
        assert (answer.status_code, NAME in answer.text) == (403, False)
    assert await verdicts_on(database, mine, theirs) == []
    async with database.session() as session:
        states = {code: one.state for code, one in (await reviews_of(session, made)).items()}
    assert states["host"] is ReviewState.OPEN
