"""Opening an accreditation, changing it, and its overview, over HTTP."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from service.domain.accreditation import AccreditationPlan, ApplicationState, Panel
from service.domain.accreditation.allocation import commitment
from service.domain.events import Event
from service.store.database import Database
from service.store.vault import Vault
from service.usecases.accreditation import add_version
from service.usecases.accreditation.plans import SEED
from tests.conftest import NOW, SECRET, Clock
from tests.press_story import PressStory, decide, make_journalist, make_submitted
from tests.rows import make_event
from tests.web.accreditation_pages import admin_of, applicants, browser, enter, press
from tests.web.browsing import counted, errors_of, rows_of, text_of

__all__ = ["browser", "press"]


@pytest.fixture
def here(press: PressStory) -> str:
    return f"/console/events/{press.event.id}/accreditation"


def form_of(press: PressStory, **facts: Any) -> dict[str, Any]:
    """A form that opens the classes of domestic reporters and of a single day."""
    bodies = {f"org_{code}": str(body.id) for code, body in press.bodies.items()}
    leads = {f"lead_{code}": f"{code}@authority.example" for code in press.bodies}
    return {
        "rule_set": str(press.plan.rule_set_id),
        "classes": ["domestic", "one_day"],
        "closes_on": "2026-12-01",
        "closes_at": "17:00",
        "cap": "50",
        "cap_domestic": "40",
        "contact": "Phòng Báo chí",
        "appeal_days": "7",
        "criterion_1": "outlet_turn",
        "criterion_2": "earliest_day",
        **bodies,
        **leads,
    } | facts


async def plan_of(database: Database, event_id: UUID) -> AccreditationPlan | None:
    async with database.session() as session:
        return await session.get(AccreditationPlan, event_id)


async def test_an_organiser_opens_an_accreditation(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    async with database.transaction() as session:
        event = await make_event(session, press.host, days=(20, 22))
    here = f"/console/events/{event.id}/accreditation"
    await enter(browser, press, "organiser")
    page = await browser.get(here)
    assert ("Mở đăng ký tác nghiệp" in page.text, "Tình hình" in page.text, "/allocation" in page.text) == (
        True,
        False,
        False,
    )
    opened = await browser.post(here, data=form_of(press))
    assert (opened.status_code, opened.headers["location"]) == (303, f"{here}?done=opened")
    plan = await plan_of(database, event.id)
    assert plan is not None
    assert (plan.classes, plan.caps, plan.criteria, plan.appeal_days, plan.contact) == (
        ["domestic", "one_day"],
        {"": 50, "domestic": 40},
        ["outlet_turn", "earliest_day"],
        7,
        "Phòng Báo chí",
    )
    seed = Vault(SECRET).open(plan.draw_seed_sealed, purpose=SEED).decode()
    assert plan.draw_commitment == commitment(seed)
    async with database.session() as session:
        panels = list(await session.scalars(select(Panel).where(Panel.event_id == event.id)))
        closes_at = (await session.get_one(Event, event.id)).accreditation_closes_at
    assert {one.authority: one.lead_email for one in panels} == {
        code: f"{code}@authority.example" for code in press.bodies
    }
    assert closes_at is not None
    assert closes_at.isoformat() == "2026-12-01T10:00:00+00:00"
    page = await browser.get(opened.headers["location"])
    told = text_of(page)
    assert ("Đã mở đăng ký tác nghiệp" in told, plan.draw_commitment in told, seed in page.text) == (True, True, False)


async def test_what_is_wrong_stands_at_its_field_with_all_that_was_typed(
    browser: httpx.AsyncClient, press: PressStory, here: str, database: Database
) -> None:
    await enter(browser, press, "organiser")
    wrong = form_of(
        press,
        classes=["domestic"],
        closes_on="2020-01-01",
        cap="nhiều",
        cap_one_day="3",
        org_security="",
        lead_host="không phải thư",
        appeal_days="0",
        criterion_2="outlet_turn",
        contact="Giữ lại câu này",
    )
    page = await browser.post(here, data=wrong)
    assert (page.status_code, errors_of(page)) == (
        422,
        {
            "cap": "Nhập số nguyên từ 0 đến 100.000",
            "cap_one_day": "Loại thẻ này chưa mở: chọn mở, hoặc để trống số chỗ",
            "org_security": "Chọn đơn vị làm: Cơ quan an ninh",
            "lead_host": errors_of(page)["lead_host"],
            "closes_on": "Thời điểm này đã qua: chọn thời điểm muộn hơn",
            "appeal_days": "Nhập số nguyên từ 1 đến 60",
            "criterion_2": "Tiêu chí này bị chọn hai lần: mỗi tiêu chí chỉ chọn một lần",
        },
    )
    for kept in ("Giữ lại câu này", 'value="2020-01-01"', 'value="nhiều"', 'value="không phải thư"'):
        assert kept in page.text
    assert page.text.count('name="classes" value="domestic" id="classes" checked') == 1
    assert 'value="one_day" checked' not in page.text
    plan = await plan_of(database, press.event.id)
    assert plan is not None
    assert plan.caps == {"": 2}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"classes": []}, "classes"),
        ({"closes_on": ""}, "closes_on"),
        ({"closes_at": ""}, "closes_at"),
        ({"closes_at": "25:99"}, "closes_at"),
        ({"cap_domestic": "-1"}, "cap_domestic"),
    ],
)
async def test_each_field_has_its_own_message(
    browser: httpx.AsyncClient, press: PressStory, here: str, facts: dict[str, Any], field: str
) -> None:
    await enter(browser, press, "organiser")
    page = await browser.post(here, data=form_of(press, **facts))
    assert (page.status_code, field in errors_of(page)) == (422, True)


async def test_a_change_says_what_it_does_to_applications_under_way(
    browser: httpx.AsyncClient, press: PressStory, here: str, database: Database
) -> None:
    await applicants(database, press, 3, approved=False)
    before = await plan_of(database, press.event.id)
    await enter(browser, press, "organiser")
    assert "3 hồ sơ đang xét: giữ bộ quy tắc lúc nộp" in text_of(await browser.get(here))
    changed = await browser.post(here, data=form_of(press))
    assert changed.headers["location"] == f"{here}?done=changed"
    after = await plan_of(database, press.event.id)
    assert before is not None
    assert after is not None
    # The promise of the draw outlives every change.
    assert after.draw_commitment == before.draw_commitment
    assert after.caps == {"": 50, "domestic": 40}


async def test_the_overview_counts_classes_quotas_and_clocks(
    app: FastAPI, browser: httpx.AsyncClient, press: PressStory, here: str, database: Database, clock: Clock
) -> None:
    made = await applicants(database, press, 2)
    async with database.transaction() as session:
        await decide(session, press, made[0], ApplicationState.APPROVED)
    await enter(browser, press, "reviewer")
    with counted(app.state.database) as few:
        page = await browser.get(here)
    assert rows_of(page, 'id="standing"')[0] == [
        "Phóng viên trong nước", "2", "0", "1", "1", "0", "0", "không giới hạn", "–",
    ]  # fmt: skip
    assert "Tất cả loại thẻ 2 0 1 1 0 0 2 1" in text_of(page)
    assert rows_of(page, 'id="quotas"') == [
        ["Báo Số 1", "Phóng viên trong nước", "1", "4", "0"],
        ["Báo Số 2", "Phóng viên trong nước", "0", "4", "1"],
    ]
    assert 'id="set-up"' not in page.text
    await applicants_late(database, press)
    with counted(app.state.database) as many:
        page = await browser.get(here)
    assert len(many) == len(few) <= 20
    assert [row[1:4] for row in rows_of(page, 'id="clocks"')] == [["3", "0", "0"], ["3", "0", "0"], ["0", "0", "0"]]
    clock.at = NOW + timedelta(days=10)
    await enter(browser, press, "reviewer")
    late = rows_of(await browser.get(here), 'id="clocks"')
    assert [row[2] for row in late] == ["3", "3", "0"]


async def applicants_late(database: Database, press: PressStory) -> None:
    """Three more who wait."""
    async with database.transaction() as session:
        for number in range(11, 14):
            journalist = await make_journalist(session, number, outlet=f"Báo Số {number}")
            await make_submitted(session, press, journalist=journalist)


async def test_an_older_version_stays_until_the_newer_is_taken(
    browser: httpx.AsyncClient, press: PressStory, here: str, database: Database
) -> None:
    async with database.transaction() as session:
        admin = await admin_of(session)
        body = press.rules.model_dump(mode="json", exclude_defaults=True) | {"format": 1}
        body["classes"] = body["classes"][:1]
        newer = await add_version(
            session, access=admin, code="vn-press", based_on=1, body=body, note="Chỉ còn một loại", now=NOW
        )
    await enter(browser, press, "organiser")
    page = await browser.get(here)
    assert ("phiên bản mới hơn" in page.text, 'value="one_day"' in page.text) == (True, True)
    page = await browser.get(f"{here}?rules={newer.id}")
    assert ('value="one_day"' in page.text, 'value="domestic"' in page.text) == (False, True)


async def test_other_organisations_see_and_change_nothing(
    browser: httpx.AsyncClient, press: PressStory, here: str
) -> None:
    for who in ("outsider", "security"):
        await enter(browser, press, who)
        assert (await browser.get(here)).status_code == 403
        assert (await browser.post(here, data=form_of(press))).status_code == 403
    await enter(browser, press, "reviewer")
    assert (await browser.post(here, data=form_of(press))).status_code == 403


async def test_the_event_page_leads_there(browser: httpx.AsyncClient, press: PressStory, here: str) -> None:
    await enter(browser, press, "organiser")
    assert f'href="{here}"' in (await browser.get(here.rpartition("/")[0])).text
    await enter(browser, press, "outsider")
    assert f'href="{here}"' not in (await browser.get(here.rpartition("/")[0])).text
