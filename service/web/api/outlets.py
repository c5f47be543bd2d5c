"""Outlets by all their names, who applies for their people, and merging what is one and the same."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field, StringConstraints

from service.domain.accounts import Permission
from service.domain.accreditation import OutletKind
from service.store import accreditation as store
from service.usecases.accreditation import outlets
from service.usecases.accreditation.outlets import OutletChange, OutletFile
from service.web.api.application_shapes import OutletOut
from service.web.deps import CurrentAccess, Now, SessionDep, allow
from service.web.schemas import In, Name, Out, Page, PagingDep, page_of
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["outlets"], route_class=Transaction)
_EXAMPLE_ID = "0198c0de-0000-7000-8000-000000000000"
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class AliasOut(Out):
    """Another name of an outlet."""

    id: UUID
    name: str
    created_at: datetime


class PersonOut(Out):
    """A journalist of an outlet; a focal point applies for its people."""

    id: UUID
    full_name: str
    email: str
    focal_point: bool


class OutletFileOut(OutletOut):
    """All about one outlet. `merged_into_id`: the outlet that it has become part of."""

    languages: list[str]
    host_broadcaster: bool
    merged_into_id: UUID | None
    aliases: list[AliasOut]
    people: list[PersonOut]
    merged: Annotated[list[OutletOut], Field(description="Outlets that have become part of this one")]

    @classmethod
    def of(cls, found: OutletFile) -> "OutletFileOut":
        outlet = found.outlet
        return cls(
            id=outlet.id,
            name=outlet.name,
            kind=outlet.kind,
            country=outlet.country,
            languages=outlet.languages,
            host_broadcaster=outlet.host_broadcaster,
            merged_into_id=outlet.merged_into_id,
            aliases=[AliasOut.model_validate(one) for one in found.aliases],
            people=[
                PersonOut(id=one.id, full_name=one.full_name, email=one.email, focal_point=is_focal)
                for one, is_focal in found.people
            ],
            merged=[OutletOut.model_validate(one) for one in found.merged],
        )


class OutletChangeBody(In):
    """The facts of an outlet as they are to be; a name that it gives up stays one of its other names."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"name": "Báo Sóng Xanh", "kind": "print", "country": "VN", "languages": ["vi", "en"]}
        }
    )

    name: Name
    kind: OutletKind
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    languages: Annotated[list[Language], Field(max_length=50)] = []
    host_broadcaster: bool = False


class AliasBody(In):
    """A former name, an abbreviation."""

    model_config = ConfigDict(json_schema_extra={"example": {"name": "Sóng Xanh Online"}})

    name: Name


class MergeBody(In):
    """The outlet that this one becomes part of. `preview`: only say what would move."""

    model_config = ConfigDict(json_schema_extra={"example": {"into_id": _EXAMPLE_ID, "preview": True}})

    into_id: UUID
    preview: bool = False


class MovedOut(Out):
    """What moved, or would move."""

    people: int
    names: int
    focal_points: int


@router.get("/outlets", summary="Outlets", **allow(Permission.ACCREDITATION_READ))
async def list_outlets(
    session: SessionDep,
    paging: PagingDep,
    q: Annotated[str, Query(max_length=100, description="With accents or without")] = "",
) -> Page[OutletOut]:
    """Press organisations that journalists have named."""
    return page_of(
        await store.list_outlets(session, q=q, after=paging.uuid(), limit=paging.limit + 1), paging.limit, OutletOut
    )


@router.get("/outlets/{outlet_id}", summary="An outlet", **allow(Permission.ACCREDITATION_SET_UP, 404))
async def get_outlet(outlet_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> OutletFileOut:
    """Its names, its people and focal points; that the people were seen is kept in the audit."""
    return OutletFileOut.of(await outlets.open_outlet(session, access=access, outlet_id=outlet_id, now=now))


@router.put("/outlets/{outlet_id}", summary="Change an outlet", **allow(Permission.ACCREDITATION_SET_UP, 404, 409))
async def change_outlet(
    outlet_id: UUID, body: OutletChangeBody, session: SessionDep, access: CurrentAccess, now: Now
) -> OutletOut:
    """All facts at once. 409 `already_exists` for a name that another outlet goes by."""
    wish = OutletChange(body.name, body.kind, body.country, tuple(body.languages), body.host_broadcaster)
    changed = await outlets.change(session, access=access, outlet_id=outlet_id, wish=wish, now=now)
    return OutletOut.model_validate(changed)


@router.post(
    "/outlets/{outlet_id}/aliases",
    summary="Add a name",
    status_code=201,
    **allow(Permission.ACCREDITATION_SET_UP, 404, 409),
)
async def add_alias(outlet_id: UUID, body: AliasBody, session: SessionDep, access: CurrentAccess, now: Now) -> AliasOut:
    """Journalists who name the outlet so are its people too."""
    made = await outlets.add_alias(session, access=access, outlet_id=outlet_id, name=body.name, now=now)
    return AliasOut.model_validate(made)


@router.delete(
    "/outlets/{outlet_id}/aliases/{alias_id}",
    summary="Remove a name",
    status_code=204,
    **allow(Permission.ACCREDITATION_SET_UP, 404, 409),
)
async def remove_alias(outlet_id: UUID, alias_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> None:
    """The outlet no longer goes by it."""
    await outlets.remove_alias(session, access=access, outlet_id=outlet_id, alias_id=alias_id, now=now)


@router.put(
    "/outlets/{outlet_id}/focal-points/{journalist_id}",
    summary="Name a focal point",
    status_code=204,
    **allow(Permission.ACCREDITATION_SET_UP, 404, 409),
)
async def name_focal_point(
    outlet_id: UUID, journalist_id: UUID, session: SessionDep, access: CurrentAccess, now: Now
) -> None:
    """A journalist of the outlet applies for its people from now on."""
    await outlets.name_focal_point(session, access=access, outlet_id=outlet_id, journalist_id=journalist_id, now=now)


@router.delete(
    "/outlets/{outlet_id}/focal-points/{journalist_id}",
    summary="End a focal point",
    status_code=204,
    **allow(Permission.ACCREDITATION_SET_UP, 404, 409),
)
async def end_focal_point(
    outlet_id: UUID, journalist_id: UUID, session: SessionDep, access: CurrentAccess, now: Now
) -> None:
    """What they applied for stays."""
    await outlets.end_focal_point(session, access=access, outlet_id=outlet_id, journalist_id=journalist_id, now=now)


@router.post(
    "/outlets/{outlet_id}/merge",
    summary="Merge an outlet into another",
    **allow(Permission.ACCREDITATION_SET_UP, 404, 409),
)
async def merge(outlet_id: UUID, body: MergeBody, session: SessionDep, access: CurrentAccess, now: Now) -> MovedOut:
    """Its people, names and focal points move and count there from now on; it stays to be read. Not to be undone."""
    if body.preview:
        plan = await outlets.plan_merge(session, access=access, outlet_id=outlet_id, into_id=body.into_id)
        return MovedOut.model_validate(plan.moving)
    return MovedOut.model_validate(
        await outlets.merge(session, access=access, outlet_id=outlet_id, into_id=body.into_id, now=now)
    )
