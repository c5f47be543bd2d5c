"""One application on its office's page over HTTP: what is shown and what not, and every step that is taken there."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from service.domain.accreditation import (
    Application,
    ApplicationState,
    Decision,
    EvidenceKind,
    ReviewState,
    VerdictKind,
)
from service.domain.passes import EntryPass, PassState
from service.store import accreditation as application_store
from service.store.database import Database
from service.usecases.accreditation import appeals
from tests.conftest import NOW, Clock
from tests.press_story import PressStory, approve_all, begin, decide, files_of, make_journalist, reviews_of, say
from tests.web.browsing import browser, counted, errors_of, sign_in, text_of
from tests.web.desk_pages import audited, fresh, hand_in, press, review_id

__all__ = ["browser", "press"]
REASON = "Trùng hồ sơ của cùng một người."


def page_of(application: Application) -> str:
    return f"/console/applications/{application.id}"


async def last_decision(database: Database) -> Decision:
    async with database.session() as session:
        found = await session.scalars(select(Decision).order_by(Decision.id.desc()).limit(1))
        return found.one()


async def ready(database: Database, press: PressStory, number: int = 1, **facts: Any) -> Application:
    """An application that all authorities approved."""
    (made,) = await hand_in(database, press, number, **facts)
    async with database.transaction() as session:
        await approve_all(session, press, made)
    return made


# What is shown -----------------------------------------------------------------------------------------------


async def test_the_office_sees_all_but_who_somebody_is_on_paper(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    (made,) = await hand_in(database, press, 1, class_code="visiting_foreign")
    async with database.transaction() as session:
        files = await files_of(session, made)
    await sign_in(browser, press.emails["foreign_ministry"])
    await browser.get(f"/console/reviews/{await review_id(database, made, 'foreign_ministry')}")
    await sign_in(browser, press.emails["organiser"])
    page = await browser.get(page_of(made))
    told = text_of(page)
    assert page.status_code == 200
    for shown in ("000001", "phong.vien.1@toasoan.example", "0900 000 000", "NGUYEN<<THI<BIEN", "Việt Nam"):
        assert shown in told
    assert "079190001234" not in page.text
    assert "Số giấy tờ tùy thân được niêm phong" in told
    assert "Chỉ cơ quan kiểm tra nhân thân được xem." in told
    assert f"/console/evidence/{files[EvidenceKind.PASSPORT].id}" not in page.text
    assert f"/console/evidence/{files[EvidenceKind.ASSIGNMENT_LETTER].id}" in page.text
    # Who was shown what: the ministry saw the passport line, the office the card number.
    looks = told.split("Ai đã xem gì", 1)[1]
    assert "Cán bộ Bộ Ngoại giao (Ví Dụ) · Bộ Ngoại giao" in looks
    entry = (await audited(database, "application", "viewed"))[-1]
    assert entry.actor_id == press.organiser.staff_id
    assert "press_card_number" in entry.details["fields"]
    assert "identity_number" not in entry.details["fields"]


async def test_verdicts_of_all_authorities_stand_there_with_what_they_add_up_to(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    (made,) = await hand_in(database, press, 1, zones=("A", "B"))
    async with database.transaction() as session:
        await say(session, press, made, "host", VerdictKind.CONDITIONS, zones=("A",), ground="Hẹp chỗ ở khu B.")
        day = (press.days[1],)
        await say(session, press, made, "press_management", VerdictKind.CONDITIONS, days=day, escort=True)
        await say(session, press, made, "security")
    await sign_in(browser, press.emails["reviewer"])
    page = await browser.get(page_of(made))
    told = text_of(page)
    assert "Hẹp chỗ ở khu B." in told
    on = f"{press.days[1]:%d/%m/%Y}"
    assert f"Tổng hợp điều kiện: chỉ khu vực A; chỉ trong ngày {on}; chỉ khi có người đi cùng" in told
    form = page.text.split("decision-form", 1)[1]
    # Nothing can be approved as it stands, and only what everybody allows can be chosen.
    assert 'value="approved"' not in form
    assert re.findall(r'name="zones" value="(\w)"', form) == ["A"]
    assert re.findall(r'name="days" value="([\d-]+)"', form) == [press.days[1].isoformat()]


async def test_the_page_asks_the_same_however_much_happened(
    app: FastAPI, browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    (made,) = await hand_in(database, press, 1)
    await sign_in(browser, press.emails["reviewer"])
    with counted(app.state.database) as few:
        await browser.get(page_of(made))
    async with database.transaction() as session:
        for kind in (VerdictKind.REJECT, VerdictKind.APPROVE):
            await say(session, press, made, "host", kind)
        await say(session, press, made, "press_management")
    with counted(app.state.database) as many:
        await browser.get(page_of(made))
    assert len(many) == len(few)


async def test_a_press_card_that_others_named_is_told(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    (made,) = await hand_in(database, press, 1)
    async with database.transaction() as session:
        owner = (await application_store.get_application(session, made.id))[1]
        await make_journalist(session, 2, press_card_hash=owner.press_card_hash)
    await sign_in(browser, press.emails["reviewer"])
    assert "1 nhà báo khác khai cùng số thẻ nhà báo" in text_of(await browser.get(page_of(made)))


async def test_drafts_are_nobodys_business(browser: httpx.AsyncClient, press: PressStory, database: Database) -> None:
    async with database.transaction() as session:
        draft = await begin(session, press, await make_journalist(session, 1))
    await sign_in(browser, press.emails["reviewer"])
    for answer in (await browser.get(page_of(draft)), await browser.get(f"/console/applications/{uuid4()}")):
        assert answer.status_code == 404


# Decisions ---------------------------------------------------------------------------------------------------


async def test_an_approval_keeps_what_was_chosen_and_the_pass_follows(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    made = await ready(database, press, zones=("A", "B"))
    await sign_in(browser, press.emails["reviewer"])
    form = {"kind": "approved", "zones": ["A"], "days": [press.days[0].isoformat()]}
    answer = await browser.post(f"{page_of(made)}/decision", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page_of(made)}?news=decided")
    now = await fresh(database, made)
    assert (now.state, now.zones_granted, now.days_granted) == (ApplicationState.APPROVED, ["A"], [press.days[0]])
    page = await browser.get(answer.headers["location"])
    assert "Đã ghi nhận quyết định." in text_of(page)
    assert f"{page_of(made)}/pass" not in page.text
    assert (await browser.post(f"{page_of(made)}/pass")).status_code == 403
    await sign_in(browser, press.emails["organiser"])
    issued = await browser.post(f"{page_of(made)}/pass")
    assert issued.status_code == 303
    assert issued.headers["location"].startswith("/console/passes/")
    assert issued.headers["location"] in (await browser.get(page_of(made))).text


@pytest.mark.parametrize(
    ("form", "status", "wanted"),
    [
        ({}, 422, {"kind"}),
        ({"kind": "revoked", "reason": REASON}, 422, {"kind"}),
        ({"kind": "rejected"}, 422, {"reason"}),
        ({"kind": "needs_information", "reason_code": "made_up"}, 422, {"reason"}),
        ({"kind": "approved"}, 422, {"zones"}),
    ],
)
async def test_what_is_missing_is_told_at_its_field(
    browser: httpx.AsyncClient,
    press: PressStory,
    database: Database,
    form: dict[str, str],
    status: int,
    wanted: set[str],
) -> None:
    made = await ready(database, press)
    await sign_in(browser, press.emails["reviewer"])
    answer = await browser.post(f"{page_of(made)}/decision", data=form)
    assert (answer.status_code, set(errors_of(answer))) == (status, wanted)
    assert (await fresh(database, made)).state is ApplicationState.IN_REVIEW


async def test_what_authorities_have_not_said_is_no_yes(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    waiting, refused = await hand_in(database, press, 1, 2)
    async with database.transaction() as session:
        await say(session, press, refused, "host", VerdictKind.REJECT)
    await sign_in(browser, press.emails["reviewer"])
    for made, words in ((waiting, "im lặng không phải là đồng ý"), (refused, "quyền phủ quyết đã từ chối")):
        answer = await browser.post(f"{page_of(made)}/decision", data={"kind": "approved", "zones": "A"})
        assert (answer.status_code, words in text_of(answer)) == (409, True)
        assert (await fresh(database, made)).zones_granted == []


async def test_beyond_the_quota_needs_a_tick_and_a_reason(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    limit = press.rules.of("one_day").quota.per_outlet
    assert limit == 2
    for number in (1, 2):
        made = await ready(database, press, number, class_code="one_day")
        async with database.transaction() as session:
            await decide(session, press, made, ApplicationState.APPROVED)
    last = await ready(database, press, 3, class_code="one_day")
    await sign_in(browser, press.emails["reviewer"])
    page = await browser.get(page_of(last))
    assert "2 / 2 đã hết" in text_of(page)
    assert 'name="beyond_quota"' in page.text
    form = {"kind": "approved", "zones": "A"}
    full = await browser.post(f"{page_of(last)}/decision", data=form)
    assert (full.status_code, set(errors_of(full))) == (409, {"beyond_quota"})
    beyond = form | {"beyond_quota": "yes", "reason": "Đoàn chủ nhà đề nghị."}
    assert (await browser.post(f"{page_of(last)}/decision", data=beyond)).status_code == 303
    assert (await last_decision(database)).reason == "Đoàn chủ nhà đề nghị."


async def test_a_revocation_ends_the_pass_and_can_be_set_aside(
    browser: httpx.AsyncClient, press: PressStory, database: Database, clock: Clock
) -> None:
    made = await ready(database, press)
    async with database.transaction() as session:
        await decide(session, press, made, ApplicationState.APPROVED)
    await sign_in(browser, press.emails["organiser"])
    await browser.post(f"{page_of(made)}/pass")
    await sign_in(browser, press.emails["reviewer"])
    clock.at = NOW + timedelta(hours=1)
    answer = await browser.post(f"{page_of(made)}/decision", data={"kind": "revoked", "reason": REASON})
    assert answer.status_code == 303
    async with database.session() as session:
        (ended,) = list(await session.scalars(select(EntryPass)))
    assert (ended.state, ended.state_ground) == (PassState.REVOKED, REASON)
    empty = await browser.post(f"{page_of(made)}/set-aside", data={"ground": ""})
    assert (empty.status_code, set(errors_of(empty))) == (422, {"ground"})
    clock.at = NOW + timedelta(hours=2)
    aside = await browser.post(f"{page_of(made)}/set-aside", data={"ground": "Thu hồi nhầm người."})
    assert aside.headers["location"] == f"{page_of(made)}?news=set_aside"
    assert (await fresh(database, made)).state is ApplicationState.IN_REVIEW
    told = text_of(await browser.get(page_of(made)))
    assert "Hủy quyết định đã ban hành" in told
    assert "Thu hồi nhầm người." in told
    assert (await browser.post(f"{page_of(made)}/set-aside", data={"ground": "x"})).status_code == 409
    async with database.session() as session:
        assert {one.state for one in (await reviews_of(session, made)).values()} == {ReviewState.DONE}


async def test_an_appeal_is_answered_there(
    browser: httpx.AsyncClient, press: PressStory, database: Database, clock: Clock
) -> None:
    made = await ready(database, press)
    async with database.transaction() as session:
        await decide(session, press, made, ApplicationState.REJECTED)
        owner = (await application_store.get_application(session, made.id))[1]
        filed = await appeals.file(session, journalist=owner, application_id=made.id, text="Có nhầm lẫn.", now=NOW)
    here = f"{page_of(made)}/appeals/{filed.id}"
    await sign_in(browser, press.emails["reviewer"])
    assert "Có nhầm lẫn." in text_of(await browser.get(page_of(made)))
    empty = await browser.post(here, data={})
    assert (empty.status_code, set(errors_of(empty))) == (422, {"upheld", "answer"})
    clock.at = NOW + timedelta(hours=1)
    answer = await browser.post(here, data={"upheld": "yes", "answer": "Đúng là nhầm."})
    assert answer.headers["location"] == f"{page_of(made)}?news=answered"
    assert (await fresh(database, made)).state is ApplicationState.IN_REVIEW
    assert "Chấp nhận khiếu nại" in text_of(await browser.get(page_of(made)))
    assert (await browser.post(here, data={"upheld": "no", "answer": "x"})).status_code == 409
    other = (await hand_in(database, press, 2))[0]
    wrong = f"{page_of(other)}/appeals/{filed.id}"
    assert (await browser.post(wrong, data={"upheld": "no", "answer": "x"})).status_code == 404


async def test_an_original_that_was_seen_is_ticked(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    (made,) = await hand_in(database, press, 1, class_code="visiting_foreign")
    async with database.transaction() as session:
        files = await files_of(session, made)
    await sign_in(browser, press.emails["organiser"])
    page = await browser.get(page_of(made))
    action = f"{page_of(made)}/evidence/{files[EvidenceKind.ASSIGNMENT_LETTER].id}/seen"
    assert f'action="{unescape(action)}"' in page.text
    answer = await browser.post(action)
    assert answer.headers["location"] == f"{page_of(made)}?news=seen"
    assert "Cán bộ Sở Chủ trì Ví Dụ đã xem bản gốc" in text_of(await browser.get(page_of(made)))
    hidden = f"{page_of(made)}/evidence/{files[EvidenceKind.PASSPORT].id}/seen"
    assert (await browser.post(hidden)).status_code == 403
