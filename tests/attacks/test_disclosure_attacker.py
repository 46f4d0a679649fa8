"""An attacker who has time: every answer table that a small round could have had is tried against its release.

The attacker knows how many answered in every leaf, shown or not, and how releases are made; an insider knows one
answer too, their own. A release convicts its maker if all tables that would have looked the same agree that some
other person's answer was positive, was not positive, was negative or was not negative.
"""

from collections.abc import Callable, Iterator
from itertools import combinations_with_replacement, product

import numpy as np
import pytest
from numpy.typing import NDArray

from reports.aggregate import Sides
from tests.released import Shape, leaves_of, release_of

Numbers = NDArray[np.int64]
ANSWERS = ("positive", "negative", "open", "middle")
GONE = -1  # a figure that is not given


def every_table(shape: Shape, answers: tuple[str, ...] = ANSWERS) -> Numbers:
    """All tables of a round, as [table, leaf, answer] -> people."""
    leaves = [
        [[chosen.count(answer) for answer in ANSWERS] for chosen in combinations_with_replacement(answers, n)]
        for n in leaves_of(shape).values()
    ]
    return np.array(list(product(*leaves)), dtype=np.int64)


def released(shape: Shape, tables: Numbers) -> Numbers:
    """What the product publishes, as [table, figure]: every table is a question of one big round."""
    leaves = list(leaves_of(shape))
    asked = [{leaf: Sides(*row[:3]) for leaf, row in zip(leaves, table, strict=True)} for table in tables.tolist()]
    nodes = release_of(shape, asked).nodes
    figures = [
        [
            end
            for node in nodes
            for answer in (node.answers[str(number)],)
            for interval in (answer.positive, answer.negative, answer.open or (GONE, GONE))
            for end in interval
        ]
        for number in range(len(asked))
    ]
    return np.array(figures, dtype=np.int64).reshape(len(asked), -1)


def findings(shape: Shape, tables: Numbers, figures: Numbers) -> Iterator[str]:
    """Whatever somebody can be certain of, with the figures that told it."""
    names = list(leaves_of(shape))
    sizes = list(leaves_of(shape).values())
    order = np.lexsort(figures.T) if figures.shape[1] else np.arange(len(figures))
    tables, figures = tables[order], figures[order]
    new = np.ones(len(figures), dtype=bool)
    new[1:] = (figures[1:] != figures[:-1]).any(axis=1)
    release = np.cumsum(new) - 1

    insiders = [(leaf, mine) for leaf, n in enumerate(sizes) if n for mine in range(len(ANSWERS))]
    for insider in (None, *insiders):
        others, who, there = tables.copy(), list(sizes), np.ones(len(tables), dtype=bool)
        if insider:
            leaf, mine = insider
            there = tables[:, leaf, mine] > 0
            others[:, leaf, mine] -= 1
            who[leaf] -= 1
        if not there.any():
            continue
        starts = np.flatnonzero(np.r_[True, np.diff(release[there]) > 0])
        lowest = np.minimum.reduceat(others[there], starts)
        highest = np.maximum.reduceat(others[there], starts)
        for leaf, n in enumerate(who):
            for side in (0, 1) if n else ():
                for word, certain in (("not ", highest[:, leaf, side] == 0), ("", lowest[:, leaf, side] == n)):
                    for told in np.flatnonzero(certain):
                        knows = f"knowing {ANSWERS[insider[1]]} in {names[insider[0]]}" if insider else "outside"
                        shown = figures[there][starts[told]].tolist()
                        yield f"{knows}: in {names[leaf]} everybody else is {word}{ANSWERS[side]}, from {shown}"


def shapes() -> Iterator[tuple[Shape, tuple[str, ...]]]:
    """Rounds small enough to try everything; with three units one kind of answer is left out."""
    for n in range(5, 10):
        yield {"town": n}, ANSWERS
    for a, b in ((5, 5), (6, 5), (7, 6), (8, 5), (5, 3), (6, 2), (4, 1), (3, 2)):
        yield {"town": {"a": a, "b": b}}, ANSWERS
    yield {"town": {"a": 5, "b": 3, "c": 1}}, ANSWERS
    for answers in (ANSWERS[:2], ANSWERS[:3], ("positive", "negative", "middle")):
        yield {"town": {"a": 5, "b": 5, "c": 5}}, answers
        yield {"town": {"a": 5, "b": 6, "c": 3}}, answers
        yield {"town": {"home": {"a": 5, "b": 6}, "c": 5}}, answers
        yield {"town": {"home": {"a": 5, "b": 2}, "other": {"c": 6}}}, answers


@pytest.mark.parametrize(("shape", "answers"), list(shapes()), ids=str)
def test_nobody_can_be_certain_of_another_persons_answer(shape: Shape, answers: tuple[str, ...]) -> None:
    tables = every_table(shape, answers)
    assert list(findings(shape, tables, released(shape, tables))) == []


