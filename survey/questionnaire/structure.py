"""What a content file must be before it can be used: its schema, and the names its parts refer to."""

import json
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from survey.questionnaire.source import Place, Problem, Source

SHIPPED = Path(__file__).parents[2] / "questionnaires"
"""The folder of questionnaires that comes with Medvirk."""

COMMENT = "comment"
"""Written instead of a scale's id by a question that asks for free text."""

_SCHEMA = json.loads((SHIPPED / "schema.json").read_text(encoding="utf-8"))
_TAKEN = ("code", "key", "kept", "ladder", "language", "round", "submission", "support")
"""Fields of the page's form; a question is a field named by its id."""


def questionnaire_problems(
    source: Source, scales: Mapping[str, Any], spoken: Mapping[str, Collection[str]]
) -> list[Problem]:
    """All that keeps a questionnaire file from being used.

    `scales` as in the scales file, by id; `spoken` are the languages of the files a questionnaire is shown with.
    """
    if problems := _schema_problems(source, _SCHEMA):
        return problems
    data = source.data
    found = [*_text_problems(source, data["languages"]), *_reference_problems(source, scales)]
    found += _twice(source, [*each("welcome", data), *each("questions", data)])
    if data["id"] != Path(source.file).stem:
        found.append(
            source.problem(("id",), f"the id `{data['id']}` is not the file's name", f"Name the file {data['id']}.yaml")
        )
    for index, language in enumerate(data["languages"]):
        for file, languages in spoken.items():
            if language not in languages:
                what = f"{file} has no texts in `{language}`"
                cure = "Add the language to every text there, or leave it out here"
                found.append(source.problem(("languages", index), what, cure))
    return found


def scales_problems(source: Source) -> list[Problem]:
    """All that keeps the file of scales from being used."""
    if problems := _schema_problems(source, _part("scales_file")):
        return problems
    found = [*_text_problems(source, source.data["languages"]), *_twice(source, each("scales", source.data))]
    for place, scale in each("scales", source.data):
        values = [option["value"] for option in scale["options"]]
        if values not in ([5, 1], [5, 3, 1], [5, 4, 3, 2, 1]):
            cure = "Give the options the values 5 and 1, or 5, 3 and 1, or 5 down to 1, highest first"
            found.append(source.problem((*place, "options"), f"the options have the values {values}", cure))
        if scale["id"] == COMMENT:
            found.append(source.problem((*place, "id"), f"`{COMMENT}` means free text", "Choose another id"))
    return found


def phrases_problems(source: Source) -> list[Problem]:
    """All that keeps a file of phrases from being used."""
    if problems := _schema_problems(source, _part("page_file")):
        return problems
    return [*_text_problems(source, source.data["languages"]), *_twice(source, each("phrases", source.data))]


def page_problems(source: Source) -> list[Problem]:
    """All that keeps the file of the page's own phrases from being used."""
    if problems := phrases_problems(source):
        return problems
    found = []
    ids = {phrase["id"] for phrase in source.data["phrases"]}
    for index, language in enumerate(source.data["languages"]):
        if (name := f"language_{language}") not in ids:
            cure = f"Add a phrase `{name}` with the language's own name for itself"
            found.append(source.problem(("languages", index), f"the language `{language}` has no name", cure))
    return found


def _part(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}", "$defs": _SCHEMA["$defs"]}


def each(key: str, data: Mapping[str, Any]) -> list[tuple[Place, Any]]:
    """The items of a list at the top of a file, each with its place."""
    return [((key, index), item) for index, item in enumerate(data[key])]


def _reference_problems(source: Source, scales: Mapping[str, Any]) -> Iterator[Problem]:
    questions = {question["id"]: question for question in source.data["questions"]}
    earlier: set[str] = set()
    for place, question in each("questions", source.data):
        if question["id"] in _TAKEN:
            yield source.problem((*place, "id"), "the page's form uses this id itself", "Choose another id")
        if question["scale"] not in (*scales, COMMENT):
            cure = choose_among(question["scale"], [*scales, COMMENT])
            yield source.problem((*place, "scale"), f"there is no scale `{question['scale']}`", cure)
        if "pair_of" in question:
            yield from _pair_problems(source, place, question, questions.get(question["pair_of"]))
        if "show_if" in question:
            first = (
                questions.get(question["show_if"]["question"]) if question["show_if"]["question"] in earlier else None
            )
            yield from _condition_problems(source, (*place, "show_if"), question["show_if"], first, scales)
        earlier.add(question["id"])


def _pair_problems(source: Source, place: Place, question: Any, other: Any) -> Iterator[Problem]:
    place = (*place, "pair_of")
    if other is None or other is question:
        yield source.problem(place, f"there is no other question `{question['pair_of']}`", "Write the other's id")
    elif other.get("pair_of") != question["id"]:
        cure = f"Write `pair_of: {question['id']}` at `{other['id']}`"
        yield source.problem(place, f"`{other['id']}` does not point back", cure)
    elif question.get("turned", False) == other.get("turned", False):
        cure = "Set `turned: true` at the one of the two where yes is bad"
        yield source.problem(place, f"it and `{other['id']}` are worded the same way round", cure)


