"""Mails go encrypted, to a server that proves who it is, signed in; or they wait."""

import ssl
from pathlib import Path

import pytest
import trustme

from tests.mailserver import PASSWORD, USER, serving
from tests.office import KARI, MINUTE, NOW, Office
from tests.village import Village

pytestmark = pytest.mark.usefixtures("logged")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def certified(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


SIGN_IN = {"user": USER, "password": PASSWORD}


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mails_go_encrypted_and_signed_in(relatives: Village, certified: ssl.SSLContext, security: str) -> None:
    with serving(**{security: certified}, sign_in=True) as server:
        office = Office(relatives, server)
        office.invite(KARI)
        office.send(security=security, **SIGN_IN)
        assert (server.recipients(), server.signed_in) == ([KARI], 1)


@pytest.mark.usefixtures("trusted")
def test_with_a_wrong_password_mails_wait_and_the_log_names_the_cure(
    relatives: Village, certified: ssl.SSLContext, logged: pytest.LogCaptureFixture
) -> None:
    with serving(starttls=certified, sign_in=True) as server:
        office = Office(relatives, server)
        office.invite(KARI)
        office.send(security="starttls", user=USER, password="wrong")
        assert office.outbox()[KARI][:3] == ("queued", 1, MINUTE)
        assert "does not let us sign in (535). Check MEDVIRK_SMTP_USER and MEDVIRK_SMTP_PASSWORD." in logged.text
        office.clock.now = NOW + MINUTE
        office.send(security="starttls", **SIGN_IN)
        assert server.recipients() == [KARI]


@pytest.mark.usefixtures("trusted")
def test_a_server_that_wants_a_sign_in_we_do_not_have_fails_nobody(
    relatives: Village, certified: ssl.SSLContext, logged: pytest.LogCaptureFixture
) -> None:
    with serving(starttls=certified, sign_in=True) as server:
        office = Office(relatives, server)
        office.invite(KARI)
        office.send(security="starttls")
        assert office.outbox()[KARI][:3] == ("queued", 1, MINUTE)
        assert "(530). Check" in logged.text


def test_a_certificate_that_nobody_vouches_for_gets_no_mail_and_no_password(
    relatives: Village, certified: ssl.SSLContext, logged: pytest.LogCaptureFixture
) -> None:
    with serving(starttls=certified, sign_in=True) as server:
        office = Office(relatives, server)
        office.invite(KARI)
        office.send(security="starttls", **SIGN_IN)
        assert (server.received, server.signed_in, office.states()) == ([], 0, {KARI: "queued"})
        assert "certificate that is not trusted" in logged.text


def test_a_server_without_encryption_gets_no_mail_and_no_password(
    office: Office, logged: pytest.LogCaptureFixture
) -> None:
    office.invite(KARI)
    office.send(security="starttls", **SIGN_IN)
    assert (office.server.received, office.states()) == ([], {KARI: "queued"})
    assert "does not offer the encryption" in logged.text
