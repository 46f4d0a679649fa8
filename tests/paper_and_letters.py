"""Rounds on paper and by letter: what each person does, step by step, as a sentence. Used beside `tests.whole`."""

import datetime as dt
import re
from collections.abc import Mapping

from playwright.sync_api import expect

from survey.access.codes import shown
from tests.browser.conftest import findings
from tests.browser.hands import stand_still
from tests.browser.respondent import WORDS
from tests.hand import Hand, Keys, Mouse
from tests.printed import qr_codes, texts
from tests.whole import TODAY, answer

TWICE = "Dette papiret skal skrives inn to ganger"
COUNCIL = (  # what Molde's user council wanted to know besides
    ("Er det mange ulike som hjelper deg?", "Er det mange ulike som hjelper deg?", "Do many people help you?"),
    ("Er det greit for deg?", "Er det greitt for deg?", "Is that fine for you?"),
    ("Vet du hvem som kommer?", "Veit du kven som kjem?", "Do you know who comes?"),
)


def suits_everybody(one: Hand) -> None:
    """Nothing for axe to find, nothing wider than a narrow page; looked at once, in the run by mouse."""
    if isinstance(one, Mouse):
        assert findings(one.page) == []
        usual = one.page.viewport_size
        assert usual
        one.page.set_viewport_size({"width": 320, "height": 640})
        assert one.page.evaluate("document.documentElement.scrollWidth") <= 320
        one.page.set_viewport_size(usual)


# What a round's leader does.


def add_the_councils_questions(leader: Hand) -> None:
    """Three of the council's, for three of the questionnaire's, on the plan's step."""
    leader.reads("Beboerne får høyst 15 spørsmål i alt.")
    for number, said in enumerate(COUNCIL, 1):
        for language, words in zip(("nb", "nn", "en"), said, strict=True):
            leader.fill(leader.page.locator(f"#local_{number}_{language}"), words)
        for field, chosen in (("scale", "Ja – Litt – Nei"), ("symbol", "hjelper"), ("theme", "Hjelpere")):
            leader.pick(leader.page.locator(f"#local_{number}_{field}"), chosen)
    for question in ("Liker du maten her?", "Liker du turen hit?", "Lærer du nye"):
        leader.tick(question)


def print_papers(leader: Hand, unit: str, number: int) -> list[str]:
    """The codes on the copies, in their order, as a scanner reads them."""
    leader.press("På papir")
    leader.sees("På papir")
    suits_everybody(leader)
    leader.choose("Sted", unit)
    leader.write("Hvor mange skjemaer", str(number))
    printed = leader.fetch("Lag skjemaene (PDF)")
    pages = texts(printed)
    assert COUNCIL[0][0] in " ".join(pages)
    first = [page for page, text in enumerate(pages) if "Side 1 av" in text]
    assert len(first) == number
    return [place.says.partition("#")[2] for page in first for place in qr_codes(printed, page)]


def invite_typist(leader: Hand, email: str) -> None:
    leader.write("E-postadressen til kontoen", email)
    leader.tick("Skriver inn papir")
    leader.press("Inviter")
    leader.told("Invitert")
    expect(leader.page.get_by_role("row", name=email)).to_be_visible()


def day_in(days: int) -> str:
    return (TODAY + dt.timedelta(days=days)).isoformat()


def add_day(leader: Hand, what: str, day: str) -> None:
    leader.write("Hva som skjer", what)
    leader.write("Dag", day)
    leader.press("Legg til dagen")
    leader.reads(what)


def print_letters(leader: Hand, listed: str, number: int) -> list[str]:
    """The codes that the letters hold, in the order of the list."""
    leader.press("Brev")
    leader.sees("Brev")
    leader.write("Eller lim inn listen", listed)
    leader.write("Hvem som kan spørres: et navn", "Berit Bø")
    leader.press("Lag brevene (PDF)")  # how she is reached was forgotten
    expect(leader.page.get_by_role("alert")).to_contain_text("Skriv hvem som kan spørres")
    suits_everybody(leader)
    leader.write("Telefonnummer", "75 55 50 00")
    printed = leader.fetch("Lag brevene (PDF)")
    assert len(texts(printed)) == number
    return [place.says.partition("#")[2] for page in range(number) for place in qr_codes(printed, page)]


# What a typist does.


def begin_typing(typist: Hand, unit: str) -> None:
    typist.press("Papir")
    typist.sees("Svar på papir")
    typist.press(unit)
    typist.sees(unit)


def type_in(typist: Hand, code: str, crossed: str, away: bool = False) -> None:
    """A paper's code, and the numbers of what is crossed on it; the rest is left open. `away`: the network at first."""
    typist.write("Koden på papiret", shown(code))
    typist.press("Skriv det inn")
    typist.sees("Skriv inn et papir")
    expect(typist.page.locator("html.live")).to_be_attached()
    questions = typist.page.locator("fieldset.typed")
    if isinstance(typist, Keys):
        typist.page.keyboard.press("9")  # by mistake
        typist.page.keyboard.press("Backspace")
        typist.page.keyboard.type(crossed)
        expect(questions.nth(len(crossed)).locator(":checked")).to_be_focused()
    else:
        for number, key in enumerate(crossed):
            typist.check(questions.nth(number).locator(f"[data-key='{key}']"))
    if away:
        typist.page.context.set_offline(True)
        typist.press("Ferdig med papiret")
        typist.reads("Serveren svarer ikke")
        typist.page.context.set_offline(False)
    typist.press("Ferdig med papiret")


def is_asked_for_twice(typist: Hand) -> bool:
    """Of what was typed just now."""
    heading = typist.page.get_by_role("heading", level=1)
    expect(heading).not_to_have_text("Skriv inn et papir")
    return heading.inner_text() == TWICE


def settle(typist: Hand, choices: Mapping[str, str]) -> None:
    """Choose for each question in which two typings differ."""
    typist.sees("Skrevet inn forskjellig")
    suits_everybody(typist)
    for question, choice in choices.items():
        group = typist.page.get_by_role("group", name=re.compile(re.escape(question)))
        typist.check(group.get_by_role("radio", name=choice))
    typist.press("Ferdig med papiret")
    typist.told("Papiret er skrevet inn")


# What those who answer do.


def answer_with_code(one: Hand, code: str) -> None:
    """Open the address that stands in the letter, write the code, and answer."""
    stand_still(one.page)
    one.page.goto("/")
    one.fill(one.page.locator("#code"), shown(code))
    one.page.keyboard.press("Enter")
    answer(one)


def is_told_that_the_code_is_used(one: Hand, code: str) -> None:
    one.page.goto("/")
    one.fill(one.page.locator("#code"), shown(code))
    one.page.keyboard.press("Enter")
    one.reads(WORDS["code_not_valid"])
