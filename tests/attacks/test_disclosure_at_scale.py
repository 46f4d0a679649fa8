"""An attacker with a solver, against rounds too large to try every table of (tests/attacks/judges.py)."""

from collections.abc import Callable, Iterable
from random import Random

import numpy as np
import pytest

from reports.audit import somebody_is_certain
from reports.counts import Sides
from reports.release import Release
from tests.attacks import careless
from tests.attacks.judges import ANSWERS, Figure, Numbers, solved
from tests.released import Shape, leaves_of, release_of

FLAT: Shape = {"town": {"a": 9, "b": 7, "c": 6, "d": 5, "e": 5, "f": 2}}


def figures_of(shape: Shape, release: Release, question: str) -> list[Figure]:
    """Everything a release says of a question, of which leaves."""
    people = {"town": frozenset(leaves_of(shape))} | _below(shape)
    for node in release.nodes:
        if node.level == "rest" and node.parent is not None:
            shown = [people[other.id] for other in release.nodes if other.parent == node.parent and other != node]
            people[node.id] = people[node.parent].difference(*shown)
    return [
        Figure(people[node.id], answer, *interval)
        for node in release.nodes
        for told in (node.answers[question],)
        for answer, interval in enumerate((told.positive, told.negative, told.open))
        if interval
    ]


def _below(shape: Shape) -> dict[str, frozenset[str]]:
    leaves: dict[str, frozenset[str]] = {}
    for name, below in shape.items():
        leaves[name] = frozenset([name]) if isinstance(below, int) else frozenset(leaves_of(below))
        leaves |= {} if isinstance(below, int) else _below(below)
    return leaves


def some_town(chance: Random) -> Shape:
    """Services, divisions and units, most of them small."""
    names = iter(range(1000))

    def below(depth: int) -> Shape | int:
        if depth and chance.random() < 0.4:
            return {f"n{next(names)}": below(depth - 1) for _ in range(chance.randint(2, 4))}
        return chance.choice((1, 2, 3, 4, 5, 5, 6, 7, 9, 12))

    return {"town": {f"n{next(names)}": below(2) for _ in range(chance.randint(3, 6))}}


def some_answers(chance: Random, shape: Shape) -> Numbers:
    """A table in which some kinds of answers are rare, as [leaf, answer] -> people."""
    likely = [chance.random() ** 3 + 0.001 for _ in ANSWERS]
    table = []
    for n in leaves_of(shape).values():
        chosen = chance.choices(range(len(ANSWERS)), likely, k=n)
        table.append([chosen.count(answer) for answer in range(len(ANSWERS))])
    return np.array(table)


def released(shape: Shape, table: Numbers, k: int = 5, b: int = 2) -> Release:
    """The product's release of one question."""
    sides = [Sides(*row[:3]) for row in table.tolist()]
    return release_of(shape, [dict(zip(leaves_of(shape), sides, strict=True))], k, b)


@pytest.mark.parametrize("seed", range(7))
def test_nobody_can_be_certain_of_another_persons_answer_in_a_larger_round(seed: int) -> None:
    chance = Random(seed)
    shape = some_town(chance)
    table = some_answers(chance, shape)
    release = released(shape, table)
    assert list(solved(shape, table, figures_of(shape, release, "0"))) == []
    assert not somebody_is_certain(release.nodes, "0", release.b)


def true(*rows: tuple[int, int, int, int]) -> Numbers:
    return np.array(rows, dtype=np.int64)


# Nobody, everybody or a few too many on one side, in one of the places of FLAT.
EVERYBODY_IN_E = true((4, 3, 1, 1), (3, 3, 0, 1), (3, 2, 1, 0), (2, 2, 0, 1), (5, 0, 0, 0), (2, 0, 0, 0))
NOBODY_IN_MOST = true((0, 3, 1, 5), (0, 3, 3, 1), (0, 2, 1, 3), (3, 2, 0, 0), (0, 1, 1, 3), (0, 0, 0, 2))
MANY_LEFT_OPEN = true((4, 0, 5, 0), (5, 1, 0, 1), (3, 0, 3, 0), (3, 0, 2, 0), (5, 0, 0, 0), (2, 0, 0, 0))
ONE_IN_A = true((1, 1, 2, 5), (5, 1, 0, 1), (6, 0, 0, 0), (3, 2, 0, 0), (5, 0, 0, 0), (2, 0, 0, 0))


@pytest.mark.parametrize(
    ("maker", "table", "most", "told"),
    [
        (careless.exact, EVERYBODY_IN_E, 1, "outside: in e everybody else is positive"),
        (careless.only_a_threshold, EVERYBODY_IN_E, 1, "outside: in f everybody else is positive"),
        (careless.one_sibling_hidden, EVERYBODY_IN_E, 1, "outside: in e everybody else is positive"),
        (careless.a_sum_as_if_it_were_a_leaf, NOBODY_IN_MOST, 1, "outside: in a everybody else is not positive"),
        (careless.open_without_a_gate, MANY_LEFT_OPEN, 1, "outside: in d everybody else is not negative"),
        (careless.open_exact, MANY_LEFT_OPEN, 1, "outside: in d everybody else is not negative"),
        (careless.one_person_hidden, ONE_IN_A, 1, "knowing positive in a: in a everybody else is not positive"),
        (
            careless.leaves_as_they_should_be,
            ONE_IN_A,
            2,
            "knowing negative and negative in a: in a everybody else is not negative",
        ),
        (
            careless.leaves_as_they_should_be,
            ONE_IN_A,
            3,
            "knowing positive and positive and middle in a: in a everybody else is not positive",
        ),
    ],
)
def test_a_careless_maker_is_convicted_in_a_larger_round(
    maker: Callable[[Shape, Numbers], Iterable[Figure]], table: Numbers, most: int, told: str
) -> None:
    assert told in list(solved(FLAT, table, list(maker(FLAT, table)), most))


@pytest.mark.parametrize("seed", range(3))
def test_who_helped_one_other_person_learns_nothing_where_b_is_three(seed: int) -> None:
    chance = Random(seed)
    shape: Shape = {"town": {"a": 7, "home": {"b": 9, "c": 8}, "d": 4}}
    table = some_answers(chance, shape)
    assert list(solved(shape, table, figures_of(shape, released(shape, table, 7, 3), "0"), 2)) == []
