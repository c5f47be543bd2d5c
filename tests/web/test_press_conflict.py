"""Two windows on one application: whoever saves second loses nothing, and chooses what counts."""

from html import unescape

import pytest

from service.domain.accreditation import ApplicationState, EvidenceKind, MediaRole
from tests.press_story import files_of, picture
from tests.web.browsing import text_of
from tests.web.press_pages import Applicant, applicant, complete, hidden, upload

__all__ = ["applicant"]


async def test_the_second_window_keeps_what_was_typed_beside_what_is_saved(applicant: Applicant) -> None:
    one, other = hidden(await applicant.get("about"), "version"), hidden(await applicant.get("about"), "version")
    first = await applicant.send("about", version=one, birth_year="1990", assignment="Đưa tin khai mạc.")
    second = await applicant.send(
        "about", version=other, birth_year="1991", assignment="Đưa tin khai mạc.", pen_name="Sóng"
    )
    assert (first.status_code, second.status_code) == (303, 409)
    page = unescape(second.text)
    assert ('value="1991"' in page, 'value="Sóng"' in page) == (True, True)
    told = text_of(second)
    assert "Nội dung này vừa được thay đổi ở cửa sổ khác" in told
    # Only what differs is shown beside it: the assignment is the same in both.
    assert [part.split()[0] for part in told.split("Đang lưu: ")[1:]] == ["chưa", "1990"]
    assert (await applicant.now()).answers == {"birth_year": 1990, "assignment": "Đưa tin khai mạc."}
    assert hidden(second, "version") == f"{int(other) + 1}"


async def test_sending_again_is_a_conscious_choice(applicant: Applicant) -> None:
    stale = hidden(await applicant.get("work"), "version")
    await applicant.send("work", zones_wanted=["A"], note="Từ cửa sổ thứ nhất.")
    page = await applicant.send("work", version=stale, zones_wanted=["B"], note="Từ cửa sổ thứ hai.")
    assert (page.status_code, "Đang lưu: A – Khu A" in text_of(page)) == (409, True)
    again = await applicant.send("work", version=hidden(page, "version"), zones_wanted=["B"], note="Từ cửa sổ thứ hai.")
    now = await applicant.now()
    assert (again.status_code, now.zones_wanted, now.note) == (303, ["B"], "Từ cửa sổ thứ hai.")


@pytest.mark.parametrize("version", ["", "0", "một", "99999999999999999999"])
async def test_a_form_without_a_version_overwrites_nothing(applicant: Applicant, version: str) -> None:
    page = await applicant.send("work", version=version, zones_wanted=["A"])
    assert (page.status_code, (await applicant.now()).zones_wanted) == (409, [])


async def test_a_class_chosen_elsewhere_is_shown_beside_ones_own_choice(applicant: Applicant) -> None:
    stale = hidden(await applicant.get("class"), "version")
    await applicant.send("class", class_code="technician")
    page = await applicant.send("class", version=stale, class_code="one_day")
    assert (page.status_code, "Đang lưu: Kỹ thuật viên" in text_of(page)) == (409, True)
    assert 'value="one_day" checked' in page.text
    assert (await applicant.now()).class_code == "technician"


async def test_what_changed_before_sending_is_looked_at_once_more(applicant: Applicant) -> None:
    await complete(applicant)
    stale = hidden(await applicant.get("check"), "version")
    await applicant.send("work", zones_wanted=["B"], media_role="writer")
    page = await applicant.send("check", version=stale)
    assert (page.status_code, "B – Khu B" in text_of(page)) == (409, True)
    assert (await applicant.now()).state is ApplicationState.DRAFT
    assert (await applicant.send("check", version=hidden(page, "version"))).status_code == 303


async def test_a_file_sent_elsewhere_is_not_replaced_unseen(applicant: Applicant) -> None:
    blank = hidden(await applicant.get("files/portrait"), "replaces")
    first = await upload(applicant, "portrait", picture(colour="teal"), replaces=blank)
    second = await upload(applicant, "portrait", picture(colour="red"), replaces=blank)
    assert (first.status_code, second.status_code) == (303, 409)
    assert "Tệp này vừa được thay đổi ở cửa sổ khác" in text_of(second)
    async with applicant.database.session() as session:
        kept = (await files_of(session, await applicant.now()))[EvidenceKind.PORTRAIT]
    assert hidden(second, "replaces") == str(kept.id)
    stale = await applicant.browser.post(f"{applicant.here}/files/portrait/remove", data={"replaces": ""})
    assert stale.status_code == 409
    third = await upload(applicant, "portrait", picture(colour="red"), replaces=str(kept.id))
    assert third.status_code == 303


async def test_writing_elsewhere_does_not_stand_in_the_way_of_a_file(applicant: Applicant) -> None:
    seen = hidden(await applicant.get("files/portrait"), "replaces")
    await applicant.send("work", zones_wanted=["A"], media_role=MediaRole.WRITER.value)
    assert (await upload(applicant, "portrait", picture(), replaces=seen)).status_code == 303
