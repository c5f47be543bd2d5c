"""The event around a page about its passes, and the way from one of these pages to the others."""

from service.domain.accounts import Permission
from service.domain.events import Event
from service.web.badge_views import Place
from service.web.console.access import Visit
from service.web.console.start import event_href
from service.web.views import NavItem
from service.web.words import N_

_PAGES = (
    ("passes", Permission.PASSES_READ),
    ("badges", Permission.PASSES_READ),
    ("print-jobs", Permission.BADGES_PRINT),
    ("handover", Permission.BADGES_PRINT),
    ("keys", Permission.PASSES_READ),
)
"""The pages about an event's passes, by the last part of their address, and who may open them."""
_NEWS = {
    "class_kept": N_("The class is saved"),
    "class_removed": N_("The class is removed"),
    "logo_kept": N_("The logo is saved"),
    "logo_removed": N_("The logo is removed"),
    "template_kept": N_("The template is in use"),
    "template_built_in": N_("The built-in template is in use again"),
    "rotated": N_("A new key signs from now on. Passes of the older keys stay valid."),
    "struck": N_("The key is struck. Its passes open no gate any more."),
}


_ISSUED = N_("%(number)s new passes are issued. Their holders are told by mail.")
_NONE_ISSUED = N_("Nobody was left without a pass.")


def place_of(visit: Visit, event: Event, current: str, *, news: str = "", issued: int | None = None) -> Place:
    """What stands on top of a page about passes.

    `news` is a code that the address brought, `issued` how many passes were issued anew: what was just done.
    """
    here = event_href(event.id)
    return Place(
        title_vi=event.title_vi,
        title_en=event.title_en,
        href=here,
        pages=tuple(
            NavItem(code, f"{here}/{code}")
            for code, permission in _PAGES
            if visit.access.allows(permission, event.organisation_id)
        ),
        current=current,
        news=_told(visit, news, issued),
    )


def _told(visit: Visit, news: str, issued: int | None) -> str:
    if issued is not None:
        return visit.say(_ISSUED, number=visit.number(issued)) if issued else visit.say(_NONE_ISSUED)
    return visit.say(_NEWS[news]) if news in _NEWS else ""
