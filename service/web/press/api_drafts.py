"""The journalists' REST of applications by class: begin, write, attach files, send in, appeal."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from service.domain.accreditation import EvidenceKind
from service.usecases import accreditation
from service.usecases.accreditation import Changes, appeals, evidence, own, standing_use
from service.usecases.accreditation.opening import open_own_of
from service.web.deps import CurrentJournalist, Now, SessionDep, VaultDep, allow_journalist, gives_file, takes_file
from service.web.files import KINDS, file_answer
from service.web.press.draft_schemas import (
    AccreditationOut,
    AppealBody,
    ConfirmBody,
    DraftBody,
    OwnAppeal,
    OwnFile,
    SubmitBody,
    WriteBody,
    WrittenOut,
)
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1/press", tags=["press"], route_class=Transaction)
_TAKEN = ("image/jpeg", "image/png", "image/webp", "application/pdf")


@router.get("/events/{event_id}/accreditation", summary="What an event asks", **allow_journalist(404))
async def get_accreditation(event_id: UUID, session: SessionDep, journalist: CurrentJournalist) -> AccreditationOut:  # noqa: ARG001 (the sign-in is what it is for)
    """Its open classes: what each asks, who looks at it and is shown what, until when to apply to be safe."""
    return AccreditationOut.of(await accreditation.accreditation_of(session, event_id=event_id))


@router.post("/events/{event_id}/draft", summary="Begin an application", status_code=201, **allow_journalist(404, 409))
async def start(
    event_id: UUID,
    body: DraftBody,
    session: SessionDep,
    journalist: CurrentJournalist,
    vault: VaultDep,
    now: Now,
) -> WrittenOut:
    """A draft that you can leave and find again; asked again, the same one."""
    made = await accreditation.start(
        session, journalist=journalist, event_id=event_id, class_code=body.class_code, now=now
    )
    return await _shown(session, journalist, made.id, vault, now)


async def _shown(
    session: SessionDep, journalist: CurrentJournalist, application_id: UUID, vault: VaultDep, now: Now
) -> WrittenOut:
    found = await own.open_application(
        session, journalist=journalist, application_id=application_id, secrets=vault, now=now
    )
    return WrittenOut.of(found)


@router.get("/applications/{application_id}/written", summary="What I have written", **allow_journalist(404))
async def get_written(
    application_id: UUID, session: SessionDep, journalist: CurrentJournalist, vault: VaultDep, now: Now
) -> WrittenOut:
    """All answers and files, what is still missing, and the `version` that a change names."""
    return await _shown(session, journalist, application_id, vault, now)


@router.patch("/applications/{application_id}", summary="Write", **allow_journalist(404, 409))
async def write(
    application_id: UUID,
    body: WriteBody,
    session: SessionDep,
    journalist: CurrentJournalist,
    vault: VaultDep,
    now: Now,
) -> WrittenOut:
    """409 `changed_meanwhile` when it was changed since `version`. Also after sending in, until it is decided:
    authorities that see a changed field look again."""
    await accreditation.write(
        session,
        journalist=journalist,
        application_id=application_id,
        version=body.version,
        changes=Changes(
            class_code=body.class_code,
            media_role=body.media_role,
            zones_wanted=None if body.zones_wanted is None else tuple(body.zones_wanted),
            note=body.note,
            answers=body.answers,
        ),
        secrets=vault,
        now=now,
    )
    return await _shown(session, journalist, application_id, vault, now)


@router.post("/applications/{application_id}/submit", summary="Send in", **allow_journalist(404, 409))
async def submit(
    application_id: UUID,
    body: SubmitBody,
    session: SessionDep,
    journalist: CurrentJournalist,
    vault: VaultDep,
    now: Now,
) -> WrittenOut:
    """422 `not_complete` names each thing that is missing; sent twice, it is sent once."""
    await own.send(
        session,
        journalist=journalist,
        application_id=application_id,
        version=body.version,
        agrees=frozenset(body.consents),
        secrets=vault,
        now=now,
    )
    return await _shown(session, journalist, application_id, vault, now)


@router.post("/applications/{application_id}/appeal", summary="Appeal", status_code=201, **allow_journalist(404, 409))
async def appeal(
    application_id: UUID, body: AppealBody, session: SessionDep, journalist: CurrentJournalist, now: Now
) -> OwnAppeal:
    """Against a refusal or a revocation, once, within the event's `appeal_days` working days."""
    return OwnAppeal.of(
        await appeals.file(session, journalist=journalist, application_id=application_id, text=body.text, now=now)
    )


@router.post(
    "/events/{event_id}/confirm",
    summary="Apply by my standing accreditation",
    status_code=201,
    **allow_journalist(404, 409),
)
async def confirm(
    event_id: UUID,
    body: ConfirmBody,
    session: SessionDep,
    journalist: CurrentJournalist,
    vault: VaultDep,
    now: Now,
) -> WrittenOut:
    """In one step: no authority looks again, the office decides. 404 without one, 409 `expired` when it doesn't cover
    the event's days."""
    made = await standing_use.confirm(
        session,
        journalist=journalist,
        event_id=event_id,
        media_role=body.media_role,
        zones=list(body.zones_wanted),
        now=now,
    )
    return await _shown(session, journalist, made.id, vault, now)


# Files ----------------------------------------------------------------------------------------------------------


@router.put(
    "/applications/{application_id}/files/{kind}",
    summary="Attach a file",
    **takes_file(allow_journalist(404, 409), *_TAKEN),
)
async def put_file(
    application_id: UUID,
    kind: EvidenceKind,
    request: Request,
    session: SessionDep,
    journalist: CurrentJournalist,
    vault: VaultDep,
    now: Now,
    name: Annotated[str, Query(max_length=300, description="What you call the file")] = "",
) -> OwnFile:
    """A picture or a PDF as the body, known by its content and made anew; one of the same kind is replaced.

    422 `file_refused` says why it can't be taken.
    """
    content = await request.body()
    return OwnFile.of(
        await evidence.add(
            session,
            journalist=journalist,
            application_id=application_id,
            kind=kind,
            name=name,
            content=content,
            secrets=vault,
            now=now,
        )
    )


@router.get(
    "/applications/{application_id}/files/{kind}",
    summary="Open my file",
    **gives_file(allow_journalist(404), *KINDS),
)
async def open_file(
    application_id: UUID, kind: EvidenceKind, session: SessionDep, journalist: CurrentJournalist, vault: VaultDep
) -> Response:
    """As it was kept."""
    found, content = await open_own_of(
        session, journalist=journalist, application_id=application_id, kind=kind, secrets=vault
    )
    return file_answer(content, media_type=found.media_type, name=found.name)


@router.delete(
    "/applications/{application_id}/files/{kind}",
    summary="Remove a file",
    status_code=204,
    **allow_journalist(404, 409),
)
async def remove_file(
    application_id: UUID, kind: EvidenceKind, session: SessionDep, journalist: CurrentJournalist, now: Now
) -> None:
    """Its content is deleted; that it was there is kept."""
    await evidence.remove(session, journalist=journalist, application_id=application_id, kind=kind, now=now)
