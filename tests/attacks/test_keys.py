"""Keys that are half made, made anew or unreadable trouble their own round alone; destroyed ones are forgotten."""

from pathlib import Path

import pytest
from sqlalchemy import select

from survey import worker
from survey.access.redeem import find
from survey.keys import KeysError, KeyStore
from survey.rounds import planning
from survey.rounds.closing import close_round
from survey.storage.engine import Database
from survey.storage.tables import Round
from tests.attacks.test_races import all_at_once
from tests.invited import invite
from tests.journeys.test_worker import Pauses, settings_of
from tests.office import NOW, village_of_relatives
from tests.village import PASSPHRASE, QUESTIONNAIRE, RELATIVES, Village

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def village(database: Database, tmp_path: Path) -> Village:
    return Village.found(database, tmp_path)


def test_an_opening_that_was_killed_half_way_stops_no_other_round(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = village.codes()
    planned = planning.create(
        village.database, title="t", audience="resident", municipality="4601", questionnaire=QUESTIONNAIRE
    )
    written = []

    def killed(path: Path, content: bytes, mode: int) -> None:
        written.append(path)
        path.write_bytes(content)
        if len(written) == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("survey.keys._write", killed)
        with pytest.raises(KeyboardInterrupt):
            planning.open_round(village.database, village.keys, planned, PASSPHRASE)
    assert {path.parent.parent.name for path in written} == {"web", "worker"}
    assert find(village.database, KeyStore(village.keys.folder), code)
    village.keys.destroy(planned)
    assert [path for path in written if path.exists()] == []


def test_a_web_process_that_saw_keys_of_a_killed_opening_takes_those_that_were_made_anew(village: Village) -> None:
    planned = planning.create(
        village.database, title="t", audience="relative", municipality="4601", questionnaire=RELATIVES
    )
    village.keys.make(planned, PASSPHRASE)
    web = KeyStore(village.keys.folder)
    assert web.rounds()
    first = web.web(planned)
    planning.open_round(village.database, village.keys, planned, PASSPHRASE)
    (code,) = village.codes(round_id=planned)
    assert find(village.database, web, code)
    assert web.web(planned) != first


def test_a_round_whose_keys_cannot_be_read_stops_no_other(village: Village) -> None:
    other = village.open_round(audience="relative", questionnaire=RELATIVES)
    (code,), (troubled,) = village.codes(), village.codes(round_id=other)
    (village.keys.folder / "web" / other / "pepper").chmod(0o444)
    web = KeyStore(village.keys.folder)
    assert find(village.database, web, code)
    with pytest.raises(KeysError, match="chmod"):
        find(village.database, web, troubled)


def test_a_worker_that_goes_on_forgets_keys_that_are_destroyed(
    database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = village_of_relatives(database, tmp_path)
    invite(database, village.keys, village.round_id, b"unit_id,email,language\narna,kari@example.no,nb\n", NOW)
    of_worker = KeyStore(village.keys.folder)
    monkeypatch.setattr(worker, "KeyStore", lambda _folder: of_worker)
    remembered: list[list[str]] = []
    pauses = Pauses(
        lambda: remembered.append([*of_worker._known]),
        lambda: village.keys.destroy(village.round_id),
        lambda: remembered.append([*of_worker._known]),
    )
    worker.run(settings_of(database_url, tmp_path), pauses)
    assert remembered == [[village.round_id], []]


def test_two_who_close_at_once_both_see_it_released(village: Village) -> None:
    def close() -> str:
        return close_round(village.database, village.keys, village.data, village.round_id)

    assert len(set(all_at_once(close, close))) == 1
    with village.database.reading() as connection:
        assert connection.execute(select(Round.state)).scalar() == "released"
