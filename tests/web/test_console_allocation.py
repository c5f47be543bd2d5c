"""Sharing out places over HTTP: the dry run, carrying it out, and the letters."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from service.domain.accreditation import AccreditationPlan, Allocation, Application
from service.domain.audit import AuditEntry
from service.store.database import Database
from tests.press_story import PressStory, approve_all, make_submitted
from tests.store.pdf_text import texts
from tests.web.accreditation_pages import applicants, browser, enter, press
from tests.web.browsing import counted, errors_of, rows_of, text_of

__all__ = ["browser", "press"]


@pytest.fixture
def here(press: PressStory) -> str:
    return f"/console/events/{press.event.id}/allocation"


def form_of(page: httpx.Response) -> dict[str, Any]:
    """The form that carries out what the page shows."""
    form = page.text.split('data-confirm="allocate-dialog"', 1)[1].split("</form>", 1)[0]
    found: dict[str, Any] = {"others": "waitlisted"}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found[name] = [*found[name], value] if isinstance(found.get(name), list) else value
        if name == "class_order":
            found[name] = [value] if isinstance(found[name], str) else found[name]
    return found


async def kept(database: Database) -> list[Allocation]:
    async with database.session() as session:
        return list(await session.scalars(select(Allocation).order_by(Allocation.id)))


async def states(database: Database) -> Mapping[UUID, str]:
    async with database.session() as session:
        return {one.id: one.state.value for one in await session.scalars(select(Application))}


async def test_a_dry_run_shows_ranks_and_not_the_draw(
    browser: httpx.AsyncClient, press: PressStory, here: str, database: Database
) -> None:
    made = await applicants(database, press, 3)
    await enter(browser, press, "organiser")
    page = await browser.get(here)
    rows = rows_of(page, 'id="dry-run"')
    assert [(row[0], row[-1]) for row in rows] == [("1 – 3", "Do bốc thăm quyết định")] * 3
    assert sorted(row[1].split(" Báo")[0] for row in rows) == ["Người Thử 1", "Người Thử 2", "Người Thử 3"]
    # An organiser looks, and whoever decides carries it out.
    assert ("Bốc thăm và quyết định" in page.text, len(made)) == (False, 3)
    async with database.session() as session:
        looked = await session.scalars(select(AuditEntry.details).where(AuditEntry.noun == "allocation"))
        assert list(looked) == [{"rows": 3}]


async def test_criteria_stand_in_the_address(
    browser: httpx.AsyncClient, press: PressStory, here: str, database: Database
) -> None:
    await applicants(database, press, 2)
    await enter(browser, press, "reviewer")
    page = await browser.get(f"{here}?chosen=yes&criterion_1=earliest&criterion_3=outlet_turn")
    chosen = re.findall(r'<option value="(\w+)" selected>', page.text)
    assert chosen[:2] == ["earliest", "outlet_turn"]
    assert "Đây không phải tiêu chí đã công bố" in text_of(page)
    twice = await browser.get(f"{here}?chosen=yes&criterion_1=earliest&criterion_2=earliest")
    assert (twice.status_code, [*errors_of(twice)]) == (422, ["criterion_2"])
    assert "Đây không phải tiêu chí" not in text_of(await browser.get(here))


async def test_the_order_of_classes_is_by_their_numbers(
    browser: httpx.AsyncClient, press: PressStory, here: str, database: Database
) -> None:
    await applicants(database, press, 1)
    async with database.transaction() as session:
        day, _ = await make_submitted(session, press, 9, "one_day")
        await approve_all(session, press, day)
    await enter(browser, press, "reviewer")
    query = "chosen=yes&criterion_1=class_order&class_order=domestic&class_order=one_day"
    first = await browser.get(f"{here}?{query}&order_domestic=1&order_one_day=2")
    other = await browser.get(f"{here}?{query}&order_domestic=2&order_one_day=1")
    assert [row[2] for row in rows_of(first, 'id="dry-run"')] == ["Phóng viên trong nước", "Thẻ một ngày"]
    assert [row[2] for row in rows_of(other, 'id="dry-run"')] == ["Thẻ một ngày", "Phóng viên trong nước"]


async def test_whoever_decides_draws_and_is_led_to_the_result(
    browser: httpx.AsyncClient, press: PressStory, here: str, database: Database
) -> None:
    made = await applicants(database, press, 4)
    await enter(browser, press, "reviewer")
    page = await browser.get(f"{here}?chosen=yes&criterion_1=outlet_turn")
    done = await browser.post(here, data=form_of(page))
    (allocation,) = await kept(database)
    assert (done.status_code, done.headers["location"]) == (303, f"/console/allocations/{allocation.id}")
    assert allocation.criteria == ["outlet_turn"]
    assert sorted((await states(database)).values()) == ["approved", "approved", "waitlisted", "waitlisted"]
    result = await browser.get(done.headers["location"])
    rows = rows_of(result, "<h1>")
    assert [row[0] for row in rows] == ["1", "2", "3", "4"]
    assert [row[3] for row in rows] == ["Có chỗ", "Có chỗ", "Hết chỗ của sự kiện", "Hết chỗ của sự kiện"]
    assert (allocation.seed in result.text, len(made)) == (True, 4)
    again = await browser.get(here)
    assert [row[0] for row in rows_of(again, 'id="past"')] == ["Lần bốc thăm 1"]
    assert [row[-1] for row in rows_of(again, 'id="dry-run"')] == ["Không có chỗ Hết chỗ của sự kiện"] * 2


async def test_what_changed_meanwhile_is_shown_and_nothing_is_decided(
    browser: httpx.AsyncClient, press: PressStory, here: str, database: Database
) -> None:
    await applicants(database, press, 3)
    await enter(browser, press, "reviewer")
    form = form_of(await browser.get(f"{here}?chosen=yes&criterion_1=earliest_day"))
    async with database.transaction() as session:
        plan = await session.get_one(AccreditationPlan, press.event.id)
        plan.caps = {"": 3}
    page = await browser.post(here, data=form)
    assert page.status_code == 409
    assert "Đã có thay đổi sau khi xem thử" in text_of(page)
    assert (await kept(database), set((await states(database)).values())) == ([], {"in_review"})
    # What was chosen stays chosen, and the new dry run can be carried out.
    again = form_of(page)
    assert again["criterion_1"] == "earliest_day"
    assert (await browser.post(here, data=again)).status_code == 303


async def test_nobody_is_decided_on_twice(
    browser: httpx.AsyncClient, press: PressStory, here: str, database: Database
) -> None:
    await applicants(database, press, 3)
    await enter(browser, press, "reviewer")
    form = form_of(await browser.get(here))
    assert [(await browser.post(here, data=form)).status_code for _ in range(2)] == [303, 409]
    assert len(await kept(database)) == 1


async def test_letters_are_a_pdf_for_all_or_for_one(
    browser: httpx.AsyncClient, press: PressStory, here: str, database: Database
) -> None:
    await applicants(database, press, 3)
    await enter(browser, press, "reviewer")
    done = await browser.post(here, data=form_of(await browser.get(here)) | {"others": "rejected"})
    result = await browser.get(done.headers["location"])
    (all_of_them,) = set(re.findall(r'href="(/console/allocations/[^"]+letters\.pdf)"', result.text))
    (one,) = re.findall(r'href="(/console/applications/[^"]+letter\.pdf)"', result.text)
    made = [await browser.get(address) for address in (all_of_them, one)]
    assert [(answer.status_code, answer.headers["content-type"]) for answer in made] == [(200, "application/pdf")] * 2
    said = [texts(answer.content) for answer in made]
    assert said[0] == said[1]
    assert "khôngcấpthẻtácnghiệp" in said[0][0]
    assert "Xếpthứ3trên3hồsơtheokếtquảbốcthăm" in said[0][0]
    granted = re.findall(r'href="/console/applications/([^"/]+)"', result.text)[0]
    assert (await browser.get(f"/console/applications/{granted}/letter.pdf")).status_code == 409


async def test_the_pages_ask_as_often_for_many_as_for_few(
    app: FastAPI, browser: httpx.AsyncClient, press: PressStory, here: str, database: Database
) -> None:
    await enter(browser, press, "reviewer")
    await applicants(database, press, 1)
    with counted(app.state.database) as few:
        await browser.get(here)
    async with database.transaction() as session:
        for number in range(20, 24):
            application, _ = await make_submitted(session, press, number)
            await approve_all(session, press, application)
    with counted(app.state.database) as many:
        await browser.get(here)
    assert len(many) == len(few) <= 16


async def test_other_organisations_and_roles_are_kept_out(
    browser: httpx.AsyncClient, press: PressStory, here: str, database: Database
) -> None:
    await applicants(database, press, 3)
    await enter(browser, press, "reviewer")
    form = form_of(await browser.get(here))
    await enter(browser, press, "organiser")
    assert (await browser.post(here, data=form)).status_code == 403
    await enter(browser, press, "reviewer")
    result = (await browser.post(here, data=form)).headers["location"]
    (allocation,) = await kept(database)
    closed = (here, result, f"{result}/letters.pdf", f"/console/applications/{allocation.ranking[2]['id']}/letter.pdf")
    for who in ("outsider", "security"):
        await enter(browser, press, who)
        assert [(await browser.get(address)).status_code for address in closed] == [403] * 4
