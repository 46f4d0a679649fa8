"""Pictures of places: a photo that people know their place by, with what it shows in words."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from survey.photos import Photo
from survey.writing import write_whole

PLACES_KEPT = 20_000


@dataclass(frozen=True)
class Picture:
    """A place's picture: the name of its file, its size in dots, and what is seen in it."""

    name: str
    width: int
    height: int
    alternative: str


class Pictures:
    """The pictures in a folder; of each place a file that says which is its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, place_id: str) -> Picture | None:
        """A place's picture, if it has one."""
        try:
            return Picture(**json.loads(self._said(place_id).read_bytes()))
        except FileNotFoundError:
            return None

    def having(self, places: Iterable[str]) -> frozenset[str]:
        """Those of these places that have a picture."""
        said = {file.stem for file in self._folder.glob("*.json")}
        return frozenset(place for place in places if _hashed(place) in said) if said else frozenset()

    def keep(self, place_id: str, photo: Photo, alternative: str) -> None:
        """Show this photo of the place from now on."""
        before = self.of(place_id)
        name = hashlib.sha256(photo.webp).hexdigest()[:32] + ".webp"
        write_whole(self._folder / name, photo.webp)
        said = json.dumps(asdict(Picture(name, photo.width, photo.height, alternative)), ensure_ascii=False)
        write_whole(self._said(place_id), said.encode())
        if before and before.name != name:
            self._forget(before.name)

    def take_away(self, place_id: str) -> None:
        """Show no picture of the place any more, and keep none."""
        if before := self.of(place_id):
            self._said(place_id).unlink(missing_ok=True)
            self._forget(before.name)

    def path(self, name: str) -> Path | None:
        """The file of this name, if there is one."""
        path = self._folder / name
        return path if re.fullmatch(r"[0-9a-f]{32}\.webp", name) and path.is_file() else None

    def _said(self, place_id: str) -> Path:
        return self._folder / f"{_hashed(place_id)}.json"

    def _forget(self, name: str) -> None:
        """Delete a picture that no other place has."""
        if not any(json.loads(said.read_bytes())["name"] == name for said in self._folder.glob("*.json")):
            (self._folder / name).unlink(missing_ok=True)


@lru_cache(PLACES_KEPT)
def _hashed(place_id: str) -> str:
    return hashlib.sha256(place_id.encode()).hexdigest()[:32]
