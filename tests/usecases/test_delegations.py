"""Delegating: for a while, to somebody who has no other part in the same events."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Role
from service.domain.accreditation import Delegation, VerdictKind
from service.domain.errors import Conflict, Forbidden, Invalid
from service.store import reviews as review_store
from service.store.database import Database
from service.usecases import accounts, accreditation, audit
from service.usecases.accreditation import VerdictWish, delegating, reviewing
from service.usecases.accreditation.delegating import DelegationWish
from tests import press_story as press
from tests.conftest import NOW, PASSWORD
from tests.press_story import PressStory


async def staff(session: AsyncSession, email: str, *grants: tuple[Any, Role]) -> Access:
    await accounts.add_staff(
        session, actor=audit.SYSTEM, email=email, name="Cán bộ Thay", password=PASSWORD, grants=list(grants), now=NOW
    )
    found = await accounts.access_of(session, email=email)
    assert found is not None
    return found


async def delegate(
    session: AsyncSession, story: PressStory, authority: str = "security", email: str = "thay@example.vn", **facts: Any
) -> Delegation:
    known: dict[str, Any] = {
        "organisation_id": story.bodies[authority].id,
        "email": email,
        "since": NOW,
        "until": NOW + timedelta(days=7),
        "reason": "Đi công tác.",
    }
    wish = DelegationWish(**(known | facts))
    return await delegating.delegate(session, access=story.desks[authority], wish=wish, now=NOW)


async def test_the_delegate_gives_verdicts_for_as_long_as_it_lasts(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        helper = await staff(session, "thay@example.vn", (story.bodies["press_management"].id, Role.VIEWER))
        application, _ = await press.make_submitted(session, story)
        review = (await press.reviews_of(session, application))["host"]

        async def approve(hours: float) -> None:
            await accreditation.give_verdict(
                session,
                access=helper,
                review_id=review.id,
                wish=VerdictWish(VerdictKind.APPROVE),
                now=NOW + timedelta(hours=hours),
            )

        with pytest.raises(Forbidden):
            await reviewing.desks(session, access=helper, now=NOW)
        made = await delegate(session, story, "host", since=NOW + timedelta(hours=1))
        with pytest.raises(Forbidden):
            await approve(0.9)
        await approve(1)
        (verdict,) = await review_store.list_verdicts(session, application.id)
        assert (verdict.staff_id, verdict.delegation_id) == (helper.staff_id, made.id)
        with pytest.raises(Forbidden):
            await approve(24 * 7)
        await delegating.end(session, access=story.desks["host"], delegation_id=made.id, now=NOW + timedelta(hours=2))
        with pytest.raises(Forbidden):
            await approve(2)


@pytest.mark.parametrize(
    ("facts", "pointer", "code"),
    [
        ({"until": NOW}, "/until", "dates_reversed"),
        ({"since": NOW - timedelta(days=2), "until": NOW - timedelta(days=1)}, "/until", "expired"),
        ({"until": NOW + timedelta(days=30, seconds=1)}, "/until", "invalid"),
        ({"reason": ""}, "/reason", "missing"),
        ({"email": "khong.co@example.vn"}, "/email", "not_found"),
    ],
)
async def test_what_cannot_be_delegated(database: Database, facts: dict[str, Any], pointer: str, code: str) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        await staff(session, "thay@example.vn")
        with pytest.raises(Invalid) as refusal:
            await delegate(session, story, **facts)
        assert [(one.pointer, one.code) for one in refusal.value.errors] == [(pointer, code)]
        await delegate(session, story, until=NOW + timedelta(days=30))


async def test_only_for_ones_own_organisation_and_not_further(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        helper = await staff(session, "thay@example.vn")
        await staff(session, "khac@example.vn")
        made = await delegate(session, story)
        wish = DelegationWish(story.bodies["security"].id, "khac@example.vn", NOW, NOW + timedelta(days=1), "Nhờ tiếp.")
        for access in (story.desks["host"], story.organiser, helper):
            with pytest.raises(Forbidden):
                await delegating.delegate(session, access=access, wish=wish, now=NOW)
            with pytest.raises(Forbidden):
                await delegating.end(session, access=access, delegation_id=made.id, now=NOW)
        rows = await delegating.open_list(session, access=story.desks["security"])
        assert [(row.staff.email, row.given_by.id) for row in rows] == [
            ("thay@example.vn", story.desks["security"].staff_id)
        ]
        assert await delegating.open_list(session, access=story.desks["host"]) == []


async def test_not_to_oneself_nor_to_who_may_anyway_nor_twice(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        await staff(session, "thay@example.vn")
        await staff(session, "quan.tri@example.vn", (None, Role.ADMIN))
        await staff(session, "dong.nghiep@example.vn", (story.bodies["security"].id, Role.AUTHORITY))
        for email in (story.emails["security"], "quan.tri@example.vn", "dong.nghiep@example.vn"):
            with pytest.raises(Conflict, match="illegal_move"):
                await delegate(session, story, email=email)
        await delegate(session, story)
        with pytest.raises(Conflict, match="already_exists"):
            await delegate(session, story, since=NOW + timedelta(days=6), until=NOW + timedelta(days=9))
        await delegate(session, story, since=NOW + timedelta(days=7), until=NOW + timedelta(days=9))


async def test_nobody_acts_for_two_authorities_of_one_event_or_decides_on_it_too(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session)
        # Another authority, and who decides for the office.
        for email in (story.emails["press_management"], story.emails["reviewer"]):
            with pytest.raises(Conflict, match="still_in_use"):
                await delegate(session, story, email=email)
        # Who has another authority's task by delegation.
        await staff(session, "thay@example.vn")
        await delegate(session, story, "press_management")
        with pytest.raises(Conflict, match="still_in_use"):
            await delegate(session, story, "security")
        # The office's own authority may delegate to its own people.
        await delegate(session, story, "host", email=story.emails["reviewer"])


async def test_events_that_are_over_bind_nobody(database: Database) -> None:
    async with database.transaction() as session:
        story = await press.open_press(session, days=(-3, -1))
        await delegate(session, story, email=story.emails["press_management"])
