"""The way of one application in a real browser: from a journalist's phone past three authorities to the pass.

A real service with its worker, a real SMTP server, a camera that is a film. What is asked for by the issue of
accreditation as a whole is shown here; the single rules are tried out in tests/usecases and tests/web.
"""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import urlsplit
from uuid import UUID

import pikepdf
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from PIL import Image
from playwright.async_api import Browser, Page, expect

from service.domain.accounts import Role
from service.store.database import Database
from service.usecases import accounts, audit
from service.web.clock import now
from tests.conftest import PASSWORD, SECRET
from tests.journeys.looking import find_faults, hear, open_window, sign_in, walk
from tests.press_story import PressStory, make_submitted, open_press
from tests.serving import free_port, fresh_copy, running

EMAIL, ADMIN = "bien.song@toasoan.example", "quan.tri@example.vn"
ZONES = ("A", "B", "C")


@dataclass
class PostOffice:
    """Takes every mail."""

    taken: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    async def wait_for(self, subject: str, to: str = EMAIL) -> EmailMessage:
        """The mail to this address with these words in its subject; it has to come within half a minute."""
        for _ in range(300):
            for mail in self.taken:
                if subject in mail["Subject"] and to in mail["To"]:
                    return mail
            await asyncio.sleep(0.1)
        pytest.fail(f"no mail “{subject}” to {to}: {[(one['Subject'], one['To']) for one in self.taken]}")


@dataclass(frozen=True)
class Town:
    """A service that runs, its post office, and what its database tells."""

    address: str
    story: PressStory
    post: PostOffice
    outlet_id: UUID


def body_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@pytest.fixture(scope="module")
async def town(postgres_url: str, template: str) -> AsyncIterator[Town]:
    async with fresh_copy(postgres_url, template, "press_in_a_browser") as url:
        database = Database(url)
        async with database.transaction() as session:
            story = await open_press(session, zones=ZONES, now=now(), closes_in=timedelta(days=7))
        async with database.transaction() as session:
            _, journalist = await make_submitted(session, story, 7, now=now())
            await accounts.add_staff(
                session,
                actor=audit.SYSTEM,
                email=ADMIN,
                name="Quản Trị",
                password=PASSWORD,
                grants=[(None, Role.ADMIN)],
                now=now(),
            )
        await database.close()
        post = PostOffice()
        controller = Controller(post, hostname="127.0.0.1", port=free_port())
        await asyncio.to_thread(controller.start)
        with running(
            url,
            workers=1,
            BIENDAO_SECRET_KEY=SECRET,
            BIENDAO_BACKGROUND="true",
            BIENDAO_SMTP_HOST="127.0.0.1",
            BIENDAO_SMTP_PORT=str(controller.port),
            BIENDAO_MAIL_FROM="Trung tâm Báo chí <the@biendao.example.vn>",
        ) as address:
            yield Town(address, story, post, journalist.outlet_id)
        await asyncio.to_thread(controller.stop)


async def press(page: Page, name: str, role: str = "button") -> None:
    await page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]


async def path_in(mail: EmailMessage, part: str) -> str:
    """The path of the first address in a mail that holds `part`."""
    found = re.search(rf"https?://\S*{part}\S*", body_of(mail))
    assert found, body_of(mail)
    address = urlsplit(found.group())
    return address.path + (f"?{address.query}" if address.query else "")


