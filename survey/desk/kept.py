"""What a process keeps of what it has made, up to a weight; the longest unused goes first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

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
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key][0]
        made = make()
        weight = self._weigh(made)
        with self._lock:
            if key not in self._made and weight <= self._limit:
                self._made[key] = made, weight
                self._weight += weight
                while self._weight > self._limit:
                    self._weight -= self._made.popitem(last=False)[1][1]
        return made
