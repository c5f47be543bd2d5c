"""Letters about accreditation through a real SMTP server: once, of what is true when they are sent."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select
from sqlmodel import col

from service.domain.accreditation import (
    Application,
    ApplicationState,
    FocalPoint,
    Journalist,
    VerdictKind,
    reference_of,
)
from service.domain.errors import Forbidden, NotFound
from service.domain.messages import MailKind, MailState, OutgoingMail
from service.settings import Settings
from service.store.database import Database
from service.usecases import accreditation, messages
from service.usecases.accreditation import appeals, applying, clocks, setting_aside, signing
from tests import press_story as press
from tests.conftest import NOW
from tests.press_story import PressStory
from tests.usecases.test_messages import Office, office, send, the_mails

__all__ = ["office"]
State = ApplicationState
DUE = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
"""The end of Thursday 26/11/2026, when the host's two working days are over: the 24th is a holiday."""


async def told(database: Database, post: Office, settings: Settings, *, now: datetime = NOW) -> list[EmailMessage]:
    """What arrives of all that is due."""
    post.taken.clear()
    while await send(database, settings, now=now):
        pass
    return list(post.taken)


def text_of(mail: EmailMessage) -> str:
    """The letter in plain text; its HTML says the same."""
    plain, html = (mail.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))
    for line in plain.splitlines():
        for part in line.removesuffix(":").split(": "):
            assert part == "--" or part.replace("&", "&amp;").replace("'", "&#39;").replace('"', "&#34;") in html
    return str(plain)


async def submitted(database: Database, **facts: object) -> tuple[PressStory, Application, Journalist]:
    async with database.transaction() as session:
        story = await press.open_press(session)
        journalist = await press.make_journalist(session, 1, **facts)
        application, _ = await press.make_submitted(session, story, journalist=journalist)
    return story, application, journalist


async def decide(database: Database, story: PressStory, application: Application, state: State, **wish: object) -> None:
    async with database.transaction() as session:
        await press.approve_all(session, story, application)
        await press.decide(session, story, application, state, **wish)


async def test_a_receipt_says_what_happens_now_and_until_when(
    database: Database, office: tuple[Office, Settings]
) -> None:
    _, application, journalist = await submitted(database)
    (mail,) = await told(database, *office)
    reference = reference_of(application.id)
    assert (mail["To"], mail["Subject"]) == (journalist.email, f"Đã tiếp nhận hồ sơ {reference}")
    assert text_of(mail) == (
        "Kính gửi Nguyễn Thị Biển 1,\n\n"
        "Hồ sơ của bạn đã được tiếp nhận.\n\n"
        "Khi cần bổ sung, thời hạn tạm dừng đến lúc bạn trả lời. "
        "Im lặng không phải là đồng ý: hãy chờ quyết định.\n\n"
        f"Mã hồ sơ: {reference}\n"
        "Sự kiện: Sự kiện Thử\n"
        "Loại thẻ: Phóng viên trong nước\n"
        "Tiếp nhận lúc: 23/11/2026, 09:00\n"
        "Hạn trả lời: 02/12/2026\n\n"
        "Bạn chưa cần làm gì. Giữ mã hồ sơ để tiện trao đổi.\n\n"
        "Mở hồ sơ:\n"
        f"https://biendao.example.vn/press/applications/{application.id}\n\n"
        "--\n"
        "Sở Chủ trì Ví Dụ\n"
        "Liên hệ: Phòng Báo chí, 028 0000 0000\n"
    )


async def test_a_question_is_told_and_dropped_once_it_is_answered(
    database: Database, office: tuple[Office, Settings]
) -> None:
    story, application, journalist = await submitted(database, language="en")
    await told(database, *office)
    async with database.transaction() as session:
        await press.say(session, story, application, "host", VerdictKind.ASK, ground="Which frequencies & power?")
    (mail,) = await told(database, *office)
    text = text_of(mail)
    assert mail["Subject"] == f"Application {reference_of(application.id)}: information needed"
    assert "What is asked:\nWhich frequencies & power?" in text
    assert "To have the decision before the event begins, answer by 26/11/2026." in text
    async with database.transaction() as session:
        await press.say(session, story, application, "press_management", VerdictKind.ASK, ground="Which card?")
        await applying.answer(session, journalist=journalist, application_id=application.id, text="434 MHz", now=NOW)
    assert await told(database, *office) == []
    assert (await the_mails(database))[-1].state is MailState.DROPPED


