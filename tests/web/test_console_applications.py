"""The office's list of an event's applications over HTTP: counts, filters, the file for a spreadsheet, many at once."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from service.domain.accreditation import ApplicationState, Decision, VerdictKind
from service.store import accreditation as application_store
from service.store.database import Database
from service.usecases.accreditation import appeals
from tests.conftest import NOW, Clock
from tests.press_story import PressStory, approve_all, begin, decide, make_journalist, say
from tests.web.browsing import browser, counted, errors_of, sign_in, text_of
from tests.web.desk_pages import audited, fresh, hand_in, multiply, names_of, press

__all__ = ["browser", "press"]
NAME = "Nguyễn Thị Biển"


@pytest.fixture
def here(press: PressStory) -> str:
    return f"/console/events/{press.event.id}/applications"


async def decisions(database: Database, batch_id: UUID | None = None) -> list[Decision]:
    async with database.session() as session:
        statement = select(Decision).where(Decision.staff_id.is_not(None)).order_by(Decision.id)
        found = await session.scalars(statement.where(Decision.batch_id == batch_id) if batch_id else statement)
        return list(found)


# The list ----------------------------------------------------------------------------------------------------


async def test_counts_say_how_far_everything_is(
    browser: httpx.AsyncClient, press: PressStory, database: Database, here: str
) -> None:
    made = await hand_in(database, press, 1, 2, 3, 4, 5)
    async with database.transaction() as session:
        await approve_all(session, press, made[0])
        await say(session, press, made[1], "host", VerdictKind.REJECT)
        await say(session, press, made[2], "host", VerdictKind.ASK)
        await decide(session, press, made[3], ApplicationState.REJECTED)
        await begin(session, press, await make_journalist(session, 9))
    await sign_in(browser, press.emails["reviewer"])
    page = await browser.get(here)
    part = page.text.split('<ul class="badge-counts">', 1)[1].split("</ul>", 1)[0]
    words = [" ".join(unescape(re.sub("<[^>]+>", " ", one)).split()) for one in part.split("<li>")[1:]]
    assert words == ["1 Sẵn sàng quyết định", "1 Đang chờ các cơ quan", "1 Đang chờ người nộp", "1 Có cơ quan từ chối"]
    assert names_of(page) == [f"{NAME} {number}" for number in (1, 2, 3, 4, 5)]
    shown = {one: names_of(await browser.get(f"{here}?readiness={one}")) for one in ("ready", "waiting", "refused")}
    assert shown == {"ready": [f"{NAME} 1"], "waiting": [f"{NAME} 5"], "refused": [f"{NAME} 2"]}
    assert names_of(await browser.get(f"{here}?state=rejected")) == [f"{NAME} 4"]
    assert names_of(await browser.get(f"{here}?state=draft")) == []


async def test_the_search_folds_names_and_takes_a_whole_reference(
    browser: httpx.AsyncClient, press: PressStory, database: Database, here: str
) -> None:
    first, second = await hand_in(database, press, 1, 2)
    await sign_in(browser, press.emails["organiser"])
    reference = second.id.hex[-8:]
    for query, wanted in (
        ("q=THI+BIEN+1", [f"{NAME} 1"]),
        ("q=song+xanh", [f"{NAME} 1", f"{NAME} 2"]),
        (f"q={reference.upper()}", [f"{NAME} 2"]),
        (f"q={reference[:7]}", []),
        ("klass=technician", []),
        (f"outlet={uuid4()}", []),
    ):
        assert (query, names_of(await browser.get(f"{here}?{query}"))) == (query, wanted)
    assert first.id != second.id


async def test_pages_lead_on_and_back(
    browser: httpx.AsyncClient, press: PressStory, database: Database, here: str
) -> None:
    (first,) = await hand_in(database, press, 1)
    await multiply(database, first, 52)
    await sign_in(browser, press.emails["reviewer"])

    def link(page: httpx.Response, way: str) -> str:
        return unescape(re.findall(rf'href="([^"]+)" rel="{way}"', page.text)[0])

    page = await browser.get(here)
    rest = await browser.get(link(page, "next"))
    back = await browser.get(link(rest, "prev"))
    assert (len(names_of(page)), len(names_of(rest))) == (50, 3)
    assert names_of(back) == names_of(page)
    assert (await browser.get(f"{here}?cursor=abc")).status_code == 422


async def test_the_list_asks_the_same_for_many_as_for_one(
    app: FastAPI, browser: httpx.AsyncClient, press: PressStory, database: Database, here: str
) -> None:
    await hand_in(database, press, 1)
    await sign_in(browser, press.emails["reviewer"])
    with counted(app.state.database) as few:
        await browser.get(here)
    await hand_in(database, press, 2, 3)
    with counted(app.state.database) as many:
        assert len(names_of(await browser.get(here))) == 3
    assert len(many) == len(few)


async def test_the_list_is_closed_to_others_and_looks_are_kept(
    browser: httpx.AsyncClient, press: PressStory, database: Database, here: str
) -> None:
    (made,) = await hand_in(database, press, 1)
    for who in ("outsider", "host", "security"):
        await sign_in(browser, press.emails[who])
        for address in (here, f"{here}.csv", f"/console/applications/{made.id}"):
            answer = await browser.get(address)
            assert (answer.status_code, NAME in answer.text) == (403, False)
    await sign_in(browser, press.emails["organiser"])
    page = await browser.get(here)
    # An organiser reads and issues passes; the office's reviewers decide.
    assert (page.status_code, "bulk-kind" in page.text) == (200, False)
    (entry,) = await audited(database, "applications", "viewed")
    assert (entry.actor_id, entry.details) == (press.organiser.staff_id, {"rows": 1})
    assert (await browser.post(f"{here}/decisions", data={"kind": "approved"})).status_code == 403


# The file ----------------------------------------------------------------------------------------------------


async def test_the_file_opens_in_a_spreadsheet_and_does_nothing_there(
    browser: httpx.AsyncClient, press: PressStory, database: Database, here: str
) -> None:
    async with database.transaction() as session:
        evil = await make_journalist(session, 7, full_name='=HYPERLINK("http://x")', outlet="@SUM Báo")
    (made,) = await hand_in(database, press, 7, journalist=evil)
    (ready,) = await hand_in(database, press, 1)
    async with database.transaction() as session:
        await say(session, press, made, "host", VerdictKind.REJECT)
        await approve_all(session, press, ready)
        await decide(session, press, ready, ApplicationState.APPROVED)
    await sign_in(browser, press.emails["organiser"])
    answer = await browser.get(f"{here}.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["content-disposition"]
    head, codes, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[:3] == ["Mã hồ sơ", "Định danh", "Nhà báo"]
    found = {row[0]: dict(zip(codes, row, strict=True)) for row in rows}
    first, second = found[made.id.hex[-8:].upper()], found[ready.id.hex[-8:].upper()]
    assert first["id"] == str(made.id)
    assert (first["full_name"], first["outlet"]) == ('\'=HYPERLINK("http://x")', "'@SUM Báo")
    assert (first["refused_by"], first["readiness"]) == ("Đơn vị chủ trì sự kiện", "Có cơ quan từ chối")
    assert (second["state"], second["zones_granted"]) == ("Đã duyệt", "A")
    for secret in ("079190001234", "000007", evil.email, evil.phone):
        assert secret not in answer.text
    (entry,) = await audited(database, "applications", "exported")
    assert entry.details == {"rows": 2}
    only = await browser.get(f"{here}.csv?state=approved")
    assert len(list(csv.reader(io.StringIO(only.text)))) == 3


# Many at once ------------------------------------------------------------------------------------------------


async def test_many_are_decided_after_a_preview_each_for_itself(
    browser: httpx.AsyncClient, press: PressStory, database: Database, here: str
) -> None:
    made = await hand_in(database, press, 1, 2, 3)
    async with database.transaction() as session:
        await approve_all(session, press, made[0])
        await approve_all(session, press, made[1])
    await sign_in(browser, press.emails["reviewer"])
    form = {"kind": "approved", "applications": [str(one.id) for one in made]}
    preview = await browser.post(f"{here}/decisions", data=form)
    told = text_of(preview)
    assert preview.status_code == 200
    assert "2 hồ sơ được thực hiện. 1 hồ sơ giữ nguyên." in told
    assert "Giữ nguyên. Các cơ quan" in told
    assert await decisions(database) == []
    done = await browser.post(f"{here}/decisions", data=form | {"step": "confirm"})
    assert done.status_code == 303
    batch = UUID(done.headers["location"].split("?")[0].rpartition("/")[2])
    taken = await decisions(database, batch)
    assert [(one.application_id, one.to_state, one.zones) for one in taken] == [
        (one.id, ApplicationState.APPROVED, ["A"]) for one in made[:2]
    ]
    page = await browser.get(done.headers["location"])
    assert "Đã ban hành 2 quyết định. 1 hồ sơ giữ nguyên." in text_of(page)
    # Approvals are taken back by revoking them, not by an undo.
    assert "/undo" not in page.text


async def test_a_hasty_batch_of_refusals_is_taken_back(
    browser: httpx.AsyncClient, press: PressStory, database: Database, here: str, clock: Clock
) -> None:
    made = await hand_in(database, press, 1, 2)
    await sign_in(browser, press.emails["reviewer"])
    form = {"kind": "rejected", "applications": [str(one.id) for one in made]}
    empty = await browser.post(f"{here}/decisions", data=form | {"step": "confirm"})
    assert (empty.status_code, set(errors_of(empty))) == (422, {"ground"})
    done = await browser.post(f"{here}/decisions", data=form | {"step": "confirm", "ground": "Nhầm danh sách."})
    batch = done.headers["location"].split("?")[0]
    assert [(await fresh(database, one)).state for one in made] == [ApplicationState.REJECTED] * 2
    refused = await browser.post(f"{batch}/undo", data={"ground": " "})
    assert (refused.status_code, set(errors_of(refused))) == (422, {"ground"})
    clock.at = NOW + timedelta(minutes=5)
    undone = await browser.post(f"{batch}/undo", data={"ground": "Chọn nhầm dòng."})
    assert undone.headers["location"] == f"{batch}?undone=2"
    assert [(await fresh(database, one)).state for one in made] == [ApplicationState.IN_REVIEW] * 2
    assert "Đã hủy 2 quyết định." in text_of(await browser.get(undone.headers["location"]))
    last = (await decisions(database))[-1]
    assert (last.reason, last.supersedes_id is not None, last.batch_id is not None) == ("Chọn nhầm dòng.", True, True)
    await sign_in(browser, press.emails["outsider"])
    for answer in (await browser.get(batch), await browser.post(f"{batch}/undo", data={"ground": "x"})):
        assert answer.status_code == 403


async def test_an_unknown_batch_is_not_found(browser: httpx.AsyncClient, press: PressStory) -> None:
    await sign_in(browser, press.emails["reviewer"])
    assert (await browser.get(f"/console/batches/{uuid4()}")).status_code == 404
    assert (await browser.post(f"/console/batches/{uuid4()}/undo", data={"ground": "x"})).status_code == 404


async def test_appeals_stand_on_top(
    browser: httpx.AsyncClient, press: PressStory, database: Database, here: str
) -> None:
    (made,) = await hand_in(database, press, 1)
    async with database.transaction() as session:
        await decide(session, press, made, ApplicationState.REJECTED)
        journalist = (await application_store.get_application(session, made.id))[1]
        await appeals.file(
            session, journalist=journalist, application_id=made.id, text="Tôi có giấy giới thiệu.", now=NOW
        )
    await sign_in(browser, press.emails["reviewer"])
    assert "1 khiếu nại chờ trả lời" in text_of(await browser.get(here))
