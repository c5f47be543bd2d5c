"""Whatever fits the OpenAPI, and whatever doesn't, is answered as the OpenAPI says: never by a 5xx.

Schemathesis makes the requests; they go to the application in this process, most of them about things that exist.
`BIENDAO_FUZZ=500` asks as many questions of each operation; the default is what fits into a run of all tests.
"""

import asyncio
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.domain.accounts import Organisation, Role
from service.store.database import Database
from tests import factories
from tests.conftest import SignInAs
from tests.retelling import told
from tests.web.one_of_each import make_one_of_each
from tests.web.operations import OPERATIONS, SCHEMA, Operation

QUESTIONS = int(os.environ.get("BIENDAO_FUZZ", "8"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
QUICK = settings(
    max_examples=QUESTIONS,
    deadline=None,
    database=None,
    derandomize=True,
    # What fails is told as it was asked; looking for a smaller question would take longer than reading it.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
FUZZED = schemathesis.openapi.from_dict(SCHEMA)
ENDING = ("revoke", "deactivate", "strike", "replace", "withdraw", "suspend", "/state", "DELETE")
"""What ends a thing is asked last: the others should find it alive."""
TAGS = sorted({one.facts["tags"][0] for one in OPERATIONS})

Send = Callable[[str, str, dict[str, str], bytes], httpx.Response]


@dataclass(frozen=True)
class Callers:
    """Who asks, by the headers that they send, and the ids of what they ask about."""

    admin: dict[str, str]
    others: dict[str, dict[str, str]]
    ids: dict[str, str]
    own_application: str


@pytest.fixture
async def callers(
    client: httpx.AsyncClient, database: Database, sign_in_as: SignInAs, organisation: Organisation
) -> Callers:
    async def tell() -> Callers:
        admin = await sign_in_as(Role.ADMIN, everywhere=True)
        ids = {**await make_one_of_each(client, admin, organisation), "rule_set": "vn-press", "version": "1"}
        device = (await factories.enrol_device(client, admin, ids["gate_id"]))["headers"]
        journalist = (await factories.register_journalist(client, 2))["headers"]
        own = await factories.begin(client, journalist, ids["event_id"])
        return Callers(admin, {"device": device, "journalist": journalist, "public": {}}, ids, own["id"])

    return await told(database, "one_of_each", organisation, tell)


@pytest.mark.parametrize("tag", TAGS)
async def test_no_request_is_answered_by_surprise(client: httpx.AsyncClient, callers: Callers, tag: str) -> None:
    loop = asyncio.get_running_loop()

    def send(method: str, url: str, headers: dict[str, str], content: bytes) -> httpx.Response:
        asked = client.request(method, url, headers=headers, content=content)
        return asyncio.run_coroutine_threadsafe(asked, loop).result(timeout=60)

    surprises: dict[str, str] = {}
    mine = [one for one in OPERATIONS if one.facts["tags"] == [tag] and not one.path.endswith("/token/revoke")]
    for one in sorted(mine, key=lambda one: any(word in str(one) for word in ENDING)):
        headers = callers.others.get(one.permission, callers.admin)
        own = {"application_id": callers.own_application} if one.permission == "journalist" else {}
        real = callers.ids | own
        surprise = await asyncio.to_thread(fuzz, one, real, headers, send)
        if surprise:
            surprises[str(one)] = surprise
    assert surprises == {}


def fuzz(operation: Operation, ids: dict[str, str], headers: dict[str, str], send: Send) -> str:
    """The first answer to the operation that the OpenAPI doesn't promise, in words; empty when there is none."""
    asked = FUZZED[operation.path][operation.method]
    known = {name: ids[name] for name in operation.named("path") & ids.keys()} or None
    questions = [asked.as_strategy(GenerationMode.POSITIVE, path_parameters=known)]
    if "requestBody" in operation.facts or operation.named("query"):
        questions.append(asked.as_strategy(GenerationMode.NEGATIVE, path_parameters=known))
    if known:
        questions.append(asked.as_strategy(GenerationMode.NEGATIVE))

    @QUICK
    @given(case=st.one_of(questions), about_real_things=st.booleans())
    def ask(case: Any, about_real_things: bool) -> None:
        if about_real_things:
            case.query = _real(case.query, ids)
            case.body = _real(case.body, ids)
        wanted = case.as_transport_kwargs(base_url="http://test", headers=headers)
        sent = requests.Request(**{key: value for key, value in wanted.items() if value is not None}).prepare()
        body = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
        case.validate_response(send(str(sent.method), str(sent.url), dict(sent.headers), body), checks=CHECKS)

    try:
        with warnings.catch_warnings():
            # Hypothesis and Schemathesis speak of how they generate; the application's warnings stay errors.
            warnings.simplefilter("ignore")
            ask()
    except (Failure, FailureGroup) as wrong:
        return str(wrong)
    return ""


def _real(sent: Any, ids: dict[str, str]) -> Any:
    """What was made up, with the ids of things that exist in their places."""
    if not isinstance(sent, dict):
        return sent
    known: dict[str, Any] = ids | {"gate_ids": [ids["gate_id"]]}
    return {name: known.get(name, value) for name, value in sent.items()}
