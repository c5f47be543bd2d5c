"""The page of one pass over HTTP: its portrait, its badge, suspending and revoking it, replacing it, its mail."""

import io
import re
from datetime import timedelta
from html import unescape
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import select

from service.domain.audit import AuditEntry
from service.domain.badges import BadgeAction, BadgeRecord
from service.domain.messages import MailKind, MailState, OutgoingMail
from service.domain.passes import BadgeState, EntryPass
from service.domain.passes import PassState as State
from service.store.database import Database
from service.usecases import holders
from tests.conftest import NOW, Clock
from tests.usecases.test_badges import photo
from tests.web.browsing import browser, errors_of, sign_in, story, text_of
from tests.web.page_story import HOLDERS, ORGANISER, OUTSIDER, REVIEWER, Story
from tests.web.test_console_passes import VAULT, issue, pass_at

__all__ = ["browser", "story"]
WHY = {"ground": "Công văn 215", "authority": "Sở Ví Dụ"}


@pytest.fixture
def here(story: Story, clock: Clock) -> str:
    """The page of the press pass, an hour after its scans."""
    clock.at = NOW + timedelta(hours=1)
    return f"/console/passes/{story.press_pass}"


async def again(database: Database, pass_id: UUID) -> EntryPass:
    async with database.session() as session:
        return await session.get_one(EntryPass, pass_id)


async def log_of(database: Database, pass_id: UUID) -> list[BadgeAction]:
    async with database.session() as session:
        wanted = select(BadgeRecord.action).where(BadgeRecord.pass_id == pass_id).order_by(BadgeRecord.id)
        return list(await session.scalars(wanted))


async def actions_of(database: Database, pass_id: UUID) -> list[str]:
    """What the record says of the pass since it was issued."""
    async with database.session() as session:
        wanted = select(AuditEntry.action).where(AuditEntry.object_id == pass_id, AuditEntry.action != "issued")
        return list(await session.scalars(wanted.order_by(AuditEntry.id)))


async def mails_of(database: Database, pass_id: UUID) -> list[tuple[MailKind, MailState]]:
    async with database.session() as session:
        rows = await session.scalars(
            select(OutgoingMail).where(OutgoingMail.object_id == pass_id).order_by(OutgoingMail.id)
        )
        return [(one.kind, one.state) for one in rows]


def steps(page: httpx.Response) -> list[str]:
    return [unescape(step) for step in re.findall(r'<p class="what">([^<]+)</p>', page.text)]


async def upload(browser: httpx.AsyncClient, here: str, content: bytes, name: str = "anh.jpg") -> httpx.Response:
    return await browser.post(f"{here}/portrait", files={"file": (name, content, "image/jpeg")})


# What the page shows -----------------------------------------------------------------------------------------


async def test_the_page_leads_to_all_that_may_be_done(
    app: FastAPI, browser: httpx.AsyncClient, here: str, story: Story
) -> None:
    await sign_in(browser, ORGANISER)
    page = await browser.get(here)
    link = holders.link_of(story.press_pass, vault=VAULT, base_url=app.state.settings.base_url)
    wanted = ("print", "replace", "change", "suspend", "revoke", "portrait", "send")
    assert [part for part in wanted if f'"{here}/{part}"' in page.text] == list(wanted)
    assert (f'value="{link}"' in page.text, f'href="/p/{link.rpartition("/")[2]}"' in page.text) == (True, True)
    assert "phong.vien.0@example.vn" in page.text
    assert "A Hội trường chính" in text_of(page)


async def test_a_reader_is_shown_what_is_and_nothing_to_do(browser: httpx.AsyncClient, here: str) -> None:
    await sign_in(browser, REVIEWER)
    page = await browser.get(here)
    forms = re.findall(r'<form[^>]*action="(/console/passes[^"]*)"', page.text)
    assert (page.status_code, forms, f"{here}/change" in page.text) == (200, [], False)
    assert ("phong.vien.0@example.vn" in page.text, "Chưa in" in page.text) == (False, True)
    for path in ("replace", "change"):
        assert (await browser.get(f"{here}/{path}")).status_code == 403
    for path in ("print", "badge", "portrait", "portrait/remove", "revoke", "suspend", "resume", "replace", "send"):
        assert (await browser.post(f"{here}/{path}", data={**WHY, "format": "a6"})).status_code == 403, path
    assert (await browser.get(f"{here}/badge.pdf")).status_code == 403


