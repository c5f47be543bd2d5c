"""What came of an allocation, and the letters to those who have no place."""

from collections import Counter
from uuid import UUID

from fastapi import APIRouter, Response

from service.domain.accounts import Permission
from service.domain.accreditation import ApplicationState, Place, reference_of
from service.domain.accreditation.allocation import commitment
from service.usecases.accreditation import draws, letters
from service.usecases.accreditation.draws import Result
from service.web import accreditation_views as view
from service.web.answers import Pdf
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.plan_form import criterion_words
from service.web.console.start import event_href
from service.web.deps import Now, SessionDep

router = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsolePage)

_LETTERS = {"Cache-Control": "private, no-store", "Content-Disposition": 'inline; filename="thu-tra-loi.pdf"'}
_TOLD = frozenset({ApplicationState.WAITLISTED, ApplicationState.REJECTED})
"""Who gets a letter."""


@router.get("/allocations/{allocation_id}")
async def open_result(
    allocation_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_READ, "events"),
) -> Response:
    """Rank by rank what came of it, with names."""
    found = await draws.open_allocation(session, access=visit.access, allocation_id=allocation_id, now=now)
    return visit.show("console/allocation_result.html", page=_page(visit, found))


@router.get("/allocations/{allocation_id}/letters.pdf")
async def all_letters(
    allocation_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_READ, "events"),
) -> Response:
    """A letter to everybody whom this allocation refused or put on the waiting list, in one document."""
    made = await letters.of_allocation(session, access=visit.access, allocation_id=allocation_id, now=now)
    return Pdf(made, headers=_LETTERS)


@router.get("/applications/{application_id}/letter.pdf")
async def one_letter(
    application_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_READ, "events"),
) -> Response:
    """The letter that tells an applicant of a refusal, of the waiting list or of a revocation."""
    made = await letters.of_application(session, access=visit.access, application_id=application_id, now=now)
    return Pdf(made, headers=_LETTERS)


def _page(visit: Visit, found: Result) -> view.ResultPage:
    allocation, event = found.allocation, found.event
    rows = tuple(_row(found, row) for row in allocation.ranking)
    told = any(row.letter_href for row in rows)
    counts = Counter(row.place for row in rows if not row.failed)
    return view.ResultPage(
        place=view.press_place((event.title_vi, event.title_en), event_href(event.id), "allocation"),
        number=found.number,
        made_at=allocation.made_at,
        criteria=criterion_words(visit, allocation.criteria),
        seed=allocation.seed,
        commitment=commitment(allocation.seed),
        counts=tuple((one.value, counts[one.value]) for one in Place if counts[one.value]),
        failed=sum(bool(row.failed) for row in rows),
        rows=rows,
        letters_href=f"/console/allocations/{allocation.id}/letters.pdf" if told else "",
        draw_href=f"/press/events/{event.id}/draw#draw-{found.number}",
        passes_href=f"{event_href(event.id)}/passes",
    )


def _row(found: Result, row: dict[str, object]) -> view.ResultRow:
    application_id = UUID(str(row["id"]))
    application, journalist, outlet = found.people[application_id]
    name = next((rule.name for rule in found.rules.classes if rule.code == row["class"]), None)
    told = application.state in _TOLD
    return view.ResultRow(
        href=f"/console/applications/{application_id}",
        letter_href=f"/console/applications/{application_id}/letter.pdf" if told else "",
        reference=reference_of(application_id),
        name=journalist.full_name,
        outlet=outlet.name,
        class_vi=name.vi if name else str(row["class"]),
        class_en=name.en if name else str(row["class"]),
        rank=int(str(row["rank"])),
        place=str(row["place"]),
        failed=str(row["failed"]),
        state=application.state.value,
    )
