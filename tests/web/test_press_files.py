"""The files of an application in the portal: sent, replaced, removed, and refused without losing anything."""

import pytest

from service.domain.accreditation import EvidenceKind
from service.domain.files import FilePurpose
from service.settings import Settings
from service.store.files import open_file
from tests.press_story import VAULT, files_of, picture
from tests.web.browsing import errors_of, text_of
from tests.web.press_pages import Applicant, applicant, hidden, upload

__all__ = ["applicant"]


async def test_a_portrait_is_kept_as_three_by_four(applicant: Applicant) -> None:
    sent = await upload(applicant, "portrait", picture(1200, 1200, "PNG"), name="ảnh thẻ.png")
    assert (sent.status_code, sent.headers["location"]) == (303, applicant.here)
    async with applicant.database.session() as session:
        kept = (await files_of(session, await applicant.now()))[EvidenceKind.PORTRAIT]
        assert kept.file_id is not None
        content = await open_file(session, kept.file_id, FilePurpose.EVIDENCE, VAULT)
    assert (kept.name, kept.media_type, content[:2]) == ("ảnh thẻ.jpg", "image/jpeg", b"\xff\xd8")
    page = await applicant.get("files/portrait")
    assert (f'src="/press/evidence/{kept.id}"' in page.text, "ảnh thẻ.jpg" in page.text) == (True, True)
    assert (await applicant.browser.get(f"/press/evidence/{kept.id}")).content == content


@pytest.mark.parametrize(
    ("kind", "content", "name", "told"),
    [
        ("portrait", b"", "", "Chọn tệp"),
        ("portrait", b"%PDF-1.7", "a.pdf", "Hãy gửi ảnh JPEG hoặc PNG"),
        ("press_card", b"MZ\x90\x00", "the.exe", "Hãy gửi ảnh JPEG, PNG hoặc PDF"),
        ("press_card", b"%PDF-1.7 and nothing", "a.pdf", "Tệp này bị hỏng. Hãy lưu lại rồi gửi lại"),
    ],
)
async def test_what_cannot_be_taken_is_told_at_its_field(
    applicant: Applicant, kind: str, content: bytes, name: str, told: str
) -> None:
    page = await upload(applicant, kind, content, name=name)
    assert (page.status_code, errors_of(page)) == (422, {"content": told})


async def test_a_body_that_is_too_large_is_refused_with_the_limit_and_nothing_is_lost(
    applicant: Applicant, settings: Settings
) -> None:
    await upload(applicant, "portrait", picture())
    before = await applicant.now()
    page = await upload(applicant, "portrait", b"\xff\xd8" + b"0" * settings.upload_limit)
    assert (page.status_code, errors_of(page)) == (
        413,
        {"content": "Tệp quá lớn. Gửi tệp tối đa 10 MB; các nội dung khác vẫn được giữ nguyên"},
    )
    assert ("Tệp đang lưu" in text_of(page), (await applicant.now()).version) == (True, before.version)
    assert hidden(page, "replaces")


async def test_a_file_over_ten_megabytes_is_refused_with_the_limit(applicant: Applicant) -> None:
    page = await upload(applicant, "press_card", b"%PDF-" + b"0" * (10 << 20))
    assert (page.status_code, errors_of(page)) == (422, {"content": "Tệp này quá lớn. Hãy gửi tệp không quá 10 MB"})


async def test_a_file_is_replaced_and_removed(applicant: Applicant) -> None:
    await upload(applicant, "press_card", picture(), name="cũ.jpg")
    await upload(applicant, "press_card", picture(), name="mới.jpg")
    async with applicant.database.session() as session:
        assert (await files_of(session, await applicant.now()))[EvidenceKind.PRESS_CARD].name == "mới.jpg"
    page = await applicant.get("files/press_card")
    way = f"{applicant.here}/files/press_card/remove"
    answers = [await applicant.browser.post(way, data={"replaces": hidden(page, "replaces")}) for _ in range(2)]
    async with applicant.database.session() as session:
        left = await files_of(session, await applicant.now())
    assert (answers[0].status_code, left) == (303, {})
    # Removed twice: what was seen is gone already, and that is what the page then says.
    assert answers[1].status_code == 409


async def test_only_what_the_class_asks_has_a_page(applicant: Applicant) -> None:
    page = await applicant.get("files/passport")
    sent = await upload(applicant, "passport", picture())
    unknown = await applicant.get("files/selfie")
    assert (page.status_code, sent.status_code, unknown.status_code) == (303, 303, 422)


async def test_a_file_that_is_no_longer_asked_for_can_be_removed(applicant: Applicant) -> None:
    await applicant.send("work", media_role="camera", zones_wanted=["A"])
    await upload(applicant, "equipment_list", picture())
    await applicant.send("work", media_role="writer", zones_wanted=["A"])
    assert "Không còn yêu cầu: bạn có thể xóa" in text_of(await applicant.get())
    page = await applicant.get("files/equipment_list")
    assert ("Tệp này không còn được yêu cầu" in text_of(page), 'type="file"' in page.text) == (True, False)
    gone = await applicant.browser.post(
        f"{applicant.here}/files/equipment_list/remove", data={"replaces": hidden(page, "replaces")}
    )
    assert gone.status_code == 303
    assert "Không còn yêu cầu" not in text_of(await applicant.get())


async def test_from_the_last_page_one_comes_back_to_it(applicant: Applicant) -> None:
    check = await applicant.get("check")
    assert f'href="{applicant.here}/files/portrait?back=check#file:portrait"' not in check.text
    page = await applicant.browser.get(f"{applicant.here}/files/portrait?back=check")
    assert f'action="{applicant.here}/files/portrait?back=check"' in page.text
    sent = await applicant.browser.post(
        f"{applicant.here}/files/portrait?back=check", files={"content": ("a.jpg", picture(), "image/jpeg")}
    )
    assert (sent.status_code, sent.headers["location"]) == (303, f"{applicant.here}/check")
