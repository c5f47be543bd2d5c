"""Standing accreditation over HTTP: given, listed, ended, and confirmed in the portal."""

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col

from service.domain.accreditation import Application, ApplicationState, Outcome, StandingAccreditation
from service.domain.audit import AuditEntry
from service.settings import Settings
from service.store.database import Database
from tests import press_story
from tests.press_story import PressStory
from tests.web.browsing import browser, errors_of, rows_of, sign_in, text_of

__all__ = ["browser"]
HERE = "/console/standing"
GIVE = f"{HERE}/give"


@pytest.fixture
async def story(database: Database) -> PressStory:
    async with database.transaction() as session:
        made = await press_story.open_press(session)
        await press_story.make_journalist(session, 1, full_name="Lê Văn Khơi")
        await press_story.make_journalist(session, 2, full_name="Phạm Biển Khơi", outlet="Đài Ví Dụ")
    return made


def form(story: PressStory, **typed: str) -> dict[str, str]:
    known = {
        "who": "phong.vien.1@toasoan.example",
        "class_code": "domestic",
        "organisation_id": str(story.host.id),
        "valid_from": "01/01/2026",
        "valid_until": "31/12/2026",
        "ground": "Công văn 12/CV-BC.",
    }
    return known | typed


async def test_it_is_given_by_address_and_listed(
    browser: httpx.AsyncClient, database: Database, story: PressStory
) -> None:
    await sign_in(browser, story.emails["reviewer"])
    assert "Chưa có thẻ thường niên" in (await browser.get(HERE)).text
    page = await browser.get(GIVE)
    assert ('value="23/11/2026"' in page.text, 'value="31/12/2026"' in page.text) == (True, True)
    assert "technician" not in page.text
    done = await browser.post(GIVE, data=form(story))
    assert done.headers["location"] == f"{HERE}?news=given"
    page = await browser.get(done.headers["location"])
    (row,) = rows_of(page, "<table")
    assert (row[0], row[1], row[3]) == (
        "Lê Văn Khơi Báo Sóng Xanh",
        "Phóng viên trong nước",
        "01/01/2026 – 31/12/2026",
    )
    assert "Đã cấp thẻ thường niên" in page.text
    twice = await browser.post(GIVE, data=form(story, valid_from="31/12/2026", valid_until="01/02/2027"))
    assert (twice.status_code, list(errors_of(twice))) == (409, ["valid_from"])
    assert "01/01/2026 – 31/12/2026" in text_of(twice)
    async with database.session() as session:
        of_this = col(AuditEntry.noun) == "standing_accreditation"
        listed = await session.scalars(select(AuditEntry).where(of_this).order_by(col(AuditEntry.id)))
        assert [one.action for one in listed] == ["given", "listed"]


async def test_of_several_who_are_found_one_is_chosen(
    browser: httpx.AsyncClient, database: Database, story: PressStory
) -> None:
    await sign_in(browser, story.emails["reviewer"])
    page = await browser.post(GIVE, data=form(story, who="khoi"))
    assert (page.status_code, list(errors_of(page))) == (422, ["journalist_id"])
    choice = page.text.split("Phạm Biển Khơi", 1)[0].rsplit('value="', 1)[1].split('"', 1)[0]
    assert 'value="Công văn 12/CV-BC."' not in page.text
    assert "Công văn 12/CV-BC." in page.text
    done = await browser.post(GIVE, data=form(story, who="khoi", journalist_id=choice))
    assert done.status_code == 303
    async with database.session() as session:
        kept = (await session.scalars(select(StandingAccreditation))).one()
        assert str(kept.journalist_id) == choice
    page = await browser.get(HERE, params={"q": "bien khoi"})
    assert [row[0] for row in rows_of(page, "<table")] == ["Phạm Biển Khơi Đài Ví Dụ"]


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        (
            {"who": "", "valid_from": "", "valid_until": "", "ground": ""},
            ["who", "valid_from", "valid_until", "ground"],
        ),
        ({"who": "khong.co@toasoan.example"}, ["who"]),
        ({"valid_until": "01/01/2027"}, ["valid_until"]),
        ({"valid_until": "31/12/2025"}, ["valid_until"]),
        ({"valid_from": "31/02/2026"}, ["valid_from"]),
    ],
)
async def test_what_is_wrong_comes_back(
    browser: httpx.AsyncClient, database: Database, story: PressStory, typed: dict[str, str], fields: list[str]
) -> None:
    await sign_in(browser, story.emails["reviewer"])
    page = await browser.post(GIVE, data=form(story, **typed))
    assert (page.status_code, list(errors_of(page))) == (422, fields)
    async with database.session() as session:
        assert list(await session.scalars(select(StandingAccreditation))) == []


async def test_ending_asks_for_a_ground(browser: httpx.AsyncClient, database: Database, story: PressStory) -> None:
    await sign_in(browser, story.emails["reviewer"])
    await browser.post(GIVE, data=form(story))
    page = await browser.get(HERE)
    address = page.text.split(f'href="{HERE}/', 2)[2].split('"', 1)[0]
    end = f"{HERE}/{address}"
    assert "Lê Văn Khơi" in (await browser.get(end)).text
    page = await browser.post(end, data={"ground": " "})
    assert (page.status_code, list(errors_of(page))) == (422, ["ground"])
    assert (await browser.post(end, data={"ground": "Đã thôi việc."})).headers["location"] == f"{HERE}?news=ended"
    assert (await browser.post(end, data={"ground": "Đã thôi việc."})).status_code == 409
    assert "Lê Văn Khơi" not in (await browser.get(HERE)).text
    page = await browser.get(HERE, params={"state": "all"})
    assert "Đã thôi việc." in rows_of(page, "<table")[0][5]
    assert (await browser.get(HERE, params={"state": "nonsense"})).status_code == 422


async def test_other_organisations_see_nothing_of_it(
    browser: httpx.AsyncClient, database: Database, story: PressStory
) -> None:
    await sign_in(browser, story.emails["reviewer"])
    await browser.post(GIVE, data=form(story))
    async with database.transaction() as session:
        kept = (await session.scalars(select(StandingAccreditation))).one()
    for email in ("organiser", "outsider", "security"):
        await sign_in(browser, story.emails[email])
        for address in (HERE, GIVE, f"{HERE}/{kept.id}/end"):
            assert (await browser.get(address)).status_code == 403
        assert (await browser.post(f"{HERE}/{kept.id}/end", data={"ground": "x"})).status_code == 403


async def test_its_holder_confirms_in_the_portal_in_one_step(
    browser: httpx.AsyncClient, database: Database, story: PressStory, settings: Settings
) -> None:
    await sign_in(browser, story.emails["reviewer"])
    await browser.post(GIVE, data=form(story))
    async with database.transaction() as session:
        kept = (await session.scalars(select(StandingAccreditation))).one()
        holder = await press_story.application_store.find_journalist_by_email(session, "phong.vien.1@toasoan.example")
        assert holder is not None
        token = await press_story.open_session(session, holder, settings)
    browser.cookies.set("biendao_press", token)
    address = f"/press/events/{story.event.id}/confirm"
    done = await browser.post(address, data={"media_role": "writer", "zones": ["A"]})
    assert done.status_code == 303
    async with database.session() as session:
        made = (await session.scalars(select(Application))).one()
        assert (made.state, made.outcome, made.standing_id) == (
            ApplicationState.SUBMITTED,
            Outcome.PASSED,
            kept.id,
        )
    assert done.headers["location"] == f"/press/applications/{made.id}"
