"""A round's leader plans, opens, follows and closes a round in the web alone; the worker does what needs keys."""

import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from werkzeug.test import TestResponse

from survey import worker
from survey.access.issuing import IssuingError
from survey.app import create_app
from survey.invitations.outbox import utcnow
from survey.keys import KeyStore
from survey.questionnaire.answers import Answer
from survey.questionnaire.loading import SHIPPED, load_folder
from survey.rounds import errands
from survey.settings import Settings
from survey.staff.roles import QUALITY_ADVISER, ROUND_LEADER
from survey.storage.engine import Database
from survey.storage.tables import AuditEntry, Errand, Release, Round
from tests.journeys.test_worker import Pauses
from tests.staffed import employ, sign_in, token
from tests.village import PASSPHRASE, Village, settle

TODAY = dt.datetime.now(dt.UTC).date()
SOON, LATER = TODAY + dt.timedelta(days=7), TODAY + dt.timedelta(days=30)
RESIDENTS = load_folder(SHIPPED)["day-centre-residents"]
STEPS: dict[str, dict[str, Any]] = {
    "who": {"title": "Høsten 2027", "what": "day-centre-residents:day_centre", "languages": ["nb", "nn"]},
    "where": {"part": "chosen", "units": ["arna"]},
    "how": {"ways": ["self", "paper"], "keep_unfinished": "1"},
    "anonymity": {"helped": "2"},
    "decision": {"decision": "Helseutvalget, sak 31/27", "leader": "Lise Lie", "retention": "Alltid (arkivloven)"},
    "dates": {"opens": SOON.isoformat(), "closes": LATER.isoformat(), "repeat": "12"},
}


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """On SQLite alone; test_rights.py does the same on PostgreSQL, with the web's own role."""
    (tmp_path / "data").mkdir()
    shutil.copyfile(sqlite_template, tmp_path / "data" / "medvirk.db")
    return f"sqlite:///{tmp_path}/data/medvirk.db"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    KeyStore(tmp_path / "keys").make_session_key()
    folders = {"MEDVIRK_DATA": f"{tmp_path}/data", "MEDVIRK_KEYS": f"{tmp_path}/keys"}
    return Settings.from_environment({**folders, "MEDVIRK_DATABASE_URL": database_url})


@pytest.fixture
def app(settings: Settings, database: Database) -> Iterator[Flask]:
    """An empty register but for a service with two units, and two people."""
    settle(database)
    employ(database, "lise@bergen.no", [ROUND_LEADER])
    employ(database, "anna@bergen.no", [QUALITY_ADVISER])
    app = create_app(settings)
    yield app
    app.extensions["medvirk.database"].dispose()


@pytest.fixture
def lise(app: Flask) -> FlaskClient:
    return sign_in(app, "lise@bergen.no", language="en")


@pytest.fixture
def work(settings: Settings) -> Callable[[], None]:
    """The worker looks once at what there is to do."""
    return lambda: worker.run(settings, Pauses(), utcnow)


def post(client: FlaskClient, address: str, **form: Any) -> TestResponse:
    return client.post(address, data={**form, "csrf_token": token(client.get("/staff/account"))})


def begun(lise: FlaskClient) -> str:
    """The address of a new round."""
    made = post(lise, "/staff/rounds/new", title="Høsten", what="day-centre-residents:day_centre")
    assert made.status_code == 303
    return re.sub("/plan/where$", "", made.location)


def planned(lise: FlaskClient, **steps: dict[str, Any]) -> str:
    """The address of a round whose plan is complete."""
    round_ = begun(lise)
    for step, form in {**STEPS, **steps}.items():
        saved = post(lise, f"{round_}/plan/{step}", **form)
        assert saved.status_code == 303, saved.text
    return round_


def opened(lise: FlaskClient, work: Callable[[], None]) -> str:
    round_ = planned(lise)
    work()  # makes the letterbox
    assert post(lise, f"{round_}/open", passphrase=PASSPHRASE, again=PASSPHRASE).status_code == 303
    work()
    return round_


def id_of(round_: str) -> str:
    return round_.rsplit("/", 1)[1]


def page(client: FlaskClient, address: str) -> str:
    found = client.get(address)
    assert found.status_code == 200
    return " ".join(found.text.split())


def state(database: Database, round_: str) -> str:
    with database.reading() as connection:
        return str(connection.execute(select(Round.state).where(Round.id == id_of(round_))).scalar_one())


