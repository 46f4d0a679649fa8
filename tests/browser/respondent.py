"""What a respondent does on the page, by touch."""

import re

from playwright.sync_api import Page

from survey.questionnaire.loading import SHIPPED, page_phrases

WORDS = {name: phrase.text["nb"] for name, phrase in page_phrases(SHIPPED).items()}


def begin(page: Page, code: str) -> None:
    """From the scanned card to the first question, by two presses."""
    page.goto(f"/s#{code}")
    page.get_by_role("button", name=WORDS["start"]).tap()
    page.get_by_role("button", name=WORDS["begin"]).tap()


def answer(page: Page, name: str) -> None:
    page.locator(".step.now .answer", has_text=re.compile(f"^\\s*{name}\\s*$")).tap()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=WORDS[name], exact=True).tap()
