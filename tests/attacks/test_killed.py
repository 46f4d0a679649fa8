"""A kill −9 anywhere loses nothing, doubles nothing and changes no release. On both databases."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from survey.answering.submission import Outcome
from survey.rounds.closing import STEPS, close_round
from survey.storage.engine import Database
from survey.storage.tables import Code, Release, Round, Sealed
from tests.village import Village, answer

ROOT = Path(__file__).parents[2]


@pytest.fixture
def village(database: Database, tmp_path: Path) -> Village:
    return Village.found(database, tmp_path)


def run_until_killed(village: Village, database_url: str, what: str, moment: str, detail: str) -> None:
    folder = str(village.keys.folder.parent)
    arguments = [what, folder, database_url, village.round_id, moment, detail]
    done = subprocess.run(
        [sys.executable, "-m", "tests.attacks.killed", *arguments], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def count(village: Village, table: type[Sealed | Code | Release]) -> int:
    with village.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_killed_before_its_commit_a_send_is_as_if_it_never_was_and_succeeds_again(
    village: Village, database_url: str
) -> None:
    (code,) = village.codes()
    run_until_killed(village, database_url, "send", "commit", code)
    assert (count(village, Sealed), count(village, Code)) == (0, 1)
    assert village.send(code, answer()) is Outcome.RECEIVED
    assert count(village, Sealed) == 1


def test_killed_after_its_commit_a_send_is_received_already(village: Village, database_url: str) -> None:
    (code,) = village.codes()
    run_until_killed(village, database_url, "send", "after", code)
    assert village.send(code, answer()) is Outcome.ALREADY_RECEIVED
    assert count(village, Sealed) == 1


def closed_undisturbed(village: Village) -> str:
    return close_round(village.database, village.keys, village.data, village.round_id)


@pytest.mark.parametrize("moment", ["before", "commit", "after"])
def test_killed_at_any_step_closing_again_gives_the_same_release(
    village: Village, database_url: str, moment: str
) -> None:
    """Every step is killed in turn, one after the other, on one and the same closing."""
    for code in village.codes(8):
        village.send(code, answer(5, comment="Hei"))
    hashes = set()
    for number, step in enumerate(STEPS):
        if moment == "commit" and step.__name__ in ("verify_release", "destroy_traces", "destroy_files"):
            continue  # these write no transaction
        run_until_killed(village, database_url, "close", moment, str(number))
        with village.database.reading() as connection:
            hashes |= set(connection.execute(select(Release.sha256)).scalars())
    village.keys.rounds()
    hashes.add(closed_undisturbed(village))
    assert len(hashes) == 1
    assert (count(village, Release), count(village, Sealed), count(village, Code)) == (1, 0, 0)
    assert village.keys.rounds() == []
    with village.database.reading() as connection:
        assert connection.execute(select(Round.state)).scalar() == "released"


def test_two_runs_of_the_same_answers_have_the_same_numbers(village: Village) -> None:
    """The hash depends on what was answered, not on the order in which boxes lay."""
    values = [5, 1, 5, 3, 5, 1, 5, 5]
    for code, value in zip(village.codes(8), values, strict=True):
        village.send(code, answer(value))
    closed_undisturbed(village)
    with village.database.reading() as connection:
        first = connection.execute(select(Release.artefact)).scalar_one()
    first_round, village.round_id = village.round_id, village.open_round()
    for code, value in zip(village.codes(8), reversed(values), strict=True):
        village.send(code, answer(value))
    closed_undisturbed(village)
    with village.database.reading() as connection:
        second = connection.execute(select(Release.artefact).where(Release.round == village.round_id)).scalar_one()
    assert first.replace(first_round, "") == second.replace(village.round_id, "")
