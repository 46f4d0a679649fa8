"""Serve the web and run the worker, each in processes of its own."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

STARTING, STOPPING = 60, 5  # seconds; a process told to stop while it starts may never hear it


class ServingError(Exception):
    """The address cannot be served; the message names the cure."""


def serve(host: str, port: int, with_worker: bool, when_ready: Callable[[], None] | None = None) -> None:
    """Serve until stopped. No access log is kept: it would hold times and addresses of who answered.

    `when_ready` is called when the address is taken and pages can be fetched.

    Raises: ServingError where the address is taken or not ours.
    """
    _check_free(host, port)
    server = Granian(
        "survey.app:create_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=min(4, os.cpu_count() or 1),
        blocking_threads=4,
        log_access=False,
        log_level=LogLevels.warning,
        websockets=False,
        workers_kill_timeout=STOPPING,
    )
    if when_ready:
        threading.Thread(target=_when_open, args=(host, port, when_ready), daemon=True).start()
    worker = _start_worker() if with_worker else None
    try:
        server.serve()
    finally:
        if worker:
            worker.send_signal(signal.SIGTERM)
            worker.wait()


def _check_free(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        raise ServingError(f"Cannot serve on {host}:{port} ({error.strerror}). Choose another: PORT=8001") from None


def _when_open(host: str, port: int, tell: Callable[[], None]) -> None:
    give_up = time.monotonic() + STARTING
    while time.monotonic() < give_up:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            tell()
            return


def _start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "survey.cli", "worker"])
