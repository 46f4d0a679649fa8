"""Listen: texts are read in turn, each word is marked while it is heard, and the voice can be slowed down."""

import json
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from survey.questionnaire.loading import SHIPPED, load_folder, page_phrases
from survey.questionnaire.model import Phrase
from survey.settings import Settings
from survey.speech.library import SpeechLibrary
from survey.storage import migrating
from survey.storage.engine import Database
from tests.browser.conftest import findings, serve
from tests.browser.respondent import WORDS, answer, begin, press, with_sound
from tests.village import Village

RESIDENTS = load_folder(SHIPPED)["day-centre-residents"]
FIRST = RESIDENTS.questions[0]
assert FIRST.scale
CANNOT = page_phrases(SHIPPED)["cant_answer"]
READ: list[Phrase] = [FIRST, *FIRST.scale.options_for(3), CANNOT]
SECOND = FIRST.text["nb"].split()[1]
BY_A_PERSON = "Midt imellom"
NEAR = 0.1  # seconds between when a word is heard and when it is marked

# Tells what the page does while it reads: the words it marks, and the texts it lights, each with the player's time.
WITNESS = """
  const spoken = window.spoken = {marks: [], lit: [], most: 0};
  window.Audio = class extends Audio { constructor() { super(); window.player = this; } };
  const {set, delete: remove} = HighlightRegistry.prototype;
  HighlightRegistry.prototype.set = function (name, highlight) {
    set.call(this, name, highlight);
    const ranges = [...highlight];
    spoken.most = Math.max(spoken.most, this.size * ranges.length);
    const element = document.querySelector(".lit");
    spoken.marks.push([element.textContent.trim(), String(ranges[0]), window.player.currentTime]);
    window.reading?.();
  };
  new MutationObserver((changes) => {
    for (const {target} of changes) if (target.matches(".lit")) spoken.lit.push(target.textContent.trim());
  }).observe(document, {subtree: true, attributeFilter: ["class"]});
"""
HOLD = "(word) => { window.reading = () => spoken.marks.at(-1)[1] === word && window.player.pause(); }"


@dataclass(frozen=True)
class Mark:
    """A word of `text` marked when the player had come to `at` seconds."""

    text: str
    word: str
    at: float


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("installation")
    return Settings.from_environment({"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys"})


@pytest.fixture(scope="module")
def speech(settings: Settings) -> SpeechLibrary:
    """The voice reads the first question and its answers; a person has recorded one of them."""
    record(settings.data / "recorded" / "nb", BY_A_PERSON)
    speech = SpeechLibrary(settings.data)
    assert speech.build(READ, lambda done, of: None).problems == ()
    return speech


def record(folder: Path, text: str) -> None:
    """Half a second of a deep tone, for want of a person."""
    folder.mkdir(parents=True)
    (folder / "recordings.yaml").write_text(f"person.wav: {text}\n", encoding="utf-8")
    with wave.open(str(folder / "person.wav"), "wb") as file:
        file.setparams((1, 2, 22050, 0, "NONE", ""))
        file.writeframes((np.sin(np.arange(11025) / 20) * 3000).astype("<i2").tobytes())


@pytest.fixture(scope="module")
def village(settings: Settings) -> Iterator[Village]:
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    migrating.upgrade(database)
    village = Village.found(database, settings.keys.parent, {"arna": 100})
    village.round_id = village.open_round(questionnaire=RESIDENTS)
    yield village
    database.dispose()


@pytest.fixture(scope="module")
def served(settings: Settings, village: Village, speech: SpeechLibrary) -> Iterator[str]:
    yield from serve({"MEDVIRK_DATA": str(settings.data), "MEDVIRK_KEYS": str(settings.keys)})


@pytest.fixture
def question(page: Page, village: Village) -> Page:
    """The first question, before anything is read."""
    page.add_init_script(WITNESS)
    with_sound(page, village.codes()[0])
    return page


def listen(page: Page) -> None:
    page.locator(".step.now .listen").tap()


