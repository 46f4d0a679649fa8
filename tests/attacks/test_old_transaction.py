"""Somebody's forgotten transaction on PostgreSQL must not keep alive what closing destroys."""

from pathlib import Path

import pytest
from sqlalchemy import select, text

from survey.rounds import closing
from survey.rounds.closing import close_round
from survey.rounds.planning import RoundError
from survey.storage.engine import Database
from survey.storage.tables import Code, Round, Sealed
from tests.attacks.test_traces import files_of, holding
from tests.village import Village, answer


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_closing_goes_on_only_when_no_older_transaction_keeps_deleted_rows_in_the_files(
    database: Database, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "PATIENCE", 0)
    village = Village.found(database, tmp_path)
    spent, _ = village.codes(2)
    village.send(spent, answer())
    with database.reading() as connection:
        sealed = connection.execute(select(Sealed.tag, Sealed.box)).one()
        unspent = connection.execute(select(Code.hmac)).scalar_one()
    with database.writer.connect().execution_options(isolation_level="REPEATABLE READ") as forgotten:
        forgotten.execute(text("SELECT 1 FROM node")).all()
        with pytest.raises(RoundError, match="older transaction"):
            close_round(database, village.keys, village.data, village.round_id)
    with database.reading() as connection:
        assert connection.execute(select(Round.state)).scalar() == "closing"

    close_round(database, village.keys, village.data, village.round_id)
    with database.reading() as connection:
        connection.execute(text("CHECKPOINT"))
    left = [path for path in files_of(village, request) if "pg_wal" not in path.parts]
    assert list(holding(left, sealed.tag, sealed.box[:64], unspent)) == []
