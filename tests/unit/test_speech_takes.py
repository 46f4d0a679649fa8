"""A recording is looked at before it is kept."""

import io
from contextlib import suppress

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from survey.speech import takes
from survey.speech.takes import TakeError, take
from tests.sounds import hum, wav

SPOKEN = wav(np.concatenate([np.zeros(48_000), hum(), np.zeros(96_000)]))


def fault(sound: bytes) -> str:
    with pytest.raises(TakeError) as refused:
        take(sound)
    return refused.value.fault


def test_silence_around_the_voice_is_cut_and_the_level_is_that_of_every_other_sound() -> None:
    samples, rate = soundfile.read(io.BytesIO(take(SPOKEN).mp3))
    assert len(samples) / rate == pytest.approx(1.2, abs=0.15)
    assert 20 * np.log10(np.sqrt((samples[rate // 4 : rate] ** 2).mean())) == pytest.approx(-20, abs=1)
    info = soundfile.info(io.BytesIO(take(SPOKEN).mp3))
    assert (info.format, info.channels) == ("MP3", 1)


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (44_100, 2), (48_000, 2)])
def test_what_programs_save_is_taken(rate: int, channels: int) -> None:
    mp3 = take(wav(hum(rate=rate), rate, channels)).mp3
    assert soundfile.info(io.BytesIO(mp3)).duration == pytest.approx(1.1, abs=0.15)


@pytest.mark.parametrize(
    ("sound", "why"),
    [
        (b"", "no_sound"),
        (b"%PDF-1.7 and so on, for more than the length of a heading", "no_sound"),
        (SPOKEN[:30], "no_sound"),
        (
            b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x03\0\x01\0" + b"\x80\xbb\0\0\0\xee\2\0\4\0\x20\0data\0\0\0\0",
            "other_format",
        ),
        (wav(hum(), width=4), "other_format"),
        (wav(hum(rate=8000), rate=8000), "other_format"),
        (wav(hum(rate=96_000), rate=96_000), "other_format"),
        (wav(hum(), channels=6), "other_format"),
        (wav(hum(takes.LONGEST + 1, 16_000), 16_000), "too_long"),
        (wav(np.zeros(48_000)), "silent"),
        (wav(np.zeros(0)), "silent"),
        (wav(hum(0.015)), "silent"),
        (wav(hum(level=0.005)), "silent"),
        (wav(np.where(np.arange(48_000) % 4800 < 480, hum(level=0.012), 0) * 0.9), "too_quiet"),
        (wav(np.clip(hum(level=2.0), -1, 1)), "clipped"),
    ],
)
def test_what_cannot_be_used_is_refused_and_it_is_said_why(sound: bytes, why: str) -> None:
    assert fault(sound) == why


@given(st.binary(max_size=200), st.integers(0, 44))
def test_whatever_is_sent_is_a_sound_or_is_refused(noise: bytes, at: int) -> None:
    short = wav(hum(0.2))
    with suppress(TakeError):
        take(short[:at] + noise + short[at + len(noise) :])
