"""What a screen reader meets, from the code page to thanks: names, roles and states in their order, in a file to read.

A change of words or structure shows in golden/*.txt: `make golden` writes them anew, and the difference is reviewed.
"""

import os
import re
from itertools import chain
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.sights import QUESTIONNAIRES, coming_in, look_about, questionnaire, short
from tests.village import Village

GOLDEN = Path(__file__).parent / "golden"
OVER = "document.querySelector('dialog:modal')?.id ?? ''"


def transcript(page: Page, code: str, language: str) -> str:
    """Each sight with its title; a panel alone while it is open, and what is around a question only the first time."""
    parts = []
    seen: set[str] = set()
    for sight in chain(coming_in(page, code, f"language={language}"), questionnaire(page)):
        panel, steps = page.evaluate(OVER), page.locator(".step").count()
        around = page.locator(".top, .ways").evaluate_all("(all) => all.map((it) => it.innerText).join()")
        whole = not steps or around not in seen
        seen.add(around)
        part = page.locator(f"#{panel}" if panel else "body" if whole else ".step.now")
        said = re.sub(r":\n *- /url: .*", "", part.aria_snapshot())  # nobody hears where a link leads
        parts.append(f"== {sight} ==  {page.title()}\n\n{said}\n")
    return "\n".join(parts)


@pytest.mark.parametrize(
    ("name", "language"), [("day-centre-residents", "nb"), ("relatives", "nb"), ("day-centre-residents", "en")]
)
def test_a_screen_reader_meets_what_was_reviewed(page: Page, village: Village, name: str, language: str) -> None:
    asked = QUESTIONNAIRES[name] if language == "nb" else short(name)
    round_id = village.open_round(audience=asked.audience, questionnaire=asked, service_kind="day_centre")
    (code,) = village.codes(round_id=round_id, unit="arna" if language == "nb" else "fana")
    look_about(page)
    said = transcript(page, code, language)
    assert code not in said
    file = GOLDEN / f"{name}.{language}.txt"
    if os.environ.get("GOLDEN") == "write":
        file.write_text(said, encoding="utf-8")
    assert said.splitlines() == file.read_text(encoding="utf-8").splitlines()
