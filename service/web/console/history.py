"""The record of changes and scans as timelines: what happened, when, by whom, in the reader's words."""

from collections.abc import Iterator
from datetime import datetime

from service.domain.door import AmendmentKind, Direction, Verdict
from service.store.event_file import Rows
from service.usecases.pass_file import PassFile
from service.web.console.access import Visit
from service.web.views import TimelineStep
from service.web.words import N_, tone, word

STEPS: dict[tuple[str, str], tuple[str, str]] = {
    ("event", "added"): (N_("Event created"), "quiet"),
    ("event", "changed"): (N_("Facts of the event changed"), "quiet"),
    ("event", "open"): (N_("Event opened"), "good"),
    ("event", "closed"): (N_("Event closed"), "off"),
    ("event", "cancelled"): (N_("Event called off"), "bad"),
    ("occurrence", "added"): (N_("Stop or sitting added"), "quiet"),
    ("occurrence", "changed"): (N_("Stop or sitting changed"), "quiet"),
    ("occurrence", "removed"): (N_("Stop or sitting removed"), "off"),
    ("zone", "added"): (N_("Zone added"), "quiet"),
    ("zone", "changed"): (N_("Zone changed"), "quiet"),
    ("gate", "added"): (N_("Gate added"), "quiet"),
    ("gate", "changed"): (N_("Gate changed"), "quiet"),
    ("application", "submitted"): (N_("Application submitted"), "accent"),
    ("application", "in_review"): (N_("Application taken into review"), "accent"),
    ("application", "needs_information"): (N_("Information asked for"), "warn"),
    ("application", "approved"): (N_("Application approved"), "good"),
    ("application", "approved_with_conditions"): (N_("Application approved with conditions"), "good"),
    ("application", "waitlisted"): (N_("Application put on the waiting list"), "warn"),
    ("application", "rejected"): (N_("Application rejected"), "bad"),
    ("application", "withdrawn"): (N_("Application withdrawn"), "off"),
    ("application", "revoked"): (N_("Approval revoked"), "bad"),
    ("application", "set_aside"): (N_("Decision set aside"), "warn"),
    ("applications", "exported"): (N_("List of applications saved as a table"), "quiet"),
    ("accreditation", "opened"): (N_("Accreditation opened or changed"), "good"),
    ("key", "added"): (N_("Signing key made"), "quiet"),
    ("key", "rotated"): (N_("New signing key in use"), "quiet"),
    ("key", "struck"): (N_("Signing key struck"), "bad"),
    ("enrolment", "offered"): (N_("Enrolment code made for a device"), "quiet"),
    ("device", "enrolled"): (N_("Device enrolled"), "good"),
    ("device", "revoked"): (N_("Device revoked"), "off"),
    ("pass", "issued"): (N_("Pass issued"), "good"),
    ("pass", "active"): (N_("Pass made valid again"), "good"),
    ("pass", "suspended"): (N_("Pass suspended"), "warn"),
    ("pass", "revoked"): (N_("Pass revoked"), "bad"),
    ("pass", "replaced"): (N_("Pass replaced by a new one"), "off"),
    ("pass", "portrait_kept"): (N_("Portrait added"), "quiet"),
    ("pass", "portrait_removed"): (N_("Portrait removed"), "quiet"),
    ("pass_class", "added"): (N_("Class of passes added"), "quiet"),
    ("pass_class", "changed"): (N_("Class of passes changed"), "quiet"),
    ("pass_class", "removed"): (N_("Class of passes removed"), "quiet"),
    ("badge_template", "changed"): (N_("Badge template changed"), "quiet"),
    ("event", "logo_kept"): (N_("Logo for badges added"), "quiet"),
    ("event", "logo_removed"): (N_("Logo for badges removed"), "quiet"),
    ("print_job", "started"): (N_("Printing of many badges begun"), "accent"),
    ("print_job", "cancelled"): (N_("Printing of many badges stopped"), "off"),
    ("handover", "handed_over"): (N_("Badges handed over"), "good"),
    ("pass", "mailed"): (N_("Pass sent to the holder again"), "quiet"),
    ("mail", "sent_again"): (N_("Mail sent again"), "quiet"),
}
"""What the record calls (noun, action), in words and with a tone."""

