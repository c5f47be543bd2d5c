"""The page of one outlet: its facts, its other names, its people, and what merging it would move."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Permission
from service.domain.accreditation import Outlet
from service.usecases.accreditation import outlets
from service.usecases.accreditation.outlets import OutletFile
from service.usecases.overview import Turn
from service.web import press_office_views as view
from service.web.console import reading
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.outlets import OUTLETS, outlet_href
from service.web.deps import Now, SessionDep
from service.web.words import N_

router = APIRouter(prefix="/console/outlets", include_in_schema=False, route_class=ConsolePage)

_MANY_CHOICES = 10
_NEWS = {
    "saved": N_("The facts are saved"),
    "named": N_("The name is added"),
    "unnamed": N_("The name is removed"),
    "focal_point": N_("The focal point is named"),
    "focal_point_ended": N_("They are no longer a focal point"),
    "merged": N_("The organisations are merged"),
}


@router.get("/{outlet_id}")
async def open_outlet(
    outlet_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_SET_UP, "outlets"),
    into_q: reading.Filter = "",
    into: reading.Filter = "",
    news: reading.Filter = "",
) -> Response:
    """One outlet; `into_q` looks for one to merge it into, `into` tells what that would move."""
    found = await outlets.open_outlet(session, access=visit.access, outlet_id=outlet_id, now=now)
    shown = outlet_page(found, news=visit.say(_NEWS[news]) if news in _NEWS else "")
    wanted = reading.read_text("into_q", into_q)
    if wanted and found.heir is None:
        shown = replace(shown, into_q=wanted, choices=await _choices(session, visit, found.outlet, wanted))
    heir_id = reading.read_id("into", into)
    if heir_id is not None and heir_id != outlet_id and found.heir is None:
        shown = replace(shown, preview=await _preview(session, visit, outlet_id, heir_id))
    return visit.show("console/outlet.html", page=shown)


async def _choices(session: AsyncSession, visit: Visit, outlet: Outlet, wanted: str) -> tuple[view.MergeChoice, ...]:
    found = await outlets.open_list(session, access=visit.access, q=wanted, turn=Turn(), limit=_MANY_CHOICES)
    return tuple(
        view.MergeChoice(
            row.outlet.name, row.people, outlet_href(outlet.id, "merge", into_q=wanted, into=str(row.outlet.id))
        )
        for row in found.leaf.rows
        if row.outlet.id != outlet.id
    )


async def _preview(session: AsyncSession, visit: Visit, outlet_id: UUID, heir_id: UUID) -> view.MergePreview:
    plan = await outlets.plan_merge(session, access=visit.access, outlet_id=outlet_id, into_id=heir_id)
    moving = plan.moving
    return view.MergePreview(
        heir=plan.heir.name,
        heir_id=str(plan.heir.id),
        people=moving.people,
        names=moving.names,
        focal_points=moving.focal_points,
    )


def outlet_page(found: OutletFile, *, news: str = "") -> view.OutletPage:
    """The page of an outlet as it stands."""
    outlet, here = found.outlet, outlet_href(found.outlet.id)
    return view.OutletPage(
        href=here,
        list_href=OUTLETS,
        name=outlet.name,
        kind=outlet.kind.value,
        people_count=found.row.people,
        applications=found.row.applications,
        form=view.OutletForm(
            name=outlet.name,
            kind=outlet.kind.value,
            country=outlet.country,
            languages=", ".join(outlet.languages),
            host_broadcaster=outlet.host_broadcaster,
        ),
        aliases=tuple(view.Alias(one.name, f"{here}/names/{one.id}/remove") for one in found.aliases),
        alias="",
        people=tuple(
            view.OutletPerson(
                name=one.full_name,
                email=one.email,
                is_focal_point=is_one,
                action=f"{here}/focal-points/{one.id}{'/end' if is_one else ''}",
            )
            for one, is_one in found.people
        ),
        merged=tuple(one.name for one in found.merged),
        heir=found.heir.name if found.heir else "",
        heir_href=outlet_href(found.heir.id) if found.heir else "",
        into_q="",
        choices=(),
        preview=None,
        news=news,
        errors=(),
    )
