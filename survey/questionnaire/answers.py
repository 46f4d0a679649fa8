"""One person's answer: read from the form's fields, and written as bytes of one size a questionnaire."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.questionnaire.model import COMMENT_SIGNS, LADDERS, NON_ANSWERS, SUPPORT, Question, Questionnaire

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Answer:
    """What somebody sent. A value is an option's value, a non-answer, or None (left open)."""

    language: str
    ladder: int
    support: str  # none, some, by_other; empty: not said
    values: Mapping[str, int | str | None]
    comments: Mapping[str, str]

    @property
    def empty(self) -> bool:
        """Whether every question was gone past."""
        return not any(self.comments.values()) and all(value is None for value in self.values.values())


class InvalidAnswer(Exception):
    """The fields are not an answer to this questionnaire; `errors`: field -> id of the phrase that says why."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {phrase}" for field, phrase in errors.items()))
        self.errors = errors


def read(questionnaire: Questionnaire, fields: Mapping[str, Sequence[str]]) -> Answer:
    """Read the questionnaire's own fields (language, ladder, support, one a question).

    A field that is missing or empty is left open; a repeated, unknown or illegal one makes the whole invalid.

    Raises: InvalidAnswer.
    """
    known = {"language", "ladder", "support", *(question.id for question in questionnaire.questions)}
    errors = {name: "form_broken" for name, given in fields.items() if name not in known or len(given) != 1}
    given = {name: values[0] for name, values in fields.items() if name not in errors}
    language, ladder = given.get("language", ""), given.get("ladder", "")
    support = given.get("support", "")
    if language not in questionnaire.languages:
        errors["language"] = "form_broken"
    if ladder not in map(str, LADDERS):
        errors["ladder"] = "form_broken"
    if support not in ("", *SUPPORT):
        errors["support"] = "form_broken"
    if errors:
        raise InvalidAnswer(errors)
    values: dict[str, int | str | None] = {}
    comments: dict[str, str] = {}
    for question in questionnaire.questions:
        text = given.get(question.id, "")
        if question.scale is None:
            comments[question.id] = comment = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
            if len(comment) > COMMENT_SIGNS:
                errors[question.id] = "comment_too_long"
        else:
            try:
                values[question.id] = _value(question, int(ladder), text)
            except ValueError:
                errors[question.id] = "choose_shown_answers"
    if errors:
        raise InvalidAnswer(errors)
    for question in questionnaire.questions:
        if question.show_if and values.get(question.show_if[0]) not in question.show_if[1]:
            if question.scale is None:
                comments[question.id] = ""
            else:
                values[question.id] = None
    return Answer(language, int(ladder), support, values, comments)


def _value(question: Question, ladder: int, text: str) -> int | str | None:
    if text == "" or question.scale is None:
        return None
    if text in NON_ANSWERS:
        return text
    for option in question.scale.options_for(ladder):
        if text == str(option.value):
            return option.value
    raise ValueError(text)


def encode(questionnaire: Questionnaire, answer: Answer) -> bytes:
    """The answer as bytes, always `size(questionnaire)` long, so that a sealed box tells nothing by its length."""
    return _json(answer).ljust(size(questionnaire))


def decode(content: bytes) -> Answer:
    """What `encode` wrote."""
    return Answer(**json.loads(content))


def size(questionnaire: Questionnaire) -> int:
    """The longest an answer can be, in bytes: four a sign of comment, the longest word for every value."""
    longest = Answer(
        max(questionnaire.languages, key=len),
        max(LADDERS),
        max(SUPPORT, key=len),
        {question.id: max(NON_ANSWERS, key=len) for question in questionnaire.questions if question.scale},
        {question.id: "\U0001f600" * COMMENT_SIGNS for question in questionnaire.questions if not question.scale},
    )
    return len(_json(longest))


def _json(answer: Answer) -> bytes:
    return json.dumps(vars(answer), ensure_ascii=False, separators=(",", ":")).encode()
