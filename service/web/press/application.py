"""What the pages of one application share: addresses, the head, answers as people read them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import ApplicationState, AuthorityRule, Evidence, EvidenceKind, reference_of
from service.domain.accreditation.answers import FILE
from service.domain.accreditation.rules import Said
from service.store.vault import Vault
from service.usecases.accreditation.own import OwnApplication, open_application
from service.web.countries import country_options
from service.web.pages import date_vn
from service.web.press.access import PressVisit, Reader
from service.web.press_views import AnswerRow, ApplicationHead, FileView
from service.web.words import N_, word

WORK = ("media_role", "zones_wanted", "days_wanted", "note")
"""The fields of the page about the work; those about the person are all others that a class asks."""
_WORK_GROUP, _ABOUT_GROUP, _FILES_GROUP = N_("Your work at the event"), N_("About you"), N_("Files")
_CLASS = N_("Class of accreditation")


LONGEST_TEXT = 4000
"""Characters of an answer to a question, and of an appeal."""


async def opened(
    session: AsyncSession, visit: PressVisit, application_id: UUID, vault: Vault, now: datetime
) -> OwnApplication:
    """The application behind an address, as far as this journalist may open it."""
    return await open_application(
        session, journalist=visit.journalist, application_id=application_id, secrets=vault, now=now
    )


def application_href(application_id: UUID) -> str:
    """The page of an application."""
    return f"/press/applications/{application_id}"


def event_href(event_id: UUID) -> str:
    """The page of an event in the portal."""
    return f"/press/events/{event_id}"


def in_language(visit: Reader, said: Said) -> str:
    """A text of the rules in the reader's language."""
    return said[visit.language]


def named(visit: Reader, authorities: Iterable[AuthorityRule]) -> str:
    """Authorities by their public names, in one line."""
    return ", ".join(in_language(visit, one.name) for one in authorities)


def head_of(visit: PressVisit, own: OwnApplication) -> ApplicationHead:
    """What stands above every page of an application."""
    return ApplicationHead(
        href=application_href(own.application.id),
        event_href=event_href(own.event.id),
        event_vi=own.event.title_vi,
        event_en=own.event.title_en,
        reference=reference_of(own.application.id),
        class_name=in_language(visit, own.rule.name) if own.rule else "",
        for_name=own.owner.full_name if own.colleague else "",
    )


def is_draft(own: OwnApplication) -> bool:
    """Whether it has not been sent in yet."""
    return own.application.state is ApplicationState.DRAFT


def asked_of_work(own: OwnApplication) -> tuple[str, ...]:
    """The fields of the page about the work."""
    asked = {one.code for one in own.rule.asks} if own.rule else set()
    return tuple(code for code in WORK if code != "days_wanted" or code in asked)


def asked_about(own: OwnApplication) -> tuple[str, ...]:
    """The fields of the page about the person; a class may ask none."""
    return tuple(one.code for one in own.rule.asks if one.code not in WORK) if own.rule else ()


def is_required(own: OwnApplication, code: str) -> bool:
    """Whether a field has to be answered before an application can be sent in."""
    if code in ("media_role", "zones_wanted"):
        return True
    return own.rule is not None and any(one.code == code and one.required for one in own.rule.asks)


def value_of(own: OwnApplication, code: str) -> Any:
    """A field as it is kept; an identity number with all but its last signs hidden."""
    application = own.application
    if code == "identity_number":
        return own.identity
    if code in ("media_role", "note"):
        return getattr(application, code)
    return application.zones_wanted if code == "zones_wanted" else application.answers.get(code)


def shown(visit: Reader, own: OwnApplication, code: str, value: Any) -> str:
    """A field as people read it; empty for an empty one."""
    if not value:
        return ""
    if code == "media_role":
        return visit.say(word(value, "media_role"))
    if code == "zones_wanted":
        return ", ".join(zone_name(visit, own, one) for one in value)
    if code == "days_wanted":
        return ", ".join(date_vn(date.fromisoformat(one)) for one in value)
    if code == "nationality":
        return next((one.label for one in country_options(visit.language) if one.value == value), str(value))
    return date_vn(date.fromisoformat(value)) if code == "arrives_on" else str(value)


def zone_name(visit: Reader, own: OwnApplication, code: str) -> str:
    """A zone by its code and name."""
    vi, en = own.zones.get(code, ("", ""))
    name = (en if visit.language == "en" else "") or vi
    return f"{code} – {name}" if name else code


def file_view(one: Evidence) -> FileView:
    """A file that is there."""
    return FileView(
        id=str(one.id),
        name=one.name,
        href=f"/press/evidence/{one.id}",
        picture=one.media_type.startswith("image/"),
        size=one.size,
        pages=one.pages,
        added_at=one.added_at,
    )


def groups_of(
    visit: PressVisit, own: OwnApplication, *, back: str = ""
) -> tuple[tuple[str, tuple[AnswerRow, ...]], ...]:
    """All that was written, in groups; with links to change it as far as that is possible. `back`: where those lead
    to afterwards."""
    if own.rule is None:
        return ((visit.say(_WORK_GROUP), _rows(visit, own, ("media_role", "zones_wanted", "note"), "")),)
    here = application_href(own.application.id)
    query = f"?back={back}" if back else ""

    def page(step: str) -> str:
        return f"{here}/{step}{query}" if own.writable else ""

    kind = AnswerRow(
        "class_code",
        visit.say(_CLASS),
        in_language(visit, own.rule.name),
        page("class") if is_draft(own) else "",
    )
    files = tuple(_file_row(visit, own, one.kind, required=one.required, href=page(f"files/{one.kind.value}"))
                  for one in own.rule.evidence_of(own.application.media_role))  # fmt: skip
    about = asked_about(own)
    return (
        (visit.say(_WORK_GROUP), (kind, *_rows(visit, own, asked_of_work(own), page("work")))),
        *(((visit.say(_ABOUT_GROUP), _rows(visit, own, about, page("about"))),) if about else ()),
        *(((visit.say(_FILES_GROUP), files),) if files else ()),
    )


def _rows(visit: PressVisit, own: OwnApplication, codes: tuple[str, ...], page: str) -> tuple[AnswerRow, ...]:
    lacking = own.missing
    return tuple(
        AnswerRow(
            code=code,
            name=visit.say(word(code, "field")),
            value=shown(visit, own, code, value_of(own, code)),
            href=f"{page}#{code}" if page else "",
            lacking=code in lacking,
        )
        for code in codes
    )


def _file_row(visit: PressVisit, own: OwnApplication, kind: EvidenceKind, *, required: bool, href: str) -> AnswerRow:
    there = own.files.get(kind)
    return AnswerRow(
        code=FILE + kind.value,
        name=visit.say(word(FILE + kind.value, "field")),
        value=there.name if there else "",
        href=href,
        file=file_view(there) if there else None,
        lacking=required and there is None,
    )
