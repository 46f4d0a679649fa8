"""Talk to somebody: asked from the page with a code, seen and passed on by an adviser, gone in time."""

import datetime as dt
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from survey.access.codes import mint
from survey.answering.submission import Outcome
from survey.app import create_app
from survey.questionnaire.loading import SHIPPED, page_phrases
from survey.register import contacts
from survey.register.contact_file import import_contacts
from survey.rounds.closing import Closing, close_round, stop_taking
from survey.settings import Settings
from survey.staff.roles import QUALITY_ADVISER
from survey.storage.engine import Database
from survey.storage.tables import AuditEntry, TalkMail, TalkRequest, WrongCode
from survey.talk import requests, telling
from tests.staffed import employ, sign_in, token
from tests.village import QUESTIONNAIRE, RELATIVES, Village, answer

JSON = {"Accept": "application/json"}
WORDS = page_phrases(SHIPPED)
TODAY = dt.datetime.now(dt.UTC).date()
DAY = dt.timedelta(days=1)


@pytest.fixture
def village(database: Database, tmp_path: Path) -> Village:
    village = Village.found(database, tmp_path)
    village.befriend()
    return village


@pytest.fixture
def app(village: Village, tmp_path: Path) -> Iterator[Flask]:
    url = village.database.url.render_as_string(hide_password=False)
    places = {"MEDVIRK_DATA": f"{tmp_path}/data", "MEDVIRK_KEYS": f"{tmp_path}/keys", "MEDVIRK_DATABASE_URL": url}
    app = create_app(Settings.from_environment(places))
    yield app
    app.extensions["medvirk.database"].dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def ask(client: FlaskClient, code: str, contact: str = "here", name: str = "") -> tuple[int, str]:
    reply = client.post("/talk", data={"code": code, "contact": contact, "name": name}, headers=JSON)
    return reply.status_code, reply.json["status"]


def asked(village: Village) -> list[tuple[str, str, str, str]]:
    """Unit, side, contact and name of every request."""
    columns = (TalkRequest.unit, TalkRequest.side, TalkRequest.contact, TalkRequest.name)
    with village.database.reading() as connection:
        return sorted(tuple(row) for row in connection.execute(select(*columns)))


def test_a_request_says_where_whom_and_on_what_day_and_spends_no_code(client: FlaskClient, village: Village) -> None:
    (code,) = village.codes()
    assert ask(client, code) == (200, "told")
    with village.database.reading() as connection:
        row = connection.execute(select(TalkRequest.__table__)).one()
    assert (row.unit, row.side, row.contact, row.name, row.state) == ("arna", "here", "Ola Berg", "", "new")
    assert (row.asked, row.remove_on) == (TODAY, TODAY + 180 * DAY)
    assert village.send(code, answer()) is Outcome.RECEIVED


def test_a_code_asks_each_contact_once_however_often_it_is_pressed(client: FlaskClient, village: Village) -> None:
    (code,) = village.codes()
    for contact in ("here", "here", "elsewhere", "elsewhere", "here"):
        assert ask(client, code, contact) == (200, "told")
    assert [side for _, side, _, _ in asked(village)] == ["elsewhere", "here"]


def test_two_people_of_a_place_ask_as_two(client: FlaskClient, village: Village) -> None:
    for code in village.codes(2):
        ask(client, code)
    assert len(asked(village)) == 2


def test_a_name_is_kept_as_it_can_be_shown_and_one_that_is_too_long_is_never_cut_but_told(
    client: FlaskClient, village: Village
) -> None:
    code, other = village.codes(2)
    assert ask(client, code, name="K" * 101) == (422, "name_too_long")
    page = client.post("/talk", data={"code": code, "contact": "here", "name": "K" * 101})
    assert (page.status_code, "Navnet er for langt. Skriv det kortere." in page.text) == (422, True)
    assert asked(village) == []
    assert ask(client, code, name="K" * 100) == (200, "told"), "the code can still be used"
    assert ask(client, other, name="  Kari\0\n Ås ") == (200, "told")
    assert {name for *_, name in asked(village)} == {"Kari Ås", "K" * 100}


