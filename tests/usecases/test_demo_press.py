"""The demo's accreditation: what it shows is there, and nothing of it is what the use cases would not have let come."""

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel, col

from service.demo import courses
from service.demo.authorities import DESKS
from service.demo.papers import WITH_FILES
from service.demo.people import FOCAL_POINT, JOURNALIST
from service.domain.accounts import Access, Role, Staff
from service.domain.accreditation import (
    APPLICATION_MOVES,
    GRANTED,
    AccreditationPlan,
    Appeal,
    Application,
    ApplicationState,
    Decision,
    Evidence,
    FocalPoint,
    Journalist,
    Outcome,
    Outlet,
    OutletAlias,
    Question,
    Review,
    ReviewState,
    Rules,
    RuleSet,
    StandingAccreditation,
    Verdict,
    VerdictKind,
    standing,
)
from service.domain.files import FilePurpose
from service.domain.passes import PassState
from service.store import files
from service.store.reviews import Wanted
from service.store.vault import Vault
from service.usecases import accreditation
from service.usecases.accreditation import VerdictWish, clocks
from service.usecases.accreditation.granting import conditions_of
from tests.conftest import NOW, SECRET
from tests.demo_city import City

T = TypeVar("T", bound=SQLModel)
_S, _R = ApplicationState, ReviewState
SETTLED = frozenset(_S) - {_S.DRAFT, _S.SUBMITTED, _S.IN_REVIEW, _S.NEEDS_INFORMATION}


async def rows_of(city: City, kind: type[T]) -> list[T]:
    """All rows of a table, in the order of their ids."""
    async with city.database.session() as session:
        return list(await session.scalars(select(kind).order_by(*kind.__table__.primary_key)))  # type: ignore[attr-defined]


async def by_application(city: City, kind: type[T]) -> dict[UUID, list[T]]:
    found: dict[UUID, list[T]] = defaultdict(list)
    for row in await rows_of(city, kind):
        found[row.application_id].append(row)  # type: ignore[attr-defined]
    return found


async def of_summit(city: City) -> list[Application]:
    return [one for one in await rows_of(city, Application) if one.event_id == city.summit]


async def rules(city: City) -> Rules:
    (found,) = await rows_of(city, RuleSet)
    return found.rules


async def access_of(city: City, email: str, role: Role, organisation_id: UUID | None = None) -> Access:
    async with city.database.session() as session:
        found = (await session.scalars(select(Staff).where(col(Staff.email) == email))).one()
    return Access(found.id, found.name, found.email, "vi", uuid4(), ((organisation_id, role),))


async def desk_of(city: City, code: str, email: str) -> Access:
    panel = next(one for one in await rows_of(city, Review) if one.authority == code)
    return await access_of(city, email, Role.AUTHORITY, panel.organisation_id)


async def test_so_many_applications_stand_in_each_state(city: City) -> None:
    applications = await of_summit(city)
    assert Counter(one.state for one in applications) == dict(courses.STATES)
    assert len(applications) == 600
    assert {one.class_code for one in applications} == {one.code for one in (await rules(city)).classes}
    beside = [one for one in await rows_of(city, Application) if one.event_id != city.summit]
    assert Counter(one.state for one in beside) == {_S.DRAFT: 2, _S.SUBMITTED: 2}


async def test_every_application_came_to_its_state_step_by_step(city: City) -> None:
    decisions = await by_application(city, Decision)
    for one in await rows_of(city, Application):
        steps = decisions[one.id]
        assert [step.from_state for step in steps] == [
            *([_S.DRAFT] if steps else []),
            *(s.to_state for s in steps[:-1]),
        ]
        assert all(step.to_state in APPLICATION_MOVES[step.from_state] for step in steps if step.from_state)
        assert (steps[-1].to_state if steps else _S.DRAFT) is one.state
        assert all(first.decided_at <= then.decided_at <= NOW for first, then in pairwise(steps))


async def test_reviews_stand_in_every_state_and_some_are_late_or_begun_again(city: City) -> None:
    reviews = await rows_of(city, Review)
    states = Counter(one.state for one in reviews)
    assert all(states[state] >= 15 for state in _R), states
    late = [one for one in reviews if one.state is _R.OPEN and one.due_at is not None and one.due_at <= NOW]
    assert len(late) > 15
    assert all(one.escalated_at for one in late)
    assert sum(one.round == 2 for one in reviews) >= 2
    assert set(VerdictKind) == {one.kind for one in await rows_of(city, Verdict)}
    outcomes = {one.outcome for one in await of_summit(city) if one.state is _S.IN_REVIEW}
    assert outcomes == {Outcome.PENDING, Outcome.PASSED, Outcome.REFUSED}


