"""How long people wait for the server when it starts again."""

import time
from tempfile import TemporaryDirectory

from tests.load import servers
from tests.load.figures import Figure, median_of

STARTS = 4
SECONDS = 3.0


def measure() -> list[Figure]:
    """`medvirk run` from the command to the first answer of /healthz: with everything to make, and later."""
    with TemporaryDirectory(prefix="medvirk-load-") as folder:
        environ = {"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys"}
        taken = []
        for _ in range(STARTS):
            began = time.perf_counter()
            with servers.medvirk(environ, "run"):
                taken.append(time.perf_counter() - began)
    return [
        Figure("first start of `medvirk run`", taken[0], "s", note="speech and demo made; on the clock"),
        median_of("later starts of `medvirk run`", taken[1:], "s", target=SECONDS, note="on the clock"),
    ]
