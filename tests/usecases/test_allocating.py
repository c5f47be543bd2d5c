"""Sharing out places: what is foretold, what is decided, and what is published of it."""

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    Allocation,
    Application,
    ApplicationState,
    Criterion,
    Decision,
    MediaRole,
    VerdictKind,
)
from service.domain.accreditation.forecast import Chance
from service.domain.audit import AuditEntry
from service.domain.errors import Conflict, Forbidden
from service.domain.messages import MailKind, OutgoingMail
from service.store.database import Database
from service.usecases.accreditation import allocating, draws, letters
from service.usecases.accreditation.allocating import DryRun
from service.usecases.accreditation.candidates import LeftOut
from service.usecases.accreditation.placing import AllocationWish, Told
from tests.conftest import NOW
from tests.press_story import (
    VAULT,
    PressStory,
    approve_all,
    decide,
    fresh,
    make_journalist,
    make_submitted,
    open_press,
    say,
)
from tests.store.pdf_text import texts

S = ApplicationState
BY_DAY = (Criterion.EARLIEST_DAY,)


def wording(language: str, told: Told) -> str:
    return f"{language}: hạng {told.rank}/{told.total}"


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.session() as opened:
        yield opened


async def applicants(session: AsyncSession, story: PressStory, number: int, **facts: object) -> list[Application]:
    """Applications of as many outlets, which all authorities have approved."""
    made = []
    for one in range(1, number + 1):
        journalist = await make_journalist(session, one, outlet=f"Báo Số {one}")
        application, _ = await make_submitted(session, story, journalist=journalist, **facts)
        await approve_all(session, story, application)
        made.append(application)
    return made


async def run(session: AsyncSession, story: PressStory, *criteria: Criterion) -> DryRun:
    return await allocating.dry_run(
        session, access=story.reviewer, event_id=story.event.id, criteria=criteria, class_order=(), now=NOW
    )


async def carry_out(
    session: AsyncSession, story: PressStory, *criteria: Criterion, others: ApplicationState = S.WAITLISTED
) -> Allocation:
    seen = await run(session, story, *criteria)
    wish = AllocationWish(tuple(criteria), (), others, seen.field.mark)
    return await allocating.carry_out(
        session, access=story.reviewer, event_id=story.event.id, wish=wish, wording=wording, secrets=VAULT, now=NOW
    )


async def states(session: AsyncSession, applications: list[Application]) -> list[ApplicationState]:
    return [(await fresh(session, one)).state for one in applications]


async def test_a_dry_run_names_what_the_draw_decides_and_keeps_nothing(session: AsyncSession) -> None:
    story = await open_press(session, caps={"": 2})
    made = await applicants(session, story, 3)
    before = story.plan.draw_commitment
    found = await run(session, story, *BY_DAY)
    assert [(one.best, one.worst, one.chance) for one in found.forecasts] == [(1, 3, Chance.DRAW)] * 3
    assert await states(session, made) == [S.IN_REVIEW] * 3
    assert (story.plan.draw_commitment, found.allocations, found.may_decide) == (before, [], True)


async def test_the_one_who_decides_draws_and_everybody_is_told(session: AsyncSession) -> None:
    story = await open_press(session, caps={"": 2})
    made = await applicants(session, story, 5)
    promised = story.plan.draw_commitment
    done = await carry_out(session, story, *BY_DAY)
    assert hashlib.sha256(done.seed.encode()).hexdigest() == promised
    drawn = sorted(made, key=lambda one: hashlib.sha256(f"{done.seed}:{one.id}".encode()).hexdigest())
    assert [row["id"] for row in done.ranking] == [str(one.id) for one in drawn]
    assert [row["place"] for row in done.ranking] == ["granted"] * 2 + ["cap_full"] * 3
    assert await states(session, drawn) == [S.APPROVED] * 2 + [S.WAITLISTED] * 3
    decided = list(await session.scalars(select(Decision).where(Decision.batch_id == done.batch_id)))
    assert sorted(one.reason_code for one in decided) == ["", "", "cap_full", "cap_full", "cap_full"]
    refused = next(one for one in decided if one.application_id == drawn[4].id)
    assert refused.reason == ("Số chỗ của sự kiện đã hết sau khi xét theo các tiêu chí đã công bố.\nvi: hạng 5/5")
    mails = await session.scalars(select(OutgoingMail).where(OutgoingMail.kind == MailKind.APPLICATION_DECIDED))
    assert {one.object_id for one in mails} == {one.id for one in made}
    entry = await session.scalar(select(AuditEntry).where(AuditEntry.action == "allocated"))
    assert entry is not None
    assert (entry.details["granted"], entry.details["next_commitment"]) == (2, story.plan.draw_commitment)