@pytest.mark.parametrize(
    ("state", "wish", "subject", "lines"),
    [
        (State.APPROVED, {}, "được chấp thuận", ["Khu vực: A – Khu A", "Ngày dùng thẻ: tất cả các ngày của sự kiện"]),
        (
            State.APPROVED_WITH_CONDITIONS,
            {"days": ("first",), "escort": True, "reason": "Khu vực hẹp."},
            "được chấp thuận có điều kiện",
            ["Ngày dùng thẻ: 07/12/2026", "Đi cùng: chỉ khi có cán bộ của ban tổ chức đi cùng", "Lý do:\nKhu vực hẹp."],
        ),
        (
            State.WAITLISTED,
            {"reason_code": "cap_full", "reason": ""},
            "trong danh sách chờ",
            ["Số chỗ của sự kiện đã hết"],
        ),
        (
            State.REJECTED,
            {"reason": "Không thuộc loại thẻ này."},
            "không được chấp thuận",
            [
                "Lý do:\nKhông thuộc loại thẻ này.",
                "Cơ quan quyết định: Sở Chủ trì Ví Dụ",
                "Bạn có thể khiếu nại tại trang hồ sơ, đến hết ngày 01/12/2026.",
            ],
        ),
    ],
)
async def test_each_decision_says_what_it_means(
    database: Database,
    office: tuple[Office, Settings],
    state: State,
    wish: dict[str, object],
    subject: str,
    lines: list[str],
) -> None:
    story, application, _ = await submitted(database)
    await told(database, *office)
    if "days" in wish:
        wish = wish | {"days": (story.days[0],)}
    await decide(database, story, application, state, **wish)
    (mail,) = await told(database, *office)
    assert mail["Subject"] == f"Hồ sơ {reference_of(application.id)} {subject}"
    text = text_of(mail)
    assert [line for line in lines if line not in text] == []
    assert ("khiếu nại" in text) is (state is State.REJECTED)


async def test_a_revocation_is_one_notice_with_ground_authority_and_time(
    database: Database, office: tuple[Office, Settings]
) -> None:
    story, application, _ = await submitted(database)
    await decide(database, story, application, State.APPROVED)
    async with database.transaction() as session:
        await accreditation.issue_granted(
            session, access=story.organiser, event_id=story.event.id, vault=press.VAULT, now=NOW
        )
    await told(database, *office)
    async with database.transaction() as session:
        await press.decide(session, story, application, State.REVOKED, reason="Cho người khác mượn thẻ.")
    (mail,) = await told(database, *office)
    text = text_of(mail)
    assert mail["Subject"].startswith("Thông báo thu hồi chấp thuận")
    for line in (
        "Căn cứ:\nCho người khác mượn thẻ.",
        "Cơ quan quyết định: Sở Chủ trì Ví Dụ",
        "Thời điểm quyết định: 23/11/2026, 09:00",
        "đến hết ngày 01/12/2026",
    ):
        assert line in text


async def test_a_decision_that_was_superseded_is_told_no_more(
    database: Database, office: tuple[Office, Settings]
) -> None:
    story, application, _ = await submitted(database)
    await told(database, *office)
    await decide(database, story, application, State.WAITLISTED)
    async with database.transaction() as session:
        await press.decide(session, story, application, State.APPROVED)
    (mail,) = await told(database, *office)
    assert mail["Subject"].endswith("được chấp thuận")
    assert [one.state for one in await the_mails(database)][-2:] == [MailState.DROPPED, MailState.SENT]


async def test_a_decision_that_is_set_aside_is_told_with_its_ground(
    database: Database, office: tuple[Office, Settings]
) -> None:
    story, application, _ = await submitted(database)
    await decide(database, story, application, State.REJECTED)
    await told(database, *office)
    async with database.transaction() as session:
        await setting_aside.set_aside(
            session, access=story.reviewer, application_id=application.id, ground="Nhầm hồ sơ.", now=NOW
        )
    (mail,) = await told(database, *office)
    assert mail["Subject"] == f"Hồ sơ {reference_of(application.id)} được xem xét lại"
    assert "Lý do:\nNhầm hồ sơ." in text_of(mail)


async def test_the_answer_to_an_appeal_is_told(database: Database, office: tuple[Office, Settings]) -> None:
    story, application, journalist = await submitted(database)
    await decide(database, story, application, State.REJECTED)
    await told(database, *office)
    async with database.transaction() as session:
        appeal = await appeals.file(
            session, journalist=journalist, application_id=application.id, text="Xin xét lại.", now=NOW
        )
        await appeals.answer(
            session, access=story.reviewer, appeal_id=appeal.id, upheld=True, answer="Đã xem lại.", now=NOW
        )
    (mail,) = await told(database, *office)
    text = text_of(mail)
    assert mail["Subject"] == f"Hồ sơ {reference_of(application.id)}: khiếu nại được chấp nhận"
    assert "Trả lời của ban tổ chức:\nĐã xem lại." in text
    assert "Khiếu nại ngày 23/11/2026" in text


async def test_a_focal_point_gets_a_copy_for_as_long_as_they_are_one(
    database: Database, office: tuple[Office, Settings]
) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        owner = await press.make_journalist(session, 1)
        helper = await press.make_journalist(session, 2, language="en")
        point = FocalPoint(
            outlet_id=owner.outlet_id, journalist_id=helper.id, named_by_id=story.organiser.staff_id, named_at=NOW
        )
        session.add(point)
        await session.flush()
        draft = await accreditation.start(
            session,
            journalist=helper,
            event_id=story.event.id,
            class_code="domestic",
            now=NOW,
            for_journalist=owner,
        )
        application = await press.submit(session, helper, await press.fill(session, story, helper, draft))
    sent = await told(database, *office)
    assert [mail["To"] for mail in sent] == [owner.email, helper.email]
    assert "A copy for the focal point who made the application of Nguyễn Thị Biển 1." in text_of(sent[1])
    await decide(database, story, application, State.APPROVED)
    async with database.transaction() as session:
        (await session.get_one(FocalPoint, point.id)).ended_at = NOW
    assert [mail["To"] for mail in await told(database, *office)] == [owner.email]


