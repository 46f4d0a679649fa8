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
    return piles(press, [cards], language)


def piles(press: Press, piles: Iterable[Iterable[Card]], language: str) -> bytes:
    """The same of several piles, each of which begins on a page of its own.

    Raises: PrintError, SymbolError.
    """
    words = press.words(language)
    data = {
        "line": words.text("about_answering"),
        "qr": words.text("code_picture"),
        "piles": [[_shown(press, card) for card in _shuffled(pile)] for pile in piles],
    }
    return press.run("cards", language, words.text("cards_title"), data)


def _shuffled(cards: Iterable[Card]) -> list[Card]:
    pile = list(cards)
    SystemRandom().shuffle(pile)
    return pile


def _shown(press: Press, card: Card) -> dict[str, object]:
    return {
        "unit": card.unit,
        "owner": card.owner,
        "code": shown(card.code),
        "pictures": [{"symbol": concept} for concept in pictures(card.code)],
        "qr": qr.picture(press.address, card.code),
    }
