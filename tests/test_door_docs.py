"""docs/door.md tells every reason and every note that a scan can be answered with, and what they lead to."""

import re
from pathlib import Path

from service.domain.judging import UNSURE, Note, Reason

DOOR = (Path(__file__).parents[1] / "docs" / "door.md").read_text("utf-8")


def test_every_reason_stands_in_the_docs_with_its_decision() -> None:
    told = {
        reason: decision
        for reasons, decision in re.findall(r"^\| (`[a-z_`, ]+`) \| .+? \| (refuse|unsure) \|$", DOOR, re.MULTILINE)
        for reason in re.findall(r"`([a-z_]+)`", reasons)
    }
    assert told == {reason.value: "unsure" if reason in UNSURE else "refuse" for reason in Reason}


def test_every_note_stands_in_the_docs() -> None:
    assert [note.value for note in Note if f"`{note.value}`" not in DOOR] == []
