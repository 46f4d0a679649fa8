"""The respondent's pages at every size, light and dark: nothing for axe to find, nothing too small or hidden."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RESIDENTS, findings
from tests.browser.respondent import OVERLAPPING, TOO_SMALL, answer, press, skip_to, thanked, to_send


def walk(page: Page, code: str) -> Iterator[str]:
    """Every sight of a resident's way, one after another."""
    page.goto("/s")
    yield "code"
    page.locator("#code").fill("ABCDEFGHJKMN")
    yield "mistyped"
    page.goto("/about")
    yield "about"
    page.goto("/nowhere")
    yield "not found"
    page.goto(f"/s#{code}")
    yield "scanned"
    press(page, "start")
    page.locator("html.live").wait_for()
    yield "welcome"
    press(page, "begin")
    yield "question"
    answer(page, "Bra")
    yield "chosen"
    press(page, "cant_answer")
    yield "cannot answer"
    press(page, "pause")
    yield "pause"
    press(page, "go_on")
    press(page, "help")
    yield "help"
    press(page, "stop_and_delete")
    yield "stop"
    press(page, "stop_no")
    page.route("**/submit", lambda route: route.abort())
    skip_to(page, "#support")
    yield "support"
    to_send(page)
    press(page, "send")
    page.locator("#failed .message").wait_for()
    yield "not sent"
    page.unroute("**/submit")
    press(page, "try_again")
    thanked(page)
    yield "thanks"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page_or_step(page: Page, code: str, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for sight in walk(page, code):
        assert findings(page) == [], sight


def test_five_answers_stand_clear_of_each_other_on_a_tablet_that_stands(page: Page, code: str) -> None:
    page.set_viewport_size({"width": 768, "height": 1024})
    page.goto(f"/s?language=en#{code}")
    page.locator("#start .big").tap()
    page.locator("html.live").wait_for()
    page.locator("[name=ladder-choice][value='5']").evaluate("choice => choice.click()")
    for number, question in enumerate(RESIDENTS.questions, 1):
        page.evaluate(f"location.hash = 'q{number}'")
        expect(page.locator(".step.now .question")).to_have_text(question.text["en"])
        assert page.evaluate(OVERLAPPING) == []


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (768, 1024), (390, 844), (320, 256)])
def test_everything_fits_and_is_large_enough_to_press(page: Page, code: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    for sight in walk(page, code):
        assert page.evaluate("document.documentElement.scrollWidth") <= width, sight
        assert page.evaluate(TOO_SMALL) == [], sight
        if width > 700:
            assert page.evaluate("document.documentElement.scrollHeight") <= height, sight
