"""Sheets of symbols: one for each questionnaire, one for the pages around it, each named by its content."""

import gzip
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from survey.symbols import Catalogue, Credit
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
            write_whole(self._folder / f"{name}.svg.gz", gzip.compress(sheet, mtime=0))
            named[key] = name
        return f"/symbols/{named[key]}.svg"

    def gzipped(self, name: str) -> bytes | None:
        """The sheet of this name as gzip; None where there is none."""
        path = self._folder / f"{name}.svg.gz"
        return path.read_bytes() if re.fullmatch("[0-9a-f]{16}", name) and path.is_file() else None

    def name(self, concept: str, language: str) -> str:
        """What a picture is called."""
        return self._catalogue.alternative(concept, language)

    def reload(self) -> None:
        """Somebody's own pictures have changed."""
        self._catalogue, self._named = self._catalogue.reread(), {}

    def credits(self) -> tuple[Credit, ...]:
        """Who made the pictures."""
        return self._catalogue.credits()
