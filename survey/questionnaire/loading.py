"""Content files → model, and the exact copy of a questionnaire that a round keeps.

A folder holds questionnaires, one YAML file each, beside `scales.yaml` (the answers), `page.yaml` (what the page
itself says), `prints.yaml` (what cards, letters and paper say), `meeting.yaml` (what a unit talks about afterwards)
and `views/` (what is asked of a measure). Reading raises QuestionnaireError with all the
problems that make a file unusable; how good its wording is, is for `checking`.
"""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from survey.questionnaire.model import Option, Phrase, Question, Questionnaire, Scale
from survey.questionnaire.source import Problem, QuestionnaireError, Source, read
from survey.questionnaire.structure import (
    COMMENT,
    SHIPPED,
    page_problems,
    phrases_problems,
    questionnaire_problems,
    scales_problems,
)

__all__ = [
    "SHIPPED",
    "Problem",
    "QuestionnaireError",
    "dump",
    "load_folder",
    "meeting_phrases",
    "page_phrases",
    "print_phrases",
    "restore",
    "spoken_by",
    "view_blocks",
]

MEETING_FILE, PAGE_FILE, PRINTS_FILE, SCALES_FILE = "meeting.yaml", "page.yaml", "prints.yaml", "scales.yaml"
_OTHERS = (MEETING_FILE, PAGE_FILE, PRINTS_FILE, SCALES_FILE)
RESTORED = 64  # copies of questionnaires kept read, of about 100 kB
VIEWS_FOLDER = "views"
_LADDERS = {2: (5, 1), 3: (5, 3, 1), 5: (5, 4, 3, 2, 1)}


def questionnaire_files(folder: Path) -> list[Path]:
    """The questionnaires of a folder, by name."""
    return sorted(path for path in folder.glob("*.yaml") if path.name not in _OTHERS)


def beside(folder: Path, name: str) -> Path:
    """What the folder has of its own under this name, else what comes with Medvirk."""
    return path if (path := folder / name).exists() else SHIPPED / name


def load_folder(folder: Path) -> dict[str, Questionnaire]:
    """Every questionnaire of a folder by its id."""
    scale_source = _sound(beside(folder, SCALES_FILE), scales_problems)
    scales = {scale["id"]: scale for scale in scale_source.data["scales"]}
    spoken = {
        SCALES_FILE: scale_source.data["languages"],
        PAGE_FILE: _sound(beside(folder, PAGE_FILE), page_problems).data["languages"],
    }
    found: dict[str, Questionnaire] = {}
    problems: list[Problem] = []
    for path in questionnaire_files(folder):
        try:
            source = _sound(path, lambda source: questionnaire_problems(source, scales, spoken))
        except QuestionnaireError as error:
            problems += error.problems
        else:
            found[source.data["id"]] = _questionnaire(source.data, scales)
    if problems:
        raise QuestionnaireError(problems)
    return found


def view_blocks(folder: Path) -> dict[str, Questionnaire]:
    """What people are asked of a measure, by audience: from a folder's own `views/`, else as it comes with Medvirk."""
    return {block.audience: block for block in load_folder(beside(folder, VIEWS_FOLDER)).values()}


def page_phrases(folder: Path) -> dict[str, Phrase]:
    """What the pages of a respondent say by themselves, by id, from the folder's `page.yaml`."""
    return _complete(folder / PAGE_FILE, page_problems, "the pages also say")


def print_phrases(folder: Path) -> dict[str, Phrase]:
    """What cards, letters and paper say, by id, from the folder's `prints.yaml`, else the one that is shipped."""
    return _complete(beside(folder, PRINTS_FILE), phrases_problems, "what is printed also says")


def meeting_phrases(folder: Path) -> dict[str, Phrase]:
    """What a unit can talk about, by id, from the folder's `meeting.yaml`, else the one that is shipped."""
    return _complete(beside(folder, MEETING_FILE), phrases_problems, "the sheet for a meeting also says")