async def test_the_next_draw_has_another_seed_and_gives_away_what_became_free(session: AsyncSession) -> None:
    story = await open_press(session, caps={"": 1})
    made = await applicants(session, story, 3)
    first = await carry_out(session, story, *BY_DAY)
    assert story.plan.draw_commitment != hashlib.sha256(first.seed.encode()).hexdigest()
    promised = story.plan.draw_commitment
    holder = next(one for one in made if str(one.id) == first.ranking[0]["id"])
    await decide(session, story, holder, S.REVOKED)
    second = await carry_out(session, story, *BY_DAY)
    assert hashlib.sha256(second.seed.encode()).hexdigest() == promised
    assert first.seed != second.seed
    found = {one.id: one.state for one in [await fresh(session, one) for one in made]}
    assert sorted(found.values()) == [S.APPROVED, S.REVOKED, S.WAITLISTED]
    assert [row["place"] for row in second.ranking] == ["granted", "cap_full"]
    steps = list(await session.scalars(select(Decision).where(Decision.batch_id == second.batch_id)))
    assert [one.to_state for one in steps] == [S.APPROVED]


async def test_conditions_of_authorities_go_into_the_grant(session: AsyncSession) -> None:
    story = await open_press(session, caps={"": 5})
    journalist = await make_journalist(session, 1)
    application, _ = await make_submitted(session, story, journalist=journalist, zones=("A", "B"), days_wanted=[])
    day = story.event.opens_on
    await say(session, story, application, "press_management", VerdictKind.CONDITIONS, zones=("A",), days=(day,))
    await say(session, story, application, "host", VerdictKind.CONDITIONS, escort=True)
    await say(session, story, application, "security")
    await carry_out(session, story)
    found = await fresh(session, application)
    assert (found.state, found.zones_granted, found.days_granted, found.escort) == (
        S.APPROVED_WITH_CONDITIONS,
        ["A"],
        [day],
        True,
    )


async def test_whoever_cannot_take_part_is_named_with_the_reason(session: AsyncSession) -> None:
    story = await open_press(session)
    waiting, _ = await make_submitted(session, story, 1)
    no_zone, _ = await make_submitted(session, story, 2, zones=("A", "B"))
    await say(session, story, no_zone, "press_management", VerdictKind.CONDITIONS, zones=("A",))
    await say(session, story, no_zone, "host", VerdictKind.CONDITIONS, zones=("B",))
    await say(session, story, no_zone, "security")
    refused, _ = await make_submitted(session, story, 3)
    await say(session, story, refused, "host", VerdictKind.REJECT)
    found = await run(session, story)
    assert dict(found.field.left_out) == {
        waiting.id: LeftOut.PENDING,
        no_zone.id: LeftOut.NO_ZONE,
        refused.id: LeftOut.REFUSED,
    }
    with pytest.raises(Conflict, match="illegal_move"):
        await carry_out(session, story)


async def test_quotas_of_outlets_hold_and_are_the_reason(session: AsyncSession) -> None:
    story = await open_press(session)
    made = []
    for number in range(1, 4):
        application, _ = await make_submitted(session, story, number, media_role=MediaRole.WRITER)
        await approve_all(session, story, application)
        made.append(application)
    done = await carry_out(session, story, Criterion.EARLIEST, others=S.REJECTED)
    assert sorted(row["place"] for row in done.ranking) == ["granted", "granted", "role_quota"]
    assert sorted(await states(session, made)) == [S.APPROVED, S.APPROVED, S.REJECTED]


async def test_places_that_were_taken_before_are_published_without_names(session: AsyncSession) -> None:
    story = await open_press(session, caps={"": 2})
    first, *rest = await applicants(session, story, 3)
    await decide(session, story, first, S.APPROVED)
    done = await carry_out(session, story)
    assert done.taken == [{"outlet": 3, "class": "domestic", "role": "writer", "count": 1}]
    assert [row["outlet"] for row in done.ranking] == [1, 2]
    shown = await draws.published(session, event_id=story.event.id)
    assert (shown.allocations, shown.plan.draw_commitment) == ([done], story.plan.draw_commitment)
    assert sorted(await states(session, rest)) == [S.APPROVED, S.WAITLISTED]


