"""Every word that a respondent can meet stands in the content files, in each language, and is easy to read."""

import re
from pathlib import Path

import pytest
import yaml

from survey.languages import LANGUAGES
from survey.questionnaire.checking import check_files, content_files
from survey.questionnaire.loading import SHIPPED
from survey.questionnaire.readability import LONGEST_SENTENCE, obstacles, words
from survey.symbols import Catalogue, openmoji

ROOT = Path(__file__).parents[2]
SYMBOLS = ROOT / "static" / "symbols"
PAGES = [path for path in ROOT.glob("survey/*/templates/**/*.html") if "answering/" in path.read_text(encoding="utf-8")]

# Letters to look at; names of works, of those who made them, and of licences: the same in every language.
NAMES = {"Aa", "Medvirk", "Medvirk ©", "EUPL-1.2", "SIL OFL 1.1", "GPL-3.0", "eSpeak NG,"}
NAMES |= {"Atkinson Hyperlegible © Braille Institute of America,"}


def letters(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]", text))


def written(template: str) -> list[str]:
    """The texts and the spoken attributes that a template holds itself."""
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template, flags=re.DOTALL)
    bare = re.sub(r"<(style|script)\b.*?</\1>|<!.*?>", "", bare, flags=re.DOTALL)
    spoken = re.findall(r'\b(?:aria-label|alt|title|placeholder|data-text|data-stop)="([^"]*)"', bare)
    texts = re.split(r"<[^>]*>", bare)
    return [text.strip() for text in (*spoken, *texts) if letters(text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_respondents_page_takes_every_word_from_the_content_files(page: Path) -> None:
    found = [re.sub(r"\s*\d{4},?$", "", text) for text in written(page.read_text(encoding="utf-8"))]
    assert [text for text in found if text not in NAMES and text.strip("– ") not in NAMES] == []


def test_the_rule_sees_words_in_texts_and_in_what_is_spoken_only() -> None:
    assert written('<p class="a">{{ say("x") }}</p><b title="Hei">Du {# her #}</b>') == ["Hei", "Du"]


def test_a_respondents_script_says_nothing_of_its_own() -> None:
    said = re.compile(
        r"""(?:textContent|innerText|innerHTML|ariaLabel|title|placeholder|alt) \+?= ["'`](?=.*\w)|alert\("""
    )
    assert [
        (path.name, line)
        for path in ROOT.glob("static/js/*.js")
        for line in path.read_text().splitlines()
        if said.search(line)
    ] == []


def test_every_text_passes_the_gate_in_each_language() -> None:
    assert list(map(str, check_files(content_files(SHIPPED), Catalogue.load(SYMBOLS, openmoji()).concepts))) == []
    for path in content_files(SHIPPED):
        assert tuple(yaml.safe_load(path.read_text(encoding="utf-8"))["languages"]) == LANGUAGES, path.name


def test_what_a_symbol_is_called_is_short_and_plain() -> None:
    concepts = yaml.safe_load((SYMBOLS / "symbols.yaml").read_text(encoding="utf-8"))["concepts"]
    for concept, entry in concepts.items():
        for language in LANGUAGES:
            assert len(words(entry[language])) <= LONGEST_SENTENCE, concept
            assert obstacles(entry[language]) == [], concept