def _complete(path: Path, problems_of: Callable[[Source], list[Problem]], says: str) -> dict[str, Phrase]:
    """A file's phrases, which are at least those of the file that is shipped under the same name."""
    phrases = _phrases(path, problems_of)
    if missing := [id_ for id_ in _phrases(SHIPPED / path.name, problems_of) if id_ not in phrases]:
        what = f"{says} {', '.join(f'`{id_}`' for id_ in missing)}"
        cure = f"Copy these from {path.name} as it comes with Medvirk"
        raise QuestionnaireError([Problem(str(path), 1, None, what, cure)])
    return phrases


def _phrases(path: Path, problems_of: Callable[[Source], list[Problem]]) -> dict[str, Phrase]:
    return {item["id"]: Phrase(**item) for item in _sound(path, problems_of).data["phrases"]}


def spoken_by(phrases: Mapping[str, Phrase]) -> tuple[str, ...]:
    """The languages of the page's own phrases: a questionnaire can be answered in these."""
    return tuple(next(iter(phrases.values())).text)


def dump(questionnaire: Questionnaire) -> str:
    """The questionnaire with its scales as canonical JSON: equal questionnaires give equal texts."""
    scales = {question.scale.id: question.scale for question in questionnaire.questions if question.scale}
    data = {
        **vars(questionnaire),
        "welcome": [vars(phrase) for phrase in questionnaire.welcome],
        "questions": [
            {**vars(question), "scale": question.scale.id if question.scale else None}
            for question in questionnaire.questions
        ],
        "scales": {
            id_: {"options": [vars(option) for option in scale.options], "ladders": scale.ladders}
            for id_, scale in scales.items()
        },
    }
    return json.dumps(data, default=dict, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(RESTORED)
def restore(text: str) -> Questionnaire:
    """The questionnaire that `dump` made this text of."""
    data = json.loads(text)
    scales = {
        id_: Scale(
            id=id_,
            options=tuple(Option(**option) for option in scale["options"]),
            ladders={int(size): tuple(values) for size, values in scale["ladders"].items()},
        )
        for id_, scale in data.pop("scales").items()
    }
    for question in data["questions"]:
        question["scale"] = scales[question["scale"]] if question["scale"] else None
        if question["show_if"]:
            question["show_if"] = (question["show_if"][0], tuple(question["show_if"][1]))
    return _assemble(data)


def _sound(path: Path, problems_of: Callable[[Source], list[Problem]]) -> Source:
    source = read(path)
    if problems := problems_of(source):
        raise QuestionnaireError(problems)
    return source


def _questionnaire(data: Mapping[str, Any], scales: Mapping[str, Any]) -> Questionnaire:
    return _assemble({**data, "questions": [_fields(question, scales) for question in data["questions"]]})


def _fields(question: Mapping[str, Any], scales: Mapping[str, Any]) -> dict[str, Any]:
    """A question as written in a file → what the model takes; the stated reason stays in the file."""
    fields = {key: value for key, value in question.items() if key != "reason"}
    fields["scale"] = None if question["scale"] == COMMENT else _scale(scales[question["scale"]])
    if condition := question.get("show_if"):
        fields["show_if"] = (condition["question"], tuple(condition["values"]))
    return fields


def _scale(data: Mapping[str, Any]) -> Scale:
    options = tuple(Option(id=f"{data['id']}_{option['value']}", **option) for option in data["options"])
    ladders = {size: values for size, values in _LADDERS.items() if size <= len(options)}
    return Scale(id=data["id"], options=options, ladders=ladders)


def _assemble(data: Mapping[str, Any]) -> Questionnaire:
    lists = {key: tuple(data[key]) for key in ("service_kinds", "languages")}
    welcome = tuple(Phrase(**phrase) for phrase in data["welcome"])
    questions = tuple(Question(**question) for question in data["questions"])
    return Questionnaire(**{**data, **lists, "welcome": welcome, "questions": questions})
