"""How long a slow tablet takes from a press to the next question on the screen."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser.conftest import CHROMIUM
from tests.load import servers
from tests.load.figures import Figure, median_of
from tests.load.installation import Installation, residents
from tests.load.pages import chromium

SLOWER = 4  # times
MOST = 50.0  # milliseconds

# The browser's own measure (Event Timing): from the press to the paint that follows, in steps of 8 ms. And a finer
# one: to the first task after that frame.
WATCH = """() => {
  window.painted = { events: [], frames: [] };
  new PerformanceObserver((list) => painted.events.push(...list.getEntries()
    .filter(({ name }) => name === "click").map(({ duration }) => duration)))
    .observe({ type: "event", durationThreshold: 16 });
  addEventListener("click", ({ timeStamp }) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => painted.frames.push(performance.now() - timeStamp);
    port2.postMessage(0);
  }), true);
}"""


def measure() -> list[Figure]:
    """Press Next on every question, on a processor made four times as slow."""
    if CHROMIUM is None:
        print("NO CHROMIUM HERE: painting is not measured. Debian/Ubuntu: apt install chromium", file=sys.stderr)
        return []
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
            page.evaluate(WATCH)
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            page.locator("#begin").click()
            while not page.locator("#send.now").count():
                page.wait_for_timeout(600)  # a press so soon would be taken for a shaking hand
                page.locator("#next").click()
            page.wait_for_timeout(600)
            events, frames = page.evaluate("[painted.events, painted.frames]")
    note = f"{len(frames)} presses, processor {SLOWER} times as slow"
    return [
        median_of("from a press to the next question, painted", frames, "ms", target=MOST, note=note),
        Figure("the slowest of them, by Event Timing", max(events, default=0.0), "ms", note="in steps of 8 ms"),
    ]
