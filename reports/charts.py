"""What a chart draws: one bar a number, ink where it is certain, hatched where it may or may not be."""

from dataclasses import dataclass

from reports.release import Interval

CHARTS_FROM = 10  # people; below, words say more


@dataclass(frozen=True)
class Bar:
    """Two pieces from the left, in percent of everybody who answered: at least so many, and perhaps so many more."""

    certain: float
    perhaps: float


def bar(interval: Interval, n: int) -> Bar | None:
    """The bar of a number of people among n; None below ten people."""
    if n < CHARTS_FROM:
        return None
    low, high = interval
    return Bar(certain=_percent(low, n), perhaps=_percent(high - low, n))


def _percent(part: int, n: int) -> float:
    return round(100 * part / n, 2)
