"""The rule sets that come with the service; each tells in itself what it rests on and how surely that is known."""

import json
from functools import cache
from importlib import resources
from typing import Any

DEFAULT = "vn-press"
"""The rule set that new events are offered."""


@cache
def packaged_rules(code: str = DEFAULT) -> dict[str, Any]:
    """The body of a packaged rule set, as it is kept."""
    text = resources.files(__name__).joinpath(f"{code}.json").read_text("utf-8")
    body: dict[str, Any] = json.loads(text)
    return body
