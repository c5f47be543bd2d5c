"""The steps of an application: which there are, where they end, and that nothing moves by itself."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.domain.accreditation import (
    APPLICATION_MOVES,
    AWAITING_REVIEW,
    GRANTED,
    NEEDS_REASON,
    ApplicationState,
    may_move,
)
from service.domain.passes import PASS_MOVES, PassState

S = ApplicationState
ENDS = frozenset({S.REJECTED, S.WITHDRAWN, S.REVOKED})

states = st.sampled_from(list(S))
walks = st.lists(states, max_size=12)


def walked(wishes: list[ApplicationState]) -> list[ApplicationState]:
    """The states that an application goes through when these steps are tried and the impossible ones refused."""
    path = [S.SUBMITTED]
    for wish in wishes:
        if may_move(path[-1], wish):
            path.append(wish)
    return path


def reached_from(start: ApplicationState) -> set[ApplicationState]:
    reached, waiting = {start}, [start]
    while waiting:
        found = APPLICATION_MOVES[waiting.pop()] - reached
        reached |= found
        waiting += found
    return reached


def test_every_state_has_its_moves() -> None:
    assert set(APPLICATION_MOVES) == set(S)
    assert set(PASS_MOVES) == set(PassState)


@given(state=states)
def test_silence_is_never_a_move(state: ApplicationState) -> None:
    assert not may_move(state, state)


def test_the_ends_are_ends() -> None:
    assert {state for state, moves in APPLICATION_MOVES.items() if not moves} == ENDS
    assert {state for state, moves in PASS_MOVES.items() if not moves} == {PassState.REVOKED, PassState.REPLACED}


def test_every_state_can_be_reached_and_every_application_can_end() -> None:
    assert reached_from(S.DRAFT) == set(S)
    for state in S:
        assert reached_from(state) & ENDS


@given(wishes=walks)
def test_what_was_ended_stays_ended(wishes: list[ApplicationState]) -> None:
    path = walked(wishes)
    assert not ENDS & set(path[:-1])


@given(wishes=walks)
def test_what_was_granted_can_only_be_taken_back(wishes: list[ApplicationState]) -> None:
    """No second decision overwrites a first one in silence: a granted application is revoked, or withdrawn."""
    path = walked(wishes)
    for before, after in pairwise(path):
        if before in GRANTED:
            assert after in {S.REVOKED, S.WITHDRAWN}
        if after is S.REVOKED:
            assert before in GRANTED


@given(wishes=walks)
def test_nobody_returns_to_draft(wishes: list[ApplicationState]) -> None:
    assert S.DRAFT not in walked(wishes)


def test_whoever_still_waits_may_withdraw() -> None:
    assert {state for state in S if may_move(state, S.WITHDRAWN)} == set(S) - ENDS


def test_the_office_can_grant_and_refuse_whatever_waits_for_it() -> None:
    for state in AWAITING_REVIEW:
        assert GRANTED | {S.REJECTED, S.NEEDS_INFORMATION, S.WAITLISTED} <= APPLICATION_MOVES[state]


def test_only_a_plain_approval_needs_no_reason() -> None:
    """Of what an office decides; the other states without a reason are the journalist's, or no decision."""
    assert set(S) - NEEDS_REASON == {S.DRAFT, S.SUBMITTED, S.IN_REVIEW, S.APPROVED, S.WITHDRAWN}


def test_a_suspended_pass_may_live_again_and_an_ended_one_may_not() -> None:
    living = {PassState.ACTIVE, PassState.SUSPENDED}
    assert {state for state in PassState if PassState.ACTIVE in PASS_MOVES[state]} == {PassState.SUSPENDED}
    for state in living:
        assert state not in PASS_MOVES[state]
        assert {PassState.REVOKED, PassState.REPLACED} <= PASS_MOVES[state]
