"""Videos in which somebody signs a text, in a folder: the files named by their content, and beside them what is signed.

A video belongs to the very text it was made for. When a text has changed, its video fits no more and is not shown;
rounds that began with the text of then keep it.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from survey.videos import Video
from survey.writing import write_whole


@dataclass(frozen=True)
class Sign:
    """A text that is signed in the file `name`; `key` says where the text stood when the video was made."""

    language: str
    text: str
    key: str
    name: str


class Signs:
    """The videos in a folder, as they were when they were last read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.reload()

    def reload(self) -> None:
        """Read anew what is signed."""
        found = (Sign(**json.loads(said.read_bytes())) for said in sorted(self._folder.glob("*.json")))
        self._signs = {(sign.language, sign.text): sign for sign in found}

    def of(self, language: str, text: str) -> str | None:
        """The name of the file in which this text is signed, if there is one."""
        sign = self._signs.get((language, text))
        return sign.name if sign else None

    def __len__(self) -> int:
        """How many texts are signed."""
        return len(self._signs)

    def outdated(self, language: str, key: str, text: str) -> Sign | None:
        """What was signed where `text` stands now, if nothing is signed today."""
        earlier = (sign for sign in self._in(language) if sign.key == key)
        return None if self.of(language, text) else next(earlier, None)

    def keep(self, language: str, key: str, text: str, video: Video) -> None:
        """From now on people see this video of `text`, which stands at `key`."""
        self.reload()
        before = self._signs.get((language, text))
        sign = Sign(language, text, key, hashlib.sha256(video.content).hexdigest()[:32] + video.ending)
        write_whole(self._folder / sign.name, video.content)
        write_whole(self._said(sign), json.dumps(asdict(sign), ensure_ascii=False).encode())
        self.reload()
        if before:
            self._forget(before.name)

    def take_away(self, language: str, key: str, text: str) -> None:
        """Delete the video of this text, and those of earlier texts in its place."""
        self.reload()
        gone = [sign for sign in self._in(language) if text == sign.text or key == sign.key]
        for sign in gone:
            self._said(sign).unlink(missing_ok=True)
        self.reload()
        for sign in gone:
            self._forget(sign.name)

    def path(self, name: str) -> Path | None:
        """The file of this name, if there is one."""
        path = self._folder / name
        return path if re.fullmatch(r"[0-9a-f]{32}\.(mp4|webm)", name) and path.is_file() else None

    def _in(self, language: str) -> list[Sign]:
        return [sign for sign in self._signs.values() if sign.language == language]

    def _said(self, sign: Sign) -> Path:
        of_text = hashlib.sha256(json.dumps([sign.language, sign.text]).encode()).hexdigest()[:32]
        return self._folder / f"{of_text}.json"

    def _forget(self, name: str) -> None:
        """Delete a video in which nothing is signed any more."""
        if all(sign.name != name for sign in self._signs.values()):
            (self._folder / name).unlink(missing_ok=True)
