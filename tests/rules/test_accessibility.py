"""The accessibility statement and its documentation say what is tested, of this version."""

import ast
import hashlib
import os
import tomllib
from pathlib import Path

import pytest

from survey.accessibility.criteria import Criterion, load
from survey.languages import LANGUAGES

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "browser" / "golden"
PAGE = ROOT / "docs" / "accessibility.md"
BEGIN, END = "<!-- made of survey/accessibility/criteria.yaml by `make golden` -->\n", "<!-- end -->\n"
EVALUATION = load()


def names_in(file: Path) -> set[str]:
    return {node.name for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", EVALUATION.tests)
def test_every_test_that_is_named_exists(name: str) -> None:
    file, _, test = EVALUATION.tests[name].partition("::")
    assert test in names_in(ROOT / "tests" / file), "criteria.yaml names a test that is gone: find what shows it now"


def test_every_criterion_is_shown_by_a_test_or_has_nothing_to_show() -> None:
    for criterion in EVALUATION.criteria:
        assert set(criterion.tests) <= set(EVALUATION.tests), criterion.number
        assert bool(criterion.tests) == (criterion.standing == "met"), criterion.number
        assert set(criterion.name) == set(LANGUAGES) == set(criterion.gap or LANGUAGES), criterion.number
    assert {name for criterion in EVALUATION.criteria for name in criterion.tests} == set(EVALUATION.tests)


def test_all_of_a_and_aa_and_the_five_promised_of_aaa_are_there_once() -> None:
    numbers = [criterion.number for criterion in EVALUATION.criteria]
    assert len(set(numbers)) == len(numbers) == 60
    assert EVALUATION.required == 55
    promised = {criterion.number for criterion in EVALUATION.criteria if criterion.level == "AAA"}
    assert promised == {"1.4.6", "2.2.3", "2.2.6", "2.5.5", "3.1.5"}


def test_the_version_that_was_evaluated_is_this_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert EVALUATION.version == project["version"], "evaluate anew: docs/accessibility.md says how; then criteria.yaml"


def test_what_a_screen_reader_meets_is_what_was_evaluated() -> None:
    met = b"".join(file.read_bytes() for file in sorted(GOLDEN.glob("*.txt")))
    now = hashlib.sha256(met).hexdigest()[: len(EVALUATION.transcripts)]
    assert EVALUATION.transcripts == now, (
        f"words or structure of the pages changed after the evaluation of {EVALUATION.date}: evaluate anew "
        f"(docs/accessibility.md says how), then write the day and `transcripts: {now}` into criteria.yaml"
    )


def row(criterion: Criterion) -> str:
    shown = ", ".join(EVALUATION.tests[name].rpartition("::")[2].removeprefix("test_") for name in criterion.tests)
    cells = (f"{criterion.number} {criterion.name['en']}", criterion.level, criterion.how, shown, criterion.people)
    return "| " + " | ".join(cells) + " |\n"


def test_the_documentation_has_every_criterion() -> None:
    head = "| criterion | level | how it is met | shown by | what only people can judge |\n|---|---|---|---|---|\n"
    rows = "".join(row(criterion) for principle in range(1, 5) for criterion in EVALUATION.of_principle(principle))
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    whole = before + BEGIN + head + rows + END + after
    if os.environ.get("GOLDEN") == "write":
        PAGE.write_text(whole, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == whole, "run: make golden"
