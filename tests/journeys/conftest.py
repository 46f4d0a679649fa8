"""What tests of mail share."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.storage.engine import Database
from tests.mailserver import serving
from tests.office import Office, village_of_relatives
from tests.village import Village


@pytest.fixture
def relatives(database: Database, tmp_path: Path) -> Village:
    """A village with an open round of relatives."""
    return village_of_relatives(database, tmp_path)


@pytest.fixture
def office(relatives: Village) -> Iterator[Office]:
    """An office with a mail server of its own."""
    with serving() as server:
        yield Office(relatives, server)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What Medvirk logs, which names no address, no code and no password."""
    caplog.set_level(logging.DEBUG, logger="survey")
    yield caplog
    ours = "".join(record.getMessage() for record in caplog.records if record.name.startswith("survey"))
    assert not re.search(r"example\.no|\b\w{4}-\w{4}-\w{4}\b|#\w{12}|sesame", ours)
