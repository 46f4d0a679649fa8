"""A Send that fails waits on the tablet, locked, until it has arrived; then nothing is left in the browser."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from survey.answering.keeping import UnreadableError, open_kept
from survey.questionnaire.answers import Answer
from survey.settings import Settings
from tests.browser.conftest import CHROMIUM, FLAGS, Server
from tests.browser.respondent import WORDS, answer, begin, press, thanked, to_send
from tests.village import RELATIVES, Village

KEPT = """() => new Promise((resolve) => {
  const opening = indexedDB.open("medvirk");
  opening.onsuccess = () => {
    const database = opening.result;
    const found = {};
    const transaction = database.transaction([...database.objectStoreNames]);
    for (const name of database.objectStoreNames) {
      transaction.objectStore(name).getAll().onsuccess = ({target}) => { found[name] = target.result; };
    }
    transaction.oncomplete = () => { database.close(); resolve(found); };
  };
})"""
TWO_MORE = """() => new Promise((resolve) => {
  indexedDB.open("medvirk").onsuccess = ({target: {result: database}}) => {
    const transaction = database.transaction("kept", "readwrite");
    const kept = transaction.objectStore("kept");
    kept.getAll().onsuccess = ({target}) => {
      for (const id of ["second", "third"]) kept.put({...target.result[0], id});
    };
    transaction.oncomplete = () => { database.close(); resolve(); };
  };
})"""
SEND = "document.getElementById('send-button').click()"  # a page behind another is slow to be tapped
HIDDEN = """() => {
  Object.defineProperty(document, "hidden", {get: () => true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""
THERE = """async (wanted) => {
  for (let look = 0; look < 5000; look++) {
    if (Boolean((await indexedDB.databases()).length) === wanted) return true;
  }
}"""
LEFT = """async () => ({
  databases: await indexedDB.databases(),
  storage: [localStorage.length, sessionStorage.length],
  caches: caches ? await caches.keys() : [],
})"""
NOTHING = {"databases": [], "storage": [0, 0], "caches": []}


@pytest.fixture(scope="module")
def server(settings: Settings, village: Village) -> Iterator[Server]:
    server = Server({"MEDVIRK_DATA": str(settings.data), "MEDVIRK_KEYS": str(settings.keys)})
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def served(server: Server) -> str:
    return server.address


def send(page: Page) -> None:
    to_send(page)
    press(page, "send")


def safe(page: Page) -> None:
    expect(page.get_by_role("heading", name=WORDS["kept_title"])).to_be_visible()


def told(page: Page, *phrases: str) -> None:
    expect(page.locator("#waiting .message")).to_have_text([WORDS[phrase] for phrase in phrases])


def empty(page: Page) -> None:
    assert page.evaluate(THERE, False)
    assert page.evaluate(LEFT) == NOTHING
    assert page.context.cookies() == []


def values(answers: list[Answer]) -> list[int | str | None]:
    return [found.values["thrive"] for found in answers]


def test_answers_sent_while_the_server_is_gone_survive_a_restart_of_the_browser_and_arrive_once(
    browser: Browser, server: Server, village: Village, opened: Callable[[], list[Answer]], tmp_path: Path
) -> None:
    codes = village.codes(2)

    def tablet() -> BrowserContext:
        options: dict[str, Any] = {"executable_path": CHROMIUM, "args": FLAGS, "has_touch": True, "locale": "nb-NO"}
        context = browser.browser_type.launch_persistent_context(tmp_path, base_url=server.address, **options)
        context.add_init_script("delete Navigator.prototype.serviceWorker")
        return context

    context = tablet()
    pages = [context.new_page() for _ in codes]
    for page, code, name in zip(pages, codes, ("Bra", "Dårlig"), strict=True):
        begin(page, code)
        answer(page, name)
        to_send(page)
    server.stop()
    for page, code in zip(pages, codes, strict=True):
        page.evaluate(SEND)
        safe(page)
        assert code not in page.content()
        assert page.locator("input").count() == 0
    press(page, "try_again")
    told(page, "could_not_send")
    kept = page.evaluate(KEPT)
    context.close()

    assert kept["unfinished"] == []
    assert [set(record) for record in kept["kept"]] == [{"id", "round", "key", "kept"}] * 2
    assert {record["round"] for record in kept["kept"]} == {village.round_id}
    assert len({len(record["kept"]) for record in kept["kept"]}) == 1
    wrapping = village.keys.web(village.round_id).wrapping
    for record in kept["kept"]:
        assert open_kept(wrapping, record["kept"], record["key"])["code"][0] in codes
        with pytest.raises(UnreadableError):
            open_kept(bytes(32), record["kept"], record["key"])

    server.start()
    context = tablet()
    page = context.pages[0]
    page.goto("/s")
    told(page, "waited_sent")
    empty(page)
    context.close()
    assert sorted(values(opened())) == [1, 5]


def test_a_send_is_tried_again_until_the_server_has_said_what_became_of_it(
    page: Page, code: str, opened: Callable[[], list[Answer]]
) -> None:
    sent: list[dict[str, list[str]]] = []

    def fail(route: Route) -> None:
        sent.append(parse_qs(route.request.post_data or ""))
        if len(sent) == 1:
            route.abort()
        elif len(sent) == 2:
            route.fulfill(status=503, json={"status": "unavailable", "errors": {}})
        elif len(sent) == 3:
            route.fulfill(status=200, body="<html>Log in to the network</html>")
        elif len(sent) == 4:  # it arrives, but the reply is lost
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.clock.install(time=0)
    page.add_init_script("addEventListener('waiting', () => { window.passes = (window.passes ?? 0) + 1; })")
    begin(page, code)
    answer(page, "Bra")
    to_send(page)
    page.clock.pause_at(3600)
    page.route("**/submit", fail)
    press(page, "send")
    safe(page)
    assert page.locator("#keeping").count() == 0
    passes = page.evaluate("window.passes")
    for number, seconds in enumerate((5, 10, 20), 1):  # twice as long each time
        page.clock.run_for(seconds * 1000 - 1)
        assert len(sent) == number
        page.clock.run_for(1)
        page.wait_for_function("passes => window.passes === passes", arg=passes + number)
    page.context.set_offline(True)
    page.context.set_offline(False)  # the browser says that the network is back
    thanked(page)
    expect(page.get_by_text(WORDS["already_received"])).to_be_visible()
    assert [set(fields) for fields in sent[1:]] == [{"round", "key", "kept"}] * 4
    assert values(opened()) == [5]
    empty(page)


def test_a_tablet_put_away_while_it_sends_loses_nothing_and_every_page_says_what_became_of_its_own(
    page: Page, village: Village, opened: Callable[[], list[Answer]]
) -> None:
    context = page.context
    context.route("**/submit", lambda _: None)  # no answer comes
    pages = [page, context.new_page(), context.new_page()]
    for other, code in zip(pages, village.codes(3), strict=True):
        begin(other, code)
        to_send(other)
    page.evaluate(SEND)
    expect(page.locator("#sending")).to_have_text(WORDS["sending"])
    page.evaluate(HIDDEN)
    assert page.evaluate(THERE, True)
    page.evaluate("navigator.locks.request('medvirk', () => {})")
    page.close()
    context.unroute("**/submit")
    context.route("**/submit", lambda route: route.abort())
    for other in pages[1:]:
        other.evaluate(SEND)
        safe(other)
    assert len(pages[1].evaluate(KEPT)["kept"]) == 3
    context.unroute("**/submit")
    pages[1].locator(".resend").evaluate("button => button.click()")
    thanked(pages[1])
    thanked(pages[2])
    empty(pages[2])
    assert len(opened()) == 3


def test_what_can_never_arrive_is_told_and_wiped_and_the_next_person_learns_nothing_else(
    page: Page, village: Village
) -> None:
    replies = iter([(409, "not_valid"), (410, "closed"), (422, "invalid")])
    (code,) = village.codes()
    page.route("**/submit", lambda route: route.abort())
    begin(page, code)
    send(page)
    safe(page)
    page.get_by_role("link", name=WORDS["another_person"]).tap()
    told(page, "waits")
    page.evaluate(TWO_MORE)
    page.unroute("**/submit")

    def answered(route: Route) -> None:
        status, word = next(replies)
        route.fulfill(status=status, json={"status": word, "errors": {}})

    page.route("**/submit", answered)
    press(page, "try_again")
    told(page, "waited_not_used", "waited_late")
    empty(page)


def test_a_browser_that_cannot_lock_says_so_before_it_begins_and_keeps_the_answers_on_the_page(
    page: Page, code: str, opened: Callable[[], list[Answer]]
) -> None:
    """As over plain http from another machine."""
    numbers: list[str] = []
    page.add_init_script("delete Crypto.prototype.subtle; delete Crypto.prototype.randomUUID")

    def fail(route: Route) -> None:
        numbers.append(parse_qs(route.request.post_data or "")["submission"][0])
        if len(numbers) == 1:
            route.abort()
        else:
            route.fulfill(status=503, json={"status": "unavailable", "errors": {}})

    page.goto(f"/s?practice=off#{code}")
    press(page, "start")
    expect(page.locator("#welcome").get_by_text(WORDS["not_kept"])).to_be_visible()
    press(page, "begin")
    answer(page, "Bra")
    page.route("**/submit", fail)
    send(page)
    for message in ("could_not_send", "too_busy"):
        expect(page.locator("#failed .message")).to_have_text(WORDS[message])
        assert page.locator("#q1 input:checked").count() == 1
        press(page, "try_again")
    page.unroute("**/submit")
    press(page, "try_again")
    thanked(page)
    assert len(set(numbers)) == 1
    assert re.fullmatch("[0-9a-f]{32}", numbers[0])
    assert values(opened()) == [5]
    empty(page)


# What somebody has begun


def chosen(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all("#answers .step input:checked", "all => all.map(({value}) => value)")
    return found


def reopened(page: Page, code: str) -> None:
    page.goto(f"/s#{code}")
    press(page, "start")
    page.locator("html.live").wait_for()


def test_nothing_is_kept_of_what_is_begun_unless_the_round_says_so(page: Page, code: str) -> None:
    begin(page, code)
    expect(page.get_by_text(WORDS["unfinished_kept"])).to_have_count(0)
    answer(page, "Bra")
    press(page, "pause")
    empty(page)
    reopened(page, code)
    assert chosen(page) == []
    empty(page)


def test_what_is_begun_waits_thirty_minutes_for_its_code_and_goes_with_stop_send_and_another_code(
    page: Page, village: Village, opened: Callable[[], list[Answer]]
) -> None:
    round_id = village.open_round(questionnaire=RELATIVES, audience="relative", keep_unfinished=True)
    first, second = village.codes(2, round_id=round_id)
    page.clock.install()
    page.goto(f"/s#{first}")
    press(page, "start")
    expect(page.get_by_text(WORDS["unfinished_kept"])).to_be_visible()

    def begun() -> None:
        page.evaluate("location.hash = 'q2'")
        expect(page.locator(".step.now")).to_have_id("q2")
        for chosen in ("#q1 [value='5']", "#q2 [value=dont_know]"):
            page.locator(chosen).evaluate("answer => answer.click()")
        waits()

    def pressed(*buttons: str) -> None:
        for name in buttons:  # a tap so soon would be taken for a shaking hand
            page.get_by_role("button", name=WORDS[name], exact=True).press("Enter")

    def waits() -> None:
        assert page.evaluate(THERE, True)
        page.evaluate("navigator.locks.request('medvirk', () => {})")
        (kept,) = page.evaluate(KEPT)["unfinished"]
        assert set(kept) == {"id", "until", "kept"}

    begun()
    reopened(page, first)
    pressed("go_on_there")
    expect(page.locator(".step.now")).to_have_id("q2")
    assert chosen(page) == ["5", "dont_know"]
    assert page.locator("#q2 .cannot.open").count() == 1

    reopened(page, first)
    pressed("begin_anew")
    assert chosen(page) == []
    empty(page)

    begun()
    reopened(page, second)
    assert page.locator("dialog[open]").count() == 0
    empty(page)

    begun()
    page.goto("/s")
    waits()
    page.clock.fast_forward("30:00")
    empty(page)

    reopened(page, second)
    begun()
    pressed("help", "stop_and_delete", "stop_yes")
    expect(page.get_by_role("heading", name=WORDS["stopped_title"])).to_be_visible()
    empty(page)

    reopened(page, second)
    begun()
    to_send(page)
    pressed("send")
    thanked(page)
    empty(page)


# Sleep, rotation, Pause


def test_sleep_and_rotation_lose_nothing_and_pause_covers_at_once(page: Page, code: str) -> None:
    begin(page, code)
    answer(page, "Bra")
    press(page, "next")
    answer(page, "Ja")
    tablet = page.context.new_cdp_session(page)
    for state in ("frozen", "active"):
        tablet.send("Page.setWebLifecycleState", {"state": state})
    for width, height in ((768, 1024), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator(".step.now")).to_have_id("q2")
        assert chosen(page) == ["5", "5"]
    corners = [[x, y] for x in (1, 512, 1022) for y in (1, 384, 766)]
    covered = """points => {
      document.getElementById("pause-button").click();
      return points.every(([x, y]) => document.elementFromPoint(x, y).closest("#pause"));
    }"""
    assert page.evaluate(covered, corners)  # before the next frame is painted
    press(page, "go_on")
    assert chosen(page) == ["5", "5"]
