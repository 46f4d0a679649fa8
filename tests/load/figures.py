"""Figures, what they may be at most, and the table that shows both."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value; `unit` B is one request to the bare route of the same run.

    `target`: what the value may be at most. `spread`: lowest and highest of the run's repetitions.
    """

    what: str
    value: float
    unit: str
    target: float | None = None
    spread: tuple[float, float] | None = None
    note: str = ""

    @property
    def misses(self) -> bool:
        """Whether it is above its target."""
        return self.target is not None and self.value > self.target

    def row(self) -> tuple[str, ...]:
        """Its cells in the table."""
        spread = f"{_number(self.spread[0])}–{_number(self.spread[1])}" if self.spread else ""
        if self.target is None:
            return (self.what, f"{_number(self.value)} {self.unit}", spread, "", "", self.note)
        verdict = "MISSES" if self.misses else "holds"
        target = f"≤ {_number(self.target)} {self.unit}"
        return (self.what, f"{_number(self.value)} {self.unit}", spread, target, verdict, self.note)


def median_of(what: str, values: Sequence[float], unit: str, *, target: float | None = None, note: str = "") -> Figure:
    """The median of repetitions, with their spread."""
    return Figure(what, statistics.median(values), unit, target, (min(values), max(values)), note)


HEAD = ("figure", "median", "spread", "target", "verdict", "note")


def table(figures: Sequence[Figure]) -> str:
    """A Markdown table that reads well on a terminal too."""
    rows = [HEAD, *(figure.row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    rows.insert(1, tuple("-" * width for width in widths))
    return "".join(f"| {' | '.join(map(str.ljust, row, widths))} |\n" for row in rows)


def page(title: str, measured: str, before: str = "") -> str:
    """What a run measured as a Markdown page; of the page as it was `before`, all from its first heading on stays."""
    _, heading, found = before.partition("\n## ")
    return f"# {title}\n\n{measured}{heading}{found}"


def _number(value: float) -> str:
    """Whole numbers as they are, others with three digits that count or more."""
    if value == int(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
