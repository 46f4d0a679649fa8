"""A round's own few questions beside those of its questionnaire, and those it leaves out to make room for them.

Some are a municipality's own; others ask for people's view of a measure. They stand in the round's own copy alone,
after all others, and pass the gates that every questionnaire passes.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from survey.questionnaire.checking import wording_problems
from survey.questionnaire.model import Phrase, Question, Questionnaire
from survey.questionnaire.source import Problem, Source
from survey.questionnaire.structure import COMMENT, questionnaire_problems

MOST = 3
LOCAL = tuple(f"local_{number}" for number in range(1, MOST + 1))  # their ids
VIEW = tuple(f"view_{number}" for number in range(1, MOST + 1))  # those of the view of a measure
_GAP = "{name}"


def local_questions(questionnaire: Questionnaire) -> list[Question]:
    """The round's own among all questions."""
    return [question for question in questionnaire.questions if question.id in (*LOCAL, *VIEW)]


def view_questions(block: Questionnaire, called: Mapping[str, str]) -> list[Question]:
    """A block about the measure that is called so, in the languages in which it has a name."""
    return [
        replace(
            question,
            text={each: text.replace(_GAP, called[each]) for each, text in question.text.items() if called.get(each)},
        )
        for question in block.questions
    ]


def with_local(base: Questionnaire, own: Sequence[Question], left_out: Collection[str]) -> Questionnaire:
    """The questionnaire without those left out, each with its pair, and with the round's own at the end.

    A comment stays the last of all. Raises: ValueError where nothing would be left of `base`.
    """
    gone = set(left_out) | {question.pair_of for question in base.questions if question.id in left_out}
    kept = [question for question in base.questions if question.id not in {*gone, *LOCAL, *VIEW}]
    kept = [question for question in kept if not question.show_if or question.show_if[0] not in gone]
    if not any(question.scale for question in kept):
        raise ValueError("a questionnaire keeps at least one of its own questions")
    asked = [question for question in kept if question.scale]
    written = [question for question in kept if not question.scale]
    return replace(base, questions=(*asked, *own, *written))


def problems(questionnaire: Questionnaire, concepts: Collection[str]) -> list[Problem]:
    """What keeps a copy with questions of its own from being used, as `medvirk questionnaire check` would say it.

    What its shipped part is told for is left out: it passed with reasons that the copy does not hold.
    """
    before = _check(replace(questionnaire, questions=with_local(questionnaire, (), ()).questions), concepts)
    known = {(problem.question, problem.what) for problem in before}
    return [problem for problem in _check(questionnaire, concepts) if (problem.question, problem.what) not in known]


def _check(questionnaire: Questionnaire, concepts: Collection[str]) -> list[Problem]:
    source = Source(f"{questionnaire.id}.yaml", _as_written(questionnaire), {(): 1})
    scales = {question.scale.id: _scale(question) for question in questionnaire.questions if question.scale}
    return questionnaire_problems(source, scales, {}) or wording_problems(source, concepts)


def _scale(question: Question) -> Mapping[str, Any]:
    assert question.scale
    return {"options": [{"value": option.value} for option in question.scale.options]}


def _as_written(questionnaire: Questionnaire) -> dict[str, Any]:
    """The data of the file that this questionnaire could have been read from."""
    spoken = questionnaire.languages

    def phrase(one: Phrase) -> Iterator[tuple[str, Any]]:
        yield "id", one.id
        yield "text", {language: text for language, text in one.text.items() if language in spoken}
        if one.symbol:
            yield "symbol", one.symbol

    def question(one: Question) -> Iterator[tuple[str, Any]]:
        yield from phrase(one)
        yield "theme", one.theme
        yield "scale", one.scale.id if one.scale else COMMENT
        for name in ("turned", "pair_of", "offer_talk"):
            if value := getattr(one, name):
                yield name, value
        if one.show_if:
            yield "show_if", {"question": one.show_if[0], "values": list(one.show_if[1])}

    return {
        "id": questionnaire.id,
        "version": questionnaire.version,
        "audience": questionnaire.audience,
        "service_kinds": list(questionnaire.service_kinds),
        "languages": list(spoken),
        "title": {language: text for language, text in questionnaire.title.items() if language in spoken},
        "welcome": [dict(phrase(each)) for each in questionnaire.welcome],
        "questions": [dict(question(each)) for each in questionnaire.questions],
    }
