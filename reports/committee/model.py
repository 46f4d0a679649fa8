"""What a report consists of, whatever it is written as: sections of paragraphs, lists and tables.

Every number that comes from a release says which release, which place in it and what, so that it can be found again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.charts import Bar


@dataclass(frozen=True)
class Traced:
    """Where a number is read: a release by its SHA-256, places in it, whose numbers are added, and what.

    `what` is "answered" (n and invited), or a question and "positive", "negative" or "open"; empty where a sentence is
    made of all that stands there.
    """

    release: str
    places: tuple[str, ...]
    what: str = ""

    @property
    def question(self) -> str:
        """The question's id; empty where it is about who answered."""
        return self.what.partition(" ")[0] if " " in self.what else ""


@dataclass(frozen=True)
class Line:
    """A sentence or a number in words, and all that it was read from."""

    text: str
    traced: tuple[Traced, ...] = ()


@dataclass(frozen=True)
class Chart:
    """Bars below one another, each of everybody who answered or was invited; `alternative` says what they show.

    Each is "positive", "negative" or "answered".
    """

    bars: tuple[tuple[str, Bar], ...]
    voice: str  # "residents" or "others": each has a colour of its own
    alternative: str


@dataclass(frozen=True)
class Cell:
    """What stands in one cell of a table."""

    lines: tuple[Line, ...] = ()
    chart: Chart | None = None


@dataclass(frozen=True)
class Paragraph:
    """`kind` is "text", "quiet" or "written" (by a person, as typed)."""

    line: Line
    kind: str = "text"

    @property
    def lines(self) -> tuple[Line, ...]:
        return (self.line,)


@dataclass(frozen=True)
class Bullets:
    """A list without an order; `lead`: the sentences that everybody should read."""

    lines: tuple[Line, ...]
    lead: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a header row; `widths` are shares of the page's width. `voice` is as in Chart; empty: nobody's."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]
    voice: str = ""
    small: bool = False

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for row in self.rows for cell in row for line in cell.lines)


Block = Paragraph | Bullets | Table


@dataclass(frozen=True)
class Section:
    """A heading of level 1 to 3 and what stands under it; `wide`: on pages of their own, across."""

    heading: str
    blocks: tuple[Block, ...]
    level: int = 1
    wide: bool = False


@dataclass(frozen=True)
class Document:
    """A report in one language. `about` stands under its title; `tags` are what nobody may miss."""

    title: str
    about: tuple[str, ...]
    tags: tuple[str, ...]
    language: str
    sections: tuple[Section, ...]

    def lines(self) -> Iterator[Line]:
        """Every line of it."""
        for section in self.sections:
            for block in section.blocks:
                yield from block.lines
