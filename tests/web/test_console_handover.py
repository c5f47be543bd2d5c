"""The desk over HTTP: finding badges, handing them over against a signature, refusals that come back, receipts."""

import base64
import io
import re
from html import unescape
from typing import Any
from urllib.parse import quote_plus
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image, ImageDraw
from sqlalchemy import func, select

from service.domain.audit import AuditEntry
from service.domain.badges import BadgeAction, BadgeRecord, Handover
from service.domain.events import Event
from service.domain.files import StoredFile
from service.domain.passes import BadgeState, Category, EntryPass, PassState
from service.store import events as event_store
from service.store.database import Database
from service.usecases import audit, passes, print_log
from service.usecases.passes import Wish
from tests.conftest import NOW
from tests.web.browsing import browser, errors_of, sign_in, story, text_of
from tests.web.page_story import HOLDERS, ORGANISER, OUTSIDER, REVIEWER, Story
from tests.web.test_console_passes import VAULT

__all__ = ["browser", "story"]
OUTLET = "Báo Sóng Thử"


def drawing(*, empty: bool = False) -> str:
    """What the page puts into its hidden field."""
    image = Image.new("RGB", (560, 200), "white")
    if not empty:
        ImageDraw.Draw(image).line([(40, 120), (200, 40), (300, 160), (500, 60)], fill="black", width=4)
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return "data:image/png;base64," + base64.b64encode(kept.getvalue()).decode()


SIGNED = drawing()


@pytest.fixture
def here(story: Story) -> str:
    return f"/console/events/{story.summit}/handover"


@pytest.fixture
async def printed(story: Story, database: Database) -> list[UUID]:
    """Three badges of one outlet and one of a guest without any, all at the desk."""
    wishes = [Wish(f"Phóng viên {n}", OUTLET, Category.GUEST, ("A",)) for n in range(3)]
    wishes.append(Wish("Đặng Thị Khách", "", Category.GUEST, ("A",)))
    async with database.transaction() as session:
        event = await event_store.get(session, Event, story.summit, "event")
        actor = audit.staff(story.everywhere)
        made = await passes.issue_many(session, event=event, wishes=wishes, actor=actor, vault=VAULT, now=NOW)
        for one in made:
            print_log.note(session, one, BadgeAction.PRINTED, staff_id=story.everywhere.staff_id, now=NOW)
    return [one.id for one in made]


def form_of(pass_ids: list[UUID], **more: Any) -> dict[str, Any]:
    """The form for a representative who signs on the screen, with these fields in the place of its own."""
    whole = {
        "badges": [str(one) for one in pass_ids],
        "of_outlet": "yes",
        "outlet": OUTLET,
        "taker": "representative",
        "organisation_name": OUTLET,
        "to_name": "Lê Văn Khơi",
        "signature": SIGNED,
    }
    return whole | more


async def states(database: Database, pass_ids: list[UUID]) -> list[BadgeState]:
    async with database.session() as session:
        return [(await session.get_one(EntryPass, one)).badge for one in pass_ids]


async def kept(database: Database) -> tuple[int, int, int]:
    """How many handovers, files, and notes of a badge handed over there are."""
    async with database.session() as session:
        counts = [
            await session.scalar(select(func.count()).select_from(Handover)),
            await session.scalar(select(func.count()).select_from(StoredFile)),
            await session.scalar(
                select(func.count()).select_from(BadgeRecord).where(BadgeRecord.action == BadgeAction.HANDED_OVER)
            ),
        ]
    return counts[0] or 0, counts[1] or 0, counts[2] or 0


def ticked(page: httpx.Response) -> dict[str, bool]:
    """The holders of the badges on the page, and whether they are ticked."""
    boxes = re.findall(r'<input type="checkbox" name="badges"[^>]*>', page.text)
    return {unescape(re.findall(r'data-holder="([^"]+)"', box)[0]): " checked" in box for box in boxes}


def value_of(page: httpx.Response, name: str) -> str:
    return unescape(re.findall(rf'name="{name}"[^>]*value="([^"]*)"', page.text)[0])


