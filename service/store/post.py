"""The post office: one mail over SMTP (RFC 5321), and an honest word on whether it was taken."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import parseaddr

from service.settings import Settings

_SECONDS = 30
_TAKEN = 250
_ACCEPTED = (250, 251)
_FOR_GOOD = 500


class NotTaken(Exception):  # noqa: N818 (it says what the post office said)
    """The mail was surely not taken; `for_good`: trying again won't help."""

    def __init__(self, problem: str, *, for_good: bool) -> None:
        super().__init__(problem)
        self.for_good = for_good


class Unsure(Exception):  # noqa: N818
    """The connection broke while the mail was handed in: it may have been taken, or not."""


def send(message: EmailMessage, settings: Settings) -> None:
    """Hands `message` to the mail server of the settings. Raises NotTaken or Unsure."""
    try:
        office = _connect(settings)
    except (OSError, smtplib.SMTPException) as problem:
        raise NotTaken(_say(problem), for_good=False) from problem
    try:
        _hand_in(office, message)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            office.quit()


def _connect(settings: Settings) -> smtplib.SMTP:
    host, port = settings.smtp_host, settings.smtp_port
    office = (
        smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=ssl.create_default_context())
        if settings.smtp_security == "tls"
        else smtplib.SMTP(host, port, timeout=_SECONDS)
    )
    try:
        office.ehlo_or_helo_if_needed()
        if settings.smtp_security == "starttls":
            office.starttls(context=ssl.create_default_context())
            office.ehlo()
        if settings.smtp_user:
            office.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        office.close()
        raise
    return office


def _hand_in(office: smtplib.SMTP, message: EmailMessage) -> None:
    sender, recipient = parseaddr(str(message["From"]))[1], parseaddr(str(message["To"]))[1]
    try:
        for code, said in (office.mail(sender), office.rcpt(recipient)):
            if code not in _ACCEPTED:
                raise NotTaken(f"{code} {said.decode(errors='replace')}"[:300], for_good=code >= _FOR_GOOD)
    except ValueError as problem:
        # Such as an address with letters that SMTP has no way to write.
        raise NotTaken(_say(problem), for_good=True) from problem
    except (OSError, smtplib.SMTPException) as problem:
        raise NotTaken(_say(problem), for_good=False) from problem
    try:
        code, said = office.data(message.as_bytes())
    except smtplib.SMTPDataError as refused:
        # Refused before the first byte of the mail: it was surely not taken.
        raise NotTaken(_say(refused), for_good=refused.smtp_code >= _FOR_GOOD) from refused
    except (OSError, smtplib.SMTPException) as problem:
        raise Unsure(_say(problem)) from problem
    if code != _TAKEN:
        raise NotTaken(f"{code} {said.decode(errors='replace')}"[:300], for_good=code >= _FOR_GOOD)


def _say(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"[:300]
