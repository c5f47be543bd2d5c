"""The desk of an event: finding badges, handing them over against a signature, and the receipt."""

import base64
import binascii
from collections.abc import Iterable
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.errors import TITLES, Conflict, Invalid, Refusal
from service.domain.passes import EntryPass
from service.usecases import badges
from service.usecases.badges import Desk, HandoverFile
from service.web.answers import Pdf
from service.web.console import reading
from service.web.console.access import START, ConsolePage, Visit, page
from service.web.console.pass_rows import pass_href
from service.web.console.place import place_of
from service.web.console.start import event_href
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import Checked, Form, FormDep, attempt
from service.web.handover_views import (
    DeskBadge,
    DeskOutlet,
    HandedBadge,
    HandedOverPage,
    HandoverForm,
    HandoverPage,
    OutletRow,
)
from service.web.views import FieldError
from service.web.words import N_

router = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsolePage)

_HOLDER, _REPRESENTATIVE = "holder", "representative"
_PNG = "data:image/png;base64,"
_LARGEST_SIGNATURE = 300_000
_NO_BADGE = N_("Tick the badges that are handed over")
_TOO_MANY = N_("Hand over at most %(most)s badges at once")
_NO_NAME = N_("Write the name of the person who takes the badges")
_NO_SIGNATURE = N_("Let the person sign, or tick “Signed on paper”")
_GONE = N_("Some badges were handed over, lost or ended meanwhile. They are listed below: look at the others once more")
_POINTED = {
    "/pass_ids": ("badges", _NO_BADGE),
    "/representative": ("taker", N_("A holder takes one badge only: several need a representative of the outlet")),
    "/organisation_name": ("organisation_name", N_("Write the outlet that the representative stands for")),
    "/signature": ("signature", _NO_SIGNATURE),
}


def desk_href(event_id: object, **query: str) -> str:
    """The desk of an event."""
    return reading.address(f"{event_href(event_id)}/handover", **query)


@router.get("/events/{event_id}/handover")
async def open_desk(
    event_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.BADGES_PRINT, "events"),
    q: reading.Filter = "",
    outlet: reading.Filter | None = None,
) -> Response:
    """The outlets whose badges lie at the desk; with a search, or an outlet, the badges themselves."""
    q = reading.read_text("q", q)
    found = await badges.open_desk(
        session, access=visit.access, event_id=event_id, q=q, outlet=outlet, chosen=[], now=now
    )
    # Who looks for one outlet, or finds one badge, as a rule hands over all of it.
    ticked = [one.id for one in found.badges] if outlet or len(found.badges) == 1 else []
    blank = _blank_form(found, outlet)
    return visit.show("console/handover.html", page=_page(visit, found, q, outlet, ticked, blank))


@router.post("/events/{event_id}/handover")
async def hand_over(
    event_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.BADGES_PRINT, "events"),
) -> Response:
    """Hands the badges over and leads to the receipt; a refusal comes back with all that was typed."""
    checked, chosen = Checked(visit, form), form.ids("badges")
    taken = _read(checked, chosen)
    if not checked.errors:
        try:
            async with attempt(session):
                made = await badges.hand_over(
                    session, access=visit.access, event_id=event_id, pass_ids=chosen, vault=vault, now=now, **taken
                )
        except (Invalid, Conflict) as refusal:
            _note(checked, refusal)
        else:
            return RedirectResponse(f"{START}/handovers/{made.id}", 303)
    q, outlet = reading.read_text("q", form.one("q")), form.one("outlet") if form.one("of_outlet") else None
    found = await badges.open_desk(
        session, access=visit.access, event_id=event_id, q=q, outlet=outlet, chosen=chosen, now=now
    )
    shown = _page(visit, found, q, outlet, chosen, _typed_form(form, checked.errors))
    return visit.show("console/handover.html", status=422, page=shown)


def _read(checked: Checked, chosen: list[UUID]) -> dict[str, Any]:
    form = checked.form
    if not chosen:
        checked.wrong("badges", _NO_BADGE)
    if len(chosen) > badges.MOST_AT_ONCE:
        checked.wrong("badges", _TOO_MANY, most=badges.MOST_AT_ONCE)
    representative = form.one("taker") == _REPRESENTATIVE
    taken = {
        "representative": representative,
        "organisation_name": checked.text("organisation_name") if representative else "",
        "to_name": checked.text("to_name", wanted=_NO_NAME, most=300),
        "signature": _drawn(form.one("signature")),
    }
    if taken["signature"] is None and not form.one("on_paper"):
        checked.wrong("signature", _NO_SIGNATURE)
    return taken


