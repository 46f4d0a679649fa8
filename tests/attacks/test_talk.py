"""Nothing joins a request to talk to an answer or a code: no id, no hash, no order, no day. On both databases."""

import datetime as dt
import hashlib
import re
from pathlib import Path

import pytest
from sqlalchemy import Table, select, text
from sqlalchemy.exc import OperationalError

from survey.access.codes import hashed
from survey.answering.submission import Outcome as Sent
from survey.register.contacts import SIDES
from survey.rounds.closing import close_round
from survey.storage.engine import Database
from survey.storage.tables import Base, Code, Sealed, TalkRequest
from survey.talk import requests, telling
from survey.talk.asking import Outcome, ask
from tests.attacks.test_races import all_at_once
from tests.village import SUBMISSION, Village, answer

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def village(database: Database, tmp_path: Path) -> Village:
    village = Village.found(database, tmp_path)
    village.befriend()
    return village


def wants(village: Village, code: str, side: str = "here", name: str = "") -> Outcome:
    return ask(village.database, village.keys, code=code, side=side, name=name, today=TODAY)


def rows(village: Village, table: Table) -> list[dict[str, object]]:
    with village.database.reading() as connection:
        return [dict(row._mapping) for row in connection.execute(select(table))]


def everything_but(village: Village, *tables: Table) -> set[object]:
    """Every value in every other table."""
    others = [table for table in Base.metadata.sorted_tables if table not in tables]
    return {value for table in others for row in rows(village, table) for value in row.values() if value.__hash__}


def test_a_request_shares_no_value_with_anything_of_a_round_but_its_place(village: Village) -> None:
    for number, code in enumerate(village.codes(3)):
        wants(village, code, name="Kari Nes")
        assert village.send(code, answer(), submission=f"{number:032x}") is Sent.RECEIVED
    register = {Base.metadata.tables[name] for name in ("node", "contact")}
    request = Base.metadata.tables["talk_request"]
    told = {value for row in rows(village, request) for value in row.values()} - {"arna"}
    assert told & everything_but(village, request, *register) == set()
    assert {key.column.table.name for key in request.foreign_keys} == {"node"}
    assert set(request.columns.keys()) == {
        "id", "unit", "side", "contact", "name", "asked", "state", "remove_on",
    }  # fmt: skip


def test_the_mails_of_a_morning_share_no_value_with_a_round_and_tell_no_order_and_no_time(village: Village) -> None:
    for number, code in enumerate(village.codes(6)):
        wants(village, code)
        village.send(code, answer(), submission=f"{number:032x}")
    telling.queue(village.database, TODAY)
    request, mail = (Base.metadata.tables[name] for name in ("talk_request", "talk_mail"))
    assert rows(village, mail) == []  # not on the day itself
    telling.queue(village.database, TODAY + dt.timedelta(days=1))
    made = rows(village, mail)
    assert {(row["due"], row["told"]) for row in made} == {
        (dt.datetime.combine(TODAY + dt.timedelta(days=1), dt.time(5)), None)
    }
    assert {row["id"] for row in made} & everything_but(village, mail) == set()
    assert {row["request"] for row in made} & everything_but(village, mail, request) == set()
    assert {key.column.table.name for key in mail.foreign_keys} == {"talk_request"}


def test_no_id_is_made_of_the_code_even_for_who_holds_every_key(village: Village) -> None:
    (code,) = village.codes()
    for side in SIDES:
        wants(village, code, side)
    web = village.keys.web(village.round_id)
    keys = (web.pepper, web.mail, web.wrapping)
    texts = [code, *(f"{part}{joint}{code}" for part in (*SIDES, SUBMISSION) for joint in ("/", "", "-"))]
    made = {hashed(key, words).hex() for key in keys for words in texts}
    made |= {hashlib.sha256(words.encode()).hexdigest() for words in texts}
    ids = [str(row["id"]) for row in rows(village, Base.metadata.tables["talk_request"])]
    assert all(re.fullmatch("[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}", each) for each in ids)  # random: uuid4
    assert not [each for each in ids if any(each in one or one in each for one in made)]


def test_after_sending_nothing_tells_who_had_asked_from_who_had_not(village: Village) -> None:
    asking, silent = village.codes(2)
    for side in SIDES:
        wants(village, asking, side)
    village.send(asking, answer(5), submission="a" * 32)
    village.send(silent, answer(1), submission="b" * 32)
    with village.database.reading() as connection:
        assert connection.execute(select(Code.hmac)).all() == []
        kept = connection.execute(select(Sealed.id, Sealed.batch, Sealed.tag, Sealed.box)).all()
    assert len({(len(row.id), row.batch, len(row.tag), len(row.box)) for row in kept}) == 1


def test_requests_of_a_day_have_no_order_that_staff_or_sqlite_could_show(village: Village) -> None:
    for number, code in enumerate(village.codes(12)):
        wants(village, code, name=f"Person {number}")
    with village.database.reading() as connection:
        shown = requests.listed(connection, ["4601"], TODAY)
        assert [each.id for each in shown] == sorted(each.id for each in shown)
        if village.database.is_sqlite:
            with pytest.raises(OperationalError, match="no such column"):
                connection.execute(text("SELECT rowid FROM talk_request"))


def test_a_copied_code_does_not_show_whether_its_person_asked_or_answered(village: Village) -> None:
    silent, asking, sent, sent_and_asked = village.codes(4)
    for code in (asking, sent_and_asked):
        wants(village, code)
    for code in (sent, sent_and_asked):
        village.send(code, answer(), submission=hashlib.sha256(code.encode()).hexdigest()[:32])
    assert wants(village, silent) is wants(village, asking) is Outcome.TOLD
    assert wants(village, sent) is wants(village, sent_and_asked) is Outcome.NOT_VALID


def test_sixteen_presses_at_once_ask_once(village: Village) -> None:
    (code,) = village.codes()
    assert set(all_at_once(*[lambda: wants(village, code)] * 16)) == {Outcome.TOLD}
    with village.database.reading() as connection:
        assert len(connection.execute(select(TalkRequest.id)).all()) == 1


def test_asking_while_sending_leaves_one_answer_and_no_mark(village: Village) -> None:
    (code,) = village.codes()
    sent, asked = all_at_once(lambda: village.send(code, answer()), lambda: wants(village, code))
    assert sent is Sent.RECEIVED
    assert asked in (Outcome.TOLD, Outcome.NOT_VALID)
    with village.database.reading() as connection:
        assert connection.execute(select(Code.hmac)).all() == []


def test_when_the_round_is_closed_the_request_stands_alone(village: Village) -> None:
    sent, unsent = village.codes(2)
    for code in (sent, unsent):
        wants(village, code)
    village.send(sent, answer())
    close_round(village.database, village.keys, village.data, village.round_id)
    for table in (Code, Sealed):
        assert rows(village, Base.metadata.tables[table.__tablename__]) == []
    assert len(rows(village, Base.metadata.tables["talk_request"])) == 2
