"""Who guesses a password or a code is slowed down, wherever they ask from; and shuts nobody out for good."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from survey.app import create_app
from survey.settings import Settings
from survey.staff import guard, passwords
from survey.staff.audit import Action
from survey.staff.browsers import COOKIE
from survey.staff.tries import FORGOTTEN, OF_ACCOUNT, TooManyTriesError, Tries, forget
from survey.storage.engine import Database
from survey.storage.tables import AuditEntry, Staff, Tried
from tests.staffed import PASSWORD, install, post, sign_in, token

ANNA, NOBODY, ADMIN = "anna@bergen.no", "nobody@bergen.no", "admin@bergen.no"
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
WRONG = "feil passord her"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return install(tmp_path, database_url=database_url)


@contextmanager
def process(settings: Settings) -> Iterator[Flask]:
    """One of the processes that serve an installation."""
    app = create_app(settings)
    yield app
    app.extensions["medvirk.database"].dispose()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with process(install(tmp_path)) as app:
        yield app


def guess(
    who: Flask | FlaskClient,
    email: str = ANNA,
    password: str = WRONG,
    address: str = "203.0.113.5",
    headers: dict[str, str] | None = None,
) -> TestResponse:
    """Try a password from an address, in a browser or in one that was never here."""
    client = who.test_client() if isinstance(who, Flask) else who
    form = {"email": email, "password": password, "csrf_token": token(client.get("/staff/sign-in?language=en"))}
    return client.post("/staff/sign-in", data=form, headers=headers, environ_base={"REMOTE_ADDR": address})


def addresses(number: int = 1_000) -> list[str]:
    return [f"198.51.{each // 250}.{each % 250}" for each in range(number)]


def besiege(app: Flask, email: str = ANNA) -> None:
    """Guess from many machines until the account waits."""
    for address in addresses():
        if guess(app, email, address=address).status_code == 429:
            return


def deeds(app: Flask, action: Action) -> list[str]:
    with app.extensions["medvirk.database"].reading() as connection:
        return list(connection.execute(select(AuditEntry.who).where(AuditEntry.action == action)).scalars())


def test_two_processes_give_no_more_tries_than_one_and_a_restart_gives_none(
    settings: Settings, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = []
    monkeypatch.setattr(passwords, "matches", lambda kept, _: looked_at.append(kept))
    with process(settings) as one, process(settings) as two:
        assert [guess((one, two)[number % 2]).status_code for number in range(12)] == [403] * 10 + [429] * 2
    with process(settings) as restarted:
        refused = guess(restarted)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
        assert "Too many tries. Wait 1 minute, or ask your administrator." in refused.text
        assert f'value="{ANNA}"' in refused.text
        assert len(looked_at) == 10, "while one waits, nothing is looked at"
        assert guess(restarted, ADMIN).status_code == 403
        clock.shift(60)
        assert [guess(restarted).status_code for _ in range(2)] == [403, 429]


def test_many_at_the_same_instant_get_no_more_tries_than_one_after_another(settings: Settings) -> None:
    with process(settings) as app:
        gate = Barrier(16)
        browsers = [app.test_client() for _ in range(16)]
        tokens = [token(client.get("/staff/sign-in")) for client in browsers]

        def at_once(client: FlaskClient, csrf_token: str) -> int:
            gate.wait(10)
            form = {"email": ANNA, "password": WRONG, "csrf_token": csrf_token}
            return client.post("/staff/sign-in", data=form).status_code

        with ThreadPoolExecutor(16) as pool:
            assert Counter(pool.map(at_once, browsers, tokens)) == {403: 10, 429: 6}
        assert deeds(app, Action.TRIES_SLOWED) == [ANNA]


def test_from_ever_new_addresses_an_account_is_slowed_down_and_one_that_nobody_has_just_the_same(
    app: Flask, clock: time_machine.Traveller
) -> None:
    def told(email: str, address: str) -> tuple[int, str]:
        answer = guess(app, email, address=address)
        return answer.status_code, re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text).replace(email, "")

    for address in addresses(OF_ACCOUNT + 1):
        known, unknown = told(ANNA, address), told(NOBODY, address)
        assert known == unknown
    assert known[0] == 429
    clock.shift(dt.timedelta(hours=3))
    besiege(app)
    assert deeds(app, Action.TRIES_SLOWED) == [ANNA], "told once a day"
    assert len(deeds(app, Action.SIGN_IN_REFUSED)) == OF_ACCOUNT + 1


def test_whoever_guesses_without_end_gets_few_tries_however_they_pace_them(app: Flask) -> None:
    tries, start = Tries(app.extensions["medvirk.database"], b"key"), NOON.replace(tzinfo=None)

    def got(days: int, rests_after: int) -> int:
        now, made, row = start, 0, 0
        while now < start + dt.timedelta(days=days):
            try:
                tries.take(tries.sign_in(f"{rests_after}@bergen.no", f"address {made}", ""), now)
            except TooManyTriesError as error:
                now += error.wait
            else:
                made, row = made + 1, row + 1
                if row == rests_after:
                    now, row = now + FORGOTTEN, 0
        return made

    assert got(days=30, rests_after=1_000) < 100, "tries in a row that NIST SP 800-63B allows"
    assert [got(days=15, rests_after=rest) for rest in (30, 45, 60)] == [90, 135, 120]


def test_who_is_besieged_gets_in_by_a_browser_of_theirs_and_by_a_new_password_from_an_administrator(
    app: Flask, clock: time_machine.Traveller
) -> None:
    mine, admin = sign_in(app, ANNA), sign_in(app, ADMIN)
    besiege(app)
    assert guess(app, password=PASSWORD, address="192.0.2.1").status_code == 429
    assert guess(mine, password=PASSWORD, address="192.0.2.1").location == "/staff/"
    stolen = app.test_client()
    kept = mine.get_cookie(COOKIE, path="/staff")
    assert kept is not None
    stolen.set_cookie(COOKIE, kept.value, path="/staff")
    answers = [guess(stolen, address=address).status_code for address in addresses(11)]
    assert answers == [403] * 10 + [429], "a browser that is known gets no more than any other"
    assert guess(admin, password=PASSWORD).status_code == 429, "the browser of another is not known to be Anna's"
    with app.extensions["medvirk.database"].reading() as connection:
        anna = connection.execute(select(Staff.id).where(Staff.email == ANNA)).scalar_one()
    page = post(admin, f"/staff/people/{anna}/password")
    (made,) = re.findall(r'<code class="big">([\w-]+)</code>', page.text)
    besiege(app)
    assert guess(app, password=made[:-1]).status_code == 429
    theirs = app.test_client()
    assert guess(theirs, password=made).location == "/staff/"
    besiege(app)
    assert guess(app, password=made).status_code == 429, "it lets in once"
    form = {"old": made, "new": "fjorten grønne elger", "again": "fjorten grønne elger"}
    assert post(theirs, "/staff/account/password", **form).location == "/staff/sign-in"
    assert guess(mine, password="fjorten grønne elger").status_code == 429, "with a new password all browsers are new"
    assert guess(theirs, password="fjorten grønne elger").location == "/staff/"


def test_the_right_password_begins_the_count_anew_and_one_address_cannot_guess_at_everybody(app: Flask) -> None:
    for _ in range(2):
        assert [guess(app).status_code for _ in range(9)] == [403] * 9
        assert guess(app, password=PASSWORD).location == "/staff/"
    others = [guess(app, f"{number}@bergen.no").status_code for number in range(83)]
    assert others == [403] * 82 + [429], "eighteen were Anna's"
    assert guess(app, "83@bergen.no", address="203.0.113.6").status_code == 403


def test_an_address_is_what_the_proxy_says_and_of_a_home_with_many_its_network(app: Flask) -> None:
    def eleventh(email: str, address: str, proxy_says: str = "") -> int:
        """What the last of eleven tries is told; `#` in an address is another number in each."""
        return [
            guess(
                app,
                email,
                WRONG,
                address.replace("#", str(number)),
                {"X-Forwarded-For": proxy_says.replace("#", str(number))},
            ).status_code
            for number in range(11)
        ][-1]

    assert eleventh("a@bergen.no", "127.0.0.1", "203.0.113.5") == 429
    assert guess(app, "a@bergen.no", WRONG, "127.0.0.1", {"X-Forwarded-For": "198.51.100.7"}).status_code == 403
    assert eleventh("b@bergen.no", "127.0.0.1", "10.0.0.#, 203.0.113.5") == 429, (
        "what was told to the proxy is no proof"
    )
    assert eleventh("c@bergen.no", "203.0.113.6", "10.0.0.#") == 429, "and who asks by itself proves nothing"
    assert eleventh("d@bergen.no", "2001:db8:1:2::#") == 429, "a home has more addresses than anybody can count"
    assert eleventh("e@bergen.no", "203.0.113.#") == 403


def test_codes_of_the_second_step_and_the_own_password_cannot_be_guessed_either(
    app: Flask, clock: time_machine.Traveller
) -> None:
    mine = sign_in(app, ANNA)
    (grouped,) = re.findall(r"<code>([A-Z2-7 ]+)</code>", mine.get("/staff/account/second-step").text)
    phone = pyotp.TOTP(grouped.replace(" ", ""))
    assert post(mine, "/staff/account/second-step", code=phone.now()).status_code == 200

    def second_step(client: FlaskClient, code: str = "000000") -> int:
        form = {"code": code, "csrf_token": token(client.get("/staff/sign-in/code"))}
        return client.post("/staff/sign-in/code", data=form).status_code

    thieves = [app.test_client() for _ in range(2)]
    for thief in thieves:
        guess(thief, password=PASSWORD)
    assert [second_step(thieves[number % 2]) for number in range(11)] == [403] * 10 + [429]
    clock.shift(30)
    assert second_step(thieves[0], phone.now()) == 429
    assert guess(mine, password=PASSWORD).location == "/staff/sign-in/code"
    assert second_step(mine, phone.now()) == 302, "in a browser of theirs it is counted apart"
    form = {"old": WRONG, "new": "fjorten grønne elger", "again": "fjorten grønne elger"}
    answers = [post(mine, "/staff/account/password", **form).status_code for _ in range(6)]
    answers += [post(mine, "/staff/account/second-step", **form).status_code for _ in range(5)]
    assert answers == [422] * 10 + [429]
    assert post(mine, "/staff/account/password", **form).status_code == 429


def test_what_is_counted_names_nobody_and_is_thrown_away_after_a_week(
    settings: Settings, clock: time_machine.Traveller
) -> None:
    with process(settings) as app:
        database: Database = app.extensions["medvirk.database"]
        for email in (ANNA, NOBODY):
            guess(app, email)
        with database.reading() as connection:
            rows = connection.execute(select(Tried)).all()
        assert len(rows) > 4
        assert all(len(row.key) == 32 and not re.search(rb"bergen|anna|203", row.key) for row in rows)
        clock.shift(dt.timedelta(days=7, seconds=-1))
        forget(database, guard.now())
        with database.reading() as connection:
            assert len(connection.execute(select(Tried)).all()) == 5
        clock.shift(1)
        forget(database, guard.now())
        with database.reading() as connection:
            assert connection.execute(select(Tried)).all() == []


def test_signing_in_asks_the_database_at_most_twelve_times(app: Flask) -> None:
    database: Database = app.extensions["medvirk.database"]
    statements: list[str] = []
    for engine in (database._reader, database._writer):
        event.listen(engine, "before_cursor_execute", lambda *execution: statements.append(execution[2]))
    client = app.test_client()
    csrf_token = token(client.get("/staff/sign-in"))
    client.post("/staff/sign-in", data={"email": ANNA, "password": PASSWORD, "csrf_token": csrf_token})
    assert 5 < len(statements) <= 12, statements
