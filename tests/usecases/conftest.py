"""What tests of use cases share: the demo city, which takes half a minute to load."""

from collections.abc import AsyncIterator

import pytest

from tests.demo_city import City, loaded


@pytest.fixture(scope="session")
async def city(postgres_url: str, template: str) -> AsyncIterator[City]:
    """The demo in a database of its own, for tests that change nothing in it."""
    async with loaded(postgres_url, template) as found:
        yield found
