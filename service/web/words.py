"""The words and signs for the codes that pages show: states, kinds, roles, methods.

Each label is a msgid; its Vietnamese stands in locale/vi.po. A tone chooses shape and colour of a status tag
together, so that a tag says the same in black and white.
"""

from typing import Literal


def N_(message: str) -> str:  # noqa: N802 (the name that gettext's tools look for)
    """Mark a msgid for the catalog and leave it as it is."""
    return message


Tone = Literal["quiet", "accent", "good", "warn", "bad", "off"]

WORDS: dict[str, dict[str, str]] = {
    "nav": {
        "start": N_("Overview"),
        "events": N_("Events"),
    },
    "event_kind": {
        "exhibition": N_("Exhibition"),
        "seminar": N_("Seminar"),
        "political_diplomatic": N_("Political-diplomatic event"),
        "press_conference": N_("Press conference"),
    },
    "event_state": {
        "draft": N_("Draft"),
        "open": N_("Open"),
        "closed": N_("Closed"),
        "cancelled": N_("Cancelled"),
    },
    "occurrence_state": {
        "planned": N_("Planned"),
        "today": N_("On today"),
        "over": N_("Over"),
        "cancelled": N_("Cancelled"),
    },
    "application_state": {
        "draft": N_("Draft"),
        "submitted": N_("Submitted"),
        "needs_information": N_("Information needed"),
        "in_review": N_("In review"),
        "approved": N_("Approved"),
        "approved_with_conditions": N_("Approved with conditions"),
        "waitlisted": N_("On the waiting list"),
        "rejected": N_("Rejected"),
        "withdrawn": N_("Withdrawn"),
        "revoked": N_("Revoked"),
    },
    "pass_state": {
        "active": N_("Valid"),
        "suspended": N_("Suspended"),
        "revoked": N_("Revoked"),
        "replaced": N_("Replaced"),
        "expired": N_("Expired"),
        "not_yet_valid": N_("Not yet valid"),
    },
    "holder_stand": {
        "valid": N_("Valid"),
        "not_now": N_("Valid, but not now"),
        "not_yet_valid": N_("Not yet valid"),
        "expired": N_("Expired"),
        "suspended": N_("Suspended"),
        "revoked": N_("Revoked"),
        "replaced": N_("Replaced"),
        "cancelled": N_("Event cancelled"),
    },
    "check_answer": {
        "valid": N_("Valid"),
        "not_valid": N_("Not valid"),
        "cannot_tell": N_("Cannot tell"),
    },
    "badge": {
        "none": N_("Not printed"),
        "printed": N_("Printed, at the desk"),
        "handed_over": N_("Handed over"),
        "returned": N_("Returned"),
        "lost": N_("Lost"),
    },
    "badge_action": {
        "printed": N_("Badge printed"),
        "reprinted": N_("Badge printed anew under a new pass"),
        "handed_over": N_("Badge handed over"),
        "returned": N_("Badge returned"),
        "lost": N_("Badge reported lost"),
        "found": N_("Badge found again"),
    },
    "badge_format": {
        "a6": N_("A6 badge with lanyard slot"),
        "cr80": N_("CR80 card"),
        "wristband": N_("Wristband"),
        "sheet_a6": N_("A4 sheet of A6 badges"),
        "sheet_cr80": N_("A4 sheet of CR80 cards"),
    },
    "job_state": {
        "running": N_("Being made"),
        "done": N_("Ready"),
        "failed": N_("Failed"),
        "cancelled": N_("Stopped"),
    },
    "key_state": {
        "active": N_("Signs new passes"),
        "retired": N_("Proves older passes"),
        "struck": N_("Struck"),
    },
    "pass_pages": {
        "passes": N_("Passes"),
        "badges": N_("How badges look"),
        "print-jobs": N_("Printing"),
        "handover": N_("Handing over"),
        "keys": N_("Keys and revocations"),
    },
    "held_list": {
        "current": N_("List in force"),
        "older": N_("Older list"),
        "none": N_("No list"),
    },
    "mail_kind": {
        "pass_issued": N_("Pass sent to the holder"),
        "pass_replaced": N_("New pass sent to the holder"),
        "pass_ended": N_("Holder told that the pass ended"),
    },
    "mail_state": {
        "queued": N_("Waits to be sent"),
        "sending": N_("Being sent"),
        "sent": N_("Sent"),
        "failed": N_("Could not be sent"),
        "unsure": N_("Perhaps sent"),
        "dropped": N_("Overtaken, not sent"),
    },
    "language": {
        "vi": N_("Vietnamese"),
        "en": N_("English"),
    },
    "paper_state": {
        "recorded": N_("Recorded"),
        "in_force": N_("In force"),
        "missing": N_("Missing"),
        "expired": N_("Expired"),
    },
    "device_state": {
        "connected": N_("Connected"),
        "silent": N_("Not heard from"),
        "revoked": N_("Revoked"),
    },
    "category": {
        "press": N_("Press"),
        "delegate": N_("Delegate"),
        "guest": N_("Guest"),
        "visitor": N_("Visitor"),
        "pupil": N_("Pupil"),
        "staff": N_("Staff"),
        "adult": N_("Adult"),
        "foreign": N_("Foreign visitor"),
        "delegation": N_("Delegation"),
    },
    "policy": {
        "reentry": N_("May leave and come back"),
        "once": N_("Once only"),
        "once_per_day": N_("Once a day"),
        "open": N_("Open to every pass"),
    },
    "scan_reason": {
        "bad_code": N_("Not one of our codes, or damaged"),
        "bad_signature": N_("Forged"),
        "unknown_key": N_("Signed with a key that is not known"),
        "struck_key": N_("Signed with a key that was struck"),
        "unknown_pass": N_("No such pass"),
        "revoked": N_("The pass is revoked"),
        "suspended": N_("The pass is suspended"),
        "replaced": N_("A newer pass takes its place"),
        "not_yet_valid": N_("Not valid yet"),
        "expired": N_("No longer valid"),
        "wrong_day": N_("Not for this day"),
        "wrong_time": N_("Not for this time of day"),
        "wrong_event": N_("For another event"),
        "wrong_zone": N_("Not for this zone"),
        "already_inside": N_("Inside already"),
        "already_used": N_("Used already"),
        "used_today": N_("Used today already"),
        "zone_full": N_("The zone is full"),
        "gate_closed": N_("The gate is closed"),
        "device_not_allowed": N_("The device does not serve this gate"),
        "stale_lists": N_("The device's lists are too old"),
        "incomplete_data": N_("The device lacks data to judge by"),
        "clock_skew": N_("The device's clock is off"),
    },
    "method": {"scan": N_("Scanned"), "tally": N_("Counted by hand"), "group": N_("Groups")},
}

