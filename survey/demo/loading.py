"""Fill an installation with the demo, the real way: import, rounds, codes, and people who answer through the web.

Each step is done once and found done the next time, so a demo that was stopped half-way goes on where it was: a unit
that has its codes is not asked again, and a round that is released is left alone.
"""

import datetime as dt
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import bindparam, select, update

from survey.access import issuing
from survey.demo import earlier, guard, measures, people, told
from survey.demo.content import (
    ADVISER,
    CONTACTS,
    MUNICIPALITY,
    NEIGHBOUR,
    NEIGHBOURS_ADVISER,
    PASSWORD,
    REGISTER,
    ROUNDS,
    DemoRound,
    find_round,
)
from survey.keys import KeyStore
from survey.questionnaire.loading import SHIPPED, load_folder
from survey.questionnaire.model import Questionnaire
from survey.register import tree
from survey.register.contact_file import import_contacts
from survey.register.importing import import_register
from survey.register.tree import Place
from survey.rounds import planning
from survey.settings import Settings
from survey.speech.library import SpeechLibrary
from survey.staff import accounts, roles
from survey.storage.engine import Database
from survey.storage.tables import Batch, Round, Staff

_KNOWN = select(Staff.email).where(Staff.email.in_((ADVISER, NEIGHBOURS_ADVISER)))
_STOP = (
    update(Round)
    .where(Round.id == bindparam("round_id"), Round.state == "open", Round.simulated)
    .values(state="closing", closed=bindparam("day"))
)
_ASKED = select(Batch.unit).where(Batch.round == bindparam("round"))


@dataclass(frozen=True, kw_only=True)
class Loading:
    """One installation to fill. `progress` is told a round's title and how many of how many units are asked."""

    app: Callable[[], Flask]
    settings: Settings
    database: Database
    keys: KeyStore
    progress: Callable[[str, int, int], None]

    def load(self) -> None:
        """Everything the demo lacks.

        Raises: DemoError in production, or where the database is in real use.
        """
        if self.settings.production:
            raise guard.DemoError("The demo has simulated answers and a known password: never in production.")
        guard.refuse_real_data(self.database)
        with self.database.begin() as connection:
            import_register(connection, REGISTER.read_bytes())
            import_contacts(connection, CONTACTS.read_bytes())
            bergen = tree.subtree(connection, MUNICIPALITY)
            known = set(connection.execute(_KNOWN).scalars())
        for adviser, place in ((ADVISER, MUNICIPALITY), (NEIGHBOURS_ADVISER, NEIGHBOUR)):
            for role in (roles.QUALITY_ADVISER, roles.ROUND_LEADER) if adviser not in known else ():
                accounts.create(self.database, adviser, PASSWORD, role, place)
        questionnaires = load_folder(SHIPPED)
        for planned in ROUNDS:
            units = [unit for unit in bergen.units() if unit.service_kind == planned.service_kind]
            self._bring_about(planned, planned.asks(questionnaires), units)
        today = dt.datetime.now(dt.UTC).date()
        measures.register(self.database, questionnaires, today)
        earlier.keep(self.database)
        told.tell_back(self.database, SpeechLibrary(self.settings.data), today)

    def _bring_about(self, planned: DemoRound, questionnaire: Questionnaire, units: list[Place]) -> None:
        round_id, state = find_round(self.database, planned) or (self._plan(planned, questionnaire), "planned")
        if state == "planned":
            passphrase = self.settings.passphrase or secrets.token_hex()  # nobody will want these answers back
            planning.open_round(self.database, self.keys, round_id, passphrase)
            state = "open"
        if state == "open":
            with self.database.reading() as connection:
                asked = set(connection.execute(_ASKED, {"round": round_id}).scalars())
            left = [unit for unit in units if unit.id not in asked]
            for number, unit in enumerate(left, 1):
                self._ask(planned, round_id, questionnaire, unit)
                self.progress(planned.title, number, len(left))
        if planned.closes and state in ("open", "closing"):
            from survey.rounds.closing import close_round  # brings pandas, which later starts do not wait for

            self._date(round_id, planned.days_ago)
            close_round(self.database, self.keys, self.settings.data, round_id)

    def _date(self, round_id: str, days_ago: int) -> None:
        """Let a round have stopped taking answers some days ago; closing goes on from there."""
        day = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=days_ago)
        with self.database.begin() as connection:
            connection.execute(_STOP, {"round_id": round_id, "day": day})

    def _plan(self, planned: DemoRound, questionnaire: Questionnaire) -> str:
        return planning.create(
            self.database,
            title=planned.title,
            audience=planned.audience,
            municipality=MUNICIPALITY,
            questionnaire=questionnaire,
            service_kind=planned.service_kind,
            simulated=True,
        )

    def _ask(self, planned: DemoRound, round_id: str, questionnaire: Questionnaire, unit: Place) -> None:
        """Hand out a unit's codes, and let those who will answer."""
        number = max(1, round((unit.places or 0) * planned.invited))
        covered = planned.covered.get(unit.id, 0)
        groups = {"covered": covered, "not_covered": number - covered} if planned.covered else {"": number}
        same = planned.title.replace("undersøkelse", "runde")  # the people of before it was called otherwise
        chance = Random(f"{same}/{unit.id}")  # noqa: S311 – the same people each time, nothing secret
        client = self.app().test_client()
        codes = {
            group: issuing.issue(self.database, self.keys, round_id, unit.id, size, group=group)
            for group, size in groups.items()
            if size
        }
        for group, code in ((group, code) for group, handed_out in codes.items() for code in handed_out):
            person = people.somebody(planned.audience, chance)
            if group == "covered":
                person = replace(person, satisfaction=person.satisfaction + planned.shift)
            answer = people.fill_in(questionnaire, person, unit.id, chance)
            if chance.random() < planned.answering:
                _send(client, code, answer)


def _send(client: FlaskClient, code: str, answer: dict[str, str]) -> None:
    """Answer as a browser does: open the questionnaire with the code, then post its form."""
    page = client.post("/start", data={"code": code})
    form = dict(_hidden_fields(page.get_data(as_text=True)))
    reply = client.post("/submit", data={**form, **answer}, headers={"Accept": "application/json"})
    if reply.status_code != 200:
        raise RuntimeError(f"A simulated answer was not taken ({reply.status_code}): {reply.get_data(as_text=True)}")


def _hidden_fields(page: str) -> Iterator[tuple[str, str]]:
    for field in re.findall(r'<input type="hidden"(?![^>]*form="languages")[^>]*>', page):
        name, value = (re.search(f' {attribute}="([^"]*)"', field) for attribute in ("name", "value"))
        if name and value:
            yield name[1], value[1]
