"""Ways of answering: each alone leads from the code page to thanks, and stores what every other stores."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from survey.access.pictures import pictures
from survey.questionnaire.answers import Answer
from survey.settings import Settings
from tests.browser.hands import (
    by_one_switch,
    by_pointer,
    by_resting,
    by_two_switches,
    is_stored,
    journey,
    let_wait,
    small_village,
    stand_still,
    tab_to,
    write_with_buttons,
)
from tests.village import Village


@pytest.fixture(scope="module")
def village(settings: Settings) -> Iterator[Village]:
    yield from small_village(settings)


@pytest.fixture
def page(page: Page) -> Page:
    return stand_still(page)


def test_with_one_switch_from_the_end_of_the_code_to_thanks(
    page: Page, code: str, opened: Callable[[], list[Answer]]
) -> None:
    page.goto("/s?practice=off&way=scan")
    page.locator("#code").fill(code[:10])
    press = by_one_switch(page, lambda: page.keyboard.press("Space"))
    write_with_buttons(press, ".write")(code[10:])
    press("#start .big")
    journey(page, press, write_with_buttons(press, ".step.now"))
    is_stored(opened)


def test_with_a_finger_anywhere_as_the_one_switch(page: Page, code: str, opened: Callable[[], list[Answer]]) -> None:
    page.goto(f"/s?practice=off&way=scan&seconds=1#{code}")
    press = by_one_switch(page, lambda: page.touchscreen.tap(512, 300))
    press("#start .big")
    journey(page, press, write_with_buttons(press, ".step.now"))
    is_stored(opened)


def test_with_two_switches(page: Page, code: str, opened: Callable[[], list[Answer]]) -> None:
    page.goto("/s?practice=off&way=two")
    page.locator("#code").fill(code[:10])
    press = by_two_switches(page, lambda: page.keyboard.press("Space"), lambda: page.keyboard.press("Enter"))
    write_with_buttons(press, ".write")(code[10:])
    press("#start .big")
    journey(page, press, write_with_buttons(press, ".step.now"))
    is_stored(opened)


def test_with_eyes_alone(page: Page, code: str, opened: Callable[[], list[Answer]]) -> None:
    page.goto("/s?practice=off&way=dwell&seconds=0.5")
    page.locator("#code").fill(code[:10])
    press = by_resting(page, 500)
    write_with_buttons(press, ".write")(code[10:])
    press("#start .big")
    journey(page, press, write_with_buttons(press, ".step.now"))
    is_stored(opened)


def test_by_touch(page: Page, code: str, opened: Callable[[], list[Answer]]) -> None:
    page.goto("/s?practice=off")
    press = by_pointer(page, "tap")
    press("#code")
    page.keyboard.insert_text(code)
    press("#start .big")

    def write(text: str) -> None:
        press("textarea")
        page.keyboard.insert_text(text)

    journey(page, press, write)
    is_stored(opened)


def test_with_a_mouse_alone(browser: Browser, served: str, code: str, opened: Callable[[], list[Answer]]) -> None:
    page = browser.new_page(base_url=served, viewport={"width": 1024, "height": 768}, locale="nb-NO")
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    page.goto("/s?practice=off")
    page.locator("#code").fill(code[:10])
    press = by_pointer(page, "click")
    write_with_buttons(press, ".write")(code[10:])
    press("#start .big")
    journey(page, press, write_with_buttons(press, ".step.now"))
    is_stored(opened)
    page.close()


def test_with_a_keyboard_alone_on_a_low_screen(page: Page, code: str, opened: Callable[[], list[Answer]]) -> None:
    page.set_viewport_size({"width": 800, "height": 500})
    page.goto("/s?practice=off")

    def press(selector: str) -> None:
        tab_to(page, selector)
        page.keyboard.press("Space" if selector.startswith("[name") else "Enter")

    def write(text: str) -> None:
        tab_to(page, "textarea")
        page.keyboard.type(text)

    tab_to(page, "#code")
    page.keyboard.type(code.lower())
    press("#start .big")
    journey(page, press, write)
    is_stored(opened)


def test_in_the_queue_of_a_survey_day_each_way_leads_to_ones_own_card_and_into_the_survey(
    page: Page, village: Village
) -> None:
    first, *others = {pictures(code)[0]: code for code in village.codes(40)}.values()  # no two cards alike
    others = others[:4]
    let_wait(page, first, *others)
    key = page.keyboard.press
    page.goto("/queue")
    key("Enter")  # who has but a switch opens the panel
    presses = {
        "scan": by_one_switch(page, lambda: key("Enter")),
        "two": by_two_switches(page, lambda: key("Space"), lambda: key("Enter")),
        "dwell": by_resting(page, 1000),
    }
    presses["scan"]("[name=way][value=scan]")
    presses["scan"]("#way form button")
    presses["scan"]("#turn .big")
    expect(page.locator("[name=code]").first).to_have_value(first)
    expect(page.locator("html.live")).to_have_attribute("data-way", "scan")
    for way, press in presses.items():
        page.goto(f"/queue?way={way}")
        card = page.locator("#card")
        expect(card).not_to_be_empty()
        before = card.inner_text()
        press("#other")  # not this one, the next
        expect(card).not_to_have_text(before)
        press("#turn .big")
        expect(page.locator("[name=code]").first).to_have_value(others[1])
        expect(page.locator("html.live")).to_have_attribute("data-way", way)
        others = [*others[2:], others[0]]
