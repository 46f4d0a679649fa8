"""What is heard: every sound is compared with an independent synthesis of the same text, from the MP3 itself."""

import ctypes
import io
from collections.abc import Callable, Iterator
from dataclasses import replace

import espeakng_loader
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from survey.speech import rendering, shaping
from survey.speech.voices import VOICES, Voice

RATE = 22050
SAME = 0.6  # measured: right 0.16-0.35, the nearest other sentence 0.93, the nearest other voice 0.96
TEXTS = {
    "nb": [
        "Hvordan har du det her?",
        "Er du glad når du er her?",
        "Snakker de som jobber her pent til deg?",
        "Føler du deg trygg her?",
        "Ja",
        "Nei",
        "Av og til",
        "Midt imellom",
    ],
    "nn": ["Korleis har du det her?", "Eg veit ikkje"],
    "en": ["How are you doing here?", "Sometimes", "Do you feel safe here?"],
}
SPOKEN = [(text, VOICES[language]) for language, texts in TEXTS.items() for text in texts]
Samples = NDArray[np.float64]


class Event(ctypes.Structure):
    """espeak_EVENT of speak_lib.h, as far as its size matters."""

    _fields_ = [("start", ctypes.c_int * 6), ("data", ctypes.c_void_p), ("id", ctypes.c_char * 8)]


