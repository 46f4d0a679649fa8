"""Without network: the server's process is stopped while somebody answers, before they begin, and started again."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from survey.questionnaire.answers import Answer
from survey.questionnaire.loading import SHIPPED, page_phrases
from survey.settings import Settings
from tests.browser.conftest import PATIENCE, RESIDENTS, Server, findings
from tests.browser.respondent import WORDS, answer, press, skip, to_send, with_sound
from tests.village import Village

PHRASES = page_phrases(SHIPPED)
EVERYTHING_KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const {pathname, search} = new URL(request.url);
      found.push([pathname + search, await (await cache.match(request)).text()]);
    }
  }
  return found;
}"""

# The texts that are lit, each while it is read.
WITNESS = """() => {
  window.lit = [];
  new MutationObserver((changes) => {
    for (const {target} of changes) if (target.matches(".lit")) lit.push(target.textContent.trim());
  }).observe(document.body, {subtree: true, attributeFilter: ["class"]});
}"""


@pytest.fixture(scope="module")
def stoppable(settings: Settings, village: Village) -> Iterator[Server]:
    server = Server({"MEDVIRK_DATA": str(settings.data), "MEDVIRK_KEYS": str(settings.keys)})
    yield server
    server.stop()


@pytest.fixture
def server(stoppable: Server) -> Server:
    stoppable.start()
    return stoppable


@pytest.fixture
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A tablet whose browser keeps what it may."""
    context = browser.new_context(
        base_url=f"http://127.0.0.1:{server.port}",
        viewport={"width": 1024, "height": 768},
        has_touch=True,
        locale="nb-NO",
    )
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def with_keeper(page: Page) -> None:
    """The code page, when the service worker is there and minds this page."""
    page.goto("/s")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("() => navigator.serviceWorker.controller")


def kept(page: Page) -> dict[str, str]:
    """Everything the browser's caches hold: address -> content."""
    return dict(page.evaluate(EVERYTHING_KEPT))


def come(page: Page, opened: Callable[[], list[Answer]]) -> list[Answer]:
    """The answers, when one has come; it is sent before or after the code page is shown."""
    for _ in range(100):
        if answers := opened():
            return answers
        page.wait_for_timeout(50)
    return []


def test_once_open_everything_works_without_network_and_the_answer_comes_when_it_is_back(
    page: Page, context: BrowserContext, server: Server, code: str, opened: Callable[[], list[Answer]]
) -> None:
    with_keeper(page)
    with_sound(page, code)
    server.stop()
    asked: list[Request] = []
    context.on("request", lambda request: asked.append(request))  # noqa: PLW0108  Playwright marks what it is given
    page.evaluate(WITNESS)
    page.locator(".step.now .listen").tap()
    page.wait_for_function("() => window.lit.length === 4 && !document.querySelector('.lit')", timeout=20_000)
    assert page.locator(".no-sound").count() == 0
    answer(page, "Bra")
    for question in RESIDENTS.questions:
        expect(page.locator(".step.now .question")).to_have_text(question.text["nb"])
        expect(page.locator(".step.now .symbol").first).to_be_visible()
        skip(page)
    press(page, "help")
    press(page, "stop_and_delete")
    press(page, "stop_no")
    assert [request.url for request in asked if not request.url.startswith("blob:")] == []
    to_send(page)
    press(page, "send")
    expect(page.locator("#outcome")).to_have_attribute("data-outcome", "kept")
    page.goto("/s")
    expect(page.locator("h1")).to_have_text(WORDS["offline_title"])
    expect(page.locator("#waiting .message")).to_have_text(WORDS["waits"])
    server.start()
    page.locator("#again").tap()
    expect(page.locator("#code")).to_be_visible()
    assert [sent.values["thrive"] for sent in come(page, opened)] == [5]
    there = kept(page)
    assert any(address.startswith("/sounds/") for address in there)
    assert {address.split("/")[1].partition("?")[0] for address in there} == {"offline", "static", "symbols", "sounds"}
    assert [address for address, content in there.items() if code in address + content] == []


def test_a_tablet_that_starts_without_network_says_so_in_its_language_and_goes_on_by_itself(
    page: Page, server: Server
) -> None:
    with_keeper(page)
    server.stop()
    page.clock.install()
    page.goto("/s?language=en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text(PHRASES["offline_title"].text["en"])
    expect(page.locator(".ask .symbol")).to_be_visible()
    assert findings(page) == []
    page.locator("#again").tap()
    server.start()
    page.clock.fast_forward(20_000)
    expect(page.locator("#code")).to_be_visible()


def test_a_code_sent_without_network_ends_on_the_page_that_says_so(page: Page, server: Server, code: str) -> None:
    with_keeper(page)
    page.locator("#code").fill(code)
    server.stop()
    press(page, "start")
    expect(page.locator("h1")).to_have_text(WORDS["offline_title"])
    server.start()
    press(page, "try_again")
    expect(page.locator("#code")).to_have_value("")
    assert code not in str(kept(page))


def test_what_a_former_version_kept_is_forgotten(page: Page) -> None:
    page.goto("/about")
    page.evaluate("caches.open('medvirk-former').then((cache) => cache.put('/s', new Response('old')))")
    with_keeper(page)
    assert "/s" not in kept(page)
    assert page.evaluate("caches.has('medvirk-former')") is False


def test_chromium_would_install_it(page: Page, context: BrowserContext) -> None:
    with_keeper(page)
    devtools = context.new_cdp_session(page)
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error for error in errors if error["errorId"] != "in-incognito"] == []
    read = devtools.send("Page.getAppManifest")
    assert read["errors"] == []
    for icon in read["manifest"]["icons"]:
        assert page.request.get(icon["url"]).ok
