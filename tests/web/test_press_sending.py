"""Sending an application in, over HTTP: what stops it, what goes along, and that it is sent once."""

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from service.domain.accreditation import (
    CONSENT_VERSION,
    Application,
    ApplicationState,
    Consent,
    ConsentPurpose,
    EvidenceKind,
    FocalPoint,
    MediaRole,
)
from service.domain.audit import AuditEntry
from service.store import consents
from service.store.database import Database
from tests.conftest import NOW, Clock
from tests.press_story import begin, files_of, fill, make_journalist, open_press, picture
from tests.web.browsing import text_of
from tests.web.press_pages import Applicant, applicant, browser_of, complete, hidden, upload

__all__ = ["applicant"]


async def test_what_is_missing_is_told_with_the_way_to_its_page(applicant: Applicant) -> None:
    page = await applicant.send("check")
    summary = page.text.split('id="errors"', 1)[1].split("</div>", 1)[0]
    ways = re.findall(r'<a href="([^"]+)">', summary)
    assert page.status_code == 422
    assert ways == [
        *(
            f"{applicant.here}/{step}?back=check#{field}"
            for step, field in (("about", "birth_year"), ("about", "assignment"), ("work", "zones_wanted"))
        ),
        *(f"{applicant.here}/files/{kind}?back=check" for kind in ("portrait", "press_card", "assignment_letter")),
    ]
    for way in ways:
        there = await applicant.browser.get(way.partition("#")[0])
        field = way.partition("#")[2] or "content"
        assert (there.status_code, f'id="{field}"' in there.text) == (200, True)


async def test_what_another_class_asked_for_is_not_sent_along(applicant: Applicant) -> None:
    await applicant.send("class", class_code="visiting_foreign")
    await applicant.send("about", identity_number="C7654321", nationality="US", frequencies="470 MHz")
    await upload(applicant, "passport", picture())
    await applicant.send("class", class_code="domestic")
    await complete(applicant)
    assert (await applicant.send("check")).status_code == 303
    now = await applicant.now()
    async with applicant.database.session() as session:
        kept = set(await files_of(session, now))
    assert (now.identity_sealed, set(now.answers)) == (
        b"",
        {"pen_name", "birth_year", "assignment", "days_wanted", "equipment"},
    )
    assert kept == {EvidenceKind.PORTRAIT, EvidenceKind.PRESS_CARD, EvidenceKind.ASSIGNMENT_LETTER}


async def test_sent_twice_it_is_sent_once_and_leads_to_where_it_stands(applicant: Applicant) -> None:
    await complete(applicant)
    version = hidden(await applicant.get("check"), "version")
    answers = [await applicant.browser.post(f"{applicant.here}/check", data={"version": version}) for _ in range(2)]
    assert {(one.status_code, one.headers["location"]) for one in answers} == {(303, f"{applicant.here}?news=sent")}
    page = await applicant.browser.get(f"{applicant.here}?news=sent")
    assert ("Đã gửi hồ sơ" in text_of(page), (await applicant.now()).state) == (True, ApplicationState.SUBMITTED)
    async with applicant.database.session() as session:
        sent = select(AuditEntry).where(AuditEntry.action == "submitted")  # type: ignore[arg-type]
        assert len(list(await session.scalars(sent))) == 1
    assert (await applicant.get("check")).status_code == 303


@pytest.mark.parametrize(("ticked", "status"), [([], 422), (["portrait_on_badge"], 422), (["accreditation"], 303)])
async def test_nothing_is_sent_without_consent(
    applicant: Applicant, app: FastAPI, ticked: list[str], status: int
) -> None:
    async with applicant.database.transaction() as session:
        new = await make_journalist(session, 2, consents=())
        draft = await begin(session, applicant.story, new)
        await fill(session, applicant.story, new, draft)
        browser = await browser_of(app, session, new)
    async with browser:
        here = f"/press/applications/{draft.id}/check"
        page = await browser.get(here)
        answer = await browser.post(here, data={"version": hidden(page, "version"), "consents": ticked})
    assert (answer.status_code, page.text.count('name="consents"')) == (status, 2)
    async with applicant.database.session() as session:
        given = select(Consent.purpose).where(Consent.journalist_id == new.id)  # type: ignore[call-overload]
        assert list(await session.scalars(given)) == ([ConsentPurpose.ACCREDITATION] if status == 303 else [])
    if status == 422:
        assert ('href="#consents"' in answer.text, f'value="{(ticked or [""])[0]}" checked' in answer.text) == (
            True,
            bool(ticked),
        )


async def test_after_the_last_moment_a_draft_is_kept_but_not_sent(applicant: Applicant, clock: Clock) -> None:
    await complete(applicant)
    clock.at = NOW + timedelta(days=7)
    tasks, answer = await applicant.get(), await applicant.send("check")
    assert "Sự kiện đã hết nhận hồ sơ" in text_of(tasks)
    assert (answer.status_code, (await applicant.now()).state) == (409, ApplicationState.DRAFT)
    assert "Sự kiện đã hết nhận hồ sơ. Liên hệ ban tổ chức: Phòng Báo chí, 028 0000 0000" in text_of(answer)


async def test_an_event_without_classes_can_still_be_followed(app: FastAPI, database: Database) -> None:
    async with database.transaction() as session:
        story = await open_press(session)
        journalist = await make_journalist(session)
        plain = Application(
            event_id=story.event.id,
            journalist_id=journalist.id,
            state=ApplicationState.SUBMITTED,
            media_role=MediaRole.WRITER,
            zones_wanted=["A"],
            submitted_at=NOW,
            created_at=NOW,
        )
        session.add(plain)
        await session.flush()
        browser = await browser_of(app, session, journalist)
    async with browser:
        page = await browser.get(f"/press/applications/{plain.id}")
        step = await browser.get(f"/press/applications/{plain.id}/work")
    assert (page.status_code, step.status_code, "A – Khu A" in text_of(page)) == (200, 303, True)


async def test_nobody_agrees_for_a_colleague(applicant: Applicant, app: FastAPI) -> None:
    async with applicant.database.transaction() as session:
        new = await make_journalist(session, 2, consents=())
        draft = await begin(session, applicant.story, new)
        await fill(session, applicant.story, new, draft)
        session.add(
            FocalPoint(
                outlet_id=new.outlet_id,
                journalist_id=applicant.journalist.id,
                named_by_id=applicant.story.organiser.staff_id,
                named_at=NOW,
            )
        )
    here = f"/press/applications/{draft.id}/check"
    page = await applicant.browser.get(here)
    form = {"version": hidden(page, "version"), "consents": ["accreditation"]}
    refused = await applicant.browser.post(here, data=form)
    assert ('name="consents"' in page.text, refused.status_code) == (False, 422)
    assert f"{new.full_name} cần đồng ý cho sử dụng dữ liệu" in text_of(refused)
    async with applicant.database.transaction() as session:
        purpose = ConsentPurpose.ACCREDITATION
        await consents.agree(session, journalist_id=new.id, purpose=purpose, text_version=CONSENT_VERSION, now=NOW)
    assert (await applicant.browser.post(here, data=form)).status_code == 303
