"""A holder's own page: whoever has its link has the pass, so nobody signs in."""

import base64
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from service.domain.errors import NotFound
from service.domain.localtime import local_day
from service.store import calendars, qr
from service.store.printing.badges import on_colour
from service.store.wallets import apple, google
from service.usecases import holders
from service.usecases.holders import HolderPass
from service.web.answers import Png, address_of, show
from service.web.deps import Now, SessionDep, SettingsDep, VaultDep
from service.web.holder.views import HolderPage
from service.web.transactions import Transaction
from service.web.views import public_shell
from service.web.wallets import Wallets

router = APIRouter(prefix="/p", include_in_schema=False, route_class=Transaction)

_PIXELS = 1024
_LETTERS: dict[str, Literal["white", "black"]] = {"#FFFFFF": "white", "#000000": "black"}
_OWN = {
    "Cache-Control": "private, no-store",
    # The address is the pass: no other site may learn it, and no search engine keep it.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


async def _wallets(request: Request) -> Wallets:
    wallets: Wallets = request.app.state.wallets
    return wallets


async def _held(token: str, session: SessionDep, vault: VaultDep) -> HolderPass:
    return await holders.open_own(session, token=token, vault=vault)


async def _usable(held: Annotated[HolderPass, Depends(_held)], now: Now) -> HolderPass:
    if not held.stand(now).may_open:
        raise NotFound("pass that opens doors")
    return held


WalletsDep = Annotated[Wallets, Depends(_wallets)]
Held = Annotated[HolderPass, Depends(_held)]
Usable = Annotated[HolderPass, Depends(_usable)]


@router.get("/{token}")
async def open_page(request: Request, token: str, held: Held, wallets: WalletsDep, now: Now) -> Response:
    """The code first, then whose pass it is and what it opens; or why it opens nothing."""
    page = _page(held, f"/p/{token}", wallets, now)
    return show(request, "holder/pass.html", headers=_OWN, shell=public_shell(path=address_of(request)), page=page)


@router.get("/{token}/qr.png")  # noqa: FAST003 (the dependency reads the token)
async def save_qr(held: Usable) -> Response:
    """The code as a picture to keep."""
    return Png(qr.png(held.face.code, size=_PIXELS), headers=_named(held, "inline", "png"))


@router.get("/{token}/days.ics")
async def save_days(token: str, held: Usable, settings: SettingsDep, now: Now) -> Response:
    """Its days and places for a calendar."""
    link = f"{settings.base_url}/p/{token}"
    days = calendars.ics(held.face, base_url=settings.base_url, link=link, now=now)
    return Response(days, media_type=calendars.MEDIA_TYPE, headers=_named(held, "inline", "ics"))


@router.get("/{token}/apple.pkpass")
async def save_to_apple(token: str, held: Usable, wallets: WalletsDep, settings: SettingsDep, now: Now) -> Response:
    """The pass for Apple Wallet."""
    signer = wallets.apple_at(now)
    if signer is None:
        raise NotFound("wallet")
    file = apple.pkpass(held.face, signer=signer, link=f"{settings.base_url}/p/{token}", now=now)
    return Response(file, media_type=apple.MEDIA_TYPE, headers=_named(held, "attachment", "pkpass"))


@router.get("/{token}/google")
async def save_to_google(token: str, held: Usable, wallets: WalletsDep, settings: SettingsDep, now: Now) -> Response:
    """Leads to Google Wallet with the pass in the address."""
    if wallets.google is None:
        raise NotFound("wallet")
    link = f"{settings.base_url}/p/{token}"
    to = google.save_link(held.face, signer=wallets.google, link=link, now=now, room=google.ROOMY)
    return RedirectResponse(to, 303, _OWN)


def _named(held: HolderPass, way: str, ending: str) -> dict[str, str]:
    return _OWN | {"Content-Disposition": f'{way}; filename="the-vao-cong-{held.face.serial}.{ending}"'}


def _page(held: HolderPass, here: str, wallets: Wallets, now: datetime) -> HolderPage:
    one, face, stand = held.entry_pass, held.face, held.stand(now)
    opens = stand.may_open
    return HolderPage(
        face=face,
        places=tuple(place for place in face.places if place.closes_on >= local_day(now)) or face.places,
        stand=stand.value,
        as_of=now,
        qr=_data_address(qr.svg(face.code)) if opens else "",
        letters=_LETTERS[on_colour(face.colour)],
        # Its end is midnight as a rule, which would read as the next day.
        last_moment=face.valid_until - timedelta(seconds=1),
        since=one.state_at,
        ground=one.state_ground,
        authority=one.state_authority,
        newer_href=f"/p/{held.newer_token}" if held.newer_token else "",
        picture_href=f"{here}/qr.png" if opens else "",
        days_href=f"{here}/days.ics" if opens else "",
        apple_href=f"{here}/apple.pkpass" if opens and wallets.apple_at(now) else "",
        google_href=f"{here}/google" if opens and wallets.google else "",
    )


def _data_address(drawing: str) -> str:
    """The drawing inside the page itself, so that a page that was kept needs nothing else to open doors."""
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"
