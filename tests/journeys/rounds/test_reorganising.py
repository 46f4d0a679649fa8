"""A reorganisation comes: a round is shown as the units will be, and afterwards what was shown before is compared."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import insert

from survey.keys import KeyStore
from survey.questionnaire.answers import Answer
from survey.register import closing, tree
from survey.rounds.leaves import asked
from survey.settings import Settings
from survey.storage.engine import Database
from survey.storage.tables import Node
from tests.leading import RESIDENTS, TODAY, id_of, opened, page, planned
from tests.staffed import post
from tests.village import Village, texts

COMING = {"part": "everywhere", "goes": ["arna", "fana"], "to": ["nesttun", "4601-e"]}


def grow(database: Database) -> None:
    """Nesttun, which Arna will join, and another service, to which Fana will move."""
    there = {"service_kind": "day_centre", "places": None}
    with database.begin() as connection:
        east = {"id": "4601-e", "level": "service", "parent": "4601", "name": texts("Dagsenter øst")}
        nesttun = {"id": "nesttun", "level": "unit", "parent": "4601-d", "name": texts("Nesttun")}
        connection.execute(insert(Node), [{**there, **east}, {**there, **nesttun, "places": 12}])


def test_a_round_may_be_shown_as_the_units_will_be(
    lise: FlaskClient, database: Database, settings: Settings, work: Callable[[], None]
) -> None:
    grow(database)
    round_ = opened(lise, work, where=COMING)
    assert "Shown as after the reorganisation that comes." in page(lise, round_)
    foreseen = page(lise, f"{round_}/plan/anonymity")
    assert "of 2 units are shown by themselves" in foreseen
    assert "Dagsenter øst" in foreseen
    village = Village(database, KeyStore(settings.keys), settings.data, id_of(round_))
    well = Answer("nb", 3, "none", {question.id: 5 for question in RESIDENTS.questions if question.scale}, {})
    codes = [
        code for unit, number in (("arna", 4), ("nesttun", 5), ("fana", 8)) for code in village.codes(number, unit)
    ]
    for code in codes:
        village.send(code, well)
    with database.reading() as connection:
        shown = asked(connection, id_of(round_), "4601")
    assert {(node.id, node.parent, node.invited) for node in shown.nodes if node.level == "unit"} == {
        ("nesttun", "4601-d", 9),
        ("fana", "4601-e", 8),
    }


def test_what_cannot_come_is_told_and_nothing_is_lost(lise: FlaskClient, database: Database) -> None:
    grow(database)
    round_ = planned(lise)
    for goes, to, why in (
        (["arna"], [""], "Choose in each line a unit"),
        (["arna"], ["arna"], "Choose in each line a unit"),
        (["arna"], ["4601"], "Choose in each line a unit"),
        (["arna", "arna"], ["nesttun", "fana"], "The same unit stands in two lines."),
        (["arna", "fana"], ["fana", "nesttun"], "A unit that others join does not go anywhere itself."),
    ):
        refused = post(lise, f"{round_}/plan/where", part="everywhere", goes=goes, to=to)
        assert (refused.status_code, why in refused.text) == (422, True), why
        assert 'value="arna" selected' in refused.text
    assert "reorganisation that comes" not in page(lise, round_)


def test_the_register_keeps_which_units_joined_which(app: object, database: Database) -> None:
    grow(database)
    with database.begin() as connection:
        closing.merge(connection, "arna", "fana", TODAY)
        closing.merge(connection, "fana", "nesttun", TODAY)
        assert tree.joined(connection, "nesttun") == {"arna", "fana"}
        closing.reopen(connection, "arna")
        assert tree.joined(connection, "nesttun") == {"fana"}
