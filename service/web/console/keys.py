"""Keys and revocations of an event: which key signs, what has ended, and what the doors knew of it."""

from collections import Counter
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from service.domain.accounts import Permission
from service.domain.localtime import CITY_ZONE, local
from service.domain.passes import KeyState, PassState
from service.usecases import key_file, keys, passes
from service.usecases.key_file import KeyFile, KeyUse
from service.usecases.revocations import Knowledge, RevocationList
from service.web import key_views as view
from service.web.console import reading
from service.web.console.access import START, ConsolePage, Visit, page
from service.web.console.pass_list import list_href
from service.web.console.place import place_of
from service.web.console.start import event_href
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import Checked, Form, FormDep
from service.web.views import FieldError, Pager
from service.web.words import N_

router = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsolePage)

_ROWS = 50
_NO_MOMENT = N_("Write the day and the time that you ask about")
_TO_COME = N_("This moment is still to come: choose one that is over")
_NO_REASON = N_("Write why: door staff see it with each pass that ends")
_LONGEST = 300


def keys_href(event_id: UUID) -> str:
    """The page of an event's keys and revocations."""
    return f"{event_href(event_id)}/keys"


@router.get("/events/{event_id}/keys")
async def open_keys(
    event_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_READ, "events"),
    on: reading.Filter = "",
    at: reading.Filter = "",
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    done: reading.Filter = "",
    issued: Annotated[int | None, Query(ge=0, le=1_000_000)] = None,
) -> Response:
    """Keys, the newest revocation list, and what each door knew at a moment: now, unless another is asked about."""
    moment, errors = _moment(visit, on, at, now)
    found = await key_file.open_keys(session, access=visit.access, event_id=event_id, at=moment or now, now=now)
    # Browsers' own fields take a day and a time in this form only; what can't be read stays as it was typed.
    here_and_then = local(moment or now)
    typed = (on, at) if errors else (f"{here_and_then:%Y-%m-%d}", f"{here_and_then:%H:%M}")
    doors = _doors(found.knowledge, typed, errors) if found.knowledge else None
    here = keys_href(event_id)
    shown = view.KeysPage(
        place=place_of(visit, found.event, "keys", news=done, issued=issued),
        href=here,
        keys=tuple(_key(one, found) for one in found.keys),
        rotate_action=f"{here}/rotate" if found.may_end else "",
        revocations=_revocations(found.told, here, skip, on=on, at=at),
        doors=doors,
    )
    return visit.show("console/keys.html", status=422 if errors else 200, page=shown)


@router.post("/events/{event_id}/keys/rotate")
async def rotate(
    event_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_REVOKE, "events"),
) -> Response:
    """A new key signs from now on."""
    await keys.rotate_key(session, access=visit.access, event_id=event_id, vault=vault, now=now)
    return RedirectResponse(reading.address(keys_href(event_id), done="rotated"), 303)


@router.get("/keys/{key_id}/strike")
async def ask_strike(
    key_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_REVOKE, "events"),
) -> Response:
    """The first step: why, and how many passes would end."""
    return await _strike_page(session, visit, key_id, vault, now)


@router.post("/keys/{key_id}/strike")
async def strike(
    key_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_REVOKE, "events"),
) -> Response:
    """The second step asks whether it is to be; only its answer strikes the key."""
    checked = Checked(visit, form)
    reason = checked.text("reason", wanted=_NO_REASON, most=_LONGEST)
    if checked.errors or form.one("sure") != "yes":
        return await _strike_page(session, visit, key_id, vault, now, form=form, errors=tuple(checked.errors))
    key, _ = await passes.strike_key(
        session, access=visit.access, key_id=key_id, reason=reason, confirm=True, vault=vault, now=now
    )
    return RedirectResponse(reading.address(keys_href(key.event_id), done="struck"), 303)


@router.post("/events/{event_id}/keys/{key_id}/reissue")
async def reissue(
    event_id: UUID,
    key_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_ISSUE, "events"),
) -> Response:
    """New passes for all who lost theirs with a struck key; they are told by mail."""
    made = await passes.reissue_passes(session, access=visit.access, key_id=key_id, vault=vault, now=now)
    return RedirectResponse(reading.address(keys_href(event_id), issued=str(len(made))), 303)


