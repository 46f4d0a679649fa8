"""The questionnaire on paper: every question with boxes to tick, and the code on every page."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from survey.access.codes import shown
from survey.prints import qr
from survey.prints.press import Press
from survey.prints.words import PrintError, Said, Words
from survey.questionnaire.model import LADDERS, NON_ANSWERS, SUPPORT, Question, Questionnaire
from survey.spreadsheet import worded


@dataclass(frozen=True)
class Sheets:
    """One person's sheets: the place they are about, and a normalised code; None: boxes to write one in."""

    place: str
    code: str | None


def paper(press: Press, asked: Questionnaire, sheets: Iterable[Sheets], language: str, ladder: int = 3) -> bytes:
    """A PDF with the whole questionnaire once for each of the sheets. `ladder`: how many answers to choose from.

    Raises: PrintError, SymbolError.
    """
    words = press.words(language)
    if language not in asked.languages:
        raise PrintError(
            worded(
                "“%(questionnaire)s” is not written in “%(language)s”. It is in %(languages)s.",
                questionnaire=asked.id,
                language=language,
                languages=", ".join(asked.languages),
            )
        )
    if ladder not in LADDERS:
        raise PrintError(
            worded(
                "There are no %(number)s answers. Use %(numbers)s.",
                number=ladder,
                numbers=", ".join(map(str, LADDERS)),
            )
        )
    resident = asked.audience == "resident"
    data = {
        "large": resident,
        "heading": words.called(asked.title),
        "welcome": [words.said(phrase) for phrase in asked.welcome],
        "how": [words.said(phrase) for phrase in ("paper_tick", "paper_mend", "paper_no_name")],
        "online": words.text("paper_online", address=press.typed),
        "code": words.text("paper_code"),
        "qr": words.text("code_picture"),
        "page": words.text("paper_page", n="{n}", total="{total}"),
        "cannot": words.text("cant_answer"),
        "non_answers": [words.said(phrase) for phrase in NON_ANSWERS],
        "hint": words.said("comment_hint"),
        "questions": [_question(words, asked, number, ladder) for number in range(len(asked.questions))],
        "support": [_support(words)] if resident else [],
        "thanks": words.said("thanks_title"),
        "last": [words.said(phrase) for phrase in ("paper_envelope", "paper_typed", "thanks_next")],
        "talk": _talk(words) if any(question.offer_talk for question in asked.questions) else [],
        "sheets": [
            {
                "place": one.place,
                "code": shown(one.code) if one.code else None,
                "qr": qr.picture(press.address, one.code) if one.code else None,
            }
            for one in sheets
        ],
    }
    return press.run("paper", language, words.called(asked.title), data)


def _question(words: Words, asked: Questionnaire, index: int, ladder: int) -> dict[str, Any]:
    question = asked.questions[index]
    return {
        "progress": words.text("progress", n=index + 1, total=len(asked.questions)),
        "ask": words.said(question),
        "only_if": _only_if(words, asked, question),
        "options": [words.said(option) for option in question.scale.options_for(ladder)] if question.scale else [],
    }


def _only_if(words: Words, asked: Questionnaire, question: Question) -> str | None:
    """Whom a question is for, where an earlier answer decides it."""
    if question.show_if is None:
        return None
    first, values = question.show_if
    number, scale = next((n, one.scale) for n, one in enumerate(asked.questions, 1) if one.id == first)
    answers = [words.text(option) for option in scale.options if option.value in values] if scale else []
    said = reduce(lambda one, other: words.text("paper_or", one=one, other=other), (f"“{it}”" for it in answers))
    return words.text("paper_only_if", answers=said, n=number)


def _support(words: Words) -> dict[str, Any]:
    return {
        "progress": None,
        "ask": words.said("help_question"),
        "only_if": None,
        "options": [words.said(f"support_{value}") for value in SUPPORT],
    }


def _talk(words: Words) -> list[Said]:
    return [words.said("talk_offer"), {"text": words.text("talk_not_here"), "symbol": None}]
