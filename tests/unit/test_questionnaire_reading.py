"""A file that is not good YAML is refused in words, with line and cure, and never with a traceback."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaire.checking import check_files
from survey.questionnaire.source import read
from tests.unit.questionnaire_files import CONCEPTS, GARDEN, check_text, garden_with

TORN = "the YAML breaks off here"


@pytest.mark.parametrize(
    ("text", "line", "what", "cure"),
    [
        (garden_with("    theme: safety\n    scale: frequency\n    symbol: safe", "\ttheme: x"), 17, TORN, "no tabs"),
        (garden_with("nb: Hva synes du?", "nb: Si: hva synes du?"), 7, TORN, "quotes around"),
        (garden_with("[nb, en]", "[nb, en"), 6, TORN, "this line and the one above"),
        (garden_with("[nb, en]", "[nb, en?, nn]"), 5, "`en?` cannot be used as a name", "a letter first"),
        (garden_with("[nb, en]", "{nb: [en?, nn}"), 5, TORN, "has ? between { and }"),
        (garden_with("version: 1", "version: 1\nid: 2\n---"), 4, TORN, "Look at this line"),
        (garden_with("turned: true", "turned: true\n    turned: false"), 29, "`turned` stands here twice", "Keep one"),
        (garden_with("version: 1", "version: 1\n? [a]\n: b"), 3, "this name is not a word", "before the colon"),
        (garden_with("nb: Hva synes du?", "nb: *you"), 7, "have a meaning in YAML", "in quotes"),
        (garden_with("version: 1", "version: !!int x"), 2, "have a meaning in YAML", "in quotes"),
        (garden_with("version: 1", "version: 1\x07"), 2, "cannot be shown", "Delete it"),
        (garden_with("[nb, en]", "[" * 100_000), 5, "inside each other", "brackets away"),
        (GARDEN.encode("utf-16"), 1, "not text in UTF-8", "Save it again as UTF-8"),
        ("", 1, "`the file` must be lines", "Indent them"),
        ("- a\n- b\n", 1, "`the file` must be lines", "Indent them"),
    ],
)
def test_broken_yaml_is_told_with_line_and_cure(
    tmp_path: Path, text: str | bytes, line: int, what: str, cure: str
) -> None:
    [problem] = check_text(tmp_path, text)
    assert problem.line == line
    assert what in problem.what
    assert cure in problem.cure


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    [problem] = check_files([tmp_path / "none.yaml"], set())
    assert problem.what == "the file cannot be read (No such file or directory)"


def test_no_and_dates_are_texts_as_a_writer_means_them(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("en: No\nday: 2026-01-01\nmany: 7\ntrue_too: true\nnothing:\n")
    assert read(path).data == {"en": "No", "day": "2026-01-01", "many": 7, "true_too": True, "nothing": None}


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    assert check_text(tmp_path, b"\xef\xbb\xbf" + GARDEN.replace("\n", "\r\n").encode()) == []


@given(st.integers(0, len(GARDEN)), st.integers(0, 12), st.text(max_size=6))
def test_no_slip_of_the_hand_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, start: int, length: int, typed: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "garden.yaml"
    slipped = GARDEN[:start] + typed + GARDEN[start + length :]
    path.write_text(slipped, encoding="utf-8", errors="replace", newline="")
    lines = slipped.count("\n") + slipped.count("\r") + 2
    assert all(1 <= problem.line <= lines and problem.cure for problem in check_files([path], CONCEPTS))
