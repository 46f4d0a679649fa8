"""A page as people read it: the facts as questions and answers with their symbols, the lines of staff, the place."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select

from reports.easy_read import Fact, Word, facts
from reports.release import Node, Release
from survey.answering.rendering import Pages
from survey.questionnaire.loading import restore
from survey.questionnaire.model import Option, Phrase, Question, Questionnaire
from survey.results.told import Content
from survey.storage.engine import Database
from survey.storage.tables import Round

KEPT = 64  # questionnaires of rounds
_QUESTIONNAIRE = select(Round.questionnaire).where(Round.id == bindparam("round"))


@dataclass(frozen=True)
class Said:
    """So many gave this answer to this question."""

    question: Question
    word: Word
    option: Option


def questionnaires(database: Database) -> Callable[[str], Questionnaire]:
    """What finds the questionnaire that a round ran with, remembered: it never changes."""

    @lru_cache(KEPT)
    def of_round(round_id: str) -> Questionnaire:
        with database.reading() as connection:
            return restore(connection.execute(_QUESTIONNAIRE, {"round": round_id}).scalar_one())

    return of_round


def places(release: Release) -> dict[str, Node]:
    """The places of a release that a page can be about, by id."""
    return {node.id: node for node in release.nodes if node.level != "rest"}


def said(questionnaire: Questionnaire, fact: Fact) -> Said:
    """A fact as it stands on the page."""
    question = next(question for question in questionnaire.questions if question.id == fact.question)
    assert question.scale  # a release has no others
    lowest, *_, highest = sorted(question.scale.options, key=lambda option: option.value)
    return Said(question, fact.word, highest if (fact.end == "positive") != question.turned else lowest)


def page(pages: Pages, release: Release, node: Node, asked: Questionnaire, content: Content, language: str) -> str:
    """The page in a language, or in the first one in which it can be read whole."""
    spoken = language if language in content.languages else next(iter(content.languages), language)
    chosen = [fact for fact in facts(release, node) if [fact.question, fact.end] in map(list, content.facts)]
    shown = [said(asked, fact) for fact in chosen]
    symbols = {phrase.symbol for one in shown for phrase in (one.question, one.option) if phrase.symbol}
    context: dict[str, Any] = {
        "shown": shown,
        "release": release,
        "node": node,
        "name": node.name.get(spoken, node.name["nb"]),
        "name_language": spoken if spoken in node.name else "nb",
        "picture": pages.pictures.of(node.id),
        "will": [written(line, spoken) for line in content.will.get(spoken, ())],
        "did": [written(line, spoken) for line in content.did.get(spoken, ())],
        "read_in": content.languages,
    }
    return pages.page("results/told.html", spoken, symbols | {release.service_kind}, **context)


def written(line: str, language: str) -> Phrase:
    """A line of staff's, which can be heard where it has been spoken or recorded."""
    return Phrase(id="told", text={language: line})
