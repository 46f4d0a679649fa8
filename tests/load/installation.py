"""An installation with an open round in many day centres, as the commands make it, in a folder of its own."""

import math
import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from survey.access.issuing import issue
from survey.answering.submission import Outcome, submit
from survey.keys import KeyStore
from survey.questionnaire.answers import Answer
from survey.questionnaire.loading import SHIPPED, load_folder
from survey.questionnaire.model import Questionnaire
from survey.register.importing import import_register
from survey.register.municipalities import seed
from survey.rounds import planning
from survey.storage import migrating
from survey.storage.engine import Database

PASSPHRASE = "correct horse battery staple"
COLUMNS = "municipality_number,service_kind,service,division,unit_id,unit,places\n"


@dataclass(frozen=True)
class Installation:
    """Its database, its keys, and the settings that lead a server to them."""

    database: Database
    keys: KeyStore
    data: Path
    environ: Mapping[str, str]

    @classmethod
    def make(cls, folder: Path, url: str | None = None) -> "Installation":
        """An empty one with all municipalities; SQLite unless an address is given."""
        data = folder / "data"
        url = url or f"sqlite:///{data / 'medvirk.db'}"
        database = Database(url)
        migrating.upgrade(database)
        with database.begin() as connection:
            seed(connection)
        keys = KeyStore(folder / "keys")
        keys.make_session_key()
        environ = {"MEDVIRK_DATA": str(data), "MEDVIRK_KEYS": str(folder / "keys"), "MEDVIRK_DATABASE_URL": url}
        return cls(database, keys, data, environ)

    def settle(self, units: int, places: int, services: int = 1) -> list[str]:
        """Day centres in Bergen, spread over its services; gives the units' ids."""
        ids = [f"unit-{number}" for number in range(units)]
        lines = [
            f"4601,day_centre,Dagsenter {number % services},,{unit},Senter {number},{places}\n"
            for number, unit in enumerate(ids)
        ]
        with self.database.begin() as connection:
            import_register(connection, (COLUMNS + "".join(lines)).encode())
        return ids

    def open_round(self, questionnaire: Questionnaire) -> str:
        """A round of Bergen that takes answers."""
        round_id = planning.create(
            self.database,
            title="Load",
            audience=questionnaire.audience,
            municipality="4601",
            questionnaire=questionnaire,
            simulated=True,
        )
        planning.open_round(self.database, self.keys, round_id, PASSPHRASE)
        return round_id

    def codes(self, round_id: str, units: list[str], number: int) -> list[str]:
        """`number` codes in each unit, shuffled."""
        codes = [code for unit in units for code in issue(self.database, self.keys, round_id, unit, number)]
        random.Random(1).shuffle(codes)
        return codes

    def answered_round(self, questionnaire: Questionnaire, units: list[str], size: int) -> str:
        """A round in which `size` people answered, spread over the units; a few codes may be left."""
        round_id = self.open_round(questionnaire)
        chance = random.Random(size)
        for code in self.codes(round_id, units, math.ceil(size / len(units)))[:size]:
            outcome = submit(
                self.database,
                self.keys,
                round_id=round_id,
                questionnaire=questionnaire,
                code=code,
                submission=secrets.token_hex(16),
                answer=Answer("nb", 3, "none", values(questionnaire, chance), {}),
            )
            assert outcome is Outcome.RECEIVED
        return round_id


@cache
def asked(name: str) -> Questionnaire:
    """A questionnaire that Medvirk comes with."""
    return load_folder(SHIPPED)[name]


def residents() -> Questionnaire:
    """The questionnaire that residents of day centres get: fifteen questions."""
    return asked("day-centre-residents")


def values(questionnaire: Questionnaire, chance: random.Random) -> dict[str, int]:
    """A value for every question that has a scale, of those that three answers offer."""
    return {
        question.id: chance.choice(question.scale.options_for(3)).value
        for question in questionnaire.questions
        if question.scale
    }
