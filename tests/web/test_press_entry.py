"""The way into the portal: mail links, passwords, registering, the first page and the page of an event."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from service.domain.accreditation import Application, ApplicationState, Journalist, MediaRole, StandingAccreditation
from service.domain.events import Event, EventState
from service.domain.messages import MailKind, OutgoingMail
from service.settings import Settings
from service.store.database import Database
from tests import press_story
from tests.conftest import NOW, PASSWORD, Clock
from tests.press_story import PressStory
from tests.web.browsing import errors_of, text_of
from tests.web.pressing import ask_link, enter, links, make, press, reader, recorded

__all__ = ["press", "reader"]

KNOWN, NEW = "phong.vien.1@toasoan.example", "nguoi.moi@toasoan.example"


async def used(reader: httpx.AsyncClient, address: str) -> httpx.Response:
    return await reader.post(address)


# Links -------------------------------------------------------------------------------------------------------


async def test_whoever_tries_the_service_out_is_led_to_its_output(reader: httpx.AsyncClient) -> None:
    assert "Chưa có máy chủ thư" in text_of(await reader.get("/press/sign-in?sent=yes"))
    assert "Chưa có máy chủ thư" not in text_of(await reader.get("/press/sign-in"))


async def test_a_link_answers_the_same_for_known_and_unknown_addresses(
    reader: httpx.AsyncClient, database: Database
) -> None:
    journalist = await make(database)
    answers = [
        await reader.post("/press/sign-in", data={"email": email, "way": "link", "next": "/press/profile"})
        for email in (KNOWN.upper(), NEW)
    ]
    assert [(one.status_code, one.headers["location"], one.content) for one in answers] == [
        (303, "/press/sign-in?sent=yes", b"")
    ] * 2
    made = await links(database)
    assert [(one.email, one.journalist_id, one.next_path, one.expires_at - NOW) for one in made] == [
        (KNOWN, journalist.id, "/press/profile", timedelta(minutes=30)),
        (NEW, None, "/press/profile", timedelta(minutes=30)),
    ]
    async with database.session() as session:
        mails = list(await session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))
    assert [(one.kind, one.object_id, one.once, one.language) for one in mails] == [
        (MailKind.SIGN_IN_LINK, one.id, f"link:{one.id}", "vi") for one in made
    ]


async def test_a_link_signs_in_once_and_looking_at_it_uses_nothing_up(
    reader: httpx.AsyncClient, database: Database
) -> None:
    journalist = await make(database)
    address = await ask_link(reader, database, KNOWN, "/press/profile")
    looked = [await reader.get(address) for _ in range(3)]
    assert [one.status_code for one in looked] == [200] * 3
    assert KNOWN in text_of(looked[0])
    answer = await used(reader, address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/press/profile")
    assert (await reader.get("/press/profile")).status_code == 200
    assert "HttpOnly" in answer.headers["set-cookie"]
    gone = [await reader.get(address), await used(reader, address)]
    assert [one.status_code for one in gone] == [410, 410]
    assert (await recorded(database, "journalist", journalist.id)) == ["signed_in"]


async def test_links_that_are_not_good_say_so_and_nothing_else(
    reader: httpx.AsyncClient, database: Database, clock: Clock
) -> None:
    await make(database)
    address = await ask_link(reader, database, KNOWN)
    clock.at = NOW + timedelta(minutes=30)
    late = await reader.get(address)
    # Decoders overlook two bits of the last letter: what stands beside it means the same to them.
    changed = address[:-1] + ("E" if address[-1] == "A" else "A")
    beside = address[:-1] + chr(ord(address[-1]) + 1)
    forged = [
        await reader.get(one)
        for one in (changed, beside, "/press/link/abc", "/press/link/%C3%A9", "/press/link/" + "A" * 43)
    ]
    assert (late.status_code, {one.status_code for one in forged}) == (410, {404})
    for one in (late, *forged):
        assert "Yêu cầu liên kết mới" in text_of(one)
        assert KNOWN not in one.text
    assert {(await used(reader, one)).status_code for one in (changed, "/press/link/abc")} == {404}


async def test_another_site_cannot_use_a_link_or_sign_in(reader: httpx.AsyncClient, database: Database) -> None:
    await make(database)
    address = await ask_link(reader, database, KNOWN)
    away = {"Sec-Fetch-Site": "cross-site"}
    typed = {"account": KNOWN, "password": PASSWORD, "way": "password"}
    for answer in (
        await reader.post(address, headers=away),
        await reader.post("/press/sign-in", data=typed, headers=away),
    ):
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert [one.used_at for one in await links(database)] == [None]


async def test_links_are_rare(reader: httpx.AsyncClient, database: Database, settings: Settings) -> None:
    await make(database)
    for _ in range(settings.sign_in_attempts):
        await ask_link(reader, database, KNOWN)
    refused = await reader.post("/press/sign-in", data={"email": KNOWN, "way": "link"})
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "900")
    assert len(await links(database)) == settings.sign_in_attempts
    typed = {"account": KNOWN, "password": PASSWORD, "way": "password"}
    assert (await reader.post("/press/sign-in", data=typed)).status_code == 303


async def test_a_sign_in_leads_nowhere_else(reader: httpx.AsyncClient, database: Database) -> None:
    await make(database)
    for wanted in ("//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere.example"):
        address = await ask_link(reader, database, KNOWN, wanted)
        assert (await used(reader, address)).headers["location"] == "/press"


# Passwords ---------------------------------------------------------------------------------------------------


async def test_a_password_signs_in_and_signing_out_ends_the_session(
    reader: httpx.AsyncClient, database: Database
) -> None:
    await make(database)
    typed = {"account": KNOWN, "password": PASSWORD, "way": "password", "next": "/press/profile"}
    wrong = await reader.post("/press/sign-in", data=typed | {"password": "không phải mật khẩu"})
    assert (wrong.status_code, "account" in errors_of(wrong), KNOWN in wrong.text) == (401, True, True)
    answer = await reader.post("/press/sign-in", data=typed)
    assert (answer.status_code, answer.headers["location"]) == (303, "/press/profile")
    token = reader.cookies["biendao_press"]
    assert (await reader.post("/press/sign-out")).headers["location"] == "/press/sign-in"
    reader.cookies.set("biendao_press", token)
    again = await reader.get("/press/profile")
    assert (again.status_code, again.headers["location"]) == (303, "/press/sign-in?next=/press/profile")


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"way": "link", "email": ""}, {"email"}),
        ({"way": "link", "email": "không phải thư"}, {"email"}),
        ({"way": "link", "email": "a\u202eb@toasoan.example"}, {"email"}),
        ({"way": "password", "account": "", "password": ""}, {"account", "password"}),
    ],
)
async def test_what_is_wrong_with_a_sign_in_is_told(
    reader: httpx.AsyncClient, database: Database, typed: dict[str, str], fields: set[str]
) -> None:
    answer = await reader.post("/press/sign-in", data=typed)
    assert (answer.status_code, set(errors_of(answer))) == (422, fields)
    assert await links(database) == []


# The first page and the page of an event -----------------------------------------------------------------------


async def test_home_shows_events_and_ones_own_applications(
    reader: httpx.AsyncClient, database: Database, press: PressStory
) -> None:
    out = await reader.get("/press")
    assert (out.status_code, "Sự kiện Thử" in out.text, "Hồ sơ của bạn" in out.text) == (200, True, False)
    async with database.transaction() as session:
        _, journalist = await press_story.make_submitted(session, press)
        other = await press_story.make_journalist(session, 2)
    await enter(reader, database, journalist)
    own = text_of(await reader.get("/press"))
    assert ("Đã nộp" in own, "Đang lấy ý kiến" in own) == (True, True)
    await enter(reader, database, other)
    assert "Bạn chưa có hồ sơ" in text_of(await reader.get("/press"))


async def test_the_page_of_an_event_says_what_each_class_asks(
    reader: httpx.AsyncClient, database: Database, press: PressStory
) -> None:
    page = await reader.get(f"/press/events/{press.event.id}")
    said = text_of(page)
    assert page.status_code == 200
    for words in (
        "Hội trường Thử",
        "Phóng viên trong nước",
        "Hạn nộp an toàn: 26/11/2026",
        "Hạn nộp an toàn là ngày 19/11/2026, đã qua.",
        "Giấy giới thiệu có tiêu đề",
        "tối đa 6 ngày làm việc",
        "Mỗi cơ quan báo chí tối đa 4 thẻ",
        "Luật Báo chí số 126/2025/QH15",
        "Cơ quan an ninh : Họ và tên",
        press.plan.draw_commitment,
        "trong 5 ngày làm việc",
        "Phòng Báo chí, 028 0000 0000",
    ):
        assert words in said, words
    assert page.text.count(f'action="/press/events/{press.event.id}/apply"') == len(press.plan.classes)
    async with database.transaction() as session:
        application, journalist = await press_story.make_submitted(session, press)
    await enter(reader, database, journalist)
    own = await reader.get(f"/press/events/{press.event.id}")
    assert (f"/press/applications/{application.id}" in own.text, "/apply" in own.text) == (True, False)


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CLOSED, EventState.CANCELLED])
async def test_a_draft_is_no_event_and_another_one_takes_no_applications(
    reader: httpx.AsyncClient, database: Database, press: PressStory, state: EventState
) -> None:
    async with database.transaction() as session:
        (await session.get_one(Event, press.event.id)).state = state
    page = await reader.get(f"/press/events/{press.event.id}")
    assert (page.status_code, "/apply" in page.text) == (404 if state is EventState.DRAFT else 200, False)
    assert "Sự kiện Thử" not in (await reader.get("/press")).text


async def test_after_the_last_moment_nobody_is_led_to_apply(
    reader: httpx.AsyncClient, press: PressStory, clock: Clock
) -> None:
    clock.at = NOW + timedelta(days=7)
    page = await reader.get(f"/press/events/{press.event.id}")
    assert ("hiện không nhận hồ sơ" in text_of(page), "/apply" in page.text) == (True, False)


# Standing accreditation ----------------------------------------------------------------------------------------


async def give_standing(database: Database, press: PressStory, journalist: Journalist, last_day: int) -> None:
    async with database.transaction() as session:
        session.add(
            StandingAccreditation(
                journalist_id=journalist.id,
                organisation_id=press.host.id,
                class_code="domestic",
                valid_from=press_story.today(),
                valid_until=press_story.today() + timedelta(days=last_day),
                given_by_id=press.organiser.staff_id,
                given_at=NOW,
            )
        )


async def test_a_standing_accreditation_is_confirmed_in_one_step(
    reader: httpx.AsyncClient, database: Database, press: PressStory
) -> None:
    journalist = await make(database)
    await give_standing(database, press, journalist, 300)
    here = f"/press/events/{press.event.id}"
    assert f'action="{here}/confirm"' not in (await reader.get(here)).text
    await enter(reader, database, journalist)
    assert f'action="{here}/confirm"' in (await reader.get(here)).text
    wrong = await reader.post(f"{here}/confirm", data={"media_role": "photographer"})
    assert (wrong.status_code, set(errors_of(wrong)), 'value="photographer" selected' in wrong.text) == (
        422,
        {"zones"},
        True,
    )
    answer = await reader.post(f"{here}/confirm", data={"media_role": "photographer", "zones": ["A", "B"]})
    assert answer.status_code == 303
    async with database.session() as session:
        (made,) = await session.scalars(select(Application))
    assert answer.headers["location"] == f"/press/applications/{made.id}"
    assert (made.state, made.media_role, made.zones_wanted) == (
        ApplicationState.SUBMITTED,
        MediaRole.PHOTOGRAPHER,
        ["A", "B"],
    )
    again = await reader.post(f"{here}/confirm", data={"media_role": "writer", "zones": "A"})
    assert (again.status_code, "Bạn đã có hồ sơ" in again.text) == (409, True)


async def test_a_standing_accreditation_that_ends_before_the_event_is_not_offered(
    reader: httpx.AsyncClient, database: Database, press: PressStory
) -> None:
    journalist = await make(database)
    await give_standing(database, press, journalist, 15)
    await enter(reader, database, journalist)
    here = f"/press/events/{press.event.id}"
    assert "/confirm" not in (await reader.get(here)).text
    refused = await reader.post(f"{here}/confirm", data={"media_role": "writer", "zones": "A"})
    assert (refused.status_code, "không bao gồm các ngày" in refused.text) == (409, True)


async def test_the_start_page_leads_journalists_in(reader: httpx.AsyncClient) -> None:
    assert 'href="/press"' in (await reader.get("/")).text
    assert "Disallow: /" in (await reader.get("/robots.txt")).text
