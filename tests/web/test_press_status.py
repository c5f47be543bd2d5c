"""Where an application stands after it was sent in: its way, questions, decisions, appeals, taking it back."""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import httpx
import pytest

from service.domain.accreditation import (
    Appeal,
    Application,
    ApplicationState,
    EvidenceKind,
    Question,
    ReviewState,
    VerdictKind,
)
from service.domain.passes import EntryPass, PassState
from service.store import appeals as appeal_store
from service.store import reviews as review_store
from service.usecases import accreditation, holders
from tests.conftest import NOW, Clock
from tests.press_story import VAULT, approve_all, decide, fresh, picture, reviews_of, say, submit
from tests.web.browsing import errors_of, text_of
from tests.web.press_pages import Applicant, applicant, complete, upload

__all__ = ["applicant"]
GROUND = "Đề nghị bổ sung giấy giới thiệu có chữ ký của lãnh đạo."


@pytest.fixture
async def sent(applicant: Applicant) -> Applicant:
    """A complete application that was sent in."""
    whole = await complete(applicant)
    async with applicant.database.transaction() as session:
        await submit(session, applicant.journalist, await fresh(session, whole))
    return applicant


async def verdict(sent: Applicant, authority: str, kind: VerdictKind = VerdictKind.APPROVE, **wish: object) -> None:
    async with sent.database.transaction() as session:
        await say(session, sent.story, await fresh(session, await sent.now()), authority, kind, **wish)


async def decided(sent: Applicant, state: ApplicationState, **wish: object) -> None:
    async with sent.database.transaction() as session:
        application = await fresh(session, await sent.now())
        if state in (ApplicationState.APPROVED, ApplicationState.APPROVED_WITH_CONDITIONS):
            await approve_all(session, sent.story, application)
        await decide(session, sent.story, application, state, **wish)


async def questions_of(sent: Applicant) -> list[Question]:
    async with sent.database.session() as session:
        return await review_store.list_questions(session, sent.application_id)


def way_of(page: httpx.Response) -> list[str]:
    """The steps of the timeline, each as one line."""
    steps = page.text.split('<ol class="timeline">', 1)[1].split("</ol>", 1)[0].split("<li")[1:]
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", f"<li{one}")).split()) for one in steps]


# Its way -------------------------------------------------------------------------------------------------------


async def test_it_says_whose_turn_it_is_and_until_when(sent: Applicant) -> None:
    page = await sent.get()
    assert way_of(page) == [
        "Đã gửi hồ sơ 23/11/2026, 09:00 · Nguyễn Thị Biển 1",
        "Đơn vị chủ trì sự kiện đang xét hồ sơ đến ngày 26/11/2026, còn 2 ngày làm việc",
        "Cơ quan quản lý báo chí đang xét hồ sơ đến ngày 27/11/2026, còn 3 ngày làm việc",
        "Sau đó: Cơ quan an ninh xét tối đa 2 ngày làm việc",
        "Sau đó: Sở Chủ trì Ví Dụ quyết định đến ngày 02/12/2026, còn 6 ngày làm việc",
    ]
    assert "Có quyết định chậm nhất ngày 02/12/2026 (còn 6 ngày làm việc)" in text_of(page)


async def test_an_opinion_that_was_given_is_told_and_not_what_it_says(sent: Applicant) -> None:
    await verdict(sent, "host", VerdictKind.REJECT, ground="Đã đủ phóng viên của báo này.")
    page = await sent.get()
    assert "Đơn vị chủ trì sự kiện đã cho ý kiến 23/11/2026, 09:00" in way_of(page)
    assert ("Đã đủ phóng viên" in page.text, "Từ chối" in text_of(page)) == (False, False)