async def test_what_changed_since_the_dry_run_stops_it(session: AsyncSession) -> None:
    story = await open_press(session, caps={"": 1})
    made = await applicants(session, story, 2)
    seen = await run(session, story)
    late, _ = await make_submitted(session, story, 9)
    await approve_all(session, story, late)
    wish = AllocationWish((), (), S.WAITLISTED, seen.field.mark)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        await allocating.carry_out(
            session, access=story.reviewer, event_id=story.event.id, wish=wish, wording=wording, secrets=VAULT, now=NOW
        )
    assert await states(session, made) == [S.IN_REVIEW] * 2


async def test_one_that_is_refused_leaves_the_others_and_is_named(session: AsyncSession) -> None:
    """Nobody is granted under conditions without being told which: here the wording says nothing."""
    story = await open_press(session, caps={"": 5})
    (plain,) = await applicants(session, story, 1)
    bound, _ = await make_submitted(session, story, 9)
    await say(session, story, bound, "press_management", VerdictKind.CONDITIONS, escort=True)
    await say(session, story, bound, "host")
    await say(session, story, bound, "security")
    wish = AllocationWish((), (), S.WAITLISTED, (await run(session, story)).field.mark)
    done = await allocating.carry_out(
        session,
        access=story.reviewer,
        event_id=story.event.id,
        wish=wish,
        wording=lambda _language, _told: "",
        secrets=VAULT,
        now=NOW,
    )
    assert {row["id"]: row["failed"] for row in done.ranking} == {str(plain.id): "", str(bound.id): "missing"}
    assert await states(session, [plain, bound]) == [S.APPROVED, S.IN_REVIEW]


async def test_only_the_events_own_office_looks_and_decides(session: AsyncSession) -> None:
    story = await open_press(session)
    await applicants(session, story, 1)
    seen = await run(session, story)
    wish = AllocationWish((), (), S.WAITLISTED, seen.field.mark)
    for access in (story.outsider, story.organiser, story.desks["security"]):
        with pytest.raises(Forbidden):
            await allocating.carry_out(
                session, access=access, event_id=story.event.id, wish=wish, wording=wording, secrets=VAULT, now=NOW
            )
    with pytest.raises(Forbidden):
        await allocating.dry_run(
            session, access=story.outsider, event_id=story.event.id, criteria=(), class_order=(), now=NOW
        )


async def test_letters_go_to_those_without_a_place(session: AsyncSession) -> None:
    story = await open_press(session, caps={"": 1})
    made = await applicants(session, story, 3)
    done = await carry_out(session, story, others=S.REJECTED)
    pages = texts(await letters.of_allocation(session, access=story.reviewer, allocation_id=done.id, now=NOW))
    assert len(pages) == 2
    for page in pages:
        assert "CỘNGHÒAXÃHỘICHỦNGHĨAVIỆTNAM" in page
        assert "khiếunạitrong5ngàylàmviệc" in page
    refused = UUID(done.ranking[1]["id"])
    (page,) = texts(await letters.of_application(session, access=story.reviewer, application_id=refused, now=NOW))
    assert page == pages[0]
    assert f"hạng2/{len(made)}" in page
    granted = UUID(done.ranking[0]["id"])
    with pytest.raises(Conflict, match="illegal_move"):
        await letters.of_application(session, access=story.reviewer, application_id=granted, now=NOW)
    with pytest.raises(Forbidden):
        await letters.of_application(session, access=story.outsider, application_id=refused, now=NOW)


async def test_who_applies_earlier_comes_first(session: AsyncSession) -> None:
    story = await open_press(session, caps={"": 1})
    late = NOW + timedelta(hours=1)
    other, _ = await make_submitted(session, story, journalist=await make_journalist(session, 2, outlet="B"), now=late)
    early, _ = await make_submitted(session, story, journalist=await make_journalist(session, 1, outlet="A"))
    for one in (other, early):
        await approve_all(session, story, one, now=late)
    found = await run(session, story, Criterion.EARLIEST)
    assert [(one.candidate.id, one.chance) for one in found.forecasts] == [
        (early.id, Chance.SURE),
        (other.id, Chance.NONE),
    ]
