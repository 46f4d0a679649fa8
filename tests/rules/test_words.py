"""Every word that a respondent can meet stands in the content files, in each language, and is easy to read."""

import re
from pathlib import Path

import pytest
import yaml
from babel.messages.pofile import read_po

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


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_what_people_are_asked_in_is_called_a_survey_in_norwegian_and_never_a_round(language: str) -> None:
    """The field says "undersøkelse" of each run of one; "runde" is no word of its documents."""
    archive = ROOT / "survey" / "archive"
    files = [archive / "words" / f"{language}.py", *(archive / "templates" / "archive" / language).glob("*.html")]
    files += [ROOT / "survey" / "demo" / "content.py", *content_files(SHIPPED)]
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    with (ROOT / f"survey/translations/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        texts |= {str(message.id): str(message.string) for message in read_po(file)}
    wrong = re.compile(r"\brund(e|en|ens|er|ene|enes|ar|ane|ele\w+)\b", re.IGNORECASE)
    assert [name for name, text in texts.items() if wrong.search(text)] == []


def test_what_a_symbol_is_called_is_short_and_plain() -> None:
    concepts = yaml.safe_load((SYMBOLS / "symbols.yaml").read_text(encoding="utf-8"))["concepts"]
    for concept, entry in concepts.items():
        for language in LANGUAGES:
            assert len(words(entry[language])) <= LONGEST_SENTENCE, concept
            assert obstacles(entry[language]) == [], concept
