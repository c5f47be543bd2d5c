"""What many tests of the API begin with; it is told once, and its rows are brought back for the next."""

import httpx
import pytest

from service.domain.accounts import Organisation, Role
from service.store.database import Database
from tests import factories
from tests.conftest import SignInAs
from tests.factories import Headers, Stage
from tests.retelling import told


@pytest.fixture
async def staged(
    client: httpx.AsyncClient, database: Database, sign_in_as: SignInAs, organisation: Organisation
) -> tuple[Headers, Stage]:
    """An administrator of the organisation, and an open event of it; `admin` and `stage` are its two halves.

    A file that starts from another pair, such as `pressed`, overrides this one.
    """

    async def tell() -> tuple[Headers, Stage]:
        admin = await sign_in_as(Role.ADMIN)
        return admin, await factories.make_stage(client, admin, organisation)

    return await told(database, "stage", organisation, tell)


@pytest.fixture
def admin(staged: tuple[Headers, Stage]) -> Headers:
    """The headers of an administrator of the organisation."""
    return dict(staged[0])


@pytest.fixture
def stage(staged: tuple[Headers, Stage]) -> Stage:
    """An open event of the organisation, with one stop."""
    return staged[1]


@pytest.fixture
async def pressed(
    client: httpx.AsyncClient, database: Database, sign_in_as: SignInAs, organisation: Organisation
) -> tuple[Headers, Stage]:
    """An administrator everywhere, and an event that takes one-day applications."""

    async def tell() -> tuple[Headers, Stage]:
        admin = await sign_in_as(Role.ADMIN, everywhere=True)
        made = await factories.make_stage(client, admin, organisation)
        await factories.open_press(client, admin, made.event_id, organisation)
        return admin, made

    return await told(database, "stage_of_the_press", organisation, tell)
