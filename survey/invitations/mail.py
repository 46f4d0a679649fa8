"""The mail to somebody invited: who asks, about which place, the link, the code to type, whom to ask.

Text and HTML say the same. Nothing in it is fetched from anywhere, so nobody learns whether it was opened.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from functools import cache
from pathlib import Path

from babel.support import Translations
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from survey.access.codes import shown
from survey.invitations.outbox import REMINDERS, Mail

TRANSLATIONS = Path(__file__).resolve().parents[1] / "translations"


@dataclass(frozen=True)
class Letterhead:
    """What all mails of an installation share: `sender` as “Name <address>”, and the address of its code page."""

    sender: str
    address: str


class _Policy(EmailPolicy):
    """As for every mail, but a link in a header stays whole: Python would encode one that is longer than a line."""

    def fold_binary(self, name: str, value: str) -> bytes:
        whole = f"{name}: {value}{self.linesep}".encode("ascii", "replace")
        return whole if name == "List-Unsubscribe" else super().fold_binary(name, value)


_POLICY = _Policy(linesep=SMTP.linesep)


class TextsMissingError(Exception):
    """The texts of a language are not there; the message names the cure."""


def compose(mail: Mail, code: str, token: str, letterhead: Letterhead, now: dt.datetime) -> EmailMessage:
    """The finished mail; `now` in UTC, `code` normalised, `token` for “no more mail”.

    Its id comes from the outbox, so that a second copy is known as one.

    Raises: TextsMissingError.
    """
    texts = templates(mail.language)
    words = {
        "language": mail.language,
        "place": called(mail.place, mail.language),
        "municipality": called(mail.municipality, mail.language),
        "relative": mail.audience in ("relative", "relative_guess"),
        "simulated": mail.simulated,
        "reminder": mail.kind in REMINDERS,
        "last": mail.kind == REMINDERS[-1],
        "page": f"{letterhead.address}/s",
        "link": f"{letterhead.address}/s#{code}",
        "code": shown(code),
        "stop": f"{letterhead.address}/no-more-mail/{token}?language={mail.language}",
    }
    message = EmailMessage(policy=_POLICY)
    message["From"] = letterhead.sender
    message["To"] = Address(addr_spec=mail.email)
    message["Subject"] = texts.get_template("invitations/subject.txt").render(words)
    message["Date"] = now.replace(tzinfo=dt.UTC)
    message["Message-ID"] = f"<{mail.id}@{message['From'].addresses[0].domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{words['stop']}>"
    if letterhead.address.startswith("https:"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message.set_content(texts.get_template("invitations/mail.txt").render(words))
    message.add_alternative(texts.get_template("invitations/mail.html").render(words), subtype="html")
    return message


def called(name: Mapping[str, str], language: str) -> str:
    """A name in a language, or in nb."""
    return name.get(language, name["nb"])


@cache
def templates(language: str) -> Environment:
    """The templates of mails in one language. English is what they are written in.

    Raises: TextsMissingError.
    """
    texts = Environment(
        loader=PackageLoader("survey.invitations"),
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    catalogue = Translations.load(str(TRANSLATIONS), [language])
    if language != "en" and not isinstance(catalogue, Translations):
        raise TextsMissingError(f"The texts in “{language}” are missing. Run: make setup")
    texts.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    return texts
