"""What waits on a tablet opens for the server alone, for its own round alone, and arrives once; nothing tells of it."""

import json
import logging
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask.testing import FlaskClient
from nacl.secret import SecretBox
from sqlalchemy import func, select

from survey.access.codes import shown
from survey.answering.keeping import UnreadableError, key_of_code, new_key, open_kept
from survey.app import create_app
from survey.questionnaire.answers import decode
from survey.rounds.closing import close_round
from survey.settings import Settings
from survey.storage import migrating
from survey.storage.engine import Database
from survey.storage.tables import Sealed
from tests.village import RELATIVES, SUBMISSION, Village, answer

MARKER = "Kvitveis-i-lia-4601"


@pytest.fixture
def village(settings: Settings, tmp_path: Path) -> Iterator[Village]:
    database = Database(settings.database_url)
    migrating.upgrade(database)
    village = Village.found(database, tmp_path)
    yield village
    database.dispose()


@pytest.fixture
def client(settings: Settings, village: Village) -> FlaskClient:
    return create_app(settings).test_client()


def lock(key: str, text: str) -> str:
    """As the page's script locks."""
    nonce = secrets.token_bytes(12)
    return b64encode(nonce + AESGCM(b64decode(key)).encrypt(nonce, text.ljust(16384).encode(), None)).decode()


def kept_of(village: Village, code: str, **changes: str) -> dict[str, str]:
    """What a tablet stores of an answer that could not be sent."""
    key, wrapped = new_key(village.keys.web(village.round_id).wrapping)
    fields = {"code": code, "submission": SUBMISSION, "language": "nb", "ladder": "3", "support": "none"}
    answered = {"glad": "5", "sad": "5", "food": "5", "say": MARKER}
    kept = lock(key, urlencode(fields | answered | changes))
    return {"round": village.round_id, "key": wrapped, "kept": kept}


def status(client: FlaskClient, fields: dict[str, str]) -> tuple[int, str]:
    reply = client.post("/submit", data=fields, headers={"Accept": "application/json"})
    assert reply.json
    return reply.status_code, reply.json["status"]


def stored(village: Village) -> int:
    with village.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(Sealed)).scalar_one()


def test_a_kept_answer_is_taken_as_its_fields_would_be_and_once(client: FlaskClient, village: Village) -> None:
    (code,) = village.codes()
    kept = kept_of(village, shown(code))
    assert status(client, kept) == (200, "received")
    assert status(client, kept) == (200, "already_received")
    assert status(client, kept_of(village, code)) == (200, "already_received")  # the same Send, locked once more
    assert status(client, kept_of(village, code, submission="f" * 32)) == (409, "not_valid")
    with village.database.reading() as connection:
        (box,) = connection.execute(select(Sealed.box)).scalars()
    assert decode(village.keys.opener(village.round_id).decrypt(box)) == answer(5, comment=MARKER)


def test_a_kept_answer_meets_the_same_checks(client: FlaskClient, village: Village) -> None:
    (code,) = village.codes()
    for change in ({"glad": "7"}, {"submission": "0"}, {"extra": "1"}, {"kept": "x"}, {"ladder": ""}):
        assert status(client, kept_of(village, code, **change)) == (422, "invalid")
    assert stored(village) == 0


def test_without_script_a_kept_answer_that_must_be_put_right_comes_back_whole(
    client: FlaskClient, village: Village
) -> None:
    page = client.post("/submit", data=kept_of(village, village.codes()[0], glad="7"))
    assert page.status_code == 422
    assert MARKER in page.text


def test_what_a_tablet_stores_opens_with_nothing_that_it_stores(village: Village) -> None:
    """Nor with the code, nor with what the server wrapped for somebody else, nor with another round's keys."""
    (code,) = village.codes()
    other = village.keys.web(village.open_round(audience="relative", questionnaire=RELATIVES)).wrapping
    wrapping = village.keys.web(village.round_id).wrapping
    kept = kept_of(village, code)
    raw = json.dumps(kept)
    assert code not in raw
    assert MARKER not in raw
    box = b64decode(kept["kept"])
    wrapped = b64decode(kept["key"])
    tries = [wrapped[start : start + 32] for start in range(len(wrapped) - 31)]
    tries += [b64decode(key_of_code(each, code)) for each in (wrapping, other)]
    for key in (*tries, other):
        with pytest.raises(InvalidTag):
            AESGCM(key).decrypt(box[:12], box[12:], None)
    with pytest.raises(UnreadableError):
        open_kept(other, kept["kept"], kept["key"])
    with pytest.raises(UnreadableError):
        open_kept(wrapping, kept["kept"], new_key(wrapping)[1])


