"""A page as people read it: the facts as questions and answers with their symbols, the lines of staff, the place."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from sqlalchemy import bindparam, select

from reports.easy_read import Fact, Word, facts
from reports.release import Node, Release
from survey.answering.rendering import Pages
from survey.prints import results
from survey.prints.press import Press
from survey.questionnaire.loading import restore
from survey.questionnaire.model import Option, Question, Questionnaire
from survey.results.speaking import written
from survey.results.told import Content
from survey.storage.engine import Database
from survey.storage.tables import Round

KEPT = 64  # questionnaires of rounds
SHEET = "print"  # the concept of what leads to the sheet
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


@dataclass(frozen=True)
class Told:
    """What is told of a place in one language, on the page and on the sheet."""

    language: str
    name: str
    name_language: str
    said: list[Said]
    will: list[str]
    did: list[str]


def told(release: Release, node: Node, asked: Questionnaire, content: Content, language: str) -> Told:
    """In this language, or in the first one in which all of it is written."""
    spoken = language if language in content.languages else next(iter(content.languages), language)
    named = spoken if spoken in node.name else "nb"
    chosen = [fact for fact in facts(release, node) if [fact.question, fact.end] in map(list, content.facts)]
    lines = [list(part.get(spoken, ())) for part in (content.will, content.did)]
    return Told(spoken, node.name[named], named, [said(asked, fact) for fact in chosen], *lines)


def page(
    pages: Pages, release: Release, node: Node, asked: Questionnaire, content: Content, language: str, sheet_at: str
) -> str:
    """The page that everybody reads. `sheet_at`: where the sheet is, but for the language that follows."""
    it = told(release, node, asked, content, language)
    symbols = {phrase.symbol for one in it.said for phrase in (one.question, one.option) if phrase.symbol}
    will, did = ([written(line, it.language) for line in lines] for lines in (it.will, it.did))
    context: dict[str, Any] = {
        "told": it,
        "release": release,
        "node": node,
        "picture": pages.pictures.of(node.id),
        "will": will,
        "did": did,
        "silent": any(pages.speech.awaits(line, it.language) for line in (*will, *did)),
        "sheet_at": sheet_at,
        "read_in": content.languages,
    }
    return pages.page("results/told.html", it.language, symbols | {release.service_kind, SHEET}, **context)


def sheet(
    press: Press,
    release: Release,
    node: Node,
    asked: Questionnaire,
    content: Content,
    language: str,
    *,
    draft: bool,
) -> bytes:
    """The same on paper (PDF).

    Raises: PrintError
    """
    it = told(release, node, asked, content, language)
    return results.results(
        press,
        results.Sheet(
            place=it.name,
            survey=release.title,
            kind=release.service_kind,
            number=node.n,
            said=[(one.question, f"results_{one.word}", one.option) for one in it.said],
            will=it.will,
            did=it.did,
            path=f"/results/{quote(release.round)}/{quote(node.id)}",
            simulated=release.simulated,
            draft=draft,
        ),
        it.language,
    )
