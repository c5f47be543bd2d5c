"""What each worker process of `biendao serve` runs: the application, for as long as its supervisor lives."""

import signal

from fastapi import FastAPI

from service.app import create_app_from_environment
from service.store.postgres import end_with_parent


def create_app() -> FastAPI:
    """The application; a worker whose supervisor was killed ends at once, and so gives the port free."""
    if bind_to_supervisor := end_with_parent(signal.SIGKILL):
        bind_to_supervisor()
    return create_app_from_environment()
