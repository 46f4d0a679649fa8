"""What a report page shows, made from a release and nothing else. Numbers stay intervals; `wording` says them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reports.charts import CHARTS_FROM, Bar, bar
from reports.comparing import Caution, cautions
from reports.release import HiddenNode, Interval, Node, Release
from reports.statistics import LEVEL, Group, certainly_higher, share
from reports.wording import in_language
from survey.languages import alphabetical

GOOD, POOR = (3, 4), (1, 4)  # at least three of four answered well; at least one of four badly
POOR_SAFETY = (1, 10)  # fear weighs more
RANKED_UP_TO = 40  # places: every two are compared, and among more hardly any would lie apart
COMPARED_UP_TO = 60  # places on one page: more are read place by place
APART = (1, 4)  # places differ where at least a quarter of the people lie between their two shares


@dataclass(frozen=True, kw_only=True)
class Place:
    """A group that is shown, on its way down from the municipality."""

    id: str
    level: str
    name: str
    n: int
    invited: int
    depth: int


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as it was asked; `pair` is the id of the same question the opposite way."""

    id: str
    number: int
    theme: str
    text: str
    pair: str | None


@dataclass(frozen=True, kw_only=True)
class Side:
    """How many of n chose the good or the bad end of the answers; `bar` is None below ten people."""

    label: str
    interval: Interval
    n: int
    bar: Bar | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One question in one place. `open`: how many left it open, where that is told."""

    place: Place
    question: Asked
    positive: Side
    negative: Side
    open: Interval | None


@dataclass(frozen=True, kw_only=True)
class Theme:
    """A theme's questions; each group is one question, or two opposite ones."""

    name: str
    groups: tuple[tuple[Row, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Apart:
    """A place's row that lies apart from another's. `chance`: it may be by chance, minding how many are compared."""

    row: Row
    other: Row
    chance: bool


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Where the answers of those who answered in a place certainly lie apart from those it is compared with."""

    place: Place
    better: tuple[Apart, ...]
    worse: tuple[Apart, ...]

    @property
    def chance(self) -> bool:
        """Whether all of it may be by chance."""
        return all(one.chance for one in self.better + self.worse)


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """The places not shown by themselves, within a place that is shown, as id -> name."""

    too_few: Mapping[str, str]
    with_others: Mapping[str, str]


class Report:
    """A release in one language."""

    def __init__(self, release: Release, language: str) -> None:
        self.release = release
        self.language = language
        self._nodes = {node.id: node for node in release.nodes}
        self._children: dict[str | None, list[Node]] = {}
        for node in release.nodes:
            self._children.setdefault(node.parent, []).append(node)
        for siblings in self._children.values():
            siblings.sort(key=lambda node: (node.level == "rest", alphabetical(self._name(node))))
        self.questions = {
            id_: Asked(
                id=id_,
                number=question.number,
                theme=question.theme,
                text=in_language(question.text, language),
                pair=question.pair_of,
            )
            for id_, question in sorted(release.questions.items(), key=lambda item: item[1].number)
        }
        self.places = {node.id: self._place(node, depth) for node, depth in self._downwards(None, 0)}

    @property
    def top(self) -> Place | None:
        """The whole of the round; None where too few answered for anything to be shown."""
        return next(iter(self.places.values()), None)

    def way_to(self, place: Place) -> list[Place]:
        """The places above, from the municipality down."""
        above: list[Place] = []
        parent = self._nodes[place.id].parent
        while parent is not None:
            above.insert(0, self.places[parent])
            parent = self._nodes[parent].parent
        return above

    def near(self, place: Place) -> list[Place]:
        """The places below, each under the one it belongs to, by name, as deep as what the place is made of."""
        parts = self.parts(place)
        deepest = parts[0].depth if parts else 0
        return [self.places[node.id] for node, depth in self._downwards(place.id, place.depth + 1) if depth <= deepest]

    def coverage(self, place: Place) -> float:
        """How many of those invited answered, in percent; nobody invited counts as all."""
        return round(100 * place.n / max(place.invited, place.n), 2)

    def drawn(self, place: Place) -> bool:
        """Whether the place is large enough for charts."""
        return place.n >= CHARTS_FROM

    def cautions(self, place: Place) -> list[Caution]:
        """What to mind about a place's numbers."""
        return cautions(self.release, self._nodes[place.id])

    def hidden(self, place: Place | None) -> Hidden:
        """Whose numbers are in this place's, but nowhere by themselves."""
        within = self._within(place)
        return Hidden(
            too_few=self._names(self.release.too_few, within),
            with_others=self._names(self.release.shown_with_others, within),
        )

    def name_of_hidden(self, id_: str) -> str | None:
        """What a place is called that is not shown by itself; None: there is no such place."""
        hidden = (*self.release.too_few, *self.release.shown_with_others)
        return next((in_language(node.name, self.language) for node in hidden if node.id == id_), None)

    def rows(self, place: Place) -> list[Row]:
        """Every question in one place, in the questionnaire's order."""
        return [self.row(place, question) for question in self.questions.values()]

    def row(self, place: Place, question: Asked) -> Row:
        """One question in one place."""
        answer = self._nodes[place.id].answers[question.id]
        labels = self.release.questions[question.id].labels

        def side(end: str, interval: Interval) -> Side:
            return Side(
                label=in_language(labels[end], self.language),
                interval=interval,
                n=place.n,
                bar=bar(interval, place.n),
            )

        return Row(
            place=place,
            question=question,
            positive=side("positive", answer.positive),
            negative=side("negative", answer.negative),
            open=answer.open,
        )

    def themes(self, place: Place) -> list[Theme]:
        """Every question in one place, by theme; a question stands beside its opposite."""
        groups: dict[str, dict[int, list[Row]]] = {}
        theme_of: dict[int, str] = {}
        for row in self.rows(place):
            asked = row.question
            first = min(asked.number, self.questions[asked.pair].number) if asked.pair else asked.number
            theme = theme_of.setdefault(first, asked.theme)
            groups.setdefault(theme, {}).setdefault(first, []).append(row)
        return [
            Theme(name=theme, groups=tuple(tuple(group) for group in grouped.values()))
            for theme, grouped in groups.items()
        ]

    def rows_by_theme(self, place: Place) -> list[Row]:
        """The same, one after the other: in a table too, a question stands beside its opposite."""
        return [row for theme in self.themes(place) for group in theme.groups for row in group]

    def comparison(self, question: Asked, place: Place | None = None) -> list[Row]:
        """One question in every place, each under the one it belongs to, by name.

        Of more than COMPARED_UP_TO places only those above one of them, itself, and what it is made of.
        """
        places: Iterable[Place] = self.places.values()
        if place and self.folded:
            places = (*self.way_to(place), place, *self.near(place))
        return [self.row(each, question) for each in places]

    @property
    def folded(self) -> bool:
        """Whether there are too many places for one page."""
        return len(self.places) > COMPARED_UP_TO

    def good(self, place: Place) -> list[Row]:
        """Where three of four or more certainly answered well; in the questionnaire's order, not ranked."""
        return [row for row in self.rows(place) if _at_least(row.positive, GOOD)]

    def poor(self, place: Place) -> list[Row]:
        """Where one of four or more certainly answered badly, one of ten on safety; not ranked."""
        return [
            row
            for row in self.rows(place)
            if _at_least(row.negative, POOR_SAFETY if row.question.theme == "safety" else POOR)
        ]

    def differences(self, place: Place) -> list[Difference]:
        """Which of the places it is made of certainly differ from it; a place made of none, from the whole."""
        parts = self.parts(place)
        pairs = [(part, place) for part in parts] or ([(place, self.top)] if self.top and place != self.top else [])
        found = [self.difference(one, other, len(pairs)) for one, other in pairs]
        return [difference for difference in found if difference.better or difference.worse]

    def ranked(self, place: Place, question: Asked) -> list[tuple[Place, tuple[Place, ...]]]:
        """Which of its parts certainly have a larger share at the good end than which others, all taken together."""
        parts = self.parts(place)
        if len(parts) > RANKED_UP_TO:
            return []
        groups = {part.id: Group(count=self._nodes[part.id].answers[question.id].positive, n=part.n) for part in parts}
        lower: dict[str, list[Place]] = {}
        for higher, other in certainly_higher(groups):
            lower.setdefault(higher, []).append(self.places[other])
        return [(self.places[higher], tuple(others)) for higher, others in lower.items()]

    def parts(self, place: Place) -> list[Place]:
        """What a place is made of: the first level below it that has more than one place."""
        below = self._children.get(place.id, [])
        while len(below) == 1:
            below = self._children.get(below[0].id, [])
        return [self.places[node.id] for node in below]

    def difference(self, place: Place, reference: Place, pairs: int) -> Difference:
        """Where a place certainly lies apart from another; `pairs` of places are compared side by side."""
        level = 1 - (1 - LEVEL) / max(pairs * len(self.questions), 1)
        rows = zip(self.rows(place), self.rows(reference), strict=True)
        apart = [(_apart(row.positive, other.positive), row, other) for row, other in rows]

        def lying(side: int) -> tuple[Apart, ...]:
            found = ((row, other) for sign, row, other in apart if sign == side)
            return tuple(
                Apart(row=row, other=other, chance=_overlap(row.positive, other.positive, level))
                for row, other in found
            )

        return Difference(place=place, better=lying(1), worse=lying(-1))

    def _downwards(self, parent: str | None, depth: int) -> Iterator[tuple[Node, int]]:
        for node in self._children.get(parent, ()):
            yield node, depth
            yield from self._downwards(node.id, depth + 1)

    def _place(self, node: Node, depth: int) -> Place:
        return Place(id=node.id, level=node.level, name=self._name(node), n=node.n, invited=node.invited, depth=depth)

    def _name(self, node: Node) -> str:
        name = in_language(node.name, self.language)
        if node.level != "rest" or node.parent is None:
            return name
        return f"{name} – {in_language(self._nodes[node.parent].name, self.language)}"

    def _within(self, place: Place | None) -> set[str | None]:
        """The places shown whose hidden ones are in a place; several together are hidden ones of the place above."""
        if place is None:
            return {None}
        if place.level == "rest":
            return {self._nodes[place.id].parent}
        return {place.id, *(node.id for node, _depth in self._downwards(place.id, 0))}

    def _names(self, hidden: Iterable[HiddenNode], within: set[str | None]) -> dict[str, str]:
        names = {node.id: in_language(node.name, self.language) for node in hidden if node.parent in within}
        return dict(sorted(names.items(), key=lambda item: alphabetical(item[1])))


def _at_least(side: Side, share: tuple[int, int]) -> bool:
    part, whole = share
    return side.interval[0] * whole >= side.n * part


def _apart(one: Side, other: Side) -> int:
    """1 where the first certainly has the larger share, by a quarter or more; -1 the smaller; 0 neither is certain."""
    part, whole = APART
    step = part * one.n * other.n
    if whole * (one.interval[0] * other.n - other.interval[1] * one.n) >= step:
        return 1
    if whole * (other.interval[0] * one.n - one.interval[1] * other.n) >= step:
        return -1
    return 0


def _overlap(one: Side, other: Side, level: float) -> bool:
    """Whether the intervals of two shares have a share in common."""
    (low, high), (other_low, other_high) = (share(Group(count=side.interval, n=side.n), level) for side in (one, other))
    return low <= other_high and other_low <= high
