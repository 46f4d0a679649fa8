"""What the demo's first round tells back to those who answered: facts by rule, and invented lines that say so."""

import datetime as dt

from sqlalchemy import Connection, select

from reports.easy_read import suggested
from reports.release import verified
from survey.demo.content import ADVISER, MUNICIPALITY, ROUNDS, find_round
from survey.results import told
from survey.results.speaking import Voice
from survey.results.told import Content
from survey.speech.library import SpeechLibrary
from survey.storage.engine import Database
from survey.storage.tables import Release

WILL = {
    "nb": ("Dette er et eksempel.", "Du får velge hva du vil gjøre.", "Vi spør dere igjen til våren."),
    "nn": ("Dette er eit døme.", "Du får velje kva du vil gjere.", "Vi spør dykk igjen til våren."),
    "en": ("This is an example.", "You choose what you want to do.", "We ask you again in spring."),
}
(ROUND,) = (each for each in ROUNDS if each.title.startswith("Dagsenter, første undersøkelse: brukerne"))


def tell_back(database: Database, speech: SpeechLibrary, today: dt.date) -> None:
    """Publish it, where it is not."""
    found = find_round(database, ROUND)
    if found is None or found[1] not in ("released", "destroyed"):
        return
    with database.begin() as connection:
        if told.find(connection, found[0], MUNICIPALITY) is None:
            _publish(connection, found[0], today)
    Voice(database, speech).work()


def _publish(connection: Connection, round_id: str, today: dt.date) -> None:
    kept = connection.execute(select(Release.artefact, Release.sha256).where(Release.round == round_id)).one()
    release = verified(kept.artefact, kept.sha256)
    facts = [(fact.question, fact.end) for fact in suggested(release, release.nodes[0])]
    told.save(connection, round_id, MUNICIPALITY, Content(facts, WILL))
    draft = told.find(connection, round_id, MUNICIPALITY)
    assert draft
    told.publish(connection, draft, ADVISER, today)
