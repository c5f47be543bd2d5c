"""Fields and files of an application as pages show them: in words, with dates and names of zones."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from babel import Locale

from service.domain.accreditation import Evidence, EvidenceKind
from service.domain.accreditation.answers import both_orders
from service.domain.accreditation.review_clocks import face_of
from service.domain.accreditation.reviews import Review
from service.domain.working_days import load_calendar
from service.store.vault import Vault
from service.usecases.accreditation.evidence import link_of
from service.web.console.access import Visit
from service.web.pages import date_vn, weekday
from service.web.review_views import ClockPart, FieldRow, FilePart
from service.web.views import Option
from service.web.words import N_, word

Zones = Mapping[str, tuple[str, str]]
_BOTH_ORDERS = N_("Also to be looked for as %(one)s and as %(other)s")


def field_rows(visit: Visit, fields: Mapping[str, Any], zones: Zones) -> tuple[FieldRow, ...]:
    """The fields that somebody is shown, in their order, each as text."""
    return tuple(
        FieldRow(code, field_text(visit, code, value, zones), _note(visit, code, value))
        for code, value in fields.items()
    )


def field_text(visit: Visit, code: str, value: Any, zones: Zones) -> str:
    """One value in the reader's words."""
    if code == "media_role":
        return visit.say(word(str(value), "media_role"))
    if code == "zones_wanted":
        return "; ".join(zone_name(visit, one, zones) for one in value)
    if code == "days_wanted":
        return ", ".join(date_vn(date.fromisoformat(one)) for one in value)
    if code == "nationality":
        return country(visit, str(value))
    if code == "arrives_on":
        return date_vn(date.fromisoformat(value))
    return date_vn(value) if isinstance(value, date) else str(value)


def _note(visit: Visit, code: str, value: Any) -> str:
    if code != "passport_line":
        return ""
    one, other = both_orders(str(value))
    return visit.say(_BOTH_ORDERS, one=one, other=other) if one != other else ""


def country(visit: Visit, code: str) -> str:
    """The name of a country in the reader's language."""
    return str(Locale.parse(visit.language).territories.get(code, code))


def zone_name(visit: Visit, code: str, zones: Zones) -> str:
    """A zone as A · Press centre."""
    vi, en = zones.get(code, ("", ""))
    name = (en if visit.language == "en" else vi) or vi
    return f"{code} · {name}" if name else code


def zone_options(visit: Visit, codes: Sequence[str], zones: Zones) -> tuple[Option, ...]:
    """Zones as the choices of a form."""
    return tuple(Option(code, zone_name(visit, code, zones)) for code in codes)


def day_options(visit: Visit, days: Sequence[date]) -> tuple[Option, ...]:
    """Days as the choices of a form: Thứ Hai, 23/11/2026."""
    return tuple(Option(one.isoformat(), f"{weekday(one, visit.language)}, {date_vn(one)}") for one in days)


def file_parts(
    visit: Visit,
    files: Sequence[Evidence],
    *,
    secrets: Vault,
    now: datetime,
    hidden: frozenset[EvidenceKind] = frozenset(),
    seen_by: Mapping[UUID, str] | None = None,
    tick: str | None = None,
) -> tuple[FilePart, ...]:
    """The files of an application; those of a `hidden` kind without a link. `tick`: where originals are ticked."""
    return tuple(
        FilePart(
            kind=one.kind.value,
            name=one.name,
            href=None if one.kind in hidden else link_of(one.id, access=visit.access, secrets=secrets, now=now),
            is_picture=one.media_type.startswith("image/"),
            pages=one.pages,
            added_at=one.added_at,
            seen_by=(seen_by or {}).get(one.seen_by_id, "") if one.seen_by_id else "",
            seen_at=one.seen_at,
            tick=f"{tick}/{one.id}/seen" if tick and one.kind not in hidden else None,
        )
        for one in files
    )


def clock_of(review: Review, now: datetime) -> ClockPart:
    """A review's clock as pages show it."""
    face = face_of(review, now, load_calendar())
    return ClockPart(face.face.value, face.due_on, face.days, face.year, face.done_at)
