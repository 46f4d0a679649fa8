"""Ears for the tests: decodes what a page plays and compares it with a synthesis of its own.

The reference is eSpeak NG's own C interface: none of the product's code, no pyttsx3, no trimming, no MP3. Its
sounds and the product's are compared as log mel spectra, which must run at the same tempo.
"""

import ctypes
import io

import espeakng_loader
import numpy as np
import soundfile
from numpy.typing import NDArray

from survey.speech.voices import Voice

Samples = NDArray[np.float64]

RATE = 22050
SAME = 0.6
"""Below this, two sounds say the same with the same voice (docs/speech.md has the measurements)."""

SILENCE = 3.0
"""How differently a stretch of speech and no speech at all sound."""


class Event(ctypes.Structure):
    """espeak_EVENT of speak_lib.h, as far as its size matters."""

    _fields_ = [("start", ctypes.c_int * 6), ("data", ctypes.c_void_p), ("id", ctypes.c_char * 8)]


class Reference:
    """Speaks a spelling with a voice, straight from the library."""

    _utf8, _ipa = 1, 2
    _synchronous, _utf8_with_end_pause, _rate, _volume, _pitch = 2, 0x1001, 1, 2, 3

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        assert self._library.espeak_Initialize(self._synchronous, 0, data, 0) == RATE
        self._pieces: list[NDArray[np.int16]] = []

        @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))
        def heard(wav, count, events):
            if count:
                self._pieces.append(np.ctypeslib.as_array(wav, (count,)).copy())
            return 0

        self._heard = heard  # the library calls it as long as it lives
        self._library.espeak_SetSynthCallback(heard)

    def __call__(self, text: str, voice: Voice) -> Samples:
        self._pieces.clear()
        assert self._library.espeak_SetVoiceByName(voice.name.encode()) == 0
        volume = round(100 * voice.volume)
        for parameter, value in ((self._rate, voice.rate), (self._volume, volume), (self._pitch, voice.pitch)):
            assert self._library.espeak_SetParameter(parameter, value, 0) == 0
        asked = voice.spelling(text).encode() + b"\0"
        assert self._library.espeak_Synth(asked, len(asked), 0, 0, 0, self._utf8_with_end_pause, None, None) == 0
        return np.concatenate(self._pieces) / 32768

    def phonemes(self, text: str, voice: Voice) -> str:
        """How a spelling is read, in signs of the International Phonetic Alphabet as eSpeak NG uses them."""
        assert self._library.espeak_SetVoiceByName(voice.name.encode()) == 0
        read = self._library.espeak_TextToPhonemes
        read.restype = ctypes.c_char_p
        rest = ctypes.c_char_p(voice.spelling(text).encode())
        clauses = []
        while rest.value:
            clauses.append(read(ctypes.byref(rest), self._utf8, self._ipa).decode())
        return " ".join(clauses)


def decode(mp3: bytes) -> Samples:
    """What a page plays."""
    samples, rate = soundfile.read(io.BytesIO(mp3))
    assert rate == RATE
    assert samples.ndim == 1
    return samples


def distance(one: Samples, other: Samples) -> float:
    """How differently two sounds speak, at the same tempo: the mean difference of their log energies.

    Their beginnings may be 40 ms apart; what only one of them says counts as speech against silence.
    """
    first, second = _mel(one), _mel(other)
    return min(
        *(_difference(first[late:], second) for late in range(5)),
        *(_difference(first, second[late:]) for late in range(1, 5)),
    )


def _difference(first: Samples, second: Samples) -> float:
    both, longer = sorted((len(first), len(second)))
    costs = np.sqrt(((first[:both] - second[:both]) ** 2).mean(axis=1))
    return float((costs.sum() + SILENCE * (longer - both)) / longer)


def _mel_bands() -> Samples:
    edges = 700 * (10 ** (np.linspace(90, 2840, 42) / 2595) - 1)  # 60 Hz to 8 kHz, evenly in mel
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    hertz = np.fft.rfftfreq(1024, 1 / RATE)
    return np.clip(np.minimum((hertz - low) / (middle - low), (high - hertz) / (high - middle)), 0, None)


_BANDS = _mel_bands()


def _mel(samples: Samples) -> Samples:
    """Log energy in 40 mel bands, every 10 ms where somebody speaks, about its own mean."""
    loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
    frames = np.lib.stride_tricks.sliding_window_view(samples[loud[0] : loud[-1] + 1], 1024)[::220]
    power = np.abs(np.fft.rfft(frames * np.hanning(1024))) ** 2
    energy = np.einsum("fk,bk->fb", power, _BANDS)  # `@` would start threads that only get in each other's way
    log = np.log(energy + 1e-5 * energy.max())
    return log - log.mean()
