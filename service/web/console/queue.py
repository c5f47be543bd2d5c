"""The queue of an authority: what waits for its opinion, the most urgent first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response

from service.domain.accounts import Permission
from service.domain.accreditation import Review, ReviewState, reference_of
from service.domain.errors import Invalid
from service.store.reviews import NEVER, Wanted
from service.usecases import accreditation
from service.web.console import reading
from service.web.console.access import QUEUE, ConsolePage, Visit, page
from service.web.console.field_values import clock_of
from service.web.console.start import title_of
from service.web.deps import Now, SessionDep
from service.web.review_views import QueueFilter, QueuePage, QueueRow, Tab
from service.web.schemas import read_cursor, write_cursor
from service.web.views import Option, Pager
from service.web.words import N_

router = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsolePage)

REVIEWS = "/console/reviews"
_LIMIT = 50


@dataclass(frozen=True)
class _Tab:
    """The states that a tab shows; `late`: only what is late."""

    states: frozenset[ReviewState]
    late: bool = False


_TABS = {
    "todo": _Tab(frozenset({ReviewState.OPEN})),
    "late": _Tab(frozenset({ReviewState.OPEN}), late=True),
    "paused": _Tab(frozenset({ReviewState.PAUSED})),
    "waiting": _Tab(frozenset({ReviewState.WAITING})),
    "done": _Tab(frozenset({ReviewState.DONE, ReviewState.CLOSED})),
}
_GIVEN = N_("%(given)s verdicts are given.")
_LEFT = N_("%(left)s applications stay as they were: open them one by one.")


@router.get("/accreditation")
async def open_queue(
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_REVIEW, "accreditation", desk=True),
    tab: reading.Filter = "todo",
    q: reading.Filter = "",
    event: reading.Filter = "",
    klass: reading.Filter = "",
    authority: reading.Filter = "",
    cursor: reading.Cursor = "",
    given: reading.Filter = "",
    left: reading.Filter = "",
) -> Response:
    """Tabs with counts, filters that stand in the address, and one page of reviews."""
    if tab not in _TABS:
        raise Invalid.at("/query/tab", "invalid", "tab")
    chosen = _TABS[tab]
    filters = QueueFilter(tab, reading.read_text("q", q), event, klass, authority)
    found = await accreditation.queue(
        session,
        access=visit.access,
        wanted=Wanted(
            states=chosen.states,
            event_id=reading.read_id("event", event),
            class_code=klass,
            authority=authority,
            q=filters.q,
            due_before=now if chosen.late else None,
        ),
        after=_read_place(cursor),
        limit=_LIMIT,
        now=now,
    )
    news = _news(visit, given, left)
    return visit.show("console/queue.html", page=_page(visit, found, filters, now, cursor=cursor, news=news))


def queue_href(**filters: str) -> str:
    """The queue, narrowed."""
    return reading.address(QUEUE, **filters)


def review_href(review_id: object, **query: str) -> str:
    """The page of a review."""
    return reading.address(f"{REVIEWS}/{review_id}", **query)


def _read_place(cursor: str) -> tuple[datetime, UUID] | None:
    if not cursor:
        return None
    try:
        due, row_id = read_cursor(cursor)
        place = datetime.fromisoformat(due), UUID(row_id)
    except ValueError as wrong:
        raise Invalid.at("/query/cursor", "cursor_invalid", "not a cursor of ours") from wrong
    if place[0].tzinfo is None:
        raise Invalid.at("/query/cursor", "cursor_invalid", "not a cursor of ours")
    return place


def _write_place(review: Review) -> str:
    return write_cursor((review.due_at or NEVER).isoformat(), str(review.id))


def _news(visit: Visit, given: str, left: str) -> str:
    told = []
    if given.isdigit():
        told.append(visit.say(_GIVEN, given=visit.number(int(given))))
    if left.isdigit() and int(left):
        told.append(visit.say(_LEFT, left=visit.number(int(left))))
    return " ".join(told)


def _page(
    visit: Visit, found: accreditation.Queue, filters: QueueFilter, now: datetime, *, cursor: str, news: str
) -> QueuePage:
    kept = {"q": filters.q, "event": filters.event, "klass": filters.klass, "authority": filters.authority}
    here = {"tab": "" if filters.tab == "todo" else filters.tab, **kept}
    older = queue_href(**here, cursor=_write_place(found.rows[-1].review)) if found.more and found.rows else None
    authorities = {one.code: one.name[visit.language] for rule in found.classes.values() for one in rule.authorities}
    mine = {row.review.authority for row in found.rows} | ({filters.authority} if filters.authority else set())
    return QueuePage(
        href=QUEUE,
        bulk_action=f"{QUEUE}/verdicts",
        tabs=tuple(
            Tab(code, _count(found.counts, code), queue_href(**kept, tab="" if code == "todo" else code))
            for code in _TABS
        ),
        filter=filters,
        events=tuple(Option(str(one.id), title_of(one, visit.language)) for one in found.events),
        classes=tuple(Option(code, rule.name[visit.language]) for code, rule in found.classes.items()),
        authorities=tuple(Option(code, name) for code, name in sorted(authorities.items()) if code in mine),
        rows=tuple(row_of(row, now) for row in found.rows),
        pager=Pager(older, queue_href(**here) if cursor else None),
        news=news,
        delegations_href="/console/delegations" if visit.access.allows(Permission.ACCREDITATION_REVIEW) else "",
    )


def _count(counts: dict[str, int], tab: str) -> int:
    if tab == "late":
        return counts.get("late", 0)
    return sum(counts.get(state.value, 0) for state in _TABS[tab].states)


def row_of(row: accreditation.QueueRow, now: datetime) -> QueueRow:
    """One review as the list shows it: what the authority isn't shown is empty."""
    review, rule, fields = row.review, row.class_rule, row.fields
    return QueueRow(
        id=str(review.id),
        href=review_href(review.id),
        reference=reference_of(row.application_id),
        name=fields.get("full_name", ""),
        outlet=fields.get("outlet", ""),
        role=str(fields.get("media_role", "")),
        event_vi=row.event.title_vi,
        event_en=row.event.title_en,
        class_vi=rule.name.vi,
        class_en=rule.name.en,
        authority_vi=row.authority.name.vi,
        authority_en=row.authority.name.en,
        state=review.state.value,
        verdict=review.verdict.value if review.verdict else "",
        clock=clock_of(review, now),
        may_choose=review.state in (ReviewState.OPEN, ReviewState.DONE),
    )
