"""Reading what was printed: pages as texts and as pictures, QR codes, tags."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pikepdf
import pypdfium2
import zxingcpp

from survey.prints.press import Press
from survey.questionnaire.loading import SHIPPED, page_phrases, print_phrases
from survey.settings import ROOT
from survey.symbols import Catalogue, openmoji

CATALOGUE = Catalogue.load(ROOT / "static" / "symbols", openmoji())
PRESS = Press(CATALOGUE, page_phrases(SHIPPED) | print_phrases(SHIPPED), "https://svar.example.no")
MM = 72 / 25.4


@dataclass(frozen=True)
class Place:
    """Something on a page: what it says, and its middle in millimetres from the left and the top."""

    says: str
    x: float
    y: float


def texts(pdf: bytes) -> list[str]:
    """What each page says, its lines joined."""
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf)]


def qr_codes(pdf: bytes, page: int) -> list[Place]:
    """The QR codes on the picture of a page, as a decoder finds them."""
    scale = 2.5
    picture = pypdfium2.PdfDocument(pdf)[page].render(scale=scale).to_pil()
    return [Place(found.text, *_middle(found.position, scale * MM)) for found in zxingcpp.read_barcodes(picture)]


def _middle(position: zxingcpp.Position, scale: float) -> tuple[float, float]:
    corners = (position.top_left, position.top_right, position.bottom_left, position.bottom_right)
    return sum(corner.x for corner in corners) / 4 / scale, sum(corner.y for corner in corners) / 4 / scale


def signs(pdf: bytes, page: int) -> Iterator[Place]:
    """Every visible sign of a page, and where it stands."""
    drawn = pypdfium2.PdfDocument(pdf)[page]
    text = drawn.get_textpage()
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index)
        if sign := text.get_text_range(index, 1).strip():
            yield Place(sign, (left + right) / 2 / MM, (drawn.get_height() - (top + bottom) / 2) / MM)


def within(pdf: bytes, page: int, left: float, top: float, right: float, bottom: float) -> str:
    """The signs in a part of a page, given in millimetres."""
    return "".join(sign.says for sign in signs(pdf, page) if left <= sign.x <= right and top <= sign.y <= bottom)


def tags(pdf: bytes) -> list[dict[str, str]]:
    """The elements of the structure tree in reading order: kind, and alternative text and language where stated."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return list(_tags(document.Root.StructTreeRoot))


def _tags(element: pikepdf.Object) -> Iterator[dict[str, str]]:
    if isinstance(element, pikepdf.Array):
        for child in element:
            yield from _tags(child)
    elif isinstance(element, pikepdf.Dictionary) and "/K" in element:
        if "/S" in element:
            stated = {name: str(element[f"/{name}"]) for name in ("S", "Alt", "Lang") if f"/{name}" in element}
            yield stated
        yield from _tags(element.K)
