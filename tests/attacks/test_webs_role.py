"""Whoever takes over the web: what its role in the database refuses, and what it does not do unseen."""

import re
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import ProgrammingError

from survey.app import create_app
from survey.keys import KeyStore
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.roles import ADMINISTRATOR, QUALITY_ADVISER
from survey.storage.engine import Database
from survey.storage.tables import Base, Batch, Staff
from tests.bergen import day_centres, shelve
from tests.journeys.test_rights import with_database
from tests.staffed import PASSWORD, employ, post, sign_in

pytestmark = pytest.mark.postgres

# What the web could do harm with: answers, keys of rounds, releases, addresses, and whatever says who did what.
FORBIDDEN = (
    "SELECT box FROM sealed",
    "DELETE FROM sealed",
    "UPDATE sealed SET box = ''",
    "UPDATE release SET sha256 = ''",
    "DELETE FROM release",
    "INSERT INTO release (round, artefact, sha256) VALUES ('', '', '')",
    "TRUNCATE sealed",
    "DROP TABLE release",
    "SELECT email FROM invitee",
    "UPDATE first_typing SET box = ''",
    "DELETE FROM first_typing",
    "UPDATE code SET batch = ''",
    "DELETE FROM talk_request",
    "DELETE FROM measure",
    "UPDATE weighing SET text = ''",
    "UPDATE talk_request SET unit = ''",
    "INSERT INTO talk_mail (id, request, recipient) VALUES ('', '', '')",
    "UPDATE talk_mail SET state = 'sent'",
    "DELETE FROM talk_mail",
    "UPDATE node SET level = ''",
    "SELECT language FROM invitee",
    "UPDATE invitee SET batch = ''",
    "UPDATE invited SET batch = ''",
    "SELECT error FROM outbox",
    "UPDATE outbox SET invitee = ''",
    "UPDATE batch SET unit = ''",
    "DELETE FROM batch",
    "UPDATE round SET public_key = ''",
    "UPDATE round SET state = 'open'",
    "UPDATE round SET closed = NULL",
    "INSERT INTO round (id, public_key) VALUES ('', '')",
    "SELECT passphrase FROM errand",
    "UPDATE errand SET trouble = ''",
    "UPDATE answer_count SET number = 0",
    "UPDATE staff SET email = ''",
    "UPDATE role SET node = ''",
    "UPDATE staff_at_provider SET subject = ''",
    "DELETE FROM staff_at_provider",
    "INSERT INTO comment (id, round, question, text, state) VALUES ('', '', '', '', 'shown')",
    "UPDATE audit_entry SET who = ''",
    "DELETE FROM audit_entry",
    "UPDATE measure SET municipality = ''",
    "UPDATE earlier_result SET municipality = ''",
    "UPDATE told_back SET node = ''",
    "UPDATE plan SET round = ''",
    "UPDATE wrong_code SET day = NULL",
    "UPDATE tried SET key = ''",
    "DELETE FROM tried",
    "UPDATE second_factor SET secret = ''",
    "UPDATE staff_session SET until = NULL",
    "UPDATE spent_sign_in SET until = NULL",
    "INSERT INTO answer_count (batch, number) VALUES ('', 0)",
    "INSERT INTO staff_mail (id) VALUES ('')",
    "SELECT id FROM staff_mail",
    "SELECT staff FROM account_mail",
    "UPDATE account_mail SET due = NULL",
    "DELETE FROM account_mail",
    "DELETE FROM plan",
    "DELETE FROM told_back",
    "DELETE FROM weighing",
    "DELETE FROM batch",
    "CREATE TABLE mine (id text)",
    "CREATE TEMP TABLE mine (id text)",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "DROP FUNCTION written_down CASCADE",
    "ALTER ROLE medvirk_web SUPERUSER",
    "SET session_replication_role = replica",
    "COPY release TO PROGRAM 'cat'",
    "SELECT pg_read_file('PG_VERSION')",
)
REFUSED = re.compile(r"permission denied|must be owner|is a view|not a table")
OF_EVERY_TABLE = (
    "TRUNCATE {}",
    "DROP TABLE {} CASCADE",
    "ALTER TABLE {} ADD COLUMN mine text",
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "CREATE TRIGGER mine BEFORE INSERT ON {} EXECUTE FUNCTION written_down()",
)


