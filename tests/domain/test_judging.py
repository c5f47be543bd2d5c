"""The judge against the shared cases, and the ledger against a naive count."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.door import Direction
from service.domain.events import EntryPolicy
from service.domain.judging import Counts, GateFacts, Lists, PassFacts, Reason, ScanFacts, admit, judge, leave
from service.domain.passes import PassState

FILE = json.loads((Path(__file__).parent / "judge_cases.json").read_text(encoding="utf-8"))
SPACE = UUID("0198c0de-0000-7000-8000-000000000000")


def id_of(name: str) -> UUID:
    return uuid5(SPACE, name)


def part(case: dict[str, object], name: str) -> dict[str, object] | None:
    """The defaults of `name` with the case's changes; None when the case takes it away."""
    if name in case and case[name] is None:
        return None
    changes = case.get(name, {})
    assert isinstance(changes, dict)
    assert changes.keys() <= FILE["defaults"][name].keys(), changes
    return {**FILE["defaults"][name], **changes}


def clock(value: str | None) -> time | None:
    return None if value is None else time.fromisoformat(value)


def gate_of(facts: dict | None) -> GateFacts | None:
    if facts is None:
        return None
    return GateFacts(
        id_of("gate"),
        id_of("zone"),
        id_of("occurrence"),
        id_of(facts["event"]),
        facts["zone_code"],
        facts["capacity"],
        EntryPolicy(facts["policy"]),
        clock(facts["opens_time"]),
        clock(facts["closes_time"]),
        date.fromisoformat(facts["opens_on"]),
        date.fromisoformat(facts["closes_on"]),
        facts["max_list_age_minutes"],
    )


def pass_of(facts: dict | None) -> PassFacts | None:
    if facts is None:
        return None
    days = facts["valid_days"]
    return PassFacts(
        id_of("pass"),
        id_of(facts["event"]),
        facts["category"],
        tuple(facts["zones"]),
        PassState(facts["state"]),
        datetime.fromisoformat(facts["valid_from"]),
        datetime.fromisoformat(facts["valid_until"]),
        None if days is None else tuple(date.fromisoformat(on) for on in days),
        facts["heads"],
        datetime.fromisoformat(facts["issued_at"]),
        facts["key_struck"],
        clock(facts["daily_from"]),
        clock(facts["daily_to"]),
    )


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: case["name"])
def test_case(case: dict) -> None:
    scan = part(case, "scan")
    judgement = judge(
        scan=ScanFacts.of(
            Direction(scan["direction"]),
            scan["heads"],
            datetime.fromisoformat(scan["scanned_at"]),
            datetime.fromisoformat(scan["received_at"]),
            skewed=scan["skewed"],
        ),
        gate=gate_of(part(case, "gate")),
        fault=Reason(case["fault"]) if case.get("fault") else None,
        entry_pass=pass_of(part(case, "pass")),
        counts=Counts(**part(case, "counts")),
        skew=timedelta(seconds=FILE["defaults"]["skew_seconds"]),
        lists=Lists(**part(case, "lists")),
    )
    assert {
        "decision": judgement.decision.value,
        "reason": judgement.reason.value if judgement.reason else None,
        "note": judgement.note.value if judgement.note else None,
    } == case["expect"]


def test_every_reason_has_a_case() -> None:
    assert {case["expect"]["reason"] for case in FILE["cases"]} - {None} == {reason.value for reason in Reason}


@given(
    st.lists(st.tuples(st.booleans(), st.integers(1, 5)), max_size=40),
    st.integers(1, 8),
)
def test_counts_never_lie(moves: list[tuple[bool, int]], pass_heads: int) -> None:
    """However people come and go, nobody leaves who wasn't inside, and visits never exceed the heads of the pass."""
    counts = Counts(zone_inside=7)
    visits = 0
    for entering, heads in moves:
        if entering:
            visits += admit(counts, heads=heads, pass_heads=pass_heads)
        else:
            assert leave(counts, heads=heads) <= heads
        assert counts.pass_inside >= 0
        assert counts.zone_inside == 7 + counts.pass_inside
    entered = sum(heads for entering, heads in moves if entering)
    assert counts.pass_entries == counts.day_entries == entered
    assert visits == counts.occurrence_visits == min(pass_heads, entered)
