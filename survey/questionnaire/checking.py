"""What `medvirk questionnaire check` finds: files that cannot be used, symbols nobody drew, wording that is hard."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from survey.questionnaire.loading import (
    MEETING_FILE,
    PAGE_FILE,
    PRINTS_FILE,
    SCALES_FILE,
    VIEWS_FOLDER,
    beside,
    questionnaire_files,
)
from survey.questionnaire.readability import HIGHEST_LIX, LONGEST_SENTENCE, lix, obstacles, sentences, words
from survey.questionnaire.source import Place, Problem, QuestionnaireError, Source, read
from survey.questionnaire.structure import (
    COMMENT,
    choose_among,
    each,
    page_problems,
    phrases_problems,
    questionnaire_problems,
    scales_problems,
    text_places,
)

MOST_QUESTIONS = 15

_NEGATIONS = {
    "nb": {"aldri", "ikke", "ingen", "ingenting", "uten", "verken"},
    "nn": {"aldri", "ikkje", "ingen", "ingenting", "utan", "verken"},
    "en": {"neither", "never", "no", "nobody", "not", "nothing", "without"},
}
_JOINTS = {"nb": {"og", "eller"}, "nn": {"og", "eller"}, "en": {"and", "or"}}


def content_files(folder: Path) -> list[Path]:
    """Every file of a folder that `check_files` knows: scales, phrases, questionnaires, what is asked of a measure."""
    phrases = [folder / PAGE_FILE, beside(folder, PRINTS_FILE), beside(folder, MEETING_FILE)]
    views = questionnaire_files(beside(folder, VIEWS_FOLDER))
    return [folder / SCALES_FILE, *phrases, *questionnaire_files(folder), *views]


def check_files(paths: Iterable[Path], concepts: Collection[str]) -> list[Problem]:
    """All problems of the files, each once, file by file and down each of them.

    `concepts` are the names of the symbols there are. A questionnaire is checked against the scales and the
    page's words beside it, or the ones that come with Medvirk.
    """
    found: list[Problem] = []
    for path in paths:
        try:
            found += sorted(_check(path, concepts), key=lambda problem: problem.line)
        except QuestionnaireError as error:
            found += error.problems
    return list(dict.fromkeys(found))


def _check(path: Path, concepts: Collection[str]) -> list[Problem]:
    source = read(path)
    if path.name == SCALES_FILE:
        unusable, wording = scales_problems(source), [_face_problems, _reading_problems]
    elif path.name == PAGE_FILE:
        unusable, wording = page_problems(source), [_gap_problems, _reading_problems]
    elif path.name in (PRINTS_FILE, MEETING_FILE):
        unusable, wording = phrases_problems(source), [_gap_problems, _reading_problems]
    else:
        scales = _beside(path, SCALES_FILE, scales_problems)
        page = _beside(path, PAGE_FILE, page_problems)
        by_id = {scale["id"]: scale for scale in scales["scales"]}
        unusable = questionnaire_problems(
            source, by_id, {SCALES_FILE: scales["languages"], PAGE_FILE: page["languages"]}
        )
        return unusable or wording_problems(source, concepts)
    if unusable:
        return unusable
    return [*_symbol_problems(source, concepts), *(problem for part in wording for problem in part(source))]


def wording_problems(source: Source, concepts: Collection[str]) -> list[Problem]:
    """How a questionnaire that can be used would make its respondents stumble."""
    parts: list[Callable[[Source], Iterable[Problem]]] = [_question_problems]
    if source.data["audience"] == "resident":
        parts += [_resident_problems, _reading_problems]
    return [*_symbol_problems(source, concepts), *(problem for part in parts for problem in part(source))]


def _beside(path: Path, name: str, problems_of: Callable[[Source], list[Problem]]) -> Any:
    source = read(beside(path.parent, name))
    if problems := problems_of(source):
        raise QuestionnaireError(problems)
    return source.data


def _symbol_problems(source: Source, concepts: Collection[str]) -> Iterator[Problem]:
    for place, _ in text_places(source.data):
        holder = source.at(place[:-1])
        symbol = holder.get("symbol") if place[-1] == "text" else None
        if symbol is not None and symbol not in concepts:
            cure = choose_among(symbol, concepts, "Draw it and name it in static/symbols/symbols.yaml")
            yield source.problem((*place[:-1], "symbol"), f"there is no symbol `{symbol}`", cure)


def _face_problems(source: Source) -> Iterator[Problem]:
    """A smiling "yes" to "are you afraid?" contradicts itself and rewards yes."""
    for place, scale in each("scales", source.data):
        for index, option in enumerate(scale["options"]):
            if option["symbol"].startswith("face_") and scale["id"] != "faces":
                what = f"the answer `{option['value']}` wears a face"
                cure = "Give it a circle; faces are for the scale `faces`, where feelings are asked for"
                yield source.problem((*place, "options", index, "symbol"), what, cure)


def _gap_problems(source: Source) -> Iterator[Problem]:
    """What the page fills in, like `{n}`, stands in the text of every language."""
    for place, texts in text_places(source.data):
        gaps = {language: set(re.findall(r"{\w+}", text)) for language, text in texts.items()}
        every = set().union(*gaps.values()) if place[-1] == "text" else set()
        for language, here in gaps.items():
            for gap in sorted(every - here):
                yield source.problem((*place, language), f"`{gap}` is missing", f"Write `{gap}` into the text")


def _reading_problems(source: Source) -> Iterator[Problem]:
    """Sentences and words easy enough in each text, LIX low enough for each language's texts together."""
    by_language: dict[str, list[str]] = {}
    for place, texts in text_places(source.data):
        for language, text in texts.items() if place[-1] != "say_as" else ():
            by_language.setdefault(language, []).append(text)
            longest = max(map(len, sentences(text)), default=0)
            if longest > LONGEST_SENTENCE:
                what = f"a sentence has {longest} words"
                cure = f"Use at most {LONGEST_SENTENCE} words, or make two sentences of it"
                yield source.problem((*place, language), what, cure)
            for hard, cure in obstacles(text):
                yield source.problem((*place, language), f"`{hard}` is hard to read", cure)
    for language, all_texts in by_language.items():
        if (score := lix(all_texts)) > HIGHEST_LIX:
            long_words = sorted({word for text in all_texts for word in words(text)}, key=len)[:-4:-1]
            cure = f"Bring it to {HIGHEST_LIX}: find shorter words for {', '.join(long_words)}, or shorter sentences"
            yield source.problem(("languages",), f"the texts in `{language}` have LIX {score:.0f}", cure)


