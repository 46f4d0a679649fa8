"""What somebody has read into a microphone: looked at before it is kept, so that nobody has to hear a bad one."""

import io
import wave
from dataclasses import dataclass
from typing import Literal

import numpy as np

from survey.speech import shaping
from survey.speech.shaping import Samples

LONGEST = 60  # seconds; the longest of our texts takes nine
LARGEST = LONGEST * 48_000 * 2 * 2  # bytes: sixteen bits, two channels
RATES = range(16_000, 48_001)  # samples a second: below, speech is dull, and above nothing more is heard
QUIET = 0.006  # -44 dB of full scale while somebody speaks: to be lifted so far, the room would be heard
CLIPPED = 0.002  # of all samples

Fault = Literal["no_sound", "other_format", "too_long", "silent", "too_quiet", "clipped"]


class TakeError(ValueError):
    """A recording that is not to be kept, and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class Take:
    """A recording as it came and as it is played."""

    wav: bytes
    mp3: bytes


def take(wav: bytes) -> Take:
    """A WAV file with 16 bits a sample, found good.

    Raises: TakeError
    """
    samples, rate = _samples(wav)
    try:
        shaped, _ = shaping.shape(samples, rate)
    except shaping.SoundError as error:
        raise TakeError("silent") from error
    if shaping.speaking_level(samples, rate) < QUIET:
        raise TakeError("too_quiet")
    if (np.abs(samples) > 0.985).mean() > CLIPPED:
        raise TakeError("clipped")
    return Take(wav, shaping.encode(shaped, rate))


def _samples(wav: bytes) -> tuple[Samples, int]:
    try:
        with wave.open(io.BytesIO(wav)) as file:
            if file.getsampwidth() != 2 or file.getnchannels() > 2 or file.getframerate() not in RATES:
                raise TakeError("other_format")
            if file.getnframes() > LONGEST * file.getframerate():
                raise TakeError("too_long")
        return shaping.read_wav(io.BytesIO(wav))
    except wave.Error as error:
        # A WAV file of floating point numbers, and the like, or no WAV file at all.
        raise TakeError("other_format" if wav[8:12] == b"WAVE" else "no_sound") from error
    except (EOFError, RuntimeError, shaping.SoundError) as error:  # what `wave` makes of broken files
        raise TakeError("no_sound") from error
