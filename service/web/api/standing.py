"""Standing accreditations: given for a year, confirmed for each event by their holders."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field, StringConstraints

from service.domain.accounts import Permission
from service.domain.accreditation import StandingAccreditation
from service.store.standing import Kept
from service.usecases.accreditation import standing_giving
from service.usecases.accreditation.standing_giving import StandingWish
from service.web.deps import CurrentAccess, Now, SessionDep, allow
from service.web.schemas import Day, In, Out, Page, PagingDep, Search, Text, write_cursor
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["outlets"], route_class=Transaction)
_EXAMPLE_ID = "0198c0de-0000-7000-8000-000000000000"
_NAMES = (
    "id",
    "journalist_id",
    "organisation_id",
    "class_code",
    "valid_from",
    "valid_until",
    "ground",
    "given_at",
    "ended_at",
    "end_ground",
)


class StandingOut(Out):
    """A standing accreditation; one that was ended says when and why."""

    id: UUID
    journalist_id: UUID
    organisation_id: UUID
    class_code: str
    valid_from: date
    valid_until: date
    ground: str
    given_at: datetime
    ended_at: datetime | None
    end_ground: str


class StandingRow(StandingOut):
    """With its holder, for the list."""

    full_name: str
    outlet_name: str

    @classmethod
    def of(cls, kept: Kept) -> "StandingRow":
        one, journalist, outlet, _ = kept
        facts = {name: getattr(one, name) for name in _NAMES}
        return cls.model_validate({**facts, "full_name": journalist.full_name, "outlet_name": outlet.name})


class GiveBody(In):
    """To whom, in which class, from when to when (a year at most), and on what ground."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "organisation_id": _EXAMPLE_ID,
                "journalist_id": _EXAMPLE_ID,
                "class_code": "domestic",
                "valid_from": "2026-12-01",
                "valid_until": "2027-11-30",
                "ground": "Phóng viên theo dõi thường xuyên các sự kiện của thành phố.",
            }
        }
    )

    organisation_id: UUID
    journalist_id: UUID
    class_code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    valid_from: Day
    valid_until: Day
    ground: Annotated[Text, Field(min_length=1)]


class EndBody(In):
    """Why it ends."""

    model_config = ConfigDict(json_schema_extra={"example": {"ground": "Cơ quan báo chí không còn cử người này."}})

    ground: Annotated[Text, Field(min_length=1)]


@router.get("/standing-accreditations", summary="Standing accreditations", **allow(Permission.ACCREDITATION_DECIDE))
async def list_standing(
    session: SessionDep,
    access: CurrentAccess,
    paging: PagingDep,
    now: Now,
    q: Search = "",
    holds: Annotated[bool | None, Query(description="Only those that hold today, or that don't")] = None,
) -> Page[StandingRow]:
    """Those that your organisations gave, the newest first; that people's names were seen is kept in the audit."""
    found = await standing_giving.open_list(
        session, access=access, q=q, holds=holds, after=paging.uuid(), limit=paging.limit, now=now
    )
    items = [StandingRow.of(one) for one in found.rows]
    return Page[StandingRow](items=items, next=write_cursor(str(items[-1].id)) if found.more and items else None)


@router.post(
    "/standing-accreditations",
    summary="Give a standing accreditation",
    status_code=201,
    **allow(Permission.ACCREDITATION_DECIDE, 404, 409),
)
async def give(body: GiveBody, session: SessionDep, access: CurrentAccess, now: Now) -> StandingOut:
    """409 `already_exists` when one of the same class holds on one of these days."""
    wish = StandingWish(
        organisation_id=body.organisation_id,
        journalist_id=body.journalist_id,
        class_code=body.class_code,
        valid_from=body.valid_from,
        valid_until=body.valid_until,
        ground=body.ground,
    )
    return _shown(await standing_giving.give(session, access=access, wish=wish, now=now))


@router.post(
    "/standing-accreditations/{standing_id}/end",
    summary="End a standing accreditation",
    **allow(Permission.ACCREDITATION_DECIDE, 404, 409),
)
async def end(standing_id: UUID, body: EndBody, session: SessionDep, access: CurrentAccess, now: Now) -> StandingOut:
    """What was confirmed by it stays with the office, which decides on each."""
    return _shown(
        await standing_giving.end(session, access=access, standing_id=standing_id, ground=body.ground, now=now)
    )


def _shown(one: StandingAccreditation) -> StandingOut:
    return StandingOut.model_validate(one)
