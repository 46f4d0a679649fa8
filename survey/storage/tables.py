"""Every table. What holds an answer has a random id and no time, order, address or way back to a code.

On SQLite such tables have no rowid, which would be a sequence.
"""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from survey.storage import reported as reported
from survey.storage.base import ORDERLESS as ORDERLESS
from survey.storage.base import Base as Base  # and the tables that have a module of their own
from survey.storage.plans import Errand as Errand
from survey.storage.plans import Plan as Plan
from survey.storage.plans import RoundEvent as RoundEvent
from survey.storage.reached import REFUSED_MAIL as REFUSED_MAIL
from survey.storage.reached import Mailing as Mailing
from survey.storage.reached import Noted as Noted
from survey.storage.reached import TalkMail as TalkMail
from survey.storage.stamped import Stamp as Stamp
from survey.storage.taking import FirstTyping as FirstTyping
from survey.storage.taking import RoundHelper as RoundHelper
from survey.storage.told import AccountMail as AccountMail
from survey.storage.told import AuditEntry as AuditEntry
from survey.storage.told import StaffMail as StaffMail
from survey.storage.tried import Tried as Tried
from survey.storage.weighed import Weighing as Weighing


class Node(Base):
    """A place in the register: municipality > service > division … > unit."""

    __tablename__ = "node"
    __table_args__ = (CheckConstraint("level IN ('municipality', 'service', 'division', 'unit')", name="level"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str]
    parent: Mapped[str | None] = mapped_column(ForeignKey("node.id"), index=True)
    name: Mapped[dict[str, str]]  # language -> name
    service_kind: Mapped[str | None]  # of services and everything under them
    places: Mapped[int | None]  # of units
    closed: Mapped[dt.date | None]  # of units: since when nobody is asked there
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("node.id"))  # of closed units: where its people went


class Contact(Base):
    """Somebody to talk to, for a place and all under it: one who is there, one from elsewhere."""

    __tablename__ = "contact"
    __table_args__ = (CheckConstraint("side IN ('here', 'elsewhere')", name="side"),)

    node: Mapped[str] = mapped_column(ForeignKey("node.id", ondelete="CASCADE"), primary_key=True)
    side: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    email: Mapped[str]  # this or the next may be empty
    phone: Mapped[str]


class TalkRequest(Base):
    """Somebody at a place wants to talk. Knows no round, no code and no time: nothing leads to an answer."""

    __tablename__ = "talk_request"
    __table_args__ = (
        CheckConstraint("side IN ('here', 'elsewhere')", name="side"),
        CheckConstraint("state IN ('new', 'handled', 'closed')", name="state"),
        Index(None, "unit"),
        ORDERLESS,
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("node.id"))
    side: Mapped[str]
    contact: Mapped[str]  # the contact's name, as the person saw it
    name: Mapped[str]  # empty: not given, or the request is closed
    asked: Mapped[dt.date]
    state: Mapped[str]
    remove_on: Mapped[dt.date]


class Round(Base):
    """One run of a survey: one audience, one kind of service, one questionnaire (kept as it was).

    Once it is no longer planned, the database itself refuses to change anything but `state` and `closed`.
    """

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'open', 'closing', 'released', 'destroyed')", name="state"),
        CheckConstraint("k >= 5 AND b >= 2 AND k >= 2 * b + 1", name="k_and_b"),
        Index(None, "state", "municipality", "closed", "title"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    audience: Mapped[str]
    service_kind: Mapped[str]
    municipality: Mapped[str] = mapped_column(ForeignKey("node.id"))
    questionnaire: Mapped[str]  # the exact copy, as survey.questionnaire.loading.dump wrote it
    k: Mapped[int]
    b: Mapped[int]
    simulated: Mapped[bool]  # answered by simulated people
    keep_unfinished: Mapped[bool] = mapped_column(server_default=false())  # on the tablet, locked, for thirty minutes
    state: Mapped[str]
    public_key: Mapped[bytes | None]
    closed: Mapped[dt.date | None]


class Batch(Base):
    """Codes of one round, unit, way and (where the round has planned groups) group."""

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint("way IN ('self', 'interview', 'paper')", name="way"),
        UniqueConstraint("round", "unit", "way", "group"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("round.id"))
    unit: Mapped[str] = mapped_column(ForeignKey("node.id"))
    way: Mapped[str]
    group: Mapped[str]  # empty: the round has no planned groups
    issued: Mapped[int]
    voided: Mapped[int]


class Code(Base):
    """A code not yet used, known only by its keyed hash. Send deletes it, and with it whom its person asked for."""

    __tablename__ = "code"
    __table_args__ = (Index(None, "batch"), ORDERLESS)

    hmac: Mapped[bytes] = mapped_column(primary_key=True)
    batch: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    asked_here: Mapped[bool] = mapped_column(server_default=false())  # to talk to somebody
    asked_elsewhere: Mapped[bool] = mapped_column(server_default=false())


class Invitee(Base):
    """Somebody invited by e-mail who has not answered; the row goes with the answer."""

    __tablename__ = "invitee"
    __table_args__ = (Index(None, "batch"), ORDERLESS)

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str]
    language: Mapped[str]
    batch: Mapped[str] = mapped_column(ForeignKey("batch.id"))


class Invited(Base):
    """An address that a batch has invited, known only by its keyed hash: who has answered is not invited again."""

    __tablename__ = "invited"
    __table_args__ = (Index(None, "batch"), ORDERLESS)

    hmac: Mapped[bytes] = mapped_column(primary_key=True)
    batch: Mapped[str] = mapped_column(ForeignKey("batch.id"))


