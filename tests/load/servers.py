"""Servers on loopback, as they run in production, and the processor time their processes take."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
PATIENCE = 180.0  # seconds until a server must answer; the demo's first start makes all speech


@dataclass(frozen=True)
class Server:
    """Where it answers, and the processes that work for it: name -> the one above the others of its kind."""

    port: int
    processes: Mapping[str, int]

    def seconds(self) -> dict[str, float]:
        """What each kind of process has had of the processor until now."""
        return {name: _processor_seconds(pid) for name, pid in self.processes.items()}


@contextmanager
def bare() -> Iterator[Server]:
    """The bare route."""
    port = free_port()
    with _started(port, "/", "tests.load.bare", str(port)) as server:
        yield server


@contextmanager
def medvirk(environ: Mapping[str, str], *command: str) -> Iterator[Server]:
    """A command that serves; `serve` without its worker unless another is given."""
    port = free_port()
    command = command or ("serve", "--without-worker")
    with _started(port, "/healthz", "survey.cli", *command, environ={**environ, "PORT": str(port)}) as server:
        yield server


@contextmanager
def _started(port: int, address: str, *module: str, environ: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A Python module that serves a port, once it answers at `address`; stopped at the end with all below it."""
    process = subprocess.Popen(
        (sys.executable, "-m", *module),
        env={**os.environ, **(environ or {})},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port, address, process)
        yield Server(port, {"web": process.pid})
    finally:
        if process.poll() is not None:
            print(f"The server of {address} had ended by itself ({process.returncode}).", file=sys.stderr)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(port: int, address: str, process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    """Until the server answers 200.

    Raises: RuntimeError where it ended or does not answer.
    """
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", address)
            if connection.getresponse().status == 200:
                return
        except ConnectionError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise RuntimeError(f"The server does not answer at {address}.")


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _processor_seconds(pid: int) -> float:
    """User and system time of a process, of all below it, and of those of them that ended."""
    root = psutil.Process(pid)
    of_root = root.cpu_times()
    ended = of_root.children_user + of_root.children_system
    alive = [each.cpu_times() for each in root.children(recursive=True)]
    return float(sum(times.user + times.system for times in (of_root, *alive)) + ended)
