"""What is shown of a group's answers: intervals wide enough to hide one person from another.

Pure arithmetic on counts; `disclosure.py` decides which groups it is done for.
"""

from collections.abc import Sequence

from reports.aggregate import Sides
from reports.release import Answer, Interval


def leaf_answer(sides: Sides, n: int, b: int) -> Answer:
    """One question in a group of n of which no part is shown; b people at either end are not told apart."""
    positive = _leaf_interval(sides.positive, n, b)
    negative = _leaf_interval(sides.negative, n, b)
    room = n - positive[0] - negative[0]
    return Answer(positive=positive, negative=negative, open=_leaf_open(sides.open, n, b, room))


def _leaf_interval(count: int, n: int, b: int) -> Interval:
    if count <= b:
        return 0, b
    if count >= n - b:
        return n - b, n
    return count, count


def _leaf_open(count: int, n: int, b: int, room: int) -> Interval | None:
    """Few or many of n; nothing where there is so little room that this would give the two sides away."""
    many = -(-n // 3)
    if room < many + b:
        return None
    return (0, many - 1) if count < many else (many, n)


def parent_answer(sides: Sides, children: Sequence[Answer]) -> Answer:
    """One question in a group all of whose people are in the children, which are shown."""
    open_below = [child.open for child in children if child.open]
    return Answer(
        positive=_parent_interval(sides.positive, [child.positive for child in children]),
        negative=_parent_interval(sides.negative, [child.negative for child in children]),
        open=_summed(open_below) if len(open_below) == len(children) else None,
    )


def _parent_interval(count: int, children: Sequence[Interval]) -> Interval:
    """No narrower than leaves every child free to lie anywhere in its own interval."""
    if len(children) == 1:
        return children[0]
    low, high = _summed(children)
    widest = max(child_high - child_low for child_low, child_high in children)
    if widest == 0:
        return count, count
    if high - low < 2 * widest + 1:
        return low, high
    if count <= low + widest:
        return low, low + widest
    if count >= high - widest:
        return high - widest, high
    return count, count


def _summed(intervals: Sequence[Interval]) -> Interval:
    return sum(low for low, _ in intervals), sum(high for _, high in intervals)
