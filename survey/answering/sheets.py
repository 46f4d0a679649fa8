"""Sheets of symbols: one for each questionnaire, one for the pages around it, each named by its content."""

import gzip
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import brotli

from survey.symbols import LANGUAGES, Catalogue, Credit
from survey.writing import write_whole


class Sheets:
    """Sheets in `folder`, where every process finds what another one has named in its page."""

    def __init__(self, catalogue: Catalogue, folder: Path) -> None:
        self._catalogue = catalogue
        self._folder = folder
        self._named: dict[frozenset[str], str] = {}

    def address(self, concepts: Iterable[str]) -> str:
        """Where the sheet with these symbols is served.

        Raises: survey.symbols.SymbolError.
        """
        key, named = frozenset(concepts), self._named
        if key not in named:
            sheet = self._catalogue.sheet(key)
            name = hashlib.sha256(sheet).hexdigest()[:16]
            for kind, content in compressed(sheet).items():
                write_whole(self._folder / f"{name}.svg.{kind}", content)
            named[key] = name
        return f"/symbols/{named[key]}.svg"

    def packed(self, name: str, kind: str) -> bytes | None:
        """The sheet of this name as gzip or Brotli (`kind`: gzip, br); None where there is none."""
        path = self._folder / f"{name}.svg.{kind}"
        return path.read_bytes() if re.fullmatch("[0-9a-f]{16}", name) and path.is_file() else None

    def name(self, concept: str, language: str) -> tuple[str, str]:
        """What a picture is called, and in which language: the asked one, where the catalogue speaks it."""
        spoken = language if language in LANGUAGES else LANGUAGES[0]
        return self._catalogue.alternative(concept, spoken), spoken

    def reload(self) -> None:
        """Somebody's own pictures have changed."""
        self._catalogue, self._named = self._catalogue.reread(), {}

    def credits(self) -> tuple[Credit, ...]:
        """Who made the pictures."""
        return self._catalogue.credits()


def compressed(sheet: bytes) -> dict[str, bytes]:
    """A sheet by how a browser takes it."""
    return {"br": brotli.compress(sheet), "gzip": gzip.compress(sheet, mtime=0)}
