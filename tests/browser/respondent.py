"""What a respondent does on the page, by touch."""

import re

from playwright.sync_api import Page, expect

from survey.questionnaire.loading import SHIPPED, page_phrases

WORDS = {name: phrase.text["nb"] for name, phrase in page_phrases(SHIPPED).items()}
OVERLAPPING = """() => {
  const boxes = [...document.querySelectorAll(".step.now :is(.question, .listen, .face, .cant, textarea)")]
    .filter((element) => element.checkVisibility())
    .map((element) => [element.textContent.trim() || element.tagName, element.getBoundingClientRect()]);
  return boxes.flatMap(([name, one], place) => boxes.slice(place + 1)
    .filter(([, other]) => one.left < other.right && other.left < one.right
      && one.top < other.bottom && other.top < one.bottom)
    .map(([other]) => `${name} / ${other}`));
}"""


def begin(page: Page, code: str, link: str = "") -> None:
    """From the scanned card to the first question, by two presses; `link` is what a helper prepared.

    No buttons are tried.
    """
    page.goto(f"/s{link or '?'}&practice=off#{code}")
    page.get_by_role("button", name=WORDS["start"]).tap()
    page.locator("html.live").wait_for()
    page.get_by_role("button", name=WORDS["begin"]).press("Enter")  # after a tap the page waits for a shaking hand


def with_sound(page: Page, code: str) -> None:
    """The first question, when the pack of its sounds has come: nothing is fetched from here on."""
    begin(page, code)
    page.locator("body:not([data-pack])").wait_for()


def answer(page: Page, name: str) -> None:
    page.locator(".step.now .answer", has_text=re.compile(f"^\\s*{name}\\s*$")).tap()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=WORDS[name], exact=True).tap()


ANSWERED = """() => document.querySelector("[data-question] :checked")
  || document.querySelector("[data-question] [type=radio]").click()"""


def to_send(page: Page) -> None:
    """To Send, with something answered: who has answered nothing is asked first whether that is meant."""
    page.evaluate(ANSWERED)
    skip_to(page, "#send")


def skip_to(page: Page, sign: str) -> None:
    """To the step that holds this, as the browser's own history comes there."""
    page.evaluate("(sign) => { location.hash = document.querySelector(sign).closest('.step').id; }", sign)
    expect(page.locator(f".step.now:is({sign}), .step.now {sign}")).to_be_visible()


def skip(page: Page) -> None:
    """To the next question, however quickly: a tap so soon would be taken for a shaking hand."""
    page.locator("#next").press("Enter")


def thanked(page: Page) -> None:
    expect(page.get_by_role("heading", name=WORDS["thanks_title"])).to_be_visible()
