"""What verdicts come to: tables of cases, and what is true of all of them."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.accreditation import (
    FINAL,
    NO_CONDITIONS,
    AuthorityRule,
    Conditions,
    Outcome,
    Power,
    StageRule,
    VerdictKind,
    read_rules,
    stage_outcome,
    standing,
    touched_by,
)
from service.domain.accreditation.packaged import packaged_rules

V = VerdictKind
RULES = read_rules(packaged_rules())
DOMESTIC = RULES.of("domestic")

powers = st.sampled_from(list(Power))
verdicts = st.sampled_from(list(V))


def authority(code: str, power: Power = Power.VETO) -> AuthorityRule:
    return AuthorityRule.model_validate(
        {"code": code, "name": {"vi": code, "en": code}, "power": power, "days": 2, "sees": ["full_name"]}
    )


def stage(*powers: Power, quorum: int | None = None) -> StageRule:
    return StageRule(authorities=tuple(authority(f"a{n}", one) for n, one in enumerate(powers)), quorum=quorum)


@st.composite
def stages(draw: st.DrawFn) -> StageRule:
    chosen = draw(st.lists(powers, min_size=1, max_size=5).filter(lambda all_: set(all_) != {Power.ADVISORY}))
    voting = chosen.count(Power.VOTE)
    quorum = draw(st.none() | st.integers(1, voting)) if voting else None
    return stage(*chosen, quorum=quorum)


@st.composite
def judged(draw: st.DrawFn) -> tuple[StageRule, dict[str, V]]:
    one = draw(stages())
    codes = [each.code for each in one.authorities]
    return one, draw(st.dictionaries(st.sampled_from(codes), verdicts, max_size=len(codes)))


@pytest.mark.parametrize(
    ("one", "given_", "outcome"),
    [
        (stage(Power.VETO, Power.VETO), {}, Outcome.PENDING),
        (stage(Power.VETO, Power.VETO), {"a0": V.APPROVE}, Outcome.PENDING),
        (stage(Power.VETO, Power.VETO), {"a0": V.APPROVE, "a1": V.CONDITIONS}, Outcome.PASSED),
        (stage(Power.VETO, Power.VETO), {"a0": V.REJECT}, Outcome.REFUSED),
        (stage(Power.VETO, Power.VETO), {"a0": V.ABSTAIN, "a1": V.APPROVE}, Outcome.PASSED),
        (stage(Power.VETO), {"a0": V.ABSTAIN}, Outcome.UNDECIDED),
        (stage(Power.VETO), {"a0": V.ASK}, Outcome.PENDING),
        (stage(Power.VETO, Power.ADVISORY), {"a0": V.APPROVE}, Outcome.PENDING),
        (stage(Power.VETO, Power.ADVISORY), {"a0": V.APPROVE, "a1": V.REJECT}, Outcome.PASSED),
        (stage(Power.VOTE, Power.VOTE, Power.VOTE, quorum=2), {"a0": V.APPROVE, "a1": V.APPROVE}, Outcome.PASSED),
        (stage(Power.VOTE, Power.VOTE, Power.VOTE, quorum=2), {"a0": V.REJECT}, Outcome.PENDING),
        (stage(Power.VOTE, Power.VOTE, Power.VOTE, quorum=2), {"a0": V.REJECT, "a1": V.REJECT}, Outcome.REFUSED),
        (stage(Power.VOTE, Power.VOTE, quorum=2), {"a0": V.APPROVE, "a1": V.ABSTAIN}, Outcome.UNDECIDED),
        (stage(Power.VOTE, Power.VOTE), {"a0": V.APPROVE, "a1": V.ABSTAIN}, Outcome.PASSED),
        (stage(Power.VOTE, Power.VETO, quorum=1), {"a0": V.APPROVE, "a1": V.REJECT}, Outcome.REFUSED),
    ],
)
def test_a_stage_comes_to(one: StageRule, given_: dict[str, V], outcome: Outcome) -> None:
    assert stage_outcome(one, given_) is outcome


def test_late_advice_is_no_longer_waited_for_and_a_late_veto_is() -> None:
    one = stage(Power.VETO, Power.ADVISORY)
    assert stage_outcome(one, {"a0": V.APPROVE}, late=frozenset({"a1"})) is Outcome.PASSED
    assert stage_outcome(one, {"a1": V.APPROVE}, late=frozenset({"a0"})) is Outcome.PENDING


@given(one=stages(), late=st.booleans())
def test_silence_is_never_a_yes(one: StageRule, late: bool) -> None:
    everybody = frozenset(each.code for each in one.authorities)
    assert stage_outcome(one, {}, late=everybody if late else frozenset()) is Outcome.PENDING


@given(case=judged())
def test_nothing_passes_without_a_yes_that_binds(case: tuple[StageRule, dict[str, V]]) -> None:
    one, given_ = case
    if stage_outcome(one, given_) is Outcome.PASSED:
        binding = {each.code for each in one.authorities if each.power is not Power.ADVISORY}
        assert any(given_.get(code) in (V.APPROVE, V.CONDITIONS) for code in binding)


@given(case=judged())
def test_one_veto_refuses_whatever_the_others_say(case: tuple[StageRule, dict[str, V]]) -> None:
    one, given_ = case
    vetoes = [each.code for each in one.authorities if each.power is Power.VETO]
    if any(given_.get(code) is V.REJECT for code in vetoes):
        assert stage_outcome(one, given_) is Outcome.REFUSED


@given(case=judged())
def test_a_missing_veto_never_lets_through(case: tuple[StageRule, dict[str, V]]) -> None:
    one, given_ = case
    if stage_outcome(one, given_) in (Outcome.PASSED, Outcome.UNDECIDED):
        vetoes = [each.code for each in one.authorities if each.power is Power.VETO]
        assert all(given_.get(code) in FINAL for code in vetoes)


@given(case=judged())
def test_a_further_yes_never_turns_a_pass_into_a_refusal(case: tuple[StageRule, dict[str, V]]) -> None:
    one, given_ = case
    before = stage_outcome(one, given_)
    for each in one.authorities:
        if each.code not in given_:
            after = stage_outcome(one, {**given_, each.code: V.APPROVE})
            assert not (before is Outcome.PASSED and after is not Outcome.PASSED)
            assert not (before is Outcome.PENDING and after is Outcome.REFUSED)


@given(case=judged())
def test_the_order_of_authorities_decides_nothing(case: tuple[StageRule, dict[str, V]]) -> None:
    one, given_ = case
    outcomes = {
        stage_outcome(StageRule(authorities=order, quorum=one.quorum), given_)
        for order in list(permutations(one.authorities))[:24]
    }
    assert len(outcomes) == 1


def test_a_later_stage_waits_for_the_one_before() -> None:
    first = {"press_management": V.APPROVE}
    assert standing(DOMESTIC, first) == standing(DOMESTIC, {})
    both = {"press_management": V.APPROVE, "host": V.CONDITIONS}
    assert (standing(DOMESTIC, both).outcome, standing(DOMESTIC, both).stage) == (Outcome.PENDING, 1)
    assert standing(DOMESTIC, {**both, "security": V.APPROVE}).outcome is Outcome.PASSED
    assert standing(DOMESTIC, {**both, "security": V.REJECT}).outcome is Outcome.REFUSED
    assert standing(DOMESTIC, {"security": V.APPROVE}).stage == 0


def test_only_who_sees_a_changed_field_looks_again() -> None:
    assert touched_by(DOMESTIC, frozenset({"equipment"})) == {"host", "security"}
    assert touched_by(DOMESTIC, frozenset({"press_card_number"})) == {"press_management"}
    assert touched_by(DOMESTIC, frozenset({"file:portrait"})) == {"security"}
    assert touched_by(DOMESTIC, frozenset({"phone"})) == frozenset()


zones = st.none() | st.frozensets(st.sampled_from("ABCD"))
days = st.none() | st.frozensets(st.dates(date(2026, 12, 1), date(2026, 12, 5)))
conditions = st.builds(Conditions, zones, days, st.booleans())


@given(one=conditions, other=conditions, third=conditions)
def test_conditions_only_ever_narrow(one: Conditions, other: Conditions, third: Conditions) -> None:
    both = one.both(other)
    assert both == other.both(one)
    assert both.both(third) == one.both(other.both(third))
    assert one.both(NO_CONDITIONS) == one
    for each in (one, other):
        assert each.zones is None or (both.zones is not None and both.zones <= each.zones)
        assert each.days is None or (both.days is not None and both.days <= each.days)
        assert both.escort or not each.escort
