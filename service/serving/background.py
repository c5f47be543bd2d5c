"""The worker process beside the web: started, replaced when it dies, stopped with everything else."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from service.settings import Settings
from service.store.postgres import end_with_parent

_PATIENCE = 20
"""Seconds that the worker gets to end what it began."""
_PAUSE = 5
"""Seconds between two starts, so that a worker which can't live doesn't eat the machine."""


class Background:
    """The worker process of `biendao serve`; its settings were handed down in the environment."""

    def __init__(self) -> None:
        self._started = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def keep_alive(self) -> None:
        """Starts the worker, or starts it again when it has died."""
        if self._process is not None and self._process.poll() is None:
            return
        if time.monotonic() - self._started < _PAUSE:
            return
        self._started = time.monotonic()
        # A session of its own: the terminal's Ctrl-C reaches the supervisor, which stops the worker.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "worker"],
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGTERM, parent=os.getpid()),  # noqa: PLW1509 (one thread forks here)
        )

    def stop(self) -> None:
        """Lets the worker end what it began, for a while."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def background_of(settings: Settings) -> Iterator[Background | None]:
    """The worker that `serve` runs, or None where it runs apart."""
    background = Background() if settings.background else None
    try:
        yield background
    finally:
        if background:
            background.stop()
