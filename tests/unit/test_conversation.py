"""What a unit talks about at its next meeting: never more than the release says for certain, and never a number."""

from dataclasses import replace

import pytest

from reports.conversation import SAFETY, SEVERAL, TALKS, Talk, alone, talks
from reports.easy_read import word_for
from reports.release import Answer, Interval, Release
from reports.views import Report
from survey.questionnaire.loading import SHIPPED, meeting_phrases
from survey.questionnaire.model import THEMES
from tests.bergen import day_centres, shared_homes

UNIT, N = "dag-7", 9
UNKNOWN, BAD, GOOD = (0, N), (N - 2, N), (0, 2)  # of the bad end


def answered(**bad: Interval) -> Report:
    """Kloppedalen's nine, of whom so many chose the bad end of these questions; of the others nothing is known."""

    def answer(question: str) -> Answer:
        low, high = negative = bad.get(question, UNKNOWN)
        return Answer(positive=UNKNOWN if negative == UNKNOWN else (N - high, N - low), negative=negative, open=None)

    release = day_centres()
    node = replace(
        release.nodes[0], id=UNIT, n=N, answers={question: answer(question) for question in release.questions}
    )
    return Report(replace(release, nodes=(node,), too_few=(), shown_with_others=()), "nb")


def talked_about(**bad: Interval) -> list[Talk]:
    report = answered(**bad)
    return talks(report, report.places[UNIT])


def told(found: list[Talk]) -> list[tuple[str, str | None, str | None]]:
    return [(one.theme, one.word, one.row.question.id if one.row else None) for one in found]


def test_what_goes_well_begins_then_comes_what_does_not_each_theme_once() -> None:
    found = talked_about(thrive=GOOD, glad=GOOD, activity=GOOD, choose=BAD, decide=BAD, learn=BAD)
    assert told(found) == [
        ("wellbeing", "many", "thrive"),
        ("self_determination", "several", "choose"),
        ("participation", "several", "decide"),
    ]
    assert [one.answer for one in found] == ["Bra", "Nei", "Nei"]


def test_where_nothing_is_known_every_theme_is_open() -> None:
    open_themes = [("self_determination", None, None), ("activity", None, None), ("participation", None, None)]
    assert told(talked_about()) == open_themes
    assert told(talks(answered(), None)) == open_themes
    assert told(talked_about(food=(1, N))) == open_themes, "it may be one"


def test_questions_that_contradict_each_other_say_nothing() -> None:
    assert ("wellbeing", "many", "glad") in told(talked_about(glad=GOOD))
    assert "wellbeing" not in [one.theme for one in talked_about(glad=GOOD, sad=BAD)]
    assert ("wellbeing", "several", "glad") in told(talked_about(glad=BAD, sad=BAD))


@pytest.mark.parametrize(
    ("answers", "frightening"),
    [({"afraid": BAD, "choose": BAD}, True), ({"safe": GOOD, "afraid": GOOD}, False), ({}, False)],
)
def test_what_is_frightening_is_for_each_one_alone_and_never_on_the_sheet(
    answers: dict[str, Interval], frightening: bool
) -> None:
    report = answered(**answers)
    only_safety = replace(report.release, questions={"afraid": report.release.questions["afraid"]})
    assert alone(report, report.places[UNIT]) is frightening
    assert SAFETY not in [one.theme for one in talked_about(**answers)]
    assert talks(Report(only_safety, "nb"), None) == []


@pytest.mark.parametrize("release", [day_centres(), shared_homes()], ids=["centres", "homes"])
def test_whatever_is_said_of_a_place_is_certain(release: Release) -> None:
    report, said = Report(release, "nb"), 0
    for place in report.places.values():
        found = talks(report, place)
        assert len({one.theme for one in found}) == len(found) == TALKS
        for one in found:
            if one.row and one.word == "many":
                assert word_for(one.row.positive.interval, place.n) == "many", "the word of the page that all read"
            elif one.row:
                assert one.row.negative.interval[0] >= max(SEVERAL, place.n / 4)
            said += one.row is not None
    assert said


def test_every_theme_has_an_open_question_for_residents_and_for_others() -> None:
    phrases = meeting_phrases(SHIPPED)
    for theme in THEMES:
        for asked in (phrases[f"ask_{theme}"], phrases[f"relatives_{theme}"]):
            assert all(text.rstrip().endswith("?") for text in asked.text.values())
    assert not any(sign.isdigit() for phrase in phrases.values() for text in phrase.text.values() for sign in text)
