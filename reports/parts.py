"""What a release says of some of its places: all that somebody whose role covers no more of it reads."""

from collections.abc import Set
from dataclasses import replace

from reports.release import Node, Release


def part_of(release: Release, own: Set[str]) -> Release | None:
    """The release with these places, what lies under them, and what lies above them; None: none of them was asked.

    A place that is not shown by itself is told by the nearest one above it that is. The result is for reading: it is
    no release of its own, and its hash means nothing.
    """
    nodes = {node.id: node for node in release.nodes}
    hidden = [place for place in (*release.too_few, *release.shown_with_others) if place.id in own]
    lowest = [id_ for id_ in nodes if own & set(_upwards(nodes, id_))] + [place.parent for place in hidden]
    if not lowest:
        return None
    kept = {id_ for start in lowest for id_ in _upwards(nodes, start)}
    return replace(
        release,
        nodes=tuple(node for node in release.nodes if node.id in kept),
        too_few=tuple(place for place in release.too_few if place.id in own),
        shown_with_others=tuple(place for place in release.shown_with_others if place.id in own),
    )


def nothing_of(release: Release) -> Release:
    """What somebody reads of a release none of whose places is theirs: what it is, and no place."""
    return replace(release, nodes=(), too_few=(), shown_with_others=())


def _upwards(nodes: dict[str, Node], start: str | None) -> list[str]:
    """A place that is shown, and those above it."""
    way = []
    while start is not None:
        way.append(start)
        start = nodes[start].parent
    return way
