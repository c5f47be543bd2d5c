"""What each worker process of `biendao serve` runs: the application, for as long as its supervisor lives."""

import gc
import signal
from multiprocessing import parent_process

from fastapi import FastAPI

from service.store.postgres import end_with_parent


def create_app() -> FastAPI:
    """The application; a worker whose supervisor was killed ends at once, and so gives the port free."""
    supervisor = parent_process()
    bind = end_with_parent(signal.SIGKILL, parent=supervisor.pid) if supervisor and supervisor.pid else None
    if bind:
        bind()
    # Nothing of what is loaded is garbage: looking for some took a sixth of the time that loading takes.
    gc.disable()
    from service.app import create_app_from_environment  # noqa: PLC0415

    app = create_app_from_environment()
    # What is loaded now stays for ever: the garbage collector needn't walk it again and again. Batches of scans
    # make many short-lived objects without cycles; collecting less often took a third off their time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    gc.enable()
    return app
