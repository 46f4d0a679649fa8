"""What is heard: sounds are decoded from their MP3 and compared with an independent synthesis of the same text."""

import re
from dataclasses import replace

import numpy as np
import pytest

from survey.speech import rendering, respelling, shaping
from survey.speech.voices import VOICES
from tests.hearing import RATE, SAME, Reference, decode, distance

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


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference()


@pytest.fixture(scope="module")
def sounds() -> dict[tuple[str, str], rendering.Rendered]:
    """What the product makes of the texts."""
    return {(text, voice.name): sound for (text, voice), sound in zip(SPOKEN, rendering.render(SPOKEN), strict=True)}


@pytest.mark.parametrize(("text", "voice"), SPOKEN, ids=lambda part: part if isinstance(part, str) else "")
def test_a_sound_says_what_an_independent_synthesis_says(text, voice, sounds, reference):
    heard = decode(sounds[text, voice.name].mp3)
    assert distance(heard, reference(text, voice)) < SAME


@pytest.mark.parametrize("text", TEXTS["nb"])
def test_another_sentence_or_another_voice_is_told_apart(text, sounds, reference):
    voice = VOICES["nb"]
    heard = decode(sounds[text, voice.name].mp3)
    for other in set(TEXTS["nb"]) - {text}:
        assert distance(heard, reference(other, voice)) > SAME
    for name in ("gmq/nb", "gmq/nb+f2", "gmq/nb+f5", "gmq/da+f1", "gmq/sv+f1"):
        assert distance(heard, reference(text, replace(voice, name=name))) > SAME


def test_noise_silence_half_a_sentence_and_a_sentence_backwards_are_told_apart(sounds, reference):
    text, voice = SPOKEN[0]
    right, heard = reference(text, voice), decode(sounds[text, voice.name].mp3)
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
        raw = reference(text, voice)
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


def test_misread_words_are_spelt_for_the_voice():
    voice = VOICES["nb"]
    assert voice.spelling("Vil du være med deg selv?") == "vill du være me dei sell?"
    assert voice.spelling("Vilje, omtanke og Ok.") == "Vilje, omtanke å åkkei."
    assert VOICES["nn"].spelling("Vil du være med deg?") == "vill du være me deg?"
    assert VOICES["en"].spelling("Ok, men") == "Ok, men"


@pytest.mark.parametrize(
    ("language", "word", "read"),
    [
        ("nb", "over", "ˈoːvər"),  # o as in "båt", not as in "bok"
        ("nb", "e-posten", "ˈeːpˈɔstən"),
        ("nb", "sagt", "sˈɑkt"),
        ("nb", "fortsett", "fˈɔrtsɛtː"),
        ("nb", "kildekoden", "xˈɪldeːkˌuːdən"),  # its d is heard
        ("nb", "tjenestene", "xˈeːnəstˌɛna"),  # begins as "kjenner", not as "sjelden"
        ("nn", "ikkje", "ˈɪxa"),  # as "mykje"
        ("nn", "høgt", "hˈœkt"),
        ("nn", "vel", "vˈɛl"),  # short
        ("en", "bokmål", "bˈʊkmɔːl"),
        ("en", "Close", "klˈəʊz"),  # to close, not close by
    ],
)
def test_a_misread_word_is_read_right(reference: Reference, language: str, word: str, read: str):
    assert reference.phonemes(word, VOICES[language]) == read


def test_a_word_that_is_spelt_for_the_voice_stays_one_word():
    assert all(
        re.fullmatch(r"\w+", spelling)
        for spelling in (respelling.BOKMAAL | respelling.NYNORSK | respelling.ENGLISH).values()
    )