def test_forged_and_garbled_ones_are_invalid_and_leave_no_trace(
    client: FlaskClient, village: Village, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    other = village.open_round(audience="relative", questionnaire=RELATIVES)
    (code,) = village.codes()
    good = kept_of(village, code)
    key, elsewhere = new_key(village.keys.web(other).wrapping)
    own = b64encode(SecretBox(bytes(32)).encrypt(b64decode(key))).decode()
    forged = lock(key, f"code={code}&submission={SUBMISSION}&language=nb&ladder=3&say={MARKER}")
    changed = bytearray(b64decode(good["kept"]))
    changed[100] ^= 1
    for change in (
        {"kept": ""},
        {"kept": MARKER},
        {"kept": "AAAA"},
        {"kept": b64encode(changed).decode()},
        {"kept": forged},
        {"kept": forged, "key": own},
        {"kept": forged, "key": elsewhere},
        {"key": ""},
        {"key": "AAAA"},
        {"key": good["key"] * 1000},
        {"round": other},
    ):
        assert status(client, good | change) == (422, "invalid"), change
    for round_id in ("", "nowhere"):
        assert status(client, good | {"round": round_id}) == (409, "not_valid")
    assert stored(village) == 0
    for secret in (code, shown(code), SUBMISSION, MARKER, good["kept"][:40], good["key"][:40], forged[:40], own[:40]):
        assert secret not in caplog.text
    assert status(client, good) == (200, "received")


def test_more_fields_than_a_form_has_are_not_read(client: FlaskClient, village: Village) -> None:
    many = {f"x{number}": "1" for number in range(1000)}
    assert status(client, kept_of(village, village.codes()[0], **many)) == (422, "invalid")


def test_after_closing_it_is_told_and_can_be_opened_by_nobody(client: FlaskClient, village: Village) -> None:
    kept = kept_of(village, village.codes()[0])
    close_round(village.database, village.keys, village.data, village.round_id)
    assert status(client, kept) == (410, "closed")
    left = [path.read_bytes() for path in village.keys.folder.rglob("*") if path.is_file()]
    for key in left:
        if len(key) == SecretBox.KEY_SIZE:
            with pytest.raises(UnreadableError):
                open_kept(key, kept["kept"], kept["key"])


def test_keys_that_cannot_be_read_meanwhile_lose_no_kept_answer(client: FlaskClient, village: Village) -> None:
    kept = kept_of(village, village.codes()[0])
    folder = village.keys.folder / "web" / village.round_id
    folder.rename(folder.with_name(".away"))
    assert status(client, kept) == (503, "unavailable")
    folder.with_name(".away").rename(folder)
    assert status(client, kept) == (200, "received")


def test_a_page_is_given_new_keys_each_time_and_the_key_of_a_code_only_where_the_round_keeps_what_is_begun(
    client: FlaskClient, village: Village
) -> None:
    keeping = village.open_round(audience="relative", questionnaire=RELATIVES, keep_unfinished=True)
    (code,), (relative,) = village.codes(), village.codes(round_id=keeping)

    def given(code: str) -> list[str]:
        tail = client.post("/start", data={"code": code}).text.rpartition('id="keeping" ')[2]
        return tail.split('"')[1:6:2]

    (key, wrapped, unfinished), again = given(code), given(code)
    assert {key, wrapped}.isdisjoint(again)
    assert unfinished == ""
    text = lock(key, "a=1")
    assert open_kept(village.keys.web(village.round_id).wrapping, text, wrapped) == {"a": ["1"]}
    assert given(relative)[2] == given(relative)[2] == key_of_code(village.keys.web(keeping).wrapping, relative)
