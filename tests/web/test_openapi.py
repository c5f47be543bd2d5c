"""The API describes itself: every operation in words, with examples, and with its refusals as what they are."""

from typing import Any

import httpx
import pytest

from service.web.openapi import TAGS
from tests.web.operations import OPERATIONS, SCHEMA, Operation, resolve

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def lacking(ask: Any) -> list[str]:
    """The operations for which the question has the answer no."""
    return [str(one) for one in OPERATIONS if not ask(one)]


async def test_it_is_served_and_needs_no_sign_in(client: httpx.AsyncClient) -> None:
    answer = await client.get("/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == SCHEMA


def test_every_operation_is_described_and_stands_under_one_heading() -> None:
    names = [tag["name"] for tag in TAGS]
    assert lacking(lambda one: one.facts.get("summary")) == []
    assert lacking(lambda one: one.facts.get("description")) == []
    assert lacking(lambda one: len(one.facts.get("tags", [])) == 1 and one.facts["tags"][0] in names) == []
    assert {one.facts["tags"][0] for one in OPERATIONS} == set(names)
    summaries = [(one.facts["tags"][0], one.facts["summary"]) for one in OPERATIONS]
    assert sorted(summaries) == sorted(set(summaries))
    ids = [one.facts["operationId"] for one in OPERATIONS]
    assert sorted(ids) == sorted(set(ids))


def test_every_body_has_an_example_that_its_schema_takes() -> None:
    with_json = [one for one in OPERATIONS if "application/json" in one.facts.get("requestBody", {}).get("content", {})]
    assert with_json
    assert [str(one) for one in with_json if one.example() is None] == []
    forms = [one for one in OPERATIONS if "requestBody" in one.facts and one not in with_json]
    files = {str(one) for one in forms if "image/jpeg" in one.facts["requestBody"]["content"]}
    assert files == {
        "PUT /api/v1/events/{event_id}/badge-logo",
        "PUT /api/v1/passes/{pass_id}/portrait",
        "PUT /api/v1/press/applications/{application_id}/files/{kind}",
    }
    assert {str(one) for one in forms} - files == {"POST /api/v1/token", "POST /api/v1/press/token"}


def test_refusals_are_problems_and_nothing_else() -> None:
    for one in OPERATIONS:
        for status, answer in one.facts["responses"].items():
            if status.startswith(("4", "5")):
                assert answer["content"] == PROBLEM, f"{one} {status}"
                assert answer["description"]
    assert "HTTPValidationError" not in SCHEMA["components"]["schemas"]
    assert "ValidationError" not in SCHEMA["components"]["schemas"]
    assert "HTTPValidationError" not in str(SCHEMA["paths"])


def test_refusals_that_an_operation_can_give_are_named() -> None:
    def named(one: Operation) -> bool:
        expected = set()
        if one.permission != "public":
            expected.add("401")
        if ":" in one.permission:
            expected.add("403")
        if one.facts.get("parameters") or "requestBody" in one.facts:
            expected.add("422")
        if "requestBody" in one.facts:
            expected |= {"400", "413", "415"}
        if one.named("path"):
            expected.add("404")
        return expected <= set(one.facts["responses"])

    assert lacking(named) == []


def test_operations_name_the_credentials_that_they_take() -> None:
    schemes = {"staff": "Staff", "journalist": "Journalist", "device": "Device"}
    for one in OPERATIONS:
        taken = {name for choice in one.facts.get("security", []) for name in choice}
        expected = set() if one.permission == "public" else {schemes.get(one.permission, "Staff")}
        assert taken == expected, one


def test_answers_are_described() -> None:
    for one in OPERATIONS:
        (status,) = [status for status in one.facts["responses"] if status.startswith("2")]
        content = one.facts["responses"][status].get("content", {})
        assert (status == "204") == (not content), one
        if "application/json" in content:
            assert content["application/json"]["schema"] != {}, one


def test_references_lead_somewhere() -> None:
    def walk(value: Any) -> None:
        if isinstance(value, list):
            for one in value:
                walk(one)
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                assert resolve(value), value
            for one in value.values():
                walk(one)

    walk(SCHEMA["paths"])
    walk(SCHEMA["components"])


@pytest.mark.parametrize("name", ["Problem", "ScanBatch", "ScanResults"])
def test_what_handlers_read_and_write_by_hand_is_described(name: str) -> None:
    assert SCHEMA["components"]["schemas"][name]["properties"]