def test_the_webs_role_reads_no_answer_and_no_address_and_changes_no_round_release_or_address(
    owned: Database, web: Database
) -> None:
    tables = [f'"{name}"' for name in (*Base.metadata.tables, "alembic_version", "refused_mail")]
    forbidden = [*FORBIDDEN, *(each.format(table) for each in OF_EVERY_TABLE for table in tables)]
    said = {statement: refusal(web, statement) for statement in forbidden}
    assert {statement: words for statement, words in said.items() if not REFUSED.search(words)} == {}


def refusal(web: Database, statement: str) -> str:
    """In which words the database refuses it."""
    try:
        with web.begin() as connection:
            connection.execute(text(statement))
    except ProgrammingError as error:
        return str(error.orig)
    return ""


def test_who_may_sign_in_and_as_what_is_never_changed_unseen(owned: Database, web: Database, tmp_path: Path) -> None:
    shelve(owned, day_centres())
    batch = {
        "id": "b",
        "round": day_centres().round,
        "unit": "4601",
        "way": "self",
        "group": "",
        "issued": 0,
        "voided": 0,
    }
    with owned.begin() as connection:
        connection.execute(insert(Batch), batch)
    employ(owned, "admin@bergen.no", [ADMINISTRATOR])
    KeyStore(tmp_path / "keys").make_session_key()
    app = create_app(with_database(tmp_path, web))
    admin = sign_in(app, "admin@bergen.no")
    made = post(admin, "/staff/people", email="liv@bergen.no", place="4601")
    (password,) = re.findall(r'<code class="big">([\w-]+)</code>', made.text)
    with owned.reading() as connection:
        liv = f"/staff/people/{connection.execute(select(Staff.id).where(Staff.email == 'liv@bergen.no')).scalar_one()}"
    own = sign_in(app, "liv@bergen.no", password)
    form = {"old": password, "new": PASSWORD, "again": PASSWORD}
    assert post(own, "/staff/account/password", **form).location == "/staff/sign-in"
    own = sign_in(app, "liv@bergen.no")
    (secret,) = re.findall(r"<code>([A-Z2-7 ]+)</code>", own.get("/staff/account/second-step").text)
    assert post(own, "/staff/account/second-step", code=pyotp.TOTP(secret.replace(" ", "")).now()).status_code == 200
    forgeries = (
        "INSERT INTO role (staff, role, node) SELECT id, 'reader', '4601' FROM staff",
        "DELETE FROM role",
        "INSERT INTO staff (id, email, password) VALUES ('x', 'x@example.no', 'x')",
        "UPDATE staff SET password = 'x'",
        "DELETE FROM staff WHERE email = 'liv@bergen.no'",
        "DELETE FROM second_factor",
        "INSERT INTO code (hmac, batch) VALUES ('', 'b')",
        "INSERT INTO staff_at_provider (staff, issuer, subject) SELECT id, 'x', id FROM staff",
    )

    def forge(statement: str) -> None:
        with web.begin() as connection:
            audit.note(connection, "admin@bergen.no", Action.SIGNED_IN)  # no entry of another kind will do
            connection.execute(text(statement))

    for forgery in forgeries:
        with pytest.raises(ProgrammingError, match="gives a way in is written down"):
            forge(forgery)
    for deed, what in (
        ("roles", {"role": QUALITY_ADVISER, "place": "4601"}),
        ("roles/away", {"role": QUALITY_ADVISER, "place": "4601"}),
        ("work", {"place": "4601"}),
        ("second-step/away", {}),
        ("away", {}),
    ):
        assert post(admin, f"{liv}/{deed}", **what).status_code == 302, deed
    assert audit.verify(owned).broken_at is None
    app.extensions["medvirk.database"].dispose()
