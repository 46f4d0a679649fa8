"""A round's days on a wheel of the year: where each of them is drawn. January begins at the top, clockwise.

Places are texts, in units of the drawing: the rim lies 100 from the middle.
"""

import datetime as dt
import math
from collections.abc import Sequence
from typing import NamedTuple

from survey.rounds.calendar import Day

RIM, HUB, NAMES, OPEN = 100, 26, 113, 100
DEPTHS = (87, 70, 53, 36)  # how far out marks lie; the next one in where they would touch
WIDE = 17  # a mark, with some air


class Point(NamedTuple):
    """A place in the drawing."""

    x: str
    y: str


class Mark(NamedTuple):
    """A day: its number in the list beside the wheel, and where it lies. One day of several years is one mark."""

    number: int
    at: Point


class Ring(NamedTuple):
    """What is drawn. `months`: the first day of each, where its name stands, and both ends of the line before it."""

    months: tuple[tuple[dt.date, Point, Point, Point], ...]
    marks: tuple[Mark, ...]
    open: str


def numbers(days: Sequence[Day]) -> list[int]:
    """The number of each day, in order; the same day of a later year has the same."""
    known: dict[tuple[int, int], int] = {}
    return [known.setdefault((day.day.month, day.day.day), len(known) + 1) for day in days]


def ring(days: Sequence[Day]) -> Ring:
    """The wheel of these days, which are in order."""
    by_number = dict(zip(numbers(days), days, strict=True))
    marks, last = [], dict.fromkeys(DEPTHS, -1.0)  # where the last one lies at each depth
    for number, day in sorted(by_number.items(), key=lambda one: _turn(one[1].day)):
        turn = _turn(day.day)
        free = (depth for depth in DEPTHS if turn - last[depth] >= WIDE / (2 * math.pi * depth))
        depth = next(free, min(DEPTHS, key=lambda depth: last[depth]))
        last[depth] = turn
        marks.append(Mark(number, _at(turn, depth)))
    firsts = [dt.date(2001, month, 1) for month in range(1, 13)]
    months = tuple(
        (first, _at(_turn(first) + 1 / 24, NAMES), _at(_turn(first), HUB), _at(_turn(first), RIM)) for first in firsts
    )
    return Ring(months, tuple(marks), _open({day.kind: day.day for day in days}))


def _open(days: dict[str, dt.date]) -> str:
    """The part of the rim during which answers are taken, as the path of a drawing."""
    first, last = days.get("opens"), days.get("closes")
    if not first or not last or not 0 <= (length := (last - first).days) < 365:
        return ""
    begins, ends = _at(_turn(first), OPEN), _at(_turn(first) + max(length, 2) / 365, OPEN)
    return f"M{begins.x} {begins.y}A{OPEN} {OPEN} 0 {int(length > 182)} 1 {ends.x} {ends.y}"


def _turn(day: dt.date) -> float:
    return (min(day.timetuple().tm_yday, 365) - 1) / 365


def _at(turn: float, far: int) -> Point:
    angle = 2 * math.pi * turn
    return Point(f"{far * math.sin(angle):.1f}", f"{-far * math.cos(angle):.1f}")
