"""Texts and voices in, sounds out: drives `survey.speech.renderer`, one process a batch."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from survey.speech import shaping
from survey.speech.voices import Voice

RENDERER = (sys.executable, "-m", "survey.speech.renderer")
SECONDS_TO_START, SECONDS_A_TEXT = 20, 3  # a text takes 0.04 s; a slow, busy machine gets a lot more


class SpeechError(Exception):
    """No speech can be made; the message says why and what to do."""


@dataclass(frozen=True)
class Rendered:
    """An MP3, and when each word is heard in it (ms)."""

    mp3: bytes
    words: list[int]


def render(texts: Sequence[tuple[str, Voice]]) -> Iterator[Rendered]:
    """Speak one batch: a sound for each (text, voice), in the same order.

    A process that dies or hangs is started once more with what is left; a text that came out silent, as happens on
    a busy machine, is spoken once more by itself.
    Raises: SpeechError
    """
    with tempfile.TemporaryDirectory(prefix="medvirk-speech-") as folder:
        files = [Path(folder, f"{number}.wav") for number in range(len(texts))]
        words, trouble = _speak(texts, files)
        if trouble:
            more, trouble = _speak(texts[len(words) :], files[len(words) :])
            words += more
        for (text, voice), file, heard in zip(texts, files, words, strict=False):
            yield _sound(text, voice, file, heard)
    if trouble:
        text, voice = texts[len(words)]
        raise SpeechError(
            f"No speech could be made of “{text}” with the voice {voice.name}: {trouble}. "
            "`make setup` installs the speech library; until it speaks, texts have no Listen button."
        )


Words = list[tuple[int, int]]


def _speak(texts: Sequence[tuple[str, Voice]], files: Sequence[Path]) -> tuple[list[Words], str | None]:
    """The words of each text that was spoken into its file, until the first that was not; and what went wrong."""
    jobs = [
        {
            "text": voice.spelling(text),
            "voice": voice.name,
            "rate": voice.rate,
            "pitch": voice.pitch,
            "volume": voice.volume,
            "file": str(file),
        }
        for (text, voice), file in zip(texts, files, strict=True)
    ]
    limit = SECONDS_TO_START + SECONDS_A_TEXT * len(jobs)
    asked = "".join(json.dumps(job) + "\n" for job in jobs).encode()
    try:
        done = subprocess.run(RENDERER, input=asked, capture_output=True, timeout=limit, check=False)  # noqa: S603 our own module
    except subprocess.TimeoutExpired as error:
        return _results(error.stdout or b""), f"it took longer than {limit} seconds"
    spoken = _results(done.stdout)
    if len(spoken) == len(texts):
        return spoken, None
    said = done.stderr.decode(errors="replace").strip().splitlines()
    return spoken, said[-1].rstrip(".") if said else f"the speech library ended the process ({done.returncode})"


def _results(output: bytes) -> list[Words]:
    lines = output.split(b"\n")[:-1]  # a line that was cut off is no result
    return [[(position, ms) for position, ms in json.loads(line)["words"]] for line in lines]


def _sound(text: str, voice: Voice, file: Path, heard: Words) -> Rendered:
    """Raises: SpeechError if the voice says nothing, twice."""
    try:
        return _shaped(voice.spelling(text), file, heard)
    except shaping.SoundError:
        words, trouble = _speak([(text, voice)], [file])
    try:
        if trouble:
            raise shaping.SoundError(trouble)
        return _shaped(voice.spelling(text), file, words[0])
    except shaping.SoundError as error:
        raise SpeechError(
            f"The voice says nothing for “{text}” ({error}). Give the text a `say_as` that can be spoken."
        ) from error


def _shaped(spelling: str, file: Path, heard: Words) -> Rendered:
    samples, rate = shaping.read_wav(file)
    file.unlink()
    samples, cut = shaping.shape(samples, rate)
    return Rendered(shaping.encode(samples, rate), shaping.word_starts(spelling, heard, cut))
