"""Servers on loopback, as they run in production, and the processor time their processes take."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds until a server must answer


@contextmanager
def bare() -> Iterator[tuple[int, int]]:
    """The bare route; gives its port and its process."""
    with _started("-m", "tests.load.bare", environ={}, address="/") as port_and_process:
        yield port_and_process


@contextmanager
def medvirk(environ: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """`medvirk serve` without its worker; gives its port and its process."""
    serve = ("-m", "survey.cli", "serve", "--without-worker", "--port")
    with _started(*serve, environ=environ, address="/healthz") as port_and_process:
        yield port_and_process


@contextmanager
def _started(*arguments: str, environ: Mapping[str, str], address: str) -> Iterator[tuple[int, int]]:
    """A Python process that serves the port given as its last argument, until it answers at `address`."""
    port = free_port()
    command = (sys.executable, *arguments, str(port))
    process = subprocess.Popen(command, env=os.environ | environ, cwd=ROOT, start_new_session=True)
    try:
        wait_for(port, address)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(port: int, address: str) -> None:
    """Until the server answers 200.

    Raises: TimeoutError.
    """
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", address)
            if connection.getresponse().status == 200:
                return
        except ConnectionError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise TimeoutError(f"No server answered at {address}.")


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def processor_seconds(pid: int) -> float:
    """What a process, all below it and those of them that ended have had of the processor, user and system."""
    root = psutil.Process(pid)
    of_root = root.cpu_times()
    ended = of_root.children_user + of_root.children_system
    alive = [each.cpu_times() for each in root.children(recursive=True)]
    return float(sum(times.user + times.system for times in (of_root, *alive)) + ended)
