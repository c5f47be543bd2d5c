"""Mail to holders through a real SMTP server: once, in their language, and honest about what is not known."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select
from sqlmodel import col

from service.domain.accounts import Access
from service.domain.errors import Conflict
from service.domain.events import Event
from service.domain.messages import MailState, OutgoingMail
from service.domain.passes import Category, EntryPass, PassState
from service.settings import Settings
from service.store.database import Database
from service.usecases import messages, passes
from service.usecases.passes import Wish
from service.web.mail import Mails
from service.web.pages import Pages
from tests.conftest import NOW, SECRET
from tests.rows import MadeEvent
from tests.serving import free_port
from tests.usecases.test_passes import VAULT, issue, made, organiser

__all__ = ["made", "organiser"]
HOLDER = Wish(
    "Nguyễn Thị Biển", "Báo Sóng Xanh", Category.GUEST, ("A", "B"), holder_email="bien@example.vn", language="vi"
)


class Office:
    """A post office whose word to each mail can be chosen: taken, refused for now or for good, or silence."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answers: list[str] = []
        self.slow = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == "hang up":
            # The mail is here, and the sender will never know.
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
            server.transport.abort()
            return "250 OK"
        if answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return answer


@pytest.fixture
async def office() -> AsyncIterator[tuple[Office, Settings]]:
    handler = Office()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    await asyncio.to_thread(controller.start)
    settings = Settings(
        database_url="postgresql://unused/unused",
        secret_key=SECRET,
        public_url="https://biendao.example.vn",
        smtp_host="127.0.0.1",
        smtp_port=controller.port,
        mail_from="Trung tâm Báo chí <the@biendao.example.vn>",
    )
    yield handler, settings
    await asyncio.to_thread(controller.stop)


async def send(database: Database, settings: Settings, *, now: object = NOW) -> bool:
    mails = Mails(Pages(version="test"), VAULT, settings)
    return await messages.send_one_mail(database, compose=mails.compose, settings=settings, now=now)


async def the_mails(database: Database) -> list[OutgoingMail]:
    async with database.session() as session:
        return list(await session.scalars(select(OutgoingMail).order_by(col(OutgoingMail.id))))


def attachments(mail: EmailMessage) -> dict[str, str]:
    return {part.get_filename(): part.get_content_type() for part in mail.iter_attachments()}


async def test_the_holder_gets_the_pass_inline_and_attached(
    database: Database, made: MadeEvent, office: tuple[Office, Settings]
) -> None:
    post, settings = office
    (issued,) = await issue(database, made, HOLDER)
    assert await send(database, settings)
    assert not await send(database, settings)
    (mail,) = post.taken
    assert (mail["To"], mail["From"]) == ("bien@example.vn", "Trung tâm Báo chí <the@biendao.example.vn>")
    assert mail["Subject"] == "Thẻ vào cổng của bạn: Sự kiện Thử"
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    for told in ("Nguyễn Thị Biển", "Báo Sóng Xanh", "Khu A", issued.human_code, "https://biendao.example.vn/p/"):
        assert told in text
        assert told in html
    assert issued.code not in text + html
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    inline = [part for part in pictures if part["Content-ID"]]
    assert len(inline) == 1
    assert f'src="cid:{inline[0]["Content-ID"][1:-1]}"' in html
    name = f"the-vao-cong-{issued.serial}"
    assert attachments(mail) == {f"{name}.png": "image/png", f"{name}.ics": "text/calendar"}
    (kept,) = await the_mails(database)
    assert (kept.state, kept.sent_at, kept.attempts) == (MailState.SENT, NOW, 1)


async def test_mail_speaks_the_holders_language(
    database: Database, made: MadeEvent, office: tuple[Office, Settings]
) -> None:
    post, settings = office
    await issue(
        database, made, Wish("Jane Doe", "", Category.GUEST, ("A",), holder_email="jane@example.com", language="en")
    )
    await send(database, settings)
    (mail,) = post.taken
    assert mail["Subject"] == "Your pass: Event under Test"
    assert "Show the QR code at the gate" in mail.get_body(("plain",)).get_content()


async def test_a_revoked_holder_is_told_why_and_an_overtaken_pass_is_not_sent(
    database: Database, made: MadeEvent, organiser: Access, office: tuple[Office, Settings]
) -> None:
    post, settings = office
    (issued,) = await issue(database, made, HOLDER)
    async with database.transaction() as session:
        await passes.move_pass(
            session,
            access=organiser,
            pass_id=issued.id,
            to_state=PassState.REVOKED,
            ground="Cho mượn thẻ",
            authority="Ban tổ chức",
            now=NOW,
        )
    assert [await send(database, settings) for _ in range(3)] == [True, True, False]
    (mail,) = post.taken
    assert mail["Subject"] == "Thẻ vào cổng của bạn không còn hiệu lực: Sự kiện Thử"
    text = mail.get_body(("plain",)).get_content()
    assert "Cho mượn thẻ" in text
    assert "Ban tổ chức" in text
    assert attachments(mail) == {}
    assert [one.state for one in await the_mails(database)] == [MailState.DROPPED, MailState.SENT]


