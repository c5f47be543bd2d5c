"""The fields of an application's forms: filled in from what is kept, or from what was typed."""

from dataclasses import replace

from service.domain.accreditation import MediaRole
from service.domain.accreditation.answers import ASKED
from service.usecases.accreditation.own import OwnApplication
from service.web.countries import country_options
from service.web.forms import Form
from service.web.pages import date_vn, weekday
from service.web.press.access import PressVisit
from service.web.press.application import is_draft, is_required, named, value_of, zone_name
from service.web.press.asked import QUESTIONS
from service.web.press_views import FieldKind, FieldView
from service.web.views import Option
from service.web.words import word

CLASS = "class_code"
_KINDS: dict[str, FieldKind] = {
    "text": "text",
    "lines": "lines",
    "year": "year",
    "day": "day",
    "country": "select",
    "days": "checkbox",
    "identity": "identity",
}
_CORE: dict[str, FieldKind] = {"media_role": "radio", "zones_wanted": "checkbox", "note": "lines", CLASS: "radio"}
_MANY: frozenset[FieldKind] = frozenset({"radio", "checkbox"})


def field_view(visit: PressVisit, own: OwnApplication, code: str) -> FieldView:
    """A question with what is kept as its answer."""
    if code == CLASS:
        return FieldView(code, "radio", "", chosen=(own.application.class_code,))
    asked, kind = QUESTIONS[code], _CORE.get(code) or _KINDS[ASKED[code].kind]
    value = value_of(own, code)
    given = tuple(value or ()) if kind == "checkbox" else (str(value or ""),)
    hidden = kind == "identity" or kind in _MANY
    return FieldView(
        code=code,
        kind=kind,
        question=visit.say(asked.question),
        hint=visit.say(asked.hint) if asked.hint else "",
        why=visit.say(asked.why) if asked.why else "",
        required=is_required(own, code),
        value="" if hidden or value is None else str(value),
        chosen=given if kind in _MANY else (),
        options=_options(visit, own, code),
        kept=own.identity if kind == "identity" else "",
        again="" if is_draft(own) else named(visit, own.looks_again(code)),
    )


def _options(visit: PressVisit, own: OwnApplication, code: str) -> tuple[Option, ...]:
    if code == "media_role":
        return tuple(Option(one.value, visit.say(word(one.value, "media_role"))) for one in MediaRole)
    if code == "zones_wanted":
        return tuple(Option(one, zone_name(visit, own, one)) for one in own.zones)
    if code == "days_wanted":
        return tuple(Option(on.isoformat(), f"{weekday(on, visit.language)}, {date_vn(on)}") for on in own.days)
    return country_options(visit.language) if code == "nationality" else ()


def typed_view(blank: FieldView, form: Form) -> FieldView:
    """A question with what was typed as its answer."""
    if blank.kind in _MANY:
        return replace(blank, chosen=form.many(blank.code))
    return replace(blank, value=form.one(blank.code))


def as_saved(view: FieldView) -> tuple[str, ...]:
    """The answer of a field, to compare with another: order and blanks at the ends don't matter."""
    if view.kind == "identity":
        return (view.value.strip() or view.kept,)
    return tuple(sorted(view.chosen)) if view.kind in _MANY else (view.value.replace("\r\n", "\n").strip(),)
