"""Styles and scripts stand in small files and are sent as one: what a file imports is joined into it.

Scripts are written in a small part of the language of modules: named imports from the same folder, exported
functions, classes and constants. Each module keeps its own names; whatever else is met is refused. Comments on lines
of their own are for who reads the files, and are not sent.
"""

import re
from pathlib import Path

_STYLE = re.compile(r'^@import "([\w.-]+)";$', re.MULTILINE)
_STYLE_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*(?s:.*?)\*/)\n+", re.MULTILINE)
_IMPORT = re.compile(r'^import (?:(\{[^}]*\}) from )?"\./([\w-]+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_UNKNOWN = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class JoiningError(ValueError):
    """A script is written in a way that joining does not know."""


def style(path: Path) -> str:
    """A style sheet with those that it imports in their places."""
    text = _STYLE_COMMENT.sub("", path.read_text(encoding="utf-8"))
    return _STYLE.sub(lambda found: style(path.parent / found[1]), text)


def script(path: Path) -> str:
    """A script with every module it needs before it, each once.

    Raises: JoiningError, naming the file and the line.
    """
    modules: dict[str, str] = {}
    _gather(path, modules)
    return "\n".join(modules.values())


def _gather(path: Path, modules: dict[str, str]) -> None:
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    for found in _IMPORT.finditer(text):
        if found[2] not in modules:
            _gather(path.parent / f"{found[2]}.js", modules)
    exported = _EXPORT.findall(text)
    text = _EXPORT.sub("", _IMPORT.sub(_bound, text))
    if unknown := _UNKNOWN.search(text):
        raise JoiningError(f"{path.name}: write otherwise, joining does not know: {unknown[0]}")
    modules[path.stem] = f"const ${path.stem} = (() => {{\n{text}\nreturn {{ {', '.join(exported)} }};\n}})();"


def _bound(found: re.Match[str]) -> str:
    return f"const {found[1]} = ${found[2]};" if found[1] else ""
