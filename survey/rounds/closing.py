"""Close a round: open its boxes once, release, destroy. The only place that opens an answer (DESIGN section 7).

Each step is done whole or not at all and may be run again, so a kill anywhere costs nothing: closing again goes on
where it stopped and ends with the same release, to the hash.
"""

import datetime as dt
import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from nacl.exceptions import CryptoError
from psycopg.errors import Diagnostic
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, text, update

from reports.aggregate import OpenedAnswer, aggregate
from reports.disclosure import RoundFacts, disclose
from reports.release import verified
from survey.keys import KeysError, KeyStore, remove_folder
from survey.questionnaire.answers import Answer, decode
from survey.questionnaire.loading import restore
from survey.questionnaire.model import Questionnaire
from survey.rounds.leaves import asked
from survey.rounds.noted import not_now
from survey.rounds.planning import RoundError
from survey.storage.engine import Database, seize
from survey.storage.folders import mail_folder
from survey.storage.tables import (
    AnswerCount,
    Batch,
    Code,
    Comment,
    FirstTyping,
    Invited,
    Invitee,
    Noted,
    Outbox,
    Release,
    Round,
    RoundHelper,
    Sealed,
)

FEWEST_COMMENTS = 10
COMMENT_DAYS = 60
PATIENCE = 10  # seconds for other transactions to end
EMPTYING = (0, 0.05, 0.2, 0.5)  # seconds before each try to empty SQLite's log


@dataclass(frozen=True)
class Closing:
    """What a step needs. `audited` is told how many of how many questions have passed the audit."""

    database: Database
    keys: KeyStore
    data: Path
    round_id: str
    audited: Callable[[int, int], None] = lambda done, of: None


def stop_taking(closing: Closing) -> None:
    """Nobody can send any more: whoever was sending has finished, whoever comes now is told "closed"."""
    with closing.database.begin() as connection:
        seize(connection, closing.round_id)
        connection.execute(
            update(Round)
            .where(Round.id == closing.round_id, Round.state == "open")
            .values(state="closing", closed=dt.datetime.now(dt.UTC).date())
        )


def take_again(closing: Closing) -> None:
    """Answers are taken once more, as long as nothing is released."""
    with closing.database.begin() as connection:
        seize(connection, closing.round_id)
        if _kept_release(connection, closing.round_id) is None:
            again = update(Round).where(Round.id == closing.round_id, Round.state == "closing")
            connection.execute(again.values(state="open", closed=None))


def make_release(closing: Closing) -> None:
    """Open the boxes in memory, shuffle, count, audit, and keep the release and the comments in one transaction.

    Nobody writes answers to a closing round, so the work is done before the transaction: other rounds wait for none
    of it.
    """
    from reports import audit  # brings scipy, which no other step waits for

    with closing.database.reading() as connection:
        if _kept_release(connection, closing.round_id) is not None:
            return
        this = connection.execute(select(Round).where(Round.id == closing.round_id)).one()
        tree = asked(connection, this.id, this.municipality)
        answers = _open_boxes(connection, closing, tree.leaf_of)
        declined = not_now(connection, this.id)
    questionnaire = restore(this.questionnaire)
    made = disclose(
        RoundFacts(
            round=this.id,
            title=this.title,
            audience=this.audience,
            service_kind=this.service_kind,
            closed=this.closed,
            k=this.k,
            b=this.b,
            simulated=this.simulated,
            ways=tree.ways,
            not_now=declined,
        ),
        questionnaire,
        tree.nodes,
        aggregate((opened for opened, _ in answers), questionnaire),
        lambda release: audit.passes(release, closing.audited),
    )
    comments = [
        {
            "id": uuid4().hex,
            "round": this.id,
            "question": question,
            "text": words,
            "state": "waiting",
            "remove_on": this.closed + dt.timedelta(days=COMMENT_DAYS),
        }
        for question, words in _comments_to_keep(questionnaire, [answer.comments for _, answer in answers])
    ]
    with closing.database.begin() as connection:
        seize(connection, closing.round_id)
        if _kept_release(connection, closing.round_id) is not None:
            return
        if connection.execute(_BOXES, {"round": this.id}).one() != ("closing", len(answers)):
            raise RoundError("Answers were taken again meanwhile, so nothing is released. Close the round again.")
        connection.execute(insert(Release), {"round": this.id, "artefact": made.to_json(), "sha256": made.sha256})
        if comments:
            connection.execute(insert(Comment), comments)


