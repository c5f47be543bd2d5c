"""Vetting by lists: an authority takes its open reviews along as a file and sends its verdicts back in it."""

import asyncio
import base64
import binascii
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.accreditation import VerdictKind
from service.domain.accreditation.vetting import VettingAnswer, read_answers
from service.domain.errors import Conflict
from service.store.tables import TableFault, read_table
from service.usecases.accreditation import vetting, vetting_sealed
from service.usecases.accreditation.vetting import Desk, Foreseen, Seat, VettingDesk
from service.web.console import reading
from service.web.console.access import QUEUE, ConsolePage, Visit, page
from service.web.console.queue import review_href
from service.web.console.start import event_href
from service.web.console.vetting_table import list_file
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import Form, FormDep
from service.web.pages import date_vn
from service.web.vetting_views import CheckedRow, DeskCard, VettingCheck, VettingPage
from service.web.views import FieldError
from service.web.words import N_, word

router = APIRouter(prefix="/console/events/{event_id}/vetting", include_in_schema=False, route_class=ConsolePage)

_LONGEST_SEALED = 900_000
"""Characters that a form may carry in one field."""
_GIVEN = N_("%(given)s verdicts are given.")
_LEFT = N_("%(left)s rows stay as they were, because something changed meanwhile. Send the file again to see why.")


def vetting_href(event_id: UUID) -> str:
    """The page for vetting an event's applications by lists."""
    return f"{event_href(event_id)}/vetting"


@router.get("")
async def open_page(
    event_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_REVIEW, "accreditation", desk=True),
    given: reading.Filter = "",
    left: reading.Filter = "",
) -> Response:
    """How many reviews wait for each authority, its list, and the form that takes the list back."""
    desk = await vetting.open_desk(session, access=visit.access, event_id=event_id, now=now)
    return visit.show("console/vetting.html", page=_page(visit, desk, news=_news(visit, given, left)))


@router.get("/list")
async def take_list(
    event_id: UUID,
    authority: reading.Filter,
    kind: Literal["csv", "xlsx"],
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_REVIEW, "accreditation", desk=True),
) -> Response:
    """The open reviews of one authority as a file."""
    found = await vetting.export(
        session, access=visit.access, event_id=event_id, authority=authority, secrets=vault, now=now
    )
    return await asyncio.to_thread(list_file, visit, found, kind=kind, now=now)


@router.post("")
async def check(
    event_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_REVIEW, "accreditation", desk=True),
) -> Response:
    """What each row of a list that came back would do; nothing is changed yet."""
    desk = await vetting.open_desk(session, access=visit.access, event_id=event_id, now=now)
    authority = _authority(desk, form)
    try:
        answers, empty = await _read(await form.file("file"))
    except TableFault as fault:
        return _came_back(visit, desk, authority.code, fault.code)
    seat = Seat(visit.access, event_id, authority.code)
    seen = await vetting.foresee(session, seat=seat, answers=answers, now=now)
    good = [one.answer for one in seen if not one.fault]
    sealed = base64.b64encode(vetting_sealed.seal(good, seat=seat, secrets=vault, now=now)).decode() if good else ""
    if len(sealed) > _LONGEST_SEALED:
        return _came_back(visit, desk, authority.code, "too_much")
    return visit.show("console/vetting_check.html", page=_checked(visit, desk, authority, seen, empty, sealed))


@router.post("/confirm")
async def confirm(
    event_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_REVIEW, "accreditation", desk=True),
) -> Response:
    """Gives the verdicts that were checked; every row is judged again."""
    desk = await vetting.open_desk(session, access=visit.access, event_id=event_id, now=now)
    authority = _authority(desk, form).code
    seat = Seat(visit.access, event_id, authority)
    try:
        answers = vetting_sealed.unseal(_unpacked(form.one("sealed")), seat=seat, secrets=vault, now=now)
    except Conflict as refusal:
        return _came_back(visit, desk, authority, refusal.code, status=409)
    done = await vetting.carry_out(session, seat=seat, answers=answers, now=now)
    left = str(done.left) if done.left else ""
    return RedirectResponse(reading.address(vetting_href(event_id), given=str(done.given), left=left), 303)


async def _read(content: bytes) -> tuple[list[VettingAnswer], int]:
    if not content:
        raise TableFault("missing")
    table = await asyncio.to_thread(read_table, content)
    try:
        answers, empty = read_answers(table)
    except ValueError:
        raise TableFault("no_columns") from None
    if not answers:
        raise TableFault("nothing")
    return answers, empty


def _unpacked(sealed: str) -> bytes:
    try:
        return base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _authority(desk: VettingDesk, form: Form) -> Desk:
    wanted = form.one("authority")
    return next((one for one in desk.desks if one.code == wanted), desk.desks[0])


def _came_back(visit: Visit, desk: VettingDesk, authority: str, fault: str, status: int = 422) -> Response:
    errors = (FieldError("file", visit.say(word(fault, "table_fault"))),)
    return visit.show(
        "console/vetting.html", status=status, page=_page(visit, desk, authority=authority, errors=errors)
    )


def _page(
    visit: Visit, desk: VettingDesk, *, authority: str = "", news: str = "", errors: Sequence[FieldError] = ()
) -> VettingPage:
    here = vetting_href(desk.event.id)
    cards = tuple(
        DeskCard(
            one.code,
            one.name.vi,
            one.name.en,
            one.waiting,
            reading.address(f"{here}/list", authority=one.code, kind="csv"),
            reading.address(f"{here}/list", authority=one.code, kind="xlsx"),
        )
        for one in desk.desks
    )
    return VettingPage(
        event_vi=desk.event.title_vi,
        event_en=desk.event.title_en,
        action=here,
        queue_href=QUEUE,
        desks=cards,
        authority=authority,
        words=tuple((kind.value, visit.say(word(kind.value, "verdict"))) for kind in VerdictKind),
        news=news,
        errors=tuple(errors),
    )


def _checked(
    visit: Visit, desk: VettingDesk, authority: Desk, seen: Sequence[Foreseen], empty: int, sealed: str
) -> VettingCheck:
    here = vetting_href(desk.event.id)
    return VettingCheck(
        event_vi=desk.event.title_vi,
        event_en=desk.event.title_en,
        authority=authority.code,
        authority_vi=authority.name.vi,
        authority_en=authority.name.en,
        action=f"{here}/confirm",
        queue_href=QUEUE,
        back_href=here,
        sealed=sealed,
        # What people have to look at stands first.
        rows=tuple(_row(visit, one) for one in sorted(seen, key=lambda one: (not one.fault, one.answer.row))),
        empty=empty,
    )


def _row(visit: Visit, one: Foreseen) -> CheckedRow:
    return CheckedRow(
        row=one.answer.row,
        reference=one.reference,
        href=review_href(one.review_id) if one.review_id else "",
        verdict=one.answer.kind.value if one.answer.kind else "",
        ground=one.answer.ground,
        zones=one.answer.zones,
        days=tuple(date_vn(day) for day in one.answer.days),
        fault=visit.say(word(one.fault, "vetting_fault")) if one.fault else "",
    )


def _news(visit: Visit, given: str, left: str) -> str:
    counts = {name: int(value) for name, value in (("given", given), ("left", left)) if value.isdecimal()}
    told = [visit.say(_GIVEN, given=visit.number(counts["given"]))] if "given" in counts else []
    if "left" in counts:
        told.append(visit.say(_LEFT, left=visit.number(counts["left"])))
    return " ".join(told)
