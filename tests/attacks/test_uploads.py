"""What is sent to the pages of voices and pictures by those who mean harm."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.speech import takes
from survey.studio.voices import FORM
from tests.bergen import day_centres
from tests.sounds import hum, wav
from tests.staffed import sign_in, staffed, token

BOOTH = "/staff/voices/day-centre-residents/nb/food"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with staffed(tmp_path, day_centres()) as app:
        yield app


@pytest.fixture
def anna(app: Flask) -> FlaskClient:
    return sign_in(app, "anna@bergen.no")


def files(folder: Path) -> set[str]:
    """Every file that was sent and kept, wherever it came to lie."""
    return {path.name for path in folder.rglob("*") if path.is_file() and path.suffix in (".wav", ".mp3")}


class Endless(io.RawIOBase):
    """A body that says it is as large as it likes; counts what is read of it."""

    def __init__(self) -> None:
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # bytes is what it gets
        self.read_bytes += len(buffer)
        return len(buffer)


@pytest.mark.parametrize("signed_in", [True, False])
def test_what_is_too_large_is_refused_unread(app: Flask, anna: FlaskClient, signed_in: bool) -> None:
    client = anna if signed_in else app.test_client()
    largest = takes.LARGEST + FORM if signed_in else app.config["MAX_CONTENT_LENGTH"]
    body = Endless()
    answer = client.post(
        BOOTH,
        content_type="multipart/form-data; boundary=b",
        environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": str(largest + 1)},
    )
    assert answer.status_code == (413 if signed_in else 302)
    assert body.read_bytes == 0


def test_who_has_not_signed_in_or_has_no_token_leaves_nothing(app: Flask, anna: FlaskClient, tmp_path: Path) -> None:
    page = token(anna.get(BOOTH))
    stranger = app.test_client()
    for client, form, status in (
        (stranger, {}, 302),
        (stranger, {"csrf_token": page}, 302),
        (anna, {}, 400),
        (anna, {"csrf_token": page[::-1]}, 400),
    ):
        sent = {**form, "sound": (io.BytesIO(wav(hum())), "a.wav")}
        assert client.post(BOOTH, data=sent).status_code == status
    assert files(tmp_path) == set()


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "..\\..\\a.wav", "/tmp/a.wav", "a\0.wav", "recordings.yaml", ""]
)
def test_the_name_of_a_file_decides_nothing(anna: FlaskClient, tmp_path: Path, name: str) -> None:
    form = {"csrf_token": token(anna.get(BOOTH)), "sound": (io.BytesIO(wav(hum())), name)}
    anna.post(BOOTH, data=form)
    kept = {path.relative_to(tmp_path / "data").parts[0] for path in tmp_path.rglob("*.wav")}
    assert kept <= {"recorded"}
    assert all(
        kept_name.startswith("day-centre-residents.food.") for kept_name in files(tmp_path) if "wav" in kept_name
    )


@pytest.mark.parametrize(
    "address",
    [
        "/staff/voices/../nb/food",
        "/staff/voices/..%2f..%2f/nb/food",
        "/staff/voices/day-centre-residents/..%2f..%2f/food",
        "/staff/voices/day-centre-residents/nb/..%2ffood",
        "/staff/voices/day-centre-residents/se/food",
        "/staff/voices/day-centre-residents/nb/%00",
        "/speech/..%2f..%2fmedvirk.db.mp3",
    ],
)
def test_an_address_leads_to_no_other_file(anna: FlaskClient, tmp_path: Path, address: str) -> None:
    form = {"csrf_token": token(anna.get(BOOTH)), "sound": (io.BytesIO(wav(hum())), "a.wav")}
    assert anna.get(address).status_code == 404
    assert anna.post(address, data=form).status_code in (404, 405)
    assert files(tmp_path) == set()