def test_a_used_or_unknown_code_asks_nobody_and_counts_as_wrong(client: FlaskClient, village: Village) -> None:
    (code,) = village.codes()
    village.send(code, answer())
    for wrong in (code, mint()):
        assert ask(client, wrong) == (409, "not_valid")
    assert asked(village) == []
    with village.database.reading() as connection:
        assert connection.execute(select(WrongCode.number)).scalar() == 2


def test_what_is_no_code_or_no_contact_is_invalid(client: FlaskClient, village: Village) -> None:
    (code,) = village.codes()
    for given in (("ABCD", "here"), (code, "somebody"), ("", "")):
        assert ask(client, *given) == (422, "invalid")


def test_whom_a_place_does_not_have_cannot_be_asked(client: FlaskClient, village: Village) -> None:
    (code,) = village.codes(unit="fana")
    assert ask(client, code, "here") == (409, "nobody")
    assert ask(client, code, "elsewhere") == (200, "told")


def test_only_residents_ask(client: FlaskClient, village: Village) -> None:
    round_id = village.open_round(audience="relative", questionnaire=RELATIVES)
    (code,) = village.codes(round_id=round_id)
    assert b"talk-form" not in client.post("/start", data={"code": code}).data
    assert ask(client, code) == (409, "nobody")


def test_when_the_round_is_closing_or_closed_nobody_can_be_asked_from_the_page(
    client: FlaskClient, village: Village
) -> None:
    (code,) = village.codes()
    stop_taking(Closing(village.database, village.keys, village.data, village.round_id))
    assert ask(client, code) == (410, "closed")
    close_round(village.database, village.keys, village.data, village.round_id)
    assert ask(client, code) == (409, "not_valid")


