"""Letters of the press portal: to applicants, to the leads of authorities, and the link that signs in.

Short and official: what happened, why, what to do now and until when. Leads are told an application by its
reference only.
"""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import reference_of
from service.domain.messages import MailKind, OutgoingMail
from service.settings import Settings
from service.store.vault import Vault
from service.usecases.accreditation import news, signing
from service.usecases.accreditation.news import ReviewNews
from service.web.mail_application import ApplicationLetters, Letter
from service.web.pages import Pages, date_vn, pick, time_vn
from service.web.words import N_


class PressMails:
    """Writes letters about accreditation."""

    def __init__(self, pages: Pages, vault: Vault, settings: Settings) -> None:
        self._pages = pages
        self._vault = vault
        self._base_url = settings.base_url

    async def write(self, session: AsyncSession, mail: OutgoingMail, now: datetime) -> Letter | None:
        """The letter, or None when it has been overtaken."""
        if mail.kind is MailKind.SIGN_IN_LINK:
            return await self._sign_in(session, mail, now)
        if mail.kind in (MailKind.REVIEW_SOON, MailKind.REVIEW_LATE):
            of_review = await news.of_review(session, mail=mail, now=now)
            return self._review(mail, of_review) if of_review else None
        found = await news.of_application(session, mail=mail)
        return (
            ApplicationLetters(self._pages, mail.language, self._base_url).letter(mail.kind, found) if found else None
        )

    async def _sign_in(self, session: AsyncSession, mail: OutgoingMail, now: datetime) -> Letter | None:
        link = await news.of_link(session, mail=mail, now=now)
        if link is None:
            return None

        def say(message: str, **values: Any) -> str:
            return self._pages.translate(mail.language, message, **values)

        known = link.journalist_id is not None
        return Letter(
            to=link.email,
            subject=say(N_("Your link to sign in to the press portal")),
            title=say(N_("Sign in to the press portal")),
            greeting="",
            paragraphs=(
                say(N_("Somebody, probably you, asked for a link to sign in with this address.")),
                *(() if known else (say(N_("No profile has this address yet: the link lets you make one.")),)),
            ),
            facts=(),
            quote=("", ""),
            todo=(
                say(
                    N_("The link is good once, until %(time)s on %(day)s."),
                    time=time_vn(link.expires_at),
                    day=date_vn(link.expires_at),
                ),
                say(N_("If you did not ask for it, do nothing: without this mail nobody gets in.")),
            ),
            action=say(N_("Sign in")),
            link=signing.address_of(link.id, self._vault, self._base_url),
            signed="",
            contact="",
        )

    def _review(self, mail: OutgoingMail, found: ReviewNews) -> Letter:
        def say(message: str, **values: Any) -> str:
            return self._pages.translate(mail.language, message, **values)

        reference, late = reference_of(found.application_id), mail.kind is MailKind.REVIEW_LATE
        soon, overdue = (
            N_("Due soon: opinion on application %(reference)s"),
            N_("Overdue: opinion on application %(reference)s"),
        )
        title = overdue if late else soon
        return Letter(
            to=found.to,
            subject=say(title, reference=reference),
            title=say(title, reference=reference),
            greeting="",
            paragraphs=(
                say(N_("The period for your opinion has run out, and none was given."))
                if late
                else say(N_("The period for your opinion is about to run out.")),
            ),
            facts=(
                (say(N_("Reference")), reference),
                (say(N_("Event")), pick(found.event, "title", mail.language)),
                (say(N_("Accreditation class")), found.class_name[mail.language]),
                (say(N_("Authority")), found.authority[mail.language]),
                (say(N_("Due")), say(N_("end of %(day)s"), day=date_vn(found.due_on))),
            ),
            quote=("", ""),
            todo=(say(N_("Silence is no approval: the application waits until an opinion is given.")),),
            action=say(N_("Open the queue")),
            link=f"{self._base_url}/console/accreditation",
            signed=pick(found.organisation, "name", mail.language),
            contact="",
        )
