"""Nobody gets in by the municipality's sign-in with an answer that is forged, changed, replayed or of somebody else."""

import re
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import count
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from sqlalchemy import select

from survey.app import create_app
from survey.settings import Settings
from survey.staff.audit import Action
from survey.staff.roles import QUALITY_ADVISER
from survey.storage.tables import AuditEntry, StaffAtProvider, StaffSession
from tests.provider import (
    Between,
    Claims,
    agree,
    by_hand,
    come_back,
    in_between,
    installed,
    leave,
    make_known,
    real_provider,
    sign_in_there,
    with_key,
)
from tests.staffed import employ, try_to_sign_in

ANNA, COOKIE = "anna@bergen.no", "medvirk_staff"
_ADDRESSES = count(1)


@pytest.fixture(scope="module")
def real() -> Iterator[str]:
    with real_provider() as issuer:
        make_known(issuer, "anna", email=ANNA, email_verified=True)
        yield issuer


@pytest.fixture(scope="module")
def standing(real: str) -> Iterator[Between]:
    with in_between(real) as between:
        yield between


@pytest.fixture
def between(standing: Between) -> Between:
    standing.changes.clear()
    standing.asked.clear()
    return standing


@pytest.fixture(scope="module")
def settings(standing: Between, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return installed(tmp_path_factory.mktemp("provider"), standing.issuer)


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    app.extensions["medvirk.database"].dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser at an address of its own, so that no test uses up another's tries."""
    return browser(app)


def browser(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = f"10.0.0.{next(_ADDRESSES)}"
    return client


def is_out(client: FlaskClient) -> bool:
    return client.get("/staff/").location == "/staff/sign-in"


def sessions(app: Flask) -> int:
    with app.extensions["medvirk.database"].reading() as connection:
        return len(connection.execute(select(StaffSession.id)).all())


def refused(app: Flask, client: FlaskClient, subject: str = "anna") -> bool:
    """The whole way is walked, and nobody is in at its end."""
    before = sessions(app)
    answer = sign_in_there(client, subject)
    return answer.status_code == 403 and is_out(client) and sessions(app) == before


def test_through_somebody_who_changes_nothing_the_way_is_open(client: FlaskClient, between: Between) -> None:
    """What is refused below is refused for what was changed."""
    assert sign_in_there(client, "anna").location == "/staff/"
    between.signing(lambda claims: claims)
    assert sign_in_there(client, "anna").location == "/staff/"


def without(name: str) -> Callable[[Claims], Claims]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def saying(**more: object) -> Callable[[Claims], Claims]:
    return lambda claims: {**claims, **more}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (saying(nonce="x" * 43), "'nonce'"),
        (without("nonce"), "'nonce'"),
        (saying(iss="https://evil.example"), "'iss'"),
        (saying(aud="another-client"), "'aud'"),
        (saying(aud=["medvirk", "another-client"]), "'azp'"),
        (saying(azp="another-client"), "'azp'"),
        (saying(exp=1_700_000_000), "expired"),
        (without("exp"), "'exp'"),
        (saying(iat=4_000_000_000), "future"),
        (saying(sub=""), "'sub'|who this is"),
        (saying(sub=17), "'sub'|who this is"),
        (saying(at_hash="x" * 22), "'at_hash'"),
        (saying(email_verified=False), "verified"),
        (without("email_verified"), "verified"),
        (saying(email=[ANNA]), "verified"),
        (saying(email=f"{ANNA}\0"), "no account"),
    ],
)
def test_a_well_signed_answer_that_is_not_right_lets_nobody_in(
    app: Flask,
    client: FlaskClient,
    between: Between,
    caplog: pytest.LogCaptureFixture,
    change: Callable[[Claims], Claims],
    why: str,
) -> None:
    between.signing(change)
    assert refused(app, client)
    assert re.search(why, said(caplog))


def said(caplog: pytest.LogCaptureFixture) -> str:
    """What Medvirk says in its log."""
    (line,) = [record.getMessage() for record in caplog.records if record.name.startswith("survey.")]
    return line


