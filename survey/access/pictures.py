"""A code's picture: on the card and on a tablet's queue, so that nobody has to read to find their turn.

The rule stays as it is: cards are on paper. A picture tells as much of a code as one sign does.
"""

from survey.access.codes import ALPHABET
from survey.questionnaire.model import Phrase
from survey.symbols import LANGUAGES, Catalogue

# Concepts of static/symbols/symbols.yaml, unlike each other in shape and in name.
# fmt: off
PICTURES = (
    "apple", "banana", "strawberry", "carrot", "grapes", "fish", "cat", "horse", "butterfly", "duck",
    "elephant", "sailing_boat", "car", "bicycle", "aeroplane", "train", "umbrella", "hammer", "scissors", "ball",
    "cup", "guitar", "drum", "hat", "glasses", "shoe", "chair", "tree", "tulip", "moon",
)
# fmt: on


def pictures(code: str) -> tuple[str, str]:
    """The picture of a normalised code, and a second one that tells it from others with the same."""
    return PICTURES[ALPHABET.index(code[-1])], PICTURES[ALPHABET.index(code[-2])]


def named(catalogue: Catalogue) -> dict[str, Phrase]:
    """What each is called, as it stands on a queue and is read aloud; by ids of no other phrase."""
    return {
        f"picture_{picture}": Phrase(
            id=f"picture_{picture}",
            text={language: catalogue.alternative(picture, language) for language in LANGUAGES},
        )
        for picture in PICTURES
    }