def test_a_database_in_trouble_loses_nothing_and_the_next_press_asks(
    client: FlaskClient, village: Village, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    (code,) = village.codes()
    with village.database.begin() as connection:
        connection.execute(text("ALTER TABLE talk_request RENAME TO gone"))
    assert ask(client, code, name="Kari") == (503, "unavailable")
    page = client.post("/talk", data={"code": code, "contact": "here", "name": "Kari"})
    assert page.status_code == 503
    assert 'action="/talk"' in page.text
    assert "Kari" not in caplog.text
    with village.database.begin() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO talk_request"))
    assert ask(client, code, name="Kari") == (200, "told")
    assert asked(village) == [("arna", "here", "Ola Berg", "Kari")]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_without_script_a_page_tells_what_became_of_it(client: FlaskClient, village: Village, language: str) -> None:
    (code,) = village.codes()
    told = client.post("/talk", data={"code": code, "contact": "here", "language": language})
    assert (told.status_code, WORDS["talk_told"].text[language] in told.text) == (200, True)
    refused = client.post("/talk", data={"code": code, "contact": "nobody", "language": language})
    assert (refused.status_code, WORDS["talk_not_here"].text[language] in refused.text) == (422, True)


def test_the_page_offers_those_the_place_has_and_where_it_has_nobody_offers_nothing(
    client: FlaskClient, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contacts, "SECONDS", 0)  # nobody waits until the page may show it

    def offered(unit: str) -> tuple[bool, ...]:
        page = client.post("/start", data={"code": village.codes(unit=unit)[0]}).text
        return tuple(part in page for part in ("Ola Berg", "Ingrid Vik", 'id="talk-button"'))

    assert offered("arna") == (True, True, True)
    assert offered("fana") == (False, True, True)
    with village.database.begin() as connection:
        import_contacts(connection, b"place,side,name,role,email,phone\narna,here,,,,\n4601,elsewhere,,,,\n")
    assert offered("arna") == offered("fana") == (False, False, False)


@pytest.fixture
def anna(app: Flask, village: Village) -> FlaskClient:
    employ(village.database, "anna@bergen.no", [QUALITY_ADVISER])
    return sign_in(app, "anna@bergen.no", language="en")


def decide(anna: FlaskClient, village: Village, decision: str) -> int:
    with village.database.reading() as connection:
        (request,) = connection.execute(select(TalkRequest.id)).scalars()
    form = {"decision": decision, "csrf_token": token(anna.get("/staff/"))}
    return anna.post(f"/staff/talk/{request}", data=form).status_code


def test_an_adviser_sees_a_request_passes_it_on_and_closes_it(
    client: FlaskClient, village: Village, anna: FlaskClient
) -> None:
    assert "want to talk to somebody" not in anna.get("/staff/?language=en").text
    ask(client, village.codes()[0], name="Kari")
    assert "People who want to talk to somebody (1)" in anna.get("/staff/").text
    listed = anna.get("/staff/talk").text
    for words in ("Arna: Kari", "Wants to talk to Ola Berg, who is there.", "ola@bergen.example"):
        assert words in listed
    assert decide(anna, village, "handled") == 302
    assert "want to talk to somebody" not in anna.get("/staff/").text
    assert "Passed on." in anna.get("/staff/talk").text
    assert decide(anna, village, "closed") == 302
    assert "Kari" not in anna.get("/staff/talk").text
    assert asked(village) == [("arna", "here", "Ola Berg", "")]
    assert decide(anna, village, "handled") == 302
    with village.database.reading() as connection:
        noted = connection.execute(
            select(AuditEntry.who, AuditEntry.action, AuditEntry.about).order_by(AuditEntry.number)
        ).all()[-2:]
    assert noted == [("anna@bergen.no", "talk_handled", ""), ("anna@bergen.no", "talk_closed", "")]
    assert "the name is deleted" in anna.get("/staff/talk").text
    assert decide(anna, village, "something else") == 400


def test_an_adviser_is_told_that_the_contact_is_gone(client: FlaskClient, village: Village, anna: FlaskClient) -> None:
    ask(client, village.codes()[0])
    with village.database.begin() as connection:
        import_contacts(connection, b"place,side,name,role,email,phone\narna,here,,,,\n")
    assert "no longer registered" in anna.get("/staff/talk").text


def test_an_adviser_sees_whom_a_mail_has_told_and_whom_to_tell_in_another_way(
    client: FlaskClient, village: Village, anna: FlaskClient
) -> None:
    ask(client, village.codes()[0])
    telling.queue(village.database, TODAY + DAY)
    assert "E-mail" not in anna.get("/staff/talk").text
    notice = telling.take(village.database, dt.datetime.combine(TODAY + DAY, telling.MORNING), DAY)
    assert notice
    telling.sent(village.database, notice, dt.date(2026, 11, 3))
    assert "E-mail without a name sent to Ola Berg on 3 November 2026. <strong>New" in anna.get("/staff/talk").text
    with village.database.begin() as connection:
        connection.execute(update(TalkMail).values(state="failed", told=None))
    assert "cannot be delivered. Tell them in another way." in anna.get("/staff/talk").text
    for name, said in (
        ("Ola Berg", "Call them, they have no e-mail:"),
        ("Per Dal", "Ola Berg is no longer the contact"),
    ):
        line = f"place,side,name,role,email,phone\narna,here,{name},leader,,55 00 00 01\n"
        with village.database.begin() as connection:
            import_contacts(connection, line.encode())
        assert said in anna.get("/staff/talk").text


def test_an_adviser_sees_which_places_that_are_asked_lack_somebody(village: Village, anna: FlaskClient) -> None:
    village.codes(unit="fana")
    village.codes(unit="arna")
    page = anna.get("/staff/talk?language=en").text
    assert "Fana: nobody who is there" in page
    assert "Arna:" not in page


def test_what_is_closed_goes_after_a_month_and_what_nobody_closes_after_half_a_year(
    client: FlaskClient, village: Village
) -> None:
    for code in village.codes(2):
        ask(client, code)
    with village.database.begin() as connection:
        first, second = connection.execute(select(TalkRequest.id)).scalars()
        requests.close(connection, first, TODAY)
    for days, left in ((29, {first, second}), (30, {second}), (179, {second}), (180, set())):
        requests.remove_old(village.database, TODAY + days * DAY)
        with village.database.reading() as connection:
            assert set(connection.execute(select(TalkRequest.id)).scalars()) == left


def test_a_request_outlives_its_round_so_that_nobody_is_unheard(client: FlaskClient, village: Village) -> None:
    ask(client, village.codes()[0])
    close_round(village.database, village.keys, village.data, village.round_id)
    assert len(asked(village)) == 1


def test_only_a_question_that_is_marked_offers_to_talk(client: FlaskClient, village: Village) -> None:
    assert not any(question.offer_talk for question in QUESTIONNAIRE.questions)
    (code,) = village.codes()
    assert "talk-offer" not in client.post("/start", data={"code": code}).text
