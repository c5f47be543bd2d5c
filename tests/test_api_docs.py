"""docs/api.md tells every problem code and every operation as they are."""

import re
from pathlib import Path

from service.domain.errors import TITLES
from service.web.openapi import TAGS
from tests.web.operations import OPERATIONS

API = (Path(__file__).parents[1] / "docs" / "api.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", API, re.MULTILINE | re.DOTALL))


def test_every_problem_code_stands_in_the_docs_with_its_title() -> None:
    told = re.findall(
        r"^\| `([a-z_]+)` \| (?:[0-9]{3}(?:, [0-9]{3})*|other) \| (.+?) \|", SECTIONS["Problems"], re.MULTILINE
    )
    assert dict(told) == TITLES


def test_every_part_has_its_section() -> None:
    assert [tag["name"] for tag in TAGS if tag["name"] not in SECTIONS] == []


def test_every_operation_stands_in_its_section_with_its_permission() -> None:
    told = {
        (part, operation, permission)
        for part, text in SECTIONS.items()
        for operation, permission in re.findall(r"^\| `([A-Z]+ /\S+)` \| `([a-z:_]+)` \|", text, re.MULTILINE)
    }
    assert told == {(one.facts["tags"][0], str(one), one.permission) for one in OPERATIONS}
