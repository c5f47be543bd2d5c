"""What need not be kept any longer, in the database: found, and removed in sets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, cast, delete, func, or_, select, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    AccreditationPlan,
    Appeal,
    AppealState,
    Application,
    ApplicationState,
    Decision,
    Evidence,
    Question,
    SignInLink,
)
from service.domain.badges import PrintJob, PrintPart
from service.domain.events import Event, Occurrence
from service.domain.files import StoredFile
from service.domain.messages import OutgoingMail
from service.domain.passes import EntryPass

_MANY = 1000


@dataclass(frozen=True)
class Past:
    """An event that is over, with its last day: that of its last occurrence, else of its accreditation."""

    id: UUID
    last_on: date
    accreditation_closes_at: datetime | None


def _last_on() -> ColumnElement[Any]:
    closes_on = select(func.max(col(Occurrence.closes_on))).where(col(Occurrence.event_id) == col(Event.id))
    closed = cast(func.timezone("Asia/Ho_Chi_Minh", col(Event.accreditation_closes_at)), Date)
    return func.coalesce(closes_on.correlate(Event).scalar_subquery(), closed)


def _unsent() -> ColumnElement[bool]:
    """A draft that was never sent in; one whose steps are on record belongs to them."""
    taken = select(col(Decision.id)).where(col(Decision.application_id) == col(Application.id))
    return and_(col(Application.state) == ApplicationState.DRAFT, ~taken.exists())


async def list_past(session: AsyncSession, *, today: date, drafts_before: datetime) -> list[Past]:
    """Events that are over and still hold applications or pictures as they were, or drafts that nobody sent in."""
    of_event = col(Application.event_id) == col(Event.id)
    whole = select(col(Application.id)).where(of_event, col(Application.purged_at).is_(None), ~_unsent())
    drafts = select(col(Application.id)).where(of_event, _unsent())
    plan = select(col(AccreditationPlan.event_id)).where(
        col(AccreditationPlan.event_id) == col(Event.id), col(AccreditationPlan.purged_at).is_(None)
    )
    pictures = select(col(EntryPass.id)).where(
        col(EntryPass.event_id) == col(Event.id), col(EntryPass.portrait_id).is_not(None)
    )
    printed = (
        select(col(PrintPart.job_id))
        .join(PrintJob, col(PrintJob.id) == col(PrintPart.job_id))
        .where(col(PrintJob.event_id) == col(Event.id), col(PrintPart.file_id).is_not(None))
    )
    last_on = _last_on()
    statement: Any = (
        select(col(Event.id), last_on, col(Event.accreditation_closes_at))
        .where(
            or_(
                and_(
                    last_on < today,
                    or_(whole.exists(), plan.exists(), pictures.exists(), printed.exists()),
                ),
                and_(col(Event.accreditation_closes_at) < drafts_before, drafts.exists()),
            )
        )
        .order_by(col(Event.id))
    )
    return [Past(*row) for row in await session.execute(statement)]


async def lock_whole(session: AsyncSession, event_id: UUID) -> list[Application]:
    """The applications of an event that were sent in and hold what was written, locked."""
    statement = (
        select(Application)
        .where(col(Application.event_id) == event_id, col(Application.purged_at).is_(None), ~_unsent())
        .order_by(col(Application.id))
        .with_for_update()
    )
    return list(await session.scalars(statement))


async def list_appealed(session: AsyncSession, event_id: UUID) -> set[UUID]:
    """The applications of an event whose appeal waits for an answer."""
    statement = (
        select(col(Appeal.application_id))
        .join(Application, col(Application.id) == col(Appeal.application_id))
        .where(col(Application.event_id) == event_id, col(Appeal.state) == AppealState.FILED)
    )
    return set(await session.scalars(statement))


async def remove_evidence(session: AsyncSession, application_ids: Sequence[UUID], now: datetime) -> int:
    """Removes the files of applications and what they were called; that there was one is kept. Returns how many."""
    removed = 0
    for ids in _parts(application_ids):
        of_them = col(Evidence.application_id).in_(ids)
        held = select(col(Evidence.file_id)).where(of_them, col(Evidence.file_id).is_not(None))
        file_ids = list(await session.scalars(held))
        gone = func.coalesce(col(Evidence.removed_at), now)
        await session.execute(update(Evidence).where(of_them).values(file_id=None, name="", removed_at=gone))
        removed += await _remove_files(session, file_ids)
    return removed


async def _remove_files(session: AsyncSession, file_ids: Sequence[UUID | None]) -> int:
    for ids in _parts(file_ids):
        await session.execute(delete(StoredFile).where(col(StoredFile.id).in_(ids)))
    return len(file_ids)


async def empty_questions(session: AsyncSession, application_ids: Sequence[UUID]) -> int:
    """Takes the words out of questions and answers. Returns how many questions there were."""
    emptied = 0
    for ids in _parts(application_ids):
        statement = update(Question).where(col(Question.application_id).in_(ids)).values(wording="", answer="")
        emptied += len((await session.execute(statement.returning(col(Question.id)))).all())
    return emptied


async def empty_appeals(session: AsyncSession, application_ids: Sequence[UUID]) -> int:
    """Takes out what journalists wrote in appeals; the office's answers are its decisions and stay."""
    emptied = 0
    for ids in _parts(application_ids):
        statement = update(Appeal).where(col(Appeal.application_id).in_(ids)).values(wording="")
        emptied += len((await session.execute(statement.returning(col(Appeal.id)))).all())
    return emptied