def read_through(page: Page) -> list[Mark]:
    """What was marked from Listen until it is silent again."""
    page.evaluate("spoken.marks.length = spoken.lit.length = 0")
    listen(page)
    expect(page.locator(".step.now .listen")).to_have_text(WORDS["listen_stop"])
    expect(page.locator(".step.now .listen")).to_have_text(WORDS["listen"], timeout=20_000)
    return [Mark(*mark) for mark in page.evaluate("spoken.marks")]


def measured(speech: SpeechLibrary) -> list[Mark]:
    """Each word that the voice reads, with the second at which speech/ measured it."""
    found = []
    for phrase in READ:
        sound = speech.sound_for(phrase, "nb")
        if sound and sound.kind == "synthetic" and (path := speech.path(sound.name.replace(".mp3", ".json"))):
            text = phrase.text["nb"]
            times: list[int] = json.loads(path.read_text())
            found += [Mark(text, word, at / 1000) for word, at in zip(text.split(), times, strict=True)]
    return found


def slowly(page: Page) -> None:
    press(page, "help")
    page.get_by_text(WORDS["read_slowly"]).tap()
    press(page, "close")


def state(page: Page) -> Any:
    """What is in each text that can be heard, to the letter, and where it stands."""
    return page.evaluate("""() => [...document.querySelectorAll(".step.now [data-sound]")].map((element) =>
      [element.innerHTML, element.getBoundingClientRect().toJSON()])""")


def hold(page: Page, word: str) -> None:
    """Listen, and stay where this word is heard."""
    page.evaluate(HOLD, word)
    listen(page)
    page.wait_for_function("() => window.player.paused && spoken.marks.length")
    assert page.evaluate("[...CSS.highlights.get('word')].map(String)") == [word]


@pytest.mark.parametrize("pace", ["usual", "slow"])
def test_each_word_is_marked_alone_and_in_order_while_it_is_heard(
    question: Page, speech: SpeechLibrary, pace: Literal["usual", "slow"]
) -> None:
    if pace == "slow":
        slowly(question)
    marks, words = read_through(question), measured(speech)
    assert len(words) > 4
    assert [(mark.text, mark.word) for mark in marks] == [(word.text, word.word) for word in words]
    assert [mark.at for mark in marks] == pytest.approx([word.at for word in words], abs=NEAR)
    assert question.evaluate("spoken.most") == 1
    assert question.evaluate("[player.playbackRate, player.preservesPitch]") == [0.75 if pace == "slow" else 1, True]


def test_every_text_is_lit_one_that_a_person_reads_is_lit_whole_and_nothing_is_fetched(
    question: Page,
) -> None:
    fetched: list[str] = []
    question.on("request", lambda request: fetched.append(request.url.partition(":")[0]))
    slowly(question)
    slowly(question)  # and as usual again
    assert fetched == []
    marks = read_through(question)
    assert set(fetched) <= {"blob"}  # what the page has already
    assert question.evaluate("player.playbackRate") == 1
    assert question.evaluate("spoken.lit") == [phrase.text["nb"] for phrase in READ]
    assert {mark.text for mark in marks} == {phrase.text["nb"] for phrase in READ} - {BY_A_PERSON}


def test_a_browser_that_cannot_mark_a_word_lights_the_whole_text(question: Page, village: Village) -> None:
    question.add_init_script("delete window.Highlight; delete CSS.highlights")
    question.goto("/about")
    begin(question, village.codes()[0])
    listen(question)
    question.wait_for_function("() => window.player.currentTime > 1")
    expect(question.locator(".lit")).to_have_text(FIRST.text["nb"])
    assert question.evaluate("spoken.marks") == []


def test_marking_a_word_changes_and_moves_nothing(question: Page) -> None:
    before = state(question)
    hold(question, SECOND)
    assert state(question) == before
    listen(question)
    assert silent(question)
    assert state(question) == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_marked_word_is_plain_to_see_and_axe_finds_nothing(question: Page, scheme: Literal["light", "dark"]) -> None:
    question.emulate_media(color_scheme=scheme)
    hold(question, SECOND)
    look = question.evaluate("""() => {
      const {color, backgroundColor, textDecorationLine} =
        getComputedStyle(document.querySelector(".lit"), "::highlight(word)");
      const paper = getComputedStyle(document.body).backgroundColor;
      return [color, backgroundColor, paper, textDecorationLine];
    }""")
    ink, mark, paper = (luminance(colour) for colour in look[:3])
    assert contrast(ink, mark) >= 7
    assert contrast(mark, paper) >= 3
    assert look[3] == "underline"
    assert findings(question) == []


