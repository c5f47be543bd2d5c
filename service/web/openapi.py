"""How the API describes itself: its parts in order, and problem answers as what they are."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service.web.problems import MEDIA_TYPE, Problem

DESCRIPTION = """\
Exhibitions about the seas and islands, seminars and political-diplomatic events of a city: plan them, accredit
journalists, issue signed QR passes, scan them at the door, know the attendance of every unit.

Press **Authorize** and sign in; every operation names the permission that it needs as `x-permission`.
Refusals are `application/problem+json` (RFC 9457) with a stable `code`. Lists take `limit` and `cursor`.
Changes take an `Idempotency-Key`: the same key and body get the same answer for 24 hours.
"""
TAGS = [
    {"name": "sign-in", "description": "Tokens, organisations, staff and what is granted to them."},
    {"name": "places", "description": "Administrative units over time, and venues."},
    {
        "name": "events",
        "description": "Programmes, events, their occurrences (tour stops, sittings), zones and gates.",
    },
    {"name": "press", "description": "For journalists: register, apply, see where an application stands."},
    {"name": "accreditation", "description": "Rule sets, accreditation of events, applications and decisions."},
    {"name": "reviews", "description": "For authorities: what waits for them, what they are shown, their verdicts."},
    {"name": "outlets", "description": "Outlets by all their names, focal points, standing accreditations."},
    {"name": "passes", "description": "Entry passes, their codes, the keys that sign them, and revocation lists."},
    {"name": "badges", "description": "How badges look, printing one and many, and where each one is."},
    {"name": "door", "description": "Devices, scans, tallies, overrides and undos."},
    {"name": "attendance", "description": "How many came: visits, entries and distinct holders."},
    {"name": "audit", "description": "Who changed what."},
    {"name": "operations", "description": "Health and metrics."},
]


def describe(app: FastAPI, *, models: tuple[type[BaseModel], ...]) -> None:
    """Makes `/openapi.json` say problem+json where FastAPI would say its own validation error.

    `models` are bodies that a handler reads by itself and FastAPI therefore doesn't know.
    """

    def openapi() -> dict[str, Any]:
        if app.openapi_schema:
            return app.openapi_schema
        schema = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            tags=TAGS,
        )
        schema["components"]["schemas"].pop("HTTPValidationError", None)
        schema["components"]["schemas"].pop("ValidationError", None)
        known_models: list[type[BaseModel]] = [Problem, *models]
        _, known = models_json_schema(
            [(model, "validation") for model in known_models], ref_template="#/components/schemas/{model}"
        )
        for name, model in known["$defs"].items():
            schema["components"]["schemas"].setdefault(name, model)
        for operation in _operations(schema):
            _tell_problems(operation)
        app.openapi_schema = schema
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def _operations(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        operation
        for path in schema["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict) and "responses" in operation
    ]


def _tell_problems(operation: dict[str, Any]) -> None:
    """Every refusal is problem+json and nothing else; every body can be unreadable, too large or of another kind."""
    body = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    found: dict[str, Any] = operation["responses"]
    if operation.get("requestBody"):
        found.setdefault("400", {"description": "Bad Request"})
        found.setdefault("413", {"description": "Content Too Large"})
        found.setdefault("415", {"description": "Unsupported Media Type"})
    for status, answer in found.items():
        if status.startswith(("4", "5")):
            answer["content"] = body
