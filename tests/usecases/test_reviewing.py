"""Several authorities and one application: turns, clocks, questions, conditions, and what silence means."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from service.domain.accreditation import (
    Application,
    ApplicationState,
    Journalist,
    Outcome,
    ReviewState,
    VerdictKind,
)
from service.domain.errors import Conflict, Forbidden, Invalid
from service.domain.localtime import end_of
from service.store import messages as mail_store
from service.store import reviews as review_store
from service.store.database import Database
from service.usecases import accreditation
from service.usecases.accreditation import Changes, DecisionWish, VerdictWish, clocks
from tests.conftest import NOW
from tests.press_story import (
    VAULT,
    PressStory,
    approve_all,
    begin,
    decide,
    fill,
    fresh,
    make_journalist,
    make_outlet,
    make_submitted,
    open_press,
    reviews_of,
    say,
    submit,
)

S, V, R = ApplicationState, VerdictKind, ReviewState
NEXT_DAY = NOW + timedelta(days=1)


async def stands(database: Database, application: Application) -> dict[str, ReviewState]:
    async with database.transaction() as session:
        return {code: one.state for code, one in (await reviews_of(session, application)).items()}


async def made(database: Database, **facts: Any) -> tuple[PressStory, Application, Journalist]:
    async with database.transaction() as session:
        story = await open_press(session, **facts)
        application, journalist = await make_submitted(session, story, zones=("A", "B"))
    return story, application, journalist


async def test_the_third_authority_looks_when_two_are_through(database: Database) -> None:
    story, application, _ = await made(database)
    first = {"press_management": R.OPEN, "host": R.OPEN, "security": R.WAITING}
    assert await stands(database, application) == first
    async with database.transaction() as session:
        await say(session, story, application, "host", V.CONDITIONS, zones=("A",), now=NOW)
    assert await stands(database, application) == {**first, "host": R.DONE}
    async with database.transaction() as session:
        await say(session, story, application, "press_management", now=NOW)
        security = (await reviews_of(session, application))["security"]
        # Two working days after Monday 23/11/2026; Tuesday is the Day of Vietnamese Culture.
        assert (security.state, security.due_at) == (R.OPEN, end_of(date(2026, 11, 26)))
        await say(session, story, application, "security", now=NEXT_DAY)
        now_ = await fresh(session, application)
        assert (now_.state, now_.outcome) == (S.IN_REVIEW, Outcome.PASSED)


async def test_a_grant_waits_for_every_verdict(database: Database) -> None:
    story, application, _ = await made(database)
    async with database.transaction() as session:
        await say(session, story, application, "press_management")
        await say(session, story, application, "host")
        with pytest.raises(Conflict) as refused:
            await decide(session, story, application, S.APPROVED, now=NOW + timedelta(days=300))
    assert (refused.value.code, refused.value.detail) == ("reviews_pending", "security")


async def test_one_veto_leaves_the_office_only_the_refusal(database: Database) -> None:
    story, application, _ = await made(database)
    async with database.transaction() as session:
        await say(session, story, application, "host", V.REJECT)
        assert (await fresh(session, application)).outcome is Outcome.REFUSED
        with pytest.raises(Conflict) as refused:
            await decide(session, story, application, S.APPROVED)
        assert refused.value.code == "refused_by_authority"
        await decide(session, story, application, S.REJECTED)
    assert await stands(database, application) == {
        "host": R.DONE,
        "press_management": R.CLOSED,
        "security": R.CLOSED,
    }


@pytest.mark.parametrize(
    ("wish", "code", "detail"),
    [
        (DecisionWish(S.APPROVED, zones=("A",), escort=True), "conditions_apply", "state"),
        (DecisionWish(S.APPROVED_WITH_CONDITIONS, "Vì", zones=("A", "B"), escort=True), "conditions_apply", "zones"),
        (DecisionWish(S.APPROVED_WITH_CONDITIONS, "Vì", zones=("A",)), "conditions_apply", "escort"),
        (DecisionWish(S.APPROVED_WITH_CONDITIONS, zones=("A",), escort=True), "missing", ""),
    ],
)
async def test_the_office_keeps_to_the_conditions(
    database: Database, wish: DecisionWish, code: str, detail: str
) -> None:
    story, application, _ = await made(database)
    async with database.transaction() as session:
        await say(session, story, application, "host", V.CONDITIONS, zones=("A",))
        await say(session, story, application, "press_management", V.CONDITIONS, escort=True)
        await say(session, story, application, "security")
        with pytest.raises((Conflict, Invalid)) as refused:
            await accreditation.decide(
                session, access=story.reviewer, application_id=application.id, wish=wish, now=NOW
            )
        assert refused.value.code == code
        assert not detail or refused.value.detail == detail
        kept = DecisionWish(S.APPROVED_WITH_CONDITIONS, reason_code="escort", zones=("A",), escort=True)
        granted = await accreditation.decide(
            session, access=story.reviewer, application_id=application.id, wish=kept, now=NOW
        )
    assert (granted.zones_granted, granted.escort) == (["A"], True)


async def test_a_question_stops_the_clock_of_who_asked_and_no_other(database: Database) -> None:
    story, application, journalist = await made(database)
    async with database.transaction() as session:
        await say(session, story, application, "host", V.ASK, reason_code="equipment_unclear", now=NOW)
        reviews = await reviews_of(session, application)
        assert (reviews["host"].state, reviews["host"].due_at) == (R.PAUSED, None)
        assert reviews["press_management"].due_at == end_of(date(2026, 11, 27))
        assert (await fresh(session, application)).state is S.NEEDS_INFORMATION
        with pytest.raises(Conflict):
            await say(session, story, application, "host", now=NOW)
        # The other authority goes on meanwhile.
        await say(session, story, application, "press_management", now=NOW)
        later = NOW + timedelta(days=2)
        await accreditation.answer(
            session, journalist=journalist, application_id=application.id, text="Số máy VD-002.", now=later
        )
        reviews = await reviews_of(session, application)
        # Monday to Wednesday don't count: the two days of the host are now Thursday and Friday.
        assert (reviews["host"].state, reviews["host"].due_at) == (R.OPEN, end_of(date(2026, 11, 27)))
        assert (await fresh(session, application)).state is S.IN_REVIEW
        questions = await review_store.list_questions(session, application.id)
        assert [(one.answer, one.answered_at) for one in questions] == [("Số máy VD-002.", later)]


async def test_the_offices_own_question_stops_every_clock(database: Database) -> None:
    story, application, journalist = await made(database)
    async with database.transaction() as session:
        await decide(session, story, application, S.NEEDS_INFORMATION, now=NOW)
    assert await stands(database, application) == {
        "host": R.PAUSED,
        "press_management": R.PAUSED,
        "security": R.WAITING,
    }
    async with database.transaction() as session:
        await accreditation.answer(
            session, journalist=journalist, application_id=application.id, text="Đã bổ sung.", now=NEXT_DAY
        )
    assert (await stands(database, application))["host"] is R.OPEN


async def test_only_the_verdicts_that_a_change_touches_are_asked_for_again(database: Database) -> None:
    story, application, journalist = await made(database)
    async with database.transaction() as session:
        await approve_all(session, story, application)
        before = await fresh(session, application)
        await accreditation.write(
            session,
            journalist=journalist,
            application_id=application.id,
            version=before.version,
            changes=Changes(answers={"equipment": "Máy quay khác, VD-777"}),
            secrets=VAULT,
            now=NEXT_DAY,
        )
        reviews = await reviews_of(session, application)
        assert {code: (one.state, one.round, one.verdict) for code, one in reviews.items()} == {
            "press_management": (R.DONE, 1, V.APPROVE),
            "host": (R.OPEN, 2, None),
            "security": (R.OPEN, 2, None),
        }
        with pytest.raises(Conflict, match="reviews_pending"):
            await decide(session, story, application, S.APPROVED)
        await approve_all(session, story, application, NEXT_DAY)
        assert (await decide(session, story, application, S.APPROVED)).state is S.APPROVED


async def test_a_decided_application_can_no_longer_be_changed_by_anybody(database: Database) -> None:
    story, application, journalist = await made(database)
    async with database.transaction() as session:
        await approve_all(session, story, application)
        granted = await decide(session, story, application, S.APPROVED)
        with pytest.raises(Conflict, match="illegal_move"):
            await say(session, story, application, "host", V.REJECT)
        with pytest.raises(Conflict, match="illegal_move"):
            await accreditation.write(
                session,
                journalist=journalist,
                application_id=application.id,
                version=granted.version,
                changes=Changes(note="Thêm"),
                secrets=VAULT,
                now=NOW,
            )


async def test_a_verdict_is_superseded_and_both_stay_on_record(database: Database) -> None:
    story, application, _ = await made(database)
    async with database.transaction() as session:
        await say(session, story, application, "host", V.REJECT)
        await say(session, story, application, "host", V.APPROVE)
        kept = await review_store.list_verdicts(session, application.id)
        assert [(one.kind, one.supersedes_id) for one in kept] == [(V.REJECT, None), (V.APPROVE, kept[0].id)]
        assert (await fresh(session, application)).outcome is Outcome.PENDING


async def test_who_steps_back_never_looks_again(database: Database) -> None:
    story, application, _ = await made(database)
    async with database.transaction() as session:
        review = await say(session, story, application, "host", V.ABSTAIN)
        with pytest.raises(Conflict, match="recused"):
            await accreditation.open_review(
                session, access=story.desks["host"], review_id=review.id, secrets=VAULT, now=NOW
            )
        with pytest.raises(Conflict, match="recused"):
            await say(session, story, application, "host")


async def test_nobody_speaks_for_another_authority(database: Database) -> None:
    story, application, _ = await made(database)
    async with database.transaction() as session:
        review = (await reviews_of(session, application))["host"]
        for access in (story.desks["press_management"], story.organiser, story.reviewer, story.outsider):
            with pytest.raises(Forbidden):
                await accreditation.give_verdict(
                    session, access=access, review_id=review.id, wish=VerdictWish(V.APPROVE), now=NOW
                )


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        (VerdictWish(V.REJECT), "/ground"),
        (VerdictWish(V.ABSTAIN), "/ground"),
        (VerdictWish(V.CONDITIONS, "Vì"), "/zones"),
        (VerdictWish(V.CONDITIONS, "Vì", zones=("E",)), "/zones"),
    ],
)
async def test_a_verdict_that_lacks_something_is_pointed_at(
    database: Database, wish: VerdictWish, pointer: str
) -> None:
    story, application, _ = await made(database)
    async with database.transaction() as session:
        review = (await reviews_of(session, application))["host"]
        with pytest.raises(Invalid) as refused:
            await accreditation.give_verdict(
                session, access=story.desks["host"], review_id=review.id, wish=wish, now=NOW
            )
    assert refused.value.errors[0].pointer == pointer


async def test_the_last_place_is_given_once(database: Database) -> None:
    async with database.transaction() as session:
        story = await open_press(session, caps={"": 1})
        waiting = []
        for number in range(4):
            outlet = await make_outlet(session, f"Báo {number}")
            journalist = await make_journalist(session, number, outlet=outlet.id)
            application, _ = await make_submitted(session, story, journalist=journalist)
            await approve_all(session, story, application)
            waiting.append(application)

    async def grant(application: Application) -> str:
        try:
            async with database.transaction() as session:
                await decide(session, story, application, S.APPROVED)
        except Conflict as refused:
            return f"{refused.code}: {refused.detail}"
        return "granted"

    told = await asyncio.gather(*(grant(one) for one in waiting))
    assert sorted(told) == ["granted", *["quota_full: event 1/1"] * 3]


async def test_a_full_quota_is_passed_only_with_a_reason(database: Database) -> None:
    async with database.transaction() as session:
        story = await open_press(session)
        outlet = await make_outlet(session, "Báo Sóng Xanh")
        for number in range(3):
            journalist = await make_journalist(session, number, outlet=outlet.id)
            application, _ = await make_submitted(session, story, journalist=journalist)
            await approve_all(session, story, application)
            if number < 2:
                await decide(session, story, application, S.APPROVED)
        with pytest.raises(Conflict) as refused:
            await decide(session, story, application, S.APPROVED)
        assert (refused.value.code, refused.value.detail) == ("quota_full", "role 2/2")
        with pytest.raises(Conflict):
            await decide(session, story, application, S.APPROVED, beyond_quota=True)
        granted = await decide(
            session, story, application, S.APPROVED, beyond_quota=True, reason="Hãng phát hình chính."
        )
    assert granted.state is S.APPROVED


async def test_sent_twice_it_is_sent_once(database: Database) -> None:
    async with database.transaction() as session:
        story = await open_press(session)
        journalist = await make_journalist(session)
        draft = await fill(session, story, journalist, await begin(session, story, journalist))

    async def send() -> ApplicationState:
        async with database.transaction() as session:
            return (await submit(session, journalist, draft)).state

    assert set(await asyncio.gather(*(send() for _ in range(4)))) == {S.SUBMITTED}
    async with database.transaction() as session:
        assert len(await review_store.list_reviews(session, draft.id)) == 3
        mails = await mail_store.list_mails(session, object_id=draft.id, limit=10)
        assert [one.kind.value for one in mails] == ["application_received"]


async def test_of_two_windows_only_one_saves(database: Database) -> None:
    async with database.transaction() as session:
        story = await open_press(session)
        journalist = await make_journalist(session)
        draft = await begin(session, story, journalist)

    async def save(note: str) -> str:
        try:
            async with database.transaction() as session:
                await accreditation.write(
                    session,
                    journalist=journalist,
                    application_id=draft.id,
                    version=1,
                    changes=Changes(note=note),
                    secrets=VAULT,
                    now=NOW,
                )
        except Conflict as refused:
            return refused.code
        return "saved"

    assert sorted(await asyncio.gather(save("Một"), save("Hai"))) == ["changed_meanwhile", "saved"]


async def test_who_withdrew_may_apply_anew(database: Database) -> None:
    story, application, journalist = await made(database)
    async with database.transaction() as session:
        await accreditation.withdraw(session, journalist=journalist, application_id=application.id, now=NOW)
        again = await begin(session, story, journalist)
    assert (again.id != application.id, again.state) == (True, S.DRAFT)
    assert set((await stands(database, application)).values()) == {R.CLOSED}


async def test_an_unknown_year_is_said_and_nothing_is_lost(database: Database) -> None:
    late = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)
    async with database.transaction() as session:
        story = await open_press(session, now=late)
        application, _ = await make_submitted(session, story, now=late)
        reviews = await reviews_of(session, application)
        assert application.state is S.SUBMITTED
        # Three working days after 30/12/2026 reach into a year whose days off nobody has announced.
        management = reviews["press_management"]
        assert (management.state, management.due_at, management.fault) == (R.OPEN, None, "calendar_unknown:2027")
    assert await clocks.watch(database, now=late + timedelta(days=2)) == 2


async def test_leads_are_told_before_and_at_the_end_and_never_twice(database: Database) -> None:
    _, application, _ = await made(database)
    for days in (0, 3, 3.1, 4, 5, 5):
        await clocks.watch(database, now=NOW + timedelta(days=days))
    async with database.transaction() as session:
        reviews = await reviews_of(session, application)
        told = {
            code: sorted(mail.kind.value for mail in await mail_store.list_mails(session, object_id=review.id, limit=9))
            for code, review in reviews.items()
        }
    assert told == {
        "host": ["review_late", "review_soon"],
        "press_management": ["review_late", "review_soon"],
        "security": [],
    }


async def test_late_advice_is_not_waited_for(database: Database) -> None:
    async with database.transaction() as session:
        story = await open_press(session, days=(30, 31))
        application, _ = await make_submitted(session, story, 1, "visiting_foreign")
        await say(session, story, application, "foreign_ministry")
        await say(session, story, application, "security")
        assert (await fresh(session, application)).outcome is Outcome.PENDING
    await clocks.watch(database, now=NOW + timedelta(days=30))
    async with database.transaction() as session:
        assert (await fresh(session, application)).outcome is Outcome.PASSED
