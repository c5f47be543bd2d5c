"""The files of an application: handed in by its owner, opened by those who have to look, never by anybody else."""

import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import Application, ClassRule, Evidence, EvidenceKind, Journalist, Review
from service.domain.accreditation.answers import FILE
from service.domain.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from service.domain.files import FilePurpose
from service.store import accreditation as application_store
from service.store import base64url, documents, files
from service.store import evidence as store
from service.store import reviews as review_store
from service.store.vault import Vault
from service.usecases import audit
from service.usecases.accreditation import drafts
from service.usecases.accreditation.journalists import actor_of
from service.usecases.accreditation.reviewing import desks
from service.usecases.accreditation.rules import rule_of

GOOD_FOR = timedelta(minutes=10)
"""How long a link to a file opens it."""
NOT_FOR_THE_OFFICE = frozenset({EvidenceKind.PASSPORT, EvidenceKind.IDENTITY_CARD})
"""Files that only an authority whose rule names them is shown: the office decides without them."""
_MARK = 16
_EXPIRY = 6


# The applicant's side -------------------------------------------------------------------------------------------


async def add(
    session: AsyncSession,
    *,
    journalist: Journalist,
    application_id: UUID,
    kind: EvidenceKind,
    name: str,
    content: bytes,
    secrets: Vault,
    now: datetime,
) -> Evidence:
    """Keeps a file that the class asks for, made anew by us; one of the same kind is replaced.

    Authorities that see this file look again. Raises Invalid `file_refused`, whose error at `/file:<kind>` is a
    code of documents.FAULTS, Invalid for a file that isn't asked for, Conflict `illegal_move` once it is decided.
    """
    application = await drafts.get_written(session, journalist=journalist, application_id=application_id)
    _require_asked(await rule_of(session, application), application, kind)
    # This can take seconds, so nothing is locked yet.
    document = await _accepted(content, name, kind)
    application, rule = await drafts.lock_writable(session, journalist=journalist, application_id=application_id)
    _require_asked(rule, application, kind)
    await _take_out(session, application.id, kind, now)
    kept = await files.add_file(
        session,
        purpose=FilePurpose.EVIDENCE,
        media_type=document.media_type,
        content=document.content,
        vault=secrets,
        now=now,
    )
    evidence = Evidence(
        application_id=application.id,
        kind=kind,
        file_id=kept.id,
        media_type=document.media_type,
        name=document.name,
        size=len(document.content),
        pages=document.pages,
        added_at=now,
    )
    session.add(evidence)
    await _changed(session, journalist, application, rule, "file_added", kind, now)
    return evidence


async def remove(
    session: AsyncSession, *, journalist: Journalist, application_id: UUID, kind: EvidenceKind, now: datetime
) -> None:
    """Takes a file out of an application; its content is deleted. Raises NotFound when there is none."""
    application, rule = await drafts.lock_writable(session, journalist=journalist, application_id=application_id)
    if not await _take_out(session, application.id, kind, now):
        raise NotFound("evidence")
    await _changed(session, journalist, application, rule, "file_removed", kind, now)


async def open_own(
    session: AsyncSession, *, journalist: Journalist, evidence_id: UUID, secrets: Vault
) -> tuple[Evidence, bytes]:
    """A file of one's own application, or of somebody for whom one applies; others don't exist."""
    evidence = await store.get_evidence(session, evidence_id)
    try:
        await drafts.get_written(session, journalist=journalist, application_id=evidence.application_id)
    except NotFound:
        raise NotFound("evidence") from None
    return evidence, await _content(session, evidence, secrets)


def _require_asked(rule: ClassRule | None, application: Application, kind: EvidenceKind) -> None:
    asked = [one.kind for one in rule.evidence_of(application.media_role)] if rule else []
    if kind not in asked:
        raise Invalid.at(f"/{FILE}{kind.value}", "invalid", f"asked for: {', '.join(asked) or 'nothing'}")


async def _accepted(content: bytes, name: str, kind: EvidenceKind) -> documents.Document:
    try:
        return await documents.accept(content, name=name, portrait=kind is EvidenceKind.PORTRAIT)
    except documents.DocumentFault as fault:
        error = FieldError(f"/{FILE}{kind.value}", fault.code, fault.detail)
        raise Invalid("file_refused", fault.detail, errors=(error,)) from None


async def _take_out(session: AsyncSession, application_id: UUID, kind: EvidenceKind, now: datetime) -> bool:
    """Removes the file of this kind, if there is one; that it was there is kept."""
    old = await store.find_evidence(session, application_id, kind)
    if old is None:
        return False
    file_id, old.file_id, old.removed_at = old.file_id, None, now
    await session.flush()
    if file_id is not None:
        await files.remove_file(session, file_id)
    return True


async def _changed(
    session: AsyncSession,
    journalist: Journalist,
    application: Application,
    rule: ClassRule,
    action: str,
    kind: EvidenceKind,
    now: datetime,
) -> None:
    application.version += 1
    await drafts.note_changed(session, application, rule, frozenset({FILE + kind.value}), now)
    audit.record(
        session,
        actor=actor_of(journalist),
        action=action,
        noun="application",
        object_id=application.id,
        event_id=application.event_id,
        now=now,
        kind=kind.value,
    )
    await session.flush()


