"""Cards with one-time codes, to be cut out, shuffled and drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import SystemRandom

from survey.access.codes import shown
from survey.access.pictures import pictures
from survey.prints import qr
from survey.prints.press import Press


@dataclass(frozen=True)
class Card:
    """A normalised code; the place it is about; who has that place, or what kind of place it is."""

    code: str
    unit: str
    owner: str


def cards(press: Press, cards: Iterable[Card], language: str) -> bytes:
    """A PDF with eight cards a page and marks to cut them out; their order is drawn by lot and says nothing.

    Raises: PrintError, SymbolError.
    """
    words = press.words(language)
    shuffled = list(cards)
    SystemRandom().shuffle(shuffled)
    data = {
        "line": words.text("about_answering"),
        "qr": words.text("code_picture"),
        "cards": [
            {
                "unit": card.unit,
                "owner": card.owner,
                "code": shown(card.code),
                "pictures": [{"symbol": concept} for concept in pictures(card.code)],
                "qr": qr.picture(press.address, card.code),
            }
            for card in shuffled
        ],
    }
    return press.run("cards", language, words.text("cards_title"), data)
