"""Sheets of symbols: one for each questionnaire, one for the pages around it, each named by its content."""

import gzip
import hashlib
from collections.abc import Iterable

from survey.symbols import Catalogue, Credit


class Sheets:
    """The sheets this process has made. Another process makes the same sheet under the same name."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._named: dict[frozenset[str], str] = {}
        self._packed: dict[str, bytes] = {}

    def address(self, concepts: Iterable[str]) -> str:
        """Where the sheet with these symbols is served.

        Raises: survey.symbols.SymbolError.
        """
        key = frozenset(concepts)
        if key not in self._named:
            sheet = self._catalogue.sheet(key)
            name = hashlib.sha256(sheet).hexdigest()[:16]
            self._packed[name] = gzip.compress(sheet, mtime=0)
            self._named[key] = name
        return f"/symbols/{self._named[key]}.svg"

    def gzipped(self, name: str) -> bytes | None:
        """The sheet of this name as gzip; None where this process has not made it."""
        return self._packed.get(name)

    def credits(self) -> tuple[Credit, ...]:
        """Who made the pictures."""
        return self._catalogue.credits()
