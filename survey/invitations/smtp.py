"""Hand mails to a mail server, and tell what its answers mean for a mail.

What is logged or raised names the server's reply code and the cure, never the server's words: they may repeat an
address. The words are kept with the mail, which goes when its person has answered or the round closes.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage

SECONDS = 30  # how long to wait for each answer of the server


@dataclass(frozen=True)
class Server:
    """A mail server; `security` is starttls, tls or none."""

    host: str
    port: int
    user: str | None
    password: str | None
    security: str


class AwayError(Exception):
    """No mail can go through this server now; the message names the cure."""


class LostError(Exception):
    """The connection broke; this mail must be tried again, on a new one."""


class NotNowError(Exception):
    """The server refuses this mail for now, with these words."""


class NeverError(Exception):
    """The server refuses this mail for good, with these words."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


@contextmanager
def connected(server: Server) -> Iterator[smtplib.SMTP]:
    """A connection, its certificate checked against the system's authorities, signed in.

    Raises: AwayError.
    """
    context = ssl.create_default_context()
    with _told(server):
        connection = (
            smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
            if server.security == "tls"
            else smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        )
    try:
        with _told(server):
            if server.security == "starttls":
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password or "")
        yield connection
        with suppress(OSError):
            connection.quit()
    finally:
        connection.close()


@contextmanager
def _told(server: Server) -> Iterator[None]:
    """Turn what can go wrong before the first mail into words with a cure."""
    where = f"the mail server {server.host}:{server.port}"
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        cure = "Check MEDVIRK_SMTP_USER and MEDVIRK_SMTP_PASSWORD."
        raise AwayError(f"{where} does not let us sign in ({error.smtp_code}). {cure}") from None
    except smtplib.SMTPResponseException as error:
        raise AwayError(f"{where} takes no mail at present ({error.smtp_code}). It is tried again.") from None
    except ssl.SSLCertVerificationError as error:
        cure = "Use the name in its certificate as MEDVIRK_SMTP_HOST; an own authority goes into SSL_CERT_FILE."
        raise AwayError(f"{where} has a certificate that is not trusted ({error.verify_message}). {cure}") from None
    except OSError as error:  # smtplib's errors are OSErrors too
        if isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected):
            what = "does not offer the encryption or the sign-in that the settings ask for"
            cure = "Check MEDVIRK_SMTP_SECURITY, MEDVIRK_SMTP_PORT and MEDVIRK_SMTP_USER."
        else:
            what = f"cannot be reached ({error.strerror or type(error).__name__})"
            cure = "Check MEDVIRK_SMTP_HOST, MEDVIRK_SMTP_PORT and MEDVIRK_SMTP_SECURITY."
        raise AwayError(f"{where} {what}. {cure}") from None


def hand_over(connection: smtplib.SMTP, message: EmailMessage) -> None:
    """Give the server one mail for one recipient; returning means that it has taken it.

    Raises: AwayError, LostError, NotNowError, NeverError.
    """
    try:
        connection.send_message(message)
    except smtplib.SMTPSenderRefused as error:
        _check_connected(error.smtp_code)
        cure = "Check MEDVIRK_MAIL_FROM, MEDVIRK_SMTP_USER and MEDVIRK_SMTP_PASSWORD."
        raise AwayError(f"the mail server does not take mail from our sender ({error.smtp_code}). {cure}") from None
    except smtplib.SMTPRecipientsRefused as error:
        _refused(*next(iter(error.recipients.values())))
    except smtplib.SMTPResponseException as error:
        _refused(error.smtp_code, error.smtp_error)
    except OSError as error:
        raise LostError(type(error).__name__) from None


def _refused(code: int, words: bytes | str) -> None:
    _check_connected(code)
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    if code in (530, 535, 538):
        cure = "Check MEDVIRK_SMTP_USER, MEDVIRK_SMTP_PASSWORD and MEDVIRK_SMTP_SECURITY."
        raise AwayError(f"the mail server wants us to sign in ({code}). {cure}")
    if 500 <= code < 600:
        raise NeverError(code, f"{code} {text}")
    raise NotNowError(f"{code} {text}")


def _check_connected(code: int) -> None:
    """421 says that the server closes the connection; -1 that there was no proper answer."""
    if code in (421, -1):
        raise LostError(str(code))
