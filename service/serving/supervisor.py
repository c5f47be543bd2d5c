"""The supervisor of the worker processes: starts them, replaces one that dies, stops them all."""

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from multiprocessing import resource_tracker

import uvicorn
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from service.serving.background import Background
from service.settings import Settings
from service.store.folders import CannotStart


class Supervisor(Multiprocess):
    """uvicorn's supervisor, calm on a terminal and honest about what goes wrong."""

    def __init__(
        self,
        settings: Settings,
        listening: list[socket.socket],
        *,
        background: Background | None,
        database_lives: Callable[[], bool],
        when_ready: Callable[[], None],
    ) -> None:
        config = uvicorn.Config(
            "service.serving.worker:create_app",
            factory=True,
            workers=settings.workers,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips="127.0.0.1",
            timeout_graceful_shutdown=10,
        )
        super().__init__(config, listening)
        self._problem = ""
        self._background = background
        self._address = listening[0].getsockname()[:2]
        self._database_lives = database_lives
        self._when_ready = when_ready
        self._ready = threading.Event()

    def run(self) -> None:
        """Runs the workers until a signal comes; raises CannotStart when they can't run."""
        threading.Thread(target=self._announce, daemon=True).start()
        super().run()
        if self._problem:
            raise CannotStart(self._problem)

    def init_processes(self) -> None:
        with out_of_reach_of_ctrl_c():
            self.processes = [self._start(own) for own in self.sockets]

    def _start(self, own: socket.socket) -> Process:
        """A worker on a listening socket of its own."""
        process = Process(self.config, [own])
        process.start()
        return process

    def keep_subprocess_alive(self) -> None:
        if not self._database_lives():
            self._give_up("The embedded database stopped by itself; its log lies in the data folder")
        elif not self._ready.is_set() and not all(worker.process.is_alive() for worker in self.processes):
            self._give_up("The workers can't start; the reason stands above")
        elif self._ready.is_set():
            with out_of_reach_of_ctrl_c():
                self._replace_the_dead()
            if self._background:
                self._background.keep_alive()

    def _replace_the_dead(self) -> None:
        """A new worker takes the place and the socket of each one that died or hangs."""
        for place, process in enumerate(self.processes):
            if not self.should_exit.is_set() and not process.is_alive(timeout=self.config.timeout_worker_healthcheck):
                process.kill()
                process.join()
                self.processes[place] = self._start(self.sockets[place])

    def handle_hup(self) -> None:
        """A closed terminal ends the service."""
        self.should_exit.set()

    def _give_up(self, problem: str) -> None:
        if not self.should_exit.is_set():
            self._problem = problem
            self.should_exit.set()

    def _announce(self) -> None:
        """Waits until the service answers that it is ready, and says so."""
        host, port = self._address
        # An address that means "all" is asked at home.
        here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        while not self.should_exit.is_set():
            if answers_ready(here, port):
                self._ready.set()
                if not self.should_exit.is_set():
                    self._when_ready()
                return
            time.sleep(0.05)


def answers_ready(host: str, port: int) -> bool:
    """Whether the service at this address can do its work."""
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def out_of_reach_of_ctrl_c() -> Iterator[None]:
    """Processes started in here never see the terminal's SIGINT: the supervisor stops them, with SIGTERM."""
    # Python's own tracker of shared resources would open the way for SIGINT again if it started in here.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
