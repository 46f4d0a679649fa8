"""How sure a released number is: what a group says now, whether it changed, and what could have been seen at all.

Counts are the intervals that were released, and every bound given here holds whatever the true counts within are.
Bounds are two-sided: at level .95, what they are about lies outside at most one time in twenty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import lgamma, sqrt
from statistics import NormalDist

import numpy as np

from reports.release import Interval

LEVEL = 0.95
POWER = 0.8  # how often a change as large as `detectable` says is seen

Bounds = tuple[float, float]  # shares, or differences of shares


@dataclass(frozen=True, kw_only=True)
class Group:
    """Of `n` people who answered (one or more), from `count[0]` to `count[1]` chose one end of the answers."""

    count: Interval
    n: int


def says_now(group: Group, invited: int, level: float = LEVEL) -> Interval:
    """How many of all invited would choose this end, if it is chance who answered.

    The exact interval for a finite population (T. Wright, Exact Confidence Bounds when Sampling from Small Finite
    Universes, 1991). Where everybody answered, it is the released count. More answers than invited: all answered.
    """
    everybody, (low, high) = max(invited, group.n), group.count
    tail = (1 - level) / 2
    return _fewest(low, group.n, everybody, tail), everybody - _fewest(group.n - high, group.n, everybody, tail)


def _fewest(seen: int, n: int, everybody: int, tail: float) -> int:
    """The smallest number of people with a trait that leaves `seen` or more among n a chance of `tail` or more."""
    low, high = seen, everybody - (n - seen)
    while low < high:
        middle = (low + high) // 2
        if _chance_of_at_least(seen, n, middle, everybody) < tail:
            low = middle + 1
        else:
            high = middle
    return low


def _chance_of_at_least(seen: int, n: int, having: int, everybody: int) -> float:
    """Of `everybody`, `having` have a trait; the chance that `seen` or more of n drawn have it."""
    most, least = min(n, having), max(seen, n - (everybody - having), 0)
    if least > most:
        return 0.0
    # Each possible number's chance from that of the one before, as logarithms: factorials are too large for floats.
    before = np.arange(least, most, dtype=float)
    steps = np.log((having - before) * (n - before)) - np.log((before + 1) * (everybody - having - n + before + 1))
    first = _log_ways(having, least) + _log_ways(everybody - having, n - least) - _log_ways(everybody, n)
    return float(np.exp(first + np.concatenate(([0.0], np.cumsum(steps)))).sum())


def _log_ways(everybody: int, chosen: int) -> float:
    return lgamma(everybody + 1) - lgamma(chosen + 1) - lgamma(everybody - chosen + 1)


def share(group: Group, level: float = LEVEL) -> Bounds:
    """The share at this end among people like those who answered: E. B. Wilson's score interval (1927)."""
    return _score(group.count[0], group.n, level)[0], _score(group.count[1], group.n, level)[1]


def _score(count: int, n: int, level: float) -> Bounds:
    z, part = _normal(level), count / n
    spread = z * sqrt(part * (1 - part) / n + z * z / (4 * n * n))
    middle, scale = part + z * z / (2 * n), 1 + z * z / n
    return (middle - spread) / scale, (middle + spread) / scale


def _normal(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)


def change(before: Group, after: Group, level: float = LEVEL) -> Bounds:
    """By how much the share rose (or, below zero, fell).

    Newcombe's hybrid score interval for two samples (1998), with the ordinary variance: the people may be others
    now, and their minds are not a population to be counted to the end.
    """
    return _contrast(((1, after), (-1, before)), level)


def difference_of_changes(covered: tuple[Group, Group], others: tuple[Group, Group], level: float = LEVEL) -> Bounds:
    """By how much more the share rose among the covered than among the others, each given before and after.

    The same interval for four samples (G. Zou and A. Donner's method of variance estimates recovery, 2008).
    """
    (before, after), (other_before, other_after) = covered, others
    return _contrast(((1, after), (-1, before), (-1, other_after), (1, other_before)), level)


def _contrast(signed: Sequence[tuple[int, Group]], level: float) -> Bounds:
    return _least(signed, level), -_least([(-sign, group) for sign, group in signed], level)


def _least(signed: Sequence[tuple[int, Group]], level: float) -> float:
    """The lower bound of a sum of shares, each added (1) or subtracted (-1).

    It rises with every count that is added and falls with every one subtracted. So those ends of the released counts
    that make it lowest bound it for all counts within.
    """
    total = squares = 0.0
    for sign, group in signed:
        count = group.count[0 if sign > 0 else 1]
        bounds = _score(count, group.n, level)
        total += sign * count / group.n
        squares += (count / group.n - bounds[0 if sign > 0 else 1]) ** 2
    return total - sqrt(squares)


def detectable(*groups: Group, level: float = LEVEL, power: float = POWER) -> float:
    """The smallest true change, or difference of changes, between these groups that would mostly have been seen.

    What the hidden counts may differ by has to be overcome as well. From the normal approximation, each share drawn
    a little towards a half: with few people an observed share of nothing does not mean that nothing varies.
    """
    z = _normal(level)
    variance = hidden = 0.0
    for group in groups:
        part = (sum(group.count) / 2 + z * z / 2) / (group.n + z * z)
        variance += part * (1 - part) / group.n
        hidden += (group.count[1] - group.count[0]) / group.n
    return (z + NormalDist().inv_cdf(power)) * sqrt(variance) + hidden


def certainly_higher(groups: Mapping[str, Group], level: float = LEVEL) -> list[tuple[str, str]]:
    """The pairs (higher, lower) whose shares differ for certain: their intervals do not overlap.

    Each interval is as wide as the number of groups demands (C. E. Bonferroni), so that with `level` all pairs
    together are right.
    """
    each = 1 - (1 - level) / max(len(groups), 1)
    bounds = {name: share(group, each) for name, group in groups.items()}
    return [(one, other) for one in bounds for other in bounds if bounds[one][0] > bounds[other][1]]
