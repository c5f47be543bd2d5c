"""Mail to the holders of passes: what became of it, and sending it again."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from service.domain.accounts import Permission
from service.domain.messages import MailKind, MailState
from service.usecases import messages
from service.web.deps import CurrentAccess, Now, SessionDep, allow
from service.web.schemas import Out
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["passes"], route_class=Transaction)


class MailOut(Out):
    """A mail on its way; `unsure`: the mail server never said whether it took it, so a person decides."""

    id: UUID
    kind: MailKind
    language: str
    state: MailState
    attempts: int
    problem: str
    created_at: datetime
    next_try_at: datetime
    sent_at: datetime | None


@router.get("/passes/{pass_id}/mails", summary="Mail about a pass", **allow(Permission.PASSES_READ, 404))
async def list_mails(pass_id: UUID, session: SessionDep, access: CurrentAccess) -> list[MailOut]:
    """What was sent to the holder, or waits to be; the newest first."""
    return [MailOut.model_validate(one) for one in await messages.mails_of(session, access=access, pass_id=pass_id)]


@router.post(
    "/passes/{pass_id}/mails", summary="Send a pass again", status_code=201, **allow(Permission.PASSES_ISSUE, 404, 409)
)
async def send_pass(pass_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> MailOut:
    """The pass once more to its holder's address; 409 `illegal_move` without an address, or for a pass that is over."""
    return MailOut.model_validate(await messages.tell_again(session, access=access, pass_id=pass_id, now=now))


@router.post("/mails/{mail_id}/retry", summary="Try a mail again", **allow(Permission.PASSES_ISSUE, 404, 409))
async def retry(mail_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> MailOut:
    """For a mail that failed or may have failed; 409 `illegal_move` for one that waits or was sent."""
    return MailOut.model_validate(await messages.send_again(session, access=access, mail_id=mail_id, now=now))
