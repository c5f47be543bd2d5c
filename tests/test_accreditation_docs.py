"""docs/accreditation.md tells states, moves, verdicts, fields and the draw as they are."""

import re
from pathlib import Path
from uuid import UUID

from service.domain.accreditation import (
    APPLICATION_MOVES,
    AuthorityRule,
    Outcome,
    Power,
    StageRule,
    VerdictKind,
    stage_outcome,
)
from service.domain.accreditation.allocation import commitment, lot
from service.domain.accreditation.answers import FIELDS
from service.domain.accreditation.rules import ClassRule, Said

TEXT = (Path(__file__).parents[1] / "docs" / "accreditation.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
_SAID = {"approve": VerdictKind.APPROVE, "reject": VerdictKind.REJECT, "step back": VerdictKind.ABSTAIN}


def rows(section: str) -> list[list[str]]:
    """The cells of the section's tables, without their heads."""
    lines = [line for line in SECTIONS[section].splitlines() if line.startswith("|") and "|---" not in line]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_every_state_stands_with_its_moves() -> None:
    told = {cells[0].strip("`"): sorted(re.findall(r"`(\w+)`", cells[2])) for cells in rows("States and moves")}
    assert told == {state.value: sorted(then.value for then in moves) for state, moves in APPLICATION_MOVES.items()}


def test_every_example_of_verdicts_comes_to_what_is_told() -> None:
    for stage, verdicts, outcome in rows("How verdicts combine"):
        rule, given, late = read_example(stage, verdicts)
        assert stage_outcome(rule, given, late=late) is Outcome(outcome.partition(":")[0]), (stage, verdicts)


def read_example(stage: str, verdicts: str) -> tuple[StageRule, dict[str, VerdictKind], frozenset[str]]:
    """A stage and the verdicts in it, from the two cells of an example."""
    quorum = re.search(r"quorum (\d+)", stage)
    named = re.findall(r"([a-z ]+) \((veto|vote|advisory)\)", stage)
    codes = [name.strip().replace(" ", "_") for name, _ in named]
    said = Said(vi="x", en="x")
    rule = StageRule(
        authorities=tuple(
            AuthorityRule(code=code, name=said, power=Power(power), days=1, sees=())
            for code, (_, power) in zip(codes, named, strict=True)
        ),
        quorum=int(quorum[1]) if quorum else None,
    )
    cells = dict(zip(codes, verdicts.split(", "), strict=True))
    given = {code: _SAID[cell] for code, cell in cells.items() if cell in _SAID}
    return rule, given, frozenset(code for code, cell in cells.items() if "late" in cell)


def test_the_draw_can_be_computed_again() -> None:
    section = SECTIONS["Sharing out places"]
    (seed,) = re.findall(r"the seed `([a-z-]+)`", section)
    assert commitment(seed) in section
    told = [(UUID(cells[0].strip("`")), cells[1].strip("`"), int(cells[2])) for cells in rows("Sharing out places")]
    lots = {one: lot(seed, one) for one, _, _ in told}
    assert [rank for *_, rank in told] == [1, 2, 3, 4]
    assert sorted(lots, key=lambda one: lots[one]) == [one for one, _, _ in told]
    assert all(lots[one].startswith(begins) for one, begins, _ in told)


def test_every_field_and_every_part_of_a_class_is_named() -> None:
    section = SECTIONS["Rule sets"]
    told = {code for cells in rows("Rule sets") for code in re.findall(r"`([\w:]+)`", cells[0])}
    assert told >= FIELDS
    for name in ClassRule.model_fields:
        assert f"{name}" in section, name
