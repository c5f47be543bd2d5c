"""The operations that the OpenAPI names, and requests to them that look plausible."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from service.app import create_app
from service.settings import Settings

SCHEMA: dict[str, Any] = create_app(
    Settings(database_url="postgresql://nobody@127.0.0.1/none", secret_key="x" * 32, log_level="error")
).openapi()
"""What `/openapi.json` answers; describing itself, the application asks nothing of a database."""


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation of the OpenAPI."""

    method: str
    path: str
    facts: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def permission(self) -> str:
        return str(self.facts.get("x-permission", "not stated"))

    def named(self, place: str) -> set[str]:
        """The names of its parameters in the path or in the query."""
        return {one["name"] for one in self.facts.get("parameters", ()) if one["in"] == place}

    def at(self, **ids: str) -> str:
        """Its path with these ids, and ids that name nothing in the places of the others."""
        return self.path.format(**{name: ids.get(name, str(uuid4())) for name in self.named("path")})

    def example(self) -> Any:
        """The example of its JSON body, or None when it takes none."""
        content = self.facts.get("requestBody", {}).get("content", {}).get("application/json")
        return None if content is None else resolve(content["schema"]).get("example")


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema, or the component that it refers to."""
    if "$ref" not in schema:
        return schema
    found: dict[str, Any] = SCHEMA["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def _operations() -> Iterator[Operation]:
    for path, methods in SCHEMA["paths"].items():
        for method, facts in methods.items():
            yield Operation(method.upper(), path, facts)


OPERATIONS = tuple(_operations())