async def test_a_clock_that_ran_out_is_told(sent: Applicant, clock: Clock) -> None:
    clock.at = NOW + timedelta(days=5)
    late = [step for step in way_of(await sent.get()) if "quá hạn" in step]
    assert late == [
        "Đơn vị chủ trì sự kiện đang xét hồ sơ đã quá hạn ngày 26/11/2026, đã được nhắc",
        "Cơ quan quản lý báo chí đang xét hồ sơ đã quá hạn ngày 27/11/2026, đã được nhắc",
    ]


# Questions -----------------------------------------------------------------------------------------------------


async def test_a_question_leads_to_what_it_is_about_and_its_answer_lets_the_clock_go_on(sent: Applicant) -> None:
    await verdict(
        sent, "press_management", VerdictKind.ASK, ground=GROUND, fields=("file:assignment_letter", "assignment")
    )
    page = await sent.get()
    links = re.findall(r'<ul class="links">.*?</ul>', page.text, re.DOTALL)
    assert re.findall(r'href="([^"]+)"', links[0]) == [
        f"{sent.here}/files/assignment_letter",
        f"{sent.here}/about#assignment",
    ]
    assert way_of(page)[1:] == [
        f"Được yêu cầu bổ sung 23/11/2026, 09:00 · Cơ quan quản lý báo chí {GROUND}",
        "Đến lượt bạn: trả lời các câu hỏi trên trang này",
        "Đơn vị chủ trì sự kiện đang xét hồ sơ đến ngày 26/11/2026, còn 2 ngày làm việc",
        "Cơ quan quản lý báo chí chờ bạn trả lời thời hạn đang tạm dừng",
        "Sau đó: Cơ quan an ninh xét tối đa 2 ngày làm việc",
        "Sau đó: Sở Chủ trì Ví Dụ quyết định",
    ]
    (question,) = await questions_of(sent)
    answer = await sent.browser.post(f"{sent.here}/answer", data={f"answer-{question.id}": "Đã gửi giấy mới."})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{sent.here}?news=answered")
    (question,) = await questions_of(sent)
    assert (question.answer, (await sent.now()).state) == ("Đã gửi giấy mới.", ApplicationState.IN_REVIEW)
    async with sent.database.session() as session:
        states = {code: one.state for code, one in (await reviews_of(session, await sent.now())).items()}
    assert states["press_management"] is ReviewState.OPEN
    assert "Đã trả lời 23/11/2026, 09:00 · Nguyễn Thị Biển 1 Đã gửi giấy mới." in way_of(await sent.get())


async def test_every_question_has_an_answer_of_its_own(sent: Applicant) -> None:
    await verdict(sent, "press_management", VerdictKind.ASK, ground=GROUND)
    await verdict(sent, "host", VerdictKind.ASK, ground="Cho biết số người đi cùng.")
    first, second = await questions_of(sent)
    page = await sent.browser.post(f"{sent.here}/answer", data={f"answer-{first.id}": "Đã gửi."})
    assert (page.status_code, errors_of(page)) == (422, {f"answer-{second.id}": "Trả lời câu hỏi này"})
    assert ">Đã gửi.</textarea>" in page.text
    both = {f"answer-{first.id}": "Đã gửi.", f"answer-{second.id}": "Hai người."}
    assert (await sent.browser.post(f"{sent.here}/answer", data=both)).status_code == 303
    assert [one.answer for one in await questions_of(sent)] == ["Đã gửi.", "Hai người."]


async def test_an_answer_that_comes_second_is_not_lost(sent: Applicant) -> None:
    await verdict(sent, "press_management", VerdictKind.ASK, ground=GROUND)
    (question,) = await questions_of(sent)
    form = {f"answer-{question.id}": "Từ cửa sổ thứ nhất."}
    assert (await sent.browser.post(f"{sent.here}/answer", data=form)).status_code == 303
    page = await sent.browser.post(f"{sent.here}/answer", data={f"answer-{question.id}": "Từ cửa sổ thứ hai."})
    told = text_of(page)
    assert (page.status_code, "Từ cửa sổ thứ nhất." in told, "Từ cửa sổ thứ hai." in told) == (409, True, True)
    assert [one.answer for one in await questions_of(sent)] == ["Từ cửa sổ thứ nhất."]


