"""How long a slow tablet takes from a press to the next question on the screen."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import CDPSession, Page

from tests.browser.conftest import CHROMIUM
from tests.load import servers
from tests.load.figures import Figure, median_of
from tests.load.installation import Installation, residents
from tests.load.pages import chromium

SLOWER = 4  # times
MOST = 50.0  # milliseconds

# Gives the milliseconds until the frame that follows the press has been made.
PRESS = """() => new Promise((painted) => {
  const pressed = performance.now();
  document.getElementById("next").click();
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => painted(performance.now() - pressed);
    port2.postMessage(0);
  });
})"""


def measure() -> list[Figure]:
    """Press Next on every question, on a processor made four times as slow."""
    if CHROMIUM is None:
        print("NO CHROMIUM HERE: painting is not measured. Debian/Ubuntu: apt install chromium", file=sys.stderr)
        return []
    worked, waited = [], []
    with _first_question() as page:
        network = page.context.new_cdp_session(page)
        network.send("Performance.enable", {"timeDomain": "threadTicks"})
        network.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        for _ in residents().questions:
            page.wait_for_timeout(600)  # what follows a press, the page's and the driver's, is over
            before = _worked(network)
            waited.append(page.evaluate(PRESS))
            worked.append(_worked(network) - before)
    slow = f"{len(worked)} presses, processor {SLOWER} times as slow"
    return [
        median_of("from a press to the next question, work", worked, "ms", target=MOST, note=f"{slow}; of the page"),
        median_of("from a press to the next question, clock", waited, "ms", note=f"{slow}; longer on a busy machine"),
    ]


@contextmanager
def _first_question() -> Iterator[Page]:
    with TemporaryDirectory(prefix="medvirk-load-") as folder:
        installation = Installation.make(Path(folder))
        units = installation.settle(1, places=20)
        (code,) = installation.codes(installation.open_round(residents()), units, 1)
        installation.database.dispose()
        with servers.medvirk(installation.environ) as server, chromium() as browser:
            page = browser.new_page(viewport={"width": 1024, "height": 768})
            page.goto(f"http://127.0.0.1:{server.port}/s#{code}")
            page.locator("#start .big").click()
            page.locator("html.live").wait_for()
            page.evaluate("location.hash = 'q1'")
            yield page


def _worked(network: CDPSession) -> float:
    """The milliseconds of processor that the page's main thread has had."""
    metrics = network.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration") * 1000)
