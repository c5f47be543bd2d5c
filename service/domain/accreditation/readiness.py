"""How far an application is for the office: whether it may decide now, and if not, whom it waits for."""

from enum import StrEnum

from service.domain.accreditation.applications import AWAITING_REVIEW, ApplicationState, Outcome


class Readiness(StrEnum):
    """`refused`: an authority whose no is decisive said no, so that the office can only refuse."""

    READY = "ready"
    WAITING = "waiting"
    ASKED = "asked"
    REFUSED = "refused"


_BY_OUTCOME = {
    Outcome.PENDING: Readiness.WAITING,
    Outcome.PASSED: Readiness.READY,
    Outcome.UNDECIDED: Readiness.READY,
    Outcome.REFUSED: Readiness.REFUSED,
}
OUTCOMES: dict[Readiness, frozenset[Outcome]] = {
    one: frozenset(outcome for outcome, then in _BY_OUTCOME.items() if then is one) for one in Readiness
}
"""The outcomes of verdicts that make an application, while the office has it, ready, waiting or refused."""


def readiness_of(state: ApplicationState, outcome: Outcome, *, by_class: bool) -> Readiness | None:
    """How far an application is; None once it is decided, and while it is a draft.

    Without classes (`by_class` false) there are no authorities, and the office decides at once.
    """
    if state is ApplicationState.NEEDS_INFORMATION:
        return Readiness.ASKED
    if state not in AWAITING_REVIEW:
        return None
    return _BY_OUTCOME[outcome] if by_class else Readiness.READY
