"""A kill −9 anywhere loses nothing, doubles nothing and changes no release. On both databases."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from survey.answering.submission import Outcome
from survey.rounds import errands, planning
from survey.rounds.closing import STEPS, close_round
from survey.storage.engine import Database
from survey.storage.tables import AuditEntry, Code, Release, Round, Sealed
from tests.office import NOW
from tests.village import PASSPHRASE, QUESTIONNAIRE, Village, answer

ROOT = Path(__file__).parents[2]


@pytest.fixture
def village(database: Database, tmp_path: Path) -> Village:
    return Village.found(database, tmp_path)


@pytest.fixture(scope="module")
def killing() -> Iterator[subprocess.Popen[str]]:
    """A process whose children do what they are told, until they are killed."""
    command, pipe = [sys.executable, "-m", "tests.attacks.killed"], subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        yield process
        process.stdin.close()  # type: ignore[union-attr]


Kill = Callable[[str, str, str], None]


@pytest.fixture
def kill(killing: subprocess.Popen[str], village: Village, database_url: str) -> Kill:
    """Begin to send or close, and be killed at a moment of it."""

    def run(what: str, moment: str, detail: str) -> None:
        operation = [what, str(village.keys.folder.parent), database_url, village.round_id, moment, detail]
        print(json.dumps(operation), file=killing.stdin, flush=True)
        assert int(killing.stdout.readline()) == -signal.SIGKILL  # type: ignore[union-attr]  # else it says why above

    return run


def count(village: Village, table: type[Sealed | Code | Release]) -> int:
    with village.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_killed_before_its_commit_a_send_is_as_if_it_never_was_and_succeeds_again(village: Village, kill: Kill) -> None:
    (code,) = village.codes()
    kill("send", "commit", code)
    assert (count(village, Sealed), count(village, Code)) == (0, 1)
    assert village.send(code, answer()) is Outcome.RECEIVED
    assert count(village, Sealed) == 1


def test_killed_after_its_commit_a_send_is_received_already(village: Village, kill: Kill) -> None:
    (code,) = village.codes()
    kill("send", "after", code)
    assert village.send(code, answer()) is Outcome.ALREADY_RECEIVED
    assert count(village, Sealed) == 1


def closed_undisturbed(village: Village) -> str:
    return close_round(village.database, village.keys, village.data, village.round_id)


@pytest.mark.parametrize("moment", ["before", "commit", "after"])
def test_killed_at_any_step_closing_again_gives_the_same_release(village: Village, kill: Kill, moment: str) -> None:
    """Every step is killed in turn, one after the other, on one and the same closing."""
    for code in village.codes(8):
        village.send(code, answer(5, comment="Hei"))
    hashes = set()
    for number, step in enumerate(STEPS):
        if moment == "commit" and step.__name__ in ("verify_release", "destroy_traces", "destroy_files"):
            continue  # these write no transaction
        kill("close", moment, str(number))
        with village.database.reading() as connection:
            hashes |= set(connection.execute(select(Release.sha256)).scalars())
    village.keys.rounds()
    hashes.add(closed_undisturbed(village))
    assert len(hashes) == 1
    assert (count(village, Release), count(village, Sealed), count(village, Code)) == (1, 0, 0)
    assert village.keys.rounds() == []
    with village.database.reading() as connection:
        assert connection.execute(select(Round.state)).scalar() == "released"


@pytest.mark.parametrize("moment", ["commit", "after"])
def test_killed_while_it_opens_or_releases_for_the_web_the_worker_does_it_once(
    village: Village, kill: Kill, moment: str
) -> None:
    village.keys.make_letterbox()
    village.round_id = planning.create(
        village.database, title="Neste", audience="resident", municipality="4601", questionnaire=QUESTIONNAIRE
    )
    for kind, becomes in (("open", "open"), ("stop", "closing"), ("release", "released")):
        with village.database.begin() as connection:
            passphrase = village.keys.posted(PASSPHRASE) if kind == "open" else None
            errands.post(connection, village.round_id, kind, "lise@bergen.no", NOW, passphrase)
        kill("errand", moment, "")
        made = village.keys.web(village.round_id) if kind == "open" and moment == "after" else None
        assert errands.work(village.database, village.keys, village.data)
        assert errands.work(village.database, village.keys, village.data)
        with village.database.reading() as connection:
            state = connection.execute(select(Round.state).where(Round.id == village.round_id)).scalar_one()
            said = connection.execute(select(AuditEntry.action).where(AuditEntry.action == errands.DEEDS[kind])).all()
        assert (state, len(said)) == (becomes, 1)
        assert made is None or village.keys.web(village.round_id) == made
        if kind == "open":
            for code in village.codes(6):
                assert village.send(code, answer()) is Outcome.RECEIVED
    with village.database.reading() as connection:
        released = connection.execute(select(Release.artefact).where(Release.round == village.round_id)).scalar_one()
    assert json.loads(released)["nodes"][0]["n"] == 6


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
