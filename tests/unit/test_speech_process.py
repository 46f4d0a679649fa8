"""The speech library lives in a process that may die, hang or be missing: the build survives and says why."""

import sys
from pathlib import Path

import pytest

from survey.speech import rendering
from survey.speech.voices import VOICES, Voice

NB = VOICES["nb"]
TEXTS = [(text, NB) for text in ("Ja", "Nei", "Litt")]


@pytest.fixture
def renderer(monkeypatch: pytest.MonkeyPatch):
    """Puts a line of Python before the renderer's own start."""

    def prepare(line: str) -> None:
        code = f"import os, signal, sys, time\nfrom survey.speech import renderer\n{line}\nrenderer.main()"
        monkeypatch.setattr(rendering, "RENDERER", (sys.executable, "-c", code))

    return prepare


def dies_at(text: str, how: str) -> str:
    """Python that lets the renderer do `how` when it comes to `text`."""
    return f"""
real = renderer._speak
def speak(engine, library, job):
    if job["text"] == {text!r}:
        {how}
    real(engine, library, job)
renderer._speak = speak"""


def once(path: Path, how: str) -> str:
    return f"if not os.path.exists({str(path)!r}): open({str(path)!r}, 'w').close(); {how}"


def test_a_killed_process_is_started_again_with_the_rest(renderer, tmp_path):
    renderer(dies_at("Nei", once(tmp_path / "killed", "os.kill(os.getpid(), signal.SIGKILL)")))
    assert len(list(rendering.render(TEXTS))) == 3
    assert (tmp_path / "killed").exists()


@pytest.mark.parametrize("trouble", ["job['text'] = ' '", "job['file'] = os.devnull"])
def test_a_text_that_came_out_silent_is_spoken_once_more(renderer, tmp_path, trouble):
    renderer(dies_at("Nei", once(tmp_path / "silent", trouble)))
    assert len(list(rendering.render(TEXTS))) == 3
    assert (tmp_path / "silent").exists()


def test_a_text_the_voice_cannot_say_is_named_with_the_cure(renderer):
    renderer(dies_at("Nei", "job['text'] = ' '"))
    with pytest.raises(rendering.SpeechError, match=r"says nothing for “Nei” \(is silent\). Give the text a `say_as`"):
        list(rendering.render(TEXTS))


def test_a_hung_process_is_ended_and_started_again_with_the_rest(renderer, tmp_path, monkeypatch):
    monkeypatch.setattr(rendering, "SECONDS_TO_START", 3)
    monkeypatch.setattr(rendering, "SECONDS_A_TEXT", 0)
    renderer(dies_at("Nei", once(tmp_path / "hung", "time.sleep(60)")))
    assert len(list(rendering.render(TEXTS))) == 3
    assert (tmp_path / "hung").exists()


def test_a_text_that_always_ends_the_process_is_named_and_the_others_before_it_are_kept(renderer):
    renderer(dies_at("Litt", "os._exit(3)"))
    sounds = []
    with pytest.raises(rendering.SpeechError, match=r"“Litt” with the voice gmq/nb\+f1: .*ended the process \(3\)"):
        sounds.extend(rendering.render(TEXTS))
    assert len(sounds) == 2


def test_a_voice_that_is_not_there_fails_and_no_other_voice_speaks():
    with pytest.raises(rendering.SpeechError, match="the voice gmq/xx is not there"):
        next(rendering.render([("Ja", Voice(name="gmq/xx"))]))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("sys.modules['espeakng_loader'] = None", "espeakng_loader"),
        ("sys.modules['pyttsx3'] = None", "pyttsx3"),
        ("import espeakng_loader; espeakng_loader.get_library_path = lambda: '/nowhere.so'", "/nowhere.so"),
        ("import espeakng_loader; espeakng_loader.get_data_path = lambda: '/nowhere'", "No such file or directory"),
    ],
)
def test_a_missing_speech_library_is_told_with_the_cure(renderer, line, told):
    renderer(line)
    with pytest.raises(rendering.SpeechError) as error:
        list(rendering.render(TEXTS))
    assert told in str(error.value)
    assert "`make setup` installs the speech library" in str(error.value)
    assert "\n" not in str(error.value)
    assert ".." not in str(error.value)


def test_on_macos_the_packaged_voice_speaks_without_the_systems_own(renderer):
    renderer("sys.platform = 'darwin'; sys.modules.update(objc=None, AppKit=None, Foundation=None)")
    assert len(list(rendering.render(TEXTS))) == 3
