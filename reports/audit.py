"""The audit: could anybody be certain of another person's answer, from all that is published of a question together?

The attacker knows how many answered everywhere and how releases are made, and may know answers of one row: none, or
up to b - 1. They are certain where every table of answers that would have been published just so agrees that
everybody else in some row was positive, was not positive, was negative or was not negative. A table in which that is
not so is a witness against this claim. So the audit collects witnesses, and solves only for claims that have none.

It sees the release and nothing else. So its verdict follows from what is published, and gives nothing away either.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from reports.release import Node, Release
from reports.witnesses import ANSWERS, Row, Sum, Table, Tables, Undecided, Weights, published

SECONDS = 900  # an audit that takes longer is an alarm
SIDES = 2  # positive and negative: of ANSWERS, those that are protected
MIDDLE = ANSWERS.index("middle")

Claims = NDArray[np.bool_]  # [knower, row, side, 0: nobody else is on this side, 1: everybody else is]


def passes(release: Release, progress: Callable[[int, int], None] = lambda done, of: None) -> bool:
    """Whether a search found that nobody can be certain. False, an alarm, also where it came to no end.

    `progress` is told how many of how many questions have passed.
    """
    until = time.monotonic() + SECONDS
    try:
        for number, question in enumerate(release.questions, 1):
            if somebody_is_certain(release.nodes, question, release.b, until):
                return False
            progress(number, len(release.questions))
    except (Undecided, ValueError):
        return False
    return True


def somebody_is_certain(nodes: Sequence[Node], question: str, b: int, until: float = float("inf")) -> bool:
    """Whether one question gives an answer away, also to who knows that nobody was offered a middle.

    Raises: Undecided at `until` (of time.monotonic()) or where the solver fails; ValueError where figures contradict
    each other.
    """
    rows, sums = published(nodes, question)
    if not rows:
        return False
    # A table without a middle is a table too, so what it denies need not be searched again.
    without = _Search([_without_middle(row) for row in rows], sums, b, until)
    certain, claims = without.search(without.claims())
    if not certain:
        certain, claims = _Search(rows, sums, b, until).search(claims)
        if claims[0].any():
            raise ValueError(f"{question}: no table has these figures")
    return certain


def _without_middle(row: Row) -> Row:
    """Where all the others are not enough people (few left it open), somebody has had a middle."""
    return replace(row, high=(*row.high[:MIDDLE], 0)) if sum(row.high[:MIDDLE]) >= row.n else row


def _not_so(table: Table, n: NDArray[np.int64]) -> NDArray[np.bool_]:
    """[row, side, nobody or everybody]: whether it is not so of these rows, which have n people each."""
    sides = table[:, :SIDES]
    not_so: NDArray[np.bool_] = np.stack([sides > 0, sides < n[:, None]], axis=-1)
    return not_so


class _Search:
    """Looks for tables that deny claims.

    Knower i knows the people `known[i]`, by answer, of row `where[i]`; number 0 knows nobody.
    """

    def __init__(self, rows: Sequence[Row], sums: Sequence[Sum], b: int, until: float) -> None:
        self._tables = Tables(rows, sums, b, until)
        inside = [
            (row, np.bincount(answers, minlength=len(ANSWERS)))
            for number in range(1, b)
            for answers in combinations_with_replacement(range(len(ANSWERS)), number)
            for row in self._tables.first
        ]
        self._where = np.array([0, *(row for row, _ in inside)])
        self._known = np.array([np.zeros(len(ANSWERS), dtype=np.int64), *(answers for _, answers in inside)])
        self._knowers = np.arange(len(self._known))
        self._others = np.tile(self._tables.n, (len(self._known), 1))  # [knower, row] -> people
        self._others[self._knowers, self._where] -= self._known.sum(axis=1)

    def claims(self) -> Claims:
        """All there are: of every knower, about every row with somebody else."""
        return np.broadcast_to((self._others > 0)[..., None, None], (*self._others.shape, SIDES, 2)).copy()

    def search(self, claims: Claims) -> tuple[bool, Claims]:
        """Whether a claim has no witness against it; and, if all have, the claims of knowers who cannot be."""
        left = claims.size + 1
        while left > (left := int(claims.sum())) > 0:  # tables with room for many at once deny most claims
            table = self._tables.find(self._at(0), self._room_for_all(claims))
            if table is None:
                return False, claims
            claims = claims & ~self._denied(table)
        impossible = np.zeros_like(claims)
        while claims.any():
            knower = int(claims.any(axis=(1, 2, 3)).argmax())
            table = self._tables.find(self._at(knower), self._against_claims_of(knower, claims))
            if table is None:
                impossible[knower], claims[knower] = claims[knower], False
                continue
            denied = self._denied(table)
            if not (denied & claims)[knower].any():
                return True, claims
            claims &= ~denied
        return False, impossible

    def _at(self, knower: int) -> Table:
        """The people somebody knows, as [row, answer]."""
        known = np.zeros((len(self._tables.n), len(ANSWERS)), dtype=np.int64)
        known[self._where[knower]] = self._known[knower]
        return known

    def _denied(self, table: Table) -> Claims:
        """The claims that are not so in this table, of those knowers who could be in it."""
        others = table[self._where] - self._known
        denied = np.tile(_not_so(table, self._tables.n), (len(self._known), 1, 1, 1))
        denied[self._knowers, self._where] = _not_so(others, self._others[self._knowers, self._where])
        denied[(others < 0).any(axis=1)] = False
        return denied

    def _room_for_all(self, claims: Claims) -> Weights:
        """A weight on whom the knowers with open claims know, and on one more of each answer."""
        weights = self._tables.no_wishes()
        waiting = claims.any(axis=(1, 2, 3))
        level = np.arange(weights.shape[-1])
        np.add.at(weights, self._where[waiting], (level > 0) & (level <= self._known[waiting][..., None] + 1))
        return weights

    def _against_claims_of(self, knower: int, claims: Claims) -> Weights:
        """A weight on one more than is known, wherever it denies a claim; and less than one in all for the others."""
        weights = self._room_for_all(claims)
        weights /= 2 * weights.sum()
        known = self._at(knower)
        for row, side, everybody in np.argwhere(claims[knower]).tolist():
            for answer in range(len(ANSWERS)):
                if (answer == side) != everybody:
                    weights[row, answer, known[row, answer] + 1] += 1
        return weights
