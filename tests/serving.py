"""Production's server for one test after another, each forked from a process that has read the program already.

That process has no thread, and nothing of a test: no settings, no database, no key. What is forked serves with Granian,
whose own processes are forks likewise. tests/journeys/test_serving_process.py starts what municipalities start.
"""

import atexit
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from functools import cache
from tempfile import TemporaryDirectory
from typing import Any, NoReturn


class Forks:
    """Servers of the process that makes this, which end with it."""

    def __init__(self) -> None:
        one_thread = {"OPENBLAS_NUM_THREADS": "1"}  # a fork has no other
        command = [sys.executable, "-m", "tests.serving"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | one_thread
        )
        atexit.register(self._end)

    def start(self, environment: dict[str, str], port: int) -> int:
        """A server with these settings, which may not answer yet; its process."""
        return self._ask({"start": [environment, port]})

    def runs(self, server: int) -> bool:
        return bool(self._ask({"look": server}))

    def stop(self, server: int) -> None:
        """Told to stop, and gone."""
        self._ask({"stop": server})

    def _ask(self, asked: dict[str, Any]) -> int:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def _end(self) -> None:
        self._process.communicate()


@cache
def forks() -> Forks:
    """Those of this process."""
    return Forks()


def main() -> None:
    """Do what each line of JSON asks, and answer with a number."""
    _read_the_program()
    servers: set[int] = set()
    for line in sys.stdin:
        ((what, value),) = json.loads(line).items()
        answer = 0
        if what == "start":
            answer = os.fork() or _serve(*value)
            servers.add(answer)
        elif what == "look":
            answer = os.waitid(os.P_PID, value, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        else:
            _end(value)
            servers.remove(value)
        print(int(answer), flush=True)
    for server in servers:
        _end(server)


def _read_the_program() -> None:
    """Also what it reads when it begins: content, pictures, templates."""
    from survey.app import create_app
    from survey.keys import KeyStore
    from survey.settings import Settings
    from tests import quickly

    multiprocessing.set_start_method("fork")  # what Granian takes on Linux, up to Python 3.13
    quickly.everything()
    with TemporaryDirectory(prefix="medvirk-serving-") as folder:
        settings = Settings.from_environment({"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys"})
        KeyStore(settings.keys).make_session_key()
        create_app(settings).extensions["medvirk.database"].dispose()
    assert threading.active_count() == 1


def _serve(environment: dict[str, str], port: int) -> NoReturn:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ.update(environment)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)  # what asks and answers is not the server's
    server = Granian(
        "survey.app:create_app",
        factory=True,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=4,
        log_level=LogLevels.warning,
    )
    try:
        server.serve()
    finally:
        os._exit(0)


def _end(server: int) -> None:
    os.kill(server, signal.SIGTERM)
    os.waitpid(server, 0)


if __name__ == "__main__":
    main()
