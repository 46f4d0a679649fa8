"""Every sound a respondent can hear says its text: all questionnaires, all languages, all of the page's words."""

import json
import sys
import wave

import pytest

from survey import cli
from survey.commands import content
from survey.questionnaire import loading
from survey.questionnaire.model import Phrase
from survey.speech import rendering
from survey.speech.library import SpeechLibrary
from survey.speech.voices import VOICES
from tests.hearing import SAME, Reference, decode, distance


@pytest.fixture(scope="module")
def phrases():
    return list(content.spoken(loading.SHIPPED))


def test_every_text_of_every_questionnaire_is_heard(phrases, tmp_path):
    speech = SpeechLibrary(tmp_path)
    assert speech.build(phrases, lambda done, total: None).problems == ()
    texts = {(language, phrase.spoken(language)): phrase for phrase in phrases for language in phrase.text}
    without = {phrase.id for (language, _), phrase in texts.items() if speech.sound_for(phrase, language) is None}
    assert without == {phrase.id for phrase in phrases if "{" in phrase.text["nb"]}

    reference = Reference()
    misheard = []
    for (language, text), phrase in texts.items():
        if sound := speech.sound_for(phrase, language):
            far = distance(decode(speech.path(sound.name).read_bytes()), reference(text, VOICES[language]))
            words = json.loads(speech.path(sound.name.replace(".mp3", ".json")).read_bytes())
            if far > SAME or len(words) != len(text.split()) or words != sorted(words):
                misheard.append((language, text, far, words))
    assert misheard == []


@pytest.fixture
def medvirk(tmp_path, monkeypatch, capsys):
    """The command, with two texts to speak; gives back its exit code and what it says on both streams."""
    monkeypatch.setenv("MEDVIRK_DATA", str(tmp_path))
    monkeypatch.setenv("MEDVIRK_KEYS", str(tmp_path / "keys"))
    monkeypatch.setattr(content, "spoken", lambda _content: iter([Phrase(id="yes", text={"nb": "Ja", "en": "Yes"})]))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["medvirk", *arguments])
        status = 0
        try:
            cli.main()
        except SystemExit as end:
            status = int(end.code or 0)
        return status, *capsys.readouterr()

    return run


def test_the_command_builds_once_and_tells_what_it_did(medvirk):
    status, told, wrong = medvirk("speech", "build")
    assert (status, wrong) == (0, "")
    assert "2 made, 0 there already" in told
    status, told, wrong = medvirk("speech", "build")
    assert (status, wrong) == (0, "")
    assert "0 made, 2 there already" in told


def test_a_recording_whose_text_has_changed_is_named_and_the_rest_is_built(medvirk, tmp_path):
    folder = tmp_path / "recorded" / "nb"
    folder.mkdir(parents=True)
    (folder / "recordings.yaml").write_text("old.wav: Jo")
    with wave.open(str(folder / "old.wav"), "wb") as file:
        file.setparams((1, 2, 22050, 0, "NONE", ""))
        file.writeframes(b"\x00\x20\x00\xe0" * 11025)
    status, told, wrong = medvirk("speech", "build")
    assert status == 0
    assert "old.wav: no text is “Jo” (any more)" in wrong
    assert "2 made" in told


def test_a_missing_speech_library_is_one_clear_line(medvirk, monkeypatch):
    broken = "import sys; sys.modules['espeakng_loader'] = None; from survey.speech import renderer; renderer.main()"
    monkeypatch.setattr(rendering, "RENDERER", (sys.executable, "-c", broken))
    status, told, wrong = medvirk("speech", "build")
    assert status == 1
    assert "made" not in told
    assert wrong.count("\n") == 1
    assert wrong.startswith("Error: No speech could be made of “Ja”")
    assert "`make setup` installs the speech library" in wrong
