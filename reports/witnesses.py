"""Every table of answers to one question that would have been published just so, asked for by integer programming.

A table says how many chose which of ANSWERS in each row. Within a row people may change places without changing a
figure, so it makes no difference in which of its units somebody is, nor which of several rows with the same figures is
meant. So two of these stand by themselves (for two people in different ones), and the others are one block. Whatever
its answers come to can be dealt out like cards sorted by answer, row after row: then each row has its people, and of
each answer the block's share, rounded down or up.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from reports.release import Interval, Node

ANSWERS = ("positive", "negative", "open", "middle")
TOLD = 3  # of the middle nothing is published

Table = NDArray[np.int64]  # [row, answer] -> people
Weights = NDArray[np.float64]  # [row, answer, level] -> how much it is wished that the level is reached
SOLVED, IMPOSSIBLE = 0, 2
WHOLE = 1e-6  # how near a whole number the solver's is


class Undecided(Exception):
    """The search gave no answer that can be relied on: no time was left, or the solver failed."""


@dataclass(frozen=True)
class Row:
    """People of whom no part is shown: how many, the fewest and the most of each answer, and the sums they are in."""

    n: int
    low: tuple[int, ...]
    high: tuple[int, ...]
    sums: tuple[int, ...]


@dataclass(frozen=True)
class Sum:
    """Rows that are told more closely together than one by one, in one kind of answer."""

    answer: int
    low: int
    high: int


def published(nodes: Sequence[Node], question: str) -> tuple[list[Row], list[Sum]]:
    """What the rows of a release say of one question. People of a row who are in none of its parts are a row too.

    ValueError where parts have more people than their whole.
    """
    parts: dict[str | None, list[Node]] = {}
    for node in nodes:
        parts.setdefault(node.parent, []).append(node)
    rows: list[Row] = []
    sums: list[Sum] = []

    def add(node: Node, within: tuple[int, ...]) -> None:
        told = _told(node, question)
        below = parts.get(node.id, [])
        if not below:
            rows.append(_row(node.n, told, within))
            return
        hidden = node.n - sum(part.n for part in below)
        if hidden < 0:
            raise ValueError(f"{node.id}: its parts have more people than it has")
        of_parts = [_told(part, question) for part in below] + [[(0, hidden)] * TOLD]
        for answer, (low, high) in enumerate(told):
            if low > sum(part[answer][0] for part in of_parts) or high < sum(part[answer][1] for part in of_parts):
                within = (*within, len(sums))
                sums.append(Sum(answer, low, high))
        if hidden:
            rows.append(_row(hidden, of_parts[-1], within))
        for part in below:
            add(part, within)

    for top in parts.get(None, []):
        add(top, ())
    return rows, sums


def _told(node: Node, question: str) -> list[Interval]:
    answer = node.answers[question]
    return [answer.positive, answer.negative, answer.open or (0, node.n)]


def _row(n: int, told: Sequence[Interval], within: tuple[int, ...]) -> Row:
    return Row(n, (*(low for low, _ in told), 0), (*(high for _, high in told), n), within)


class Tables:
    """The tables that agree with some rows and sums. `levels`: up to which number a wish can be told.

    `n`: the people of each row that stands by itself; `first`: of rows with the same figures, the first.
    """

    def __init__(self, rows: Sequence[Row], sums: Sequence[Sum], levels: int, until: float) -> None:
        """`until`: when time.monotonic() says this, the search ends Undecided."""
        kinds = Counter(rows)
        alone = [(row, 1, kind) for kind, (row, many) in enumerate(kinds.items()) for _ in range(min(many, 2))]
        others = [(row, many - 2, kind) for kind, (row, many) in enumerate(kinds.items()) if many > 2]
        blocks = alone + others
        self.n = np.array([row.n for row, _, _ in alone], dtype=np.int64)
        self.first = np.unique([kind for _, _, kind in alone], return_index=True)[1].tolist()
        self._levels = levels
        self._until = until
        self._people = np.array([many * row.n for row, many, _ in blocks], dtype=np.int64)
        self._low = np.array([[many * least for least in row.low] for row, many, _ in blocks], dtype=np.int64)
        self._high = np.array([[many * most for most in row.high] for row, many, _ in blocks], dtype=np.int64)
        self._limits = np.array([(each.low, each.high) for each in sums], dtype=np.int64).reshape(-1, 2)
        self._in = np.zeros((len(sums), len(blocks), len(ANSWERS)), dtype=np.int64)
        for block, (row, _, _) in enumerate(blocks):
            for number in row.sums:
                self._in[number, block, sums[number].answer] = 1
        self._prepare(len(alone))

    def _prepare(self, alone: int) -> None:
        """The columns: what lies above the fewest, cut at the levels, so that a wish is a weight on a column.

        Column (block, answer, level) is 0 or 1 for the levels 1 …; level 0 is whatever lies above them.
        """
        level = np.arange(self._levels + 1)
        cut = np.minimum(self._high, np.where(np.arange(len(self._high)) < alone, self._levels, 0)[:, None])
        room = ((level > self._low[..., None]) & (level <= cut[..., None])).astype(np.int64)
        room[..., 0] = self._high - np.maximum(self._low, cut)
        self._room = room
        self._block, self._answer, _ = column = np.nonzero(room + (level == 0))  # never none at all
        self._column = column
        size = len(self._block)
        number, where = np.nonzero(self._in[:, self._block, self._answer])
        rows = np.concatenate([self._block, len(self._people) + number])
        columns = np.concatenate([np.arange(size), where])
        shape = (len(self._people) + len(self._limits), size)
        spare = self._people - self._low.sum(axis=1)
        fewest = (self._in * self._low).sum(axis=(1, 2))
        self._constraint = LinearConstraint(
            coo_array((np.ones(len(rows)), (rows, columns)), shape=shape).tocsc(),
            np.concatenate([spare, self._limits[:, 0] - fewest]),
            np.concatenate([spare, self._limits[:, 1] - fewest]),
        )

    def no_wishes(self) -> Weights:
        """Weights of nothing, to be added to."""
        return np.zeros((len(self.n), len(ANSWERS), self._levels + 1))

    def find(self, known: Table, wishes: Weights) -> Table | None:
        """The table that fulfils most wishes among those with at least the `known` people in each row, or None.

        Raises: Undecided.
        """
        level = np.arange(self._levels + 1)
        wanted = np.zeros_like(self._room)
        wanted[: len(known)] = (level > 0) & (level <= known[..., None])
        if (known > self._high[: len(known)]).any():
            return None
        weights = np.zeros(self._room.shape)
        weights[: len(wishes)] = wishes
        least = (wanted * self._room)[self._column]
        for whole in (0, 1):  # without asking for whole numbers it is faster, and gives them as a rule
            left = self._until - time.monotonic()
            if left <= 0:
                raise Undecided
            done = milp(
                -weights[self._column],
                integrality=np.full(len(least), whole),
                bounds=Bounds(least, self._room[self._column]),
                constraints=self._constraint,
                options={"time_limit": left} | ({"mip_rel_gap": 0} if whole else {}),
            )
            if done.status == IMPOSSIBLE:
                return None
            if done.status != SOLVED:
                raise Undecided
            if np.abs(done.x - np.rint(done.x)).max() < WHOLE:
                break
        table = self._low.copy()
        np.add.at(table, (self._block, self._answer), np.rint(done.x).astype(np.int64))
        self._check(table)
        return table[: len(known)]

    def _check(self, table: Table) -> None:
        """No table is believed because a solver said so."""
        sums = (self._in * table).sum(axis=(1, 2))
        if (
            (table.sum(axis=1) != self._people).any()
            or (table < self._low).any()
            or (table > self._high).any()
            or (sums < self._limits[:, 0]).any()
            or (sums > self._limits[:, 1]).any()
        ):
            raise Undecided
