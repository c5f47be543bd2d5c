"""The files of one's own application, as we keep them."""

from uuid import UUID

from fastapi import APIRouter, Response

from service.usecases.accreditation import evidence
from service.web.deps import SessionDep, VaultDep
from service.web.files import file_answer
from service.web.press.access import PressPage, PressVisit, press_page

router = APIRouter(prefix="/press/evidence", include_in_schema=False, route_class=PressPage)


@router.get("/{evidence_id}")
async def open_own(
    evidence_id: UUID, session: SessionDep, vault: VaultDep, visit: PressVisit = press_page("press_events")
) -> Response:
    """The file itself."""
    found, content = await evidence.open_own(
        session, journalist=visit.journalist, evidence_id=evidence_id, secrets=vault
    )
    return file_answer(content, media_type=found.media_type, name=found.name)
