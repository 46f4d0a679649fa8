"""The house as DESIGN section 2 shows it: data flows one way, and each dangerous thing has one place."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# The way of an answer. A room imports only from its own line and from lines above it.
ROOMS = (
    (
        "survey.questionnaire",
        "survey.symbols",
        "survey.speech",
        "survey.kept",
        "survey.languages",
        "survey.spreadsheet",
        "survey.watching",
        "survey.writing",
        "survey.drawings",
        "survey.photos",
        "survey.own_symbols",
        "survey.videos",
        "survey.signs",
    ),
    ("survey.storage",),
    ("survey.keys",),
    ("survey.register",),
    ("survey.staff",),
    ("survey.access",),
    ("survey.answering",),
    ("survey.accessibility",),
    ("survey.talk",),
    ("reports.release",),
    ("reports.counts", "reports.aggregate"),
    ("reports.intervals", "reports.disclosure"),
    ("reports.witnesses", "reports.audit"),
    ("survey.rounds",),
    ("survey.invitations",),
    ("survey.interviews",),
    ("survey.prints",),
    ("survey.archive",),
    ("reports.statistics", "reports.comparing"),
    (
        "reports.measures",
        "reports.wording",
        "reports.views",
        "reports.charts",
        "reports.trends",
        "reports.beside",
        "reports.conversation",
        "reports.parts",
        "reports.exports",
        "reports.workbook",
        "reports.easy_read",
        "reports.earlier",
        "reports.committee",
    ),
    ("survey.studio",),
    ("survey.reaching",),
    ("survey.registry",),
    ("survey.desk",),
    ("survey.results",),
    # composition: these join the rooms and are imported by none
    ("survey.settings", "survey.assets", "survey.joining", "survey.headers", "survey.pieces", "survey.templating"),
    ("survey.app", "survey.serving", "survey.worker", "survey.demo", "survey.commands", "survey.cli", "wsgi"),
)
PURE = (
    "survey.questionnaire",
    "reports.counts",
    "reports.aggregate",
    "reports.intervals",
    "reports.disclosure",
    "reports.release",
    "reports.statistics",
    "reports.comparing",
    "reports.measures.model",
    "reports.measures.rows",
    "reports.measures.effect",
    "reports.charts",
    "reports.trends",
    "reports.witnesses",
    "reports.audit",
)


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted([*ROOT.glob("survey/**/*.py"), *ROOT.glob("reports/**/*.py"), ROOT / "wsgi.py"]):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name not in ("survey", "reports") and "migrations" not in parts:
            yield name, path


MODULES = dict(modules())


def line_of(module: str) -> int | None:
    for number, rooms in enumerate(ROOMS):
        if any(module == room or module.startswith(f"{room}.") for room in rooms):
            return number
    return None


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_stands_in_a_room_and_imports_only_from_rooms_above(module: str) -> None:
    here = line_of(module)
    assert here is not None, f"{module} stands in no room of the list: find its place on the way of an answer"
    below = {name for name in imports(MODULES[module]) if (line := line_of(name)) is not None and line > here}
    assert not below, f"{module} imports from further down the way: {below}"


@pytest.mark.parametrize("module", [name for name in MODULES if name.startswith(PURE)])
def test_what_is_pure_knows_neither_web_nor_database(module: str) -> None:
    known = {name.split(".")[0] for name in imports(MODULES[module])}
    assert not known & {"flask", "flask_babel", "werkzeug", "wtforms", "flask_wtf", "sqlalchemy", "alembic"}


def places_that_say(pattern: str) -> set[str]:
    """Modules whose code matches."""
    return {name for name, path in MODULES.items() if re.search(pattern, path.read_text(encoding="utf-8"))}


def modules_importing(*names: str) -> set[str]:
    return {module for module, path in MODULES.items() if set(names) & set(imports(path))}


def test_only_submission_inserts_a_sealed_answer() -> None:
    assert places_that_say(r"insert\(\s*(tables\.)?Sealed") == {"survey.answering.submission"}
    assert modules_importing("survey.keys.seal") == {"survey.answering.submission"}


def test_only_asking_inserts_a_request_to_talk() -> None:
    assert places_that_say(r"insert\(\s*(tables\.)?TalkRequest") == {"survey.talk.asking"}


def test_only_closing_opens_one() -> None:
    assert places_that_say(r"\.opener\(") == {"survey.rounds.closing"}
    assert modules_importing("survey.questionnaire.answers.decode") == {"survey.rounds.closing"}


def test_dates_are_written_in_one_place_which_knows_the_customs_of_each_language() -> None:
    assert places_that_say(r"import.*\bformat_(date|datetime|time)\b|\.format_(date|datetime|time)\(") == {
        "survey.languages"
    }
    templates = [path for room in ("survey", "reports") for path in (ROOT / room).rglob("*.html")]
    assert [path for path in templates if re.search(r"\| *date(time)?format", path.read_text("utf-8"))] == []


def test_nothing_in_reports_but_aggregate_sees_an_answer_of_one_person() -> None:
    seeing = modules_importing("survey.questionnaire.answers.Answer", "reports.aggregate.OpenedAnswer")
    assert {name for name in seeing if name.startswith("reports.")} == set()


def test_only_disclosure_makes_a_release_and_only_closing_asks_it_to() -> None:
    assert modules_importing("reports.disclosure.disclose") == {"survey.rounds.closing"}
    assert places_that_say(r"\bRelease\(\s*\n?\s*(round=|schema=)") == {"reports.disclosure"}


def test_pages_of_respondents_never_touch_a_cookie_or_session() -> None:
    for module in MODULES:
        if module.startswith(("survey.answering", "survey.access", "survey.talk")):
            assert not re.search(r"set_cookie|session\b\[|flask.*\bsession\b", MODULES[module].read_text("utf-8")), (
                module
            )


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def test_no_machine_path_or_package_host_stands_in_the_repository() -> None:
    hosts = "|".join(("pypi", "npmjs", "debian"))
    homes = "|".join(("work", "root", "farm"))
    wrong = re.compile(rf"/({homes})/[a-z]|file:/{{3}}[a-z]|https?://[^ ]*({hosts})\.[a-z]+/".encode())
    assert [path for path in tracked() if path.is_file() and wrong.search(path.read_bytes())] == []


def test_no_room_is_crowded() -> None:
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in tracked("*.py", "*.js", "*.css")}
    assert [path.relative_to(ROOT) for path, number in lines.items() if number > 400] == []