async def test_the_desk_lists_outlets_and_then_badges(
    browser: httpx.AsyncClient, here: str, printed: list[UUID], database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    page = await browser.get(here)
    outlets = re.findall(r'handover\?outlet=([^"]*)"><span class="count">(\d+)</span>', page.text)
    assert outlets == [("", "1"), (quote_plus(OUTLET), "3")]
    assert ("4 thẻ chờ trao" in text_of(page), "Phóng viên" in page.text) == (True, False)
    outlet = await browser.get(f"{here}?outlet={quote_plus(OUTLET)}")
    assert ticked(outlet) == {f"Phóng viên {n}": True for n in range(3)}
    assert (value_of(outlet, "organisation_name"), value_of(outlet, "to_name")) == (OUTLET, "")
    assert '"representative" checked' in outlet.text
    guest = await browser.get(f"{here}?outlet=")
    assert (ticked(guest), value_of(guest, "to_name")) == ({"Đặng Thị Khách": True}, "Đặng Thị Khách")
    async with database.session() as session:
        code = (await session.get_one(EntryPass, printed[1])).human_code
    found = {q: list(ticked(await browser.get(here, params={"q": q}))) for q in ("song thu", "dang thi", code, "ai")}
    assert found == {
        "song thu": ["Phóng viên 0", "Phóng viên 1", "Phóng viên 2"],
        "dang thi": ["Đặng Thị Khách"],
        code: ["Phóng viên 1"],
        "ai": [],
    }
    assert HOLDERS[0] not in (await browser.get(f"{here}?q=mau")).text


async def test_a_representative_takes_the_badges_of_an_outlet(
    browser: httpx.AsyncClient, here: str, printed: list[UUID], database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    done = await browser.post(here, data=form_of(printed[:3]))
    assert done.status_code == 303
    address = done.headers["location"]
    page = await browser.get(address)
    text = text_of(page)
    assert [part in text for part in ("Đã trao 3 thẻ", "Lê Văn Khơi", f"đại diện {OUTLET}", "ký trên màn hình")] == [
        True
    ] * 4
    assert re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)<', page.text) == [f"Phóng viên {n}" for n in range(3)]
    receipt = await browser.get(f"{address}/receipt.pdf")
    assert (receipt.headers["content-type"], receipt.content[:5]) == ("application/pdf", b"%PDF-")
    assert await states(database, printed) == [*[BadgeState.HANDED_OVER] * 3, BadgeState.PRINTED]
    assert await kept(database) == (1, 1, 3)
    of_pass = await browser.get(f"/console/passes/{printed[0]}")
    assert (f'href="{address}">Biên bản bàn giao' in of_pass.text, f"Lê Văn Khơi · {OUTLET}" in of_pass.text) == (
        True,
        True,
    )
    assert "3 thẻ" not in text_of(await browser.get(here))


async def test_a_holder_takes_their_own_badge_and_signs_on_paper(
    browser: httpx.AsyncClient, here: str, printed: list[UUID], database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    taken = form_of(printed[3:], taker="holder", to_name="Đặng Thị Khách", signature="", on_paper="yes")
    done = await browser.post(here, data=taken)
    page = text_of(await browser.get(done.headers["location"]))
    assert ("Cần ký trên giấy" in page, OUTLET in page) == (True, False)
    assert await kept(database) == (1, 0, 1)
    async with database.session() as session:
        (one,) = await session.scalars(select(Handover))
    assert (one.representative, one.organisation_name, one.to_name) == (False, "", "Đặng Thị Khách")


BAD: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "no badge": ({"badges": []}, {"badges": "Đánh dấu những thẻ được trao"}),
    "no name": ({"to_name": "  "}, {"to_name": "Ghi họ tên người nhận thẻ"}),
    "no outlet": ({"organisation_name": ""}, {"organisation_name": "Ghi cơ quan mà người nhận đại diện"}),
    "more than one's own": (
        {"taker": "holder"},
        {"taker": "Mỗi người chỉ nhận thẻ của mình: nhận nhiều thẻ phải là đại diện cơ quan"},
    ),
    "no signature": ({"signature": ""}, {"signature": "Để người nhận ký, hoặc đánh dấu “Ký trên giấy”"}),
    "no picture": (
        {"signature": "data:image/png;base64,AAAA"},
        {"signature": "Để người nhận ký, hoặc đánh dấu “Ký trên giấy”"},
    ),
    "nothing drawn": (
        {"signature": drawing(empty=True)},
        {"signature": "Để người nhận ký, hoặc đánh dấu “Ký trên giấy”"},
    ),
    "no data address": (
        {"signature": "https://elsewhere.example/a.png"},
        {"signature": "Để người nhận ký, hoặc đánh dấu “Ký trên giấy”"},
    ),
    "unreadable": ({"to_name": "Lê\x07"}, {"to_name": "Bỏ các ký tự không hiển thị được"}),
}


@pytest.mark.parametrize("wrong", BAD)
async def test_what_is_wrong_comes_back_with_all_that_was_typed_and_keeps_nothing(
    browser: httpx.AsyncClient, here: str, printed: list[UUID], database: Database, wrong: str
) -> None:
    await sign_in(browser, ORGANISER)
    typed, told = BAD[wrong]
    form = form_of(printed[:2], **typed)
    page = await browser.post(here, data=form)
    assert (page.status_code, errors_of(page)) == (422, told)
    chosen = 2 if form["badges"] else 0
    assert list(ticked(page).values()) == [n < chosen for n in range(3)]
    assert (value_of(page, "organisation_name"), value_of(page, "to_name")) == (
        form["organisation_name"],
        form["to_name"],
    )
    assert ("elsewhere.example" in page.text, (SIGNED in page.text) == (form["signature"] == SIGNED)) == (False, True)
    assert await kept(database) == (0, 0, 0)


async def test_what_a_colleague_handed_over_meanwhile_is_told_and_the_rest_stays_ticked(
    browser: httpx.AsyncClient, here: str, printed: list[UUID], database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    assert (await browser.post(here, data=form_of(printed[:1]))).status_code == 303
    before = await kept(database)
    page = await browser.post(here, data=form_of(printed[:2]))
    assert (page.status_code, list(errors_of(page))) == (422, ["badges"])
    notice = text_of(page).split("Không còn chờ trao", 1)[1]
    assert notice.strip().startswith("Phóng viên 0")
    assert ticked(page) == {"Phóng viên 1": True, "Phóng viên 2": False}
    assert (value_of(page, "to_name"), SIGNED in page.text) == ("Lê Văn Khơi", True)
    assert await kept(database) == before
    assert (await browser.post(here, data=form_of(printed[1:2]))).status_code == 303


async def test_a_badge_whose_pass_was_suspended_meanwhile_is_not_given(
    browser: httpx.AsyncClient, here: str, printed: list[UUID], story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    async with database.transaction() as session:
        await passes.move_pass(
            session,
            access=story.everywhere,
            pass_id=printed[0],
            to_state=PassState.SUSPENDED,
            ground="Chờ xác minh",
            authority="Sở Ví Dụ",
            now=NOW,
        )
    page = await browser.post(here, data=form_of(printed[:2]))
    assert (page.status_code, "Phóng viên 0" in text_of(page)) == (422, True)
    assert await states(database, printed[:2]) == [BadgeState.PRINTED] * 2


async def test_badges_that_are_not_there_cannot_be_given(
    browser: httpx.AsyncClient, here: str, printed: list[UUID], story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    unprinted = await browser.post(here, data=form_of([story.press_pass]))
    assert (unprinted.status_code, HOLDERS[0] in unprinted.text) == (422, True)
    unknown = await browser.post(here, data=form_of([*printed[:1], uuid4()]))
    assert (unknown.status_code, list(errors_of(unknown))) == (422, ["badges"])
    assert (await browser.post(here, data=form_of([], badges=["no-id"]))).status_code == 422
    many = await browser.post(here, data=form_of([uuid4() for _ in range(501)]))
    assert (many.status_code, list(errors_of(many))) == (422, ["badges"])
    elsewhere = await browser.post(f"/console/events/{story.tour}/handover", data=form_of(printed[:1]))
    assert elsewhere.status_code == 422
    assert await kept(database) == (0, 0, 0)


async def test_a_badge_that_came_back_can_be_given_again(
    browser: httpx.AsyncClient, here: str, printed: list[UUID], database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    await browser.post(here, data=form_of(printed[:1]))
    assert (await browser.post(f"/console/passes/{printed[0]}/badge", data={"action": "returned"})).status_code == 303
    page = await browser.get(f"{here}?q=phong+vien+0")
    assert ("Đã trả lại" in page.text, ticked(page)) == (True, {"Phóng viên 0": True})
    assert (await browser.post(here, data=form_of(printed[:1]))).status_code == 303
    assert await states(database, printed[:1]) == [BadgeState.HANDED_OVER]


async def test_who_may_not_print_may_not_hand_over(
    browser: httpx.AsyncClient, here: str, printed: list[UUID], database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    done = (await browser.post(here, data=form_of(printed[:1]))).headers["location"]
    for email in (REVIEWER, OUTSIDER):
        await sign_in(browser, email)
        for address in (here, f"{here}?q=phong", done, f"{done}/receipt.pdf"):
            answer = await browser.get(address)
            assert (answer.status_code, "Phóng viên" in answer.text) == (403, False), address
        assert (await browser.post(here, data=form_of(printed[1:2]))).status_code == 403
    assert await kept(database) == (1, 1, 1)


async def test_looking_at_the_desk_and_at_receipts_is_recorded(
    browser: httpx.AsyncClient, here: str, printed: list[UUID], story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    await browser.get(here)
    await browser.get(f"{here}?q=phong")
    done = (await browser.post(here, data=form_of(printed[:1]))).headers["location"]
    await browser.get(f"{done}/receipt.pdf")
    async with database.session() as session:
        wanted = ("viewed", "handed_over", "receipt_opened")
        rows = await session.scalars(select(AuditEntry).where(AuditEntry.action.in_(wanted)).order_by(AuditEntry.id))
        assert [(one.noun, one.action, one.event_id, one.details) for one in rows] == [
            ("pass_list", "viewed", story.summit, {"rows": 3}),
            ("handover", "handed_over", story.summit, {"badges": 1}),
            ("handover", "viewed", story.summit, {}),
            ("handover", "receipt_opened", story.summit, {}),
        ]


async def test_an_empty_desk_says_what_to_do(browser: httpx.AsyncClient, here: str, story: Story) -> None:
    await sign_in(browser, ORGANISER)
    page = await browser.get(here)
    assert ("Không có thẻ chờ trao" in page.text, f'href="/console/events/{story.summit}/passes"' in page.text) == (
        True,
        True,
    )
    assert (await browser.get(f"/console/handovers/{uuid4()}")).status_code == 404
    assert (await browser.get(f"/console/events/{uuid4()}/handover")).status_code == 404
