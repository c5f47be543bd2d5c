"""A list that was foreseen and waits for its confirmation: it travels in the page, sealed.

It opens for one person, one event and one authority, so that nobody can change it; and nothing is kept that nobody
confirms.
"""

import json
import zlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from service.domain.accreditation import VerdictKind
from service.domain.accreditation.vetting import VettingAnswer
from service.domain.errors import Conflict, Invalid
from service.store.vault import Vault
from service.usecases.accreditation.vetting import Seat

GOOD_FOR = timedelta(hours=1)
"""How long a list that was foreseen can be confirmed."""


def seal(answers: Sequence[VettingAnswer], *, seat: Seat, secrets: Vault, now: datetime) -> bytes:
    """The answers as they travel in the page until they are confirmed."""
    rows = [
        [one.row, one.id.hex if one.id else "", one.kind, one.ground, one.zones, [str(day) for day in one.days]]
        for one in answers
        if not one.fault
    ]
    packed = zlib.compress(json.dumps([now.isoformat(), rows], ensure_ascii=False).encode())
    return secrets.seal(packed, purpose=_purpose(seat))


def unseal(sealed: bytes, *, seat: Seat, secrets: Vault, now: datetime) -> list[VettingAnswer]:
    """What `seal` was given for the same person, event and authority.

    Raises Invalid for anything else, Conflict `expired` after an hour.
    """
    try:
        packed = secrets.open(sealed, purpose=_purpose(seat))
    except ValueError:
        raise Invalid.at("/sealed", "invalid", "not a list of ours") from None
    sealed_at, rows = json.loads(zlib.decompress(packed))
    if datetime.fromisoformat(sealed_at) + GOOD_FOR <= now:
        raise Conflict("expired", sealed_at)
    return [
        VettingAnswer(
            row, UUID(hex_id), VerdictKind(kind), ground, tuple(zones), tuple(date.fromisoformat(one) for one in days)
        )
        for row, hex_id, kind, ground, zones, days in rows
    ]


def _purpose(seat: Seat) -> str:
    return f"vetting.{seat.access.staff_id}.{seat.event_id}.{seat.authority}"
