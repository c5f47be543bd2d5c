"""The check that docs/passes.md gives to others: it is run here as it stands there."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.domain.accounts import Organisation, Role
from service.domain.accreditation import APPLICATION_MOVES
from service.domain.passes import PassState
from tests import factories
from tests.conftest import NOW, SignInAs

DOCS = (Path(__file__).parents[2] / "docs" / "passes.md").read_text(encoding="utf-8")


@pytest.fixture
def read_pass() -> Callable[..., dict[str, Any] | None]:
    (example,) = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(example, "docs/passes.md", "exec"), names)  # noqa: S102 (our own documentation)
    function: Callable[..., dict[str, Any] | None] = names["read_pass"]
    return function


async def test_anybody_can_check_a_pass_with_the_published_keys(
    client: httpx.AsyncClient,
    sign_in_as: SignInAs,
    organisation: Organisation,
    read_pass: Callable[..., dict[str, Any] | None],
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    stage = await factories.make_stage(client, headers, organisation)
    await factories.make_zone(client, headers, stage.occurrence_id, code="VIP")
    issued = [await factories.issue_pass(client, headers, stage.event_id, *zones) for zones in ("AB", ["VIP"])]
    mixed = await factories.issue_pass(client, headers, stage.event_id, "A", "VIP")
    jwks = (await client.get("/.well-known/jwks.json")).json()
    for one in (*issued, mixed):
        assert read_pass(one["code"], jwks, NOW) == {
            "serial": one["serial"],
            "zones": one["zones"],
            "valid_from": datetime(2026, 11, 19, 17, tzinfo=UTC),
            "valid_until": datetime(2026, 11, 27, 17, tzinfo=UTC),
        }
    code = mixed["code"]
    header, claims, signature = code.split(".")
    for wrong in ("", code[:-2], f"{header}.{claims}.", f"{header}.{claims[:-1]}A.{signature}", issued[0]["serial"]):
        assert read_pass(wrong, jwks, NOW) is None
    assert read_pass(code, jwks, NOW - timedelta(days=30)) is None
    assert read_pass(code, jwks, datetime(2026, 11, 27, 17, tzinfo=UTC)) is None
    assert read_pass(code, {"keys": []}, NOW) is None
    other = await factories.make_stage(client, headers, organisation)
    foreign = await factories.issue_pass(client, headers, other.event_id)
    assert read_pass(foreign["code"], jwks, NOW) is None
    now_known = (await client.get("/.well-known/jwks.json")).json()
    assert (read_pass(foreign["code"], now_known, NOW) or {})["serial"] == foreign["serial"]


def test_the_table_of_steps_is_that_of_the_code() -> None:
    told: dict[str, set[str]] = {}
    table = DOCS.split("| from | to |")[1].split("\n\n")[0]
    for states, steps in re.findall(r"^\| ([a-z_, ]+) \| ([^|]+) \|$", table, re.MULTILINE):
        for state in states.split(", "):
            told[state] = {step.split(" ")[0] for step in steps.strip().split(", ")}
    moves = {state.value: {step.value for step in steps} for state, steps in APPLICATION_MOVES.items() if steps}
    # Nobody sees a draft: an application begins submitted.
    del moves["draft"]
    assert told == moves


def test_every_state_of_a_pass_is_explained() -> None:
    assert [state for state in PassState if f"`{state}`" not in DOCS] == []
