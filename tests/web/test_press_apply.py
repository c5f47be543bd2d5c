"""A journalist's application, from beginning it to sending it in, over HTTP: what is kept, told and refused."""

import re
from datetime import timedelta
from html import unescape

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from service.domain.accreditation import (
    ApplicationState,
    EvidenceKind,
    FocalPoint,
    MediaRole,
)
from service.domain.audit import AuditEntry
from service.store.database import Database
from service.usecases.accreditation.showing import IDENTITY
from tests.conftest import NOW, Clock
from tests.press_story import VAULT, files_of, make_journalist
from tests.web.browsing import errors_of, text_of
from tests.web.press_pages import Applicant, applicant, browser_of, complete

__all__ = ["applicant"]


def states(page: httpx.Response) -> dict[str, str]:
    """The tasks of the list by the end of their address, with their state in words."""
    found = {}
    for task in re.findall(r"<li>(.*?)</li>", page.text.split('class="task-list"', 1)[1], re.DOTALL):
        way, state = re.search(r'href="([^"]+)"', task), re.search(r"</svg>([^<]+)<", task)
        if way and state:
            found[re.sub(r"^/press/(applications/[\w-]+/)?", "", way[1])] = unescape(state[1])
    return found


# Beginning -----------------------------------------------------------------------------------------------------


async def test_begun_twice_it_is_one_application(applicant: Applicant) -> None:
    event = applicant.story.event.id
    answer = await applicant.browser.post(f"/press/events/{event}/apply", data={"class_code": "one_day"})
    assert (answer.status_code, answer.headers["location"]) == (303, applicant.here)
    assert (await applicant.now()).class_code == "domestic"


async def test_without_a_class_one_is_led_back_to_the_event(applicant: Applicant) -> None:
    event = applicant.story.event.id
    answer = await applicant.browser.post(f"/press/events/{event}/apply")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/press/events/{event}")


async def test_an_application_is_seen_by_nobody_else(applicant: Applicant, app: FastAPI, database: Database) -> None:
    async with database.transaction() as session:
        other = await make_journalist(session, 2)
        browser = await browser_of(app, session, other)
    async with browser:
        pages = [await browser.get(f"{applicant.here}{step}") for step in ("", "/work", "/check", "/files/portrait")]
        sent = [
            await browser.post(f"{applicant.here}/{step}", data={"version": "1"})
            for step in ("work", "check", "answer", "withdraw", "appeal")
        ]
    assert {page.status_code for page in pages} == {404}
    assert {one.status_code for one in sent if one.status_code != 422} == {404}
    assert (await applicant.now()).state is ApplicationState.DRAFT


async def test_whoever_is_not_signed_in_is_led_to_sign_in(applicant: Applicant) -> None:
    applicant.browser.cookies.clear()
    page = await applicant.get("work")
    assert (page.status_code, page.headers["location"]) == (303, f"/press/sign-in?next={applicant.here}/work")


async def test_a_focal_point_writes_for_a_colleague_and_that_is_kept(
    applicant: Applicant, app: FastAPI, database: Database
) -> None:
    async with database.transaction() as session:
        focal = await make_journalist(session, 2)
        session.add(
            FocalPoint(
                outlet_id=focal.outlet_id,
                journalist_id=focal.id,
                named_by_id=applicant.story.organiser.staff_id,
                named_at=NOW,
            )
        )
        browser = await browser_of(app, session, focal)
    async with browser:
        page = await browser.get(applicant.here)
        saved = await browser.post(f"{applicant.here}/work", data={"version": "1", "zones_wanted": ["B"]})
    assert (page.status_code, f"Cho {applicant.journalist.full_name}" in text_of(page)) == (200, True)
    assert (saved.status_code, (await applicant.now()).zones_wanted) == (303, ["B"])
    async with database.session() as session:
        entries = await session.scalars(select(AuditEntry).where(AuditEntry.actor_id == focal.id))  # type: ignore[arg-type]
        kept = {(one.action, one.object_id) for one in entries}
    assert kept == {("viewed", applicant.application_id), ("written", applicant.application_id)}


# The tasks -----------------------------------------------------------------------------------------------------


async def test_the_tasks_say_what_is_done_and_what_is_not(applicant: Applicant) -> None:
    empty = states(await applicant.get())
    assert empty == {
        "class": "Đã xong",
        "work": "Chưa xong",
        "profile": "Đã xong",
        "about": "Chưa xong",
        "files/portrait": "Chưa xong",
        "files/press_card": "Chưa xong",
        "files/assignment_letter": "Chưa xong",
        "check": "Chưa xong",
    }
    await complete(applicant, media_role=MediaRole.CAMERA)
    async with applicant.database.transaction() as session:
        there = await files_of(session, await applicant.now())
        there[EvidenceKind.EQUIPMENT_LIST].removed_at = NOW
        session.add(there[EvidenceKind.EQUIPMENT_LIST])
    whole = states(await applicant.get())
    assert whole == {**dict.fromkeys(empty, "Đã xong"), "check": "Chưa xong", "files/equipment_list": "Không bắt buộc"}