def verify_release(closing: Closing) -> None:
    """Nothing is destroyed before the release has been read back and is what was made."""
    with closing.database.reading() as connection:
        kept = _kept_release(connection, closing.round_id)
    if kept is None:
        raise RoundError("No release was kept. Nothing is destroyed; look at the database.")
    verified(kept.artefact, kept.sha256)


def destroy_rows(closing: Closing) -> None:
    """Delete everything that could join a code, an address or an order to an answer, of this round alone.

    Who was invited to take its answers has no more to do.
    """
    batches = select(Batch.id).where(Batch.round == closing.round_id)
    invitees = select(Invitee.id).where(Invitee.batch.in_(batches))
    with closing.database.begin() as connection:
        for of_round in (RoundHelper, Noted):
            connection.execute(delete(of_round).where(of_round.round == closing.round_id))
        connection.execute(delete(Outbox).where(Outbox.invitee.in_(invitees)))
        for table in (Sealed, Code, Invitee, Invited, AnswerCount):
            connection.execute(delete(table).where(table.batch.in_(batches)))


def destroy_traces(closing: Closing) -> None:
    """What was deleted leaves the database's files too."""
    with closing.database.outside_transaction() as connection:
        if closing.database.is_sqlite:
            connection.execute(text("VACUUM"))
            _checkpoint(connection)
        else:
            held = (Sealed, Code, FirstTyping, Invitee, Invited, Outbox, AnswerCount)
            _rewrite(connection, [table.__tablename__ for table in held])


def destroy_files(closing: Closing) -> None:
    """Remove the round's mails and keys."""
    remove_folder(mail_folder(closing.data, closing.round_id))
    closing.keys.destroy(closing.round_id)


def finish(closing: Closing) -> None:
    """The round is released."""
    with closing.database.begin() as connection:
        connection.execute(
            update(Round).where(Round.id == closing.round_id, Round.state == "closing").values(state="released")
        )


STEPS: tuple[Callable[[Closing], None], ...] = (
    stop_taking,
    make_release,
    verify_release,
    destroy_rows,
    destroy_traces,
    destroy_files,
    finish,
)


def close_round(
    database: Database,
    keys: KeyStore,
    data: Path,
    round_id: str,
    audited: Callable[[int, int], None] = lambda done, of: None,
) -> str:
    """Close an open round, or go on with a closing that was stopped; gives the release's SHA-256.

    `audited` is told how many of how many questions have passed the audit.

    Raises: RoundError, KeysError, StorageError; the round can then be closed again when the cause is mended.
    """
    with database.reading() as connection:
        state = connection.execute(select(Round.state).where(Round.id == round_id)).scalar()
    if state is None:
        raise RoundError(f"There is no round “{round_id}”. See: medvirk round list")
    if state == "planned":
        raise RoundError("The round was never opened, so there is nothing to close.")
    if state in ("open", "closing"):
        for step in STEPS:
            step(Closing(database, keys, data, round_id, audited))
    with database.reading() as connection:
        return str(connection.execute(select(Release.sha256).where(Release.round == round_id)).scalar_one())


