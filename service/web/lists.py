"""Revocation lists as they are answered, to organisers and to devices."""

from datetime import datetime
from typing import Any
from uuid import UUID

from service.domain.passes import PassState
from service.usecases.revocations import RevocationList
from service.web.schemas import Out


class EndedOut(Out):
    """A pass that opens no door (any more, or for now), and since which version of the list."""

    serial: str
    state: PassState
    version: int
    ground: str
    authority: str


class ListOut(Out):
    """A revocation list; `signed` says the same as a JWS of the event's key (see docs/passes.md).

    `since` null: the whole list. Else what changed after that version; `lifted` are serials that are good again.
    """

    event_id: UUID
    version: int
    issued_at: datetime | None
    since: int | None
    ended: list[EndedOut]
    lifted: list[str]
    struck_keys: list[str]
    signed: str

    @classmethod
    def of(cls, told: RevocationList, signed: str) -> "ListOut":
        """A list as it is answered."""
        facts: dict[str, Any] = {name: getattr(told, name) for name in cls.model_fields if name != "signed"}
        return cls.model_validate({**facts, "signed": signed})
