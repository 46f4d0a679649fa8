"""A small municipality for tests: two day centres, a questionnaire of every kind of question, an open round."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from survey.access.issuing import issue
from survey.answering.submission import Outcome, submit
from survey.keys import KeyStore
from survey.questionnaire.answers import Answer
from survey.questionnaire.loading import restore
from survey.questionnaire.model import Option, Phrase, Question, Questionnaire, Scale
from survey.register.contact_file import import_contacts
from survey.rounds import planning
from survey.storage.engine import Database
from survey.storage.tables import Node, Round

PASSPHRASE = "correct horse battery staple"
SUBMISSION = "0123456789abcdef" * 2


def texts(words: str) -> dict[str, str]:
    return {"nb": words, "nn": words, "en": words}


FREQUENCY = Scale(
    id="frequency",
    options=tuple(Option(id=f"frequency_{value}", text=texts(str(value)), value=value) for value in (5, 4, 3, 2, 1)),
    ladders={2: (5, 1), 3: (5, 3, 1), 5: (5, 4, 3, 2, 1)},
)
QUESTIONNAIRE = Questionnaire(
    id="village-residents",
    version=1,
    audience="resident",
    service_kinds=("day_centre",),
    languages=("nb", "nn", "en"),
    title=texts("Dagsenteret"),
    welcome=(Phrase(id="welcome_1", text=texts("Hei")),),
    questions=(
        Question(id="glad", theme="wellbeing", text=texts("Er du glad her?"), scale=FREQUENCY, pair_of="sad"),
        Question(
            id="sad", theme="wellbeing", text=texts("Er du lei deg?"), scale=FREQUENCY, pair_of="glad", turned=True
        ),
        Question(id="food", theme="activity", text=texts("Liker du maten?"), scale=FREQUENCY),
        Question(id="say", theme="overall", text=texts("Vil du si noe mer?"), scale=None),
    ),
)
CONTACTS = b"""place,side,name,role,email,phone
arna,here,Ola Berg,leader,ola@bergen.example,
4601,elsewhere,Ingrid Vik,adviser,ingrid@bergen.example,55 00 00 00
"""
RELATIVES = replace(QUESTIONNAIRE, id="village-relatives", audience="relative")


def settle(database: Database, places: dict[str, int] | None = None) -> None:
    """Put the municipality 4601, its day centre service and its units into the register."""
    kind = "day_centre"
    nodes = [
        {"id": "4601", "level": "municipality", "parent": None, "name": texts("Bergen"), "service_kind": None},
        {"id": "4601-d", "level": "service", "parent": "4601", "name": texts("Dagsenter"), "service_kind": kind},
    ]
    units = places or {"arna": 20, "fana": 30}
    with database.begin() as connection:
        connection.execute(insert(Node), [{**node, "places": None} for node in nodes])
        connection.execute(
            insert(Node),
            [
                {
                    "id": unit,
                    "level": "unit",
                    "parent": "4601-d",
                    "name": texts(unit.title()),
                    "service_kind": kind,
                    "places": number,
                }
                for unit, number in units.items()
            ],
        )


@dataclass
class Village:
    """An installation with one open round, and the ways its people take."""

    database: Database
    keys: KeyStore
    data: Path
    round_id: str

    @classmethod
    def found(cls, database: Database, folder: Path, places: dict[str, int] | None = None) -> "Village":
        settle(database, places)
        village = cls(database, KeyStore(folder / "keys"), folder / "data", "")
        village.keys.make_session_key()
        village.round_id = village.open_round()
        return village

    def open_round(self, **changes: Any) -> str:
        settings: dict[str, Any] = {
            "title": "Runde",
            "audience": "resident",
            "municipality": "4601",
            "questionnaire": QUESTIONNAIRE,
        }
        round_id = planning.create(self.database, **(settings | changes))
        planning.open_round(self.database, self.keys, round_id, PASSPHRASE)
        return round_id

    def befriend(self) -> None:
        """Arna gets a contact who is there, and everybody one from elsewhere."""
        with self.database.begin() as connection:
            import_contacts(connection, CONTACTS)

    def codes(self, number: int = 1, unit: str = "arna", round_id: str | None = None, **how: Any) -> list[str]:
        return issue(self.database, self.keys, round_id or self.round_id, unit, number, **how)

    def send(self, code: str, answer: Answer, submission: str = SUBMISSION, round_id: str | None = None) -> Outcome:
        round_id = round_id or self.round_id
        with self.database.reading() as connection:
            kept = connection.execute(select(Round.questionnaire).where(Round.id == round_id)).scalar_one()
        return submit(
            self.database,
            self.keys,
            round_id=round_id,
            questionnaire=restore(kept),
            code=code,
            submission=submission,
            answer=answer,
        )


def answer(value: int | str | None = 5, support: str = "none", comment: str = "") -> Answer:
    return Answer("nb", 3, support, {"glad": value, "sad": value, "food": value}, {"say": comment})