def confirm_destroyed(
    database: Database, keys: KeyStore, data: Path, round_id: str, without_release: bool = False
) -> None:
    """The last word on a round: its keys are gone here, and its leader says so of every copy elsewhere.

    A round that an old backup brought back without its keys can never be closed; `without_release` ends it.

    Raises: RoundError where the round is not released or something is still there.
    """
    with database.reading() as connection:
        state = connection.execute(select(Round.state).where(Round.id == round_id)).scalar()
    if state not in ("open", "closing", "released", "destroyed"):
        raise RoundError(f"The round is {state or 'unknown'}. Close it first: medvirk round close {round_id}")
    if not keys.are_gone(round_id):
        if state in ("open", "closing"):
            raise RoundError(f"The round is {state}. Close it first: medvirk round close {round_id}")
        raise RoundError(f"The recovery copy is still there. Delete {keys.recovery_file(round_id)} and every copy.")
    if state in ("open", "closing"):
        if not without_release:
            raise RoundError(
                f"The round is {state} and its keys are missing. Bring them back: medvirk round recover {round_id} "
                "FILE. If no copy is left anywhere, nobody can ever read its answers: add --without-release"
            )
        ending = Closing(database, keys, data, round_id)
        for step in (stop_taking, destroy_rows, destroy_traces, destroy_files):
            step(ending)
    with database.begin() as connection:
        connection.execute(update(Round).where(Round.id == round_id).values(state="destroyed"))


def _kept_release(connection: Connection, round_id: str) -> Row[str, str] | None:
    return connection.execute(_KEPT, {"round": round_id}).first()


_BOXES = (
    select(Round.state, func.count(Sealed.id))
    .select_from(Round)
    .join(Batch, Batch.round == Round.id, isouter=True)
    .join(Sealed, Sealed.batch == Batch.id, isouter=True)
    .where(Round.id == bindparam("round"))
    .group_by(Round.id)
)
_KEPT = select(Release.artefact, Release.sha256).where(Release.round == bindparam("round"))


def _open_boxes(
    connection: Connection, closing: Closing, leaf_of: Mapping[str, str]
) -> list[tuple[OpenedAnswer, Answer]]:
    opener = closing.keys.opener(closing.round_id)
    sealed = (
        select(Sealed.batch, Batch.way, Sealed.box)
        .join(Batch, Sealed.batch == Batch.id)
        .where(Batch.round == closing.round_id)
    )
    opened = []
    for batch, way, box in connection.execute(sealed):
        try:
            answer = decode(opener.decrypt(box))
        except CryptoError:
            raise KeysError(
                f"An answer does not open with this round's key. Bring the right one: "
                f"medvirk round recover {closing.round_id} FILE"
            ) from None
        opened.append((OpenedAnswer(leaf_of[batch], way, answer.support or "not_said", answer.values), answer))
    random.SystemRandom().shuffle(opened)
    return opened


def _comments_to_keep(questionnaire: Questionnaire, comments: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    """(question, text), shuffled for each question anew: two texts of one person stand in no relation."""
    kept = []
    for question in questionnaire.questions:
        texts = [given[question.id] for given in comments if given.get(question.id)]
        if len(texts) >= FEWEST_COMMENTS:
            random.SystemRandom().shuffle(texts)
            kept += [(question.id, words) for words in texts]
    return kept


def _rewrite(connection: Connection, tables: Sequence[str]) -> None:
    """Write PostgreSQL's files anew, without what was deleted.

    Raises: RoundError where an older transaction goes on seeing deleted rows: then they are copied along.
    """
    until = time.monotonic() + PATIENCE
    for table in tables:
        while _copies_dead_rows(connection, table):
            if time.monotonic() >= until:
                raise RoundError(
                    "Somebody's older transaction in the database still sees what was deleted, so it is not gone yet. "
                    "End it (in pg_stat_activity it has a backend_xmin or backend_xid) and close the round again."
                )
            time.sleep(0.2)


def _copies_dead_rows(connection: Connection, table: str) -> bool:
    driver: Any = connection.connection.driver_connection
    details: list[str] = []

    def hear(told: Diagnostic) -> None:
        details.append(told.message_detail or "")  # “2 dead row versions cannot be removed yet.”

    driver.add_notice_handler(hear)
    try:
        connection.execute(text(f'VACUUM (FULL, VERBOSE) "{table}"'))
    finally:
        driver.remove_notice_handler(hear)
    return any(re.match("[1-9]", detail) for detail in details)


def _checkpoint(connection: Connection) -> None:
    for wait in EMPTYING:  # where another empties it at this instant, SQLite says busy at once and waits for nobody
        time.sleep(wait)
        busy, *_ = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
        if not busy:
            break
    else:
        raise RoundError("Somebody is reading the database, so its log cannot be emptied. Close the round again.")
