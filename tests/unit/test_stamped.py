"""What a process remembers of the register is what stands there, whoever has written, and however."""

import datetime as dt
from collections.abc import Callable
from importlib import import_module

import pytest
from sqlalchemy import Connection, event, insert, select, text, update
from sqlalchemy.exc import OperationalError

from survey.desk.earlier import keeping
from survey.register import municipalities, tree
from survey.register.closing import merge
from survey.register.contact_file import keep_contact
from survey.register.contacts import everybody
from survey.register.editing import change
from survey.register.importing import import_register
from survey.staff import signed_in
from survey.storage import stamped
from survey.storage.engine import Database
from survey.storage.tables import Node, Staff
from tests.lent import Lender

VERSIONS = ("0021_what_has_changed", "0023_who_may_do_what")
TABLES = {
    table
    for version in VERSIONS
    for tables in import_module(f"survey.storage.migrations.versions.{version}").AREAS.values()
    for table in tables
}
PLACES = (
    ("4601", "municipality", None, "Bergen"),
    ("s", "service", "4601", "Dagsenter"),
    ("d", "division", "s", "Fana"),
    *((f"u{n}", "unit", "d", f"Sted {n}") for n in (1, 2, 3)),
)
TODAY = dt.date(2027, 5, 3)
FILE = """municipality_number,service_kind,service,division,unit_id,unit,places
4601,day_centre,Dagsenter,Fana bydel,u9,Et til,5
"""


@pytest.fixture
def filled(database: Database) -> Database:
    with database.begin() as connection:
        for id_, level, parent, name in PLACES:
            places = 7 if level == "unit" else None
            kind = None if level == "municipality" else "day_centre"
            row = {"id": id_, "level": level, "parent": parent, "name": {"nb": name}, "places": places}
            connection.execute(insert(Node).values(**row, service_kind=kind))
    return database


def seen(database: Database) -> tuple[object, ...]:
    """All that is told of the register outside a transaction, each asked for twice."""
    for _ in range(2):
        with database.reading() as connection:
            told = all_of(connection)
    return told


def all_of(connection: Connection) -> tuple[object, ...]:
    units = [f"u{n}" for n in range(1, 6)]
    return (
        tree.everything(connection),
        [(place, tree.subtree(connection, "4601").path(place.id)) for place in tree.subtree(connection, "4601")],
        {way: list(each) for way, each in tree.under(connection, ["d", "s", "gone"]).items()},
        dict(tree.reach(connection, ["d"])),
        tree.ways(connection, units),
        {unit: tree.joined(connection, unit) for unit in ["", *units]},
        {unit: tree.path(connection, unit) for unit in tree.ways(connection, units)},
        dict(everybody(connection)),
    )


def by_hand(*statements: str) -> Callable[[Connection], object]:
    return lambda connection: [connection.execute(text(statement)) for statement in statements]


CONTACT = {"place": "u1", "side": "here", "name": "Ola", "role": "Leder", "email": "o@x.no", "phone": ""}
CHANGES: tuple[Callable[[Connection], object], ...] = (
    lambda connection: connection.execute(update(Node).where(Node.id == "u1").values(name={"nb": "Et annet"})),
    by_hand("INSERT INTO node (id, level, parent, name) VALUES ('u4', 'unit', 'd', '{\"nb\": \"Nytt\"}')"),
    by_hand("UPDATE node SET parent = 's' WHERE id = 'u4'"),
    lambda connection: merge(connection, "u2", "u1", TODAY),
    lambda connection: keep_contact(connection, CONTACT),
    by_hand("UPDATE contact SET name = 'Kari'"),
    by_hand("DELETE FROM contact"),
    by_hand("DELETE FROM node WHERE id = 'u4'"),
    lambda connection: change(connection, "d", {"nb": "Fana bydel"}, ""),
    lambda connection: import_register(connection, FILE.encode(), within=["4601"]),
    municipalities.seed,
)


def test_every_change_is_seen_at_once_by_another_process(filled: Database) -> None:
    other = Database(filled.url)
    before = seen(other)
    for change_it in CHANGES:
        with filled.begin() as connection:
            change_it(connection)
            inside = all_of(connection)
        assert seen(other) == seen(filled) == inside != before
        before = inside
    other.dispose()


def test_what_is_remembered_is_read_once(filled: Database) -> None:
    seen(filled)
    asked: list[str] = []
    event.listen(filled._reader, "before_cursor_execute", lambda *execution: asked.append(execution[2]))
    with filled.reading() as connection:
        stamped.see(connection, connection.execute(select(*stamped.NUMBERS)).one())
        all_of(connection)
    assert len(asked) == 1
    stamped.forget()


def test_a_transaction_sees_its_own_changes_and_nobody_else_does_before_it_commits(filled: Database) -> None:
    before = seen(filled)
    with filled.begin() as connection:
        CHANGES[0](connection)
        assert all_of(connection) != before
        assert seen(filled) == before
        connection.rollback()
    assert seen(filled) == before
    with filled.begin() as connection:  # the number that was given back is given to another change
        CHANGES[4](connection)
        inside = all_of(connection)
    assert seen(filled) == inside