@pytest.fixture(scope="module")
def reference() -> Iterator[Callable[[str, Voice], Samples]]:
    """Speaks with eSpeak NG's own C interface: none of the product's code, no pyttsx3, no MP3."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    synchronous, utf8_with_end_pause, rate, volume, pitch = 2, 0x1001, 1, 2, 3
    assert library.espeak_Initialize(synchronous, 0, espeakng_loader.get_data_path().encode(), 0) == RATE
    pieces: list[NDArray[np.int16]] = []

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))
    def heard(wav, count, events):  # type: ignore[no-untyped-def]
        if count:
            pieces.append(np.ctypeslib.as_array(wav, (count,)).copy())
        return 0

    def speak(spelling: str, voice: Voice) -> Samples:
        pieces.clear()
        assert library.espeak_SetVoiceByName(voice.name.encode()) == 0
        for parameter, value in ((rate, voice.rate), (volume, round(100 * voice.volume)), (pitch, voice.pitch)):
            assert library.espeak_SetParameter(parameter, value, 0) == 0
        text = spelling.encode() + b"\0"
        assert library.espeak_Synth(text, len(text), 0, 0, 0, utf8_with_end_pause, None, None) == 0
        return np.concatenate(pieces) / 32768

    library.espeak_SetSynthCallback(heard)
    yield speak
    library.espeak_SetSynthCallback(None)


@pytest.fixture(scope="module")
def sounds() -> dict[tuple[str, str], rendering.Rendered]:
    """What the product makes of the texts."""
    return {(text, voice.name): sound for (text, voice), sound in zip(SPOKEN, rendering.render(SPOKEN), strict=True)}


def decode(mp3: bytes) -> Samples:
    samples, rate = soundfile.read(io.BytesIO(mp3))
    assert rate == RATE
    assert samples.ndim == 1
    return samples


def mel(samples: Samples) -> Samples:
    """Log energy in 40 mel bands, every 10 ms where somebody speaks, about its own mean."""
    loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
    frames = np.lib.stride_tricks.sliding_window_view(samples[loud[0] : loud[-1] + 1], 551)[::220]
    power = np.abs(np.fft.rfft(frames * np.hanning(551), 1024)) ** 2
    edges = 700 * (10 ** (np.linspace(90, 2840, 42) / 2595) - 1)  # 60 Hz to 8 kHz, evenly in mel
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    hertz = np.fft.rfftfreq(1024, 1 / RATE)
    bands = np.clip(np.minimum((hertz - low) / (middle - low), (high - hertz) / (high - middle)), 0, None)
    energy = power @ bands.T
    log = np.log(energy + 1e-5 * energy.max())
    return log - log.mean()


def distance(one: Samples, other: Samples) -> float:
    """How differently two sounds speak, whatever their tempo: mean cost of the best alignment (DTW)."""
    first, second = mel(one), mel(other)
    costs = np.sqrt(((first[:, None] - second[None]) ** 2).mean(axis=2))
    rows, columns = costs.shape
    best = np.full((rows + 1, columns + 1), np.inf)
    best[0, 0] = 0
    for diagonal in range(2, rows + columns + 1):
        i = np.arange(max(1, diagonal - columns), min(rows, diagonal - 1) + 1)
        j = diagonal - i
        before = np.minimum(np.minimum(best[i - 1, j], best[i, j - 1]), best[i - 1, j - 1])
        best[i, j] = costs[i - 1, j - 1] + before
    return float(2 * best[rows, columns] / (rows + columns))


@pytest.mark.parametrize(("text", "voice"), SPOKEN, ids=lambda part: part if isinstance(part, str) else "")
def test_a_sound_says_what_an_independent_synthesis_says(text, voice, sounds, reference):
    heard = decode(sounds[text, voice.name].mp3)
    assert distance(heard, reference(voice.spelling(text), voice)) < SAME


@pytest.mark.parametrize("text", TEXTS["nb"])
def test_another_sentence_or_another_voice_is_told_apart(text, sounds, reference):
    voice = VOICES["nb"]
    heard = decode(sounds[text, voice.name].mp3)
    for other in set(TEXTS["nb"]) - {text}:
        assert distance(heard, reference(voice.spelling(other), voice)) > SAME
    for name in ("gmq/nb", "gmq/nb+f2", "gmq/nb+f5", "gmq/da+f1", "gmq/sv+f1"):
        assert distance(heard, reference(voice.spelling(text), replace(voice, name=name))) > SAME


def test_noise_silence_half_a_sentence_and_a_sentence_backwards_are_told_apart(sounds, reference):
    text, voice = SPOKEN[0]
    right, heard = reference(voice.spelling(text), voice), decode(sounds[text, voice.name].mp3)
    noise = np.random.default_rng(1).normal(0, 0.1, len(heard))
    for garbled in (noise, heard[::-1], heard[: len(heard) // 2], heard[len(heard) // 3 :]):
        assert distance(garbled, right) > SAME


def test_sounds_are_equally_loud_and_none_is_cut_at_the_top(sounds):
    samples = [decode(sound.mp3) for sound in sounds.values()]
    levels = [20 * np.log10(shaping.speaking_level(one.astype(np.float32), RATE)) for one in samples]
    assert max(levels) - min(levels) < 1
    assert np.mean(levels) == pytest.approx(-20, abs=1)
    assert max(np.abs(one).max() for one in samples) < 0.99


def test_speech_begins_at_once_and_nothing_is_cut_off(sounds, reference):
    for text, voice in SPOKEN:
        heard = decode(sounds[text, voice.name].mp3)
        loud = np.flatnonzero(np.abs(heard) > 0.02) / RATE
        raw = reference(voice.spelling(text), voice)
        spoken = np.flatnonzero(np.abs(raw) > 0.02) / RATE
        assert loud[0] < 0.15
        assert 0.1 < len(heard) / RATE - loud[-1] < 0.35
        assert loud[-1] - loud[0] == pytest.approx(spoken[-1] - spoken[0], abs=0.05)


def test_the_length_read_from_the_file_is_what_a_decoder_plays(sounds):
    for sound in sounds.values():
        assert shaping.seconds(len(sound.mp3)) == pytest.approx(len(decode(sound.mp3)) / RATE, abs=0.001)


def test_residents_are_spoken_to_slowly(sounds):
    voice = VOICES["nb"]
    questions = [text for text in TEXTS["nb"] if text.endswith("?")]
    minutes = sum(shaping.seconds(len(sounds[text, voice.name].mp3)) - 0.25 for text in questions) / 60
    assert sum(len(text.split()) for text in questions) / minutes == pytest.approx(140, abs=10)


def test_the_times_of_words_are_when_they_are_heard():
    """Commas make silences; where a word begins with a voiced sound, its energy rises there."""
    text = "Ja, nei, alle, mye, du."
    (sound,) = rendering.render([(text, VOICES["nb"])])
    heard = decode(sound.mp3)
    loud = np.abs(heard) > 0.02
    quiet_before = round(0.08 * RATE)
    rises = [at for at in np.flatnonzero(loud) if not loud[max(0, at - quiet_before) : at].any()]
    assert sound.words == pytest.approx([1000 * at / RATE for at in rises], abs=30)


@pytest.mark.parametrize(
    ("text", "heard", "expected"),
    [
        ("Ja, på øya", [(0, 0), (4, 500), (7, 900)], [50, 550, 950]),
        ("Ja – nei", [(0, 0), (5, 700)], [50, 750, 750]),
        ("E-post her!", [(0, 0), (2, 300), (7, 600)], [50, 650]),
        ("Ja ?", [(0, 0)], [50, 50]),
    ],
)
def test_each_part_between_spaces_has_a_time(text, heard, expected):
    assert shaping.word_starts(text, heard, cut=0) == expected


def test_what_trimming_takes_from_the_start_is_taken_from_the_times():
    assert shaping.word_starts("Ja nei", [(0, 400), (3, 900)], cut=0.35) == [100, 600]


def test_silence_around_speech_is_cut():
    second = np.sin(np.arange(RATE) / 10).astype(np.float32) * 0.3
    silence = np.zeros(RATE, np.float32)
    shaped, cut = shaping.shape(np.concatenate([silence, second, silence]), RATE)
    assert cut == pytest.approx(1 - shaping.LEAD, abs=0.001)
    assert len(shaped) / RATE == pytest.approx(1 + shaping.LEAD + shaping.TAIL, abs=0.001)


def test_silence_is_no_sound():
    with pytest.raises(shaping.SoundError, match="is silent"):
        shaping.shape(np.zeros(RATE, np.float32), RATE)


def test_a_text_without_a_word_is_refused_with_the_cure():
    with pytest.raises(rendering.SpeechError, match=r"says nothing for “…”.*say_as"):
        list(rendering.render([("…", VOICES["nb"])]))


def test_short_words_are_spelt_for_the_voice_and_their_number_stays():
    voice = VOICES["nb"]
    assert voice.spelling("Vil du være med?") == "vill du være me?"
    assert voice.spelling("Vilje, omtanke og Ok.") == "Vilje, omtanke å åkkei."
    assert VOICES["en"].spelling("Ok, men") == "Ok, men"
