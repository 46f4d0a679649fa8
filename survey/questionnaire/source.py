"""Reading a content file: its data, and the line each part of it stands on."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FAST: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reads YAML in a twentieth of the time, where PyYAML was built with libyaml."""

DEEPEST = 50
"""So many things may stand inside each other; what reads them is itself only so deep."""

Place = tuple[str | int, ...]
"""The way to a part of a file: `("questions", 3, "text", "nb")`."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a content file; `line` counts from 1, `question` is an id where there is one."""

    file: str
    line: int
    question: str | None
    what: str
    cure: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " + (f"{self.question}: " if self.question else "")
        return f"{where}{self.what}. {self.cure}" + ("" if self.cure.endswith("?") else ".")


class QuestionnaireError(Exception):
    """Content files that cannot be used; `problems` says why, one line each as text."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Source:
    """A content file as read: plain data (dict, list, str, int, bool, None), and the line of each place."""

    file: str
    data: Any
    lines: Mapping[Place, int]

    def problem(self, place: Place, what: str, cure: str) -> Problem:
        """A problem at a place, or at the nearest part around it that the file has."""
        line = next(self.lines[place[:size]] for size in range(len(place), -1, -1) if place[:size] in self.lines)
        return Problem(self.file, line, self._id_around(place), what, cure)

    def at(self, place: Place) -> Any:
        """The part of the data at a place the file has."""
        part = self.data
        for step in place:
            part = part[step]
        return part

    def _id_around(self, place: Place) -> str | None:
        """The id of the innermost question, phrase or scale that a place lies in."""
        found, part = None, self.data
        for step in place:
            try:
                part = part[step]
            except (KeyError, IndexError, TypeError):
                break
            if isinstance(part, dict) and isinstance(part.get("id"), str):
                found = part["id"]
        return found


def read(path: Path) -> Source:
    """Read a content file. Raises QuestionnaireError where it is missing, not text, or not YAML."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _cannot(
            path, 1, f"the file cannot be read ({error.strerror})", "Check its name and its rights"
        ) from error
    except UnicodeDecodeError as error:
        raise _cannot(path, 1, "the file is not text in UTF-8", "Save it again as UTF-8") from error
    try:
        try:
            return _understood(path, text, _FastLoader)
        except (yaml.YAMLError, _RefusedError):  # the slow one says better what is wrong, and where
            return _understood(path, text, _Loader)
    except _RefusedError as error:
        raise _cannot(path, error.line, error.what, error.cure) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"the YAML breaks off here ({error.problem})"
        raise _cannot(path, mark.line + 1 if mark else 1, what, _YAML_CURE) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _cannot(path, line, "a sign that cannot be shown stands here", "Delete it or write it anew") from error


_YAML_CURE = (
    "Look at this line and the one above: two spaces for each step in and no tabs, a space after every "
    "colon, and quotes around a text that holds ': ' or ' #', begins with a sign, or has ? between { and }"
)


def _cannot(path: Path, line: int, what: str, cure: str) -> QuestionnaireError:
    return QuestionnaireError([Problem(str(path), line, None, what, cure)])


class _RefusedError(Exception):
    """YAML that is legal, yet never what a writer of questionnaires means."""

    def __init__(self, line: int, what: str, cure: str) -> None:
        super().__init__(what)
        self.line, self.what, self.cure = line, what, cure


class _Loader(yaml.SafeLoader):
    """YAML as people expect it: "No" and "2026-01-01" are texts."""


class _FastLoader(FAST):  # type: ignore[misc, valid-type]  # what it is depends on the machine
    """The same, sooner."""


_Loader.yaml_implicit_resolvers = {}
_KINDS: dict[str, Callable[[str], str | int | bool | None]] = {
    "bool": lambda text: text == "true",
    "int": int,
    "null": lambda text: None,
    "str": str,
}
for _kind, _pattern in {"bool": "true|false", "int": "-?[0-9]{1,9}", "null": "|~|null"}.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_pattern})$"), None)
_FastLoader.yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


def _understood(path: Path, text: str, loader: type[yaml.SafeLoader]) -> Source:
    lines: dict[Place, int] = {(): 1}
    depth = 0
    for event in yaml.parse(text, loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _RefusedError(line, "too many things stand inside each other", "Take brackets away")
        if any(getattr(event, mark, None) for mark in ("anchor", "tag")):
            raise _RefusedError(line, "&, * and ! have a meaning in YAML", "Put the text in quotes")
    return Source(str(path), _plain(yaml.compose(text, loader), (), lines), lines)


def _plain(node: yaml.Node | None, place: Place, lines: dict[Place, int]) -> Any:
    """The data of a node; notes in `lines` where each part of it begins."""
    if isinstance(node, yaml.MappingNode):
        found: dict[Any, Any] = {}
        for key_node, value in node.value:
            line = key_node.start_mark.line + 1
            key = _plain(key_node, (), {}) if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str):
                raise _RefusedError(line, "this name is not a word", "Write a word before the colon")
            if key in found:
                raise _RefusedError(line, f"`{key}` stands here twice", "Keep one of the two")
            lines[*place, key] = line
            found[key] = _plain(value, (*place, key), lines)
        return found
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            lines[*place, index] = item.start_mark.line + 1
        return [_plain(item, (*place, index), lines) for index, item in enumerate(node.value)]
    return _KINDS[node.tag.rpartition(":")[2]](node.value) if node else None
