"""The applications for one event, as its office works through them."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response

from service.domain.accounts import Permission
from service.domain.accreditation import ApplicationState, ReviewState, reference_of
from service.domain.accreditation.readiness import Readiness
from service.store.applications import WantedApplications
from service.usecases.accreditation import office
from service.usecases.accreditation.office import Listed, Row
from service.web.application_views import AppealRow, ApplicationFilter, ApplicationRow, ApplicationsPage, DeskState
from service.web.console import reading
from service.web.console.access import START, ConsolePage, Visit, page
from service.web.console.start import event_href
from service.web.deps import Now, SessionDep
from service.web.pages import date_vn, datetime_vn
from service.web.review_views import Tab
from service.web.views import Option
from service.web.words import N_, word

router = APIRouter(prefix="/console/events", include_in_schema=False, route_class=ConsolePage)

_LIMIT = 50
_COLUMNS = (
    ("reference", N_("Reference")),
    ("id", N_("Id")),
    ("full_name", N_("Journalist")),
    ("outlet", N_("Press organisation")),
    ("class", N_("Accreditation class")),
    ("media_role", N_("Work at the event")),
    ("state", N_("State")),
    ("readiness", N_("How far it is")),
    ("zones_wanted", N_("Zones wanted")),
    ("zones_granted", N_("Zones granted")),
    ("days_granted", N_("Days granted")),
    ("escort", N_("Escort")),
    ("submitted_at", N_("Handed in")),
    ("decided_at", N_("Decided")),
    ("waits_for", N_("Waits for")),
    ("refused_by", N_("Refused by")),
)


def applications_href(event_id: object, **filters: str) -> str:
    """The list of an event's applications, narrowed."""
    return reading.address(f"{event_href(event_id)}/applications", **filters)


def application_href(application_id: object, **query: str) -> str:
    """The page of an application."""
    return reading.address(f"{START}/applications/{application_id}", **query)


def _wanted(q: str, state: str, readiness: str, klass: str, outlet: str) -> WantedApplications:
    return WantedApplications(
        state=reading.read_kind("state", state, ApplicationState),
        readiness=reading.read_kind("readiness", readiness, Readiness),
        class_code=reading.read_text("klass", klass),
        outlet_id=reading.read_id("outlet", outlet),
        q=reading.read_text("q", q),
    )


@router.get("/{event_id}/applications")
async def open_list(
    event_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_READ, "events"),
    q: reading.Filter = "",
    state: reading.Filter = "",
    readiness: reading.Filter = "",
    klass: reading.Filter = "",
    outlet: reading.Filter = "",
    cursor: reading.Cursor = "",
) -> Response:
    """Counts per state and how far each is, filters in the address, and one page of applications."""
    wanted = _wanted(q, state, readiness, klass, outlet)
    found = await office.list_of_event(
        session,
        access=visit.access,
        event_id=event_id,
        wanted=wanted,
        turn=reading.read_turn(cursor, _instant),
        limit=_LIMIT,
        now=now,
    )
    filters = ApplicationFilter(wanted.q, state, readiness, klass, outlet)
    return visit.show("console/applications.html", page=_page(visit, found, filters, now))


def _instant(value: str) -> datetime:
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError(value)
    return instant


def _page(visit: Visit, found: Listed, filters: ApplicationFilter, now: datetime) -> ApplicationsPage:
    event = found.event
    here = applications_href(event.id)
    kept = {"q": filters.q, "klass": filters.klass, "outlet": filters.outlet}
    both = {**kept, "state": filters.state, "readiness": filters.readiness}
    return ApplicationsPage(
        event_vi=event.title_vi,
        event_en=event.title_en,
        event_href=event_href(event.id),
        href=here,
        csv_href=reading.address(f"{here}.csv", **both),
        bulk_action=f"{here}/decisions" if found.may_decide else "",
        readiness=tuple(
            Tab(one.value, found.readiness.get(one, 0), applications_href(event.id, **kept, readiness=one.value))
            for one in Readiness
        ),
        states=tuple(
            Tab(one.value, found.states[one], applications_href(event.id, **kept, state=one.value))
            for one in ApplicationState
            if found.states.get(one)
        ),
        filter=filters,
        classes=tuple(Option(code, rule.name[visit.language]) for code, rule in found.classes.items()),
        outlets=tuple(
            Option(str(outlet.id), f"{outlet.name} ({visit.number(count)})") for outlet, count in found.outlets
        ),
        rows=tuple(_row(one, now) for one in found.leaf.rows),
        appeals=tuple(
            AppealRow(application_href(application.id), who.full_name, reference_of(application.id), appeal.filed_at)
            for appeal, application, who in found.appeals
        ),
        total=sum(found.states.values()),
        pager=reading.pager_of(found.leaf, _place, here, **both),
    )


