"""How long people wait for the server when it starts again."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.load import servers
from tests.load.figures import Figure, median_of
from tests.load.installation import Installation

STARTS = 4  # the first one gathers styles and letters
SECONDS = 3.0


def measure() -> list[Figure]:
    """From the command to the first answer of /healthz."""
    with TemporaryDirectory(prefix="medvirk-load-") as folder:
        installation = Installation.make(Path(folder))
        installation.database.dispose()
        taken = []
        for _ in range(STARTS):
            began = time.perf_counter()
            with servers.medvirk(installation.environ):
                taken.append(time.perf_counter() - began)
    return [
        Figure("the first start of `medvirk serve`", taken[0], "s", note="on the clock"),
        median_of("later starts", taken[1:], "s", target=SECONDS, note="on the clock"),
    ]