TONES: dict[str, dict[str, Tone]] = {
    "event_state": {"draft": "quiet", "open": "good", "closed": "off", "cancelled": "bad"},
    "occurrence_state": {"planned": "quiet", "today": "good", "over": "off", "cancelled": "bad"},
    "application_state": {
        "draft": "quiet",
        "submitted": "accent",
        "needs_information": "warn",
        "in_review": "accent",
        "approved": "good",
        "approved_with_conditions": "good",
        "waitlisted": "warn",
        "rejected": "bad",
        "withdrawn": "off",
        "revoked": "bad",
    },
    "pass_state": {
        "active": "good",
        "suspended": "warn",
        "revoked": "bad",
        "replaced": "off",
        "expired": "off",
        "not_yet_valid": "quiet",
    },
    "holder_stand": {
        "valid": "good",
        "not_now": "accent",
        "not_yet_valid": "quiet",
        "expired": "off",
        "suspended": "warn",
        "revoked": "bad",
        "replaced": "off",
        "cancelled": "bad",
    },
    "check_answer": {"valid": "good", "not_valid": "bad", "cannot_tell": "warn"},
    "badge": {"none": "quiet", "printed": "accent", "handed_over": "good", "returned": "off", "lost": "bad"},
    "badge_action": {
        "printed": "accent",
        "reprinted": "off",
        "handed_over": "good",
        "returned": "quiet",
        "lost": "bad",
        "found": "good",
    },
    "job_state": {"running": "accent", "done": "good", "failed": "bad", "cancelled": "off"},
    "key_state": {"active": "good", "retired": "quiet", "struck": "bad"},
    "held_list": {"current": "good", "older": "warn", "none": "bad"},
    "mail_state": {
        "queued": "quiet",
        "sending": "accent",
        "sent": "good",
        "failed": "bad",
        "unsure": "warn",
        "dropped": "off",
    },
    "paper_state": {"recorded": "good", "in_force": "good", "missing": "bad", "expired": "warn"},
    "device_state": {"connected": "good", "silent": "warn", "revoked": "off"},
}


PROBLEM_TODO: dict[int | str, str] = {
    "illegal_move": N_("Go back, renew the page, and look at where it stands now."),
    401: N_("Sign in, then open this address again."),
    403: N_("Ask the administrator of your organisation for the role that you need."),
    404: N_("Check the address, or begin at the start page."),
    409: N_("Go back, renew the page, and try again."),
    413: N_("Send a smaller file."),
    422: N_("Go back and correct what you entered. Nothing was changed."),
    429: N_("Wait a quarter of an hour, then try again."),
    500: N_("Try again in a few minutes. If it happens again, report it with the reference below."),
    503: N_("Try again in a few minutes."),
}
"""What the reader can do about a refusal, by problem code, else by HTTP status."""


def word(code: str, group: str) -> str:
    """The msgid that names `code` of `group`; LookupError says which word is missing."""
    try:
        return WORDS[group][code]
    except KeyError:
        raise LookupError(f"service/web/words.py has no word for {code!r} of {group!r}") from None


def tone(code: str, group: str) -> Tone:
    """The tone of the status tag for `code` of `group`; quiet where none is set."""
    return TONES.get(group, {}).get(code, "quiet")
