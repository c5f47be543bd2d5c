"""What another class or another kind of work asked for is not sent along: whom nobody asks, nobody needs to show."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import Application, ClassRule
from service.store import evidence as evidence_store
from service.store import files


async def drop_unasked(session: AsyncSession, application: Application, rule: ClassRule, now: datetime) -> None:
    """Removes answers and files that the class of an application doesn't ask for (any more)."""
    asked = {one.code for one in rule.asks}
    application.answers = {code: value for code, value in application.answers.items() if code in asked}
    if "identity_number" not in asked:
        application.identity_sealed = application.identity_hash = b""
    wanted = {one.kind for one in rule.evidence_of(application.media_role)}
    for one in await evidence_store.list_evidence(session, application.id):
        if one.kind not in wanted:
            file_id, one.file_id, one.removed_at = one.file_id, None, now
            await session.flush()
            if file_id is not None:
                await files.remove_file(session, file_id)
