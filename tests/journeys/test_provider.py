"""Signing in by the municipality's own sign-in: from the button to the results, and what is said when it fails."""

import html
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from sqlalchemy import select

from survey.app import create_app
from survey.settings import Settings, SettingsError
from survey.staff import identities, provider
from survey.staff.accounts import AccountError
from survey.staff.audit import Action
from survey.staff.roles import QUALITY_ADVISER
from survey.storage.engine import Database
from survey.storage.tables import AuditEntry
from tests.bergen import day_centres
from tests.provider import NAME, come_back, in_between, installed, leave, make_known, real_provider, sign_in_there
from tests.staffed import PASSWORD, employ, sign_in, token

ANNA = "anna@bergen.no"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with real_provider() as issuer:
        make_known(issuer, "anna", email="Anna@Bergen.no", email_verified=True)
        yield issuer


@pytest.fixture(scope="module")
def settings(issuer: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return installed(tmp_path_factory.mktemp("provider"), issuer, day_centres())


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    app.extensions["medvirk.database"].dispose()


def deeds(app: Flask, who: str) -> list[str]:
    with app.extensions["medvirk.database"].reading() as connection:
        found = select(AuditEntry.action).where(AuditEntry.who == who).order_by(AuditEntry.number)
        return list(connection.execute(found).scalars())


def test_an_adviser_signs_in_by_the_button_and_sees_the_results(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/staff/sign-in?language=nb").text
    assert f"Logg inn med {NAME}" in page
    answer = sign_in_there(client, "anna")
    assert (answer.status_code, answer.location) == (302, "/staff/")
    overview = client.get("/staff/")
    assert "Dagsenter høsten 2026" in overview.text
    assert '<html lang="nb">' in overview.text
    assert "Du logget inn med kommunens innlogging" in client.get("/staff/account").text
    client.post("/staff/sign-out", data={"csrf_token": token(overview)})
    assert client.get("/staff/").location == "/staff/sign-in"
    left = client.get("/staff/sign-in").text
    assert "Du er logget ut her" in left
    out = re.search(f'href="([^"]+)">Logg ut av {NAME}', left)
    assert out
    asked = requests.get(html.unescape(out[1]), timeout=10)
    assert asked.ok
    assert "/staff/sign-in" in asked.text, "and the provider knows where to send them back to"
    assert "logget ut her" not in client.get("/staff/sign-in").text, "it is said once"
    assert sign_in_there(client, "anna").location == "/staff/"
    said = [Action.PROVIDER_TIED, Action.SIGNED_IN_BY_PROVIDER, Action.SIGNED_OUT, Action.SIGNED_IN_BY_PROVIDER]
    assert deeds(app, ANNA) == said


def test_the_password_opens_the_same_account_beside_it(app: Flask) -> None:
    client = sign_in(app, ANNA)
    overview = client.get("/staff/")
    assert overview.status_code == 200
    client.post("/staff/sign-out", data={"csrf_token": token(overview)})
    assert "Du er logget ut her" not in client.get("/staff/sign-in").text, "nobody signed in at the provider"


@pytest.mark.parametrize("offers", [{}, {"end_session_endpoint": "javascript:alert(1)"}, {"end_session_endpoint": 1}])
def test_a_provider_that_names_no_page_for_it_is_not_offered_for_signing_out(
    issuer: str, offers: dict[str, object]
) -> None:
    with in_between(issuer) as between:
        between.changes["/.well-known/openid-configuration"] = lambda said: {
            **{name: value for name, value in said.items() if name != "end_session_endpoint"},
            **offers,
            "issuer": between.issuer,
        }
        there = provider.Provider(between.issuer, "medvirk", "s3cret", NAME, "http://localhost/staff/back")
        assert there.leaving() is None


def test_signing_out_waits_for_no_provider_that_is_away() -> None:
    there = provider.Provider("http://127.0.0.1:9", "medvirk", "s3cret", NAME, "http://localhost/staff/back")
    assert there.leaving() is None


def test_in_production_the_provider_is_the_second_step_and_the_password_is_not(issuer: str, tmp_path: Path) -> None:
    app = create_app(replace(installed(tmp_path, issuer), production=True))
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    assert sign_in_there(client, "anna").location == "/staff/"
    assert client.get("/staff/").status_code == 200
    page = client.get("/staff/account")
    client.post("/staff/sign-out", data={"csrf_token": token(page)})
    form = {"email": ANNA, "password": PASSWORD, "csrf_token": token(client.get("/staff/sign-in"))}
    client.post("/staff/sign-in", data=form)
    assert client.get("/staff/").location == "/staff/account/second-step"
    app.extensions["medvirk.database"].dispose()


def test_what_the_browser_is_sent_with_is_new_each_time_and_leads_back_to_our_own_address(app: Flask) -> None:
    asked = [parse_qs(urlsplit(leave(app.test_client())).query) for _ in range(2)]
    for one in asked:
        assert one["response_type"] == ["code"]
        assert one["scope"] == ["openid email"]
        assert one["code_challenge_method"] == ["S256"]
        assert one["redirect_uri"] == ["http://127.0.0.1:8000/staff/sign-in/provider/back"]
        assert "s3cret" not in str(one)
    for secret in ("state", "nonce", "code_challenge"):
        assert asked[0][secret] != asked[1][secret]
        assert len(asked[0][secret][0]) >= 43


def test_a_forged_host_changes_nothing_of_where_the_provider_sends_people(app: Flask) -> None:
    answer = app.test_client().get("/staff/sign-in/provider", headers={"Host": "evil.example"})
    assert "evil" not in str(answer.location)


def test_who_has_no_account_or_says_no_is_told_so_in_words(app: Flask, issuer: str) -> None:
    make_known(issuer, "nobody", email="nobody@bergen.no", email_verified=True)
    client = app.test_client()
    client.get("/staff/sign-in?language=nb")
    stranger = sign_in_there(client, "nobody")
    assert (stranger.status_code, "har ingen konto her" in stranger.text) == (403, True)
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    no = come_back(client, f"/staff/sign-in/provider/back?error=access_denied&state={state}")
    assert (no.status_code, f"ikke logget inn hos {NAME}" in no.text) == (403, True)
    assert client.get("/staff/").location == "/staff/sign-in"


@pytest.mark.parametrize("listening", [True, False], ids=["silent", "gone"])
def test_a_provider_that_cannot_be_reached_is_told_within_the_limit_and_not_asked_again_at_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, listening: bool
) -> None:
    monkeypatch.setattr(provider, "TIME_LIMIT", 0.2)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        if listening:
            deaf.listen()
        deaf.settimeout(10)
        app = create_app(replace(settings, oidc_issuer=f"http://127.0.0.1:{deaf.getsockname()[1]}"))
        for _ in range(3):
            answer = app.test_client().get("/staff/sign-in/provider", headers={"Accept-Language": "nb"})
            assert (answer.status_code, f"{NAME} er ikke å få tak i" in answer.text) == (503, True)
            assert 'method="post" action="/staff/sign-in"' in answer.text  # the password works meanwhile
        if listening:
            deaf.accept()[0].close()
            deaf.settimeout(0)
            with pytest.raises(BlockingIOError):  # the second and third press asked nobody
                deaf.accept()
    app.extensions["medvirk.database"].dispose()


def test_without_a_provider_there_is_no_button_and_no_page(settings: Settings) -> None:
    app = create_app(replace(settings, oidc_issuer=None))
    client = app.test_client()
    assert "/staff/sign-in/provider" not in client.get("/staff/sign-in").text
    for page in ("/staff/sign-in/provider", "/staff/sign-in/provider/back"):
        assert client.get(page).status_code == 404
    app.extensions["medvirk.database"].dispose()


def test_who_is_untied_is_tied_anew(app: Flask, issuer: str) -> None:
    database: Database = app.extensions["medvirk.database"]
    employ(database, "kari@bergen.no", [QUALITY_ADVISER])
    for subject in ("kari-before", "kari-after"):
        make_known(issuer, subject, email="kari@bergen.no", email_verified=True)
    assert sign_in_there(app.test_client(), "kari-before").location == "/staff/"
    assert sign_in_there(app.test_client(), "kari-after").status_code == 403
    identities.untie(database, " Kari@bergen.no")
    assert sign_in_there(app.test_client(), "kari-after").location == "/staff/"
    assert sign_in_there(app.test_client(), "kari-before").status_code == 403
    assert deeds(app, "command line")[-1] == Action.PROVIDER_UNTIED
    with pytest.raises(AccountError, match="no account"):
        identities.untie(database, "nobody@bergen.no")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ISSUER": "https://a.example"}, "OIDC_CLIENT_ID is missing"),
        ({"CLIENT_ID": "m", "CLIENT_SECRET": "s"}, "OIDC_ISSUER is missing"),
        ({"ISSUER": "http://a.example", "CLIENT_ID": "m", "CLIENT_SECRET": "s"}, "https"),
        ({"ISSUER": "https://", "CLIENT_ID": "m", "CLIENT_SECRET": "s"}, "https"),
    ],
)
def test_half_a_provider_or_one_without_tls_is_refused_with_the_setting_named(
    given: dict[str, str], words: str
) -> None:
    with pytest.raises(SettingsError, match=words):
        Settings.from_environment({f"MEDVIRK_OIDC_{name}": value for name, value in given.items()})
    whole = {"MEDVIRK_OIDC_ISSUER": "https://id.bergen.no/x", "MEDVIRK_OIDC_CLIENT_ID": "m"}
    settings = Settings.from_environment({**whole, "MEDVIRK_OIDC_CLIENT_SECRET": "s"})
    assert settings.oidc_name == "id.bergen.no"
