"""Every staff page asks the database as often with many rows as with few, and at most twelve times."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from survey.app import create_app
from survey.keys import KeyStore
from survey.settings import Settings
from survey.storage.engine import Database
from survey.storage.tables import Base
from tests.load.busy import EVERYTHING, LEADER, Busy, session_of
from tests.unit.test_stamped import TABLES

FEW = Busy(units=4, rounds=6, invitees=6, staff=3, deeds=20, others=2)
MANY = Busy(units=12, rounds=12, invitees=24, staff=9, deeds=60, others=6)
MOST = 12
OF_SIGN_IN = {"staff_session", "stamp"}  # read for each request
# Files with everything in them, made once a round.
FILES = {"/staff/rounds/<round_id>/archive.zip"} | {
    f"/staff/releases/<round_id>/committee.{kind}" for kind in ("pdf", "docx")
}


def test_every_staff_page_asks_at_most_twelve_times_however_much_there_is(
    tmp_path: Path, sqlite_template: Path
) -> None:
    few, many = (asked(tmp_path / name, sqlite_template, busy) for name, busy in (("few", FEW), ("many", MANY)))
    pages = {page for page, _ in many}
    assert len(pages) > 30
    assert few.keys() == many.keys()
    assert {page: number for page, number in many.items() if number > MOST} == {}
    assert {page: (few[page], number) for page, number in many.items() if number > few[page]} == {}


def asked(folder: Path, template: Path, busy: Busy) -> dict[tuple[str, str], int]:
    """(rule, address and who asks) of every page that opens -> how many statements its second opening takes."""
    (folder / "data").mkdir(parents=True)
    shutil.copyfile(template, folder / "data" / "medvirk.db")
    KeyStore(folder / "keys").make_session_key()
    settings = Settings.from_environment({"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys"})
    database = Database(settings.database_url)
    busy.fill(database)
    database.dispose()
    app = create_app(settings)
    found = dict(counted(app, busy))
    app.extensions["medvirk.database"].dispose()
    return found


def counted(app: Flask, busy: Busy) -> Iterator[tuple[tuple[str, str], int]]:
    database: Database = app.extensions["medvirk.database"]
    statements: list[str] = []
    for engine in (database._reader, database._writer):
        event.listen(engine, "before_cursor_execute", lambda *execution: statements.append(execution[2]))
    opened = set()
    for staff in (EVERYTHING, LEADER):
        client = app.test_client()
        client.set_cookie("medvirk_staff", session_of(app, database, staff), path="/staff")
        for rule, address in busy.addresses(app):
            statements.clear()
            if rule in FILES or (first := client.get(address)).status_code != 200:
                continue
            if b'class="masthead"' in first.data:
                assert 'language=nn" lang="nn"' in first.text, f"{address} speaks one language"
            if rule.startswith("/staff/releases/") and first.mimetype == "text/html":
                read = {table for statement in statements for table in re.findall(r'(?:FROM|JOIN) "?(\w+)', statement)}
                assert read & Base.metadata.tables.keys() <= TABLES | OF_SIGN_IN, f"{address} follows from more"
            opened.add(rule)
            statements.clear()
            assert client.get(address).status_code == 200
            yield (rule, f"{address} ({staff})"), len(statements)
    assert opened | FILES == {rule for rule, _ in busy.addresses(app)}, (
        "for these, tests/load/busy.py has no address that opens"
    )


def test_a_page_that_stands_for_something_new_must_be_given_an_address(tmp_path: Path) -> None:
    app = Flask(__name__)
    app.add_url_rule("/staff/novelty/<novelty>", "novelty", lambda novelty: novelty)
    with pytest.raises(LookupError, match="give novelty a value"):
        list(FEW.addresses(app))
