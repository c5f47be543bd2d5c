"""Why one of many rows stays as it is, in the reader's words."""

from service.domain.errors import TITLES
from service.usecases.accreditation.bulk import Became
from service.web.console.access import Visit
from service.web.review_views import Foreseen
from service.web.words import N_

_FAULTS = {
    "illegal_move": N_("This step is not possible from where it stands."),
    "recused": N_("You have stepped back from this application."),
    "reviews_pending": N_("Authorities have not given their verdicts yet."),
    "refused_by_authority": N_("An authority has refused this."),
    "quota_full": N_("The quota is full: decide on this one by itself, with the reason."),
    "conditions_apply": N_("Authorities have tied their approval to conditions."),
    "approved_stays": N_("An approval is taken back by revoking it, with its own ground."),
    "missing": N_("A reason is needed for this one: authorities set conditions, or all abstained."),
}


def foreseen(visit: Visit, one: Became, href: str) -> Foreseen:
    """One row of a preview or of what was done."""
    fault = visit.say(_FAULTS.get(one.fault) or TITLES.get(one.fault) or TITLES["invalid"]) if one.fault else ""
    return Foreseen(str(one.id), one.name, one.reference, href, one.becomes, fault)
