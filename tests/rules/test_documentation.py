"""Every setting, command, address and room is documented, and everything documented is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from reports.counts import Sides
from reports.release import Interval
from survey.app import create_app
from survey.cli import medvirk
from survey.settings import Settings
from tests.released import release_of

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("questionnaires/*.md")])


def read(page: str) -> str:
    return (ROOT / "docs" / page).read_text(encoding="utf-8")


def tables(page: str) -> Iterator[list[dict[str, str]]]:
    """A page's tables, each as its rows: heading -> cell."""
    for table in re.findall(r"(?:^\|.*\n)+", read(page), re.MULTILINE):
        headings, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines())
        yield [dict(zip(headings, row, strict=True)) for row in rows]


def cells(page: str, heading: str) -> Iterator[str]:
    """The cells under one heading of a page's tables."""
    return (row[heading] for table in tables(page) for row in table if heading in row)


def in_code(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


class Asked(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]  # one type is enough
        self.names.add(name)
        return default


def test_every_setting_is_documented() -> None:
    environment = Asked()
    Settings.from_environment(environment)
    documented = {name for cell in cells("settings.md", "setting") for name in in_code(cell)}
    assert documented == environment.names


def commands(group: click.Group, path: str = "medvirk") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = dict(commands(medvirk))
SECTIONS = dict(re.findall(r"^### `(medvirk [^`]+)`\n(.*?)(?=^##|\Z)", read("commands.md"), re.MULTILINE | re.DOTALL))


def test_every_command_is_documented() -> None:
    assert set(SECTIONS) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_documented_and_its_help_has_an_example(name: str) -> None:
    command = COMMANDS[name]
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    written = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", SECTIONS[name]))
    assert options <= written
    assert f"Example: {name}" in (command.help or "")


def test_every_example_of_a_command_can_be_read_by_it() -> None:
    for line in re.findall(r"^medvirk .*$", "\n".join(SECTIONS.values()), re.MULTILINE):
        words = re.split(r"\s+(?:[#>&|]|2>)", line)[0].split()
        name = next(name for name in COMMANDS if f"{line} ".startswith(f"{name} "))
        options = {option for parameter in COMMANDS[name].params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, line


def test_every_address_is_documented(settings: Settings) -> None:
    rules = create_app(settings).url_map.iter_rules()
    served = {(method, rule.rule) for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    rows = zip(cells("addresses.md", "method"), cells("addresses.md", "address"), strict=True)
    told = [(method, address) for which, cell in rows for method in which.split(", ") for address in in_code(cell)]
    assert sorted(told) == sorted(served), "each once"


def test_every_room_is_on_the_map_and_everything_on_the_map_is_there() -> None:
    rooms = {
        path.relative_to(ROOT).as_posix() + ("/" if path.is_dir() else "")
        for room in ("survey", "reports")
        for path in (ROOT / room).iterdir()
        if path.suffix == ".py" or (path.is_dir() and path.name != "__pycache__")
    } - {"survey/__init__.py", "reports/__init__.py"}
    named = {word for word in in_code(read("house.md")) if re.fullmatch(r"[\w./-]+(\.\w+|/)", word)}
    assert {word for word in named if not (ROOT / word).exists()} == set()
    assert rooms <= named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def in_words(interval: Interval, n: int) -> str:
    low, high = interval
    if low == high:
        return str(low)
    return f"at most {high}" if low == 0 else f"at least {low}" if high == n else f"between {low} and {high}"


def test_the_example_of_anonymity_is_what_would_be_released() -> None:
    true, told = tables("anonymity.md")
    people = {row[""]: [int(row[heading]) for heading in ("answered", "good", "bad")] for row in true}
    asked = {name: Sides(positive=good, negative=bad, open=0) for name, (_, good, bad) in people.items()}
    release = release_of({"All four together": {name: n for name, (n, *_) in people.items()}}, [asked])
    shown = {
        "Others together" if node.level == "rest" else node.id: (
            str(node.n),
            in_words(node.answers["0"].positive, node.n),
            in_words(node.answers["0"].negative, node.n),
        )
        for node in release.nodes
    } | {", ".join(node.id for node in release.too_few): ("too few answers", "", "")}
    assert {row[""]: (row["answered"], row["good"], row["bad"]) for row in told} == shown
