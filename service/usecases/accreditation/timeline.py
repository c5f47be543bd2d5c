"""What happened to an application, and who saw what of it, in the order of time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import ApplicationState, Decision, Evidence, Question, Review, Verdict
from service.domain.audit import ActorKind, AuditEntry
from service.store import accreditation as store
from service.store import applications as application_store
from service.store import evidence as evidence_store
from service.store import reviews as review_store

Kind = Literal["step", "set_aside", "verdict", "question", "answer", "look", "file", "change"]
_NEVER = datetime.max.replace(tzinfo=UTC)
_LOOKS = frozenset({"viewed", "opened", "ticked"})
_BY_JOURNALIST = frozenset({ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN})
_CHANGES = frozenset({"written", "file_added", "file_removed", "reopened"})


@dataclass(frozen=True)
class Entry:
    """Something that happened. `code`: the state, verdict or action; `who`: a member of staff, or nobody named.

    `authority` is whose it is, empty for the office and the journalist; `fields` are those seen, asked about or
    changed; `note` is the reason, ground, question or answer.
    """

    at: datetime
    kind: Kind
    code: str
    who: str = ""
    authority: str = ""
    note: str = ""
    fields: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    delegated: bool = False
    by_journalist: bool = False


async def of_application(session: AsyncSession, application_id: UUID, *, for_authority: str | None) -> list[Entry]:
    """The history of an application: all of it for the office; for an authority its own verdicts and questions.

    A fixed number of queries, however much happened.
    """
    reviews = {one.id: one for one in await review_store.list_reviews(session, application_id)}
    verdicts = await review_store.list_verdicts(session, application_id)
    questions = await review_store.list_questions(session, application_id)
    if for_authority is not None:
        own = {one.id for one in reviews.values() if one.authority == for_authority}
        verdicts = [one for one in verdicts if one.review_id in own]
        questions = [one for one in questions if one.review_id in own]
    decisions = await store.list_decisions(session, application_id) if for_authority is None else []
    looks = await _looks(session, application_id) if for_authority is None else []
    # What a journalist wrote before handing it in is nobody's business but theirs.
    sent_in = min((one.decided_at for one in decisions), default=_NEVER)
    names = await application_store.name_staff(session, _staff_of(verdicts, questions, decisions, looks))
    entries = [
        *_steps(decisions, names, questions),
        *_verdicts(verdicts, reviews, names),
        *_questions(questions, reviews, names),
        *_recorded([one for one in looks if one.actor_kind is not ActorKind.JOURNALIST or one.at > sent_in], names),
    ]
    return sorted(entries, key=lambda one: one.at)


async def _looks(session: AsyncSession, application_id: UUID) -> list[AuditEntry]:
    files: Sequence[Evidence] = await evidence_store.list_evidence(session, application_id)
    return await application_store.list_looks(
        session, application_id=application_id, evidence_ids=[one.id for one in files]
    )


def _staff_of(
    verdicts: Iterable[Verdict],
    questions: Iterable[Question],
    decisions: Iterable[Decision],
    looks: Iterable[AuditEntry],
) -> list[UUID]:
    found: list[UUID | None] = [one.staff_id for one in verdicts]
    found += [one.asked_by_id for one in questions]
    found += [one.staff_id for one in decisions]
    found += [one.actor_id for one in looks if one.actor_kind is ActorKind.STAFF]
    return [one for one in found if one is not None]


def _steps(decisions: Sequence[Decision], names: dict[UUID, str], questions: Sequence[Question]) -> Iterator[Entry]:
    """Steps between states. Those that only mirror a question or its answer are told by the question itself."""
    asked, answered = {one.asked_at for one in questions}, {one.answered_at for one in questions}
    awaiting = ApplicationState.NEEDS_INFORMATION
    for one in decisions:
        if one.to_state is awaiting and one.decided_at in asked:
            continue
        if one.from_state is awaiting and one.staff_id is None and one.decided_at in answered:
            continue
        yield Entry(
            at=one.decided_at,
            kind="set_aside" if one.supersedes_id is not None else "step",
            code=one.to_state.value,
            who=names.get(one.staff_id, "") if one.staff_id else "",
            note=one.reason,
            zones=tuple(one.zones),
            by_journalist=one.to_state in _BY_JOURNALIST,
        )


def _verdicts(verdicts: Sequence[Verdict], reviews: dict[UUID, Review], names: dict[UUID, str]) -> Iterator[Entry]:
    for one in verdicts:
        yield Entry(
            at=one.given_at,
            kind="verdict",
            code=one.kind.value,
            who=names.get(one.staff_id, ""),
            authority=reviews[one.review_id].authority,
            note=one.ground,
            zones=tuple(one.zones),
            delegated=one.delegation_id is not None,
        )


def _questions(questions: Sequence[Question], reviews: dict[UUID, Review], names: dict[UUID, str]) -> Iterator[Entry]:
    """The office's own questions, and every answer: that of an authority stands there as its verdict."""
    for one in questions:
        review = reviews.get(one.review_id) if one.review_id else None
        authority = review.authority if review else ""
        if review is None:
            who = names.get(one.asked_by_id, "")
            yield Entry(one.asked_at, "question", "ask", who=who, note=one.wording, fields=tuple(one.fields))
        if one.answered_at is not None:
            yield Entry(one.answered_at, "answer", "answered", authority=authority, note=one.answer, by_journalist=True)


def _recorded(looks: Sequence[AuditEntry], names: dict[UUID, str]) -> Iterator[Entry]:
    """Who saw what, and what was changed after it was handed in."""
    for one in looks:
        details = one.details
        fields = tuple(details.get("fields") or ())
        if (one.noun == "evidence" and one.action in _LOOKS) or one.action in ("file_added", "file_removed"):
            fields = (f"file:{details.get('kind', '')}",)
        elif one.action not in _LOOKS | _CHANGES:
            continue
        yield Entry(
            at=one.at,
            kind="look" if one.action in _LOOKS else "change",
            code=one.action,
            who=names.get(one.actor_id, "") if one.actor_id else "",
            authority=str(details.get("authority") or ""),
            fields=fields,
            by_journalist=one.actor_kind is ActorKind.JOURNALIST,
        )