def _place(row: Row) -> tuple[str, UUID]:
    application = row.application
    return (application.submitted_at or application.created_at).isoformat(), application.id


def _row(one: Row, now: datetime) -> ApplicationRow:
    application, rule = one.application, one.rule
    return ApplicationRow(
        id=str(application.id),
        href=application_href(application.id),
        reference=reference_of(application.id),
        name=one.journalist.full_name,
        outlet=one.outlet.name,
        role=application.media_role.value,
        class_vi=rule.name.vi if rule else "",
        class_en=rule.name.en if rule else "",
        state=application.state.value,
        readiness=one.readiness.value if one.readiness else "",
        desks=tuple(
            DeskState(
                name_vi=rule.authority(review.authority).name.vi,
                name_en=rule.authority(review.authority).name.en,
                state=review.state.value,
                verdict=review.verdict.value if review.verdict else "",
                late=review.state is ReviewState.OPEN and review.due_at is not None and review.due_at <= now,
            )
            for review in one.reviews
            if rule
        ),
        submitted_at=application.submitted_at,
    )


# The list as a file ---------------------------------------------------------------------------------------------


@router.get("/{event_id}/applications.csv")
async def export(
    event_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_READ, "events"),
    q: reading.Filter = "",
    state: reading.Filter = "",
    readiness: reading.Filter = "",
    klass: reading.Filter = "",
    outlet: reading.Filter = "",
) -> Response:
    """What the filters leave, as a table for a spreadsheet: no contacts, no numbers of cards or papers."""
    wanted = _wanted(q, state, readiness, klass, outlet)
    event, rows = await office.export(session, access=visit.access, event_id=event_id, wanted=wanted, now=now)
    name = f"applications-{event.id.hex[-8:]}.csv"
    return Response(
        _table(visit, rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _table(visit: Visit, rows: Iterable[Row]) -> bytes:
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow([visit.say(title) for _, title in _COLUMNS])
    writer.writerow([code for code, _ in _COLUMNS])
    writer.writerows([_harmless(value) for value in _values(visit, one)] for one in rows)
    # The mark at the beginning tells spreadsheets that these are Vietnamese letters.
    return b"\xef\xbb\xbf" + kept.getvalue().encode()


def _values(visit: Visit, one: Row) -> list[str]:
    application, rule = one.application, one.rule

    def named(*states: object) -> str:
        found = [review for review in one.reviews if review.state in states or review.verdict in states]
        return "; ".join(rule.authority(review.authority).name[visit.language] for review in found if rule)

    return [
        reference_of(application.id),
        str(application.id),
        one.journalist.full_name,
        one.outlet.name,
        rule.name[visit.language] if rule else "",
        visit.say(word(application.media_role.value, "media_role")),
        visit.say(word(application.state.value, "application_state")),
        visit.say(word(one.readiness.value, "readiness")) if one.readiness else "",
        " ".join(application.zones_wanted),
        " ".join(application.zones_granted),
        "; ".join(date_vn(on) for on in application.days_granted or ()),
        visit.say(N_("yes")) if application.escort else "",
        datetime_vn(application.submitted_at) if application.submitted_at else "",
        datetime_vn(application.decided_at) if application.decided_at else "",
        named(ReviewState.OPEN, ReviewState.PAUSED),
        named("reject"),
    ]


def _harmless(value: str) -> str:
    """A cell that a spreadsheet takes for text, whatever its owner called themselves."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
