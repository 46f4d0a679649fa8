"""Many at once: one code gives one answer, and a Send that meets the close is counted or told. On both databases."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from survey.access.issuing import IssuingError, batch_for
from survey.answering.submission import Outcome
from survey.rounds.closing import close_round
from survey.storage.engine import Database
from survey.storage.tables import Batch, Release, Sealed
from tests.village import Village, answer


@pytest.fixture
def village(database: Database, tmp_path: Path) -> Village:
    return Village.found(database, tmp_path)


def all_at_once(*calls: Callable[[], Any]) -> list[Any]:
    gate = threading.Barrier(len(calls))

    def go(call: Callable[[], Any]) -> Any:
        gate.wait(10)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(go, calls))


def test_sixteen_at_once_with_one_code_give_one_answer(village: Village) -> None:
    (code,) = village.codes()
    outcomes = all_at_once(
        *(lambda number=number: village.send(code, answer(), submission=f"{number:032x}") for number in range(16))
    )
    assert Counter(outcomes) == {Outcome.RECEIVED: 1, Outcome.NOT_VALID: 15}
    with village.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(Sealed)).scalar() == 1


def test_one_send_pressed_sixteen_times_is_received_once_and_received_already_otherwise(village: Village) -> None:
    (code,) = village.codes()
    outcomes = all_at_once(*[lambda: village.send(code, answer())] * 16)
    assert Counter(outcomes) == {Outcome.RECEIVED: 1, Outcome.ALREADY_RECEIVED: 15}


def test_a_send_racing_the_close_is_counted_or_told_closed_never_lost(village: Village) -> None:
    codes = village.codes(20)
    outcomes: list[object] = all_at_once(
        *(lambda code=code: village.send(code, answer()) for code in codes[:10]),
        lambda: close_round(village.database, village.keys, village.data, village.round_id),
        *(lambda code=code: village.send(code, answer()) for code in codes[10:]),
    )
    received = outcomes.count(Outcome.RECEIVED)
    assert received + outcomes.count(Outcome.CLOSED) == 20
    with village.database.reading() as connection:
        artefact = connection.execute(select(Release.artefact)).scalar_one()
    shown = f'"n":{received},' in artefact
    assert shown == (received >= 5), f"{received} were thanked"


def test_two_who_hand_out_the_last_codes_at_once_do_not_pass_the_limit(village: Village) -> None:
    village.codes(20)

    def try_two() -> int:
        try:
            return len(village.codes(2))
        except IssuingError:
            return 0

    assert sorted(all_at_once(*[try_two] * 4)) == [0, 0, 0, 2]
    with village.database.reading() as connection:
        assert connection.execute(select(Batch.issued)).scalar() == 22


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_two_who_hand_out_the_first_codes_at_once_do_so_both_with_planned_groups_or_both_without(
    village: Village,
) -> None:
    waiting = text(
        "SELECT 1 FROM pg_locks JOIN pg_database ON oid = database "
        "WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
    )
    with ThreadPoolExecutor(1) as pool, village.database.reading() as watcher:
        with village.database.begin() as first:
            batch_for(first, village.round_id, "arna", 1, group="covered")
            second = pool.submit(village.codes, unit="fana")
            while not (second.done() or watcher.execute(waiting).first()):
                pass
        with pytest.raises(IssuingError, match="planned groups"):
            second.result(10)
