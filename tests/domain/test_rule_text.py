"""Rule sets as text: every fault at its place, and what a version says otherwise."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from service.domain.accreditation import read_rules
from service.domain.accreditation.packaged import packaged_rules
from service.domain.accreditation.rule_text import Change, Part, Unreadable, compare, parse_rules, write_rules

TEXT = write_rules(read_rules(packaged_rules()))


def altered(change: Callable[[Any], None]) -> str:
    body = json.loads(TEXT)
    change(body)
    return json.dumps(body, ensure_ascii=False, indent=2)


def faults_of(text: str) -> list[tuple[str, str]]:
    """(Pointer, what stands at the place) of each fault."""
    with pytest.raises(Unreadable) as refused:
        parse_rules(text)
    lines = text.split("\n")
    return [(one.pointer, lines[one.line - 1][one.column - 1 :]) for one in refused.value.faults]


def test_what_is_written_is_read_again_the_same() -> None:
    body, rules = parse_rules(TEXT)
    assert rules == read_rules(packaged_rules())
    assert [*body] == ["format", "name", "sources", "reasons", "classes"]
    assert compare(rules, read_rules(body)) == []


def test_faults_stand_at_their_values() -> None:
    def spoil(body: Any) -> None:
        body["classes"][0]["stages"][1]["authorities"][0]["days"] = 99
        body["classes"][5]["quota"]["per_outlet"] = -7
        body["sources"]["g20_letter"]["read_as"] = "hearsay"

    assert faults_of(altered(spoil)) == [
        ("/sources/g20_letter/read_as", '"hearsay",'),
        ("/classes/0/stages/1/authorities/0/days", "99,"),
        ("/classes/5/quota/per_outlet", "-7"),
    ]


def test_what_is_missing_is_told_where_it_is_missing() -> None:
    def spoil(body: Any) -> None:
        del body["classes"][2]["name"]

    ((pointer, there),) = faults_of(altered(spoil))
    assert (pointer, there) == ("/classes/2/name", "{")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{\n  "format": 1,\n}', 3, 1),
        ('{"a": tru}', 1, 7),
        ("", 1, 1),
        ("[" * 100_000, 0, 0),
        ('{"a": ' + "9" * 5000 + "}", 0, 0),
        ('{"a": 1, "a": 2}', 0, 0),
        ('{\n "a": "\\ud800"}', 2, 8),
        ("5", 0, 0),
    ],
)
def test_what_is_no_rule_set_is_refused_with_a_place_where_there_is_one(text: str, line: int, column: int) -> None:
    with pytest.raises(Unreadable) as refused:
        parse_rules(text)
    first = refused.value.faults[0]
    assert (first.line, first.column) == (line, column)


def test_changes_are_told_by_names_and_not_by_places() -> None:
    body = packaged_rules()
    other = copy.deepcopy(body)
    domestic = other["classes"][0]
    domestic["stages"][0]["authorities"].reverse()
    domestic["stages"][0]["authorities"][0]["days"] = 5
    domestic["asks"] = domestic["asks"][1:]
    other["classes"] = other["classes"][:-1]
    other["reasons"].append({"code": "new_one", "to": ["rejected"], "text": {"vi": "Lý do", "en": "Reason"}})
    told = compare(read_rules(body), read_rules(other))
    assert [(one.code, one.kind) for one in told] == [("", "changed"), ("domestic", "changed"), ("one_day", "removed")]
    assert [change.path for change in told[0].changes] == [("reasons", "new_one")]
    assert told[1].changes == (
        Change(("asks", "pen_name"), {"code": "pen_name", "required": False}, None),
        Change(("stages", "1", "authorities", "host", "days"), 2, 5),
    )


def test_another_order_of_classes_is_a_change_too() -> None:
    body = packaged_rules()
    other = copy.deepcopy(body)
    other["classes"].reverse()
    codes = [one["code"] for one in body["classes"]]
    assert compare(read_rules(body), read_rules(other)) == [
        Part("", "changed", (Change(("classes",), codes, codes[::-1]),))
    ]
