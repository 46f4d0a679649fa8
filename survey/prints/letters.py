"""Letters with a code: one page each, the address where the window of an envelope is."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from survey.access.codes import shown
from survey.prints import qr
from survey.prints.press import Press
from survey.prints.sender import Sender
from survey.prints.words import PrintError
from survey.spreadsheet import worded


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Whom a letter is to, as it stands on the envelope, and the language they read."""

    name: str
    address: tuple[str, ...]
    postcode: str
    town: str
    language: str

    def lines(self) -> list[str]:
        """The lines of the address."""
        return [self.name, *self.address, f"{self.postcode} {self.town}"]


@dataclass(frozen=True)
class Letter:
    """A recipient, their normalised code, and the place they are asked about: language -> name."""

    recipient: Recipient
    code: str
    place: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Mailing:
    """What all letters of a mailing share: who asks, when they are written, the last day to answer.

    `relatives`: they are asked as relatives or guardians. `simulated`: each letter says that nobody is asked for real.
    """

    sender: Sender
    written: dt.date
    until: dt.date | None = None
    relatives: bool = True
    simulated: bool = False


def letters(press: Press, mailing: Mailing, letters: Iterable[Letter]) -> bytes:
    """A PDF with a page for each letter, in their order. The first letter's language is the document's.

    Raises: PrintError, also where there are none; SymbolError.
    """
    pages = [_page(press, mailing, letter) for letter in letters]
    if not pages:
        raise PrintError(worded("There are no letters to print. Give at least one recipient."))
    language: str = pages[0]["language"]
    return press.run("letters", language, press.words(language).text("letters_title"), {"letters": pages})


def _page(press: Press, mailing: Mailing, letter: Letter) -> dict[str, Any]:
    words = press.words(letter.recipient.language)
    text = words.text
    asks = mailing.sender.named(words)
    why = [text("letter_asks", asks=asks), *([text("letter_relative")] if mailing.relatives else [])]
    once = [text("letter_once"), *([text("letter_until", date=words.date(mailing.until))] if mailing.until else [])]
    return {
        "language": words.language,
        "recipient": letter.recipient.lines(),
        "from": asks,
        "written": words.date(mailing.written),
        "simulated": text("simulated") if mailing.simulated else None,
        "title": text("letter_title", place=words.called(letter.place)),
        "hello": text("letter_hello"),
        "why": " ".join([*why, text("letter_better")]),
        "how": text("letter_how"),
        "scan": text("letter_scan"),
        "type": text("letter_type", address=press.typed),
        "code": shown(letter.code),
        "once": " ".join(once),
        "qr": {"svg": qr.picture(press.address, letter.code), "alt": text("code_picture")},
        "parts": [
            {"title": text("letter_decide"), "lines": [text("letter_decline")]},
            {"title": text("letter_what_next"), "lines": [text("letter_locked")]},
            {"title": text("contact_title"), "lines": mailing.sender.reached(words)},
        ],
        "regards": [text("letter_regards"), asks],
    }
