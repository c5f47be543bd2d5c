"""What the reason of an allocated decision says besides: rank, criteria, and the conditions of a grant."""

from service.domain.accreditation import NO_CONDITIONS, Place
from service.usecases.accreditation.placing import Told, Wording
from service.web.pages import Pages, date_vn, number
from service.web.words import N_, word

_RANK = N_("Rank %(rank)s of %(total)s by the published criteria: %(criteria)s.")
_RANK_DRAW = N_("Rank %(rank)s of %(total)s by draw.")
_ZONES = N_("You may work in zone %(zones)s only.")
_DAYS = N_("You may work on %(days)s only.")
_ESCORT = N_("A member of the organiser's staff goes with you.")


def wording_of(pages: Pages) -> Wording:
    """Says in a reader's language what an allocation came to for them."""

    def say(language: str, told: Told) -> str:
        parts = []
        if told.place is Place.GRANTED:
            parts += _conditions(pages, language, told)
        criteria = ", ".join(_lower(pages.translate(language, word(one, "criterion"))) for one in told.criteria)
        rank, total = (number(value, language) for value in (told.rank, told.total))
        parts.append(
            pages.translate(language, _RANK, rank=rank, total=total, criteria=criteria)
            if criteria
            else pages.translate(language, _RANK_DRAW, rank=rank, total=total)
        )
        return " ".join(parts)

    return say


def _conditions(pages: Pages, language: str, told: Told) -> list[str]:
    conditions = told.conditions
    if conditions == NO_CONDITIONS:
        return []
    parts = []
    if conditions.zones is not None:
        parts.append(pages.translate(language, _ZONES, zones=", ".join(told.zones)))
    if conditions.days is not None:
        days = ", ".join(date_vn(one) for one in sorted(conditions.days))
        parts.append(pages.translate(language, _DAYS, days=days))
    if conditions.escort:
        parts.append(pages.translate(language, _ESCORT))
    return parts


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
