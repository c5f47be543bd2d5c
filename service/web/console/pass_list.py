"""The passes of an event: where their badges are, what waits, and every one of them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.passes import BadgeState, Category
from service.domain.standing import Standing
from service.store.pass_file import WantedPasses
from service.usecases import accreditation, pass_file
from service.usecases.pass_file import PassList
from service.web.console import reading
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.pass_rows import row_of
from service.web.console.place import place_of
from service.web.console.start import event_href
from service.web.deps import Now, SessionDep, VaultDep
from service.web.pass_views import BadgeCount, PassFilter, PassListPage, PrintForm
from service.web.views import Option
from service.web.words import word

router = APIRouter(prefix="/console/events", include_in_schema=False, route_class=ConsolePage)

_LIMIT = 50


def list_href(event_id: object, **filters: str) -> str:
    """The list of an event's passes, narrowed."""
    return reading.address(f"{event_href(event_id)}/passes", **filters)


@router.get("/{event_id}/passes")
async def open_list(
    event_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_READ, "events"),
    q: reading.Filter = "",
    state: reading.Filter = "",
    category: reading.Filter = "",
    badge: reading.Filter = "",
    cursor: reading.Cursor = "",
    issued: Annotated[int | None, Query(ge=0, le=1_000_000)] = None,
) -> Response:
    """Counts, what waits, and the passes by name; filters stand in the address."""
    wanted = WantedPasses(
        now,
        q=reading.read_text("q", q),
        standing=reading.read_kind("state", state, Standing),
        category=reading.read_kind("category", category, Category),
        badge=reading.read_kind("badge", badge, BadgeState),
    )
    found = await pass_file.open_list(
        session,
        access=visit.access,
        event_id=event_id,
        wanted=wanted,
        turn=reading.read_turn(cursor, str),
        limit=_LIMIT,
        now=now,
    )
    filters = PassFilter(wanted.q, state, category, badge)
    return visit.show("console/passes.html", page=_page(visit, found, filters, issued, now))


def _page(visit: Visit, found: PassList, filters: PassFilter, issued: int | None, now: datetime) -> PassListPage:
    event, may = found.event, found.may
    here = list_href(event.id)
    kept = {"q": filters.q, "state": filters.state, "category": filters.category, "badge": filters.badge}
    return PassListPage(
        place=place_of(visit, event, "passes", issued=issued),
        href=here,
        new_href=f"{here}/new" if may.issue else "",
        handover_href=f"{event_href(event.id)}/handover" if may.print else "",
        to_issue=found.to_issue if may.issue else 0,
        issue_action=f"{here}/granted",
        print=_print_form(visit, found, f"{event_href(event.id)}/print-jobs") if may.print else None,
        badges=tuple(
            BadgeCount(state.value, found.badges.get(state, 0), list_href(event.id, badge=state.value))
            for state in BadgeState
        ),
        filter=filters,
        categories=tuple(Option(one.value, visit.say(word(one.value, "category"))) for one in Category),
        rows=tuple(row_of(one, now) for one in found.passes.leaf.rows),
        found=found.passes.found,
        total=found.passes.total,
        pager=reading.pager_of(found.passes.leaf, lambda one: (one.folded, one.id), here, **kept),
    )


def _print_form(visit: Visit, found: PassList, action: str) -> PrintForm | None:
    if not found.to_print:
        return None
    categories = tuple(
        Option(category.value, f"{visit.say(word(category.value, 'category'))} ({visit.number(count)})")
        for category, count in found.to_print.items()
    )
    return PrintForm(action, sum(found.to_print.values()), categories)


@router.post("/{event_id}/passes/granted")
async def issue_granted(
    event_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_ISSUE, "events"),
) -> Response:
    """Every granted application that has no pass gets its pass, and its journalist is told."""
    made = await accreditation.issue_granted(session, access=visit.access, event_id=event_id, vault=vault, now=now)
    return RedirectResponse(list_href(event_id, issued=str(len(made))), 303)