def letter() -> bytes:
    """A letter of assignment, as an office program writes it."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(595, 842))
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def scan() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (1012, 638), "#f4efe2").save(kept, "JPEG", exif=Image.Exif())
    return kept.getvalue()


async def register(page: Page, town: Town) -> None:
    """From the public page of the event, by a link in a mail, to a profile."""
    await page.goto(f"/press/events/{town.story.event.id}")
    await page.get_by_role("button", name="Đăng nhập và nộp hồ sơ: Phóng viên trong nước").click()
    await page.locator("#email").fill(EMAIL)
    await press(page, "Gửi liên kết cho tôi")
    await expect(page.get_by_text("Hãy mở hộp thư")).to_be_visible()
    await page.goto(await path_in(await town.post.wait_for("Liên kết đăng nhập"), "/press/link/"))
    await press(page, "Tiếp tục")
    await page.locator("#full_name").fill("Nguyễn Đặng Thị Ánh Biển")
    await page.locator("#outlet").fill("Báo Sóng Xanh Ví Dụ")
    await page.locator("#outlet_kind").select_option("print")
    await page.locator("#press_card_number").fill("000123")
    await page.locator("#press_card_expires_on").fill("2099-12-31")
    await page.locator("#consent-accreditation").check()
    await page.locator("#consent-portrait_on_badge").check()
    assert await find_faults(page) == []
    await press(page, "Đăng ký")


async def write(page: Page, town: Town) -> None:
    """The steps of the application, the portrait taken with the phone's camera."""
    if "/apply" not in page.url and "/applications/" not in page.url:
        await page.goto(f"/press/events/{town.story.event.id}")
        await page.get_by_role("button", name="Nộp hồ sơ loại thẻ này: Phóng viên trong nước").click()
    await page.wait_for_url(re.compile("/press/applications/"))
    here = urlsplit(page.url).path
    assert await find_faults(page) == []
    await page.goto(f"{here}/work")
    await page.locator("input[name=media_role][value=photographer]").check()
    for zone in ("A", "B"):
        await page.locator(f"input[name=zones_wanted][value={zone}]").check()
    assert await find_faults(page) == []
    await press(page, "Lưu và tiếp tục")
    await page.goto(f"{here}/about")
    await page.locator("#birth_year").fill("1990")
    await page.locator("#assignment").fill("Chụp ảnh phiên khai mạc.")
    await page.locator("#equipment").fill("Máy ảnh, số hiệu VD-001")
    assert await find_faults(page) == []
    await press(page, "Lưu và tiếp tục")
    await page.goto(f"{here}/files/portrait")
    await press(page, "Chụp bằng máy ảnh")
    await page.locator("[data-shoot]").click()
    await expect(page.locator("[data-crop] canvas")).to_be_visible()
    assert await find_faults(page) == []
    await press(page, "Gửi tệp")
    await page.wait_for_url(re.compile(re.escape(here) + "$"))
    for kind, name, content in (
        ("press_card", "thẻ nhà báo.jpg", scan()),
        ("assignment_letter", "giấy giới thiệu.pdf", letter()),
    ):
        await page.goto(f"{here}/files/{kind}")
        mime = "application/pdf" if name.endswith("pdf") else "image/jpeg"
        await page.locator("#content").set_input_files({"name": name, "mimeType": mime, "buffer": content})
        await press(page, "Gửi tệp")
        await page.wait_for_url(re.compile(re.escape(here) + "$"))
    await page.goto(f"{here}/check")
    assert await find_faults(page) == []
    await press(page, "Gửi hồ sơ")
    await expect(page.get_by_text("Đã nộp").first).to_be_visible()


async def look(chromium: Browser, town: Town, authority: str, kind: str, **more: str) -> None:
    """An authority finds the application in its queue, opens it and gives a verdict."""
    window = await open_window(chromium, town.address, "desk")
    page = await window.new_page()
    heard = hear(page)
    await sign_in(page, "/console/accreditation", email=town.story.emails[authority])
    assert await find_faults(page) == []
    await page.get_by_role("link", name="Nguyễn Đặng Thị Ánh Biển").first.click()
    await page.wait_for_url(re.compile("/console/reviews/"))
    assert await find_faults(page) == []
    await page.locator(f"input[name=kind][value={kind}]").check()
    if zone := more.get("zone"):
        await page.locator(f"input[name=zones][value={zone}]").check()
    if escort := more.get("escort"):
        await page.locator(f"input[name=escort][value={escort}]").check()
    if ground := more.get("ground"):
        await page.locator("#ground").fill(ground)
    await press(page, "Gửi ý kiến")
    await expect(page.locator("#history-title").or_(page.locator("#verdict-title")).first).to_be_visible()
    assert heard == []
    await window.close()


