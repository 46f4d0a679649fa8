"""What axe does not see: where the keyboard is and in which order, a press that is taken back, hours of rest,
what is told to those who hear the page, and a title for each sight."""

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RESIDENTS
from tests.browser.respondent import WORDS, begin, press, skip_to, to_send
from tests.browser.sights import OPEN, coming_in, look_about

FOCUSABLE = """() => {
  const over = document.querySelector("dialog:modal");
  const all = [...(over ?? document).querySelectorAll("a[href], button, summary, textarea, input:not([type=hidden])")]
    .filter((it) => it.checkVisibility() && it.getClientRects().length && !it.disabled);
  const radios = new Set(all.filter(({ type }) => type === "radio").map(({ name }) => name));
  return all.filter(({ type }) => type !== "radio").length + radios.size;
}"""
PLACES = {
    "a question": "document.querySelector('#q1 .cant').click()",
    "help": f"({OPEN})('help')",
    "stop": f"({OPEN})('stop')",
    "send": "location.hash = 'send'",
    "welcome": "location.hash = 'welcome'",
}


def tabbed(page: Page) -> list[dict[str, Any]]:
    """What has the focus after each press of Tab, until it comes round; a panel has it on its first already."""
    stops: list[dict[str, Any]] = []
    if page.locator("dialog:modal").count():
        stops.append(page.evaluate("checks.focus()"))
    else:
        page.evaluate("document.activeElement.blur()")
    for _ in range(page.evaluate(FOCUSABLE) + 3):
        page.keyboard.press("Tab")
        stop = page.evaluate("checks.focus()")
        if stop and stop["number"] in [earlier["number"] for earlier in stops]:
            break
        if stop:
            stops.append(stop)
    first = stops.index(min(stops, key=lambda stop: stop["number"]))
    return stops[first:] + stops[:first]


def follows(one: list[int], other: list[int]) -> bool:
    """Whether the other stands right of the first in its row, or in a row below; boxes are left, top, right, bottom."""
    in_a_row = other[1] < one[3] - 1 and one[1] < other[3] - 1
    return other[0] > one[0] if in_a_row else other[1] >= one[3] - 1


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (320, 256)])
def test_the_keyboard_comes_everywhere_in_the_order_of_the_eye_with_a_ring_that_nothing_hides(
    page: Page, code: str, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    look_about(page)
    page.goto("/s")
    at = {"code": tabbed(page)}
    assert len(at["code"]) == page.evaluate(FOCUSABLE)
    begin(page, code)
    for place, way in PLACES.items():
        page.evaluate(way)
        stops = at[place] = tabbed(page)
        assert len(stops) == page.evaluate(FOCUSABLE), place
        page.evaluate("document.querySelector('dialog:modal')?.close()")
    for place, stops in at.items():
        for stop in stops:
            assert stop["ring"] >= 3, (place, stop)
            assert stop["hidden"] == 0, (place, stop)
        for one, other in pairwise(stops):
            assert follows(one["box"], other["box"]), (place, one, other)


def test_a_press_that_is_taken_back_does_nothing(page: Page, code: str) -> None:
    begin(page, code)
    before = page.evaluate("[location.href, document.body.innerText]")
    pressable = page.locator(".step.now .answer, button, .switch").filter(visible=True)
    for number in range(pressable.count()):
        box = pressable.nth(number).bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        assert page.evaluate("[location.href, document.body.innerText]") == before
        page.mouse.move(512, 130)
        page.mouse.up()
        assert page.evaluate("[location.href, document.body.innerText]") == before
    assert page.locator("input:checked:not(dialog input)").count() == 0


def test_who_rests_for_hours_finds_everything_as_it_was(page: Page, code: str) -> None:
    page.clock.install()
    begin(page, code)
    page.locator("#q1 .answer").first.tap()
    page.clock.run_for(1000)
    before = page.evaluate("document.body.innerHTML")
    page.clock.run_for("05:00:00")
    assert page.evaluate("document.body.innerHTML") == before
    expect(page.locator("#q1 input:checked")).to_have_count(1)


def test_what_is_told_comes_into_a_place_that_was_there_and_silent(page: Page, code: str) -> None:
    silent = "[...document.querySelectorAll('[role=status], [role=alert]')].every((it) => !it.textContent.trim())"
    page.goto("/s")
    assert page.evaluate(silent)
    page.evaluate("window.places = [...document.querySelectorAll('[role=status], [role=alert]')]")
    page.locator("#code").fill("ABCDEFGHJKMN")
    expect(page.locator("#problem")).to_have_text(WORDS["code_mistyped"])
    page.locator("#code").fill(code)
    expect(page.locator("#told")).to_have_text(WORDS["code_ready"])
    assert page.evaluate("window.places.every((it) => it.isConnected)")
    page.route("**/submit", lambda route: route.fulfill(status=422, json={"status": "invalid", "errors": {}}))
    page.locator("#start .big").tap()
    page.locator("html.live").wait_for()
    assert page.evaluate(silent)
    page.evaluate("window.places = [...document.querySelectorAll('[role=status], [role=alert]')]")
    to_send(page)
    press(page, "send")
    expect(page.locator("#failed")).to_have_text(WORDS["form_broken"])
    assert page.evaluate("window.places.every((it) => it.isConnected)")


def test_every_step_has_a_title_of_its_own_and_other_languages_say_what_they_are(page: Page, code: str) -> None:
    titles = []
    for _ in coming_in(page, code, "language=nb"):
        titles.append(page.title())
    spoken = page.locator(".languages button").evaluate_all("(all) => all.map((it) => [it.lang, it.innerText])")
    assert spoken == [["nb", "Bokmål"], ["nn", "Nynorsk"], ["en", "English"]]
    for step in page.locator(".step:not([hidden])").evaluate_all("(all) => all.map(({ id }) => id)"):
        skip_to(page, f"#{step}")
        titles.append(page.title())
    assert titles.pop(0) == titles.pop(0)  # the code page, before and after a code is found to be mistyped
    assert len(set(titles)) == len(titles) > len(RESIDENTS.questions)
