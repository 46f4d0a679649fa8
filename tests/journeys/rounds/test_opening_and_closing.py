"""A round's leader opens, follows and closes a round in the web alone; the worker does what needs keys."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from survey.access.issuing import IssuingError
from survey.keys import KeyStore
from survey.questionnaire.answers import Answer
from survey.rounds import closing, errands, plan
from survey.rounds.noted import note
from survey.rounds.planning import RoundError
from survey.settings import Settings
from survey.storage.engine import Database
from survey.storage.tables import Errand, Release, Round, Sealed
from tests.leading import OPEN, RESIDENTS, STEPS, TODAY, begun, deeds, id_of, opened, page, planned, state
from tests.staffed import post, sign_in
from tests.village import PASSPHRASE, Village

DAY = dt.timedelta(days=1)


def test_from_an_empty_installation_to_results_all_in_the_web(
    app: Flask, lise: FlaskClient, database: Database, settings: Settings, work: Callable[[], None]
) -> None:
    assert "There is no round yet." in page(lise, "/staff/rounds")
    round_ = opened(lise, work)
    assert state(database, round_) == "open"
    now = page(lise, round_)
    assert "People are answering now." in now
    assert ": 31 days</p><p>Its plan says " in now, "from the day on which it was opened"
    assert "<p>Until " in page(lise, "/staff/rounds")
    village = Village(database, KeyStore(settings.keys), settings.data, id_of(round_))
    all_well = Answer("nb", 3, "none", {question.id: 5 for question in RESIDENTS.questions if question.scale}, {})
    for code in village.codes(9):
        village.send(code, all_well)
    for days, meant, told in (
        (-1, "", "is past. Choose a day that comes."),
        (7000, "", "more than ten years away"),
        (9, "", "People may have been told"),
        (200, "shortened", "It takes answers for 201 days."),
    ):
        refused = post(lise, f"{round_}/extend", closes=(closes := (TODAY + days * DAY).isoformat()), meant=meant)
        assert (refused.status_code, told in refused.text, f'value="{closes}"' in refused.text) == (422, True, True)
    assert f"It takes answers from {TODAY:%A}" in refused.text
    assert post(lise, f"{round_}/extend", closes=closes, meant="long").status_code == 303
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
    work()  # waits until it is confirmed once more
    assert state(database, round_) == "released"
    post(lise, f"{round_}/close", kind="destroy", copies="1")
    work()
    assert "The round is over." in page(lise, round_)
    assert state(database, round_) == "destroyed"
    done = [action for who, action in deeds(database) if who == "lise@bergen.no"]
    assert done[0] == "round_created"
    assert [each for each in done[1:] if each not in ("round_changed", "worker_asked")] == [
        *("round_opened", "round_extended", "round_stopped", "round_resumed", "round_stopped"),
        *("round_closed", "round_destroyed"),
    ]


def test_two_plans_of_one_unit_open_once(lise: FlaskClient, work: Callable[[], None]) -> None:
    second = planned(lise)
    opened(lise, work)
    refused = post(lise, f"{second}/open", **OPEN)
    assert refused.status_code == 422
    assert "Units of this round are asked now in “Høsten 2027”." in refused.text


def test_who_is_reached_follows_the_plan_and_who_does_not_answer_now_is_counted(
    lise: FlaskClient, database: Database, work: Callable[[], None]
) -> None:
    round_ = opened(lise, work)
    links = page(lise, round_)
    for reaching in ("residents", "cards", "leftovers"):
        assert f'href="{round_}/{reaching}"' in links
    residents = page(lise, f"{round_}/residents")
    assert "Arna" in residents
    assert "Fana" not in residents
    with database.begin() as connection:
        note(connection, id_of(round_), "arna", {"alone": 9, "will_not": 3, "away": 2})
    assert "Not now, in the whole round: Do not want to 3; Ill or away 2." in page(lise, round_)


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
    assert post(lise, f"{round_}/open", **OPEN).status_code == 422
    round_ = planned(lise)
    assert "The first day of its plan, " in (asked := page(lise, f"{round_}/open"))
    assert "The round opens today, " in asked
    assert "that is 31 days." in asked
    refused = post(lise, f"{round_}/open", **OPEN | {"meant": "long"})
    assert (refused.status_code, "Tick that its days are meant so." in refused.text) == (422, True)
    for passphrase, again, why in (
        ("kort", "kort", "Use at least 12 signs"),
        (PASSPHRASE, PASSPHRASE + "x", "The two differ."),
        (PASSPHRASE, PASSPHRASE, "has never run"),
    ):
        refused = post(lise, f"{round_}/open", **OPEN | {"passphrase": passphrase, "again": again})
        assert (refused.status_code, why in refused.text) == (422, True)
        assert passphrase not in refused.text
    with database.begin() as connection:
        plan.change(connection, id_of(round_), {"opens": TODAY - 2 * DAY, "closes": TODAY - DAY})
    assert "is past. Choose a day that comes." in post(lise, f"{round_}/open", **OPEN).text
    with database.reading() as connection:
        assert connection.execute(select(Errand)).all() == []


def test_the_passphrase_waits_closed_and_is_gone_when_the_round_is_open(
    lise: FlaskClient, database: Database, settings: Settings, work: Callable[[], None]
) -> None:
    round_ = planned(lise)
    work()
    post(lise, f"{round_}/open", **OPEN)
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
    post(lise, f"{round_}/open", **OPEN)
    (settings.keys / "worker" / "letterbox").unlink()
    work()
    assert "The passphrase could not be used." in page(lise, round_)
    post(lise, f"{round_}/withdraw")
    assert "could not be used" not in page(lise, round_)
    post(lise, f"{round_}/open", **OPEN)
    work()
    assert state(database, round_) == "open"


def test_an_errand_done_but_not_written_down_is_written_down_once(
    lise: FlaskClient, database: Database, settings: Settings, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the worker had been killed after the keys were made and before it said so."""
    round_ = planned(lise)
    work()
    post(lise, f"{round_}/open", **OPEN)
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


@pytest.mark.parametrize("and_stopped", [False, True])
def test_answers_taken_again_while_results_are_made_are_not_lost(
    lise: FlaskClient,
    database: Database,
    settings: Settings,
    work: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    and_stopped: bool,
) -> None:
    """Somebody closes from the command line while the worker, asked in the web, takes answers again."""
    round_ = opened(lise, work)
    village = Village(database, KeyStore(settings.keys), settings.data, id_of(round_))
    first, late = village.codes(2)
    everything = Answer("nb", 3, "none", {question.id: 5 for question in RESIDENTS.questions if question.scale}, {})
    village.send(first, everything)
    this = closing.Closing(database, village.keys, settings.data, id_of(round_))

    def audit_while_answers_come(*_: object) -> bool:
        closing.take_again(this)
        village.send(late, everything)
        if and_stopped:
            closing.stop_taking(this)
        return True

    with monkeypatch.context() as patched:
        patched.setattr("reports.audit.passes", audit_while_answers_come)
        with pytest.raises(RoundError, match="taken again meanwhile"):
            closing.close_round(database, village.keys, settings.data, id_of(round_))
    with database.reading() as connection:
        assert connection.execute(select(Release)).all() == []
        assert len(connection.execute(select(Sealed.id)).all()) == 2
    closing.close_round(database, village.keys, settings.data, id_of(round_))
    assert state(database, round_) == "released"
