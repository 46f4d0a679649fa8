"""The village and Oslo, and an administrator of the village."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from survey.storage.tables import Node
from tests.reaching import Place, reached


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with founded(tmp_path) as place:
        yield place


@pytest.fixture
def admin(place: Place) -> FlaskClient:
    return place.sign_in(administrator="4601")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """For tests that change nothing which another would miss."""
    with founded(tmp_path_factory.mktemp("shared")) as place:
        yield place


@pytest.fixture(scope="module")
def sharer(shared: Place) -> FlaskClient:
    return shared.sign_in(administrator="4601")


@contextmanager
def founded(folder: Path) -> Iterator[Place]:
    with reached(folder) as place:
        with place.village.database.begin() as connection:
            oslo = {"id": "0301", "level": "municipality", "parent": None, "name": {"nb": "Oslo"}}
            connection.execute(insert(Node), {**oslo, "service_kind": None, "places": None})
        yield place
