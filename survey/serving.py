"""Serve the web and run the worker, each in processes of its own."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from survey.app import create_app

STARTING, STOPPING = 60, 5  # seconds


class ServingError(Exception):
    """The address cannot be served; the message names the cure."""


def serve(host: str, port: int, with_worker: bool, when_ready: Callable[[], None] | None = None) -> None:
    """Serve until stopped. No access log is kept: it would hold times and addresses of who answered.

    `when_ready` is called when the address is taken and pages can be fetched.

    Raises: ServingError where the address is taken or not ours.
    """
    _check_free(host, port)
    server = Granian(
        "survey.serving:application",
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
    # Granian would start anew on SIGHUP: a terminal whose window is closed means stop.
    server.on_startup(lambda: signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGINT)))
    if when_ready:
        threading.Thread(target=_when_open, args=(host, port, when_ready), daemon=True).start()
    worker = _start_worker() if with_worker else None
    try:
        server.serve()
    finally:
        if worker:
            worker.send_signal(signal.SIGTERM)
            worker.wait()


def application() -> Flask:
    """What a web process serves. It is stopped by its parent alone, and even while it still starts.

    A terminal tells every process at once to stop; one told so twice has been seen to stay.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    return create_app()


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
    # Out of the terminal's reach, as the web's processes are.
    return subprocess.Popen([sys.executable, "-m", "survey.cli", "worker"], start_new_session=True)
