"""A code's picture: on the card and on a tablet's queue, so that nobody has to read to find their turn.

The rule stays as it is: cards are on paper. A picture tells as much of a code as one sign does.
"""

from survey.access.codes import ALPHABET

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
