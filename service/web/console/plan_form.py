"""The form that opens an accreditation: what it shows, and what was typed into it."""

from collections.abc import Sequence
from datetime import datetime

from service.domain.accounts import Organisation
from service.domain.accreditation import AuthorityRule, Criterion, Rules
from service.domain.errors import Refusal
from service.domain.localtime import CITY_ZONE, local
from service.usecases.accreditation import Acting, PlanWish
from service.usecases.accreditation.overview_press import SetUp
from service.web.console.access import Visit
from service.web.forms import Checked
from service.web.words import N_, word

_MOST = 100_000
_APPEAL_DAYS = 60
_LANGUAGES = ("vi", "en")
_NO_CLASS = N_("Choose at least one class")
_NO_DAY = N_("Write the last day for applications")
_NO_TIME = N_("Write the last minute on that day, such as 17:00")
_OVER = N_("This moment is over: choose a later one")
_NO_BODY = N_("Choose who acts as: %(authority)s")
_NO_NUMBER = N_("Write a whole number from %(least)s to %(most)s")
_CLOSED_CLASS = N_("This class is not open: open it, or leave its number empty")
_CALLED_OFF = N_("The event is called off, so nobody can apply")
_TWICE = N_("This criterion stands there twice: choose each once")
_REFUSED = N_("This could not be kept. Look at the form again.")


def authorities_of(rules: Rules) -> dict[str, AuthorityRule]:
    """The authorities that a rule set knows, each once, in their order."""
    found: dict[str, AuthorityRule] = {}
    for rule in rules.classes:
        for one in rule.authorities:
            found.setdefault(one.code, one)
    return found


def read_plan(visit: Visit, checked: Checked, found: SetUp, now: datetime) -> PlanWish | None:
    """The accreditation that was typed; None when something is wrong, which is then noted."""
    rules = found.rule_set.rules
    ticked = set(checked.form.many("classes"))
    classes = tuple(one.code for one in rules.classes if one.code in ticked)
    if not classes:
        checked.wrong("classes", _NO_CLASS)
    caps = _read_caps(visit, checked, rules, classes)
    acting = _read_acting(visit, checked, rules, classes, found.organisations)
    closes_at = _read_moment(checked, now)
    contact = checked.text("contact", most=500, lines=True)
    appeal_days = read_number(visit, checked, "appeal_days", least=1, most=_APPEAL_DAYS)
    criteria = read_criteria(checked)
    if checked.errors or closes_at is None:
        return None
    return PlanWish(
        rule_set_id=found.rule_set.id,
        classes=classes,
        acting=acting,
        caps=caps,
        closes_at=closes_at,
        contact=contact,
        appeal_days=5 if appeal_days is None else appeal_days,
        criteria=criteria,
    )


def _read_caps(visit: Visit, checked: Checked, rules: Rules, classes: Sequence[str]) -> dict[str, int]:
    caps = {}
    whole = read_number(visit, checked, "cap", least=0, most=_MOST)
    if whole is not None:
        caps[""] = whole
    for one in rules.classes:
        cap = read_number(visit, checked, f"cap_{one.code}", least=0, most=_MOST)
        if cap is None:
            continue
        if one.code not in classes:
            checked.wrong(f"cap_{one.code}", _CLOSED_CLASS)
        caps[one.code] = cap
    return caps


def _read_acting(
    visit: Visit, checked: Checked, rules: Rules, classes: Sequence[str], organisations: Sequence[Organisation]
) -> dict[str, Acting]:
    known = {str(one.id): one.id for one in organisations}
    needed = {one.code for rule in rules.classes if rule.code in classes for one in rule.authorities}
    acting = {}
    for code, rule in authorities_of(rules).items():
        lead = checked.email(f"lead_{code}")
        language = checked.form.one(f"language_{code}")
        organisation_id = known.get(checked.form.one(f"org_{code}"))
        if organisation_id is not None:
            acting[code] = Acting(organisation_id, lead, language if language in _LANGUAGES else "vi")
        elif code in needed:
            checked.wrong(f"org_{code}", _NO_BODY, authority=rule.name[visit.language])
    return acting


def read_number(visit: Visit, checked: Checked, name: str, *, least: int, most: int) -> int | None:
    """A whole number, or none; what is no number in these bounds is noted."""
    text = checked.text(name).replace(" ", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
        checked.wrong(name, _NO_NUMBER, least=visit.number(least), most=visit.number(most))
        return None
    return int(text)


def read_criteria(checked: Checked) -> tuple[Criterion, ...]:
    """The criteria in the order of their fields, those that were left empty left away."""
    known = {one.value for one in Criterion}
    chosen = []
    for number in range(1, len(Criterion) + 1):
        value = checked.form.one(f"criterion_{number}")
        if value not in known:
            continue
        if Criterion(value) in chosen:
            checked.wrong(f"criterion_{number}", _TWICE)
        else:
            chosen.append(Criterion(value))
    return tuple(chosen)


def _read_moment(checked: Checked, now: datetime) -> datetime | None:
    day, clock = checked.day("closes_on", wanted=_NO_DAY), checked.day_time("closes_at")
    if clock is None:
        if not checked.form.one("closes_at").strip():
            checked.wrong("closes_at", _NO_TIME)
        return None
    if day is None:
        return None
    moment = datetime.combine(day, clock, CITY_ZONE)
    if moment <= now:
        checked.wrong("closes_on", _OVER)
    return moment


_FIELDS = {"classes": "classes", "closes_at": "closes_on"}
_MESSAGES = {"classes": _NO_CLASS, "closes_at": _OVER}


def note_refusal(checked: Checked, refusal: Refusal) -> None:
    """Says at the fields of the form what a refusal says of the plan."""
    if refusal.code == "illegal_move":
        checked.wrong("", _CALLED_OFF)
        return
    for error in refusal.errors:
        part = error.pointer.split("/")[1]
        checked.wrong(_FIELDS.get(part, ""), _MESSAGES.get(part, _REFUSED))
    if not checked.errors:
        checked.wrong("", _REFUSED)


def criterion_words(visit: Visit, criteria: Sequence[str]) -> tuple[str, ...]:
    """Criteria in the reader's words."""
    return tuple(visit.say(word(one, "criterion")) for one in criteria)


def local_parts(at: datetime | None) -> tuple[str, str]:
    """Day and time of an instant as browsers' own fields take them; empty for none."""
    return ("", "") if at is None else (f"{local(at):%Y-%m-%d}", f"{local(at):%H:%M}")