def _resident_problems(source: Source) -> Iterator[Problem]:
    questions = each("questions", source.data)
    if len(questions) > MOST_QUESTIONS:
        what = f"there are {len(questions)} questions to residents"
        cure = f"Keep {MOST_QUESTIONS}; people who tire stop answering"
        yield source.problem(("questions", MOST_QUESTIONS), what, cure)
    for place, question in questions:
        if "symbol" not in question:
            yield source.problem(place, "it has no symbol", "Add a line `symbol: …`; many follow the pictures")
        if "show_if" in question:
            cure = "Delete `show_if`, or leave the question out"
            yield source.problem((*place, "show_if"), "residents are asked every question", cure)
        if question["scale"] == COMMENT:
            cure = "Choose a scale; writing singles out those who can"
            yield source.problem((*place, "scale"), "residents are not asked to write", cure)


def _question_problems(source: Source) -> Iterator[Problem]:
    """Negations and double questions, unless the question states a reason."""
    for place, question in each("questions", source.data):
        for language, text in question["text"].items() if "reason" not in question else ():
            used = [word.lower() for word in words(text)]
            negations = [word for word in used if word in _NEGATIONS.get(language, ()) or word.endswith("n't")]
            joints = [word for word in used if word in _JOINTS.get(language, ())]
            here: Place = (*place, "text", language)
            if negations:
                cure = "Ask for the thing itself, or state why in a line `reason: …`"
                yield source.problem(here, f"`{negations[0]}` makes yes and no hard to tell apart", cure)
            if joints:
                cure = "Ask one thing at a time, or state why it is one in a line `reason: …`"
                yield source.problem(here, f"`{joints[0]}` may join two questions", cure)
