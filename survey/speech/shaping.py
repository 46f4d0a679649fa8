"""From a raw recording to the sound a page plays: trimmed, evened in level, MP3."""

import wave
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import lameenc
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]  # mono, from -1 to 1

BIT_RATE = 48  # kbit/s, constant
LEVEL = 0.1  # -20 dB of full scale: the RMS of the parts where somebody speaks
PEAK = 0.9
LEAD, TAIL = 0.05, 0.15  # seconds kept before and after the speech
CODEC_DELAY = 0.05  # seconds by which encoder and decoder together make a sound later


class SoundError(ValueError):
    """A sound that cannot be used; the message says why."""


def read_wav(path: Path | BinaryIO) -> tuple[Samples, int]:
    """Samples and sample rate of a WAV file with 16 bits a sample; of two channels the mean.

    Raises: SoundError
    """
    try:
        with wave.open(str(path) if isinstance(path, Path) else path) as file:
            if file.getsampwidth() != 2:
                raise SoundError(f"has {8 * file.getsampwidth()} bits a sample: save it with 16")
            frames = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())
            return (frames.mean(axis=1) / 32768).astype(np.float32), file.getframerate()
    except FileNotFoundError as error:
        raise SoundError("was not written") from error
    except (wave.Error, EOFError, ValueError) as error:
        raise error if isinstance(error, SoundError) else SoundError("is no 16-bit PCM WAV file") from error


def shape(samples: Samples, rate: int) -> tuple[Samples, float]:
    """Cut the silence around the speech and even the level. Also: how many seconds went from the start.

    Raises: SoundError if nobody speaks.
    """
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    if len(loud) < rate // 100 or len(samples) < rate // 10:
        raise SoundError("is silent")
    start = max(loud[0] - round(LEAD * rate), 0)
    speech = samples[start : loud[-1] + round(TAIL * rate)]
    gain = min(LEVEL / speaking_level(speech, rate), PEAK / np.abs(speech).max())
    return (speech * gain).astype(np.float32), float(start / rate)


def speaking_level(samples: Samples, rate: int) -> float:
    """RMS of the 20 ms pieces that are less than 25 dB below the loudest: pauses do not count."""
    size = rate // 50
    power = (samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64) ** 2).mean(axis=1)
    return float(np.sqrt(power[power > power.max() / 10**2.5].mean()))


def encode(samples: Samples, rate: int) -> bytes:
    """MP3, mono, 48 kbit/s constant."""
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(rate)
    encoder.set_bit_rate(BIT_RATE)
    return bytes(encoder.encode((samples * 32767).astype("<i2").tobytes()) + encoder.flush())


def seconds(size: int) -> float:
    """How long an MP3 of `size` bytes from `encode` plays."""
    return size * 8 / (BIT_RATE * 1000)


def word_starts(text: str, words: Sequence[tuple[int, int]], cut: float) -> list[int]:
    """When each word of `text` is heard in the MP3: milliseconds, one for each part between spaces.

    `words` are (position in text, ms) in the raw sound, of which `cut` seconds went from the start. A sign
    that stands alone, such as a dash, begins with the word after it, or with the last one.
    """
    starts: list[int] = []
    heard = sorted(words)
    end = len(text)
    for word in reversed(text.split()):
        end = text.rindex(word, 0, end)
        after = [ms for position, ms in heard if position >= end]
        starts.append(max(0, after[0] - round(1000 * (cut - CODEC_DELAY))) if after else -1)
    starts.reverse()
    last = max(starts, default=0)
    return [start if start >= 0 else last for start in starts]
