"""What a chart draws: one bar a number, ink where it is certain, hatched where it may or may not be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reports.release import Interval

CHARTS_FROM = 10  # people; below, words say more
WIDTH, HEIGHT, GAP = 300, 20, 8  # of a picture's bars
INK = {"positive": "voice", "negative": "ink", "answered": "quiet"}  # as on the pages


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


def svg(bars: Sequence[tuple[str, Bar]], ink: Mapping[str, str]) -> str:
    """Bars below one another as a picture, with the patterns of the pages: each is "positive", "negative", "answered".

    `ink` has the colours "voice", "ink", "quiet", "line" and "card".
    """
    tall = len(bars) * (HEIGHT + GAP) - GAP
    drawn = "".join(
        piece for number, (kind, one) in enumerate(bars) for piece in _pieces(kind, one, number * (HEIGHT + GAP), ink)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 {WIDTH + 2} {tall + 2}">{_patterns(ink)}{drawn}</svg>'
    )


def _pieces(kind: str, one: Bar, top: float, ink: Mapping[str, str]) -> Iterator[str]:
    certain, perhaps = WIDTH * one.certain / 100, WIDTH * one.perhaps / 100

    def piece(left: float, width: float, fill: str, more: str = "") -> str:
        return f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{HEIGHT}" fill="{fill}"{more}/>'

    if certain:
        yield piece(0, certain, ink[INK[kind]])
        if kind == "negative":
            yield piece(0, certain, "url(#dots)")
    if perhaps:
        yield piece(certain, perhaps, f"url(#{kind})")
    yield piece(0, WIDTH, "none", f' stroke="{ink["line"]}" stroke-width="1.5"')


def _patterns(ink: Mapping[str, str]) -> str:
    hatched = "".join(
        f'<pattern id="{kind}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate({turned})">'
        f'<path d="M1.5 0v7" stroke="{ink[INK[kind]]}" stroke-width="3"/></pattern>'
        for kind, turned in (("positive", 45), ("negative", -45))
    )
    dot = f'<circle cx="3.5" cy="3.5" r="1.4" fill="{ink["card"]}"/>'
    return (
        f'<defs>{hatched}<pattern id="dots" width="7" height="7" patternUnits="userSpaceOnUse">{dot}</pattern></defs>'
    )
