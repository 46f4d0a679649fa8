"""The sounds of an installation: `<data>/speech/` holds them, each named by what it says and how.

A sound never changes and is never removed: an open round keeps the texts it began with.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from survey.questionnaire.model import Phrase
from survey.speech import recordings, rendering, shaping
from survey.speech.takes import Take
from survey.speech.voices import VOICES, Voice
from survey.writing import write_whole

FORMAT = 1  # count up when shaping changes what is heard: every sound gets a new name
BATCH, AT_ONCE = 40, 4  # texts a process renders; processes at a time, since each mostly waits
KEPT = 4096  # sounds whose names and times are kept ready: about 400 bytes each
INDEX = "recordings.json"  # language -> text -> names of the sound and of the recording it was made of

Kind = Literal["recorded", "synthetic", "borrowed"]
Index = dict[str, dict[str, tuple[str, str]]]


@dataclass(frozen=True)
class Sound:
    """A sound to play: its file's name, how many seconds it takes, and who speaks."""

    name: str
    seconds: float
    kind: Kind


@dataclass(frozen=True)
class Report:
    """What a build did; `problems` are lines for whoever keeps the recordings, each with its cure."""

    rendered: int
    kept: int
    recorded: int
    problems: tuple[str, ...]


class SpeechLibrary:
    """Sounds under the folder `data`: made by `build`, found by `sound_for`, served from `path`."""

    def __init__(self, data: Path) -> None:
        self._recordings = data / "recorded"
        self._sounds = data / "speech"
        self._recorded = self._read_index()
        self.times = lru_cache(KEPT)(self._read_times)  # a sound never changes

    def sound_for(self, phrase: Phrase, language: str) -> Sound | None:
        """The sound of a phrase, or None: then there is nothing to listen to."""
        kind: Kind = "recorded"
        name, _ = self._recorded.get(language, {}).get(phrase.text.get(language, ""), (None, None))
        if name is None:
            if not _has_voice(phrase, language):
                return None
            kind = "borrowed" if VOICES[language].borrowed else "synthetic"
            name = _name_in(phrase.spoken(language), language)
        return self._sound(name, kind)

    def _sound(self, name: str, kind: Kind) -> Sound | None:
        try:
            return Sound(name, shaping.seconds(os.stat(f"{self._sounds}/{name}").st_size), kind)  # noqa: PTH116 – thrice as fast
        except FileNotFoundError:
            return None

    def _read_times(self, name: str) -> tuple[int, ...]:
        """The milliseconds at which the words of the sound `name` begin; of a person's recording they are unknown."""
        try:
            return tuple(json.loads((self._sounds / name).with_suffix(".json").read_bytes()))
        except FileNotFoundError:
            return ()

    def outdated(self, key: str, text: str, language: str) -> tuple[str, Sound] | None:
        """Another text that was recorded where `text` stands now, and its sound."""
        for read, (name, file) in self._recorded.get(language, {}).items():
            if read != text and file.rsplit(".", 2)[0] == key and (sound := self._sound(name, "recorded")):
                return read, sound
        return None

    def reload(self) -> None:
        """Read anew what people have recorded."""
        self._recorded = self._read_index()

    def path(self, name: str) -> Path | None:
        """The file of a sound (`.mp3`) or of its words' times (`.json`), if there is one."""
        path = self._sounds / name
        return path if re.fullmatch(r"[0-9a-f]{32}\.(mp3|json)", name) and path.is_file() else None

    def read(self, name: str) -> bytes:
        """The bytes of a sound that `sound_for` named."""
        return (self._sounds / name).read_bytes()

    def build(self, phrases: Iterable[Phrase], progress: Callable[[int, int], None]) -> Report:
        """Take in the recordings, and render what is missing of every phrase in every language it has.

        `progress` is told how many of how many texts are rendered.
        Raises: rendering.SpeechError; what was rendered before it stays.
        """
        self._sounds.mkdir(parents=True, exist_ok=True)
        phrases = list(phrases)
        with recordings.locked(self._recordings):
            problems = self._take_in_recordings({pair for phrase in phrases for pair in phrase.text.items()})
        texts = {
            name_of(phrase.spoken(language), VOICES[language]): (phrase.spoken(language), VOICES[language])
            for phrase in phrases
            for language, text in phrase.text.items()
            if _has_voice(phrase, language) and text not in self._recorded.get(language, {})
        }
        missing = self._render(texts, progress)
        recorded = sum(len(names) for names in self._recorded.values())
        return Report(missing, len(texts) - missing, recorded, tuple(problems))

    def awaits(self, phrase: Phrase, language: str) -> bool:
        """Whether a phrase cannot be heard although there is a voice for it."""
        return _has_voice(phrase, language) and self.sound_for(phrase, language) is None

    def speak(self, *said: tuple[Phrase, str]) -> None:
        """Have the voice read phrases, each with its language, where there is a voice and nobody has recorded them.

        Raises: rendering.SpeechError
        """
        waiting = (
            (phrase.spoken(language), VOICES[language]) for phrase, language in said if self.awaits(phrase, language)
        )
        self._render({name_of(text, voice): (text, voice) for text, voice in waiting})

    def hush(self, phrase: Phrase, language: str) -> None:
        """Let the voice read a phrase no more. For names: it may misread one, and nobody has recorded it."""
        if _has_voice(phrase, language):
            (self._sounds / _name_in(phrase.spoken(language), language)).unlink(missing_ok=True)

    def _render(
        self, texts: Mapping[str, tuple[str, Voice]], progress: Callable[[int, int], None] = lambda done, of: None
    ) -> int:
        """Render those that are missing; how many that were."""
        missing = [name for name in texts if not (self._sounds / name).exists()]
        batches = [missing[first : first + BATCH] for first in range(0, len(missing), BATCH)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            work = [pool.submit(self._make, {name: texts[name] for name in batch}) for batch in batches]
            done = 0
            for batch in as_completed(work):
                done += batch.result()
                progress(done, len(missing))
        return len(missing)

    def keep(self, language: str, key: str, text: str, take: Take) -> None:
        """From now on people hear this recording of `text`, which stands at `key`.

        Raises: recordings.UnreadableError
        """
        self._sounds.mkdir(parents=True, exist_ok=True)
        with recordings.locked(self._recordings):
            path = recordings.keep(self._recordings, language, key, text, take.wav)
            name = _digest(FORMAT, hashlib.sha256(take.wav).hexdigest())
            self._write(name, take.mp3)
            self.reload()
            self._recorded.setdefault(language, {})[text] = (name, path.name)
            self._write_index()

    def take_away(self, language: str, text: str) -> None:
        """From now on the voice reads `text` again, where there is one. The sound stays, for pages that play it.

        Raises: recordings.UnreadableError
        """
        with recordings.locked(self._recordings):
            recordings.take_away(self._recordings, language, text)
            self.reload()
            self._recorded.get(language, {}).pop(text, None)
            self._write_index()

    def _make(self, texts: dict[str, tuple[str, Voice]]) -> int:
        for name, sound in zip(texts, rendering.render([*texts.values()]), strict=True):
            self._write(name.replace(".mp3", ".json"), json.dumps(sound.words).encode())
            self._write(name, sound.mp3)
        return len(texts)

    def _take_in_recordings(self, wanted: set[tuple[str, str]]) -> list[str]:
        found, problems = recordings.find(self._recordings)
        index: Index = {}
        for recording in found:
            if (recording.language, recording.text) not in wanted:
                problems.append(
                    f"{recording.path}: no text is “{recording.text}” (any more). Record the text of today, "
                    f"and say so in {recordings.MANIFEST}."
                )
            name = _digest(FORMAT, hashlib.sha256(recording.path.read_bytes()).hexdigest())
            try:
                if not (self._sounds / name).exists():
                    samples, rate = shaping.read_wav(recording.path)
                    self._write(name, shaping.encode(shaping.shape(samples, rate)[0], rate))
                index.setdefault(recording.language, {})[recording.text] = (name, recording.path.name)
            except shaping.SoundError as error:
                problems.append(f"{recording.path}: the recording {error}.")
        self._recorded = index
        self._write_index()
        return problems

    def _read_index(self) -> Index:
        try:
            index: Index = json.loads((self._sounds / INDEX).read_bytes())
        except FileNotFoundError:
            return {}
        return index

    def _write_index(self) -> None:
        self._write(INDEX, json.dumps(self._recorded, ensure_ascii=False, indent=1).encode())

    def _write(self, name: str, content: bytes) -> None:
        write_whole(self._sounds / name, content)


def _has_voice(phrase: Phrase, language: str) -> bool:
    """Whether a voice speaks the phrase; one with a {place} to fill in cannot be made ahead of time."""
    return language in VOICES and language in phrase.text and "{" not in phrase.spoken(language)


def name_of(text: str, voice: Voice) -> str:
    """The file name of `text` spoken by `voice`: another text, voice or manner is another file."""
    return _digest(FORMAT, voice.spelling(text), voice.name, voice.rate, voice.pitch, voice.volume)


@lru_cache(KEPT)
def _name_in(text: str, language: str) -> str:
    """The same by the voice of a language."""
    return name_of(text, VOICES[language])


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32] + ".mp3"
