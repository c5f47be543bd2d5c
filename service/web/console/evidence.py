"""The files of applications, opened by a link that is good for ten minutes and for one person."""

from uuid import UUID

from fastapi import APIRouter, Response

from service.domain.accounts import Permission
from service.domain.errors import Conflict
from service.usecases.accreditation import evidence
from service.web.console import reading
from service.web.console.access import ConsolePage, Visit, page
from service.web.deps import Now, SessionDep, VaultDep
from service.web.files import file_answer

router = APIRouter(prefix="/console/evidence", include_in_schema=False, route_class=ConsolePage)


@router.get("/{evidence_id}")
async def open_file(
    evidence_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    t: reading.Filter = "",
    visit: Visit = page(Permission.ACCREDITATION_READ, "accreditation", desk=True),
) -> Response:
    """The file itself; an old link leads to a page that says where to open it again."""
    try:
        found, content = await evidence.open_for_staff(
            session, access=visit.access, evidence_id=evidence_id, mark=t, secrets=vault, now=now
        )
    except Conflict as refusal:
        if refusal.code != "expired":
            raise
        back = await evidence.home_of(session, access=visit.access, evidence_id=evidence_id, now=now)
        return visit.show("console/evidence_expired.html", status=410, back_href=back)
    return file_answer(content, media_type=found.media_type, name=found.name)
