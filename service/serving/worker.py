"""What each worker process of `biendao serve` runs: the application, for as long as its supervisor lives."""

import signal
from multiprocessing import parent_process

from fastapi import FastAPI

from service.app import create_app_from_environment
from service.store.postgres import end_with_parent


def create_app() -> FastAPI:
    """The application; a worker whose supervisor was killed ends at once, and so gives the port free."""
    supervisor = parent_process()
    bind = end_with_parent(signal.SIGKILL, parent=supervisor.pid) if supervisor and supervisor.pid else None
    if bind:
        bind()
    return create_app_from_environment()
