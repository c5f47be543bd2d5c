"""The one step for whoever has a standing accreditation: confirming for one event."""

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.accreditation import MediaRole
from service.domain.errors import Conflict, Invalid
from service.usecases.accreditation import entering, standing_use
from service.web.deps import Now, SessionDep
from service.web.forms import Checked, FormDep, attempt
from service.web.press.access import PressPage, PressVisit, press_page
from service.web.press.event import event_page
from service.web.words import N_

router = APIRouter(prefix="/press/events", include_in_schema=False, route_class=PressPage)

_NO_ZONE = N_("Choose at least one zone")
_CLOSED = N_("This event takes no applications any more")
_KNOWN = N_("You have an application for this event already")
_NOT_COVERED = N_("Your standing accreditation, or your press card, does not cover the days of this event")
_NO_CONSENT = N_("First agree to the use of your data for accreditation, on the page My data")
_TOLD = {"already_exists": _KNOWN, "expired": _NOT_COVERED}


@router.post("/{event_id}/confirm")
async def confirm(
    event_id: UUID, form: FormDep, session: SessionDep, now: Now, visit: PressVisit = press_page("press_events")
) -> Response:
    """Confirms and leads to the application; what is wrong comes back on the event's page."""
    found = await entering.open_event(session, event_id=event_id, journalist=visit.journalist, now=now)
    checked = Checked(visit, form)
    role, zones, status = form.kind("media_role", MediaRole), list(form.many("zones")), 422
    if not zones or set(zones) - set(found.zones):
        checked.wrong("zones", _NO_ZONE)
    else:
        try:
            async with attempt(session):
                made = await standing_use.confirm(
                    session, journalist=visit.journalist, event_id=event_id, media_role=role, zones=zones, now=now
                )
        except Invalid:
            checked.wrong("", _NO_CONSENT)
        except Conflict as refusal:
            status = 409
            checked.wrong("", _TOLD.get(refusal.code, _CLOSED))
        else:
            return RedirectResponse(f"/press/applications/{made.id}", 303)
    return visit.show("press/event.html", status=status, page=await event_page(session, visit, found, now, checked))
