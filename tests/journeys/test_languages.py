"""A chosen language is the whole page's: texts, names for those who listen, errors and the title."""

import html
import re
from dataclasses import replace

import html5lib
import pytest
from flask.testing import FlaskClient

from survey.access.codes import mint
from survey.app import create_app
from survey.languages import LANGUAGES
from survey.questionnaire.loading import SHIPPED, QuestionnaireError, load_folder, page_phrases
from survey.settings import Settings
from survey.storage import migrating
from survey.storage.engine import Database
from tests.arabic import lay_in
from tests.village import SUBMISSION, Village

RESIDENTS = load_folder(SHIPPED)["day-centre-residents"]
PHRASES = [*page_phrases(SHIPPED).values(), *RESIDENTS.phrases()]
SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-text", "data-stop")


@pytest.fixture
def village(settings: Settings) -> Village:
    database = Database(settings.database_url)
    migrating.upgrade(database)
    village = Village.found(database, settings.keys.parent)
    village.round_id = village.open_round(questionnaire=RESIDENTS)
    return village


def met(client: FlaskClient, village: Village, language: str) -> dict[str, str]:
    """Every page that a person can come to."""
    (code,) = village.codes()
    own = {"language": language}
    answer = {**own, "code": code, "round": village.round_id, "submission": SUBMISSION, "ladder": "3"}
    return {
        "code": client.get("/s", query_string=own).text,
        "no code": client.post("/start", data=own).text,
        "mistyped": client.post("/start", data={**own, "code": "ABC"}).text,
        "wrong code": client.post("/start", data={**own, "code": mint()}).text,
        "questionnaire": client.post("/start", data={**own, "code": code}).text,
        "wrong answer": client.post("/submit", data={**answer, "thrive": "77"}).text,
        "thanks": client.post("/submit", data=answer).text,
        "thanked before": client.post("/submit", data=answer).text,
        "spent": client.post("/submit", data={**answer, "submission": "0" * 32}).text,
        "no page": client.get("/nowhere", query_string=own).text,
        "offline": client.get("/offline", query_string=own).text,
        "about": client.get("/about", query_string=own).text,
    }


def said(page: str) -> set[str]:
    """Texts, titles and names, but for what is marked as another language's."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    texts = set()
    for element in tree.iter():
        if element.tag != "html" and "lang" in element.attrib:
            continue
        texts |= {element.get(name, "") for name in SPOKEN}
        texts |= {text or "" for text in (element.text, *(child.tail for child in element))}
    return {text.strip() for text in texts}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_says_a_word_in_a_language_that_was_not_chosen(
    settings: Settings, village: Village, language: str
) -> None:
    own = {phrase.text[language] for phrase in PHRASES}
    foreign = {text for phrase in PHRASES for text in phrase.text.values()} - own
    client = create_app(settings).test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en" if language == "nb" else "nb"
    for name, page in met(client, village, language).items():
        assert f'<html lang="{language}"' in page, name
        title = re.search("<title>(.*?)</title>", page, re.DOTALL)
        assert title, name
        begins = html.unescape(title[1]).strip().split(" – ")[0]
        assert begins in own | {RESIDENTS.title[language]}, name
        assert said(page) & own, name
        assert said(page) & foreign == set(), name
    village.database.dispose()


def test_content_with_a_phrase_missing_is_refused_with_the_cure(settings: Settings) -> None:
    folder = settings.data / "content"
    folder.parent.mkdir(exist_ok=True)
    lay_in(folder)
    assert tuple(page_phrases(folder)["listen"].text) == (*LANGUAGES, "ar")
    page = folder / "page.yaml"
    page.write_text(page.read_text(encoding="utf-8").replace("id: pause\n", "id: rest\n"), encoding="utf-8")
    with pytest.raises(QuestionnaireError, match=r"page.yaml:1: the pages also say `pause`. Copy these from page.yaml"):
        page_phrases(folder)


def test_in_a_language_that_a_municipality_added_every_page_opens_and_the_statement_is_in_bokmål(
    settings: Settings,
) -> None:
    settings = replace(settings, content=settings.data / "content")
    settings.data.mkdir(exist_ok=True)
    lay_in(settings.content)
    database = Database(settings.database_url)
    migrating.upgrade(database)
    client = create_app(settings).test_client()
    for address in ("/s", "/queue", "/about", "/offline", "/results/"):
        page = client.get(f"{address}?language=ar").text
        assert '<html lang="ar" dir="rtl">' in page, address
    assert '<span lang="nb">eple</span>' in client.get("/queue?language=ar").text  # pictures are named in ours
    page = client.get("/accessibility?language=ar").text
    assert '<html lang="nb">' in page
    assert "1.1.1 Ikke-tekstlig innhold (A)" in page
    database.dispose()