FORGED = {
    "a key of their own": lambda between: with_key(RSAKey.generate_key(2048)),
    "a key nobody knows": lambda between: with_key(RSAKey.generate_key(2048), "theirs"),
    "the secret we share": lambda between: by_hand("HS256", b"s3cret"),
    "the public key as a secret": lambda between: by_hand("HS256", between.key.as_pem(private=False)),
    "no signature": lambda between: by_hand("none", b""),
    "no signature under the name of one": lambda between: by_hand("RS256", b""),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_signature_that_is_not_the_providers_lets_nobody_in(
    app: Flask,
    client: FlaskClient,
    between: Between,
    caplog: pytest.LogCaptureFixture,
    forged: Callable[[Between], Callable[[Claims], str]],
) -> None:
    between.signing(lambda claims: claims, forged(between))
    assert refused(app, client)
    assert re.search(r"BadSignature|InvalidKeyId|UnsupportedAlgorithm", said(caplog))


@pytest.mark.parametrize("token", [{}, {"id_token": ""}, {"id_token": "a.b.c"}, {"id_token": 1}, {"error": "no"}])
def test_an_answer_without_a_token_lets_nobody_in(
    app: Flask, client: FlaskClient, between: Between, token: Claims
) -> None:
    between.changes["/oauth2/token"] = lambda _: token
    assert refused(app, client)


def changed(address: str, **query: str | None) -> str:
    kept = {**dict(parse_qsl(urlsplit(address).query)), **query}
    return f"{urlsplit(address).path}?{urlencode({name: value for name, value in kept.items() if value is not None})}"


@pytest.mark.parametrize(
    "query",
    [
        {"state": "x" * 43},
        {"state": None},
        {"state": "æ"},
        {"iss": "https://evil.example"},
        {"iss": ""},
        {"code": None},
    ],
)
def test_an_answer_with_another_state_issuer_or_code_lets_nobody_in(
    client: FlaskClient, between: Between, query: dict[str, str | None]
) -> None:
    address = agree(leave(client), "anna")
    assert come_back(client, changed(address, **query)).status_code == 403
    assert is_out(client)
    assert come_back(client, address).status_code == 403  # and what was begun is over
    assert is_out(client)


def test_an_answer_that_names_its_issuer_rightly_is_taken(client: FlaskClient, between: Between) -> None:
    address = agree(leave(client), "anna")
    assert come_back(client, changed(address, iss=between.issuer)).location == "/staff/"


def test_a_provider_that_always_names_itself_is_not_believed_without(settings: Settings, between: Between) -> None:
    between.changes["/.well-known/openid-configuration"] = lambda said: {
        **said,
        "authorization_response_iss_parameter_supported": True,
    }
    app = create_app(settings)
    client = browser(app)
    address = agree(leave(client), "anna")
    assert come_back(client, address).status_code == 403
    assert is_out(client)
    app.extensions["medvirk.database"].dispose()


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "ftp://evil.example/token"},
        {"jwks_uri": None},
    ],
)
def test_a_provider_that_says_it_is_another_is_not_spoken_to(
    settings: Settings, between: Between, change: dict[str, str | None]
) -> None:
    between.changes["/.well-known/openid-configuration"] = lambda said: {**said, **change}
    app = create_app(settings)
    assert browser(app).get("/staff/sign-in/provider").status_code == 503
    app.extensions["medvirk.database"].dispose()


def test_an_answer_is_taken_by_the_browser_that_asked_and_by_no_other(
    app: Flask, client: FlaskClient, between: Between
) -> None:
    address = agree(leave(client), "anna")
    other = browser(app)
    assert come_back(other, address).status_code == 403  # nobody is signed in as another by a link sent to them
    leave(other)
    assert come_back(other, address).status_code == 403
    assert is_out(other)
    assert come_back(client, address).location == "/staff/"


def test_an_answer_is_taken_once_even_by_a_browser_with_the_same_cookie(
    app: Flask, client: FlaskClient, between: Between
) -> None:
    address = agree(leave(client), "anna")
    cookie = client.get_cookie(COOKIE, path="/staff")
    assert cookie
    copies = [browser(app), browser(app)]
    for copy in copies:
        copy.set_cookie(COOKIE, cookie.value, path="/staff")
    given: list[Claims] = []
    between.changes["/oauth2/token"] = lambda token: given.append(token) or token  # type: ignore[func-returns-value]
    assert come_back(client, address).location == "/staff/"
    assert come_back(client, address).status_code == 403
    assert come_back(copies[0], address).status_code == 403  # the provider takes a code once
    between.changes["/oauth2/token"] = lambda _: given[0]  # and if it did not:
    with_new_code = agree(f"{between.issuer}/oauth2/authorize?{urlsplit(address_of(address, between)).query}", "anna")
    assert come_back(copies[1], with_new_code).status_code == 403
    assert all(is_out(copy) for copy in copies)


def address_of(back: str, between: Between) -> str:
    """Where a browser with the state of this answer would be sent for another code."""
    query = {"state": parse_qs(urlsplit(back).query)["state"][0], "client_id": "medvirk", "response_type": "code"}
    query |= {"redirect_uri": "http://127.0.0.1:8000/staff/sign-in/provider/back", "scope": "openid email"}
    return f"{between.issuer}/oauth2/authorize?{urlencode(query)}"


def test_after_ten_minutes_what_was_begun_is_over(client: FlaskClient, between: Between) -> None:
    address = agree(leave(client), "anna")
    with time_machine.travel(time.time() + 601):
        assert come_back(client, address).status_code == 403


