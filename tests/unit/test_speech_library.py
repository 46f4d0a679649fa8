"""The library of sounds: made once, found by phrase, human recordings first."""

import io
import json
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from survey.questionnaire.model import Phrase
from survey.speech import library as library_module
from survey.speech import rendering, shaping
from survey.speech.library import SpeechLibrary, name_of
from survey.speech.voices import VOICES, Voice

HOW = Phrase(id="how", text={"nb": "Hvordan har du det?", "nn": "Korleis har du det?", "en": "How are you?"})
YES = Phrase(id="yes", text={"nb": "Ja", "nn": "Ja", "en": "Yes"})


class Progress(list):
    def __call__(self, done: int, total: int) -> None:
        self.append((done, total))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are rendered, in place of the real rendering."""
    texts: list[str] = []

    def render(batch):
        for text, _voice in batch:
            texts.append(text)
            yield rendering.Rendered(b"\xff" * 6000, [50])

    monkeypatch.setattr(library_module.rendering, "render", render)
    return texts


def files(data: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (data / "speech").glob("*.mp3")}


def record(data: Path, texts: dict[str, str], language: str = "nn", pitch: float = 200) -> None:
    """Recordings of one second each, as a voice would deliver them."""
    folder = data / "recorded" / language
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recordings.yaml").write_text("".join(f"{name}: {text}\n" for name, text in texts.items()))
    samples = np.sin(np.arange(48000) * 2 * np.pi * pitch / 48000) * 3000
    for name in texts:
        with wave.open(str(folder / name), "wb") as file:
            file.setparams((2, 2, 48000, 0, "NONE", ""))
            file.writeframes(np.repeat(samples.astype("<i2"), 2).tobytes())


def build(data: Path, *phrases: Phrase) -> library_module.Report:
    return SpeechLibrary(data).build(phrases, Progress())


def test_every_language_with_a_voice_is_built_and_found(data):
    speech = SpeechLibrary(data)
    assert speech.sound_for(HOW, "nb") is None
    report = speech.build([HOW, YES], Progress())
    assert (report.rendered, report.kept, report.recorded, report.problems) == (5, 0, 0, ())  # nn's "Ja" is nb's
    sounds = {language: speech.sound_for(HOW, language) for language in ("nb", "nn", "en")}
    assert {language: sound.kind for language, sound in sounds.items()} == {
        "nb": "synthetic",
        "nn": "borrowed",
        "en": "synthetic",
    }
    for sound in sounds.values():
        mp3 = speech.path(sound.name).read_bytes()
        samples, rate = soundfile.read(io.BytesIO(mp3))
        assert sound.seconds == pytest.approx(len(samples) / rate, abs=0.001)
        assert len(json.loads(speech.path(sound.name.replace(".mp3", ".json")).read_text())) in (3, 4)


def test_a_second_build_renders_nothing(data, rendered):
    build(data, HOW, YES)
    before = files(data)
    rendered.clear()
    report = build(data, HOW, YES)
    assert rendered == []
    assert (report.rendered, report.kept) == (0, 5)
    assert files(data) == before


def test_a_changed_text_is_a_new_file_and_the_old_one_stays(data, rendered):
    build(data, YES)
    before = files(data)
    rendered.clear()
    changed = Phrase(id="yes", text={**YES.text, "nb": "Ja da"})
    build(data, changed)
    assert rendered == ["Ja da"]
    assert files(data).items() > before.items()
    assert SpeechLibrary(data).sound_for(YES, "nb").name != SpeechLibrary(data).sound_for(changed, "nb").name


def test_the_voice_is_given_what_say_as_says(data, rendered):
    phrase = Phrase(id="ask", text={"nb": "ASK"}, say_as={"nb": "a es kå"})
    build(data, phrase)
    assert rendered == ["a es kå"]
    assert SpeechLibrary(data).sound_for(phrase, "nb")


@pytest.mark.parametrize("other", [{"name": "gmw/en+f1"}, {"rate": 116}, {"pitch": 51}, {"volume": 0.9}])
def test_another_manner_is_another_file(other):
    voice = {"name": "gmq/nb+f1", "rate": 115, "pitch": 50, "volume": 1.0}
    assert name_of("Ja", Voice(**voice)) != name_of("Ja", Voice(**{**voice, **other}))


def test_a_language_without_a_voice_has_no_sound_rather_than_a_wrong_one(data, rendered):
    phrase = Phrase(id="yes", text={"se": "Juo"})
    build(data, phrase)
    assert rendered == []
    assert SpeechLibrary(data).sound_for(phrase, "se") is None
    assert SpeechLibrary(data).sound_for(phrase, "nb") is None


def test_a_text_with_a_place_to_fill_in_has_no_sound(data, rendered):
    phrase = Phrase(id="progress", text={"nb": "Spørsmål {n} av {total}"})
    build(data, phrase)
    assert rendered == []
    assert SpeechLibrary(data).sound_for(phrase, "nb") is None


def test_progress_is_told_after_every_batch(data, rendered):
    phrases = [Phrase(id=str(number), text={"nb": str(number)}) for number in range(90)]
    progress = Progress()
    SpeechLibrary(data).build(phrases, progress)
    assert len(progress) == 3
    assert progress == sorted(progress)
    assert progress[-1] == (90, 90)


def test_a_recording_wins_over_the_voice_and_is_made_like_other_sounds(data, rendered):
    record(data, {"how.wav": "Korleis har du det?"})
    assert build(data, HOW).recorded == 1
    assert sorted(rendered) == ["How are you?", "Hvordan har du det?"]
    speech = SpeechLibrary(data)
    sound = speech.sound_for(HOW, "nn")
    assert sound.kind == "recorded"
    samples, rate = soundfile.read(speech.path(sound.name))
    assert samples.ndim == 1
    assert len(samples) / rate == pytest.approx(sound.seconds, abs=0.05)
    assert 20 * np.log10(shaping.speaking_level(samples.astype(np.float32), rate)) == pytest.approx(-20, abs=1)
    assert speech.sound_for(HOW, "nb").kind == "synthetic"


def test_a_new_recording_of_the_same_text_is_a_new_file(data, rendered):
    record(data, {"how.wav": "Korleis har du det?"})
    build(data, HOW)
    first = SpeechLibrary(data).sound_for(HOW, "nn")
    record(data, {"how.wav": "Korleis har du det?"}, pitch=300)
    build(data, HOW)
    second = SpeechLibrary(data).sound_for(HOW, "nn")
    assert second.kind == "recorded"
    assert second.name != first.name
    assert SpeechLibrary(data).path(first.name)


def test_a_recording_of_a_text_that_has_changed_is_refused_and_reported(data, rendered):
    record(data, {"how.wav": "Korleis er det?"})
    report = build(data, HOW)
    assert SpeechLibrary(data).sound_for(HOW, "nn").kind == "borrowed"
    assert [line for line in report.problems if "how.wav: no text is “Korleis er det?”" in line]
    assert len(report.problems) == 1


def test_recordings_that_cannot_be_used_are_reported_with_the_cure(data, rendered):
    record(data, {"how.wav": "Korleis har du det?", "yes.wav": "Ja", "gone.wav": "Ja"})
    folder = data / "recorded" / "nn"
    (folder / "gone.wav").unlink()
    (folder / "yes.wav").write_bytes(b"ID3 this is no WAV")
    with wave.open(str(folder / "how.wav"), "wb") as file:
        file.setparams((1, 2, 22050, 0, "NONE", ""))
        file.writeframes(bytes(44100))
    (folder / "other.wav").touch()
    told = " ".join(build(data, HOW, YES).problems)
    assert "gone.wav: recordings.yaml names it, but it is not there" in told
    assert "yes.wav: the recording is no 16-bit PCM WAV file" in told
    assert "how.wav: the recording is silent" in told
    assert "other.wav: recordings.yaml does not say what is read in it" in told
    assert SpeechLibrary(data).sound_for(YES, "nn").kind == "borrowed"


@pytest.mark.parametrize("manifest", ["how.wav: [a", "- how.wav", "how.wav: 3"])
def test_a_broken_list_of_recordings_is_reported_and_the_build_goes_on(data, rendered, manifest):
    folder = data / "recorded" / "nb"
    folder.mkdir(parents=True)
    (folder / "recordings.yaml").write_text(manifest)
    (problem,) = build(data, YES).problems
    assert "recordings.yaml" in problem
    assert "Write one line a file: name.wav: text" in problem
    assert SpeechLibrary(data).sound_for(YES, "nb")


@pytest.mark.parametrize("name", ["../secret.mp3", "recorded.json", "a.mp3", "0" * 32 + ".mp3", "0" * 32 + ".mp3\n"])
def test_nothing_but_sounds_is_served(data, rendered, name):
    build(data, YES)
    (data / "secret.mp3").touch()
    assert SpeechLibrary(data).path(name) is None


def test_a_build_that_fails_keeps_what_it_made_and_leaves_nothing_half_written(data, monkeypatch):
    def render(batch):
        yield rendering.Rendered(b"\xff" * 6000, [50])
        raise rendering.SpeechError("the voice is gone")

    monkeypatch.setattr(library_module.rendering, "render", render)
    with pytest.raises(rendering.SpeechError, match="the voice is gone"):
        build(data, YES)
    assert len(files(data)) == 1
    assert not list((data / "speech").glob("*.new"))
    speech = SpeechLibrary(data)
    assert speech.sound_for(YES, "nb")
    assert speech.sound_for(YES, "en") is None
    monkeypatch.undo()
    assert build(data, YES).rendered == 1


def test_sounds_can_be_read_by_the_user_who_serves_them(data, rendered):
    build(data, YES)
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in (data / "speech").iterdir())


def test_every_voice_has_the_parts_of_its_name():
    assert {language for language, voice in VOICES.items() if voice.borrowed} == {"nn"}
