"""What happened to an application, as timelines: to its authority, and to its office."""

from collections.abc import Iterator, Mapping

from service.domain.accreditation.rules import ClassRule
from service.usecases.accreditation.showing import ReviewFile
from service.usecases.accreditation.timeline import Entry
from service.web.console.access import Visit
from service.web.pages import date_vn
from service.web.views import TimelineStep
from service.web.words import N_, tone, word

_JOURNALIST = N_("Journalist")
_OFFICE = N_("Organiser")
_DELEGATED = N_("by delegation")
_ANSWERED = N_("Answer of the journalist")
_ABOUT = N_("About: %(fields)s")
_LOOKS = {
    "viewed": N_("Opened"),
    "opened": N_("File opened"),
    "ticked": N_("Original seen"),
    "written": N_("Answers changed"),
    "file_added": N_("File handed in"),
    "file_removed": N_("File taken out"),
    "reopened": N_("Verdict no longer holds: what it rested on was changed"),
}
_SET_ASIDE = N_("Decision set aside")
_STEPS = {
    "submitted": N_("Application submitted"),
    "in_review": N_("Application taken into review"),
    "needs_information": N_("Information asked for"),
    "approved": N_("Application approved"),
    "approved_with_conditions": N_("Application approved with conditions"),
    "waitlisted": N_("Application put on the waiting list"),
    "rejected": N_("Application rejected"),
    "withdrawn": N_("Application withdrawn"),
    "revoked": N_("Approval revoked"),
}


def of_review(visit: Visit, found: ReviewFile) -> tuple[TimelineStep, ...]:
    """An authority's own verdicts and questions, and the answers to them; nobody is named."""
    steps: list[TimelineStep] = []
    for one in found.verdicts:
        conditions = _conditions(visit, one.zones, one.days or (), escort=one.escort)
        note = " · ".join(part for part in (one.ground, conditions) if part)
        kind = one.kind.value
        who = visit.say(_DELEGATED) if one.delegation_id else ""
        steps.append(TimelineStep(one.given_at, visit.say(word(kind, "verdict_given")), who, note, _tone(kind)))
    steps += [
        TimelineStep(one.answered_at, visit.say(_ANSWERED), "", one.answer, "accent")
        for one in found.questions
        if one.answered_at is not None
    ]
    return tuple(sorted(steps, key=lambda step: str(step.at)))


def of_application(visit: Visit, history: list[Entry], rule: ClassRule | None) -> tuple[TimelineStep, ...]:
    """All that happened to an application, but the looks at it."""
    authorities = {one.code: one.name[visit.language] for one in rule.authorities} if rule else {}
    return tuple(_step(visit, one, authorities) for one in history if one.kind != "look")


def looks_at(visit: Visit, history: list[Entry], rule: ClassRule | None) -> tuple[TimelineStep, ...]:
    """Who saw what of an application; looks of one person at the same things follow each other in one line."""
    authorities = {one.code: one.name[visit.language] for one in rule.authorities} if rule else {}
    return tuple(_step(visit, one, authorities) for one in _joined(history))


def _joined(history: list[Entry]) -> Iterator[Entry]:
    before: Entry | None = None
    for one in (entry for entry in history if entry.kind == "look"):
        same = before is not None and (before.who, before.code, before.fields, before.authority) == (
            one.who,
            one.code,
            one.fields,
            one.authority,
        )
        if before is not None and not same:
            yield before
        before = one
    if before is not None:
        yield before


def _step(visit: Visit, one: Entry, authorities: Mapping[str, str]) -> TimelineStep:
    desk = authorities.get(one.authority, one.authority)
    who = visit.say(_JOURNALIST) if one.by_journalist else one.who
    told = " · ".join(part for part in (who, desk, visit.say(_DELEGATED) if one.delegated else "") if part)
    fields = ", ".join(visit.say(word(code, "field")) for code in one.fields if code != "file:")
    note = " · ".join(part for part in (one.note, visit.say(_ABOUT, fields=fields) if fields else "") if part)
    if one.kind == "verdict":
        return TimelineStep(one.at, visit.say(word(one.code, "verdict_given")), told, note, _tone(one.code))
    if one.kind == "answer":
        return TimelineStep(one.at, visit.say(_ANSWERED), told, note, "accent")
    if one.kind == "question":
        return TimelineStep(one.at, visit.say(_STEPS["needs_information"]), told, note, "warn")
    if one.kind == "set_aside":
        return TimelineStep(one.at, visit.say(_SET_ASIDE), told, note, "warn")
    if one.kind == "step":
        return TimelineStep(one.at, visit.say(_STEPS[one.code]), told, note, tone(one.code, "application_state"))
    return TimelineStep(one.at, visit.say(_LOOKS[one.code]), told, note, "quiet")


def _tone(kind: str) -> str:
    return tone(kind, "verdict_given")


def _conditions(visit: Visit, zones: list[str], days: object, *, escort: bool) -> str:
    parts = []
    if zones:
        parts.append(visit.say(N_("zones %(zones)s"), zones=", ".join(zones)))
    if isinstance(days, list) and days:
        parts.append(", ".join(date_vn(one) for one in days))
    if escort:
        parts.append(visit.say(N_("with an escort")))
    return "; ".join(parts)