_ANOTHER = (N_("Another change"), "quiet")
_VERDICTS = {
    (Verdict.ADMIT, Direction.ENTRY): (N_("Admitted"), "good"),
    (Verdict.ADMIT, Direction.EXIT): (N_("Left"), "quiet"),
    (Verdict.REFUSE, Direction.ENTRY): (N_("Refused"), "bad"),
    (Verdict.REFUSE, Direction.EXIT): (N_("Left"), "quiet"),
    (Verdict.UNSURE, Direction.ENTRY): (N_("Could not be decided"), "warn"),
    (Verdict.UNSURE, Direction.EXIT): (N_("Left"), "quiet"),
}
_AMENDED = {
    AmendmentKind.OVERRIDE: N_("Let in by the door lead all the same"),
    AmendmentKind.UNDO: N_("Taken back by the door lead"),
}


def of_event(visit: Visit, rows: Rows) -> tuple[TimelineStep, ...]:
    """The event's history in order of time; steps of one kind, person and day stand in one line."""
    steps = []
    for row in reversed(rows):
        text, tone = STEPS.get((row.noun, row.action), _ANOTHER)
        told = visit.say(text)
        if row.times > 1:
            told = visit.say(N_("%(what)s, %(times)s times"), what=told, times=visit.number(row.times))
        note = "" if (row.noun, row.action) in STEPS else f"{row.noun} {row.action}"
        steps.append(TimelineStep(row.at, told, row.staff_name or "", note, tone))
    return tuple(steps)


def of_pass(visit: Visit, found: PassFile) -> tuple[TimelineStep, ...]:
    """Changes and scans of a pass, and what became of its badge, in order of time; the latest change has its ground."""
    steps = [*_records(visit, found), *_changes(visit, found), *_scans(visit, found)]
    return tuple(step for _, step in sorted(steps, key=lambda timed: timed[0]))


def _changes(visit: Visit, found: PassFile) -> Iterator[tuple[datetime, TimelineStep]]:
    one = found.entry_pass
    for row in reversed(found.changes):
        text, tone = STEPS.get(("pass", row.action), _ANOTHER)
        latest = row.action == one.state.value and row.at == one.state_at
        note = " · ".join(told for told in (one.state_ground, one.state_authority) if told) if latest else ""
        yield row.at, TimelineStep(row.at, visit.say(text), row.staff_name or "", note, tone)


def _records(visit: Visit, found: PassFile) -> Iterator[tuple[datetime, TimelineStep]]:
    """The print log: a badge was printed, handed over (to whom), lost, found, returned, printed anew."""
    for record, staff_name, handover in found.records:
        to = (handover.to_name, handover.organisation_name) if handover else ()
        note = " · ".join(told for told in (*to, record.note) if told)
        told = visit.say(word(record.action.value, "badge_action"))
        yield (
            record.at,
            TimelineStep(record.at, told, staff_name or "", note, tone(record.action.value, "badge_action")),
        )


def _scans(visit: Visit, found: PassFile) -> Iterator[tuple[datetime, TimelineStep]]:
    for scan, gate, device, amendments in reversed(found.scans):
        text, tone = _VERDICTS[scan.decision, scan.direction]
        told = visit.say(text) + (f": {gate}" if gate else "")
        notes = [visit.say(word(scan.reason, "scan_reason"))] if scan.reason else []
        notes += [visit.say(_AMENDED[AmendmentKind(kind)]) for kind in amendments or ()]
        yield scan.scanned_at, TimelineStep(scan.scanned_at, told, device, " · ".join(notes), tone)
