"""The workbook holds the release's numbers as numbers, all of them, says what they mean, and nothing in it runs."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask_babel import force_locale

from reports.release import Release, Totals, from_json
from reports.views import Report
from reports.workbook import as_xlsx
from tests.bergen import day_centres, shared_homes
from tests.hostile import FORMULAS, hostile, runs
from tests.sheets import Cell, kinds, sheets, table

pytestmark = pytest.mark.usefixtures("reader")

NAMES = {
    "en": ["Explanations", "Answers", "Places"],
    "nb": ["Forklaringer", "Svar", "Steder"],
    "nn": ["Forklaringar", "Svar", "Stader"],
}
IN_WORDS = {
    r"(\d+) of \d+": lambda low, n: (low, low),
    r"at most (\d+) of \d+": lambda high, n: (0, high),
    r"at least (\d+) of \d+": lambda low, n: (low, n),
    r"between (\d+) and (\d+) of \d+": lambda low, high, n: (low, high),
    r"not known, of \d+": lambda n: (0, n),
}


def made_of(release: Release, language: str = "en") -> dict[str, list[dict[str, Cell]]]:
    with force_locale(language):
        return sheets(as_xlsx(Report(release, language)))


def alone() -> Release:
    """What is left of the homes after an alarm."""
    release = shared_homes()
    hidden = tuple(replace(node, parent="4601") for node in release.too_few)
    return replace(release, audit="municipality-only", nodes=release.nodes[:1], too_few=hidden, shown_with_others=())


RELEASES = pytest.mark.parametrize(
    "release", [day_centres(), shared_homes(), alone()], ids=["centres", "homes", "alone"]
)


@RELEASES
def test_every_answer_in_the_sheet_is_the_releases_and_every_one_of_the_release_is_there(release: Release) -> None:
    lines = {(line["Place: id"], line["Question: id"]): line for line in table(made_of(release)["Answers"])}
    assert lines.keys() == {(node.id, question) for node in release.nodes for question in release.questions}
    for node in release.nodes:
        for id_, answer in node.answers.items():
            line, asked = lines[node.id, id_], release.questions[id_]
            assert (line["Answered"], line["Question: number"]) == (node.n, asked.number)
            assert line["Question"] == asked.text["en"]
            for end, label, interval in (
                ("Good end", asked.labels["positive"]["en"], answer.positive),
                ("Bad end", asked.labels["negative"]["en"], answer.negative),
            ):
                assert line[end] == label
                assert (line[f"{end}: at least"], line[f"{end}: at most"]) == interval
                assert meant(str(line[f"{end}: in words"]), node.n) == interval
            told = (line.get("Left open: at least"), line.get("Left open: at most"))
            assert told == (answer.open or (None, None))
            assert ("Left open: in words" in line) == (answer.open is not None)


def meant(words: str, n: int) -> Any:
    """The interval that a number in words tells of."""
    found = [
        read(*map(int, match.groups()), n) for form, read in IN_WORDS.items() if (match := re.fullmatch(form, words))
    ]
    assert words.endswith(f"of {n}")
    return found[0]


@RELEASES
def test_every_place_is_there_with_how_many_answered_or_why_it_is_not_shown(release: Release) -> None:
    lines = {line["Place: id"]: line for line in table(made_of(release)["Places"])}
    assert len(lines) == len(release.nodes) + len(release.too_few) + len(release.shown_with_others)
    for node in release.nodes:
        line = lines[node.id]
        assert (line["Answered"], line["Invited"], line["Voided codes"]) == (node.n, node.invited, node.voided)
        assert line.get("Within: id") == node.parent
        assert line.get("Share answered") == (pytest.approx(node.n / node.invited) if node.n >= 10 else None)
        assert line["In words"] == f"{node.n} of {node.invited} invited answered"
    for why, hidden in (("Too few answers", release.too_few), ("Shown with others", release.shown_with_others)):
        for one in hidden:
            line = lines[one.id]
            assert (line["Place"], line["Within: id"], line["How it is shown"]) == (one.name["nb"], one.parent, why)
            assert not [cell for cell in line.values() if isinstance(cell, float)]


@RELEASES
def test_the_first_sheet_says_what_every_reader_must_know(release: Release) -> None:
    rows = made_of(release)["Explanations"]
    told = {str(row["A"]): row.get("B") for row in rows if "A" in row}
    lines = [row["B"] for row in rows if "A" not in row]
    assert (told["Round: id"], told["Checksum (SHA-256) of the release"]) == (release.round, release.sha256)
    assert told["Closed"] == (date.fromisoformat(release.closed) - date(1899, 12, 30)) / timedelta(days=1)
    assert told["Questionnaire: version"] == release.version
    assert told["The fewest people a place that is shown has (k)"] == release.k
    assert told["How many people at either end are never told apart (b)"] == release.b
    assert "We do not show whether it was 0, 1 or 2. So nobody can work out what one person answered." in lines
    assert "Simulated people answered this. It says nothing about real places." in lines
    alarm = release.audit == "municipality-only"
    assert ("The audit raised an alarm, so only the municipality as a whole is shown." in lines) == alarm
    assert any(str(line).startswith("Fewer than 5 answered in places") for line in lines) != alarm


def test_the_totals_of_the_round_are_told() -> None:
    totals = Totals(way={"self": 41, "interview": 12}, support={"none+some": 53}, by_other="fewer than 5", not_now=31)
    rows = made_of(replace(day_centres(), totals=totals))["Explanations"]
    text = "\n".join(str(row["B"]) for row in rows if "A" not in row)
    for said in (
        "41 on a page",
        "12 in an interview",
        "53 without help or with some help",
        "fewer than 5 people",
        "now: 31",
    ):
        assert said in text


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_column_is_explained_in_the_readers_language(language: str) -> None:
    explanations, answers, places = (made_of(day_centres(), language)[name] for name in NAMES[language])
    told = {row["A"]: row["B"] for row in explanations if {"A", "B"} <= row.keys()}
    for rows in (answers, places):
        assert len(set(rows[0].values())) == len(rows[0])
        for heading in rows[0].values():
            assert len(str(told[heading])) > 10


def test_the_same_release_gives_the_same_bytes() -> None:
    files = set()
    for day in ("2026-12-01", "2031-05-17T12:34:56"):
        with time_machine.travel(day):
            files.add(as_xlsx(Report(from_json(shared_homes().to_json()), "nb")))
    assert len(files) == 1


@pytest.mark.parametrize("start", FORMULAS)
def test_no_text_becomes_a_formula_or_a_link(start: str) -> None:
    release = hostile(start)
    with force_locale("en"):
        content = as_xlsx(Report(release, "en"))
    assert not kinds(content) & {"f", "hyperlinks", "hyperlink", "xl/vbaProject.bin", "xl/connections.xml"}
    read = sheets(content)
    answer, shown, hidden = table(read["Answers"])[0], table(read["Places"])[0], table(read["Places"])[-1]
    texts = read["Explanations"][0]["A"], answer["Place"], answer["Question"], answer["Good end"]
    for text in (*texts, shown["Place"], hidden["Place"]):
        assert str(text).replace("'", "") == release.title.replace("'", "")
    assert not [cell for rows in read.values() for row in rows for cell in row.values() if runs(str(cell))]
