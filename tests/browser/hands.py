"""Hands, switches and eyes: what presses a thing on the page, each in its way."""

from collections.abc import Callable, Iterator

from playwright.sync_api import Page, expect

from survey.questionnaire.answers import Answer
from survey.settings import Settings
from survey.storage import migrating
from survey.storage.engine import Database
from tests.browser.respondent import WORDS, thanked
from tests.village import QUESTIONNAIRE, Village

Press = Callable[[str], None]  # does whatever presses the thing with this selector

FIRST, SECOND, THIRD, COMMENT = QUESTIONNAIRE.questions
SHAKING = 501  # milliseconds until what has just come can be pressed
# How the ring stands to a thing: around it alone, around its group, or elsewhere.
RINGED = """(selector) => {
  const ring = document.getElementById("ring");
  const found = document.querySelector(selector);
  const thing = (found?.closest("label") ?? found)?.getBoundingClientRect();
  if (!ring || !thing || document.querySelector(".settling")) return "elsewhere";
  const around = ring.getBoundingClientRect();
  const holds = around.left <= thing.left + 1 && around.right >= thing.right - 1
    && around.top <= thing.top + 1 && around.bottom >= thing.bottom - 1;
  const close = around.width <= thing.width + 22 && around.height <= thing.height + 22;
  if (!holds) return "elsewhere";
  return close && ring.dataset.kind === "one" ? "it" : ring.dataset.kind === "group" ? "group" : "elsewhere";
}"""


def small_village(settings: Settings) -> Iterator[Village]:
    """Three questions and a comment: one to answer, one to skip, one not to know, one to write."""
    database = Database(settings.database_url)
    migrating.upgrade(database)
    village = Village.found(database, settings.keys.parent, {"arna": 100})
    yield village
    database.dispose()


def stand_still(page: Page) -> Page:
    """A page whose time stands still until it is told to go on."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    return page


def journey(page: Page, press: Press, write: Callable[[str], None]) -> None:
    """From the questionnaire's first page to thanks."""
    page.locator("#begin").wait_for()
    press("#begin")
    press(f"[name={FIRST.id}][value='5']")
    press("#next")
    press("#next")
    press("#q3 .cant")
    press(f"[name={THIRD.id}][value=dont_know]")
    press("#next")
    write("ja")
    press("#next")
    press("[name=support][value=none]")
    press("#next")
    press("#send-button")
    thanked(page)


def write_with_buttons(press: Press, field: str) -> Callable[[str], None]:
    def write(text: str) -> None:
        press(f"{field} [data-writes]")
        for sign in text:
            press(f"[data-sign='{sign}']")
        if field != ".write":  # a code is complete by itself
            press("#keys form button")

    return write


def is_stored(opened: Callable[[], list[Answer]]) -> None:
    (answer,) = opened()
    assert answer.values == {FIRST.id: 5, SECOND.id: None, THIRD.id: "dont_know"}
    assert answer.comments == {COMMENT.id: "ja"}
    assert answer.support == "none"


def by_one_switch(page: Page, switch: Callable[[], None]) -> Press:
    """Waits until the ring has come, then presses."""

    def press(selector: str) -> None:
        for _ in range(60):
            ringed = page.evaluate(RINGED, selector)
            if ringed == "elsewhere":
                page.clock.run_for(SHAKING)
                continue
            switch()
            page.clock.run_for(301)
            if ringed == "it":
                return
        raise AssertionError(f"the ring never came to {selector}")

    return press


def by_two_switches(page: Page, step: Callable[[], None], choose: Callable[[], None]) -> Press:
    def press(selector: str) -> None:
        for _ in range(60):
            ringed = page.evaluate(RINGED, selector)
            (step if ringed == "elsewhere" else choose)()
            page.clock.run_for(SHAKING)
            if ringed == "it":
                return
        raise AssertionError(f"the ring never came to {selector}")

    return press


def by_resting(page: Page, pace: int) -> Press:
    """Moves the pointer there, and away to where nothing is."""

    def press(selector: str) -> None:
        thing = page.locator(selector)
        thing.scroll_into_view_if_needed()
        box = thing.bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.clock.run_for(pace + 100)
        page.mouse.move(512, 2)
        page.clock.run_for(SHAKING)

    return press


def by_pointer(page: Page, how: str) -> Press:
    def press(selector: str) -> None:
        getattr(page.locator(selector), how)()
        page.clock.run_for(SHAKING)

    return press


def let_wait(page: Page, *codes: str) -> None:
    """As who helps scans the cards for a survey day."""
    page.goto("/queue")
    page.locator("#helper summary").evaluate("(summary) => summary.click()")
    for number, code in enumerate(codes, 1):
        page.locator("#code").fill(code)
        page.keyboard.press("Enter")
        expect(page.locator("#count")).to_have_text(WORDS["queue_count"].format(n=number))


def tab_to(page: Page, selector: str) -> None:
    """Tab to it, or arrows within a choice. A ring shows where one is, and no bar lies over it."""
    for _ in range(60):
        at = page.evaluate(FOCUSED, selector)
        assert at["seen"], at
        if at["there"]:
            return
        page.keyboard.press("ArrowDown" if at["beside"] else "Tab")
    raise AssertionError(f"Tab never came to {selector}")


FOCUSED = """(selector) => {
  const [focused, wanted] = [document.activeElement, document.querySelector(selector)];
  const shown = focused.matches("[type=radio]:not(.switch *)") ? focused.nextElementSibling : focused;
  const { left, top, width, height } = focused.getBoundingClientRect();
  const middle = document.elementFromPoint(left + width / 2, top + height / 2);
  const place = focused === document.body || focused.matches(".step, h1");
  return {
    what: focused.outerHTML.slice(0, 120),
    there: focused === wanted,
    beside: focused.type === "radio" && focused.name === wanted.name,
    seen: place || (parseFloat(getComputedStyle(shown).outlineWidth) >= 3 && focused.contains(middle)),
  };
}"""