async def test_who_has_no_address_gets_no_mail(database: Database, made: MadeEvent) -> None:
    await issue(database, made, Wish("Khách", "", Category.GUEST, ("A",)))
    assert await the_mails(database) == []


async def test_a_refusal_for_now_is_tried_again_and_one_for_good_is_not(
    database: Database, made: MadeEvent, office: tuple[Office, Settings]
) -> None:
    post, settings = office
    post.answers = ["451 Try later", "550 No such person"]
    await issue(database, made, HOLDER)
    await send(database, settings)
    (waiting,) = await the_mails(database)
    assert (waiting.state, waiting.problem) == (MailState.QUEUED, "451 Try later")
    assert waiting.next_try_at == NOW + timedelta(minutes=1)
    assert not await send(database, settings)
    await send(database, settings, now=NOW + timedelta(minutes=1))
    (failed,) = await the_mails(database)
    assert (failed.state, failed.problem, failed.attempts) == (MailState.FAILED, "550 No such person", 2)
    assert post.taken == []


async def test_no_office_at_all_is_tried_again(
    database: Database, made: MadeEvent, office: tuple[Office, Settings]
) -> None:
    _, settings = office
    await issue(database, made, HOLDER)
    nowhere = settings.model_copy(update={"smtp_port": free_port()})
    await send(database, nowhere)
    (waiting,) = await the_mails(database)
    assert waiting.state is MailState.QUEUED
    assert "ConnectionRefusedError" in waiting.problem
    assert not await send(database, settings.model_copy(update={"smtp_host": ""}), now=NOW + timedelta(hours=1))


async def test_a_mail_that_may_have_been_taken_is_never_sent_twice_by_itself(
    database: Database, made: MadeEvent, organiser: Access, office: tuple[Office, Settings]
) -> None:
    post, settings = office
    post.answers = ["hang up"]
    await issue(database, made, HOLDER)
    await send(database, settings)
    (unsure,) = await the_mails(database)
    assert unsure.state is MailState.UNSURE
    assert not await send(database, settings, now=NOW + timedelta(days=1))
    assert len(post.taken) == 1
    async with database.transaction() as session:
        await messages.send_again(session, access=organiser, mail_id=unsure.id, now=NOW)
    assert await send(database, settings)
    assert len({mail["Message-ID"] for mail in post.taken}) == 1
    with pytest.raises(Conflict, match="illegal_move"):
        async with database.transaction() as session:
            await messages.send_again(session, access=organiser, mail_id=unsure.id, now=NOW)


async def test_a_worker_that_died_while_sending_leaves_the_question_open(
    database: Database, made: MadeEvent, office: tuple[Office, Settings]
) -> None:
    post, settings = office
    await issue(database, made, HOLDER)
    async with database.transaction() as session:
        (mail,) = list(await session.scalars(select(OutgoingMail)))
        mail.state = MailState.SENDING
    assert not await send(database, settings, now=NOW + timedelta(minutes=16))
    assert [one.state for one in await the_mails(database)] == [MailState.UNSURE]
    assert post.taken == []


async def test_two_workers_never_send_the_same_mail(
    database: Database, made: MadeEvent, office: tuple[Office, Settings]
) -> None:
    post, settings = office
    wishes = [Wish(f"Khách {n}", "", Category.GUEST, ("A",), holder_email=f"k{n}@example.vn") for n in range(6)]
    await issue(database, made, *wishes)
    await asyncio.gather(*(send(database, settings) for _ in range(8)))
    while await send(database, settings):
        pass
    assert sorted(mail["To"] for mail in post.taken) == [f"k{n}@example.vn" for n in range(6)]


async def test_the_same_news_is_put_in_once(database: Database, made: MadeEvent) -> None:
    (issued,) = await issue(database, made, HOLDER)
    async with database.transaction() as session:
        kept = await session.get_one(EntryPass, issued.id)
        event = await session.get_one(Event, made.id)
        await messages.tell_of_passes(session, passes=[kept], now=NOW)
    assert event.id == made.id
    assert len(await the_mails(database)) == 1


async def test_news_of_last_week_is_news_no_more(
    database: Database, made: MadeEvent, office: tuple[Office, Settings]
) -> None:
    post, settings = office
    await issue(database, made, HOLDER)
    assert await send(database, settings, now=NOW + timedelta(days=8))
    assert [one.state for one in await the_mails(database)] == [MailState.DROPPED]
    assert post.taken == []


async def test_an_address_that_smtp_cannot_write_fails_and_holds_up_nobody(
    database: Database, made: MadeEvent, office: tuple[Office, Settings]
) -> None:
    post, settings = office
    odd = Wish("Khách", "R&D 'Sóng'", Category.GUEST, ("A",), holder_email="đại@example.vn")
    await issue(database, made, odd)
    await issue(database, made, Wish("Khách", "R&D 'Sóng'", Category.GUEST, ("A",), holder_email="dai@example.vn"))
    assert [await send(database, settings) for _ in range(3)] == [True, True, False]
    assert [one.state for one in await the_mails(database)] == [MailState.FAILED, MailState.SENT]
    assert "R&D 'Sóng'" in post.taken[0].get_body(("plain",)).get_content()
    assert "R&amp;D" in post.taken[0].get_body(("html",)).get_content()