class Outbox(Base):
    """A mail to be sent to an invitee. Holds ids only; the code is made again when the mail is sent."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sent', 'failed')", name="state"),
        UniqueConstraint("invitee", "kind"),
        Index(None, "state", "due"),
        ORDERLESS,
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    invitee: Mapped[str] = mapped_column(ForeignKey("invitee.id", ondelete="CASCADE"))
    kind: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    due: Mapped[dt.datetime]  # UTC, without zone
    error: Mapped[str]


class Sealed(Base):
    """One answer, sealed to the round's public key."""

    __tablename__ = "sealed"
    __table_args__ = (Index(None, "batch"), ORDERLESS)

    id: Mapped[str] = mapped_column(primary_key=True)
    batch: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    tag: Mapped[bytes] = mapped_column(unique=True)
    box: Mapped[bytes]


class AnswerCount(Base):
    """How many answers a batch had last night: all that staff may see while a round is open."""

    __tablename__ = "answer_count"

    batch: Mapped[str] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    number: Mapped[int]
    counted: Mapped[dt.date]


class WrongCode(Base):
    """How many well-formed but wrong codes were tried on a day."""

    __tablename__ = "wrong_code"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    number: Mapped[int]


class Release(Base):
    """What a round became: canonical JSON and its SHA-256 (hex). One a round, never changed."""

    __tablename__ = "release"
    __table_args__ = (Index(None, "sha256"),)

    round: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    artefact: Mapped[str]
    sha256: Mapped[str]


class Comment(Base):
    """A free text, unlinked and shuffled; shown only after a person has removed names."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'shown')", name="state"),
        Index(None, "round"),
        ORDERLESS,
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("round.id"))
    question: Mapped[str]
    text: Mapped[str]
    state: Mapped[str]
    remove_on: Mapped[dt.date]  # gone then, if nobody has reviewed it


class ToldBack(Base):
    """What those who answered are told of a place of a release: facts chosen, and lines that staff wrote."""

    __tablename__ = "told_back"

    round: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    node: Mapped[str] = mapped_column(primary_key=True)  # as in the release
    draft: Mapped[dict[str, Any]] = mapped_column(JSON)
    published: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    by: Mapped[str]  # who approved what is published, or decided that nothing is
    on: Mapped[dt.date | None]


class Measure(Base):
    """Something that is done so that one question is answered better; see reports.measures.model."""

    __tablename__ = "measure"
    __table_args__ = (
        CheckConstraint("covers IN ('units', 'group')", name="covers"),
        CheckConstraint("status IN ('planned', 'decided', 'started', 'ended')", name="status"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    municipality: Mapped[str] = mapped_column(ForeignKey("node.id"), index=True)
    place: Mapped[str] = mapped_column(ForeignKey("node.id"), index=True)
    title: Mapped[str]
    hoped: Mapped[str]
    questionnaire: Mapped[str]
    question: Mapped[str]
    asked: Mapped[dict[str, str]]  # language -> the question
    covers: Mapped[str]
    baseline: Mapped[str | None] = mapped_column(ForeignKey("round.id"))
    chosen_by: Mapped[str | None] = mapped_column(ForeignKey("round.id"))
    responsible: Mapped[str]
    decision: Mapped[str]
    start: Mapped[dt.date | None]
    deadline: Mapped[dt.date | None]
    status: Mapped[str]


class MeasureUnit(Base):
    """A unit that a measure covers."""

    __tablename__ = "measure_unit"

    measure: Mapped[str] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("node.id"), primary_key=True)


class MeasureRound(Base):
    """A round whose planned group is that of a measure."""

    __tablename__ = "measure_round"

    measure: Mapped[str] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)


class Staff(Base):
    """Somebody who signs in."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]  # argon2id
    provisional: Mapped[bool] = mapped_column(server_default=false())  # to be changed: somebody else has seen it
    works_at: Mapped[str | None] = mapped_column(ForeignKey("node.id"))  # who covers it looks after the account
    language: Mapped[str] = mapped_column(server_default="nb")  # of the mails they get


class Role(Base):
    """What somebody may do, and where in the register."""

    __tablename__ = "role"

    staff: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    node: Mapped[str] = mapped_column(ForeignKey("node.id"), primary_key=True)


class StaffSession(Base):
    """A browser in which somebody is signed in, known only by the hash of the key it holds."""

    __tablename__ = "staff_session"

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(unique=True)
    staff: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    browser: Mapped[str]  # "Chrome, Windows"
    by_provider: Mapped[bool] = mapped_column(server_default=false())  # by the municipality's own sign-in
    began: Mapped[dt.datetime]  # UTC, without zone
    until: Mapped[dt.datetime] = mapped_column(index=True)


class StaffAtProvider(Base):
    """Who somebody is to the municipality's own sign-in, since they first came by it."""

    __tablename__ = "staff_at_provider"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    staff: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    issuer: Mapped[str]
    subject: Mapped[str]


class SpentSignIn(Base):
    """An answer of the municipality's sign-in that let somebody in, known by the hash of its nonce: none does twice."""

    __tablename__ = "spent_sign_in"

    nonce: Mapped[bytes] = mapped_column(primary_key=True)
    until: Mapped[dt.datetime]  # UTC, without zone; too late for any answer


class SecondFactor(Base):
    """What somebody's authenticator app shares with us, locked with a key that is not in the database."""

    __tablename__ = "second_factor"

    staff: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[bytes]
    used: Mapped[int]  # the last half minute whose code was taken: none is taken twice


class OfferedSecret(Base):
    """A secret shown to somebody who is setting up their app; it counts only when they have given a code of it."""

    __tablename__ = "offered_secret"

    session: Mapped[str] = mapped_column(ForeignKey("staff_session.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[bytes]


class RecoveryCode(Base):
    """A code that takes the place of the app once, known only by its hash."""

    __tablename__ = "recovery_code"

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    staff: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