def test_a_change_between_number_and_rows_is_not_taken_for_what_was_before(filled: Database) -> None:
    other = Database(filled.url)
    waiting = [CHANGES[0]]

    def meanwhile(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "stamp" in statement and waiting:
            with other.begin() as connection:
                waiting.pop()(connection)

    event.listen(filled._reader, "after_cursor_execute", meanwhile)
    now = seen(filled)
    with other.begin() as connection:
        assert all_of(connection) == now
        CHANGES[4](connection)
        CHANGES[6](connection)  # as it was, under another number
    assert seen(filled) == now
    other.dispose()


def test_who_writes_in_a_request_reads_what_they_wrote(filled: Database) -> None:
    with filled.reading() as connection:
        stamped.see(connection, connection.execute(select(*stamped.NUMBERS)).one())
        before = all_of(connection)
    with filled.begin() as connection:
        CHANGES[0](connection)
    with filled.reading() as connection:
        assert all_of(connection) != before


@pytest.mark.postgres
def test_two_who_write_at_once_leave_a_number_that_knows_both(postgres_lender: Lender) -> None:
    """The second waits at the number until the first has committed."""
    with postgres_lender.lend() as url:
        database = Database(url)
        with database.begin() as connection:
            connection.execute(
                insert(Node), [{"id": id_, "level": "municipality", "name": {"nb": id_}} for id_ in "ab"]
            )
        with database.begin() as first, database.begin() as second:
            first.execute(update(Node).where(Node.id == "a").values(name={"nb": "first"}))
            second.execute(update(Node).where(Node.id == "b").values(name={"nb": "second"}))
            first.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # as it ends
            second.execute(text("SET LOCAL lock_timeout = '20ms'"))
            with pytest.raises(OperationalError, match="lock timeout"):
                second.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            second.rollback()
        with database.reading() as connection:
            assert {place.called() for place in tree.everything(connection).values()} == {"first", "b"}
        database.dispose()


def test_each_table_that_something_is_remembered_of_tells_of_every_kind_of_change(database: Database) -> None:
    """A migration that makes a table anew on SQLite must make its triggers anew too."""
    names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if not database.is_sqlite:
        names = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
    with database.reading() as connection:
        found = set(connection.execute(text(names)).scalars())
    kinds = ("stamped_insert", "stamped_update", "stamped_delete") if database.is_sqlite else ("stamped", "emptied")
    assert {f"{table}_{kind}" for table in TABLES for kind in kinds} <= found


def test_what_somebody_may_do_is_what_was_given_to_them_last(filled: Database) -> None:
    other, now = Database(filled.url), dt.datetime.fromisoformat("2027-05-03")
    with filled.begin() as connection:
        connection.execute(insert(Staff).values(id="a", email="a@x.no", password="", works_at="u1", provisional=True))
    key = signed_in.begin(filled, "a", "Firefox", now)

    def told() -> tuple[object, ...] | None:
        held = signed_in.member(other, key, now)
        return held and (held.roles, held.helps, held.works, held.email, held.second_factor, held.provisional)

    before = told()
    assert before == (frozenset(), frozenset(), {("4601", "s", "d", "u1")}, "a@x.no", False, True)
    for table, statement in (
        ("role", "INSERT INTO role (staff, role, node) VALUES ('a', 'unit_leader', 'u1')"),
        ("role", "UPDATE role SET node = 'u2'"),
        ("staff", "UPDATE staff SET works_at = 'u3', provisional = false"),
        ("second_factor", "INSERT INTO second_factor (staff, secret, used) VALUES ('a', '', 0)"),
        ("second_factor", "DELETE FROM second_factor"),
        ("node", "UPDATE node SET parent = 's' WHERE id = 'u3'"),
        ("role", "DELETE FROM role"),
        ("staff", "DELETE FROM staff"),
    ):
        with filled.begin() as connection:
            connection.execute(text(statement))
        assert told() != before, f"{table} has changed"
        before = told()
    assert before is None
    other.dispose()


def test_what_staff_write_of_a_release_is_remembered_until_somebody_writes_more(filled: Database) -> None:
    other = Database(filled.url)

    def numbers() -> list[int]:
        with other.reading() as connection:
            read = stamped.memory(connection, stamped.REPORTS)
            assert read is not None
            return read.get("numbers", lambda: [one.year for one in keeping.of_municipality(connection, "4601")])

    assert numbers() is numbers()
    row = "('a', '4601', '4601', 'resident', 2019, '', 'food', 'liked', 70, NULL, NULL, 40, '')"
    for statement, found in (
        (f"INSERT INTO earlier_result VALUES {row}", [2019]),
        ("UPDATE earlier_result SET year = 2020", [2020]),
        ("DELETE FROM earlier_result", []),
    ):
        with filled.begin() as connection:
            connection.execute(text(statement))
        assert numbers() == found
    other.dispose()
