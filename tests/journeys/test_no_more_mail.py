"""One press and no more mail comes: by the link in a mail, or by the mail program itself. Nothing is kept of who."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from survey.answering.submission import Outcome
from survey.app import create_app
from survey.invitations.reminding import GAP
from survey.rounds.closing import close_round
from survey.rounds.noted import noted
from survey.settings import Settings
from survey.storage.tables import Base, Batch, Code, Invited, Invitee
from tests.journeys.test_reminding import code_of, reminded
from tests.mailserver import serving
from tests.office import KARI, NOW, OLA, Office, village_of_relatives
from tests.village import answer

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def app(settings: Settings, database_url: str) -> Iterator[Flask]:
    """The web of an installation with its own office."""
    keys, data = {"MEDVIRK_KEYS": str(settings.keys), "MEDVIRK_DATA": str(settings.data)}, settings.data
    data.mkdir(parents=True, exist_ok=True)
    app = create_app(Settings.from_environment({**keys, "MEDVIRK_DATABASE_URL": database_url}))
    yield app
    app.extensions["medvirk.database"].dispose()


@pytest.fixture
def office(app: Flask, settings: Settings) -> Iterator[Office]:
    with serving() as server:
        office = Office(village_of_relatives(app.extensions["medvirk.database"], settings.keys.parent), server)
        office.invite(KARI, OLA)
        office.send()
        yield office


def address(office: Office, number: int = 0) -> str:
    found = re.fullmatch(r"<https://m\.example(/no-more-mail/\S+)>", office.server.received[number]["List-Unsubscribe"])
    assert found
    return found[1]


def everything(office: Office) -> dict[str, str]:
    with office.village.database.reading() as connection:
        return {table.name: repr(connection.execute(select(table)).all()) for table in Base.metadata.sorted_tables}


def test_looking_changes_nothing_and_one_press_without_cookie_ends_it(app: Flask, office: Office) -> None:
    client, code = app.test_client(use_cookies=False), code_of(office, KARI)
    before = everything(office)
    for _ in range(2):
        page = client.get(address(office))
        assert page.status_code == 200
        assert "Vil du ikke ha mer e-post" in page.text
    assert client.head(address(office)).status_code == 200
    assert everything(office) == before
    answer_ = client.post(address(office), data=ONE_CLICK)
    assert (answer_.status_code, answer_.headers.get("Set-Cookie")) == (200, None)
    assert "ikke mer e-post" in answer_.text
    assert office.village.send(code, answer()) is Outcome.NOT_VALID
    assert reminded(office, "reminder_1", NOW + GAP)
    office.send()
    assert office.server.recipients() == [KARI, OLA, OLA]


def test_pressed_again_or_after_answering_it_does_nothing(app: Flask, office: Office) -> None:
    client, number = app.test_client(), office.village
    assert number.send(code_of(office, OLA), answer()) is Outcome.RECEIVED
    for _ in range(3):
        for which in (0, 1):
            assert client.post(address(office, which), data=ONE_CLICK).status_code == 200
            assert "ikke mer e-post" in client.get(address(office, which)).text
    with number.database.reading() as connection:
        assert noted(connection, number.round_id) == {"4601": {"no_more_mail": 1}}
        assert connection.execute(select(Invitee.id).union_all(select(Invitee.id))).all() == []


def test_nothing_is_kept_of_who_it_was_and_they_are_not_invited_again(app: Flask, office: Office) -> None:
    with office.village.database.reading() as connection:
        invitee = connection.execute(select(Invitee.id).where(Invitee.email == KARI)).scalar_one()
        marks = connection.execute(select(Invited.hmac).order_by(Invited.hmac)).all()
        batches = connection.execute(select(Batch).order_by(Batch.id)).all()
    app.test_client().post(address(office), data=ONE_CLICK)
    tables = everything(office)
    assert not [name for name, rows in tables.items() if KARI in rows or invitee in rows]
    office.invite(KARI)
    with office.village.database.reading() as connection:
        assert connection.execute(select(Invited.hmac).order_by(Invited.hmac)).all() == marks
        assert connection.execute(select(Batch).order_by(Batch.id)).all() == batches, "no place tells that it was there"
        assert connection.execute(select(Invitee.email)).scalars().all() == [OLA]
        assert len(connection.execute(select(Code.hmac)).all()) == 1


def test_the_token_is_no_code_and_a_changed_one_leads_nowhere(app: Flask, office: Office) -> None:
    client = app.test_client()
    token = address(office).rpartition("/")[2].partition("?")[0]
    assert code_of(office, KARI) not in token
    assert client.post("/start", data={"code": token}).status_code == 422
    before = everything(office)
    for wrong in (token[:-4] + "AAAA", token[1:], "A" * len(token), "x", "æ", "%00", f"{token}A", "=" * 5):
        assert client.get(f"/no-more-mail/{wrong}").status_code == 404, wrong
        assert client.post(f"/no-more-mail/{wrong}", data=ONE_CLICK).status_code == 404, wrong
    assert everything(office) == before


def test_closing_ends_the_token_and_the_release_counts_who_would_not(app: Flask, office: Office) -> None:
    village = office.village
    app.test_client().post(address(office), data=ONE_CLICK)
    close_round(village.database, village.keys, village.data, village.round_id)
    tables = everything(office)
    assert '"not_now":"fewer than 5"' in tables["release"]
    assert tables["noted"] == "[]"
    for which in (0, 1):
        assert app.test_client().post(address(office, which), data=ONE_CLICK).status_code == 404
