"""Who reads a part of a release reads its own places, what lies above them, and nothing of any other."""

import pytest

from reports.parts import nothing_of, part_of
from reports.release import Release
from reports.views import Report
from tests.bergen import day_centres, shared_homes

RELEASES = (day_centres(), shared_homes())


def everywhere(release: Release) -> list[str]:
    return [place.id for place in (*release.nodes, *release.too_few, *release.shown_with_others)]


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: str(release.round))
def test_a_part_holds_own_places_and_those_above_them_and_no_other(release: Release) -> None:
    nodes = {node.id: node for node in release.nodes}
    for id_ in everywhere(release):
        part = part_of(release, {id_})
        assert part
        above, start = (
            set(),
            next(
                place.parent
                for place in (*release.nodes, *release.too_few, *release.shown_with_others)
                if place.id == id_
            ),
        )
        while start:
            above.add(start)
            start = nodes[start].parent
        below = {node.id for node in release.nodes if node.parent == id_}
        assert {node.id for node in part.nodes} >= above
        others = {node.id for node in part.nodes} - above - {id_} - below
        assert all(nodes[other].parent in {*below, *others} for other in others)
        assert {place.id for place in (*part.too_few, *part.shown_with_others)} <= {id_}


def test_who_reads_no_place_of_a_release_reads_what_it_is_and_no_figure_or_name_of_any() -> None:
    assert part_of(day_centres(), {"bo-0"}) is None
    nothing = nothing_of(day_centres())
    assert (everywhere(nothing), Report(nothing, "nb").top, nothing.title) == ([], None, day_centres().title)


def test_every_figure_of_a_part_is_the_release_s_own() -> None:
    release = shared_homes()
    whole = {node.id: node for node in release.nodes}
    for id_ in everywhere(release):
        part = part_of(release, {id_})
        assert part
        assert all(node == whole[node.id] for node in part.nodes)
        Report(part, "nb").rows(Report(part, "nb").top or pytest.fail("nothing to read"))


def test_the_whole_is_a_part_of_itself_and_places_that_were_not_asked_read_nothing() -> None:
    release = day_centres()
    assert part_of(release, {"4601"}) == release
    assert part_of(release, {"somewhere-else"}) is None
    assert part_of(release, set()) is None