async def test_a_pass_is_closed_to_other_organisations(browser: httpx.AsyncClient, here: str) -> None:
    await sign_in(browser, OUTSIDER)
    for path in ("", "/portrait.jpg", "/badge.png", "/badge.pdf", "/replace", "/change"):
        answer = await browser.get(f"{here}{path}")
        assert (answer.status_code, HOLDERS[0] in answer.text) == (403, False), path
    forms: dict[str, dict[str, str]] = {
        "print": {"format": "a6"},
        "badge": {"action": "lost"},
        "portrait/remove": {},
        "suspend": WHY,
        "revoke": WHY,
        "resume": {},
        "replace": WHY,
        "change": WHY,
        "send": {},
    }
    for path, form in forms.items():
        assert (await browser.post(f"{here}/{path}", data=form)).status_code == 403, path
    assert (await upload(browser, here, photo())).status_code == 403


async def test_the_page_of_a_group_counts_heads(browser: httpx.AsyncClient, story: Story) -> None:
    await sign_in(browser, ORGANISER)
    page = await browser.get(f"/console/passes/{story.group_pass}")
    assert ("3/5 người đã vào" in text_of(page), 'id="portrait"' in page.text) == (True, False)
    assert (await upload(browser, f"/console/passes/{story.group_pass}", photo())).status_code == 409


# The portrait ------------------------------------------------------------------------------------------------