async def test_from_the_phone_of_a_journalist_to_the_pass(chromium: Browser, town: Town) -> None:
    window = await open_window(chromium, town.address, "phone", permissions=["camera"])
    page = await window.new_page()
    heard = hear(page)
    await register(page, town)
    await write(page, town)
    here = urlsplit(page.url).path
    await town.post.wait_for("Đã tiếp nhận hồ sơ")

    await look(chromium, town, "host", "ask", ground="Đề nghị cho biết số hiệu ống kính.")
    question = await town.post.wait_for("bổ sung")
    assert "số hiệu ống kính" in body_of(question)
    await page.goto(await path_in(question, "/press/applications/"))
    await page.locator("#questions textarea").fill("Ống kính VD-002.")
    assert await find_faults(page) == []
    await press(page, "Gửi câu trả lời")
    await expect(page.locator("#answered")).to_contain_text("Ống kính VD-002.")

    await look(chromium, town, "host", "conditions", zone="A", ground="Khu B đã đủ người.")
    await look(chromium, town, "press_management", "approve")
    await look(chromium, town, "security", "approve")

    await grant(chromium, town, here)
    decided = body_of(await town.post.wait_for("được chấp thuận có điều kiện"))
    assert "Khu A" in decided
    assert "Khu B" not in decided
    await town.post.wait_for("Thẻ vào cổng của bạn")

    for path in ("/press", "/press/profile", "/press/privacy", here):
        await page.goto(path)
        assert (path, await find_faults(page)) == (path, [])
    await page.locator("#pass").get_by_role("link").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Nguyễn Đặng Thị Ánh Biển")
    shown = await page.get_by_role("article").inner_text()
    assert re.findall(r"\bKhu ([ABC])\b", shown) == ["A"]
    assert heard == []
    await window.close()


async def grant(chromium: Browser, town: Town, here: str) -> None:
    """The office grants what the verdicts allow, and issues the pass."""
    application = here.rsplit("/", 1)[-1]
    window = await open_window(chromium, town.address, "desk")
    page = await window.new_page()
    await sign_in(page, f"/console/applications/{application}", email=town.story.emails["reviewer"])
    assert await find_faults(page) == []
    await page.locator("input[name=kind][value=approved_with_conditions]").check()
    for zone in ("B", "C"):
        box = page.locator(f"input[name=zones][value={zone}]")
        if await box.count() and await box.is_checked():
            await box.uncheck()
    await page.locator("input[name=zones][value=A]").check()
    await page.locator("#reason").fill("Tác nghiệp tại khu A.")
    await press(page, "Ghi nhận quyết định")
    await expect(page.get_by_text("Duyệt có điều kiện").first).to_be_visible()
    await window.close()
    window = await open_window(chromium, town.address, "desk")
    page = await window.new_page()
    await sign_in(page, f"/console/applications/{application}", email=town.story.emails["organiser"])
    await press(page, "Cấp thẻ này")
    await window.close()


async def test_every_open_page_of_the_portal_stands(chromium: Browser, town: Town) -> None:
    window = await open_window(chromium, town.address, "phone")
    paths = ("/press", "/press/sign-in", "/press/privacy", f"/press/events/{town.story.event.id}")
    assert await walk(await window.new_page(), *paths) == []
    await window.close()


async def test_every_page_of_the_console_about_accreditation_stands(chromium: Browser, town: Town) -> None:
    event = f"/console/events/{town.story.event.id}"
    outlet, rules = f"/console/outlets/{town.outlet_id}", "/console/rules/vn-press"
    paths = {
        "organiser": (
            event,
            f"{event}/applications",
            f"{event}/accreditation",
            f"{event}/allocation",
            "/console/rules",
            rules,
            "/console/outlets",
            outlet,
        ),
        "reviewer": ("/console/standing", "/console/standing/give", f"{event}/applications"),
        "host": ("/console/delegations", f"{event}/vetting"),
        "admin": (f"{rules}/edit",),
    }
    for who, theirs in paths.items():
        window = await open_window(chromium, town.address, "phone")
        page = await window.new_page()
        await sign_in(page, theirs[0], email=ADMIN if who == "admin" else town.story.emails[who])
        assert await walk(page, *theirs) == []
        await window.close()
