"""What was typed of a paper and waits for the second time: nobody reads it without the paper itself."""

from pathlib import Path

import pytest
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlalchemy import select

from survey.access.codes import mint
from survey.interviews import twice
from survey.interviews.desks import finder
from survey.interviews.twice import Typed
from survey.keys import WebKeys
from survey.rounds.closing import close_round
from survey.storage.engine import Database
from survey.storage.tables import FirstTyping
from tests.village import QUESTIONNAIRE, Village

STAFF = "11111111-2222-4333-8444-555555555555"
FIELDS = {"language": "nb", "ladder": "3", "support": "none", "glad": "1", "sad": "dont_want", "food": "", "say": ""}


@pytest.fixture
def village(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Village:
    monkeypatch.setattr(twice, "EVERY", 1)
    return Village.found(database, tmp_path)


def type_once(village: Village, **changes: str) -> str:
    (code,) = village.codes(1, way="paper")
    with village.database.reading() as connection:
        batch = connection.exec_driver_sql("SELECT id FROM batch").scalar()
    desk = finder(village.database, "paper")(str(batch))
    assert desk
    typed = Typed(STAFF, "0" * 32, FIELDS | changes)
    took = twice.take(
        village.database,
        village.keys,
        desk=desk,
        questionnaire=QUESTIONNAIRE,
        code=code,
        typed=typed,
        settled=False,
    )
    assert took is None
    return code


def boxes(village: Village) -> list[bytes]:
    with village.database.reading() as connection:
        return list(connection.execute(select(FirstTyping.box)).scalars())


def test_database_and_keys_together_open_no_box_without_the_paper(village: Village) -> None:
    code = type_once(village)
    web = village.keys.web(village.round_id)
    (box,) = boxes(village)
    for key in (web.pepper, web.mail, web.wrapping):
        with pytest.raises(CryptoError):
            SecretBox(key).decrypt(box)
    stolen = WebKeys(web.pepper, web.mail, bytes(32))
    for keys, whose in ((web, mint()), (stolen, code)):
        with pytest.raises(CryptoError):
            twice._lock(keys, whose).decrypt(box)
    with village.database.reading() as connection:
        found = twice.first(connection, web, code)
    assert found
    assert found.fields["glad"] == "1", "the paper and the server together open it"


def test_a_box_tells_nothing_by_its_length_nor_who_typed_it(village: Village) -> None:
    type_once(village)
    type_once(village, say="\U0001f600" * 1500, glad="not_understood")
    short, long = boxes(village)
    assert len(short) == len(long)
    assert not any(STAFF.encode() in box or b"dont_want" in box for box in (short, long))


def test_when_the_round_is_closed_nothing_of_it_is_left_in_the_files(village: Village) -> None:
    type_once(village)
    (box,) = boxes(village)
    close_round(village.database, village.keys, village.data, village.round_id)
    assert boxes(village) == []
    if village.database.is_sqlite:
        file = Path(str(village.database.url.database))
        left = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
        assert box[:16] not in left