def luminance(colour: str) -> float:
    """As WCAG defines it, of "rgb(r, g, b)"."""
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def test_a_second_press_stops_and_a_third_begins_anew(question: Page) -> None:
    for _ in range(2):
        question.evaluate("spoken.marks.length = 0")
        listen(question)
        question.wait_for_function("(word) => spoken.marks.at(-1)?.[1] === word", arg=SECOND)
        listen(question)
        assert [word for _, word, _ in question.evaluate("spoken.marks")][:2] == FIRST.text["nb"].split()[:2]
        assert silent(question)


def test_what_is_seen_is_read_in_the_order_seen_and_choosing_does_not_interrupt(question: Page) -> None:
    question.evaluate("""
      for (const choice of ["[value=turned]", "[name=symbols][value=off]", "[name=ladder-choice][value='2']"])
        document.querySelector(`#help ${choice}`).click();
      player.defaultPlaybackRate = player.playbackRate = 3;
    """)
    listen(question)
    question.wait_for_function("() => spoken.lit.length === 4")
    assert question.evaluate("spoken.lit") == [FIRST.text["nb"], "Dårlig", "Bra", CANNOT.text["nb"]]
    expect(question.locator(".lit")).to_have_count(0)
    question.evaluate("spoken.marks.length = 0")
    hold(question, SECOND)
    question.locator(".step.now input").first.press("Space")
    expect(question.locator(".lit")).to_have_text(FIRST.text["nb"])
    question.locator(".step.now .cant").evaluate("(button) => { button.hidden = false; button.click(); }")
    assert silent(question)  # other answers stand there now


def test_going_on_stops_the_voice(question: Page) -> None:
    listen(question)
    question.wait_for_function("() => spoken.marks.length > 0")
    press(question, "next")
    expect(question.locator(".step.now")).to_have_id("q2")
    assert silent(question)


def silent(page: Page) -> bool:
    """Nothing sounds, is lit or is marked."""
    quiet = "player.paused && CSS.highlights.size === 0 && !document.querySelector('.lit')"
    return bool(page.evaluate(quiet))


def test_slowness_is_for_this_answering_only(question: Page, village: Village) -> None:
    slowly(question)
    question.goto("/about")
    begin(question, village.codes()[0])
    press(question, "help")
    expect(question.locator("#read-slowly")).not_to_be_checked()
    press(question, "close")
    listen(question)
    question.wait_for_function("() => spoken.marks.length > 0")
    assert question.evaluate("player.playbackRate") == 1
    assert question.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_who_saves_data_gets_single_sounds_and_sound_that_does_not_come_is_told(
    question: Page, village: Village
) -> None:
    question.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    question.goto("/about")
    fetched: list[str] = []
    question.on("request", lambda request: fetched.append(request.url.split("/")[3]))
    begin(question, village.codes()[0])
    question.wait_for_load_state("networkidle")
    read_through(question)
    assert "speech" in fetched
    assert "sounds" not in fetched
    question.route("**/speech/*", lambda route: route.abort())
    press(question, "pause")
    press(question, "go_on")
    listen(question)
    expect(question.locator(".step.now .no-sound")).to_have_text(WORDS["sound_missing"])
    expect(question.locator(".step.now .listen")).to_have_text(WORDS["listen"])


def test_an_answer_speaks_when_touched_only_by_choice(question: Page) -> None:
    answer(question, "Dårlig")
    assert question.locator(".lit").count() == 0
    press(question, "help")
    question.get_by_text(WORDS["speak_answers"]).tap()
    press(question, "close")
    answer(question, "Bra")
    expect(question.locator(".lit")).to_have_text("Bra")