async def test_a_late_draft_is_told_that_it_may_be_decided_too_late(applicant: Applicant, clock: Clock) -> None:
    early = text_of(await applicant.get())
    clock.at = NOW + timedelta(days=5)
    late = text_of(await applicant.get())
    assert ("Có thể không kịp xét" in early, "Hạn nộp an toàn 26/11/2026" in early) == (False, True)
    assert "Hạn nộp an toàn là ngày 26/11/2026: thời gian xét tối đa 6 ngày làm việc." in late


# Questions -----------------------------------------------------------------------------------------------------


async def test_what_was_answered_is_kept_and_shown_again(applicant: Applicant) -> None:
    day = applicant.story.days[1].isoformat()
    form = {"media_role": "photographer", "zones_wanted": ["B", "A"], "days_wanted": [day], "note": "Đi cùng ê kíp."}
    saved = await applicant.send("work", **form)
    assert (saved.status_code, saved.headers["location"]) == (303, applicant.here)
    now = await applicant.now()
    assert (now.media_role, now.zones_wanted, now.note, now.answers) == (
        MediaRole.PHOTOGRAPHER,
        ["A", "B"],
        "Đi cùng ê kíp.",
        {"days_wanted": [day]},
    )
    page = await applicant.get("work")
    ticked = re.findall(r'name="(\w+)" value="([^"]+)"(?: id="\w+")? checked', page.text)
    assert ticked == [
        ("media_role", "photographer"),
        ("zones_wanted", "A"),
        ("zones_wanted", "B"),
        ("days_wanted", day),
    ]


async def test_a_draft_may_be_left_half_done(applicant: Applicant) -> None:
    saved = await applicant.send("about", birth_year="1990")
    assert (saved.status_code, (await applicant.now()).answers) == (303, {"birth_year": 1990})


async def test_what_cannot_be_kept_comes_back_with_all_that_was_typed(applicant: Applicant) -> None:
    form = {"birth_year": "chín mươi", "assignment": "Đưa tin.\n" * 200, "pen_name": "Sóng Xanh"}
    page = await applicant.send("about", **form)
    assert page.status_code == 422
    assert errors_of(page) == {
        "birth_year": "Ghi năm có bốn chữ số, ví dụ 1990",
        "assignment": "Viết không quá 1.000 ký tự",
    }
    assert ('value="chín mươi"' in page.text, 'value="Sóng Xanh"' in page.text) == (True, True)
    assert unescape(page.text).count("Đưa tin.\n") == 200
    assert (await applicant.now()).answers == {}


async def test_days_are_read_as_people_write_them(applicant: Applicant) -> None:
    await applicant.send("class", class_code="visiting_foreign")
    for typed, kept in (("03/12/2026", "2026-12-03"), ("2026-12-04", "2026-12-04")):
        assert (await applicant.send("about", arrives_on=typed)).status_code == 303
        assert (await applicant.now()).answers["arrives_on"] == kept
    wrong = await applicant.send("about", arrives_on="31/11/2026")
    assert errors_of(wrong) == {"arrives_on": "Ghi ngày, ví dụ 23/11/2026"}


async def test_an_identity_number_is_sealed_and_never_shown_whole_again(applicant: Applicant) -> None:
    await applicant.send("class", class_code="visiting_foreign")
    await applicant.send("about", identity_number="079 195 004 321", nationality="VN")
    first = await applicant.now()
    page, check = await applicant.get("about"), await applicant.get("check")
    assert VAULT.open(first.identity_sealed, purpose=IDENTITY) == b"079195004321"
    for shown in (page, check):
        assert ("079195004321" in shown.text, "•••••••••321" in shown.text) == (False, True)
    await applicant.send("about", identity_number="", nationality="US")
    now = await applicant.now()
    assert (now.identity_sealed, now.answers) == (first.identity_sealed, {"nationality": "US"})


async def test_another_class_asks_other_things(applicant: Applicant) -> None:
    assert (await applicant.send("class", class_code="one_day")).status_code == 303
    assert [*states(await applicant.get())] == [
        "class",
        "work",
        "profile",
        "about",
        "files/portrait",
        "files/press_card",
        "check",
    ]
    wrong = await applicant.send("class", class_code="none_such")
    assert errors_of(wrong) == {"class_code": "Chọn một loại thẻ"}
