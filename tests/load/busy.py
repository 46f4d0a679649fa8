"""A municipality in which much goes on: units, rounds in every state, invitees, releases, measures, a long log.

Rows are put into their tables as they are; who asks for pages has every role, or leads one division's units.
"""

import datetime as dt
import random
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from uuid import UUID

from flask import Flask
from sqlalchemy import Connection, func, insert, select

from reports.measures import keeping
from survey.questionnaire.loading import dump
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import now
from survey.staff.roles import ROLES, UNIT_LEADER
from survey.staff.sessions import StaffSessions
from survey.staff.signed_in import begin
from survey.storage.engine import Database
from survey.storage.reported import EarlierResult
from survey.storage.tables import (
    AnswerCount,
    AuditEntry,
    Batch,
    Code,
    Comment,
    Contact,
    Invitee,
    Mailing,
    Node,
    Noted,
    Outbox,
    Plan,
    RecoveryCode,
    Role,
    Round,
    RoundEvent,
    RoundHelper,
    SecondFactor,
    Staff,
    TalkRequest,
    ToldBack,
)
from survey.storage.tables import Release as ReleaseRow
from tests.load.installation import asked
from tests.load.released_by_hand import KIND, places, release
from tests.measured import a_measure

BERGEN, ELSEWHERE = "4601", "0301"
STATES_OF_FIRST = ("planned", "released", "open", "released", "relatives")
TODAY = dt.datetime.now(dt.UTC).date()
EVERYTHING, LEADER = "everything", "leader"  # who asks
# They send a browser elsewhere, or belong to a sign-in that has begun.
NO_PAGES = {"staff.leave_for_provider", "staff.back_from_provider", "staff.second_step", "staff.sign_in"}


