"""What a report page shows follows from the release, and claims nothing the release does not make certain."""

from dataclasses import replace
from fractions import Fraction

import pytest

from reports.charts import Bar, bar
from reports.release import Release
from reports.views import Report, Row
from tests.bergen import day_centres, shared_homes
from tests.released import Sides, release_of

HALF = Sides(5, 5, 0)


@pytest.fixture(params=[day_centres, shared_homes])
def report(request: pytest.FixtureRequest) -> Report:
    return Report(request.param(), "nb")


def share(row: Row) -> tuple[Fraction, Fraction]:
    """The smallest and the largest share at the good end."""
    low, high = row.positive.interval
    return Fraction(low, row.place.n), Fraction(high, row.place.n)


def test_bars_are_drawn_from_ten_people_and_only_words_below() -> None:
    assert bar((0, 2), 9) is None
    assert bar((0, 2), 10) == Bar(certain=0, perhaps=20)
    assert bar((9, 13), 40) == Bar(certain=22.5, perhaps=10)
    assert bar((5, 5), 10) == Bar(certain=50, perhaps=0)


def test_every_question_of_a_place_stands_once_under_a_theme(report: Report) -> None:
    for place in report.places.values():
        shown = [row.question.id for theme in report.themes(place) for group in theme.groups for row in group]
        assert sorted(shown) == sorted(report.release.questions)


def test_opposite_questions_stand_beside_each_other(report: Report) -> None:
    assert report.top
    groups = [group for theme in report.themes(report.top) for group in theme.groups]
    pairs = {frozenset(row.question.id for row in group) for group in groups if len(group) == 2}
    assert pairs == {
        frozenset((id_, question.pair_of)) for id_, question in report.release.questions.items() if question.pair_of
    }
    assert pairs


def test_in_a_table_too_opposite_questions_stand_next_to_each_other(report: Report) -> None:
    assert report.top
    rows = report.rows_by_theme(report.top)
    places = {row.question.id: number for number, row in enumerate(rows)}
    assert sorted(places) == sorted(report.questions)
    assert all(abs(places[row.question.id] - places[row.question.pair]) == 1 for row in rows if row.question.pair)


def test_a_comparison_has_every_shown_place_once_under_its_parent_by_name(report: Report) -> None:
    question = next(iter(report.questions.values()))
    places = [row.place for row in report.comparison(question)]
    assert {place.id for place in places} == {node.id for node in report.release.nodes}
    for node in report.release.nodes:
        siblings = [place for place in places if report.way_to(place)[-1:] == [report.places[node.id]]]
        names = [place.name for place in siblings if place.level != "rest"]
        assert names == sorted(names)
        assert [place.level for place in siblings].count("rest") <= 1
        assert "rest" not in [place.level for place in siblings[:-1]]


def test_names_are_sorted_as_norwegians_do() -> None:
    towns = {"town": dict.fromkeys(("ås", "ørsta", "ærfugl", "zink", "hjem 10", "hjem 9"), 6)}
    report = Report(release_of(towns, [dict.fromkeys(towns["town"], Sides(3, 1, 0))]), "nb")
    assert report.top
    assert [place.name for place in report.near(report.top)] == ["Hjem 9", "Hjem 10", "Zink", "Ærfugl", "Ørsta", "Ås"]


def test_a_row_of_several_together_names_what_it_belongs_to() -> None:
    report = Report(shared_homes(), "nn")
    rests = [place for place in report.places.values() if place.level == "rest"]
    assert rests
    assert all(place.name == f"Andre samla – {report.way_to(place)[-1].name}" for place in rests)


def test_places_not_shown_are_named_by_every_place_their_people_are_counted_in(report: Report) -> None:
    release = report.release
    for place in report.places.values():
        inside = {place.id, *(near.id for near in report.places.values() if place in report.way_to(near))}
        if place.level == "rest":
            inside = {report.way_to(place)[-1].id}
        named = report.hidden(place)
        for shown, hidden in ((named.too_few, release.too_few), (named.with_others, release.shown_with_others)):
            assert shown == {node.id: node.name["nb"] for node in hidden if node.parent in inside}
    assert report.top
    assert len(report.hidden(report.top).too_few) == len(release.too_few)