def _condition_problems(
    source: Source, place: Place, condition: Any, first: Any, scales: Mapping[str, Any]
) -> Iterator[Problem]:
    if first is None:
        what = f"no earlier question is called `{condition['question']}`"
        yield source.problem((*place, "question"), what, "Name a question that stands above this one")
        return
    values = [option["value"] for option in scales.get(first["scale"], {}).get("options", [])]
    if strange := sorted(set(condition["values"]) - set(values)):
        what = f"`{first['id']}` has no answer with the value {', '.join(map(str, strange))}"
        yield source.problem((*place, "values"), what, f"Its values are {', '.join(map(str, values)) or 'none'}")


def _twice(source: Source, items: list[tuple[Place, Any]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, item in items:
        if item["id"] in seen:
            yield source.problem((*place, "id"), f"the id `{item['id']}` is used twice", "Give one of them another id")
        seen.add(item["id"])


def _text_problems(source: Source, languages: Collection[str]) -> Iterator[Problem]:
    """Every text in each of the languages, and in no other; `say_as` only beside a text."""
    for place, texts in text_places(source.data):
        for language in languages if place[-1] != "say_as" else ():
            if language not in texts:
                yield source.problem(place, f"the text in `{language}` is missing", f"Add a line `{language}: …`")
        for language in texts:
            if language not in languages:
                cure = f"Add `{language}` to `languages` at the top, or delete this line"
                yield source.problem((*place, language), f"`{language}` is not among the file's languages", cure)


def text_places(data: Any, place: Place = ()) -> Iterator[tuple[Place, Mapping[str, str]]]:
    """Every `title`, `text` and `say_as` of a content file, and the place it stands at."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key in ("title", "text", "say_as"):
                yield (*place, key), value
            else:
                yield from text_places(value, (*place, key))
    elif isinstance(data, list):
        for index, item in enumerate(data):
            yield from text_places(item, (*place, index))


def _schema_problems(source: Source, schema: Mapping[str, Any]) -> list[Problem]:
    errors = Draft202012Validator(schema).iter_errors(source.data)
    return list(dict.fromkeys(problem for error in errors for problem in _in_words(source, error)))


_TYPES = {
    "object": ("lines of the form `name: value`", "Indent them by two spaces below the name"),
    "array": ("a list", "Put it in square brackets, or begin each of its lines with `- `"),
    "string": ("a text", "Put the text in quotes"),
    "integer": ("a whole number", "Write a number without quotes"),
    "boolean": ("true or false", "Write true or false without quotes"),
}


def _in_words(source: Source, error: ValidationError) -> Iterator[Problem]:
    """What a breach of the schema means to the one who writes the file."""
    place: Place = tuple(error.absolute_path)
    given: Any = error.instance
    asked: Any = error.validator_value
    name = next((str(step) for step in reversed(place) if isinstance(step, str)), "the file")
    match error.validator:
        case "required":
            for key in asked:
                if key not in given:
                    yield source.problem(place, f"`{key}` is missing", f"Add a line `{key}: …`")
        case "additionalProperties":
            schema: Any = error.schema
            known = list(schema["properties"])
            for key in given:
                if key not in known:
                    yield source.problem((*place, key), f"`{key}` is not known here", choose_among(key, known))
        case "enum":
            cure = choose_among(str(given), list(map(str, asked)))
            yield source.problem(place, f"`{name}` cannot be `{given}`", cure)
        case "type":
            wanted, cure = _TYPES[asked]
            yield source.problem(place, f"`{name}` must be {wanted}", cure)
        case "pattern" if asked == "\\S":
            yield source.problem(place, f"`{name}` is empty", "Write the text, or delete the line")
        case "pattern":
            cure = "Use a–z and 0–9, a letter first; - joins words in a questionnaire's id, _ in all other names"
            yield source.problem(place, f"`{given}` cannot be used as a name", cure)
        case "minItems":
            yield source.problem(place, f"`{name}` is empty", "Write at least one")
        case "uniqueItems":
            yield source.problem(place, f"`{name}` names something twice", "Delete one of the two")
        case _:
            yield source.problem(place, f"`{name}` cannot be `{given}`", f"The {error.validator} is {asked}")


def choose_among(given: str, known: Collection[str], otherwise: str = "") -> str:
    """The cure for a name nobody knows: the one most like it, else `otherwise`, else all there are."""
    close = get_close_matches(given, known, n=1)
    return f"Did you mean `{close[0]}`?" if close else otherwise or f"Choose among {', '.join(known)}"