async def test_a_portrait_is_kept_upright_shown_and_removed(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    assert (await browser.get(f"{here}/portrait.jpg")).status_code == 404
    kept = await upload(browser, here, photo(turned=6))
    assert (kept.status_code, kept.headers["location"]) == (303, here)
    page = await browser.get(here)
    (picture,) = re.findall(r'class="portrait" src="([^"]+)"', page.text)
    shown = await browser.get(picture)
    assert (shown.headers["content-type"], shown.headers["cache-control"]) == ("image/jpeg", "private, no-store")
    image = Image.open(io.BytesIO(shown.content)).convert("RGB")
    upper, lower = image.getpixel((240, 100)), image.getpixel((240, 540))
    assert (image.size, image.getexif()) == ((480, 640), {})
    assert (upper[0] > 200 > upper[2], lower[2] > 200 > lower[0]) == (True, True)
    assert (await browser.post(f"{here}/portrait/remove")).status_code == 303
    assert (await browser.get(picture)).status_code == 404
    assert (await browser.post(f"{here}/portrait/remove")).status_code == 404
    assert [one for one in await actions_of(database, story.press_pass) if "portrait" in one] == [
        "portrait_kept",
        "portrait_viewed",
        "portrait_removed",
    ]
    assert steps(await browser.get(here))[-2:] == ["Thêm ảnh chân dung", "Bỏ ảnh chân dung"]


@pytest.mark.parametrize(
    "content",
    [b"", b"no picture at all", photo(149, 200), photo()[:2000], b"GIF89a" + b"\0" * 100],
    ids=["none", "text", "too small", "cut off", "gif"],
)
async def test_what_is_no_portrait_comes_back_with_what_to_do(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database, content: bytes
) -> None:
    await sign_in(browser, ORGANISER)
    page = await upload(browser, here, content)
    assert (page.status_code, list(errors_of(page))) == (422, ["file"])
    assert (await again(database, story.press_pass)).portrait_id is None
    assert (await browser.post(f"{here}/portrait", data={"file": "chữ"})).status_code == 422


async def test_forty_megapixels_are_taken_quickly(browser: httpx.AsyncClient, here: str) -> None:
    await sign_in(browser, ORGANISER)
    large = photo(5400, 7400)
    began = monotonic()
    assert (await upload(browser, here, large)).status_code == 303
    assert monotonic() - began < 5


# Its badge ---------------------------------------------------------------------------------------------------


async def test_a_badge_is_printed_once_and_opened_again(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    for form in ("cr80", "a6"):
        printed = await browser.post(f"{here}/print", data={"format": form})
        assert (printed.status_code, printed.headers["location"]) == (303, f"{here}/badge.pdf?format={form}")
        made = await browser.get(printed.headers["location"])
        assert (made.headers["content-type"], made.content[:5]) == ("application/pdf", b"%PDF-")
        assert made.headers["cache-control"] == "private, no-store"
    assert await log_of(database, story.press_pass) == [BadgeAction.PRINTED]
    page = await browser.get(here)
    assert (steps(page)[-1], "Đã in, chờ trao" in text_of(page)) == ("In thẻ", True)
    assert (await browser.post(f"{here}/print", data={"format": "poster"})).status_code == 422
    assert (await browser.get(f"{here}/badge.pdf?format=poster")).status_code == 422


async def test_the_preview_prints_nothing(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, REVIEWER)
    shown = await browser.get(f"{here}/badge.png")
    assert Image.open(io.BytesIO(shown.content)).size == (620, 874)
    assert (await again(database, story.press_pass)).badge is BadgeState.NONE


async def test_no_badge_is_printed_of_a_pass_that_is_not_in_order(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    for path, why in (("suspend", "tạm dừng"), ("revoke", "thu hồi")):
        assert (await browser.post(f"{here}/{path}", data=WHY)).status_code == 303
        refused = await browser.post(f"{here}/print", data={"format": "a6"})
        page = await browser.get(here)
        assert (refused.status_code, f'action="{here}/print"' in page.text, why in text_of(page)) == (409, False, True)
    assert await log_of(database, story.press_pass) == []


async def test_a_badge_is_lost_and_found(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database, clock: Clock
) -> None:
    await sign_in(browser, ORGANISER)
    assert (await browser.post(f"{here}/badge", data={"action": "lost"})).status_code == 409
    await browser.post(f"{here}/print", data={"format": "a6"})
    clock.at += timedelta(minutes=5)
    page = await browser.post(f"{here}/badge", data={"action": "lost", "note": "cửa\x07B"})
    assert (page.status_code, list(errors_of(page))) == (422, ["note"])
    assert (await browser.post(f"{here}/badge", data={"action": "lost", "note": "Mất tại khu B"})).status_code == 303
    one = await again(database, story.press_pass)
    assert (one.badge, one.state, one.state_ground) == (BadgeState.LOST, State.SUSPENDED, "Mất tại khu B")
    page = await browser.get(here)
    assert ("Mất tại khu B" in page.text, f'action="{here}/print"' in page.text) == (True, False)
    clock.at += timedelta(minutes=5)
    assert (await browser.post(f"{here}/badge", data={"action": "found"})).status_code == 303
    one = await again(database, story.press_pass)
    assert (one.badge, one.state) == (BadgeState.RETURNED, State.ACTIVE)
    assert steps(await browser.get(here))[-5:] == [
        "In thẻ",
        "Báo mất thẻ",
        "Tạm dừng thẻ",
        "Tìm thấy thẻ",
        "Khôi phục hiệu lực thẻ",
    ]
    for action in ("found", "handed_over", "reprinted"):
        assert (await browser.post(f"{here}/badge", data={"action": action})).status_code == 409, action
    assert (await browser.post(f"{here}/badge", data={"action": "eaten"})).status_code == 422


# Suspended, resumed, revoked ---------------------------------------------------------------------------------


async def test_a_pass_is_suspended_made_valid_again_and_revoked_once(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    for path in ("suspend", "revoke"):
        page = await browser.post(f"{here}/{path}", data={"ground": " ", "authority": "Sở Ví Dụ"})
        assert (page.status_code, errors_of(page), 'value="Sở Ví Dụ"' in page.text) == (
            422,
            {"ground": "Ghi căn cứ của quyết định này"},
            True,
        )
    assert (await browser.post(f"{here}/resume")).status_code == 409
    assert (await browser.post(f"{here}/suspend", data=WHY)).status_code == 303
    assert "Công văn 215 · Sở Ví Dụ" in text_of(await browser.get(here))
    assert (await browser.post(f"{here}/suspend", data=WHY)).status_code == 409
    assert (await browser.post(f"{here}/resume")).status_code == 303
    one = await again(database, story.press_pass)
    assert (one.state, one.state_ground) == (State.ACTIVE, "")
    assert [(await browser.post(f"{here}/revoke", data=WHY)).status_code for _ in range(2)] == [303, 409]
    for path in ("suspend", "replace", "change"):
        assert (await browser.post(f"{here}/{path}", data=WHY)).status_code == 409, path
    assert await mails_of(database, story.press_pass) == [
        (MailKind.PASS_ISSUED, MailState.QUEUED),
        (MailKind.PASS_ENDED, MailState.QUEUED),
    ]


# Replaced ----------------------------------------------------------------------------------------------------


async def test_printing_anew_makes_a_new_pass_and_ends_the_older_one(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    await browser.post(f"{here}/print", data={"format": "a6"})
    form = await browser.get(f"{here}/replace")
    assert ("In lại thẻ" in form.text, "mất hiệu lực ngay" in form.text) == (True, True)
    page = await browser.post(f"{here}/replace", data={"ground": "Mất thẻ"})
    assert (page.status_code, list(errors_of(page)), "Mất thẻ</textarea>" in page.text) == (422, ["authority"], True)
    made = await pass_at(database, await browser.post(f"{here}/replace", data=WHY))
    old = await again(database, story.press_pass)
    assert (old.state, old.state_ground, old.badge) == (State.REPLACED, "Công văn 215", BadgeState.PRINTED)
    assert (made.replaces_id, made.version, made.badge, made.holder_name) == (old.id, 2, BadgeState.NONE, HOLDERS[0])
    assert made.human_code != old.human_code
    assert await log_of(database, old.id) == [BadgeAction.PRINTED, BadgeAction.REPRINTED]
    new_page, old_page = await browser.get(f"/console/passes/{made.id}"), await browser.get(here)
    assert (f'href="{here}">phiên bản 1' in new_page.text, f'/passes/{made.id}">phiên bản 2' in old_page.text) == (
        True,
        True,
    )
    assert ("không còn vào cổng được" in old_page.text, f"{here}/revoke" in old_page.text) == (True, False)
    for path in ("print", "revoke", "replace"):
        assert (await browser.post(f"{here}/{path}", data={**WHY, "format": "a6"})).status_code == 409, path
    for path in ("replace", "change"):
        assert (await browser.get(f"{here}/{path}")).status_code == 409, path
    assert await mails_of(database, made.id) == [(MailKind.PASS_REPLACED, MailState.QUEUED)]


def filled(page: httpx.Response) -> dict[str, Any]:
    """The form of a page as a browser would send it back."""
    form = page.text.split('class="pass-form', 1)[1].split("</form>", 1)[0]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if given["type"] in ("checkbox", "radio"):
            if " checked" in tag:
                found.setdefault(given["name"], []).append(given["value"])
        else:
            found[given["name"]] = unescape(given["value"])
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
        found[name] = re.findall(r'value="([^"]*)" selected', options)
    return found


async def test_a_change_is_a_new_pass_that_says_something_else(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    form = await browser.get(f"{here}/change")
    typed = filled(form)
    assert (typed["holder_name"], typed["zones"], typed["validity"]) == (HOLDERS[0], ["A"], ["keep"])
    assert ('name="group"' in form.text, typed["holder_email"]) == (False, "phong.vien.0@example.vn")
    same = await browser.post(f"{here}/change", data=typed | WHY)
    assert (same.status_code, "Chưa có gì thay đổi" in text_of(same)) == (422, True)
    changes = {"holder_name": "Trần Thị Ánh", "daily_from": "08:00", "daily_to": "17:00"}
    unfounded = await browser.post(f"{here}/change", data=typed | changes | {"authority": "Sở Ví Dụ"})
    assert (unfounded.status_code, list(errors_of(unfounded))) == (422, ["ground"])
    assert ('value="Trần Thị Ánh"' in unfounded.text, 'value="Sở Ví Dụ"' in unfounded.text) == (True, True)
    reversed_hours = await browser.post(f"{here}/change", data=typed | changes | WHY | {"daily_to": "07:00"})
    assert (reversed_hours.status_code, list(errors_of(reversed_hours))) == (422, ["daily_to"])
    assert (await again(database, story.press_pass)).state is State.ACTIVE
    made = await pass_at(database, await browser.post(f"{here}/change", data=typed | changes | WHY))
    old = await again(database, story.press_pass)
    assert (made.holder_name, str(made.daily_from), made.replaces_id) == ("Trần Thị Ánh", "08:00:00", old.id)
    kept = ("zones", "valid_from", "valid_until", "valid_days", "application_id", "holder_email", "category")
    assert [getattr(made, name) for name in kept] == [getattr(old, name) for name in kept]
    assert (old.holder_name, old.state, old.state_ground) == (HOLDERS[0], State.REPLACED, "Công văn 215")


async def test_days_of_a_pass_are_changed(browser: httpx.AsyncClient, story: Story, database: Database) -> None:
    await sign_in(browser, ORGANISER)
    made = await pass_at(
        database, await issue(browser, f"/console/events/{story.summit}/passes", group="yes", heads="7")
    )
    here = f"/console/passes/{made.id}"
    typed = filled(await browser.get(f"{here}/change"))
    assert (typed["group"], typed["heads"]) == (["yes"], "7")
    day = f"{NOW:%Y-%m-%d}"
    changes = {"validity": "days", "days": [day], "heads": "9"}
    newer = await pass_at(database, await browser.post(f"{here}/change", data=typed | changes | WHY))
    assert ([f"{on}" for on in newer.valid_days or ()], newer.heads) == ([day], 9)


async def test_a_press_pass_is_offered_no_zone_that_was_not_granted(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    typed = filled(await browser.get(f"{here}/change"))
    page = await browser.post(f"{here}/change", data=typed | WHY | {"zones": []})
    assert (page.status_code, list(errors_of(page))) == (422, ["zones"])
    assert (await again(database, story.press_pass)).state is State.ACTIVE


# Mail --------------------------------------------------------------------------------------------------------


async def test_mail_to_the_holder_is_followed_and_sent_again(
    browser: httpx.AsyncClient, here: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    page = await browser.get(here)
    assert ("Gửi thẻ cho người mang thẻ" in page.text, "Chờ gửi" in page.text, "/again" in page.text) == (
        True,
        True,
        False,
    )
    async with database.transaction() as session:
        (mail,) = await session.scalars(select(OutgoingMail).where(OutgoingMail.object_id == story.press_pass))
        mail.state, mail.problem = MailState.FAILED, "550 no such user"
    page = await browser.get(here)
    assert ("550 no such user" in page.text, f"{here}/mails/{mail.id}/again" in page.text) == (True, True)
    tried = [(await browser.post(f"{here}/mails/{mail.id}/again")).status_code for _ in range(2)]
    assert tried == [303, 409]
    assert (await browser.post(f"{here}/mails/{uuid4()}/again")).status_code == 404
    assert (await browser.post(f"{here}/send")).headers["location"] == f"{here}#holder"
    assert await mails_of(database, story.press_pass) == [(MailKind.PASS_ISSUED, MailState.QUEUED)] * 2


async def test_nothing_is_sent_to_nobody(browser: httpx.AsyncClient, story: Story) -> None:
    await sign_in(browser, ORGANISER)
    here = f"/console/passes/{story.group_pass}"
    page = await browser.get(here)
    assert ("người mang thẻ không nhận được thư" in page.text, f"{here}/send" in page.text) == (True, False)
    assert (await browser.post(f"{here}/send")).status_code == 409


async def test_what_does_not_exist_is_not_found(browser: httpx.AsyncClient, story: Story) -> None:
    await sign_in(browser, ORGANISER)
    nowhere = f"/console/passes/{uuid4()}"
    for path in ("", "/replace", "/change", "/portrait.jpg", "/badge.png", "/badge.pdf"):
        assert (await browser.get(f"{nowhere}{path}")).status_code == 404, path
    for path in ("print", "suspend", "resume", "send", "replace", "change"):
        assert (await browser.post(f"{nowhere}/{path}", data={**WHY, "format": "a6"})).status_code == 404, path
