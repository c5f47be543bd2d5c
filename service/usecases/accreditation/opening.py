"""Opening a file of an application by its kind, for whoever calls instead of following a link."""

from datetime import datetime
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import Evidence, EvidenceKind, Journalist
from service.domain.errors import NotFound
from service.store import accreditation as application_store
from service.store import evidence as store
from service.store import reviews as review_store
from service.store.vault import Vault
from service.usecases.accreditation import evidence
from service.usecases.accreditation.drafts import get_written
from service.usecases.accreditation.reviewing import require_desk


async def open_of_application(
    session: AsyncSession, *, access: Access, application_id: UUID, kind: EvidenceKind, secrets: Vault, now: datetime
) -> tuple[Evidence, bytes]:
    """A file as the office opens it; that it was opened is kept. Refusals are those of evidence.open_for_staff."""
    await _require_office(session, access, application_id)
    return await _open(session, access, application_id, kind, secrets, now)


async def open_of_review(
    session: AsyncSession, *, access: Access, review_id: UUID, kind: EvidenceKind, secrets: Vault, now: datetime
) -> tuple[Evidence, bytes]:
    """A file as an authority opens it whose rule shows it; that it was opened is kept."""
    application_id = await _require_desk(session, access, review_id, now)
    return await _open(session, access, application_id, kind, secrets, now)


async def open_own_of(
    session: AsyncSession, *, journalist: Journalist, application_id: UUID, kind: EvidenceKind, secrets: Vault
) -> tuple[Evidence, bytes]:
    """A file of one's own application, or of somebody for whom one applies; others don't exist."""
    await get_written(session, journalist=journalist, application_id=application_id)
    found = await _find(session, application_id, kind)
    return await evidence.open_own(session, journalist=journalist, evidence_id=found.id, secrets=secrets)


async def tick_of_application(
    session: AsyncSession, *, access: Access, application_id: UUID, kind: EvidenceKind, now: datetime
) -> Evidence:
    """Keeps that the office has looked at the original of a file."""
    await _require_office(session, access, application_id)
    return await _tick(session, access, application_id, kind, now)


async def tick_of_review(
    session: AsyncSession, *, access: Access, review_id: UUID, kind: EvidenceKind, now: datetime
) -> Evidence:
    """Keeps that an authority has looked at the original of a file that its rule shows."""
    application_id = await _require_desk(session, access, review_id, now)
    return await _tick(session, access, application_id, kind, now)


async def _require_office(session: AsyncSession, access: Access, application_id: UUID) -> None:
    _, _, _, event = await application_store.get_application(session, application_id)
    access.require(Permission.ACCREDITATION_READ, event.organisation_id)


async def _require_desk(session: AsyncSession, access: Access, review_id: UUID, now: datetime) -> UUID:
    review = await review_store.get_review(session, review_id)
    await require_desk(session, access=access, review=review, now=now)
    return review.application_id


async def _find(session: AsyncSession, application_id: UUID, kind: EvidenceKind) -> Evidence:
    found = await store.find_evidence(session, application_id, kind)
    if found is None:
        raise NotFound("evidence")
    return found


async def _open(
    session: AsyncSession, access: Access, application_id: UUID, kind: EvidenceKind, secrets: Vault, now: datetime
) -> tuple[Evidence, bytes]:
    found = await _find(session, application_id, kind)
    link = evidence.link_of(found.id, access=access, secrets=secrets, now=now)
    (mark,) = parse_qs(urlsplit(link).query)["t"]
    return await evidence.open_for_staff(
        session, access=access, evidence_id=found.id, mark=mark, secrets=secrets, now=now
    )


async def _tick(
    session: AsyncSession, access: Access, application_id: UUID, kind: EvidenceKind, now: datetime
) -> Evidence:
    found = await _find(session, application_id, kind)
    await evidence.tick_seen(session, access=access, evidence_id=found.id, now=now)
    return found
