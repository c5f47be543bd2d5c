"""Access for the press: registering, applying, reviewing, deciding."""

from service.usecases.accreditation.applying import answer, apply, get_own, withdraw
from service.usecases.accreditation.deciding import (
    DecisionWish,
    Evidence,
    decide,
    issue_granted,
    issue_pass,
    view_application,
)
from service.usecases.accreditation.drafts import Changes, get_written, start, write
from service.usecases.accreditation.journalists import (
    OutletFacts,
    Registration,
    find_journalist,
    find_or_add_outlet,
    register,
    sign_in,
)
from service.usecases.accreditation.plans import Acting, PlanWish, accreditation_of, open_accreditation, safe_day
from service.usecases.accreditation.reviewing import VerdictWish, give_verdict
from service.usecases.accreditation.rules import add_version, ensure_packaged, rule_of, rules_of
from service.usecases.accreditation.sending import missing, submit
from service.usecases.accreditation.showing import Queue, QueueRow, ReviewFile, open_review, queue

__all__ = [
    "Acting",
    "Changes",
    "DecisionWish",
    "Evidence",
    "OutletFacts",
    "PlanWish",
    "Queue",
    "QueueRow",
    "Registration",
    "ReviewFile",
    "VerdictWish",
    "accreditation_of",
    "add_version",
    "answer",
    "apply",
    "decide",
    "ensure_packaged",
    "find_journalist",
    "find_or_add_outlet",
    "get_own",
    "get_written",
    "give_verdict",
    "issue_granted",
    "issue_pass",
    "missing",
    "open_accreditation",
    "open_review",
    "queue",
    "register",
    "rule_of",
    "rules_of",
    "safe_day",
    "sign_in",
    "start",
    "submit",
    "view_application",
    "withdraw",
    "write",
]
