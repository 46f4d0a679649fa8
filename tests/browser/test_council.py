"""A user council listens to what it is told back: from the list to a page, by touch and by keyboard alone."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reports.easy_read import facts, suggested
from survey.questionnaire.loading import SHIPPED, page_phrases
from survey.questionnaire.model import Phrase
from survey.results import told
from survey.results.shown import said
from survey.results.speaking import written
from survey.results.told import Content
from survey.settings import Settings
from survey.speech.library import SpeechLibrary
from survey.storage.engine import Database
from tests.bergen import day_centres, questionnaire
from tests.browser.conftest import findings, serve
from tests.browser.respondent import WORDS
from tests.staffed import install

RELEASE = day_centres()
WHOLE, CENTRE = RELEASE.nodes[0], RELEASE.nodes[1]
PHRASES = page_phrases(SHIPPED)
LINE, SILENT = "Vi kjøper nye stoler.", "Dere får velge maten selv."
FACTS = [fact for fact in facts(RELEASE, WHOLE) if fact in suggested(RELEASE, WHOLE)][:3]
PER_SECOND = 48_000 / 8  # bytes: sounds are MP3 of 48 kbit/s
FRAMES = 0.11  # seconds: a player tells the length of an MP3 to a few frames, and where it was when it ended
QUICKLY = 8  # times as fast as it is spoken: what is measured is the sound's own time

# What is lit when a sound begins and ends, its file, and how much of it was played, before the page hears of either.
WITNESS = """
  window.heard = [];
  window.lit = () => [...document.querySelectorAll(".lit")].map((it) => it.textContent.trim());
  window.Audio = class extends Audio {
    constructor() {
      super();
      window.player = this;
      this.addEventListener("loadstart", () => { this.playbackRate = QUICKLY; });
      this.addEventListener("playing", () => { window.begun = window.lit(); });
      this.addEventListener("ended", () => {
        const parts = [...Array(this.played.length).keys()];
        const played = parts.reduce((sum, part) => sum + this.played.end(part) - this.played.start(part), 0);
        window.heard.push({ begun: window.begun, ended: window.lit(), file: this.src.split("/").at(-1), played });
      });
    }
  };