def test_what_stands_out_holds_whatever_the_hidden_numbers_are(report: Report) -> None:
    seen = 0
    for place in report.places.values():
        for row in report.good(place):
            assert 4 * row.positive.interval[0] >= 3 * place.n
        for row in report.poor(place):
            assert (10 if row.question.theme == "safety" else 4) * row.negative.interval[0] >= place.n
        for difference in report.differences(place):
            assert difference.place in (report.parts(place) or [place])
            for one in difference.better:
                assert share(one.row)[0] - share(one.other)[1] >= Fraction(1, 4)
            for one in difference.worse:
                assert share(one.other)[0] - share(one.row)[1] >= Fraction(1, 4)
            for one in difference.better + difference.worse:
                assert one.row.question == one.other.question
                assert one.row.place == difference.place
                assert one.other.place == (place if difference.place != place else report.top)
            seen += len(difference.better) + len(difference.worse)
    assert seen > 5


def test_a_place_that_is_certainly_worse_is_found_and_one_that_may_be_is_not() -> None:
    # Of a's ten two or fewer were content, of all thirty 18 or more; then five of ten, and 17 of thirty.
    shape = {"town": {"a": 10, "b": 20}}
    worse = release_of(shape, [{"a": Sides(1, 9, 0), "b": Sides(19, 1, 0)}])
    alike = release_of(shape, [{"a": Sides(5, 5, 0), "b": Sides(12, 8, 0)}])

    def found(release: Release) -> list[tuple[str, int, int]]:
        report = Report(release, "nb")
        assert report.top
        return [(one.place.id, len(one.better), len(one.worse)) for one in report.differences(report.top)]

    assert found(worse) == [("a", 0, 1)]
    assert found(alike) == []


def test_a_place_is_made_of_the_first_places_below_that_are_several() -> None:
    report = Report(
        release_of({"town": {"homes": {"a": 10, "b": {"c": 10, "d": 10}}}}, [dict.fromkeys("acd", HALF)]), "nb"
    )
    parts = {id_: [part.id for part in report.parts(place)] for id_, place in report.places.items()}
    assert parts == {"town": ["a", "b"], "homes": ["a", "b"], "a": [], "b": ["c", "d"], "c": [], "d": []}
    assert [near.id for near in report.near(report.places["town"])] == ["homes", "a", "b"]
    assert [near.id for near in report.near(report.places["b"])] == ["c", "d"]
    assert report.near(report.places["a"]) == []


def test_a_unit_is_compared_with_the_whole() -> None:
    report = Report(release_of({"town": {"a": 10, "b": 20}}, [{"a": Sides(1, 9, 0), "b": Sides(19, 1, 0)}]), "nb")
    (difference,) = report.differences(report.places["a"])
    assert [(one.row.place.id, one.other.place.id) for one in difference.worse] == [("a", "town")]


def test_a_difference_says_that_it_may_be_chance_unless_intervals_lie_apart_minding_how_many_are_compared() -> None:
    def chances(n: int, questions: int) -> set[bool]:
        tables = [{"a": Sides(n // 2, n // 2, 0), "b": Sides(4 * n - 3, 0, 0)}] * questions
        report = Report(release_of({"town": {"a": n, "b": 4 * n}}, tables), "nb")
        assert report.top
        return {one.chance for found in report.differences(report.top) for one in found.worse}

    assert chances(8, 1) == {True}, "eight people"
    assert chances(40, 1) == {False}, "forty"
    few = next(n for n in range(8, 40, 2) if chances(n, 1) == {False})
    assert chances(few, 20) == {True}, "the more is compared, the further apart"


def test_a_release_that_shows_nobody_has_no_top() -> None:
    empty = replace(day_centres(), nodes=(), too_few=(), shown_with_others=())
    assert Report(empty, "nb").top is None


def test_places_are_ranked_only_where_they_lie_apart_for_certain_and_not_among_very_many() -> None:
    shape = {"town": {"a": 30, "b": 30, "c": 30}}
    table = {"a": Sides(28, 1, 0), "b": Sides(24, 3, 0), "c": Sides(6, 20, 0)}
    report = Report(release_of(shape, [table]), "nb")
    town = report.places["town"]
    ranked = report.ranked(town, report.questions["0"])
    assert [(higher.id, [lower.id for lower in others]) for higher, others in ranked] == [("a", ["c"]), ("b", ["c"])]
    assert report.ranked(report.places["a"], report.questions["0"]) == []
    many = {f"unit{i}": 30 for i in range(41)}
    crowded = Report(release_of({"town": many}, [dict.fromkeys(many, Sides(28, 1, 0)) | {"unit7": table["c"]}]), "nb")
    assert crowded.ranked(crowded.places["town"], crowded.questions["0"]) == []
