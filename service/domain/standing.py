"""How a pass stands at a moment, as people understand it: one that is in order may not be valid yet, or no longer."""

from datetime import datetime
from enum import StrEnum

from service.domain.passes import EntryPass, PassState


class Standing(StrEnum):
    """What became of a pass, or what the calendar says of one that is in order."""

    ACTIVE = "active"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"


def standing_of(entry_pass: EntryPass, now: datetime) -> Standing:
    """How the pass stands at `now`: the calendar counts only for one that is in order."""
    if entry_pass.state is PassState.ACTIVE and now >= entry_pass.valid_until:
        return Standing.EXPIRED
    if entry_pass.state is PassState.ACTIVE and now < entry_pass.valid_from:
        return Standing.NOT_YET_VALID
    return Standing(entry_pass.state.value)