# Changing what was sent in --------------------------------------------------------------------------------------


async def test_a_change_says_first_who_looks_again(sent: Applicant) -> None:
    await verdict(sent, "press_management")
    page = text_of(await sent.get("about"))
    assert page.count("Nếu sửa mục này, các cơ quan sau xét lại: Cơ quan quản lý báo chí") == 2
    assert "xét lại: Cơ quan quản lý báo chí" in text_of(await sent.get("files/press_card"))
    saved = await sent.send("about", pen_name="Tên khác", birth_year="1990", assignment="Đưa tin.", equipment="")
    assert saved.status_code == 303
    async with sent.database.session() as session:
        again = (await reviews_of(session, await sent.now()))["press_management"]
    assert (again.round, again.state) == (2, ReviewState.OPEN)
    assert any(step.startswith("Cơ quan quản lý báo chí đang xét lại hồ sơ") for step in way_of(await sent.get()))


async def test_what_is_needed_cannot_be_emptied_once_it_was_sent_in(sent: Applicant) -> None:
    page = await sent.send("about", birth_year="", assignment="")
    assert (page.status_code, errors_of(page)) == (
        422,
        {"birth_year": "Chưa trả lời: Năm sinh", "assignment": "Chưa trả lời: Nội dung tác nghiệp"},
    )
    nowhere = await sent.send("work", zones_wanted=[])
    assert (nowhere.status_code, (await sent.now()).zones_wanted) == (422, ["A"])


async def test_after_the_decision_nothing_can_be_changed(sent: Applicant) -> None:
    version = (await sent.now()).version
    await decided(sent, ApplicationState.REJECTED)
    answers = [
        await sent.get("work"),
        await sent.get("files/portrait"),
        await sent.browser.post(f"{sent.here}/work", data={"version": str(version), "zones_wanted": ["B"]}),
        await upload(sent, "portrait", picture()),
        await sent.browser.post(f"{sent.here}/check", data={"version": str(version)}),
    ]
    assert {(one.status_code, one.headers.get("location")) for one in answers} == {(303, sent.here)}
    assert (await sent.now()).version == version


# Decisions -----------------------------------------------------------------------------------------------------


async def test_a_grant_tells_its_conditions_in_words_and_leads_to_the_pass(sent: Applicant) -> None:
    days = tuple(sent.story.days[:2])
    await decided(
        sent, ApplicationState.APPROVED_WITH_CONDITIONS, days=days, escort=True, reason="Chỉ tác nghiệp tại khu A."
    )
    before = text_of(await sent.get())
    assert "Khu vực A – Khu A" in before
    assert "07/12/2026 , 08/12/2026" in before
    assert "Có người của ban tổ chức đi cùng" in before
    assert "Chỉ tác nghiệp tại khu A." in before
    async with sent.database.transaction() as session:
        made = await accreditation.issue_pass(
            session, access=sent.story.organiser, application_id=sent.application_id, secrets=VAULT, now=NOW
        )
    page = await sent.get()
    way = holders.link_of(made.id, vault=VAULT, base_url="")
    assert (f'href="{way}"' in page.text, f'src="{way}/qr.png"' in page.text) == (True, True)
    assert (await sent.browser.get(f"{way}/qr.png")).headers["content-type"] == "image/png"


