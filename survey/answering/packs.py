"""The sound of a questionnaire in one file a language, fetched once: no press is then seen on the network.

A pack is four bytes, the length of its index (big-endian); the index, JSON {name of a sound: [its first byte,
its bytes]}, counted from where the index ends; and the sounds. It is named by what is in it and never changes.
"""

import hashlib
import json
import re
import struct
from collections.abc import Iterable
from pathlib import Path

from survey.questionnaire.model import Phrase
from survey.speech.library import SpeechLibrary
from survey.writing import write_whole


class Packs:
    """Packs in `folder`, where every process finds what another one has named in its page."""

    def __init__(self, speech: SpeechLibrary, folder: Path) -> None:
        self._speech = speech
        self._folder = folder

    def address(self, phrases: Iterable[Phrase], language: str) -> str | None:
        """Where the sounds of these phrases are served as one; None: nothing can be listened to."""
        found = (self._speech.sound_for(phrase, language) for phrase in phrases)
        sounds = sorted({sound.name for sound in found if sound})
        if not sounds:
            return None
        name = hashlib.sha256(" ".join(sounds).encode()).hexdigest()[:32]
        if self.path(name) is None:
            self._write(f"{name}.pack", packed({name: self._speech.read(name) for name in sounds}))
        return f"/sounds/{name}.pack"

    def path(self, name: str) -> Path | None:
        """The pack of this name; None where there is none."""
        path = self._folder / f"{name}.pack"
        return path if re.fullmatch("[0-9a-f]{32}", name) and path.is_file() else None

    def _write(self, name: str, content: bytes) -> None:
        """Whole or not at all: others may write the same at the same time."""
        write_whole(self._folder / name, content)


def packed(sounds: dict[str, bytes]) -> bytes:
    """Sounds by name → a pack."""
    index, end = {}, 0
    for name, sound in sounds.items():
        index[name] = [end, len(sound)]
        end += len(sound)
    head = json.dumps(index, separators=(",", ":")).encode()
    return b"".join((struct.pack(">I", len(head)), head, *sounds.values()))
