"""No text for staff or in a mail is left untranslated."""

import ast
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
OPTIONS = {"**/templates/**.html": {"extensions": "survey.pieces.Pieces"}}  # as in babel.cfg
KEYWORDS = {**DEFAULT_KEYWORDS, "worded": None}  # problems in a file: `survey.spreadsheet`


def texts_in_code() -> set[str]:
    found: set[str] = set()
    for room in ("survey", "reports"):
        for _, _, message, _, _ in extract_from_dir(ROOT / room, METHODS, OPTIONS, keywords=KEYWORDS):
            found.add(message[0] if isinstance(message, tuple) else message)
    return found


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_text_is_translated_and_none_is_left_over(language: str) -> None:
    with (ROOT / f"survey/translations/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    messages = {
        message.id[0] if isinstance(message.id, tuple) else message.id: message for message in catalogue if message.id
    }
    assert set(messages) == texts_in_code(), "run: make messages"
    unfinished = [id_ for id_, message in messages.items() if not message.string or message.fuzzy]
    assert unfinished == []
    for message in messages.values():
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), message.id
        assert not list(message.check(catalogue)), message.id


def test_no_text_stands_inside_an_f_string_where_it_would_not_be_found() -> None:
    texts = {path: path.read_text() for room in ("survey", "reports") for path in (ROOT / room).rglob("*.py")}
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, text in texts.items()
        if "gettext(" in text
        for string in ast.walk(ast.parse(text))
        if isinstance(string, ast.JoinedStr)
        for node in ast.walk(string)
        if isinstance(node, ast.Call) and "gettext" in ast.unparse(node.func)
    ]
    assert hidden == []


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_the_catalogue_in_use_is_the_one_that_was_written(language: str) -> None:
    folder = ROOT / f"survey/translations/{language}/LC_MESSAGES"
    with (folder / "messages.po").open("rb") as po, (folder / "messages.mo").open("rb") as mo:
        written, used = (
            {_whole(message.id): _whole(message.string) for message in catalogue if message.id}
            for catalogue in (read_po(po), read_mo(mo))
        )
    assert used == written, "run: make setup"


def _whole(text: str | list[str] | tuple[str, ...]) -> str | tuple[str, ...]:
    """A text, or its forms for one and for many."""
    return text if isinstance(text, str) else tuple(text)
