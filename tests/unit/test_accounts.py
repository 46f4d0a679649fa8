"""Passwords that are accepted, how they are kept, and whose role reaches where."""

import datetime as dt

import pytest
from sqlalchemy import insert, select

from survey.staff import accounts, passwords, signed_in
from survey.staff.accounts import AccountError
from survey.staff.roles import ADMINISTRATOR, QUALITY_ADVISER
from survey.storage.engine import Database
from survey.storage.tables import Node, Staff, StaffSession
from tests.staffed import known

GOOD = "korrekt hest batteri"
NOW = dt.datetime(2026, 11, 23, 8)  # noqa: DTZ001 – as the database keeps it


def settle(database: Database, municipalities: dict[str, bool]) -> None:
    """Municipalities, and whether each has a service."""
    places = [(id_, "municipality", None) for id_ in municipalities]
    places += [(f"{id_}-s", "service", id_) for id_, served in municipalities.items() if served]
    with database.begin() as connection:
        for id_, level, parent in places:
            node = {"id": id_, "level": level, "parent": parent, "name": {"nb": id_}}
            connection.execute(insert(Node).values(**node, service_kind=None, places=None))


@pytest.mark.parametrize(
    "password",
    [
        *("short", "elevensigns", "passord123456", "Medvirk-2026!", "aaaaaaaaaaaaaaa", "anna.berg-2026", "x" * 201),
        *(
            "x" * 200,
            "Sommer2026!!!",
            "BERGEN2026!!!",
            "qwertyuiop123",
            "1q2w3e4r5t6y",
            "P@ssw0rd2026!",
            "abcabcabcabc",
        ),
        *("Liverpool1234", "jegelskerdeg!", "Annaberg12345"),
    ],
)
def test_a_password_that_is_short_or_among_the_first_guesses_is_refused(password: str) -> None:
    with pytest.raises(passwords.PasswordError, match="words"):
        passwords.check(password, "anna.berg@bergen.no")


@pytest.mark.parametrize("password", ["fjorten grønne elger", "passordet er blått og langt", "Xk7-qQ2m-pL9z"])
def test_a_password_of_several_words_or_random_signs_is_accepted(password: str) -> None:
    passwords.check(password, "anna.berg@bergen.no")


def test_a_made_password_is_accepted_and_never_the_same() -> None:
    made = {passwords.generate() for _ in range(100)}
    assert len(made) == 100
    for password in made:
        passwords.check(password, "anna@bergen.no")


@pytest.mark.usefixtures("real_passwords")
def test_passwords_are_kept_as_argon2id_and_an_a_with_a_ring_is_one_however_typed() -> None:
    kept = passwords.hashed("blåbærsyltetøy på brød")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(kept, "bla\u030abærsyltetøy pa\u030a brød")
    assert not passwords.matches(kept, "blåbærsyltetøy på brod")
    assert not passwords.matches(None, "blåbærsyltetøy på brød")


def test_signing_in_gives_the_roles_at_the_municipality(database: Database) -> None:
    settle(database, {"4601": True, "0301": False})
    accounts.create(database, " Anna@Bergen.no ", GOOD, ADMINISTRATOR, None)
    accounts.create(database, "anna@bergen.no", GOOD, QUALITY_ADVISER, "0301")
    anna = known(database, "ANNA@bergen.no", GOOD)
    assert anna
    member = signed_in.member(database, signed_in.begin(database, anna, "", NOW), NOW)
    assert member
    assert member.email == "anna@bergen.no"
    assert member.roles == {(ADMINISTRATOR, "4601"), (QUALITY_ADVISER, "0301")}
    assert member.may((ADMINISTRATOR,), "4601")
    assert not member.may((ADMINISTRATOR,), "0301")
    assert member.nodes((ADMINISTRATOR, QUALITY_ADVISER)) == {"4601", "0301"}
    assert known(database, "anna@bergen.no", GOOD + "!") is None
    assert known(database, "nobody@bergen.no", GOOD) is None


def test_a_new_password_ends_the_sessions_of_the_old_one(database: Database) -> None:
    settle(database, {"4601": True})
    accounts.create(database, "anna@bergen.no", GOOD, ADMINISTRATOR, None)
    anna = known(database, "anna@bergen.no", GOOD)
    assert anna
    key = signed_in.begin(database, anna, "", NOW)
    accounts.create(database, "anna@bergen.no", "hest korrekt batteri", ADMINISTRATOR, None)
    assert signed_in.member(database, key, NOW) is None
    assert known(database, "anna@bergen.no", "hest korrekt batteri")


@pytest.mark.parametrize(
    ("email", "municipality", "words"),
    [
        ("anna", "4601", "no e-mail address"),
        ("a b@bergen.no", "4601", "no e-mail address"),
        ("anna@bergen.no", "9999", "no municipality 9999"),
        ("anna@bergen.no", "4601-s", "no municipality 4601-s"),
        ("anna@bergen.no", None, "2 municipalities have services.*--municipality"),
    ],
)
def test_an_account_that_cannot_be_made_leaves_nothing_and_says_the_cure(
    database: Database, email: str, municipality: str | None, words: str
) -> None:
    settle(database, {"4601": True, "0301": True})
    with pytest.raises(AccountError, match=words):
        accounts.create(database, email, GOOD, ADMINISTRATOR, municipality)
    with database.reading() as connection:
        assert connection.execute(select(Staff)).all() == []


def test_the_database_holds_no_key_that_opens_a_session_and_forgets_those_that_are_over(database: Database) -> None:
    settle(database, {"4601": True})
    accounts.create(database, "anna@bergen.no", GOOD, ADMINISTRATOR, None)
    anna = known(database, "anna@bergen.no", GOOD)
    assert anna
    first = signed_in.begin(database, anna, "", NOW)
    later = NOW + dt.timedelta(hours=8)
    assert signed_in.member(database, first, later - dt.timedelta(seconds=1))
    assert signed_in.member(database, first, later) is None
    signed_in.begin(database, anna, "", later)
    with database.reading() as connection:
        (key,) = connection.execute(select(StaffSession.key)).scalars()
    assert signed_in.member(database, key.hex(), later) is None
    assert first.encode() not in key


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
            "Safari, iPad",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("curl/8.5.0", ""),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(user_agent: str, name: str) -> None:
    assert signed_in.browser_of(user_agent) == name