async def test_reviews_verdicts_and_outcomes_agree_with_the_rules(city: City) -> None:
    known, reviews = await rules(city), await by_application(city, Review)
    questions = await by_application(city, Question)
    for one in await rows_of(city, Application):
        mine, rule = reviews[one.id], known.of(one.class_code)
        if one.state is _S.DRAFT:
            assert mine == []
            continue
        assert {review.authority for review in mine} == {authority.code for authority in rule.authorities}
        stands = standing(rule, clocks.verdicts_of(mine), late=clocks.late_advice(rule, mine, NOW))
        assert stands.outcome is one.outcome
        assert all((review.state is _R.DONE) == (review.verdict is not None) for review in mine)
        left = {review.state for review in mine} - {_R.DONE}
        if one.state in SETTLED:
            assert left <= {_R.CLOSED}
            continue
        assert all((review.state is _R.WAITING) == (review.stage > stands.stage) for review in mine)
        awaited = [question for question in questions[one.id] if question.answered_at is None]
        assert bool(awaited) == (one.state is _S.NEEDS_INFORMATION)
        of_office = any(question.review_id is None for question in awaited)
        paused = {review.id for review in mine if review.state is _R.PAUSED}
        if of_office:
            assert _R.OPEN not in left
        else:
            assert paused == {question.review_id for question in awaited}


async def test_grants_keep_to_conditions_quotas_and_caps(city: City) -> None:
    known, verdicts = await rules(city), await by_application(city, Verdict)
    reviews = await by_application(city, Review)
    outlets = {one.id: one for one in await rows_of(city, Outlet)}
    people = {one.id: one for one in await rows_of(city, Journalist)}
    plan = next(one for one in await rows_of(city, AccreditationPlan) if one.event_id == city.summit)
    granted = [one for one in await of_summit(city) if one.state in GRANTED]
    for one in granted:
        assert one.outcome is Outcome.PASSED
        living = {review.verdict_id for review in reviews[one.id]}
        bound = conditions_of([verdict for verdict in verdicts[one.id] if verdict.id in living])
        assert bound.zones is None or bound.zones.issuperset(one.zones_granted)
        assert one.escort or not bound.escort
        assert (one.state is _S.APPROVED_WITH_CONDITIONS) == (bound.zones is not None or bound.escort)
    in_class = Counter(one.class_code for one in granted)
    assert all(in_class[code] <= cap for code, cap in plan.caps.items() if code)
    assert len(granted) <= plan.caps[""]
    of_outlet = Counter((one.class_code, people[one.journalist_id].outlet_id) for one in granted)
    for (code, outlet_id), count in of_outlet.items():
        limit = known.of(code).quota.limit(outlets[outlet_id].kind)
        assert limit is None or count <= limit, (code, outlets[outlet_id].name)
    in_role = Counter((one.class_code, people[one.journalist_id].outlet_id, one.media_role) for one in granted)
    for (code, _, role), count in in_role.items():
        assert count <= known.of(code).quota.per_role.get(role, 600)


@pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.code)
async def test_something_waits_for_each_authority_and_can_be_answered(city: City, desk: object) -> None:
    code, email = getattr(desk, "code", ""), getattr(desk, "email", "")
    access = await desk_of(city, code, email)
    # Nothing is committed: the city stays as it is for the other tests.
    async with city.database.session() as session:
        found = await accreditation.queue(
            session, access=access, wanted=Wanted(frozenset({_R.OPEN})), after=None, limit=50, now=NOW
        )
        assert found.rows
        assert {row.review.authority for row in found.rows} == {code}
        assert found.counts["late"] > 0
        review = await accreditation.give_verdict(
            session, access=access, review_id=found.rows[0].review.id, wish=VerdictWish(VerdictKind.APPROVE), now=NOW
        )
        assert review.state is _R.DONE


async def test_some_have_files_that_open(city: City) -> None:
    summit = {one.id for one in await of_summit(city)}
    evidence = await by_application(city, Evidence)
    assert len(evidence.keys() & summit) == len(WITH_FILES) == 12
    async with city.database.session() as session:
        for one in (file for kept in evidence.values() for file in kept):
            assert one.file_id is not None
            content = await files.open_file(session, one.file_id, FilePurpose.EVIDENCE, Vault(SECRET))
            assert (content[:2], len(content)) == (b"\xff\xd8", one.size)


async def test_the_two_journalists_who_sign_in_have_something_to_see(city: City) -> None:
    people = {one.email: one for one in await rows_of(city, Journalist)}
    applications = {one.journalist_id: one for one in await of_summit(city)}
    first, focal = people[JOURNALIST], people[FOCAL_POINT]
    assert applications[first.id].state is _S.APPROVED
    passes = [one for one in city.passes if one.application_id == applications[first.id].id]
    assert PassState.ACTIVE in {one.state for one in passes}
    assert applications[focal.id].state is _S.NEEDS_INFORMATION
    (point,) = await rows_of(city, FocalPoint)
    assert (point.journalist_id, point.outlet_id) == (focal.id, focal.outlet_id)
    (annual,) = await rows_of(city, StandingAccreditation)
    assert (annual.journalist_id, annual.valid_from <= NOW.date() <= annual.valid_until) == (first.id, True)
    drafts = [one for one in await rows_of(city, Application) if one.state is _S.DRAFT]
    assert {one.made_by_id for one in drafts} == {focal.id}


async def test_one_refusal_is_appealed_against_and_outlets_go_by_other_names(city: City) -> None:
    (appeal,) = await rows_of(city, Appeal)
    decisions = {one.id: one for one in await rows_of(city, Decision)}
    assert decisions[appeal.decision_id].to_state is _S.REJECTED
    assert appeal.filed_at <= NOW
    assert sorted(one.name for one in await rows_of(city, OutletAlias)) == ["Hải Đăng Online", "TW News"]