async def empty_applications(session: AsyncSession, application_ids: Sequence[UUID], now: datetime) -> None:
    """Takes out what journalists wrote; class, role, zones, state and steps stay, for they are what is counted."""
    for ids in _parts(application_ids):
        empty = {"answers": {}, "note": "", "identity_sealed": b"", "identity_hash": b"", "purged_at": now}
        await session.execute(update(Application).where(col(Application.id).in_(ids)).values(**empty))


async def remove_drafts(session: AsyncSession, event_id: UUID, now: datetime) -> int:
    """Removes the drafts of an event that nobody sent in, with their files. Returns how many."""
    statement = select(col(Application.id)).where(col(Application.event_id) == event_id, _unsent()).with_for_update()
    drafts = list(await session.scalars(statement))
    await remove_evidence(session, drafts, now)
    for ids in _parts(drafts):
        await session.execute(delete(Evidence).where(col(Evidence.application_id).in_(ids)))
        await session.execute(delete(Application).where(col(Application.id).in_(ids)))
    return len(drafts)


async def remove_portraits(session: AsyncSession, event_id: UUID) -> int:
    """Removes the portraits of an event's passes. Returns how many."""
    held = col(EntryPass.event_id) == event_id, col(EntryPass.portrait_id).is_not(None)
    file_ids = list(await session.scalars(select(col(EntryPass.portrait_id)).where(*held).distinct()))
    await session.execute(update(EntryPass).where(*held).values(portrait_id=None))
    return await _remove_files(session, file_ids)


async def remove_prints(session: AsyncSession, event_id: UUID) -> int:
    """Removes the printed badges of an event; which were printed stays on record. Returns how many files."""
    jobs = select(col(PrintJob.id)).where(col(PrintJob.event_id) == event_id)
    held = col(PrintPart.job_id).in_(jobs), col(PrintPart.file_id).is_not(None)
    file_ids = list(await session.scalars(select(col(PrintPart.file_id)).where(*held)))
    await session.execute(update(PrintPart).where(*held).values(file_id=None))
    return await _remove_files(session, file_ids)


async def remove_links(session: AsyncSession, *, before: datetime) -> int:
    """Removes links for signing in that ended before that moment. Returns how many."""
    statement = delete(SignInLink).where(col(SignInLink.expires_at) < before).returning(col(SignInLink.id))
    return len((await session.execute(statement)).all())


async def empty_mails(session: AsyncSession, *, before: datetime) -> int:
    """Takes what they were about out of mails put in before that moment; that they went stays. Returns how many."""
    statement = (
        update(OutgoingMail)
        .where(
            col(OutgoingMail.created_at) < before,
            or_(col(OutgoingMail.facts) != {}, col(OutgoingMail.problem) != ""),
        )
        .values(facts={}, problem="")
        .returning(col(OutgoingMail.id))
    )
    return len((await session.execute(statement)).all())


def _parts(ids: Sequence[Any]) -> list[Sequence[Any]]:
    return [ids[first : first + _MANY] for first in range(0, len(ids), _MANY)]