async def _content(session: AsyncSession, evidence: Evidence, secrets: Vault) -> bytes:
    assert evidence.file_id is not None  # noqa: S101 (the store gives only files that are there)
    return await files.open_file(session, evidence.file_id, FilePurpose.EVIDENCE, secrets)


# The side of authorities and the office -------------------------------------------------------------------------


def link_of(evidence_id: UUID, *, access: Access, secrets: Vault, now: datetime) -> str:
    """The path that opens a file for ten minutes, for this member of staff alone."""
    expiry = int((now + GOOD_FOR).timestamp()).to_bytes(_EXPIRY, "big")
    token = base64url.encode(expiry + _mark(evidence_id, access, expiry, secrets))
    return f"/console/evidence/{evidence_id}?t={token}"


def _mark(evidence_id: UUID, access: Access, expiry: bytes, secrets: Vault) -> bytes:
    return secrets.mark(b"evidence" + evidence_id.bytes + access.staff_id.bytes + expiry)


def _require_mark(evidence_id: UUID, access: Access, mark: str, secrets: Vault, now: datetime) -> None:
    """Raises NotFound for a link that isn't ours or is somebody else's, Conflict `expired` for an old one."""
    try:
        raw = base64url.decode(mark)
    except ValueError:
        raise NotFound("evidence") from None
    expiry, given = raw[:_EXPIRY], raw[_EXPIRY:]
    if len(given) != _MARK or not hmac.compare_digest(given, _mark(evidence_id, access, expiry, secrets)):
        raise NotFound("evidence")
    until = datetime.fromtimestamp(int.from_bytes(expiry, "big"), UTC)
    if until <= now:
        raise Conflict("expired", until.isoformat())


async def open_for_staff(
    session: AsyncSession, *, access: Access, evidence_id: UUID, mark: str, secrets: Vault, now: datetime
) -> tuple[Evidence, bytes]:
    """Opens a file by its link; who opened what is kept.

    Raises NotFound for a link that isn't this person's, Conflict `expired` after ten minutes, `recused`, and
    Forbidden for whoever is not, or no longer, shown this file.
    """
    _require_mark(evidence_id, access, mark, secrets, now)
    evidence = await store.get_evidence(session, evidence_id)
    seen_as = await _require_shown(session, access, evidence, now)
    content = await _content(session, evidence, secrets)
    await _record(session, access, "opened", evidence, seen_as, now)
    return evidence, content


async def tick_seen(session: AsyncSession, *, access: Access, evidence_id: UUID, now: datetime) -> None:
    """Keeps that somebody who is shown a file has looked at its original; ticked again, the last one counts."""
    evidence = await store.get_evidence(session, evidence_id)
    seen_as = await _require_shown(session, access, evidence, now)
    evidence.seen_by_id, evidence.seen_at = access.staff_id, now
    await session.flush()
    await _record(session, access, "ticked", evidence, seen_as, now)


async def home_of(session: AsyncSession, *, access: Access, evidence_id: UUID, now: datetime) -> str:
    """The page on which this person finds a file, to open it again; Forbidden, NotFound for everybody else."""
    evidence = await store.get_evidence(session, evidence_id)
    review = await _require_shown(session, access, evidence, now)
    return f"/console/reviews/{review.id}" if review else f"/console/applications/{evidence.application_id}"


async def _require_shown(session: AsyncSession, access: Access, evidence: Evidence, now: datetime) -> Review | None:
    """The review for which somebody is shown this file; None: as the office. Raises Forbidden, Conflict `recused`."""
    if await review_store.has_recused(session, application_id=evidence.application_id, staff_id=access.staff_id):
        raise Conflict("recused")
    application, _, _, event = await application_store.get_application(session, evidence.application_id)
    rule = await rule_of(session, application)
    if rule is not None:
        for review in await _own_reviews(session, access, application.id, now):
            if FILE + evidence.kind.value in rule.authority(review.authority).sees:
                return review
    if evidence.kind in NOT_FOR_THE_OFFICE:
        raise Forbidden(f"only for authorities whose rule names {FILE}{evidence.kind.value}")
    access.require(Permission.ACCREDITATION_READ, event.organisation_id)
    return None


async def _own_reviews(session: AsyncSession, access: Access, application_id: UUID, now: datetime) -> list[Review]:
    try:
        acts_for = await desks(session, access=access, now=now)
    except Forbidden:
        return []
    reviews = await review_store.list_reviews(session, application_id)
    return [one for one in reviews if acts_for is None or one.organisation_id in acts_for]


async def _record(
    session: AsyncSession, access: Access, action: str, evidence: Evidence, review: Review | None, now: datetime
) -> None:
    application = await application_store.get_fresh(session, evidence.application_id)
    audit.record(
        session,
        actor=audit.staff(access),
        action=action,
        noun="evidence",
        object_id=evidence.id,
        event_id=application.event_id,
        now=now,
        kind=evidence.kind.value,
        application=str(application.id),
        authority=review.authority if review else "",
    )