def test_the_code_is_exchanged_with_the_secret_that_only_this_browser_had(
    client: FlaskClient, between: Between
) -> None:
    there = leave(client)
    come_back(client, agree(there, "anna"))
    (exchange,) = between.asked["/oauth2/token"]
    challenge = urlsafe_b64encode(sha256(exchange["code_verifier"].encode()).digest()).rstrip(b"=").decode()
    assert parse_qs(urlsplit(there).query)["code_challenge"] == [challenge]
    assert exchange["redirect_uri"] == "http://127.0.0.1:8000/staff/sign-in/provider/back"
    assert "client_secret" not in exchange  # it goes in a header


def test_a_session_begun_before_is_not_the_one_that_is_signed_in(client: FlaskClient, between: Between) -> None:
    client.get("/staff/sign-in")
    planted = client.get_cookie(COOKIE, path="/staff")
    assert planted
    assert sign_in_there(client, "anna").location == "/staff/"
    now = client.get_cookie(COOKIE, path="/staff")
    assert now
    assert now.value != planted.value
    client.set_cookie(COOKIE, planted.value, path="/staff")
    assert is_out(client)


@pytest.mark.parametrize("name", ["next", "redirect_uri", "return_to", "url"])
def test_no_parameter_leads_people_somewhere_else(client: FlaskClient, between: Between, name: str) -> None:
    evil = "https://evil.example/"
    there = client.get(f"/staff/sign-in/provider?{name}={evil}").location
    assert there
    assert "evil" not in there
    assert come_back(client, changed(agree(there, "anna"), **{name: evil})).location == "/staff/"


def test_an_address_given_to_somebody_new_opens_nothing_and_it_is_written_down(
    app: Flask, client: FlaskClient, real: str, between: Between
) -> None:
    employ(app.extensions["medvirk.database"], "leder@bergen.no", [QUALITY_ADVISER])
    make_known(real, "leder-2026", email="leder@bergen.no", email_verified=True)
    make_known(real, "leder-2027", email="LEDER@bergen.no", email_verified=True)
    assert sign_in_there(browser(app), "leder-2026").location == "/staff/"
    assert refused(app, client, "leder-2027")
    with app.extensions["medvirk.database"].reading() as connection:
        last = select(AuditEntry.who, AuditEntry.action).order_by(AuditEntry.number.desc()).limit(1)
        assert connection.execute(last).one() == ("leder@bergen.no", Action.PROVIDER_REFUSED)


def test_somebody_whose_address_becomes_anothers_does_not_become_the_other(
    app: Flask, client: FlaskClient, real: str, between: Between
) -> None:
    for email in ("per@bergen.no", "siv@bergen.no"):
        employ(app.extensions["medvirk.database"], email, [QUALITY_ADVISER])
    make_known(real, "per", email="per@bergen.no", email_verified=True)
    assert sign_in_there(browser(app), "per").location == "/staff/"
    make_known(real, "per", email="siv@bergen.no", email_verified=True)
    assert refused(app, client, "per")
    with app.extensions["medvirk.database"].reading() as connection:
        assert "siv@bergen.no" not in connection.execute(select(StaffAtProvider.subject)).scalars().all()


def test_an_address_told_only_when_asked_counts_if_it_is_of_the_same_person(
    app: Flask, client: FlaskClient, between: Between
) -> None:
    def short(claims: Claims) -> Claims:
        return {name: claims[name] for name in claims if not name.startswith("email")}

    between.signing(short)
    assert sign_in_there(client, "anna").location == "/staff/"
    between.changes["/userinfo"] = lambda told: {**told, "sub": "somebody else"}
    assert refused(app, browser(app))


def test_guessed_answers_are_stopped_after_ten_and_cost_the_provider_nothing(
    client: FlaskClient, between: Between
) -> None:
    answers = [client.get("/staff/sign-in/provider/back?state=x&code=y").status_code for _ in range(11)]
    assert answers == [403] * 10 + [429]
    assert between.asked == {}
    assert try_to_sign_in(client, ANNA, "feil passord her").status_code == 403  # passwords are counted apart


def test_no_secret_of_a_sign_in_reaches_the_log(
    client: FlaskClient, between: Between, caplog: pytest.LogCaptureFixture
) -> None:
    between.signing(lambda claims: {**claims, "nonce": "x"})
    address = agree(leave(client), "anna")
    come_back(client, address)
    line = said(caplog)
    assert "Nobody was signed in by the provider (doubtful)" in line
    secrets = [value for _, value in parse_qsl(urlsplit(address).query)] + ["s3cret", ANNA]
    assert not [secret for secret in secrets if secret in line]
