"""The register of outlets: every press organisation once, by all its names."""

from fastapi import APIRouter, Response

from service.domain.accounts import Permission
from service.store.outlets import OutletRow
from service.usecases.accreditation import outlets
from service.web import press_office_views as view
from service.web.console import reading
from service.web.console.access import ConsolePage, Visit, page
from service.web.deps import SessionDep

router = APIRouter(prefix="/console/outlets", include_in_schema=False, route_class=ConsolePage)

OUTLETS = "/console/outlets"
_LIMIT = 50


def outlet_href(outlet_id: object, fragment: str = "", **query: str) -> str:
    """The page of one outlet."""
    return reading.address(f"{OUTLETS}/{outlet_id}", fragment, **query)


@router.get("")
async def open_list(
    session: SessionDep,
    visit: Visit = page(Permission.ACCREDITATION_SET_UP, "outlets"),
    q: reading.Filter = "",
    cursor: reading.Cursor = "",
) -> Response:
    """Outlets by name, with how many people each has; the search stands in the address."""
    wanted = reading.read_text("q", q)
    found = await outlets.open_list(
        session, access=visit.access, q=wanted, turn=reading.read_turn(cursor, str), limit=_LIMIT
    )
    return visit.show(
        "console/outlets.html",
        page=view.OutletsPage(
            href=OUTLETS,
            q=wanted,
            rows=tuple(_row(one) for one in found.leaf.rows),
            found=found.found,
            total=found.total,
            pager=reading.pager_of(found.leaf, lambda one: (one.outlet.folded, one.outlet.id), OUTLETS, q=wanted),
        ),
    )


def _row(row: OutletRow) -> view.OutletRow:
    one = row.outlet
    return view.OutletRow(
        href=outlet_href(one.id),
        name=one.name,
        kind=one.kind.value,
        country=one.country,
        host_broadcaster=one.host_broadcaster,
        people=row.people,
        applications=row.applications,
    )
