"""A cookie that was read once is not read again, and yet ends in time and is nobody else's."""

import time
from datetime import timedelta

import pytest
from flask import Flask, flash, get_flashed_messages, session

from survey.staff.sessions import StaffSessions

HOURS = 8


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.session_interface = StaffSessions()
    app.config.update(SECRET_KEY="x" * 32, PERMANENT_SESSION_LIFETIME=timedelta(hours=HOURS))

    @app.get("/staff/say/<words>")
    def say(words: str) -> str:
        session.permanent = True
        flash(words)
        return ""

    @app.get("/staff/hear")
    def hear() -> str:
        flash("once more")
        return ",".join(get_flashed_messages())

    return app


def test_it_says_the_same_each_time_it_is_sent(app: Flask) -> None:
    cookie = said(app, "kept")
    assert [heard(app, cookie) for _ in range(3)] == ["kept,once more"] * 3


@pytest.mark.parametrize("hours", [-1, HOURS + 1])
def test_it_ends_though_it_was_read_before(app: Flask, hours: int, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = said(app, "kept")
    assert heard(app, cookie) == "kept,once more"
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + hours * 3600)
    assert heard(app, cookie) == "once more"


def test_another_that_is_as_good_as_the_same_is_not_taken_for_it(app: Flask) -> None:
    cookie = said(app, "kept")
    assert heard(app, cookie) == "kept,once more"
    for other in (cookie + "A", cookie[:-2], said(app, "other").rsplit(".", 1)[0] + "." + cookie.rsplit(".", 1)[1]):
        assert heard(app, other) == "once more"


def said(app: Flask, words: str) -> str:
    client = app.test_client()
    client.get(f"/staff/say/{words}")
    cookie = client.get_cookie("session")
    assert cookie
    return cookie.value


def heard(app: Flask, cookie: str) -> str:
    client = app.test_client()
    client.set_cookie("session", cookie)
    return client.get("/staff/hear").text
