"""Background work: once a night, in spite of errors, and with the database away."""

import datetime as dt
import logging
from collections.abc import Callable
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, update

from survey import worker
from survey.rounds.comments import remove_unreviewed
from survey.settings import Settings
from survey.storage import migrating
from survey.storage.engine import Database
from survey.storage.tables import AnswerCount, Batch, Comment, Round
from tests.village import Village, answer

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC).replace(tzinfo=None)
DAY = dt.timedelta(days=1)


class Pauses(Event):
    """Does one thing in each pause of a worker, without waiting; after the last it tells the worker to stop."""

    def __init__(self, *things: Callable[[], object]) -> None:
        super().__init__()
        self.things = list(things)
        self.seconds: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout)
        if self.things:
            self.things.pop(0)()
        else:
            self.set()
        return self.is_set()


@pytest.fixture
def village(database: Database, tmp_path: Path) -> Village:
    return Village.found(database, tmp_path)


def settings_of(database_url: str, folder: Path) -> Settings:
    return Settings.from_environment(
        {"MEDVIRK_DATABASE_URL": database_url, "MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys"}
    )


def counts(village: Village) -> dict[str, int]:
    rows = select(Batch.unit, AnswerCount.number).join_from(AnswerCount, Batch)
    with village.database.reading() as connection:
        return {row.unit: row.number for row in connection.execute(rows)}


def test_answers_are_counted_for_each_unit_of_an_open_round(
    village: Village, database_url: str, tmp_path: Path
) -> None:
    for code in (*village.codes(2), *village.codes(1, unit="fana")):
        village.send(code, answer())
    village.codes(1, unit="fana", way="interview")
    worker.run(settings_of(database_url, tmp_path), Pauses(), lambda: NOON)
    with village.database.reading() as connection:
        rows = connection.execute(select(Batch.unit, Batch.way, AnswerCount.number).join_from(AnswerCount, Batch)).all()
    assert sorted(rows) == [("arna", "self", 2), ("fana", "interview", 0), ("fana", "self", 1)]


def test_a_count_is_made_once_a_day_also_when_the_worker_starts_anew(
    village: Village, database_url: str, tmp_path: Path
) -> None:
    first, second = village.codes(2)
    village.send(first, answer())
    settings = settings_of(database_url, tmp_path)
    worker.run(settings, Pauses(), lambda: NOON)
    village.send(second, answer())
    worker.run(settings, Pauses(lambda: None), lambda: NOON + DAY / 3)
    assert counts(village) == {"arna": 1}
    worker.run(settings, Pauses(), lambda: NOON + DAY)
    assert counts(village) == {"arna": 2}


def test_a_worker_that_goes_on_for_days_counts_every_night(village: Village, database_url: str, tmp_path: Path) -> None:
    first, second = village.codes(2)
    now = [NOON]

    def answered_next_day() -> None:
        village.send(second, answer())
        now[0] += DAY

    village.send(first, answer())
    worker.run(settings_of(database_url, tmp_path), Pauses(answered_next_day), lambda: now[0])
    assert counts(village) == {"arna": 2}


def test_a_round_that_is_not_open_is_not_counted(village: Village, database_url: str, tmp_path: Path) -> None:
    village.codes(1)
    with village.database.begin() as connection:
        connection.execute(update(Round).values(state="closing"))
    worker.run(settings_of(database_url, tmp_path), Pauses(), lambda: NOON)
    assert counts(village) == {}


def test_texts_that_nobody_reviewed_in_time_are_removed(village: Village) -> None:
    today = NOON.date()
    kept = {"shown": ("shown", today - DAY), "not yet": ("waiting", today + DAY)}
    texts = kept | {"today": ("waiting", today), "long ago": ("waiting", today - 9 * DAY)}
    rows = [
        {
            "id": uuid4().hex,
            "round": village.round_id,
            "question": "say",
            "text": text,
            "state": state,
            "remove_on": day,
        }
        for text, (state, day) in texts.items()
    ]
    with village.database.begin() as connection:
        connection.execute(insert(Comment), rows)
    remove_unreviewed(village.database, today)
    with village.database.reading() as connection:
        assert set(connection.execute(select(Comment.text)).scalars()) == set(kept)


def test_an_error_in_one_task_stops_no_other_and_is_logged_without_its_words(
    village: Village,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    words = "kari@example.no"

    def broken(*_: object) -> None:
        raise ValueError(words)

    village.send(village.codes(1)[0], answer())
    pauses = Pauses(monkeypatch.undo)
    monkeypatch.setattr("survey.invitations.sending.Post.write", broken)
    worker.run(settings_of(database_url, tmp_path), pauses, lambda: NOON)
    assert counts(village) == {"arna": 1}
    assert pauses.seconds == [worker.AFTER_TROUBLE, worker.PAUSE]
    assert "Mail failed (ValueError)" in caplog.text
    assert "broken" in caplog.text
    assert "kari" not in caplog.text


def test_work_waits_until_the_database_has_its_tables(
    empty_database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pauses = Pauses(lambda: migrating.upgrade(empty_database))
    url = empty_database.url.render_as_string(hide_password=False)
    worker.run(settings_of(url, tmp_path), pauses, lambda: NOON)
    assert pauses.seconds == [worker.AFTER_TROUBLE, worker.PAUSE]
    assert "Run: medvirk db upgrade" in caplog.text


def test_work_goes_on_when_the_database_is_back(
    village: Village, database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> None:
        with village.database.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE outbox RENAME TO gone")

    def back() -> None:
        with village.database.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE gone RENAME TO outbox")

    pauses = Pauses(away, back)
    worker.run(settings_of(database_url, tmp_path), pauses, lambda: NOON)
    assert pauses.seconds == [worker.PAUSE, worker.AFTER_TROUBLE, worker.PAUSE]
    assert caplog.messages


def test_a_server_that_is_away_is_told_in_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    url = "postgresql+psycopg://nobody:secret-marker@127.0.0.1:1/medvirk"
    pauses = Pauses()
    worker.run(settings_of(url, tmp_path), pauses, lambda: NOON)
    assert pauses.seconds == [worker.AFTER_TROUBLE]
    assert caplog.messages == [
        "Background work waits: the database cannot be used (OperationalError). It is tried again."
    ]
