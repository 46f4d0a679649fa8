"""One question in one place over several rounds; only what may be compared."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.charts import Bar, bar
from reports.comparing import Caution, NotCompared, cautions, cautions_between, not_compared
from reports.release import Interval, Node, Release
from reports.statistics import Bounds, Group, change, says_now


@dataclass(frozen=True, kw_only=True)
class Point:
    """What was answered in one round; `bar` is None below ten people."""

    round: str
    title: str
    closed: str
    n: int
    invited: int
    positive: Interval
    negative: Interval
    bar: Bar | None


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """An earlier round that is not compared, and why; None: the place is not shown there by itself."""

    title: str
    closed: str
    reason: NotCompared | None


@dataclass(frozen=True, kw_only=True)
class Trend:
    """Rounds from the oldest on. `change`: of the share at the good end, since the round before the last.

    `everybody`: how many of all invited to the last would choose the good end, if it is chance who answered.
    """

    points: tuple[Point, ...]
    everybody: Interval
    left_out: tuple[LeftOut, ...]
    change: Bounds | None
    cautions: tuple[Caution, ...]

    @property
    def now(self) -> Point:
        """The last round."""
        return self.points[-1]

    @property
    def drawn(self) -> bool:
        """Whether every round is large enough for a chart."""
        return all(point.bar for point in self.points)


def trend(now: Release, earlier: Iterable[Release], place: str, question: str) -> Trend:
    """The rounds before `now`, in any order, and it; the place and the question are in it."""
    points, left_out, last = [], [], None
    for release in sorted(earlier, key=lambda release: release.closed):
        reason, node = not_compared(release, now, question), _node(release, place)
        if reason or node is None:
            left_out.append(LeftOut(title=release.title, closed=release.closed, reason=reason))
        else:
            points.append(_point(release, node, question))
            last = release, node
    node = _node(now, place)
    if node is None:
        raise LookupError(f"{place} is not shown in {now.round}")
    points.append(_point(now, node, question))
    found, warned = None, cautions(now, node)
    if last:
        before, node_before = last
        found = change(_group(node_before, question), _group(node, question))
        warned = [*cautions(before, node_before), *warned, *cautions_between(before, now, place)]
    everybody = says_now(_group(node, question), node.invited)
    return Trend(
        points=tuple(points),
        everybody=everybody,
        left_out=tuple(left_out),
        change=found,
        cautions=tuple(dict.fromkeys(warned)),
    )


def _node(release: Release, place: str) -> Node | None:
    return next((node for node in release.nodes if node.id == place), None)


def _group(node: Node, question: str) -> Group:
    return Group(count=node.answers[question].positive, n=node.n)


def _point(release: Release, node: Node, question: str) -> Point:
    answer = node.answers[question]
    return Point(
        round=release.round,
        title=release.title,
        closed=release.closed,
        n=node.n,
        invited=node.invited,
        positive=answer.positive,
        negative=answer.negative,
        bar=bar(answer.positive, node.n),
    )
