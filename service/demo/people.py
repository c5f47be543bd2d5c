"""The demo's journalists and their outlets; all of them are invented."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.demo import names
from service.demo.stage import Stage
from service.domain.accreditation import (
    CONSENT_VERSION,
    Consent,
    ConsentPurpose,
    FocalPoint,
    Journalist,
    Outlet,
    OutletAlias,
    OutletKind,
)
from service.domain.accreditation.answers import passport_line
from service.domain.texts import fold
from service.store import vault
from service.usecases import accreditation
from service.usecases.accreditation import OutletFacts
from service.usecases.accreditation.journalists import PRESS_CARD

JOURNALIST = "journalist@demo.biendao.vn"
FOCAL_POINT = "focalpoint@demo.biendao.vn"
PASSWORD = "biendao-demo-2026"  # noqa: S105 (of the demo, which is never loaded in production)
FOCAL_NUMBER = 560
"""Which of the journalists applies for their outlet's people: one whose own application awaits an answer."""
_ALIASES = (("Báo Hải Đăng", "Hải Đăng Online"), ("Tide Wire", "TW News"))
_CARD_DAYS = 900


@dataclass(frozen=True)
class Press:
    """The outlets, in the order in which journalists are dealt out to them."""

    outlets: list[Outlet]

    def of(self, number: int) -> Outlet:
        """The outlet of a journalist; neighbours work for different ones."""
        return self.outlets[number * 11 % len(self.outlets)]


async def add_outlets(stage: Stage, at: datetime) -> Press:
    """All outlets, two of which go by another name too."""
    outlets = [
        await accreditation.find_or_add_outlet(
            stage.session, facts=OutletFacts(name, OutletKind(kind), country), now=at
        )
        for name, kind, country in names.outlets()
    ]
    known = {one.name: one for one in outlets}
    for name, other in _ALIASES:
        stage.session.add(OutletAlias(outlet_id=known[name].id, name=other, folded=fold(other), created_at=at))
    await stage.session.flush()
    return Press(outlets)


def journalist(stage: Stage, number: int, outlet: Outlet, at: datetime) -> Journalist:
    """One journalist, not yet kept. The first one and the focal point can sign in."""
    at_home = outlet.country == "VN"
    full_name = names.person(stage.random) if at_home else names.foreigner(stage.random)
    first, _, rest = full_name.partition(" ")
    card = f"{100000 + number}"
    address = {0: JOURNALIST, FOCAL_NUMBER: FOCAL_POINT}.get(number)
    return Journalist(
        outlet_id=outlet.id,
        full_name=full_name,
        folded=fold(full_name),
        passport_line=passport_line(first, rest) if at_home else passport_line(rest, first),
        email=address or f"nhabao{number:03d}@demo.biendao.vn",
        phone="" if number % 3 else f"0900 {number:03d} {number * 7 % 1000:03d}",
        # Nobody signs in as the others: their password is not kept anywhere.
        password_hash=vault.hash_password(PASSWORD) if address else vault.NOBODYS_HASH,
        press_card_sealed=stage.vault.seal(card.encode(), purpose=PRESS_CARD),
        press_card_hash=stage.vault.look_up(f"press card {card}"),
        press_card_expires_on=stage.day(_CARD_DAYS),
        language="vi" if at_home else "en",
        created_at=at,
    )


def consents(person: Journalist, *, portrait: bool) -> list[Consent]:
    """What a journalist agreed to when they registered."""
    purposes = [ConsentPurpose.ACCREDITATION] + [ConsentPurpose.PORTRAIT_ON_BADGE] * portrait
    return [
        Consent(journalist_id=person.id, purpose=purpose, text_version=CONSENT_VERSION, given_at=person.created_at)
        for purpose in purposes
    ]


def focal_point(person: Journalist, named_by_id: UUID, at: datetime) -> FocalPoint:
    """The journalist as the one who applies for their outlet's people."""
    return FocalPoint(outlet_id=person.outlet_id, journalist_id=person.id, named_by_id=named_by_id, named_at=at)
