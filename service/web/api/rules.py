"""Rule sets, and the accreditation of an event under one of them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import ConfigDict, EmailStr, Field

from service.domain.accounts import Organisation, Permission
from service.domain.accreditation import AccreditationPlan, Criterion, Panel
from service.domain.accreditation.rules import Code
from service.domain.errors import NotFound
from service.domain.events import Event
from service.store import events as event_store
from service.store import passes as pass_store
from service.store import rules as store
from service.usecases import accreditation, events
from service.usecases.accreditation import Acting, PlanWish, rule_file, safe_day
from service.usecases.accreditation.rules import rules_of
from service.web.api.shapes import NamedOut
from service.web.deps import CurrentAccess, Now, SessionDep, VaultDep, allow
from service.web.schemas import In, Instant, Line, Out
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["accreditation"], route_class=Transaction)
RuleCode = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,40}$", description="The code of a rule set")]
_EXAMPLE_ID = "0198c0de-0000-7000-8000-000000000000"


class RuleSetRow(Out):
    """A version of a rule set in short."""

    id: UUID
    code: str
    version: int
    name_vi: str
    name_en: str
    classes: list[str]
    note: str
    made_at: datetime


class RuleSetOut(RuleSetRow):
    """A version with its whole document, as docs/accreditation.md describes it."""

    body: dict[str, Any]


class VersionBody(In):
    """The next version of a rule set: the whole document, and the version that it was made from."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "based_on": 1,
                "note": "Thêm một ngày làm việc cho cơ quan an ninh.",
                "body": {"format": 1, "name": {"vi": "Bộ quy tắc", "en": "Rules"}, "classes": []},
            }
        }
    )

    based_on: Annotated[int, Field(ge=1, le=100_000)]
    note: Line = ""
    body: dict[str, Any]


@router.get("/rule-sets", summary="Rule sets", **allow(Permission.ACCREDITATION_READ))
async def list_rule_sets(session: SessionDep, access: CurrentAccess, now: Now) -> list[RuleSetRow]:
    """The newest version of each."""
    found = await rule_file.list_sets(session, access=access, now=now)
    return [RuleSetRow.model_validate(_short(one)) for one in found]


@router.get("/rule-sets/{rule_set}", summary="Versions of a rule set", **allow(Permission.ACCREDITATION_READ, 404))
async def list_versions(rule_set: RuleCode, session: SessionDep) -> list[RuleSetRow]:
    """All versions, the newest first."""
    found = await store.list_rule_sets(session, code=rule_set)
    if not found:
        raise NotFound("rule set")
    return [RuleSetRow.model_validate(_short(one)) for one in found]


@router.get(
    "/rule-sets/{rule_set}/{version}", summary="A version of a rule set", **allow(Permission.ACCREDITATION_READ, 404)
)
async def get_version(
    rule_set: RuleCode, version: Annotated[int, Path(ge=1, le=100_000)], session: SessionDep
) -> RuleSetOut:
    """The whole document; a version never changes."""
    for one in await store.list_rule_sets(session, code=rule_set):
        if one.version == version:
            return RuleSetOut.model_validate({**_short(one), "body": one.body})
    raise NotFound("rule set")


@router.post(
    "/rule-sets/{rule_set}",
    summary="Add a version of a rule set",
    status_code=201,
    **allow(Permission.ACCREDITATION_SET_UP, 404, 409),
)
async def add_version(
    rule_set: RuleCode, body: VersionBody, session: SessionDep, access: CurrentAccess, now: Now
) -> RuleSetOut:
    """Applications and open events keep the version that they have. 409 `changed_meanwhile` when a newer one is there.

    422 `rules_invalid` with a JSON Pointer for each fault. It takes the permission in all organisations.
    """
    made = await accreditation.add_version(
        session, access=access, code=rule_set, based_on=body.based_on, body=body.body, note=body.note, now=now
    )
    return RuleSetOut.model_validate({**_short(made), "body": made.body})


def _short(one: Any) -> dict[str, Any]:
    rules = one.rules
    return {
        "id": one.id,
        "code": one.code,
        "version": one.version,
        "name_vi": rules.name.vi,
        "name_en": rules.name.en,
        "classes": [each.code for each in rules.classes],
        "note": one.note,
        "made_at": one.made_at,
    }


# The accreditation of an event ----------------------------------------------------------------------------------


class ActingBody(In):
    """The organisation that acts as an authority, and who of it is told when a clock runs out."""

    organisation_id: UUID
    lead_email: EmailStr | Literal[""] = ""
    language: Literal["vi", "en"] = "vi"


