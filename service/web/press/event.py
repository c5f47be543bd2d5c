"""What one event asks of the press, open to all: where and when, its classes, who decides and by when."""

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Response

from service.domain.accreditation import ClassRule, MediaRole, Power, Rules
from service.domain.localtime import local_day
from service.store.events import Shown
from service.usecases.accreditation import entering
from service.usecases.accreditation.entering import PressEvent
from service.web.deps import Now, SessionDep
from service.web.forms import Checked, Form
from service.web.pages import pick
from service.web.press.access import PressPage, Reader, open_page
from service.web.press.entry import own_row
from service.web.press.entry_views import (
    AskedRow,
    AuthorityRow,
    ClassBox,
    EventPage,
    LegalRow,
    OwnRow,
    PlaceRow,
    StandingForm,
)
from service.web.views import Option

router = APIRouter(prefix="/press/events", include_in_schema=False, route_class=PressPage)


@router.get("/{event_id}")
async def open_event(
    event_id: UUID, session: SessionDep, now: Now, reader: Reader = open_page("press_events")
) -> Response:
    """Everything that an applicant needs to know beforehand, with a button for each class."""
    found = await entering.open_event(session, event_id=event_id, journalist=reader.signed_in, now=now)
    return reader.show("press/event.html", page=await event_page(session, reader, found, now))


async def event_page(
    session: SessionDep, reader: Reader, found: PressEvent, now: datetime, checked: Checked | None = None
) -> EventPage:
    """The page of an event; `checked`: the form of a standing accreditation that came back."""
    accreditation, language = found.accreditation, reader.language
    event, plan = accreditation.event, accreditation.plan
    own: OwnRow | None = None
    if found.own is not None:
        own = await own_row(session, reader, found.own, event, entering.turn_of(found.own))
    return EventPage(
        href=f"/press/events/{event.id}",
        title=pick(event, "title", language),
        kind=event.kind.value,
        state=event.state.value,
        summary=pick(event, "summary", language),
        host=pick(accreditation.host, "name", language),
        contact=plan.contact,
        places=tuple(_place(one, language) for one in found.places),
        closes_at=event.accreditation_closes_at,
        now=now,
        today=local_day(now),
        is_open=found.is_open,
        signed_in=reader.signed_in is not None,
        classes=tuple(
            _class(accreditation.rules, one.rule, one.safe_on, plan.caps, language) for one in accreditation.classes
        ),
        cap=plan.caps.get(""),
        commitment=plan.draw_commitment,
        appeal_days=plan.appeal_days,
        own=own,
        standing=_standing(found, checked.form if checked else Form.EMPTY, language),
        errors=tuple(checked.errors) if checked else (),
    )


def _place(one: Shown, language: str) -> PlaceRow:
    stop = one.occurrence
    return PlaceRow(
        label=pick(stop, "label", language),
        venue=pick(one.venue, "name", language),
        address=one.venue.address,
        unit=pick(one.unit, "name", language),
        first_on=stop.opens_on,
        last_on=stop.closes_on,
        daily_from=stop.daily_from,
        daily_to=stop.daily_to,
    )


def _class(rules: Rules, rule: ClassRule, safe_on: date | None, caps: dict[str, int], language: str) -> ClassBox:
    card = [AskedRow("press_card_number", required=rule.press_card == "required")] if rule.press_card != "none" else []
    return ClassBox(
        code=rule.code,
        name=rule.name[language],
        description=rule.description[language],
        days=rule.days,
        decision_days=rule.decision_days,
        safe_on=safe_on,
        asks=(*card, *(AskedRow(one.code, one.required) for one in rule.asks)),
        files=tuple(
            AskedRow(f"file:{one.kind.value}", one.required, one.hint[language], tuple(one.roles))
            for one in rule.evidence
        ),
        stages=tuple(
            tuple(
                AuthorityRow(one.name[language], one.days, advises=one.power is Power.ADVISORY, sees=one.sees)
                for one in stage.authorities
            )
            for stage in rule.stages
        ),
        per_outlet=rule.quota.per_outlet,
        roles=tuple((role.value, most) for role, most in rule.quota.per_role.items()),
        kinds=tuple((kind.value, most) for kind, most in rule.quota.of_kind.items()),
        cap=caps.get(rule.code),
        legal=tuple(
            LegalRow(one.text[language], rules.sources[one.source].title, one.valid_from, one.valid_until)
            for one in rule.legal
        ),
        retention_days=rule.retention_days,
    )


def _standing(found: PressEvent, form: Form, language: str) -> StandingForm | None:
    if found.standing is None:
        return None
    rule = found.accreditation.rules.of(found.standing.class_code)
    return StandingForm(
        action=f"/press/events/{found.accreditation.event.id}/confirm",
        class_name=rule.name[language],
        valid_until=found.standing.valid_until,
        media_role=form.one("media_role") or MediaRole.WRITER.value,
        zones=tuple(
            Option(code, f"{code}: {english if language == 'en' and english else vietnamese}")
            for code, (vietnamese, english) in found.zones.items()
        ),
        chosen=form.many("zones"),
    )
