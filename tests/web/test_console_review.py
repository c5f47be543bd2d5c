"""One review over HTTP: what an authority is shown, how it gives its verdict, and when it can't."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from service.domain.accreditation import ApplicationState, Question, ReviewState, Verdict, VerdictKind
from service.store.database import Database
from tests.conftest import NOW
from tests.press_story import PressStory, approve_all, decide, reviews_of, say
from tests.web.browsing import browser, counted, errors_of, sign_in, text_of
from tests.web.desk_pages import audited, fresh, hand_in, press, review_id

__all__ = ["browser", "press"]
GROUND = "Thiếu dấu trên giấy giới thiệu."


def shown_fields(page: httpx.Response) -> list[str]:
    """The words of the fields that stand on the page, in their order."""
    part = page.text.split('<dl class="facts answers">', 1)[1].split("</dl>", 1)[0]
    return [unescape(word) for word in re.findall(r"<dt>([^<]+)</dt>", part)]


async def verdicts(database: Database) -> list[Verdict]:
    async with database.session() as session:
        return list(await session.scalars(select(Verdict).order_by(Verdict.id)))


# What is shown -----------------------------------------------------------------------------------------------


async def test_an_authority_is_shown_the_fields_and_files_of_its_rule(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    (made,) = await hand_in(database, press, 1)
    here = f"/console/reviews/{await review_id(database, made, 'press_management')}"
    await sign_in(browser, press.emails["press_management"])
    page = await browser.get(here)
    assert page.status_code == 200
    assert shown_fields(page) == [
        "Họ và tên",
        "Bút danh",
        "Cơ quan báo chí",
        "Nhiệm vụ tác nghiệp",
        "Số thẻ nhà báo",
        "Hạn thẻ nhà báo",
        "Nội dung tác nghiệp",
    ]
    told = text_of(page)
    assert "31/12/2099" in told
    # Neither the zones that were asked for nor their choice: its rule doesn't name them.
    assert "Khu vực" not in told
    links = re.findall(r'src="(/console/evidence/[^"]+)"', page.text)
    assert len(links) == 2
    opened = await browser.get(unescape(links[0]))
    assert (opened.status_code, opened.headers["content-type"]) == (200, "image/jpeg")
    (entry,) = await audited(database, "application", "viewed")
    assert entry.details["authority"] == "press_management"
    assert "press_card_number" in entry.details["fields"]


async def test_a_passport_line_is_given_in_both_orders(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    (made,) = await hand_in(database, press, 1, class_code="visiting_foreign")
    await sign_in(browser, press.emails["foreign_ministry"])
    told = text_of(await browser.get(f"/console/reviews/{await review_id(database, made, 'foreign_ministry')}"))
    assert "NGUYEN<<THI<BIEN Cần tra cứu cả NGUYEN THI BIEN và THI BIEN NGUYEN" in told
    assert "Việt Nam" in told


async def test_the_page_asks_the_same_for_many_verdicts_as_for_one(
    app: FastAPI, browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    (made,) = await hand_in(database, press, 1)
    here = f"/console/reviews/{await review_id(database, made, 'host')}"
    await sign_in(browser, press.emails["host"])
    with counted(app.state.database) as few:
        await browser.get(here)
    async with database.transaction() as session:
        for kind in (VerdictKind.APPROVE, VerdictKind.REJECT, VerdictKind.APPROVE):
            await say(session, press, made, "host", kind)
    with counted(app.state.database) as many:
        await browser.get(here)
    assert len(many) == len(few)


async def test_neighbours_in_the_queue_are_one_step_away(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    made = await hand_in(database, press, 1, 2, 3)
    ids = [await review_id(database, one, "host") for one in made]
    await sign_in(browser, press.emails["host"])

    async def steps(review: str) -> dict[str, str]:
        page = await browser.get(f"/console/reviews/{review}")
        return {way: href for href, way in re.findall(r'href="(/console/reviews/[^"]+)" rel="(prev|next)"', page.text)}

    assert await steps(ids[0]) == {"next": f"/console/reviews/{ids[1]}"}
    assert await steps(ids[1]) == {"prev": f"/console/reviews/{ids[0]}", "next": f"/console/reviews/{ids[2]}"}
    form = {"kind": "approve", "then": "next"}
    first = await browser.post(f"/console/reviews/{ids[0]}", data=form)
    assert first.headers["location"] == f"/console/reviews/{ids[1]}"
    await browser.post(f"/console/reviews/{ids[1]}", data=form)
    last = await browser.post(f"/console/reviews/{ids[2]}", data=form)
    assert last.headers["location"] == "/console/accreditation?given=1"


# Verdicts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "wanted"),
    [
        ({}, {"kind"}),
        ({"kind": "reject"}, {"ground"}),
        ({"kind": "ask"}, {"ground"}),
        ({"kind": "abstain"}, {"ground"}),
        ({"kind": "conditions", "ground": GROUND}, {"zones"}),
        ({"kind": "conditions", "zones": "B", "ground": GROUND}, {"zones"}),
        ({"kind": "reject", "reason_code": "made_up"}, {"ground"}),
    ],
)
async def test_what_is_missing_is_told_at_its_field(
    browser: httpx.AsyncClient, press: PressStory, database: Database, form: dict[str, str], wanted: set[str]
) -> None:
    (made,) = await hand_in(database, press, 1)
    here = f"/console/reviews/{await review_id(database, made, 'host')}"
    await sign_in(browser, press.emails["host"])
    answer = await browser.post(here, data=form)
    assert (answer.status_code, set(errors_of(answer))) == (422, wanted)
    if "ground" in form:
        assert f">{GROUND}</textarea>" in answer.text
    assert await verdicts(database) == []


async def test_conditions_are_kept_as_they_were_chosen(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    (made,) = await hand_in(database, press, 1, zones=("A", "B"))
    here = f"/console/reviews/{await review_id(database, made, 'host')}"
    await sign_in(browser, press.emails["host"])
    day = press.days[1].isoformat()
    form = {"kind": "conditions", "zones": "A", "days": day, "escort": "yes", "ground": GROUND}
    answer = await browser.post(here, data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{here}?news=given")
    (given,) = await verdicts(database)
    assert (given.kind, given.zones, given.days, given.escort, given.ground) == (
        VerdictKind.CONDITIONS,
        ["A"],
        [press.days[1]],
        True,
        GROUND,
    )
    told = text_of(await browser.get(answer.headers["location"]))
    assert "Đã ghi nhận ý kiến." in told
    assert f"{GROUND} · khu vực A; {press.days[1]:%d/%m/%Y}; có người đi cùng" in told


async def test_a_question_stops_the_clock_until_it_is_answered(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    (made,) = await hand_in(database, press, 1)
    here = f"/console/reviews/{await review_id(database, made, 'press_management')}"
    await sign_in(browser, press.emails["press_management"])
    form = {"kind": "ask", "ground": GROUND, "fields": ["file:assignment_letter", "email"]}
    answer = await browser.post(here, data=form)
    assert answer.headers["location"] == f"{here}?news=asked"
    async with database.session() as session:
        (question,) = list(await session.scalars(select(Question)))
        assert (question.wording, question.fields) == (GROUND, ["file:assignment_letter"])
        assert (await reviews_of(session, made))["press_management"].state is ReviewState.PAUSED
    page = await browser.get(here)
    assert "tạm dừng: chờ bổ sung" in text_of(page)
    assert "verdict-form" not in page.text
    refused = await browser.post(here, data={"kind": "approve"})
    assert refused.status_code == 409
    assert (await fresh(database, made)).state is ApplicationState.NEEDS_INFORMATION


async def test_a_verdict_gives_way_to_a_later_one_until_the_office_has_decided(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    (made,) = await hand_in(database, press, 1)
    here = f"/console/reviews/{await review_id(database, made, 'host')}"
    await sign_in(browser, press.emails["host"])
    await browser.post(here, data={"kind": "reject", "ground": GROUND})
    assert "Có thể thay bằng ý kiến mới" in text_of(await browser.get(here))
    await browser.post(here, data={"kind": "approve"})
    first, second = await verdicts(database)
    assert (second.kind, second.supersedes_id) == (VerdictKind.APPROVE, first.id)
    async with database.transaction() as session:
        await decide(session, press, made, ApplicationState.REJECTED)
    page = await browser.get(here)
    assert (page.status_code, "verdict-form" in page.text) == (200, False)
    assert "Không cần cho ý kiến nữa" in text_of(page)
    assert (await browser.post(here, data={"kind": "reject", "ground": GROUND})).status_code == 409


async def test_an_authority_waits_for_the_step_before(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    (made,) = await hand_in(database, press, 1)
    here = f"/console/reviews/{await review_id(database, made, 'security')}"
    await sign_in(browser, press.emails["security"])
    page = await browser.get(here)
    assert (page.status_code, "verdict-form" in page.text) == (200, False)
    assert "Chưa đến lượt cơ quan" in text_of(page)
    async with database.transaction() as session:
        for authority in ("host", "press_management"):
            await say(session, press, made, authority)
    assert "verdict-form" in (await browser.get(here)).text


async def test_who_steps_back_is_shown_it_no_more(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    (made,) = await hand_in(database, press, 1)
    here = f"/console/reviews/{await review_id(database, made, 'press_management')}"
    await sign_in(browser, press.emails["press_management"])
    picture = unescape(re.findall(r'src="(/console/evidence/[^"]+)"', (await browser.get(here)).text)[0])
    answer = await browser.post(here, data={"kind": "abstain", "ground": "Người thân."})
    assert answer.headers["location"] == "/console/accreditation?given=1"
    page = await browser.get(here)
    assert page.status_code == 200
    assert "Bạn đã chọn không tham gia hồ sơ này" in text_of(page)
    assert "Nguyễn Thị Biển" not in page.text
    assert (await browser.post(here, data={"kind": "approve"})).status_code == 409
    assert (await browser.get(picture)).status_code == 409
    (given,) = await verdicts(database)
    assert given.kind is VerdictKind.ABSTAIN


async def test_a_late_clock_says_so(browser: httpx.AsyncClient, press: PressStory, database: Database) -> None:
    (made,) = await hand_in(database, press, 1, now=NOW - timedelta(days=7))
    here = f"/console/reviews/{await review_id(database, made, 'host')}"
    await sign_in(browser, press.emails["host"])
    assert "quá hạn 5 ngày, hạn 18/11/2026" in text_of(await browser.get(here))


async def test_own_verdicts_of_a_closed_application_can_still_be_read(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    (made,) = await hand_in(database, press, 1)
    async with database.transaction() as session:
        await approve_all(session, press, made)
        await decide(session, press, made, ApplicationState.APPROVED)
    await sign_in(browser, press.emails["host"])
    told = text_of(await browser.get(f"/console/reviews/{await review_id(database, made, 'host')}"))
    assert "Ý kiến và yêu cầu bổ sung đã có" in told
