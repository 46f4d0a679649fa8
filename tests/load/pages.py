"""What a tablet fetches that has never been here: requests and bytes of the first pages, in Chromium."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from survey.access.codes import shown
from survey.questionnaire.loading import SHIPPED, page_phrases
from survey.speech.library import SpeechLibrary
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.load import servers
from tests.load.figures import Figure
from tests.load.installation import Installation, residents

REQUESTS, KILOBYTES = 12, 100
OPEN = """code => {
  const form = document.createElement("form");
  Object.assign(form, {method: "post", action: "/start", innerHTML: `<input name=code value=${code}>`});
  document.body.append(form);
  form.submit();
}"""


class Transfers:
    """Requests and bytes on the wire (heads included, as compressed) since the page was opened, sound apart."""

    def __init__(self, page: Page) -> None:
        self.requests = self.sounds = 0
        self.size = 0.0
        self._sounds: set[str] = set()
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.requestWillBeSent", self._asked)
        network.on("Network.loadingFinished", self._came)

    def _asked(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("data:"):
            return
        if event.get("type") == "Media" or re.search("/(speech|sounds)/", event["request"]["url"]):
            self._sounds.add(event["requestId"])
            self.sounds += 1
        else:
            self.requests += 1

    def _came(self, event: dict[str, Any]) -> None:
        if event["requestId"] not in self._sounds:
            self.size += event["encodedDataLength"]

    def figures(self, page: str) -> list[Figure]:
        """Both, against their targets."""
        return [
            Figure(f"requests of the {page}", self.requests, "requests", REQUESTS, note=f"{self.sounds} of sound"),
            Figure(f"bytes of the {page}", self.size / 1000, "kB", KILOBYTES, note="compressed, heads included"),
        ]


def measure() -> list[Figure]:
    """The code page and the questionnaire, each with an empty cache; both together; and what questions fetch."""
    if CHROMIUM is None:
        print("NO CHROMIUM HERE: first pages are not measured. Debian/Ubuntu: apt install chromium", file=sys.stderr)
        return []
    with TemporaryDirectory(prefix="medvirk-load-") as folder:
        installation = Installation.make(Path(folder))
        questionnaire = residents()
        phrases = [*page_phrases(SHIPPED).values(), *questionnaire.phrases()]
        SpeechLibrary(installation.data).build(phrases, lambda done, of: None)
        units = installation.settle(1, places=20)
        (code,) = installation.codes(installation.open_round(questionnaire), units, 1)
        installation.database.dispose()
        with servers.medvirk(installation.environ) as server, chromium() as browser:
            address = f"http://127.0.0.1:{server.port}"
            return [
                *_code_page(browser, address),
                *_questionnaire(browser, address, code),
                *_both(browser, address, code),
            ]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def _fresh(browser: Browser) -> Iterator[tuple[Page, Transfers]]:
    """A page with an empty cache."""
    with browser.new_context() as context:
        page = context.new_page()
        yield page, Transfers(page)


def _code_page(browser: Browser, address: str) -> list[Figure]:
    with _fresh(browser) as (page, transfers):
        page.goto(f"{address}/s", wait_until="networkidle")
        return transfers.figures("code page")


def _questionnaire(browser: Browser, address: str, code: str) -> list[Figure]:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/healthz")
        transfers = Transfers(page)
        page.evaluate(OPEN, code)
        page.locator("#begin").wait_for()
        page.wait_for_load_state("networkidle")
        figures = transfers.figures("questionnaire")
        before = transfers.requests + transfers.sounds
        page.locator("#begin").click()
        page.locator("#try1.now").wait_for()
        page.locator("#next").click()  # no button is tried
        for number in range(1, len(residents().questions) + 1):
            page.locator(f"#q{number}:target, #q{number}.now").first.wait_for()
            page.locator("#next").click()
        page.wait_for_load_state("networkidle")
        fetched = transfers.requests + transfers.sounds - before
    return [*figures, Figure("fetched between questions", fetched, "requests", 0)]


def _both(browser: Browser, address: str, code: str) -> list[Figure]:
    with _fresh(browser) as (page, transfers):
        page.goto(f"{address}/s#{shown(code)}", wait_until="networkidle")
        page.locator("#start .big").click()
        page.locator("#begin").wait_for()
        page.wait_for_load_state("networkidle")
        return [Figure("bytes of both pages, one after the other", transfers.size / 1000, "kB")]
