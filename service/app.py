"""The composition root: the only module that knows every room."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI

from service.settings import Settings
from service.store.database import Database
from service.store.logs import configure_logs
from service.store.vault import Vault
from service.usecases.batching import Admission
from service.web import clock, operations, problems
from service.web.api import routers as api_routers
from service.web.console import routers as console_routers
from service.web.door import models as door_models
from service.web.door import routers as door_routers
from service.web.frame import Frame
from service.web.holder import routers as holder_routers
from service.web.openapi import DESCRIPTION, TAGS, describe
from service.web.pages import Pages
from service.web.press import routers as press_routers
from service.web.public import routers as public_routers
from service.web.wallets import Wallets

VERSION = "0.1.0"


def open_database(settings: Settings) -> Database:
    """The pool of connections that the settings name."""
    return Database(settings.database_url, pool=settings.database_pool)


def create_app(settings: Settings, *, connect: Callable[[Settings], Database] = open_database) -> FastAPI:
    """The whole service on `settings`, which must name a database and a secret key.

    `connect` opens the database at each start.
    """
    configure_logs(settings.log_level)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # Asked anew at each start: the tests start one application on many databases, one after the other.
        chosen: Settings = app.state.settings
        app.state.devices = {}
        app.state.database = connect(chosen)
        app.state.admission = Admission(app.state.database, skew_seconds=chosen.clock_skew_seconds)
        yield
        await app.state.admission.close()
        await app.state.database.close()

    app = FastAPI(
        title="Biển Đảo",
        version=VERSION,
        description=DESCRIPTION,
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        # An unforeseen error is answered by our own handler, with its trace id.
        debug=False,
    )
    app.state.settings = settings
    app.state.vault = Vault(settings.secret_key)
    app.state.pages = Pages(version=VERSION)
    app.state.wallets = Wallets.read(settings, now=clock.now())
    app.add_middleware(
        Frame,
        body_limit=settings.body_limit,
        upload_limit=settings.upload_limit,
        strict_transport=settings.base_url.startswith("https://"),
    )
    problems.register(app)
    operations.register(app)
    # Routes are tried in this order: the door has no time to lose.
    audiences = (door_routers, api_routers, press_routers, console_routers, holder_routers, public_routers)
    for router in (router for routers in audiences for router in routers):
        app.include_router(router)
    describe(app, models=door_models)
    return app


def create_app_from_environment() -> FastAPI:
    """What uvicorn's workers call: the settings were handed down in the environment by `biendao serve`."""
    return create_app(Settings())