""".replace("QUICKLY", str(QUICKLY))


def read_aloud() -> Iterator[Phrase]:
    """All that a page tells, in the order it is read: each word's meaning once, where it is first met."""
    met = set()
    yield PHRASES["results_said"]
    for fact in FACTS:
        one = said(questionnaire(RELEASE.questionnaire), fact)
        yield from (one.question, PHRASES[f"results_{one.word}"], one.option)
        if one.word not in met:
            yield PHRASES[f"results_{one.word}_is"]
        met.add(one.word)
    yield from (PHRASES["results_will"], written(LINE, "nb"), PHRASES["results_thanks"])


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A page that is read whole, and one whose line no voice has read yet."""
    settings = install(tmp_path_factory.mktemp("council"), RELEASE)
    database = Database(settings.database_url)
    with database.begin() as connection:
        for node, line in ((WHOLE, LINE), (CENTRE, SILENT)):
            chosen = [(fact.question, fact.end) for fact in FACTS]
            told.save(connection, RELEASE.round, node.id, Content(chosen, {"nb": [line]}))
            draft = told.find(connection, RELEASE.round, node.id)
            assert draft
            told.publish(connection, draft, "anna@bergen.no", dt.date(2027, 1, 1))
    database.dispose()
    return settings


@pytest.fixture(scope="module")
def speech(settings: Settings) -> SpeechLibrary:
    speech = SpeechLibrary(settings.data)
    listed = (PHRASES["results_title"], PHRASES["results_choose"])
    assert speech.build([*read_aloud(), *listed], lambda done, of: None).problems == ()
    return speech


@pytest.fixture(scope="module")
def served(settings: Settings, speech: SpeechLibrary) -> Iterator[str]:
    yield from serve({"MEDVIRK_DATA": str(settings.data), "MEDVIRK_KEYS": str(settings.keys)})


@pytest.fixture(params=["touch", "keyboard"])
def press(request: pytest.FixtureRequest, page: Page) -> Callable[[str], None]:
    """Presses what has this name, with a finger or with the keys alone."""
    page.add_init_script(WITNESS)

    def tap(name: str) -> None:
        page.get_by_text(name, exact=True).first.tap()

    def key(name: str) -> None:
        for _ in range(20):
            if page.evaluate("document.querySelector(':focus')?.textContent ?? ''").strip().startswith(name):
                return page.keyboard.press("Enter")
            page.keyboard.press("Tab")
        raise AssertionError(f"Tab never came to {name}")

    return tap if request.param == "touch" else key


def whole(speech: SpeechLibrary, phrase: Phrase) -> tuple[str, str, float]:
    """What is lit, which file is heard, and how long that is, in seconds."""
    sound = speech.sound_for(phrase, "nb")
    assert sound
    return phrase.text["nb"], sound.name, len(speech.read(sound.name)) / PER_SECOND


def heard(page: Page, number: int) -> list[dict[str, Any]]:
    """So many texts, when they have been read to their end and it is silent."""
    page.wait_for_function("(number) => heard.length >= number && !lit().length", arg=number)
    found: list[dict[str, Any]] = page.evaluate("heard.splice(0)")
    return found


def is_read(found: list[dict[str, Any]], speech: SpeechLibrary, phrases: list[Phrase]) -> None:
    """In order, each text alone is lit from its sound's first moment to its last, and all of the sound is heard."""
    expected = [whole(speech, phrase) for phrase in phrases]
    assert [(one["begun"], one["ended"], one["file"]) for one in found] == [
        ([text], [text], file) for text, file, _ in expected
    ]
    assert [one["played"] for one in found] == pytest.approx([seconds for *_, seconds in expected], abs=FRAMES)
    assert sum(seconds for *_, seconds in expected) > 0.5 * len(expected), "a voice, not silence"


def test_a_user_council_listens_from_the_list_to_the_end_of_a_page(
    page: Page, press: Callable[[str], None], speech: SpeechLibrary
) -> None:
    page.goto("/results/")
    assert page.evaluate("window.player.paused && !heard.length"), "nothing sounds unasked"
    press(WORDS["listen"])
    is_read(heard(page, 2), speech, [PHRASES["results_title"], PHRASES["results_choose"]])
    assert findings(page) == []
    press("Bergen")
    expect(page.locator("h1")).to_have_text("Bergen")
    all_of_it, button = list(read_aloud()), page.locator("[data-reads]")
    press(WORDS["listen_to_all"])
    expect(button).to_have_text(WORDS["listen_stop"])
    is_read(heard(page, len(all_of_it)), speech, all_of_it)
    expect(button).to_have_text(WORDS["listen_to_all"])
    press(WORDS["listen_to_all"])  # again, from the beginning; and stop in the middle
    page.wait_for_function("() => heard.length === 2 && lit().length === 1 && !player.paused")
    press(WORDS["listen_stop"])
    assert page.evaluate("player.paused && !lit().length")
    stopped = page.evaluate("heard.splice(0)")
    is_read(stopped, speech, all_of_it[: len(stopped)])
    assert page.evaluate("heard.length") == 0
    press(WORDS["results_back"])
    expect(page.locator("h1")).to_have_text(WORDS["results_title"])


def test_a_page_whose_sound_comes_soon_says_so_reads_what_it_has_and_axe_finds_nothing(
    page: Page, speech: SpeechLibrary
) -> None:
    page.goto(f"/results/{RELEASE.round}/{CENTRE.id}")
    expect(page.get_by_text(WORDS["results_sound_soon"])).to_be_visible()
    line = page.get_by_text(SILENT)
    assert line.get_attribute("data-sound") is None
    assert page.locator("[data-reads]").is_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert findings(page) == []