def _drawn(address: str) -> bytes | None:
    """The picture in a data address; None for anything else."""
    if not address.startswith(_PNG):
        return None
    try:
        picture = base64.b64decode(address.removeprefix(_PNG), validate=True)
    except (binascii.Error, ValueError):
        return None
    return picture if 0 < len(picture) <= _LARGEST_SIGNATURE else None


def _note(checked: Checked, refusal: Refusal) -> None:
    if isinstance(refusal, Conflict):
        checked.wrong("badges", _GONE)
    for error in refusal.errors:
        field, message = _POINTED.get(error.pointer, ("", TITLES["invalid"]))
        checked.wrong(field, message)


def _blank_form(found: Desk, outlet: str | None) -> HandoverForm:
    """Who takes a single badge is most likely its holder; who takes several stands for the outlet."""
    outlets = {one.organisation_name for one in found.badges}
    alone = len(found.badges) == 1
    return HandoverForm(
        to_name=found.badges[0].holder_name if alone else "",
        taker=_HOLDER if alone or not outlet else _REPRESENTATIVE,
        organisation_name=outlets.pop() if len(outlets) == 1 else "",
        signature="",
        on_paper=False,
        errors=(),
    )


def _typed_form(form: Form, errors: Iterable[FieldError]) -> HandoverForm:
    return HandoverForm(
        to_name=form.one("to_name"),
        taker=form.one("taker"),
        organisation_name=form.one("organisation_name"),
        signature=form.one("signature") if _drawn(form.one("signature")) else "",
        on_paper=bool(form.one("on_paper")),
        errors=tuple(errors),
    )


def _page(
    visit: Visit, found: Desk, q: str, outlet: str | None, ticked: list[UUID], form: HandoverForm
) -> HandoverPage:
    event, chosen = found.event, set(ticked)
    grouped = groupby(found.badges, lambda one: one.organisation_name)
    return HandoverPage(
        place=place_of(visit, event, "handover"),
        href=desk_href(event.id),
        q=q,
        outlet=outlet,
        total=sum(count for _, count in found.outlets),
        outlets=tuple(
            OutletRow(name, count, f"{desk_href(event.id)}?{urlencode({'outlet': name})}")
            for name, count in found.outlets
        ),
        groups=tuple(DeskOutlet(name, tuple(_badge(one, chosen) for one in group)) for name, group in grouped),
        more=found.more,
        gone=tuple(one.holder_name for one in found.gone),
        form=form,
    )


def _badge(one: EntryPass, chosen: set[UUID]) -> DeskBadge:
    return DeskBadge(
        id=str(one.id),
        href=pass_href(one.id),
        holder_name=one.holder_name,
        category=one.category.value,
        human_code=one.human_code,
        state=one.badge.value,
        ticked=one.id in chosen,
    )


@router.get("/handovers/{handover_id}")
async def open_handover(
    handover_id: UUID, session: SessionDep, now: Now, visit: Visit = page(Permission.BADGES_PRINT, "events")
) -> Response:
    """Who took which badges, from whom and when, and the receipt."""
    found = await badges.open_handover(session, access=visit.access, handover_id=handover_id, now=now)
    return visit.show("console/handed_over.html", page=_handed_over(visit, found))


def _handed_over(visit: Visit, found: HandoverFile) -> HandedOverPage:
    one, event = found.handover, found.event
    return HandedOverPage(
        place=place_of(visit, event, "handover"),
        desk_href=desk_href(event.id),
        receipt_href=f"{START}/handovers/{one.id}/receipt.pdf",
        to_name=one.to_name,
        representative_of=one.organisation_name if one.representative else "",
        handed_at=one.handed_at,
        handed_by=found.staff.name,
        signed=one.signature_id is not None,
        badges=tuple(
            HandedBadge(
                href=pass_href(face.id),
                holder_name=face.holder_name,
                organisation=face.organisation_name,
                class_vi=face.class_vi,
                class_en=face.class_en,
                serial=face.serial,
            )
            for face in found.faces
        ),
    )


@router.get("/handovers/{handover_id}/receipt.pdf")
async def receipt(
    handover_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.BADGES_PRINT, "events"),
) -> Response:
    """The receipt, with the signature if one was drawn; that it was opened is kept in the audit."""
    made = await badges.receipt(session, access=visit.access, handover_id=handover_id, vault=vault, now=now)
    return Pdf(made, headers={"Cache-Control": "private, no-store"})
