"""Sounds as people send them."""

import io
import wave

import numpy as np
from numpy.typing import NDArray


def hum(seconds: float = 1.0, rate: int = 48_000, level: float = 0.2, pitch: float = 200) -> NDArray[np.float64]:
    return np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * pitch / rate) * level


def wav(samples: NDArray[np.float64], rate: int = 48_000, channels: int = 1, width: int = 2) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((channels, width, rate, 0, "NONE", ""))
        writer.writeframes(np.repeat((samples * 32767).astype("<i2"), channels).tobytes())
    return file.getvalue()
