"""Every sight of a respondent's way, found in the pages themselves: a new page, step, panel or message is seen too."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page

from survey.questionnaire.loading import SHIPPED, load_folder
from survey.questionnaire.model import Questionnaire
from tests.browser.axe import AXE

QUESTIONNAIRES = load_folder(SHIPPED)
CHECKS = (Path(__file__).parent / "checks.js").read_text(encoding="utf-8")
ADDRESSES = (Path(__file__).parents[2] / "docs" / "addresses.md").read_text(encoding="utf-8")

# Keeps in reach what sets the size of letters and what becomes of an answer, also when they have left the page.
KEEP = """() => {
  const radios = [...document.querySelectorAll("[name=size]")];
  const sizes = Object.fromEntries(radios.map((radio) => [radio.value, radio]));
  window.grow = (size) => {
    sizes[size].dispatchEvent(new Event("change", { bubbles: true }));
    document.querySelector("dialog[open]")?.scrollTo(0, 0); // a chosen size stays under the finger
  };
  window.outcomes = [...document.querySelectorAll("template")].filter(({ content }) => content.querySelector("main"));
}"""
MESSAGES = """() => {
  const all = [...document.querySelectorAll("template")].map(({ content }) => content.firstElementChild);
  const messages = all.filter((it) => it?.matches(".message"));
  document.getElementById("failed").append(...messages.map((it) => it.cloneNode(true)));
}"""
SHOW = "(step) => { document.getElementById(step).hidden = false; location.hash = step; }"
OPEN = """(id) => {
  const panel = document.getElementById(id);
  panel.querySelectorAll("details").forEach((part) => part.open = true);
  panel.showModal();
}"""
END = """(place) => {
  document.body.replaceChildren(window.outcomes[place].content.cloneNode(true));
  document.body.className = "";
  document.title = document.querySelector("h1").textContent;
}"""


def pages() -> list[str]:
    """Every address that anybody may open without more ado, as the documentation (kept by a rule) has them."""
    everybody = ADDRESSES.partition("## For staff")[0]
    cells = re.findall(r"^\| GET \| (.+?) \|", everybody, re.MULTILINE)
    return [address for cell in cells for address in re.findall("`([^`<]+)`", cell)]


def short(name: str) -> Questionnaire:
    """A questionnaire with one question of each kind: the first, the longest, one to write an answer to."""
    whole = QUESTIONNAIRES[name]
    (comment, *_) = (question for question in QUESTIONNAIRES["relatives"].questions if question.scale is None)
    first, *others = [question for question in whole.questions if question.scale]
    longest = max(others, key=lambda question: len(question.text["nb"]))
    kept = (first, replace(longest, pair_of=None), replace(comment, show_if=None))
    return replace(whole, questions=(replace(first, pair_of=None), *kept[1:]))


def look_about(page: Page) -> None:
    """Give the pages that this one will show axe and our own checks; what is drawn by chance is always the same."""
    page.add_init_script("Math.random = () => 0")
    page.add_init_script(AXE)
    page.add_init_script(CHECKS)


def outside(page: Page, language: str) -> Iterator[str]:
    """The pages for everybody."""
    for address in [*pages(), "/nowhere"]:
        reply = page.request.get(f"{address}?language={language}")
        if "text/html" in reply.headers["content-type"]:
            page.goto(f"{address}?language={language}")
            yield address


def coming_in(page: Page, code: str, manner: str) -> Iterator[str]:
    """The code page, until the questionnaire is there."""
    page.goto(f"/s?{manner}")
    yield "code"
    page.locator("#code").fill("ABCDEFGHJKMN")
    yield "mistyped"
    page.goto("/healthz")
    page.goto(f"/s?{manner}#{code}")
    yield "scanned"
    page.locator("#start .big").click()
    page.locator("html.live").wait_for()


def questionnaire(page: Page) -> Iterator[str]:
    """Each step and each panel of the questionnaire, what can be said at Send, and how it ends."""
    page.evaluate(KEEP)
    for step in page.evaluate("[...document.querySelectorAll('.step')].map(({ id }) => id)"):
        page.evaluate(SHOW, step)
        page.locator(f"#{step}.now").wait_for()
        yield step
        if step == "q1":
            page.locator("#q1 .answers input").first.evaluate("(answer) => answer.click()")
            yield "chosen"
            page.locator("#q1 .cant").evaluate("(button) => button.click()")
            yield "cannot answer"
            page.locator("#q1 .cannot input").first.evaluate("(answer) => answer.click()")
            yield "not answered"
    for panel in page.evaluate("[...document.querySelectorAll('dialog[id]')].map(({ id }) => id)"):
        page.evaluate(OPEN, panel)
        yield panel
        page.evaluate("(id) => document.getElementById(id).close()", panel)
    page.evaluate(MESSAGES)
    yield "messages"
    for place in range(page.evaluate("window.outcomes.length")):
        page.evaluate(END, place)
        yield f"outcome {page.title()}"
