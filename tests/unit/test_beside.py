"""Rounds side by side: nothing is summed, and only what was asked alike stands on one line."""

from dataclasses import replace

from reports.beside import Column, alike, by_theme, kinds, voices
from reports.release import Release
from reports.views import Report
from tests.bergen import day_centres, shared_homes

CENTRES = Report(day_centres(), "nb")
FANA = CENTRES.places["dag-3"]


def relatives(*without: str) -> Report:
    """Relatives of the same centres; some of the centres are not shown."""
    release = day_centres()
    nodes = tuple(node for node in release.nodes if node.id not in without)
    asked = {id_: question for id_, question in release.questions.items() if question.theme == "information"}
    return Report(replace(release, round="relatives", audience="relative", nodes=nodes, questions=asked), "nb")


def test_each_voice_stands_in_a_column_of_its_own_at_the_same_place() -> None:
    residents, others = columns = voices(CENTRES, FANA, [relatives(), Report(shared_homes(), "nb")])
    assert [column.report.release.audience for column in columns] == ["resident", "relative"]
    assert residents.place == FANA
    assert others.place
    assert (others.place.id, others.same) == (FANA.id, True)
    for voice in by_theme(columns):
        own, theirs = voice.themes
        assert own == next(theme for theme in CENTRES.themes(FANA) if theme.name == voice.theme)
        assert (theirs is None) == (voice.theme != "information")


def test_a_place_that_is_not_shown_in_the_other_round_is_read_at_the_nearest_above() -> None:
    _, others = voices(CENTRES, FANA, [relatives(FANA.id)])
    assert others.place
    assert (others.place.id, others.same) == ("4601-dag", False)
    _, nobody = voices(CENTRES, FANA, [Report(replace(day_centres(), audience="relative", nodes=()), "nb")])
    assert (nobody.place, nobody.same) == (None, False)
    assert all(voice.themes[1] is None for voice in by_theme([Column(CENTRES, FANA), nobody]))


def test_opposite_questions_stay_next_to_each_other_in_every_column() -> None:
    for voice in by_theme(voices(CENTRES, FANA, [])):
        for group in voice.themes[0].groups if voice.themes[0] else ():
            ids = {row.question.id for row in group}
            assert ids >= {row.question.pair for row in group if row.question.pair}


def centres_with(question: str, low: int) -> Release:
    """The centres, where so many of all at the good end of one question is certain."""
    top, *rest = day_centres().nodes
    answers = {**top.answers, question: replace(top.answers[question], positive=(low, low))}
    return replace(day_centres(), nodes=(replace(top, answers=answers), *rest))


def test_of_two_kinds_of_service_only_questions_asked_alike_stand_together() -> None:
    found = alike(kinds(CENTRES, [Report(shared_homes(), "nb"), relatives()]))
    assert {one.asked.id for one in found} == {
        id_
        for id_, question in day_centres().questions.items()
        if id_ in shared_homes().questions and shared_homes().questions[id_].text["nb"] == question.text["nb"]
    }
    assert all([row.place.level for _column, row in one.rows] == ["municipality"] * 2 for one in found)
    assert alike(kinds(CENTRES, [])) == []
    assert alike([Column(CENTRES, None)]) == []


def test_one_kind_is_called_higher_only_where_intervals_lie_apart_minding_how_many_are_compared() -> None:
    homes, n = Report(shared_homes(), "nb"), day_centres().nodes[0].n
    apart = {low: _apart(homes, low) for low in range(n + 1)}
    assert apart[n] == ("day_centre", "shared_home")
    assert apart[0] == ("shared_home", "day_centre")
    top = homes.release.nodes[0]
    assert apart[round(n * sum(top.answers["food"].positive) / 2 / top.n)] is None, "they are alike"
    assert sum(each is None for each in apart.values()) > n / 6, "chance alone moves a share by as much"


def _apart(homes: Report, low: int) -> tuple[str, str] | None:
    found = alike(kinds(Report(centres_with("food", low), "nb"), [homes]))
    (food,) = (one for one in found if one.asked.id == "food")
    return next(((one.release.service_kind, other.release.service_kind) for one, other in food.apart), None)
