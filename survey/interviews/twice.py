"""The first paper of a round and a sample of the others are typed twice: a slip in how they are read shows at once.

What was typed first waits so that only its paper and the server together open it.

The lock's key is made of the code on the paper and of the round's wrapping key, which is not in the database. Who typed
it lies in the same box. The row goes with its code: when the answer is sent, the code voided, or the round closed.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nacl.secret import SecretBox
from sqlalchemy import Connection, bindparam, func, insert, select

from survey.access.codes import hashed
from survey.answering.submission import Outcome, submit
from survey.interviews.desks import Desk
from survey.keys import KeyStore, WebKeys
from survey.questionnaire.answers import Answer, read, size
from survey.questionnaire.model import Questionnaire
from survey.storage.engine import Database, seize, share_round
from survey.storage.tables import Batch, Code, FirstTyping, Round

PAPER = "paper"  # the way of a batch
EVERY = 10  # papers, of which one is typed twice
_AROUND = 512  # bytes of a box beside the answer's own, at the most


@dataclass(frozen=True)
class Typed:
    """What somebody typed of a paper: the fields that a respondent's form would have had."""

    staff: str
    submission: str
    fields: Mapping[str, str]

    def answer(self, questionnaire: Questionnaire) -> Answer:
        """The answer in it.

        Raises: survey.questionnaire.answers.InvalidAnswer.
        """
        return read(questionnaire, {name: [value] for name, value in self.fields.items()})


_FIRST = select(FirstTyping.box).where(FirstTyping.code == bindparam("hmac"))
_UNUSED = (
    select(Code.hmac)
    .join(Batch, Batch.id == Code.batch)
    .join(Round, Round.id == Batch.round)
    .where(Code.hmac == bindparam("hmac"), Round.state == "open")
)
_WAITING = (
    select(func.count())
    .select_from(FirstTyping)
    .join(Code, Code.hmac == FirstTyping.code)
    .join(Batch, Batch.id == Code.batch)
    .where(Batch.round == bindparam("round"))
)
_ON_PAPER = (Batch.round == bindparam("round"), Batch.way == PAPER)
_HANDED_OUT = select(func.sum(Batch.issued - Batch.voided)).where(*_ON_PAPER)
_LEFT = select(func.count()).select_from(Code).join(Batch, Batch.id == Code.batch).where(*_ON_PAPER)
_WAITING_HERE = _WAITING.where(Batch.unit == bindparam("unit"))


def first(connection: Connection, web: WebKeys, code: str) -> Typed | None:
    """What was typed of this paper before; None: nothing that waits."""
    box = connection.execute(_FIRST, {"hmac": hashed(web.pepper, code)}).scalar()
    return Typed(**json.loads(_lock(web, code).decrypt(box))) if box else None


def waiting(connection: Connection, desk: Desk) -> int:
    """How many papers of this place wait to be typed a second time."""
    return connection.execute(_WAITING_HERE, {"round": desk.round_id, "unit": desk.unit}).scalar_one()


def waiting_in_all(connection: Connection, round_id: str) -> int:
    """How many papers of a round wait to be typed a second time: closing loses them."""
    return connection.execute(_WAITING, {"round": round_id}).scalar_one()


def take(
    database: Database,
    keys: KeyStore,
    *,
    desk: Desk,
    questionnaire: Questionnaire,
    code: str,
    typed: Typed,
    settled: bool,
) -> Outcome | Typed | None:
    """Take what was typed of a paper, whose code is one of this desk's or used.

    None: it is to be typed a second time, and waits. A Typed: the first, which differs; `settled`, this is how it is.
    Else what became of the Send.

    Raises: survey.questionnaire.answers.InvalidAnswer, KeysError.
    """
    web, answer = keys.web(desk.round_id), typed.answer(questionnaire)
    with database.begin() as connection:
        share_round(connection, desk.round_id)
        seize(connection, f"typing/{desk.round_id}")
        before = first(connection, web, code)
        unused = connection.execute(_UNUSED, {"hmac": hashed(web.pepper, code)}).first()
        if before is None and unused and (is_first(connection, desk.round_id) or in_sample(web, code)):
            content = json.dumps(vars(typed), ensure_ascii=False).encode().ljust(size(questionnaire) + _AROUND)
            row = {"code": hashed(web.pepper, code), "box": _lock(web, code).encrypt(content)}
            connection.execute(insert(FirstTyping), row)
            return None
    if before and before.submission == typed.submission:
        return None  # pressed twice
    if before and not settled and before.answer(questionnaire) != answer:
        return before
    return submit(
        database,
        keys,
        round_id=desk.round_id,
        questionnaire=questionnaire,
        code=code,
        submission=typed.submission,
        answer=answer,
    )


def differing(questionnaire: Questionnaire, one: Typed, other: Typed) -> Sequence[str]:
    """The fields in which two typings differ, in the order of the page."""
    mine, theirs = (_by_field(typed.answer(questionnaire)) for typed in (one, other))
    return [name for name in mine if mine[name] != theirs[name]]


def is_first(connection: Connection, round_id: str) -> bool:
    """Whether no paper of a round has been used, and none waits."""
    this = {"round": round_id}
    used = connection.execute(_HANDED_OUT, this).scalar_one() - connection.execute(_LEFT, this).scalar_one()
    return not used and not waiting_in_all(connection, round_id)


def in_sample(web: WebKeys, code: str) -> bool:
    """Whether a paper is typed twice: one in ten, and nobody can tell which without the round's key."""
    drawn = hmac.digest(web.pepper, f"typed twice/{code}".encode(), "sha256")
    return int.from_bytes(drawn) % EVERY == 0


def _by_field(answer: Answer) -> dict[str, int | str | None]:
    return {**answer.values, **answer.comments, "support": answer.support}


def _lock(web: WebKeys, code: str) -> SecretBox:
    return SecretBox(hmac.digest(web.wrapping, f"first typing/{code}".encode(), "sha256"))
