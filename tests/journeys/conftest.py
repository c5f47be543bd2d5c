"""What the journeys share: one browser with a camera, and a service that tells the story of the pages."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from service.store.database import Database
from service.web.clock import now
from tests.conftest import SECRET, add_department
from tests.journeys.looking import AXE, City, film_a_face, open_chromium
from tests.serving import fresh_copy, running
from tests.web.page_story import tell


@pytest.fixture(scope="session")
async def chromium(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """One browser for all journeys; each opens windows of its own in it. Its camera sees a face."""
    if not AXE.is_file():
        pytest.skip("service/web/frontend/node_modules is absent: run `npm ci` there")
    async with open_chromium(film_a_face(tmp_path_factory.mktemp("camera") / "face.mjpeg")) as browser:
        yield browser


@pytest.fixture(scope="module")
async def city(postgres_url: str, template: str, request: pytest.FixtureRequest) -> AsyncIterator[City]:
    """One service and one story for all tests of a file; each changes only what no other looks at.

    A file whose tests need the worker says so by `BACKGROUND = True`: it takes a while to start.
    """
    background = str(getattr(request.module, "BACKGROUND", False)).lower()
    async with fresh_copy(postgres_url, template, "pages_in_a_browser") as url:
        database = Database(url)
        department = await add_department(database, now())
        told = await tell(database, SECRET, department, now())
        await database.close()
        with running(url, workers=1, BIENDAO_SECRET_KEY=SECRET, BIENDAO_BACKGROUND=background) as address:
            yield City(address, told)