async def test_a_lead_is_told_before_and_at_the_deadline_and_never_twice(
    database: Database, office: tuple[Office, Settings]
) -> None:
    _, application, _ = await submitted(database)
    await told(database, *office)
    seen = []
    for hours in (-48, -24, -23, -1, 0, 1, 2, 30):
        now = DUE + timedelta(hours=hours)
        await clocks.watch(database, now=now)
        await clocks.watch(database, now=now)
        seen += [(hours, mail) for mail in await told(database, *office, now=now) if mail["To"].startswith("lead.host")]
    assert [hours for hours, _ in seen] == [-24, 0]
    (_, soon), (_, late) = seen
    reference = reference_of(application.id)
    assert soon["Subject"] == f"Sắp đến hạn cho ý kiến về hồ sơ {reference}"
    assert late["Subject"] == f"Quá hạn cho ý kiến về hồ sơ {reference}"
    text = text_of(late)
    assert "Hạn: hết ngày 26/11/2026" in text
    assert "https://biendao.example.vn/console/accreditation" in text
    assert "Biển 1" not in text
    assert "Sóng Xanh" not in text


async def test_a_clock_that_stands_still_or_was_answered_is_told_no_more(
    database: Database, office: tuple[Office, Settings]
) -> None:
    story, application, _ = await submitted(database)
    await told(database, *office)
    await clocks.watch(database, now=DUE - timedelta(hours=3))
    async with database.transaction() as session:
        await press.say(session, story, application, "host")
    assert await told(database, *office, now=DUE) == []
    last = (await the_mails(database))[-1]
    assert (last.kind, last.state) == (MailKind.REVIEW_SOON, MailState.DROPPED)


async def test_a_warning_that_waited_until_it_was_late_is_dropped_for_the_later_one(
    database: Database, office: tuple[Office, Settings]
) -> None:
    await submitted(database)
    await told(database, *office)
    await clocks.watch(database, now=DUE - timedelta(hours=3))
    await clocks.watch(database, now=DUE)
    (mail,) = [one for one in await told(database, *office, now=DUE) if one["To"].startswith("lead.host")]
    assert mail["Subject"].startswith("Quá hạn")


async def test_a_sign_in_link_goes_to_the_address_that_asked_and_is_good_for_a_while(
    database: Database, office: tuple[Office, Settings]
) -> None:
    async with database.transaction() as session:
        link = await signing.ask_link(session, email="Moi@toasoan.example", language="vi", next_path="", now=NOW)
    (mail,) = await told(database, *office)
    assert mail["To"] == "moi@toasoan.example"
    text = text_of(mail)
    assert signing.address_of(link.id, press.VAULT, "https://biendao.example.vn") in text
    assert "chưa có hồ sơ cá nhân" in text
    assert "đến 09:30 ngày 23/11/2026" in text


@pytest.mark.parametrize("gone", ["used", "expired"])
async def test_a_link_that_is_no_longer_good_is_not_sent(
    database: Database, office: tuple[Office, Settings], gone: str
) -> None:
    async with database.transaction() as session:
        link = await signing.ask_link(session, email="moi@toasoan.example", language="vi", next_path="", now=NOW)
        if gone == "used":
            link.used_at = NOW
    later = NOW + (signing.LASTS if gone == "expired" else timedelta())
    assert await told(database, *office, now=later) == []
    assert [one.state for one in await the_mails(database)] == [MailState.DROPPED]


async def test_who_may_send_a_mail_again(database: Database, office: tuple[Office, Settings]) -> None:
    story, application, _ = await submitted(database)
    async with database.transaction() as session:
        await signing.ask_link(session, email="moi@toasoan.example", language="vi", next_path="", now=NOW)
    post, _ = office
    post.answers = ["550 No such person", "550 No such person"]
    assert await told(database, *office) == []
    about, link = await the_mails(database)
    assert (about.state, link.state) == (MailState.FAILED, MailState.FAILED)
    async with database.transaction() as session:
        for access in (story.organiser, story.outsider, story.desks["host"]):
            with pytest.raises(Forbidden):
                await messages.send_again(session, access=access, mail_id=about.id, now=NOW)
        # A link that signs somebody in belongs to no event: nobody of the staff sends it on.
        with pytest.raises(NotFound):
            await messages.send_again(session, access=story.reviewer, mail_id=link.id, now=NOW)
        await messages.send_again(session, access=story.reviewer, mail_id=about.id, now=NOW)
    assert [mail["To"] for mail in await told(database, *office)] == ["phong.vien.1@toasoan.example"]
    async with database.session() as session:
        found = await session.scalars(select(OutgoingMail).where(col(OutgoingMail.object_id) == application.id))
        assert [one.state for one in found] == [MailState.SENT]
