"""What a process keeps of what it has made, up to a weight; the longest unused goes first."""

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Hashable
from enum import Enum
from itertools import chain
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import ref

from markupsafe import Markup

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """Things that follow from their keys alone, at most `limit` in weight together; what is heavier is not kept."""

    def __init__(self, limit: int, weigh: Callable[[Made], int]) -> None:
        self._limit = limit
        self._weigh = weigh
        self._made: OrderedDict[Hashable, tuple[Made, int]] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What follows from the key; made where it is not kept. Two threads may both make it."""
        made = self.find(key)
        if made is None:
            made = make()
            self.put(key, made)
        return made

    def find(self, key: Hashable) -> Made | None:
        """What is kept of this key."""
        with self._lock:
            found = self._made.get(key)
            if found is None:
                return None
            self._made.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, made: Made) -> None:
        """Keep what follows from the key."""
        weight = self._weigh(made)
        with self._lock:
            if key not in self._made and weight <= self._limit:
                self._made[key] = made, weight
                self._weight += weight
                while self._weight > self._limit:
                    self._weight -= self._made.popitem(last=False)[1][1]


class Unchanging:
    """Promises that nothing of it will ever be otherwise: what is made of it is kept for as long as it lives."""


class NotKeptError(TypeError):
    """What cannot be a key; the message names what can."""


# Of each, two that are equal also look the same: not so of floats (0.0 and -0.0) and moments in different zones.
_EXACT = frozenset((str, Markup, int, bool, bytes, dt.date, type(None)))


def exact(values: tuple[Any, ...]) -> Hashable:
    """A key of these values: of two that are equal their types are too, all the way down (1 is neither 1.0 nor True).

    Raises: NotKeptError for what may change, or may look otherwise than another that is equal to it.
    """
    kinds = tuple(map(type, values))
    if _EXACT.issuperset(kinds):
        return values, kinds
    if all(issubclass(kind, tuple) for kind in set(kinds)):  # rows: all their values at once
        return exact(tuple(chain.from_iterable(values))), tuple(map(len, values)), kinds
    return tuple(map(_exact, values, kinds))


def _exact(value: Any, kind: type) -> Hashable:
    if kind in _EXACT or issubclass(kind, Enum):
        return value, kind
    if issubclass(kind, tuple):
        return exact(value), kind
    if kind is frozenset:
        return frozenset(map(_exact, value, map(type, value))), kind
    if kind is dt.datetime and value.tzinfo is None:
        return value, kind
    if issubclass(kind, Unchanging):
        return ref(value), kind
    raise NotKeptError(f"{kind.__name__} cannot be told apart by its value: name texts, whole numbers, days, tuples.")
