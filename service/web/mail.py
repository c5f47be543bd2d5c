"""Mail as people get it: written in the reader's language when it is sent, of what is true then."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.messages import MailKind, OutgoingMail
from service.settings import Settings
from service.store import qr
from service.store.calendars import ics
from service.store.vault import Vault
from service.store.wallets.apple import pkpass
from service.usecases import holders
from service.usecases.accreditation import news
from service.usecases.holders import HolderPass
from service.web.clock import now as moment
from service.web.mail_application import Letter
from service.web.mail_press import PressMails
from service.web.pages import Pages
from service.web.wallets import Wallets
from service.web.words import N_

_PIXELS = 600
_SUBJECTS = {
    MailKind.PASS_ISSUED: N_("Your pass: %(event)s"),
    MailKind.PASS_REPLACED: N_("Your new pass: %(event)s"),
    MailKind.PASS_ENDED: N_("Your pass is no longer valid: %(event)s"),
}


class Mails:
    """Writes mails with the templates of `templates/mail`."""

    def __init__(self, pages: Pages, vault: Vault, settings: Settings) -> None:
        self._pages = pages
        self._vault = vault
        self._settings = settings
        self._wallets = Wallets.read(settings, now=moment())
        self._press = PressMails(pages, vault, settings)

    async def compose(self, session: AsyncSession, mail: OutgoingMail, now: datetime) -> EmailMessage | None:
        """The mail, or None when it has been overtaken: a pass that has ended is no news as a new one."""
        if mail.kind not in _SUBJECTS:
            letter = await self._press.write(session, mail, now)
            return self._letter(mail, letter) if letter else None
        held = await holders.hold(session, pass_id=mail.object_id, vault=self._vault)
        ended = mail.kind is MailKind.PASS_ENDED
        if not held.entry_pass.holder_email or (not ended and not held.usable):
            return None
        if ended and await news.tells_of_end(session, application_id=held.entry_pass.application_id):
            return None
        language = mail.language
        title = held.face.event_vi if language == "vi" else held.face.event_en or held.face.event_vi
        subject = self._pages.translate(language, _SUBJECTS[mail.kind], event=title)
        message = self._envelope(mail, held.entry_pass.holder_email, subject)
        self._fill(message, mail, held, now)
        return message

    def _envelope(self, mail: OutgoingMail, to: str, subject: str) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["Subject"] = subject
        message["From"] = self._settings.mail_from
        message["To"] = to
        message["Date"] = format_datetime(mail.created_at)
        message["Message-ID"] = f"<{mail.id}@{urlsplit(self._settings.base_url).hostname}>"
        message["Auto-Submitted"] = "auto-generated"
        return message

    def _letter(self, mail: OutgoingMail, letter: Letter) -> EmailMessage:
        message = self._envelope(mail, letter.to, letter.subject)
        message.set_content(self._pages.render("mail/letter.txt", mail.language, letter=letter))
        message.add_alternative(self._pages.render("mail/letter.html", mail.language, letter=letter), subtype="html")
        return message

    def _fill(self, message: EmailMessage, mail: OutgoingMail, held: HolderPass, now: datetime) -> None:
        link = holders.link_of(held.entry_pass.id, vault=self._vault, base_url=self._settings.base_url)
        picture = make_msgid(domain="biendao")
        context = {
            "kind": mail.kind.value,
            "face": held.face,
            "one": held.entry_pass,
            "link": link,
            "picture": f"cid:{picture[1:-1]}",
        }
        message.set_content(self._pages.render("mail/pass.txt", mail.language, **context))
        message.add_alternative(self._pages.render("mail/pass.html", mail.language, **context), subtype="html")
        if mail.kind is MailKind.PASS_ENDED:
            return
        drawn = qr.png(held.face.code, size=_PIXELS)
        html = message.get_payload()[1]  # type: ignore[index]
        html.add_related(drawn, "image", "png", cid=picture, disposition="inline")  # type: ignore[union-attr]
        name = f"the-vao-cong-{held.face.serial}"
        message.add_attachment(drawn, maintype="image", subtype="png", filename=f"{name}.png")
        days = ics(held.face, base_url=self._settings.base_url, link=link, now=now)
        message.add_attachment(days, maintype="text", subtype="calendar", filename=f"{name}.ics")
        if signer := self._wallets.apple_at(now):
            wallet = pkpass(held.face, signer=signer, link=link, now=now)
            message.add_attachment(
                wallet, maintype="application", subtype="vnd.apple.pkpass", filename=f"{name}.pkpass"
            )
