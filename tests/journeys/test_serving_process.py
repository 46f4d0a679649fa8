"""The server as people meet it in a terminal: Ctrl-C, or closing the window, ends it and all it started."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from survey import serving
from survey.commands.running import upgrade
from survey.settings import Settings
from tests.load.servers import free_port, wait_for


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGHUP])
def test_a_terminal_that_tells_all_its_processes_to_stop_leaves_none(tmp_path: Path, told: signal.Signals) -> None:
    environ = {"MEDVIRK_DATA": f"{tmp_path}/data", "MEDVIRK_KEYS": f"{tmp_path}/keys", "PORT": str(free_port())}
    upgrade(Settings.from_environment(environ))
    with subprocess.Popen(
        (sys.executable, "-m", "survey.cli", "serve"),
        env={**os.environ, **environ},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as server:
        wait_for(int(environ["PORT"]), "/healthz", server)
        started = psutil.Process(server.pid).children(recursive=True)
        os.killpg(server.pid, told)
        try:
            _, errors = server.communicate(timeout=serving.STOPPING + 10)
        finally:
            left = [process for process in started if process.is_running()]
            for process in (*left, server):
                process.kill()
    assert (len(started) >= 2, left, errors) == (True, [], "")