def deeds(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        rows = connection.execute(select(AuditEntry.who, AuditEntry.action).order_by(AuditEntry.number)).all()
    return [(who, action) for who, action in rows if action not in ("role_given", "signed_in")]


def test_from_an_empty_installation_to_results_all_in_the_web(
    app: Flask, lise: FlaskClient, database: Database, settings: Settings, work: Callable[[], None]
) -> None:
    assert "There is no round yet." in page(lise, "/staff/rounds")
    round_ = opened(lise, work)
    assert state(database, round_) == "open"
    assert "People are answering now." in page(lise, round_)
    village = Village(database, KeyStore(settings.keys), settings.data, id_of(round_))
    all_well = Answer("nb", 3, "none", {question.id: 5 for question in RESIDENTS.questions if question.scale}, {})
    for code in village.codes(9):
        village.send(code, all_well)
    later = TODAY + dt.timedelta(days=60)
    assert post(lise, f"{round_}/extend", closes=later.isoformat()).status_code == 303
    for kind, becomes in (("stop", "closing"), ("resume", "open"), ("stop", "closing")):
        post(lise, f"{round_}/close", kind=kind)
        work()
        assert state(database, round_) == becomes
    assert "Arna" in page(lise, f"{round_}/close")
    ticked = dict.fromkeys(("paper", "register", "spares", "final"), "1")
    assert post(lise, f"{round_}/close", kind="release", **ticked).status_code == 303
    work()
    assert state(database, round_) == "released"
    anna = sign_in(app, "anna@bergen.no", language="en")
    assert "9 of 9 invited answered." in page(anna, f"/staff/releases/{id_of(round_)}")
    post(lise, f"{round_}/close", kind="destroy", copies="1")
    work()
    assert "The recovery copy is still on the machine." in page(lise, round_)
    village.keys.recovery_file(id_of(round_)).unlink()
    work()
    assert "The round is over." in page(lise, round_)
    assert state(database, round_) == "destroyed"
    done = [action for who, action in deeds(database) if who == "lise@bergen.no"]
    assert done[0] == "round_created"
    assert [each for each in done[1:] if each not in ("round_changed", "worker_asked")] == [
        *("round_opened", "round_extended", "round_stopped", "round_resumed", "round_stopped"),
        *("round_closed", "round_destroyed"),
    ]


def test_what_was_planned_is_what_the_round_does(lise: FlaskClient, database: Database) -> None:
    round_ = planned(lise)
    with database.reading() as connection:
        row = connection.execute(select(Round).where(Round.id == id_of(round_))).one()
    assert (row.title, row.k, row.b, row.keep_unfinished) == ("Høsten 2027", 7, 3, True)
    shown = page(lise, round_)
    for words in ("The plan is complete.", "Arna: 1 units with 20 places", "Helseutvalget, sak 31/27", "Every year"):
        assert words in shown
    assert "bokmål" in page(lise, f"{round_}/plan/who")


UNUSABLE: list[tuple[str, dict[str, Any], str]] = [
    ("who", {"title": " "}, "Give the round a title"),
    ("who", {"what": "nothing:day_centre"}, "Choose one of these."),
    ("who", {"languages": []}, "Choose at least one language."),
    ("where", {"part": ""}, "Say whether the whole municipality is asked"),
    ("where", {"units": ["elsewhere"]}, "Choose at least one unit."),
    ("how", {"ways": []}, "Choose at least one way."),
    ("anonymity", {"helped": "many"}, "Write a number from 0"),
    ("anonymity", {"helped": "2", "b": "2"}, "so this must be at least 3"),
    ("anonymity", {"helped": "2", "b": "3", "k": "6"}, "This must be at least 7"),
    ("decision", {"decision": ""}, "Write at least a few words"),
    ("dates", {"closes": SOON.isoformat()}, "comes after the first"),
    ("dates", {"opens": "32.13.2027"}, "Choose a day."),
    ("dates", {"repeat": "5"}, "Choose one of these."),
]


def test_what_cannot_be_used_names_its_cure_and_nothing_typed_is_lost(lise: FlaskClient) -> None:
    round_ = begun(lise)
    for step, form, cure in UNUSABLE:
        sent = {**STEPS[step], **form}
        refused = post(lise, f"{round_}/plan/{step}", **sent)
        shown = " ".join(refused.text.split())
        assert (refused.status_code, cure in shown) == (422, True), cure
        typed = [
            name for name in sent if name in ("title", "helped", "b", "k", "decision", "leader", "retention", "opens")
        ]
        for value in (sent[name] for name in typed if sent[name].strip()):
            assert f'value="{value}"' in shown or f">{value}</textarea>" in shown, value


def test_what_a_plan_hides_is_shown_by_the_rule_of_the_release(lise: FlaskClient) -> None:
    round_ = planned(lise, where={"part": "everywhere"}, anonymity={"helped": "0"})
    shown = page(lise, f"{round_}/plan/anonymity")
    # 22 % of 20 and 30 are 4 and 7: Arna is too few, and Fana goes with it; 55 % are 11 and 17 (rounded up from 16.5).
    assert "If 22 % answer: 0 of 2 units are shown by themselves." in shown
    assert "If 55 % answer: 2 of 2 units are shown by themselves." in shown
    assert "4: too few, not shown" in shown
    assert "7: shown together with others" in shown


def test_a_unit_is_asked_by_one_open_round_at_a_time(lise: FlaskClient, work: Callable[[], None]) -> None:
    opened(lise, work)
    second = planned(lise, where={"part": "chosen", "units": ["fana"]})
    refused = post(lise, f"{second}/plan/where", part="everywhere")
    assert refused.status_code == 422
    assert "Some of these are asked now in “Høsten 2027”." in refused.text


def test_two_plans_of_one_unit_open_once(lise: FlaskClient, work: Callable[[], None]) -> None:
    second = planned(lise)
    opened(lise, work)
    refused = post(lise, f"{second}/open", passphrase=PASSPHRASE, again=PASSPHRASE)
    assert refused.status_code == 422
    assert "Units of this round are asked now in “Høsten 2027”." in refused.text


def test_codes_are_for_the_units_of_the_plan_alone(
    lise: FlaskClient, database: Database, settings: Settings, work: Callable[[], None]
) -> None:
    round_ = opened(lise, work)
    village = Village(database, KeyStore(settings.keys), settings.data, id_of(round_))
    with pytest.raises(IssuingError, match="not in the plan"):
        village.codes(1, unit="fana")


def test_a_round_is_not_opened_before_its_plan_is_complete_or_without_a_good_passphrase(
    lise: FlaskClient, database: Database, work: Callable[[], None]
) -> None:
    round_ = begun(lise)
    assert post(lise, f"{round_}/open", passphrase=PASSPHRASE, again=PASSPHRASE).status_code == 422
    round_ = planned(lise)
    for passphrase, again, why in (
        ("kort", "kort", "Use at least 12 signs"),
        (PASSPHRASE, PASSPHRASE + "x", "The two differ."),
        (PASSPHRASE, PASSPHRASE, "has never run"),
    ):
        refused = post(lise, f"{round_}/open", passphrase=passphrase, again=again)
        assert (refused.status_code, why in refused.text) == (422, True)
        assert passphrase not in refused.text
    with database.reading() as connection:
        assert connection.execute(select(Errand)).all() == []


def test_the_passphrase_waits_closed_and_is_gone_when_the_round_is_open(
    lise: FlaskClient, database: Database, settings: Settings, work: Callable[[], None]
) -> None:
    round_ = planned(lise)
    work()
    post(lise, f"{round_}/open", passphrase=PASSPHRASE, again=PASSPHRASE)
    assert "The round is being opened" in page(lise, round_)
    with database.reading() as connection:
        box = connection.execute(select(Errand.passphrase)).scalar_one()
    assert PASSPHRASE.encode() not in box
    assert KeyStore(settings.keys).read_posted(box) == PASSPHRASE
    work()
    with database.reading() as connection:
        assert connection.execute(select(Errand)).all() == []
    keys = KeyStore(settings.keys)
    copy = keys.recovery_file(id_of(round_)).read_bytes()
    with database.reading() as connection:
        public_key = connection.execute(select(Round.public_key)).scalar_one()
    keys.recover(id_of(round_), public_key, copy, PASSPHRASE)


def test_a_passphrase_for_another_worker_is_asked_for_again(
    lise: FlaskClient, database: Database, settings: Settings, work: Callable[[], None]
) -> None:
    round_ = planned(lise)
    work()
    post(lise, f"{round_}/open", passphrase=PASSPHRASE, again=PASSPHRASE)
    (settings.keys / "worker" / "letterbox").unlink()
    work()
    assert "The passphrase could not be used." in page(lise, round_)
    post(lise, f"{round_}/withdraw")
    assert "being opened" not in page(lise, round_)
    post(lise, f"{round_}/open", passphrase=PASSPHRASE, again=PASSPHRASE)
    work()
    assert state(database, round_) == "open"


def test_an_errand_done_but_not_written_down_is_written_down_once(
    lise: FlaskClient, database: Database, settings: Settings, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the worker had been killed after the keys were made and before it said so."""
    round_ = planned(lise)
    work()
    post(lise, f"{round_}/open", passphrase=PASSPHRASE, again=PASSPHRASE)
    keys = KeyStore(settings.keys)
    with monkeypatch.context() as patched:
        patched.setattr(errands.audit, "note_round", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            errands.work(database, keys, settings.data)
    assert state(database, round_) == "open"
    made = keys.web(id_of(round_))
    assert errands.work(database, keys, settings.data)
    assert errands.work(database, keys, settings.data)
    assert KeyStore(settings.keys).web(id_of(round_)) == made
    assert deeds(database).count(("lise@bergen.no", "round_opened")) == 1


def test_a_release_asks_for_every_tick_and_waits_for_its_keys(
    lise: FlaskClient, database: Database, settings: Settings, work: Callable[[], None]
) -> None:
    round_ = opened(lise, work)
    assert post(lise, f"{round_}/close", kind="release", final="1").status_code == 422
    ticked = dict.fromkeys(("paper", "register", "spares", "final"), "1")
    assert post(lise, f"{round_}/close", kind="release", **ticked).status_code == 422  # answers are still taken
    post(lise, f"{round_}/close", kind="stop")
    assert post(lise, f"{round_}/close", kind="stop").status_code == 422  # asked already
    work()
    post(lise, f"{round_}/close", kind="release", **ticked)
    private = settings.keys / "worker" / id_of(round_) / "private"
    away = private.rename(private.with_name("away"))
    work()
    assert "The keys of this round cannot be used." in page(lise, round_)
    assert state(database, round_) == "closing"
    away.rename(private)
    work()
    assert state(database, round_) == "released"
    with database.reading() as connection:
        assert len(connection.execute(select(Release)).all()) == 1


def test_an_open_round_stays_as_it_was_planned_in_the_web_and_in_the_database(
    lise: FlaskClient, database: Database, work: Callable[[], None]
) -> None:
    round_ = opened(lise, work)
    for step, form in STEPS.items():
        assert post(lise, f"{round_}/plan/{step}", **form).status_code == 422
        assert "can be read but no longer changed" in page(lise, f"{round_}/plan/{step}")
    for change in ({"k": 20}, {"title": "Annet"}, {"questionnaire": "{}"}, {"public_key": b"x"}):
        with pytest.raises(DatabaseError, match="stays as it was planned"), database.begin() as connection:
            connection.execute(update(Round).values(**change))
    with database.begin() as connection:
        connection.execute(text("UPDATE round SET state = 'closing'"))


def test_an_adviser_reads_the_plan_and_changes_nothing(app: Flask, lise: FlaskClient) -> None:
    round_ = planned(lise)
    anna = sign_in(app, "anna@bergen.no", language="en")
    shown = page(anna, round_)
    assert "Helseutvalget, sak 31/27" in shown
    assert "What comes next" not in shown
    for address in (f"{round_}/plan/who", f"{round_}/open", f"{round_}/close"):
        assert anna.get(address).status_code == 404
    assert anna.get("/staff/rounds/new").status_code == 403
    assert post(anna, f"{round_}/withdraw").status_code == 404


def test_the_page_is_seen_beforehand_and_cannot_be_sent(lise: FlaskClient) -> None:
    round_ = planned(lise)
    shown = page(lise, f"{round_}/preview/nn")
    assert RESIDENTS.questions[0].text["nn"] in shown
    assert "A preview: it cannot be sent" in shown
    assert 'id="send-button" disabled' in shown
    assert ">Arna<" in shown
    assert lise.get(f"{round_}/preview/en").status_code == 404  # not one of the round's languages


def test_days_around_a_round_are_listed_and_go_into_a_calendar(lise: FlaskClient) -> None:
    round_ = planned(lise)
    event = "Informasjonsdag; for pårørende, og alle som vil høre hva undersøkelsen er og hva den skal brukes til"
    assert post(lise, f"{round_}/wheel", title="", day="").status_code == 422
    assert post(lise, f"{round_}/wheel", title=event, day=SOON.isoformat()).status_code == 303
    assert event in page(lise, f"{round_}/wheel")
    got = lise.get(f"{round_}/calendar.ics")
    assert got.mimetype == "text/calendar"
    lines = got.data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    unfolded = got.text.replace("\r\n ", "")
    assert f"SUMMARY:Høsten 2027: {event.replace(';', chr(92) + ';').replace(',', chr(92) + ',')}\r\n" in unfolded
    assert f"DTSTART;VALUE=DATE:{LATER:%Y%m%d}\r\n" in unfolded
    assert unfolded.count("The next round begins") == 4
    [event_id] = re.findall(r'name="away" value="(\w+)"', lise.get(f"{round_}/wheel").text)
    post(lise, f"{round_}/wheel", away=event_id)
    assert event not in page(lise, f"{round_}/wheel")