@dataclass(frozen=True)
class Busy:
    """How much there is of everything; `units`, `rounds` and `invitees` as in DESIGN's limits for staff pages."""

    units: int
    rounds: int
    invitees: int
    staff: int = 100
    deeds: int = 2000
    others: int = 40  # measures, comments, requests to talk, events

    @property
    def values(self) -> Mapping[str, list[str]]:
        """What stands in an address -> the values it is tried with."""
        return {
            "round_id": list(self._round_ids()),
            "question_id": ["food"],
            "measure_id": ["measure-0"],
            "earlier_id": ["earlier-0"],
            "staff_id": ["staff-0"],
            "node_id": [f"{BERGEN}-0"],
            "interview_id": ["interview-unit-0-open"],
            "paper_id": ["paper-unit-0-open"],
            "step": ["who", "questions", "where", "how", "groups", "anonymity", "decision", "dates"],
            "specimen": ["regler-for-hjelpere-nb.pdf", "e-post-invitasjon-nb-eksempel.txt"],
            "spoken": ["nb"],
            "of": ["day-centre-residents"],
            "phrase_id": ["food"],
            "concept": ["food"],
            "place_id": ["unit-0"],
        }

    def _round_ids(self) -> Iterator[str]:
        yield from ("planned", "open", "relatives", "released")

    def fill(self, database: Database) -> None:
        """Put everything into a database that holds no more than municipalities."""
        with database.begin() as connection:
            self._register(connection)
            for number in range(self.rounds):
                self._round(connection, number)
            self._invitees(connection)
            self._people(connection)
            self._rest(connection)

    def _register(self, connection: Connection) -> None:
        beside = {"parent": None, "name": {"nb": "Oslo"}, "service_kind": None, "places": None, "level": "municipality"}
        known = set(connection.execute(select(Node.id)).scalars())  # the country's municipalities may be there already
        rows = [row for row in ({"id": ELSEWHERE, **beside}, *places(self.units)) if row["id"] not in known]
        connection.execute(insert(Node), rows)
        contact = {"role": "Leder", "email": "leder@bergen.example", "phone": ""}
        here = [{"node": f"unit-{number}", "side": "here", "name": f"Ola {number}"} for number in range(self.units)]
        elsewhere = {"node": BERGEN, "side": "elsewhere", "name": "Ingrid Vik"}
        connection.execute(insert(Contact), [contact | row for row in (*here, elsewhere)])

    def _round(self, connection: Connection, number: int) -> None:
        """The first of each state bears its name. One is open for residents, one for relatives; most are released."""
        name = STATES_OF_FIRST[number] if number < len(STATES_OF_FIRST) else "released" if number % 5 else "planned"
        id_ = name if number < 3 or name == "relatives" else f"{name}-{number}"
        questionnaire = asked("relatives" if name == "relatives" else "day-centre-residents")
        closed = TODAY - dt.timedelta(days=30 * number + 1) if name == "released" else None
        round_ = {
            "id": id_,
            "title": f"Runde {number}",
            "audience": questionnaire.audience,
            "service_kind": KIND,
            "municipality": BERGEN,
            "questionnaire": dump(questionnaire),
            "k": 5,
            "b": 2,
            "simulated": False,
            "state": {"released": "destroyed", "relatives": "open"}.get(name, name),
            "public_key": None,
            "closed": closed,
        }
        connection.execute(insert(Round).values(**round_))
        days = {"opens": closed or TODAY, "closes": TODAY + dt.timedelta(days=20), "repeat": 12}
        words = {"decision": "Sak 31/27", "leader": "Lise Lie", "retention": "Alltid"}
        ways = ["self", "interview", "paper"] if questionnaire.audience == "resident" else ["self"]
        connection.execute(insert(Plan).values(round=id_, places=[BERGEN], ways=ways, helped=1, **words, **days))
        if name != "planned":
            self._batches(connection, id_, ways)
        if name == "released":
            text = release(self.units, questionnaire, id_, round_["title"], closed or TODAY)
            connection.execute(insert(ReleaseRow).values(round=id_, artefact=text.to_json(), sha256=text.sha256))

    def _batches(self, connection: Connection, round_id: str, ways: list[str]) -> None:
        units = [f"unit-{number}" for number in range(self.units)]
        batches = [
            {"id": f"{way}-{unit}-{round_id}", "round": round_id, "unit": unit, "way": way, "group": "", "issued": 15}
            for unit, way in product(units, ways)
        ]
        connection.execute(insert(Batch), [{**batch, "voided": 1} for batch in batches])
        counted = [{"batch": batch["id"], "number": 7, "counted": TODAY} for batch in batches]
        connection.execute(insert(AnswerCount), counted)
        noted = [
            {"round": round_id, "place": unit, "what": what, "number": 3}
            for unit in units
            for what in ("alone", "will_not")
        ]
        connection.execute(insert(Noted), noted)
        if round_id == "open":
            dice = random.Random(round_id)
            codes = [{"hmac": dice.randbytes(32), "batch": batch["id"]} for batch in batches for _ in range(6)]
            connection.execute(insert(Code), codes)

    def _invitees(self, connection: Connection) -> None:
        """One in five hundred mails was refused."""
        people = [
            {
                "id": f"invitee-{number}",
                "email": f"per.{number}@example.no",
                "language": "nb",
                "batch": f"self-unit-{number % self.units}-relatives",
            }
            for number in range(self.invitees)
        ]
        connection.execute(insert(Invitee), people)
        mails = [
            {
                "id": str(UUID(int=number)),
                "invitee": f"invitee-{number}",
                "kind": "invitation",
                "state": "failed" if number % 500 == 0 else "sent",
                "attempts": 1,
                "due": now(),
                "error": "refused: 550 no such user" if number % 500 == 0 else "",
            }
            for number in range(self.invitees)
        ]
        connection.execute(insert(Outbox), mails)
        connection.execute(insert(Mailing).values(round="relatives", kind="invitation", day=TODAY))

    def _people(self, connection: Connection) -> None:
        rows = [
            {"id": f"staff-{number}", "email": f"ansatt.{number}@bergen.no", "password": "", "works_at": "unit-0"}
            for number in range(self.staff)
        ]
        asking = [
            {"id": EVERYTHING, "email": "alt@bergen.no", "password": "", "works_at": ELSEWHERE},
            {"id": LEADER, "email": "leder@bergen.no", "password": "", "works_at": f"{BERGEN}-0"},
        ]
        connection.execute(insert(Staff), rows + asking)
        roles = [
            {"staff": row["id"], "role": UNIT_LEADER, "node": f"unit-{n % self.units}"} for n, row in enumerate(rows)
        ]
        roles += [{"staff": EVERYTHING, "role": role, "node": BERGEN} for role in ROLES]
        connection.execute(insert(Role), [*roles, {"staff": LEADER, "role": UNIT_LEADER, "node": f"{BERGEN}-0-0"}])
        factors = [{"staff": staff, "secret": b"locked", "used": 0} for staff in (EVERYTHING, LEADER)]
        connection.execute(insert(SecondFactor), factors)
        spare = [{"hash": bytes([number]) * 32, "staff": EVERYTHING} for number in range(10)]
        connection.execute(insert(RecoveryCode), spare)
        helping = [{"round": "open", "staff": f"staff-{n}", "role": "interviewer"} for n in range(min(self.staff, 20))]
        connection.execute(insert(RoundHelper), helping)

    def _rest(self, connection: Connection) -> None:
        many = range(self.others)
        soon = TODAY + dt.timedelta(days=50)
        comments = [
            {"id": f"comment-{n}", "round": "released", "question": "comment", "text": "Fint her", "state": "waiting"}
            for n in many
        ]
        connection.execute(insert(Comment), [{**row, "remove_on": soon} for row in comments])
        talks = [
            {"id": f"talk-{n}", "unit": f"unit-{n % self.units}", "side": "here", "contact": "Ola", "name": "Per"}
            for n in many
        ]
        connection.execute(
            insert(TalkRequest), [{**row, "asked": TODAY, "state": "new", "remove_on": soon} for row in talks]
        )
        events = [{"id": f"event-{n}", "round": "open", "day": soon, "title": f"Møte {n}"} for n in many]
        connection.execute(insert(RoundEvent), events)
        draft = {"facts": [["food", "positive"]], "will": {}, "did": {}}
        told = [{"round": "released", "node": f"unit-{n}", "draft": draft, "by": ""} for n in range(self.units)]
        connection.execute(insert(ToldBack), told)
        number = {"municipality": BERGEN, "place": BERGEN, "audience": "resident", "year": 2019, "survey": ""}
        value = {
            "theme": "wellbeing",
            "counts": "fornøyd",
            "value": 70.0,
            "lowest": None,
            "highest": None,
            "n": 40,
            "source": "x",
        }
        connection.execute(
            insert(EarlierResult),
            [{**number, **value, "n": 40, "source": "", "id": f"earlier-{each}"} for each in many],
        )
        (food,) = (question for question in asked("day-centre-residents").questions if question.id == "food")
        for number in many:
            measure = a_measure(
                id=f"measure-{number}",
                municipality=BERGEN,
                place=f"{BERGEN}-0",
                questionnaire="day-centre-residents",
                question="food",
                asked=dict(food.text),
                units=frozenset({"unit-0", f"unit-{number % self.units}"}),
                baseline="released-3",
                start=TODAY - dt.timedelta(days=100),
            )
            keeping.register(connection, measure, "alt@bergen.no")
        last = connection.execute(select(func.max(AuditEntry.number))).scalar() or 0
        for number in range(last, self.deeds):
            audit.note(connection, f"ansatt.{number % 50}@bergen.no", Action.CODES_ISSUED, place=BERGEN, about="Runde")

    def addresses(self, app: Flask) -> Iterator[tuple[str, str]]:
        """(name, address) of every staff page as the app's map has it, and of a page with every value.

        Raises: LookupError where a page has something in its address that has no value here.
        """
        bound = app.url_map.bind("localhost")
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
            if not rule.rule.startswith("/staff") or "GET" not in (rule.methods or ()) or rule.endpoint in NO_PAGES:
                continue
            if unknown := rule.arguments - self.values.keys():
                raise LookupError(f"{rule.rule}: give {', '.join(unknown)} a value in tests/load/busy.py")
            names = sorted(rule.arguments)
            for chosen in product(*(self.values[name] for name in names)):
                yield rule.rule, bound.build(rule.endpoint, dict(zip(names, chosen, strict=True)))


def session_of(app: Flask, database: Database, staff: str) -> str:
    """What the cookie `medvirk_staff` holds in a session that has begun."""
    serializer = StaffSessions().get_signing_serializer(app)
    assert serializer is not None
    key, token = begin(database, staff, "", now()), secrets.token_hex(20)
    kept = {"_permanent": True, "key": key, "staff": staff, "seen": int(time.time()), "csrf_token": token}
    return str(serializer.dumps(kept))
