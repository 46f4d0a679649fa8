"""Every card, letter and mail of a round as it looks, with a code that is none and a recipient who is nobody."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from survey.archive.facts import Facts
from survey.invitations.mail import Letterhead, TextsMissingError, compose
from survey.invitations.outbox import INVITATION, REMINDERS, Mail
from survey.prints.cards import Card, cards
from survey.prints.information import Announced, information
from survey.prints.letters import Letter, Mailing, Recipient, letters
from survey.prints.paper import Sheets, paper
from survey.prints.press import Press
from survey.prints.rules import rules
from survey.prints.sender import Sender
from survey.prints.words import PrintError
from survey.register.tree import Place

CODE = "EKSEMPELKODE"  # has signs that no code has, so nobody can ever use it
NOBODY = "EKSEMPEL"
CONTACT = "[navn]"
PHONE = "[telefon]"
MAILS = {INVITATION: "invitasjon", REMINDERS[0]: "paminnelse-1", REMINDERS[1]: "paminnelse-2"}
RELATIVES = ("relative", "relative_guess")

Print = Callable[[str], bytes]


@dataclass(frozen=True)
class Specimen:
    """One of them: which print (the beginning of its file's name), in which language, and how it is made.

    `make` raises PrintError or TextsMissingError where there is none in this language; SymbolError.
    """

    name: str
    language: str
    make: Callable[[], bytes]

    @property
    def print_(self) -> str:
        """Which it is, whatever the language."""
        return self.name.partition(f"-{self.language}")[0]


def offered(facts: Facts, press: Press) -> list[Specimen]:
    """Those that the round has, not made yet."""
    return [
        Specimen(name.format(language), language, partial(print_, language))
        for language in facts.planned.questionnaire.languages
        for name, print_ in _prints(facts, press)
    ]


def made(facts: Facts, press: Press) -> tuple[dict[str, bytes], list[str]]:
    """Files by name, and the names of those that there are not in their language.

    Raises: SymbolError.
    """
    files: dict[str, bytes] = {}
    missing: list[str] = []
    for each in offered(facts, press):
        try:
            files[f"brev/{each.name}"] = each.make()
        except (PrintError, TextsMissingError):
            missing.append(f"brev/{each.name}")
    return files, missing


def _prints(facts: Facts, press: Press) -> Iterator[tuple[str, Print]]:
    planned, place = facts.planned, next(iter(facts.units), facts.municipality)
    sender = Sender(municipality=facts.municipality.name, contact=CONTACT, phone=PHONE)
    if planned.audience == "resident":
        yield "kort-{}-eksempel.pdf", lambda language: cards(press, [_card(facts, press, place, language)], language)
        yield "regler-for-hjelpere-{}.pdf", lambda language: rules(press, language)
    else:
        for kind, name in MAILS.items():
            yield f"e-post-{name}-{{}}-eksempel.txt", partial(_mail, facts, press, place, kind)
        if planned.opens:
            mailing = Mailing(
                sender=sender,
                written=planned.opens,
                until=planned.closes,
                relatives=planned.audience in RELATIVES,
                simulated=facts.simulated,
            )
            yield "brev-{}-eksempel.pdf", lambda language: letters(press, mailing, [_letter(place, language)])
    if planned.audience == "resident" and planned.opens and planned.closes:
        announced = Announced(place=place.name, sender=sender, begins=planned.opens, ends=planned.closes)
        yield "informasjonsbrev-{}.pdf", lambda language: information(press, [announced], language)
    if "paper" in planned.ways:
        sheets = [Sheets(place.called(), CODE)]
        yield "papirskjema-{}-eksempel.pdf", lambda language: paper(press, planned.questionnaire, sheets, language)


def _card(facts: Facts, press: Press, place: Place, language: str) -> Card:
    owner = press.words(language).text("municipality", municipality=facts.municipality.called(language))
    return Card(CODE, place.called(language), owner)


def _letter(place: Place, language: str) -> Letter:
    to = Recipient(name=NOBODY, address=(NOBODY,), postcode="0000", town=NOBODY, language=language)
    return Letter(to, CODE, place.name)


def _mail(facts: Facts, press: Press, place: Place, kind: str, language: str) -> bytes:
    mail = Mail(
        id=NOBODY,
        kind=kind,
        attempts=0,
        invitee=NOBODY,
        email="eksempel@example.invalid",
        language=language,
        round_id=facts.planned.id,
        audience=facts.planned.audience,
        simulated=facts.simulated,
        place=place.name,
        municipality=facts.municipality.name,
    )
    letterhead = Letterhead("Medvirk <eksempel@example.invalid>", press.address)
    message = compose(mail, CODE, NOBODY, letterhead, dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    text = message.get_body(("plain",))
    assert text  # compose always writes one
    return f"{message['Subject']}\n\n{text.get_content()}".encode()