def test_a_division_is_not_told_so_closely_that_two_sums_give_a_person_away() -> None:
    """Were `home` cut as the town is, who left it open in a would know that everybody in c and e is positive."""
    shape: Shape = {"town": {"a": 5, "b": 5, "home": {"c": 5, "d": 5, "e": 5}}}
    truth = {"a": (1, 4, 0, 0), "b": (0, 5, 0, 0), "c": (5, 0, 0, 0), "d": (2, 2, 1, 0), "e": (5, 0, 0, 0)}
    rows = {
        node.id: node.answers["0"] for node in release_of(shape, [{k: Sides(*v[:3]) for k, v in truth.items()}]).nodes
    }
    assert (rows["home"].positive, rows["home"].negative) == ((6, 12), (0, 6))

    def fits(counted: tuple[int, ...], row: str) -> bool:
        intervals = (rows[row].positive, rows[row].negative)
        return all(low <= count <= high for count, (low, high) in zip(counted, intervals, strict=True))

    one_leaf = [(p, n) for p in range(6) for n in range(6 - p)]
    of_a = [(p, n) for p, n in one_leaf if p + n <= 4]  # the insider in a chose neither side
    could_be = product(*([leaf for leaf in (of_a if name == "a" else one_leaf) if fits(leaf, name)] for name in truth))
    tables = [table for table in could_be if fits(tuple(map(sum, zip(*table, strict=True))), "town")]
    for number, name in enumerate(truth):
        for side in (0, 1):
            found = {table[number][side] for table in tables}
            assert found not in ({0}, {5}), f"in {name}"


def cut(counts: Numbers, sizes: Numbers | int, b: int = 2) -> list[Numbers]:
    """A leaf's interval around counts, as the product has it."""
    low, high = counts <= b, counts >= sizes - b
    return [np.where(low, 0, np.where(high, sizes - b, counts)), np.where(low, b, np.where(high, sizes, counts))]


def exact(shape: Shape, tables: Numbers) -> list[Numbers]:
    """Every leaf and the sum, as counted."""
    return [*tables[:, :, :2].transpose(1, 2, 0).reshape(-1, len(tables)), *tables[:, :, :2].sum(axis=1).T]


def only_a_threshold(shape: Shape, tables: Numbers) -> list[Numbers]:
    """Exact counts of every leaf with five answers or more, and of the sum."""
    large = [leaf for leaf, n in enumerate(leaves_of(shape).values()) if n >= 5]
    return [*tables[:, large, :2].transpose(1, 2, 0).reshape(-1, len(tables)), *tables[:, :, :2].sum(axis=1).T]


def a_sum_as_if_it_were_a_leaf(shape: Shape, tables: Numbers) -> list[Numbers]:
    """Every leaf with five answers as it should be, and the sum in the same way, as if no part were shown."""
    sizes = list(leaves_of(shape).values())
    rows = [cut(tables[:, leaf, side], n) for leaf, n in enumerate(sizes) if n >= 5 for side in (0, 1)]
    rows += [cut(tables[:, :, side].sum(axis=1), sum(sizes)) for side in (0, 1)]
    return [figure for row in rows for figure in row]


def open_without_a_gate(shape: Shape, tables: Numbers) -> list[Numbers]:
    """One group as it should be, and whether a third left it open."""
    (n,) = leaves_of(shape).values()
    return [*cut(tables[:, 0, 0], n), *cut(tables[:, 0, 1], n), tables[:, 0, 2] >= -(-n // 3)]


def open_exact(shape: Shape, tables: Numbers) -> list[Numbers]:
    """One group as it should be, and how many left it open."""
    (n,) = leaves_of(shape).values()
    return [*cut(tables[:, 0, 0], n), *cut(tables[:, 0, 1], n), tables[:, 0, 2]]


def one_person_hidden(shape: Shape, tables: Numbers) -> list[Numbers]:
    """Intervals that hide an outsider's view only: b is 1."""
    (n,) = leaves_of(shape).values()
    return [*cut(tables[:, 0, 0], n, 1), *cut(tables[:, 0, 1], n, 1)]


@pytest.mark.parametrize(
    ("maker", "shape", "told"),
    [
        (exact, {"town": 5}, "outside: in town everybody else is positive"),
        (only_a_threshold, {"town": {"a": 6, "b": 3}}, "outside: in b everybody else is positive"),
        (a_sum_as_if_it_were_a_leaf, {"town": {"a": 7, "b": 3}}, "outside: in b everybody else is not positive"),
        (a_sum_as_if_it_were_a_leaf, {"town": {"a": 5, "b": 5}}, "outside: in a everybody else is not positive"),
        (open_without_a_gate, {"town": 5}, "outside: in town everybody else is not negative"),
        (open_exact, {"town": 7}, "outside: in town everybody else is not negative"),
        (one_person_hidden, {"town": 5}, "knowing positive in town: in town everybody else is not positive"),
    ],
)
def test_a_careless_maker_is_convicted(
    maker: Callable[[Shape, Numbers], list[Numbers]], shape: Shape, told: str
) -> None:
    tables = every_table(shape)
    figures = np.array(maker(shape, tables), dtype=np.int64).T
    assert any(finding.startswith(f"{told}, ") for finding in findings(shape, tables, figures))
