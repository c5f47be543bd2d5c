"""Access for the press: registering, applying, deciding."""

from service.usecases.accreditation.applying import answer, apply, get_own, withdraw
from service.usecases.accreditation.deciding import Evidence, decide, issue_granted, issue_pass, view_application
from service.usecases.accreditation.journalists import (
    OutletFacts,
    Registration,
    find_journalist,
    find_or_add_outlet,
    register,
    sign_in,
)

__all__ = [
    "Evidence",
    "OutletFacts",
    "Registration",
    "answer",
    "apply",
    "decide",
    "find_journalist",
    "find_or_add_outlet",
    "get_own",
    "issue_granted",
    "issue_pass",
    "register",
    "sign_in",
    "view_application",
    "withdraw",
]
