"""The spreadsheet holds the release's numbers, all of them, and nothing a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reports.exports import as_csv
from reports.release import Release
from survey.spreadsheet import LINES, harmless, plain
from tests.bergen import day_centres, shared_homes
from tests.hostile import FORMULAS, hostile, runs


def lines(pieces: Iterable[bytes]) -> list[dict[str, str]]:
    content = b"".join(pieces)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("made", [day_centres, shared_homes])
def test_every_number_is_the_releases_and_every_number_of_the_release_is_there(made: object) -> None:
    release: Release = made()  # type: ignore[operator]
    exported = {
        (line["place_id"], line["question_id"], line["side"]): (int(line["lowest"]), int(line["highest"]))
        for line in lines(as_csv(release, "nb"))
    }
    expected = {
        (node.id, question, side): getattr(answer, side)
        for node in release.nodes
        for question, answer in node.answers.items()
        for side in ("positive", "negative", "open")
        if getattr(answer, side) is not None
    }
    assert exported == expected
    people = {(line["place_id"], line["answered"], line["invited"]) for line in lines(as_csv(release, "nb"))}
    assert people == {(node.id, str(node.n), str(node.invited)) for node in release.nodes}


def test_each_line_says_who_was_asked_what_where_and_how_many_answered() -> None:
    line = lines(as_csv(day_centres(), "nn"))[0]
    node = day_centres().nodes[0]
    assert (line["round"], line["closed"]) == ("dagsenter-2026", "2026-11-30")
    assert (line["title"], line["simulated"], line["audit"]) == (day_centres().title, "yes", "not audited")
    assert (line["place"], line["answered"], line["invited"]) == ("Bergen", str(node.n), "305")
    assert (line["question"], line["side"], line["answer"]) == ("Korleis har du det her?", "positive", "Bra")


def test_a_long_table_comes_in_pieces_that_together_are_the_file_and_none_is_large() -> None:
    release = day_centres()
    units = tuple(replace(release.nodes[2], id=f"unit-{number}") for number in range(200))
    pieces = list(as_csv(replace(release, nodes=units), "nb"))
    assert max(map(len, pieces)) < 200_000 < sum(map(len, pieces))
    assert [line["place_id"] for line in lines(pieces)][-1] == "unit-199"
    assert pieces[1].count(b"\r\n") == LINES


@given(st.text(alphabet="=+-@\t\r\n ,;|\"'\xa0\u200bA＝"))
@example("'\t'=1")
def test_what_was_made_harmless_can_be_read_again(text: str) -> None:
    assert not runs(harmless(text))
    assert plain(harmless(text)) == text


@pytest.mark.parametrize("start", FORMULAS)
def test_no_text_becomes_a_formula_whatever_signs_a_program_parts_cells_at(start: str) -> None:
    release = hostile(start)
    assert runs(release.title)
    for line in lines(as_csv(release, "nb"))[:5]:
        for heading in ("title", "place", "question", "answer"):
            assert not runs(line[heading])
            assert line[heading].replace("'", "") == release.title.replace("'", "")
        assert int(line["lowest"]) >= 0


def test_ordinary_texts_stay_as_they_are() -> None:
    for text in (
        "Ja, litt",
        "Nei – aldri",
        "Botjeneste nord-sør",
        "Mat; drikke",
        'Kalt "Huset"',
        "a = b",
        "post@bergen.no",
    ):
        assert harmless(text) == text