class PlanBody(In):
    """An event's accreditation as it is to be. `caps`: by class code, and `""` for all classes together."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "rule_set_id": _EXAMPLE_ID,
                "classes": ["one_day"],
                "acting": {"press_management": {"organisation_id": _EXAMPLE_ID, "lead_email": "truc.ban@example.vn"}},
                "caps": {"": 200, "one_day": 40},
                "closes_at": "2026-12-20T17:00:00+07:00",
                "contact": "Phòng Báo chí, 028 0000 0000",
                "appeal_days": 5,
                "criteria": ["agency_or_host", "outlet_turn", "earliest_day"],
            }
        }
    )

    rule_set_id: UUID
    classes: Annotated[list[Code], Field(min_length=1, max_length=50)]
    acting: Annotated[dict[Code, ActingBody], Field(max_length=50)]
    caps: Annotated[dict[Code | Literal[""], Annotated[int, Field(ge=0, le=1_000_000)]], Field(max_length=51)] = {}
    closes_at: Instant
    contact: Line = ""
    appeal_days: Annotated[int, Field(ge=1, le=60)] = 5
    criteria: Annotated[list[Criterion], Field(max_length=len(Criterion))] = []


class ActingOut(Out):
    """Who acts as an authority."""

    authority: str
    organisation: NamedOut
    lead_email: str
    language: str


class OpenClassOut(Out):
    """An open class, and the last day on which one may apply and surely have an answer before the event begins.

    `safe_on` is null where that can't be said.
    """

    code: str
    name_vi: str
    name_en: str
    days: Annotated[int, Field(description="Working days until the decision, if everybody takes all their time")]
    cap: int | None
    safe_on: date | None


class PlanOut(Out):
    """An event's accreditation. `draw_commitment` is the SHA-256 of the seed of the next draw."""

    event_id: UUID
    rule_set_id: UUID
    classes: list[OpenClassOut]
    acting: list[ActingOut]
    cap: int | None
    closes_at: datetime | None
    contact: str
    appeal_days: int
    criteria: list[Criterion]
    draw_commitment: str
    opened_at: datetime


@router.get(
    "/events/{event_id}/accreditation",
    summary="The accreditation of an event",
    **allow(Permission.ACCREDITATION_READ, 404),
)
async def get_plan(event_id: UUID, session: SessionDep, access: CurrentAccess) -> PlanOut:
    """404 while it is not open."""
    await events.require_event(session, access=access, event_id=event_id, permission=Permission.ACCREDITATION_READ)
    plan = await store.find_plan(session, event_id)
    if plan is None:
        raise NotFound("accreditation")
    return await _shown(session, plan)


@router.put(
    "/events/{event_id}/accreditation",
    summary="Open or change the accreditation of an event",
    **allow(Permission.ACCREDITATION_SET_UP, 404, 409),
)
async def put_plan(
    event_id: UUID, body: PlanBody, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now
) -> PlanOut:
    """Everything at once; applications keep the rules and reviews that they have. Every authority of an open class
    needs an organisation that acts as it."""
    plan = await accreditation.open_accreditation(
        session,
        access=access,
        event_id=event_id,
        wish=PlanWish(
            rule_set_id=body.rule_set_id,
            classes=tuple(body.classes),
            acting={
                code: Acting(one.organisation_id, str(one.lead_email), one.language)
                for code, one in body.acting.items()
            },
            caps=body.caps,
            closes_at=body.closes_at,
            contact=body.contact,
            appeal_days=body.appeal_days,
            criteria=tuple(body.criteria),
        ),
        secrets=vault,
        now=now,
    )
    return await _shown(session, plan)


async def _shown(session: SessionDep, plan: AccreditationPlan) -> PlanOut:
    event = await event_store.get(session, Event, plan.event_id, "event")
    rules = await rules_of(session, plan.rule_set_id)
    period = await pass_store.find_period(session, plan.event_id)
    return PlanOut(
        event_id=plan.event_id,
        rule_set_id=plan.rule_set_id,
        classes=[
            OpenClassOut(
                code=rule.code,
                name_vi=rule.name.vi,
                name_en=rule.name.en,
                days=rule.days,
                cap=plan.caps.get(rule.code),
                safe_on=safe_day(rule, period[0] if period else None),
            )
            for rule in (rules.of(code) for code in plan.classes)
        ],
        acting=[
            _acting(panel, organisation) for panel, organisation in await store.list_panels(session, plan.event_id)
        ],
        cap=plan.caps.get(""),
        closes_at=event.accreditation_closes_at,
        contact=plan.contact,
        appeal_days=plan.appeal_days,
        criteria=[Criterion(one) for one in plan.criteria],
        draw_commitment=plan.draw_commitment,
        opened_at=plan.opened_at,
    )


def _acting(panel: Panel, organisation: Organisation) -> ActingOut:
    return ActingOut(
        authority=panel.authority,
        organisation=NamedOut.model_validate(organisation),
        lead_email=panel.lead_email,
        language=panel.language,
    )