async def _strike_page(
    session: SessionDep,
    visit: Visit,
    key_id: UUID,
    vault: VaultDep,
    now: Now,
    *,
    form: Form | None = None,
    errors: tuple[FieldError, ...] = (),
) -> Response:
    found = await key_file.consider_striking(session, access=visit.access, key_id=key_id, vault=vault, now=now)
    shown = view.StrikePage(
        place=place_of(visit, found.event, "keys"),
        back_href=keys_href(found.event.id),
        action=f"{START}/keys/{key_id}/strike",
        kid=found.key.kid,
        state=found.key.state.value,
        ending=found.ending,
        sure=form is not None and not errors,
        reason=form.one("reason") if form else "",
        errors=errors,
    )
    return visit.show("console/key_strike.html", status=422 if errors else 200, page=shown)


def _key(one: KeyUse, found: KeyFile) -> view.KeyRow:
    key = one.key
    struck = key.state is KeyState.STRUCK
    return view.KeyRow(
        kid=key.kid,
        state=key.state.value,
        created_at=key.created_at,
        struck_at=key.struck_at,
        living=one.living,
        waiting=one.waiting,
        strike_href=f"{START}/keys/{key.id}/strike" if found.may_end and not struck else "",
        reissue_action=f"{keys_href(key.event_id)}/{key.id}/reissue" if found.may_issue and one.waiting else "",
    )


def _revocations(told: RevocationList, here: str, skip: int, **asked: str) -> view.RevocationsView:
    """The latest ended first; fifty rows, and the way to those above and below."""
    counted = Counter(one.state for one in told.ended)
    latest = told.ended[::-1]

    def href(start: int) -> str:
        return reading.address(here, "revocations", **asked, skip=str(start) if start else "")

    return view.RevocationsView(
        version=told.version,
        issued_at=told.issued_at,
        counts=tuple((state.value, counted[state]) for state in PassState if state is not PassState.ACTIVE),
        rows=tuple(
            view.EndedRow(
                serial=one.serial,
                href=list_href(told.event_id, q=one.serial),
                state=one.state.value,
                ground=one.ground,
                authority=one.authority,
                version=one.version,
            )
            for one in latest[skip : skip + _ROWS]
        ),
        total=len(latest),
        pager=Pager(
            older_href=href(skip + _ROWS) if skip + _ROWS < len(latest) else None,
            newer_href=href(max(0, skip - _ROWS)) if skip else None,
        ),
    )


def _moment(visit: Visit, on: str, at: str, now: datetime) -> tuple[datetime | None, tuple[FieldError, ...]]:
    """The moment that is asked about, by the city's clock; None for this one, or where it can't be read."""
    if not on and not at:
        return None, ()
    checked = Checked(visit, Form(FormData({"on": on, "at": at})))
    day, clock = checked.day("on", wanted=_NO_MOMENT), checked.day_time("at")
    if not at.strip():
        checked.wrong("at", _NO_MOMENT)
    if checked.errors or day is None or clock is None:
        return None, tuple(checked.errors)
    moment = datetime.combine(day, clock, CITY_ZONE)
    # A minute is meant whole: who asks about 14:24 at 14:24 asks about now.
    if moment > now:
        checked.wrong("on", _TO_COME)
        return None, tuple(checked.errors)
    return moment, ()


def _doors(found: Knowledge, typed: tuple[str, str], errors: tuple[FieldError, ...]) -> view.DoorsKnew:
    return view.DoorsKnew(
        on=typed[0],
        at=typed[1],
        moment=None if errors else found.at,
        version=found.version,
        issued_at=found.issued_at,
        rows=tuple(
            view.HeldRow(
                name=held.device.name,
                version=held.version,
                standing=found.standing_of(held).value,
                since=held.first_at,
                heard_at=held.last_at,
                revoked=held.device.revoked_at is not None and held.device.revoked_at <= found.at,
            )
            for held in found.devices
        ),
        errors=errors,
    )
