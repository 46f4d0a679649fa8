"""What is shown of a group's answers: intervals wide enough to hide one person from another.

Pure arithmetic on counts; `disclosure.py` decides which groups it is done for.
"""

from collections.abc import Sequence
from dataclasses import replace

from reports.counts import Sides
from reports.release import Answer, Interval


def leaf_answer(sides: Sides, n: int, b: int) -> Answer:
    """One question in a group of n of which no part is shown; b people at either end are not told apart."""
    positive = _leaf_interval(sides.positive, n, b)
    negative = _leaf_interval(sides.negative, n, b)
    most, least = n - positive[0] - negative[0], n - positive[1] - negative[1]
    return Answer(positive=positive, negative=negative, open=_leaf_open(sides.open, n, b, most, least))


def _leaf_interval(count: int, n: int, b: int) -> Interval:
    if count <= b:
        return 0, b
    if count >= n - b:
        return n - b, n
    return count, count


def _leaf_open(count: int, n: int, b: int, most: int, least: int) -> Interval | None:
    """Few or many of n; nothing where this would give the two sides away.

    `most` and `least` may have chosen neither side, by what is shown of the sides. `most` must leave room for many;
    and where nobody could choose a middle, fewer open than `least` would press both sides to their upper ends.
    """
    many = -(-n // 3)
    if most < many + b or least < many:
        return None
    return (0, many - 1) if count < many else (many, n)


def sum_answer(parts: Sequence[Answer]) -> Answer:
    """One question in a group all of whose people are in the parts: nothing that the parts do not say."""
    open_below = [part.open for part in parts if part.open]
    return Answer(
        positive=_summed([part.positive for part in parts]),
        negative=_summed([part.negative for part in parts]),
        open=_summed(open_below) if len(open_below) == len(parts) else None,
    )


def top_answer(sides: Sides, parts: Sequence[Answer]) -> Answer:
    """One question in the whole round, whose people are in the parts: narrower than their sum, where that is safe."""
    return replace(
        sum_answer(parts),
        positive=_top_interval(sides.positive, [part.positive for part in parts]),
        negative=_top_interval(sides.negative, [part.negative for part in parts]),
    )


def _top_interval(count: int, parts: Sequence[Interval]) -> Interval:
    """No narrower than leaves every part free to lie anywhere in its own interval."""
    if len(parts) == 1:
        return parts[0]
    low, high = _summed(parts)
    widest = max(part_high - part_low for part_low, part_high in parts)
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
