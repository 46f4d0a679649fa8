"""Five measures that municipalities have written down, as examples to follow.

Bergen's four come from its study of social activities and day centres, where they are proposed: those covered are
persons, not units. Kristiansund's is one of the six that it and Molde chose. Only what is called an example in the
decision is invented: that Bergen's fourth was begun.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert

from reports.measures import keeping
from reports.measures.keeping import Weighing
from reports.measures.model import Covers, Measure, Status
from survey.demo.content import ADVISER, AFTER, BEFORE, FOUR_DAYS, MUNICIPALITY, NEIGHBOUR, ROUNDS, find_round
from survey.questionnaire.model import Questionnaire
from survey.rounds.plan import EMPTY
from survey.staff.audit import COMMAND_LINE
from survey.staff.roles import QUALITY_ADVISER
from survey.storage.engine import Database
from survey.storage.tables import Plan

HOMES, CENTRES = f"{MUNICIPALITY}-bofellesskap", f"{MUNICIPALITY}-dagsenter"
BERGENS = "Etat for tjenester til utviklingshemmede"
PROPOSED = "Foreslått i kommunens utredning. Ikke vedtatt."
BEGUN = "Eksempel: Her er tiltaket tenkt vedtatt og startet, så det går an å se hvordan det følges opp."
WEIGHED = (
    "Eksempel: Mange sa at de vil velge selv hvilken dag de er hjemme. Derfor får hver velge dagen sammen med "
    "dagsenteret. Ønsket om å beholde fem dager ble hørt, men veide mindre enn plass til nye brukere."
)
(FIRST_IN_HOMES,) = (each for each in ROUNDS if (each.service_kind, each.audience) == ("shared_home", "resident"))
_READ_FROM = (BEFORE, AFTER, FIRST_IN_HOMES)


def register(database: Database, questionnaires: Mapping[str, Questionnaire], today: dt.date) -> None:
    """Keep the measures that are not there yet."""
    before, after, homes = (found and found[0] for found in (find_round(database, each) for each in _READ_FROM))
    measures = (
        _of(
            questionnaires["shared-home-residents"],
            "activity",
            id="demo-support-contact",
            place=HOMES,
            title="Aktiviteter hjemme i stedet for støttekontakt",
            hoped="De 233 som har støttekontakt, får gjøre ting de liker minst like ofte som før.",
            baseline=homes,
        ),
        _of(
            questionnaires["shared-home-residents"],
            "decide",
            id="demo-by-need",
            place=HOMES,
            title="Dagsenter etter behov",
            hoped="De som får aktiviteter hjemme i stedet for en plass de har lite nytte av, er med og bestemmer hva.",
            baseline=homes,
        ),
        _of(
            questionnaires["shared-home-residents"],
            "glad",
            id="demo-age",
            place=HOMES,
            title="Dagsenter til man er 62 år",
            hoped="De 29 som er 62 år eller eldre, er glade når de er hjemme også om dagen.",
            baseline=homes,
        ),
        _of(
            questionnaires["day-centre-residents"],
            "choose",
            id="demo-four-days",
            place=CENTRES,
            title="Fire dager på dagsenter i stedet for fem",
            hoped="De 153 som har fem dager, får velge hva de skal gjøre minst like ofte som før.",
            rounds=frozenset(filter(None, (before, after))),
            baseline=before,
            decision=BEGUN,
            start=today - dt.timedelta(days=40),
            deadline=today + dt.timedelta(days=90),
            status=Status.STARTED,
        ),
        _of(
            questionnaires["relatives"],
            "activity_fits",
            id="demo-one-support-contact",
            municipality=NEIGHBOUR,
            place=NEIGHBOUR,
            title="Ett støttekontakttilbud som samler folk",
            hoped="Flere kommer sammen med andre, bestemmer mer selv og mestrer mer.",
            covers=Covers.UNITS,
            responsible="Kommunalsjef helse og omsorg, kommunalsjef oppvekst",
            decision="Ett av seks tiltak som ble valgt i prosjektet med Molde.",
            status=Status.DECIDED,
        ),
    )
    with database.begin() as connection:
        for measure in measures:
            if keeping.find(connection, measure.id) is None:
                keeping.register(connection, measure, COMMAND_LINE)
                if measure.status is Status.STARTED:
                    if after:
                        view = {"round": after, "view_of": measure.id, "view_called": FOUR_DAYS}
                        connection.execute(insert(Plan), {**EMPTY, **view})
                    keeping.weigh(connection, measure, Weighing(today, ADVISER, QUALITY_ADVISER, WEIGHED))


def _of(questionnaire: Questionnaire, question: str, **told: Any) -> Measure:
    """A measure that should move a question; what is not told is as in Bergen's proposals."""
    proposed = {
        "municipality": MUNICIPALITY,
        "covers": Covers.GROUP,
        "units": frozenset[str](),
        "rounds": frozenset[str](),
        "baseline": None,
        "chosen_by": None,
        "responsible": BERGENS,
        "decision": PROPOSED,
        "start": None,
        "deadline": None,
        "status": Status.PLANNED,
    }
    (asked,) = (each.text for each in questionnaire.questions if each.id == question)
    return Measure(questionnaire=questionnaire.id, question=question, asked=dict(asked), **proposed | told)