async def test_a_refusal_gives_its_reason_and_can_be_appealed_against(sent: Applicant, clock: Clock) -> None:
    await decided(sent, ApplicationState.REJECTED, reason="Thẻ nhà báo đã hết hạn.")
    page = text_of(await sent.get())
    assert ("Thẻ nhà báo đã hết hạn." in page, "khiếu nại đến hết ngày 01/12/2026" in page) == (True, True)
    form = await sent.get("appeal")
    assert (form.status_code, "(còn 5 ngày làm việc)" in text_of(form)) == (200, True)
    empty = await sent.browser.post(f"{sent.here}/appeal", data={"text": " "})
    assert (empty.status_code, errors_of(empty)) == (422, {"text": "Ghi lý do đề nghị thay đổi quyết định"})
    filed = [await sent.browser.post(f"{sent.here}/appeal", data={"text": "Thẻ đã được cấp lại."}) for _ in range(2)]
    assert [one.headers["location"] for one in filed] == [f"{sent.here}?news=appealed", sent.here]
    assert [one.wording for one in await appeals_of(sent)] == ["Thẻ đã được cấp lại."]
    assert "Đã khiếu nại 23/11/2026, 09:00 · Nguyễn Thị Biển 1 Thẻ đã được cấp lại." in way_of(await sent.get())
    assert (await sent.get("appeal")).status_code == 303


async def test_after_its_last_day_no_appeal_is_taken(sent: Applicant, clock: Clock) -> None:
    await decided(sent, ApplicationState.REJECTED)
    clock.at = NOW + timedelta(days=9)
    page = await sent.get()
    filed = await sent.browser.post(f"{sent.here}/appeal", data={"text": "Muộn."})
    assert ("Khiếu nại" in text_of(page), filed.status_code, await appeals_of(sent)) == (False, 303, [])


async def appeals_of(sent: Applicant) -> list[Appeal]:
    async with sent.database.session() as session:
        return await appeal_store.list_appeals(session, sent.application_id)


# Taking it back ------------------------------------------------------------------------------------------------


async def test_taking_it_back_asks_first_and_ends_the_pass(sent: Applicant) -> None:
    await decided(sent, ApplicationState.APPROVED)
    async with sent.database.transaction() as session:
        made = await accreditation.issue_pass(
            session, access=sent.story.organiser, application_id=sent.application_id, secrets=VAULT, now=NOW
        )
    asked = await sent.get("withdraw")
    assert (asked.status_code, "Thẻ của bạn hết hiệu lực ngay" in text_of(asked)) == (200, True)
    assert (await sent.now()).state is ApplicationState.APPROVED
    answers = [await sent.browser.post(f"{sent.here}/withdraw") for _ in range(2)]
    assert [one.headers["location"] for one in answers] == [f"{sent.here}?news=withdrawn", sent.here]
    assert await states(sent, made.id) == (ApplicationState.WITHDRAWN, PassState.REVOKED)
    page = await sent.get()
    assert ("Bạn đã rút hồ sơ này." in text_of(page), f"{sent.here}/withdraw" in page.text) == (True, False)


async def states(sent: Applicant, pass_id: UUID) -> tuple[ApplicationState, PassState]:
    async with sent.database.session() as session:
        application = await session.get_one(Application, sent.application_id)
        return application.state, (await session.get_one(EntryPass, pass_id)).state


async def test_what_was_sent_in_stands_there_whole_with_its_files(sent: Applicant) -> None:
    page = await sent.get()
    told = text_of(page)
    for answer in ("Sóng Xanh", "1990", "Đưa tin phiên khai mạc và phỏng vấn bên lề.", "A – Khu A"):
        assert answer in told
    for kind in (EvidenceKind.PORTRAIT, EvidenceKind.PRESS_CARD, EvidenceKind.ASSIGNMENT_LETTER):
        assert f"{kind.value}.jpg" in told
    ways = re.findall(r'href="(/press/evidence/[^"]+)"', page.text)
    assert [(await sent.browser.get(way)).status_code for way in ways] == [200, 200, 200]


@pytest.mark.parametrize("news", ["sent", "<script>", "withdrawn"])
async def test_news_are_only_those_that_we_have(sent: Applicant, news: str) -> None:
    page = await sent.browser.get(sent.here, params={"news": news})
    assert (page.status_code, 'class="toasts"' in page.text, "<script>" in page.text) == (
        200,
        news != "<script>",
        False,
    )
