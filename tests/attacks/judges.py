"""Two judges of what a round publishes, and neither knows how it was made.

The attacker knows how many answered in every leaf, shown or not, and how figures are made; insiders know answers too:
their own, and maybe those of others in their leaf. Figures convict their maker if all tables that would have looked
the same agree that everybody else in some leaf was positive, was not positive, was negative or was not negative.

`tried` goes through every table that a small round could have had. `solved` asks a solver for tables of rounds of any
size, leaf by leaf; every figure is an interval then, and shown exactly where the count lies in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations_with_replacement, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.released import Shape, leaves_of

Numbers = NDArray[np.int64]
ANSWERS = ("positive", "negative", "open", "middle")


class Figure(NamedTuple):
    """That the people of some leaves who gave one of ANSWERS are from `low` to `high`."""

    leaves: frozenset[str]
    answer: int
    low: int
    high: int


def every_table(shape: Shape, answers: tuple[str, ...] = ANSWERS) -> Numbers:
    """All tables of a round, as [table, leaf, answer] -> people."""
    leaves = [
        [[chosen.count(answer) for answer in ANSWERS] for chosen in combinations_with_replacement(answers, n)]
        for n in leaves_of(shape).values()
    ]
    return np.array(list(product(*leaves)), dtype=np.int64)


def insiders(leaves: Mapping[str, int], most: int) -> Iterator[tuple[int, Numbers]]:
    """Up to `most` people of a leaf (its number), by answer; first nobody."""
    yield 0, np.zeros(len(ANSWERS), dtype=np.int64)
    for number in range(1, most + 1):
        for leaf, n in enumerate(leaves.values()):
            for answers in combinations_with_replacement(range(len(ANSWERS)), number) if n >= number else ():
                yield leaf, np.bincount(answers, minlength=len(ANSWERS))


def finding(leaves: Mapping[str, int], inside: int, known: Numbers, leaf: int, side: int, everybody: bool) -> str:
    """A certainty in words."""
    names = list(leaves)
    answers = [ANSWERS[answer] for answer in np.repeat(np.arange(len(ANSWERS)), known)]
    knows = f"knowing {' and '.join(answers)} in {names[inside]}" if answers else "outside"
    return f"{knows}: in {names[leaf]} everybody else is {'' if everybody else 'not '}{ANSWERS[side]}"


def tried(shape: Shape, tables: Numbers, figures: Numbers, most: int = 1) -> Iterator[str]:
    """Whatever up to `most` insiders can be certain of; `figures` is [table, figure], whatever figures are."""
    leaves = leaves_of(shape)
    sizes = np.array(list(leaves.values()))
    order = np.lexsort(figures.T) if figures.shape[1] else np.arange(len(figures))
    tables, figures = tables[order], figures[order]
    new = np.ones(len(figures), dtype=bool)
    new[1:] = (figures[1:] != figures[:-1]).any(axis=1)
    release = np.cumsum(new) - 1
    for inside, known in insiders(leaves, most):
        there = (tables[:, inside] >= known).all(axis=1)
        if not there.any():
            continue
        others, who = tables[there], sizes.copy()
        others[:, inside] -= known
        who[inside] -= known.sum()
        starts = np.flatnonzero(np.r_[True, np.diff(release[there]) > 0])
        lowest, highest = np.minimum.reduceat(others, starts), np.maximum.reduceat(others, starts)
        for leaf, n in enumerate(who):
            for side in (0, 1) if n else ():
                for everybody, certain in ((False, highest[:, leaf, side] == 0), (True, lowest[:, leaf, side] == n)):
                    for told in np.flatnonzero(certain):
                        shown = figures[there][starts[told]].tolist()
                        yield f"{finding(leaves, inside, known, leaf, side, everybody)}, from {shown}"


def solved(shape: Shape, table: Numbers, figures: Sequence[Figure], most: int = 1) -> Iterator[str]:
    """Whatever up to `most` insiders can be certain of, where `table` ([leaf, answer]) was true."""
    leaves = leaves_of(shape)
    sizes = np.array(list(leaves.values()))
    weights = np.array(
        [
            [[(leaf in each.leaves) * (answer == each.answer) for answer in range(4)] for leaf in leaves]
            for each in figures
        ]
    ).reshape(len(figures), -1)
    people = np.kron(np.eye(len(sizes)), np.ones(len(ANSWERS)))
    limits = LinearConstraint(
        np.vstack([people, weights]),
        np.r_[sizes, [each.low for each in figures]],
        np.r_[sizes, [each.high for each in figures]],
    )
    witnesses, chance = [table], np.random.default_rng(1)

    def found(least: Numbers, top: Numbers) -> bool:
        """A table between two, from those that are known or from the solver."""
        if any((least <= one).all() and (one <= top).all() for one in witnesses):
            return True
        bounds = Bounds(least.ravel(), top.ravel())
        anywhere = chance.random(least.size)  # so that tables differ
        done = milp(anywhere, integrality=np.ones(least.size), bounds=bounds, constraints=limits)
        assert done.status in (0, 2), done.message
        if done.status == 0:
            one = np.rint(done.x).astype(np.int64)
            assert (limits.lb <= limits.A @ one).all()
            assert (limits.A @ one <= limits.ub).all()
            witnesses.append(one.reshape(table.shape))
        return bool(done.status == 0)

    assert found(table, table)
    for inside, known in insiders(leaves, most):
        least, top = np.zeros_like(table), np.tile(sizes[:, None], (1, len(ANSWERS)))
        least[inside] = known
        if not found(least, top):
            continue
        for leaf, n in enumerate(sizes):
            others = n - (known.sum() if leaf == inside else 0)
            for side in (0, 1) if others else ():
                mine = known[side] if leaf == inside else 0
                one_more, one_less = least.copy(), top.copy()
                one_more[leaf, side], one_less[leaf, side] = mine + 1, mine + others - 1
                if not found(one_more, top):
                    yield finding(leaves, inside, known, leaf, side, False)
                if not found(least, one_less):
                    yield finding(leaves, inside, known, leaf, side, True)
