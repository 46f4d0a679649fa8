"""Makers of figures that look careful and are not: each has given somebody away. None of them is the product's.

Each takes a round's shape and one table, as [leaf, answer] -> people, and gives the figures it would show.
"""

from collections.abc import Iterator, Sequence

from tests.attacks.judges import ANSWERS, Figure, Numbers
from tests.released import Shape, leaves_of

K, B = 5, 2
OPEN = ANSWERS.index("open")


def counted(shape: Shape, table: Numbers, leaves: Sequence[int], answer: int) -> Figure:
    """How many of some leaves, as it is."""
    names = list(leaves_of(shape))
    count = int(sum(table[leaf, answer] for leaf in leaves))
    return Figure(frozenset(names[leaf] for leaf in leaves), answer, count, count)


def cut(shape: Shape, figure: Figure, b: int = B) -> Figure:
    """A count as the product shows it of a group of which no part is shown."""
    n = sum(leaves_of(shape)[leaf] for leaf in figure.leaves)
    if figure.low <= b:
        return figure._replace(low=0, high=b)
    return figure._replace(low=n - b, high=n) if figure.low >= n - b else figure


def exact(shape: Shape, table: Numbers) -> Iterator[Figure]:
    """Every leaf as counted."""
    for leaf in range(len(table)):
        for side in (0, 1):
            yield counted(shape, table, [leaf], side)


def only_a_threshold(shape: Shape, table: Numbers) -> Iterator[Figure]:
    """Leaves with five answers or more as counted, and the sum."""
    everywhere = range(len(table))
    shown = [[leaf] for leaf, n in enumerate(leaves_of(shape).values()) if n >= K]
    for leaves in (*shown, everywhere):
        for side in (0, 1):
            yield counted(shape, table, leaves, side)


def one_sibling_hidden(shape: Shape, table: Numbers) -> Iterator[Figure]:
    """As with only a threshold, but where one leaf is too small the smallest of the others is hidden with it."""
    sizes = sorted((n, leaf) for leaf, n in enumerate(leaves_of(shape).values()))
    hidden = [leaf for n, leaf in sizes if n < K]
    hidden += [leaf for n, leaf in sizes if n >= K][: len(hidden) == 1]
    for leaves in (*([leaf] for leaf in range(len(table)) if leaf not in hidden), range(len(table))):
        for side in (0, 1):
            yield counted(shape, table, leaves, side)


def a_sum_as_if_it_were_a_leaf(shape: Shape, table: Numbers) -> Iterator[Figure]:
    """Every leaf with five answers as it should be, and the sum in the same way, as if no part were shown."""
    for figure in only_a_threshold(shape, table):
        yield cut(shape, figure)


def leaves_as_they_should_be(shape: Shape, table: Numbers, b: int = B) -> Iterator[Figure]:
    """Every leaf as the product has it, but for who left it open."""
    for figure in exact(shape, table):
        yield cut(shape, figure, b)


def open_without_a_gate(shape: Shape, table: Numbers) -> Iterator[Figure]:
    """Leaves as they should be, and of each whether a third left it open."""
    yield from leaves_as_they_should_be(shape, table)
    for leaf, n in enumerate(leaves_of(shape).values()):
        figure, many = counted(shape, table, [leaf], OPEN), -(-n // 3)
        yield figure._replace(low=0, high=many - 1) if figure.low < many else figure._replace(low=many, high=n)


def open_exact(shape: Shape, table: Numbers) -> Iterator[Figure]:
    """Leaves as they should be, and of each how many left it open."""
    yield from leaves_as_they_should_be(shape, table)
    for leaf in range(len(table)):
        yield counted(shape, table, [leaf], OPEN)


def one_person_hidden(shape: Shape, table: Numbers) -> Iterator[Figure]:
    """Intervals that hide an outsider's view only: b is 1."""
    return leaves_as_they_should_be(shape, table, b=1)
