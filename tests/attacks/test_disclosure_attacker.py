"""An attacker who has time, against every answer table that a small round could have had (tests/attacks/judges.py)."""

from collections.abc import Callable, Iterable, Iterator
from itertools import product

import numpy as np
import pytest

from reports.audit import somebody_is_certain
from reports.counts import Sides
from reports.release import Release
from tests.attacks import careless
from tests.attacks.judges import ANSWERS, Figure, Numbers, every_table, tried
from tests.released import Shape, leaves_of, release_of

GONE = -1  # a figure that is not given
ALARMS: dict[tuple[str, ...], bool] = {}


def release_asking(shape: Shape, tables: Numbers, passes: Callable[[Release], bool] | None = None) -> Release:
    """The product's release of one big round in which every table is a question."""
    leaves = list(leaves_of(shape))
    asked = [{leaf: Sides(*row[:3]) for leaf, row in zip(leaves, table, strict=True)} for table in tables.tolist()]
    return release_of(shape, asked, passes=passes)


def figures_of(release: Release) -> Numbers:
    """What it shows, as [question, figure]."""
    figures = [
        [
            end
            for node in release.nodes
            for answer in (node.answers[question],)
            for interval in (answer.positive, answer.negative, answer.open or (GONE, GONE))
            for end in interval
        ]
        for question in release.questions
    ]
    return np.array(figures, dtype=np.int64).reshape(len(figures), -1)


def published(shape: Shape, tables: Numbers) -> Numbers:
    """What is published of rounds with one question each once they are audited, as [round, figure]; last the alarm."""
    made = release_asking(shape, tables)
    figures = figures_of(made)
    _, first, kind = np.unique(figures, axis=0, return_index=True, return_inverse=True)
    alarms = np.array([alarm(made, str(question)) for question in first.tolist()])[kind]
    if alarms.any():
        alone = figures_of(release_asking(shape, tables[alarms], passes=lambda _: False))
        figures[alarms] = GONE
        figures[alarms, : alone.shape[1]] = alone
    return np.column_stack([figures, alarms])


def alarm(made: Release, question: str) -> bool:
    """The audit's verdict on one question; once for those that differ in the names of places."""
    rows = tuple(sorted(f"{node.level} {node.n} {node.answers[question]}" for node in made.nodes))
    if rows not in ALARMS:
        ALARMS[rows] = somebody_is_certain(made.nodes, question, made.b)
    return ALARMS[rows]


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
    figures = published(shape, tables)
    assert list(tried(shape, tables, figures)) == []
    assert not figures[:, -1].any(), "the rules need no alarm"


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


Maker = Callable[[Shape, Numbers], Iterable[Figure]]


CONVICTED: list[tuple[Maker, Shape, int, str]] = [
    (careless.exact, {"town": 5}, 1, "outside: in town everybody else is positive"),
    (careless.only_a_threshold, {"town": {"a": 6, "b": 3}}, 1, "outside: in b everybody else is positive"),
    (careless.one_sibling_hidden, {"town": {"a": 5, "b": 5, "c": 1}}, 1, "outside: in c everybody else is negative"),
    (
        careless.a_sum_as_if_it_were_a_leaf,
        {"town": {"a": 7, "b": 3}},
        1,
        "outside: in b everybody else is not positive",
    ),
    (
        careless.a_sum_as_if_it_were_a_leaf,
        {"town": {"a": 5, "b": 5}},
        1,
        "outside: in a everybody else is not positive",
    ),
    (careless.open_without_a_gate, {"town": 5}, 1, "outside: in town everybody else is not negative"),
    (careless.open_exact, {"town": 7}, 1, "outside: in town everybody else is not negative"),
    (careless.one_person_hidden, {"town": 5}, 1, "knowing positive in town: in town everybody else is not positive"),
    (
        careless.leaves_as_they_should_be,
        {"town": 9},
        2,
        "knowing positive and positive in town: in town everybody else is not positive",
    ),
    (
        careless.leaves_as_they_should_be,
        {"town": 9},
        3,
        "knowing positive and positive and open in town: in town everybody else is not positive",
    ),
]


@pytest.mark.parametrize(("maker", "shape", "most", "told"), CONVICTED)
def test_a_careless_maker_is_convicted(maker: Maker, shape: Shape, most: int, told: str) -> None:
    tables = every_table(shape)
    figures = [[end for figure in maker(shape, table) for end in (figure.low, figure.high)] for table in tables]
    found = tried(shape, tables, np.array(figures, dtype=np.int64), most)
    assert any(finding.startswith(f"{told}, ") for finding in found)
