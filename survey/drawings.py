"""The gate for pictures of concepts: shapes come through, and nothing that runs, fetches or takes for ever to draw."""

import base64
import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

Fault = Literal["not_plain", "too_large", "runs", "fetches", "holds", "intricate"]

LARGEST = {".svg": 20_000, ".png": 60_000}  # bytes: a sheet of twenty must still cross a slow line
DEEPEST, MOST_DRAWN = 40, 2000  # elements in each other; elements drawn, where one that is used twice counts twice

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
    """A picture or the catalogue cannot be used; the message names the reason and the cure.

    `fault` is the kind of reason, for those who say it in another language.
    """

    def __init__(self, message: str, fault: Fault = "not_plain") -> None:
        super().__init__(message)
        self.fault = fault


def read(file: Traversable, concept: str) -> ET.Element:
    """One picture, made safe and small. SymbolError with reason and cure."""
    kind = Path(file.name).suffix
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SymbolError("it is missing. Put it back, or point symbols.yaml at another.") from error
    if len(content) > LARGEST[kind]:
        raise SymbolError(f"it is larger than {LARGEST[kind] // 1000} kB. Save it smaller or simpler.", "too_large")
    return _photo(content) if kind == ".png" else _drawing(content, concept)


def safe_drawing(content: bytes, concept: str) -> bytes:
    """Somebody's SVG with its shapes alone, as a file of its own.

    Raises: SymbolError
    """
    if len(content) > LARGEST[".svg"]:
        raise SymbolError(f"it is larger than {LARGEST['.svg'] // 1000} kB. Save it simpler.", "too_large")
    return document(_drawing(content, concept)).encode()


def document(picture: ET.Element) -> str:
    document = ET.Element("svg", {"xmlns": SVG, **picture.attrib})
    document.extend(picture)
    return ET.tostring(document, encoding="unicode")


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
    if _depth(root) > DEEPEST:
        raise SymbolError(f"it has more than {DEEPEST} groups in each other. Draw it simpler.", "intricate")
    used = set(re.findall(r"#([\w.-]+)", text))
    paint = {k: v for k, v in _attributes(root, used, concept).items() if k not in OUTER}
    picture = ET.Element("symbol", {"viewBox": " ".join(grid), **paint})
    picture.extend([shape for child in root for shape in _shapes(child, used, concept)])
    if _drawn(picture, {shape.get("id", ""): shape for shape in picture.iter()}, {}) > MOST_DRAWN:
        raise SymbolError(f"it draws more than {MOST_DRAWN} shapes. Draw it simpler.", "intricate")
    return picture


def _depth(root: ET.Element) -> int:
    """How many elements stand in each other; found without standing in each other."""
    depth, level = 0, [root]
    while level and depth <= DEEPEST:
        depth, level = depth + 1, [child for element in level for child in element]
    return depth


def _drawn(shape: ET.Element, named: Mapping[str, ET.Element], counted: dict[str, int]) -> int:
    """How many elements are drawn for this one. What points at itself is counted without end, so it is too many."""
    number = 1 + sum(_drawn(child, named, counted) for child in shape)
    for value in shape.attrib.values():
        for name in re.findall(r"#([\w.-]+)", value):
            if name in named:
                if name not in counted:
                    counted[name] = MOST_DRAWN + 1  # until it is known
                    counted[name] = _drawn(named[name], named, counted)
                number += counted[name]
    return number


def _shapes(element: ET.Element, used: set[str], concept: str) -> list[ET.Element]:
    """The element as it may be shown: nothing if it is not seen, its children if it only groups them."""
    namespace, _, name = element.tag.rpartition("}")
    if namespace != f"{{{SVG}" or name in UNSEEN:  # editors keep notes in namespaces of their own
        return []
    if name not in SHAPES:
        raise SymbolError(f"it holds <{name}>. {CURES.get(name, PLAIN)}", "runs" if name == "script" else "holds")
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
            raise SymbolError(f"it runs something ({name}). Take that out: a picture needs none.", "runs")
        pointing = name == "href" or "url(" in value
        if pointing and not re.fullmatch(r"#[\w.-]+|url\([\"']?#[\w.-]+[\"']?\)", value):
            raise SymbolError(f"it fetches {value[:60]}. Put everything into the one file.", "fetches")
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
