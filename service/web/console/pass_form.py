"""What a pass is to say, as a form: its fields, and how they are read and filled in."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from service.domain.errors import TITLES, Conflict, Invalid, Refusal
from service.domain.localtime import local_day
from service.domain.passes import Category, EntryPass
from service.usecases import passes
from service.usecases.passes import Choices
from service.web.console.access import Visit
from service.web.console.pass_rows import last_moment
from service.web.console.start import event_href
from service.web.forms import Checked, Form
from service.web.pages import date_vn, datetime_vn, weekday
from service.web.pass_views import PassForm
from service.web.views import FieldError, Option
from service.web.words import N_, word

MOST_DAYS = 31
"""Up to so many days of an event are boxes to tick; of a longer one a first and a last day are asked for."""
MOST_HEADS = 1000
_TEXTS = (
    "holder_name",
    "native_name",
    "organisation_name",
    "holder_email",
    "language",
    "kind",
    "validity",
    "from_on",
    "until_on",
    "daily_from",
    "daily_to",
    "heads",
    "attention",
    "ground",
    "authority",
)
_NO_NAME = N_("Write the holder's name")
_NO_KIND = N_("Choose the class of the pass")
_NO_ZONE = N_("Choose at least one zone")
_NO_DAYS = N_("Choose at least one day")
_NO_FIRST, _NO_LAST = N_("Write the first day"), N_("Write the last day")
_NO_HEADS = N_("Write how many people, from 2 to %(most)s")
_NO_GROUP = N_("Tick this for a group, or leave the number of people empty")
_POINTED: dict[tuple[str, str], tuple[str, str]] = {
    ("/zones", "invalid"): (
        "zones",
        N_("Choose fewer or other zones: these are not granted, or the code has no room for them"),
    ),
    ("/valid_from", "invalid"): ("from_on", N_("Choose a day between 2000 and 2100")),
    ("/valid_until", "invalid"): ("until_on", N_("Choose a day between 2000 and 2100")),
    ("/valid_until", "dates_reversed"): ("until_on", N_("The last day lies before the first: choose a later one")),
    ("/daily_to", "invalid"): ("daily_to", N_("Write both hours, or neither")),
    ("/daily_to", "dates_reversed"): ("daily_to", N_("The hours end before they begin: choose a later end")),
    ("/class_code", "invalid"): ("kind", _NO_KIND),
    ("/category", "invalid"): ("kind", N_("Choose another class: press passes come from applications")),
    ("/event_id", "invalid"): ("", N_("Add a stop or sitting to the event first: a pass takes its days from them")),
}
_CLOSED = N_("The event is called off: no pass can be issued for it any more")


def blank_form(visit: Visit, found: Choices, *, action: str, back_href: str) -> PassForm:
    """The form with what may be chosen, and nothing typed yet."""
    event, english = found.event, visit.language == "en"
    days = found.days if len(found.days) <= MOST_DAYS else ()

    def kind_of(category: Category, code: str, vi: str, en: str) -> Option:
        name = (en if english else "") or vi
        label = f"{visit.say(word(category.value, 'category'))}: {name}" if code else name
        return Option(f"{category.value}/{code}" if code else category.value, label)

    return PassForm(
        action=action,
        event_vi=event.title_vi,
        event_en=event.title_en,
        event_href=event_href(event.id),
        back_href=back_href,
        kinds=tuple(kind_of(one.category, one.code, one.name_vi, one.name_en) for one in found.classes),
        zones=tuple(Option(code, f"{code} – {(en if english else '') or vi}") for code, vi, en in found.zones),
        days=tuple(Option(on.isoformat(), f"{weekday(on, visit.language)}, {date_vn(on)}") for on in days),
        first_on=found.days[0] if found.days else None,
        last_on=found.days[-1] if found.days else None,
        may_group=all(one.category is not Category.PRESS for one in found.classes),
    )


def typed_form(blank: PassForm, form: Form, errors: Iterable[FieldError]) -> PassForm:
    """The form as it was sent, with what is wrong."""
    typed: dict[str, Any] = {name: form.one(name) for name in _TEXTS}
    return replace(
        blank,
        **typed,
        chosen_zones=form.many("zones"),
        chosen_days=form.many("days"),
        group=bool(form.one("group")),
        errors=tuple(errors),
    )


def filled_form(visit: Visit, blank: PassForm, one: EntryPass) -> PassForm:
    """The form with what a pass says now; its days stay as they are until others are chosen."""
    days = ", ".join(date_vn(on) for on in one.valid_days or ())
    period = f"{datetime_vn(one.valid_from)} – {datetime_vn(last_moment(one))}"
    return replace(
        blank,
        holder_name=one.holder_name,
        native_name=one.native_name,
        organisation_name=one.organisation_name,
        holder_email=one.holder_email,
        language=one.language,
        kind=f"{one.category.value}/{one.class_code}" if one.class_code else one.category.value,
        chosen_zones=tuple(one.zones),
        validity="keep",
        kept=visit.say(N_("As it is now: %(days)s"), days=days or period),
        chosen_days=tuple(on.isoformat() for on in one.valid_days or ()),
        from_on=local_day(one.valid_from).isoformat(),
        until_on=local_day(last_moment(one)).isoformat(),
        daily_from=f"{one.daily_from:%H:%M}" if one.daily_from else "",
        daily_to=f"{one.daily_to:%H:%M}" if one.daily_to else "",
        group=one.heads > 1,
        heads=str(one.heads) if one.heads > 1 else "",
        attention=one.attention,
    )


def read_wish(checked: Checked, found: Choices) -> dict[str, Any]:
    """The fields of a wish that were typed, in the order of the form; `checked` gathers what is wrong with them."""
    category, class_code = _read_kind(checked, found)
    return {
        "category": category,
        "class_code": class_code,
        "heads": _read_heads(checked),
        "holder_name": checked.text("holder_name", wanted=_NO_NAME, most=300),
        "native_name": checked.text("native_name", most=300),
        "organisation_name": checked.text("organisation_name"),
        "holder_email": checked.email("holder_email"),
        "language": "en" if checked.form.one("language") == "en" else "vi",
        "zones": _read_zones(checked, found),
        **_read_validity(checked, found),
        "daily_from": checked.day_time("daily_from"),
        "daily_to": checked.day_time("daily_to"),
        "attention": checked.text("attention"),
    }


def _read_zones(checked: Checked, found: Choices) -> tuple[str, ...]:
    zones = tuple(code for code, _, _ in found.zones if code in checked.form.many("zones"))
    if not zones:
        checked.wrong("zones", _NO_ZONE)
    return zones


def _read_kind(checked: Checked, found: Choices) -> tuple[Category, str]:
    wanted = checked.form.one("kind")
    for one in found.classes:
        if wanted == (f"{one.category.value}/{one.code}" if one.code else one.category.value):
            return one.category, one.code
    checked.wrong("kind", _NO_KIND)
    return found.classes[0].category, ""


def _read_validity(checked: Checked, found: Choices) -> Mapping[str, Any]:
    validity = checked.form.one("validity")
    if validity == "days":
        chosen = [on for on in found.days if on.isoformat() in checked.form.many("days")]
        if chosen:
            return passes.on_days(chosen)
        checked.wrong("days", _NO_DAYS)
    if validity == "period":
        first, last = checked.day("from_on", wanted=_NO_FIRST), checked.day("until_on", wanted=_NO_LAST)
        if first and last:
            return passes.throughout(first, last)
    return {} if validity == "keep" else passes.WHOLE_EVENT


def _read_heads(checked: Checked) -> int:
    typed, group = checked.form.one("heads").strip(), bool(checked.form.one("group"))
    if not group:
        if typed not in ("", "1"):
            checked.wrong("group", _NO_GROUP)
        return 1
    heads = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= len(str(MOST_HEADS)) else 0
    if not 1 < heads <= MOST_HEADS:
        checked.wrong("heads", _NO_HEADS, most=MOST_HEADS)
        return 1
    return heads


def note_refusal(checked: Checked, refusal: Refusal) -> None:
    """Puts a refusal at its fields, in the reader's words; raises it again when no field can help."""
    if isinstance(refusal, Conflict) and refusal.code == "closed":
        checked.wrong("", _CLOSED)
    elif isinstance(refusal, Invalid):
        for error in refusal.errors:
            field, message = _POINTED.get((error.pointer, error.code), ("", TITLES["invalid"]))
            checked.wrong(field, message)
    else:
        raise refusal
