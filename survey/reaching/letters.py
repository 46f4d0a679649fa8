"""Letters with a code, for people without e-mail: a list becomes a PDF, and is kept nowhere."""

import datetime as dt
from collections.abc import Mapping

from flask import Blueprint, abort, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.access.codes import mint
from survey.access.issuing import IssuingError, hand_out_within
from survey.keys import KeyStore
from survey.prints import letters as prints
from survey.prints import recipients
from survey.prints.press import Press
from survey.prints.recipients import RecipientsError
from survey.prints.sender import Sender
from survey.prints.words import PrintError
from survey.reaching import wording
from survey.reaching.fields import (
    FORM,
    LARGEST_LIST,
    LONGEST,
    contact,
    day_of,
    pasted_or_uploaded,
    pdf,
    wrong_contact,
)
from survey.reaching.parts import Whole, names_of, planned_days, with_parts
from survey.reaching.stacks import shown
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs, takes_files
from survey.staff.roles import ROUND_LEADER
from survey.storage.engine import Database

MOST = 1000  # letters at a time
RELATIVES = ("relative", "relative_guess")


def add(reaching: Blueprint, database: Database, keys: KeyStore, press: Press) -> None:
    """Add /staff/rounds/<round_id>/letters."""
    find = with_parts(database)

    def page(whole: Whole, listed: str = "", problems: list[str] | None = None) -> str:
        of_relatives = whole.head.audience != "resident" and whole.head.state == "open"
        seen = shown(database, whole, whole.parts if of_relatives else (), ["self"])
        names = {stack.id: stack.name for stack in seen["stacks"]}
        return render_template(
            "reaching/letters.html",
            round=whole.head,
            names=names,
            example=whole.parts[0].id if whole.parts else "unit",
            columns=recipients.GROUPED if whole.scope.grouped else recipients.COLUMNS,
            covering=whole.scope.covering,
            listed=listed,
            problems=problems or [],
            typed={"until": planned_days(database, whole.head)[1], **request.form},
            longest=LONGEST,
            **{**seen, "stacks": [stack for stack in seen["stacks"] if stack.made]},
        )

    @reaching.get("/rounds/<round_id>/letters")
    @needs(ROUND_LEADER, round_id=find)
    def letters(whole: Whole) -> ResponseReturnValue:
        return page(whole)

    @reaching.post("/rounds/<round_id>/letters")
    @takes_files(LARGEST_LIST + FORM)
    @needs(ROUND_LEADER, round_id=find)
    def print_letters(whole: Whole) -> ResponseReturnValue:
        head = whole.head
        if head.audience == "resident" or head.state != "open":
            abort(404)
        content, listed = pasted_or_uploaded()
        typed, until = contact(), day_of("until")
        wrong, units = _wrong(typed, until), {part.id: part.place for part in whole.parts}
        try:
            read = recipients.read(content, units, whole.scope.grouped)
            listed_people = [(unit, group, person, mint()) for unit, group, person in read]
            if wrong:
                return page(whole, listed, wrong), 422
            if len(listed_people) > MOST:
                return page(whole, listed, [gettext("Print at most %(most)s letters at a time.", most=MOST)]), 422
            pages = [prints.Letter(person, code, units[unit].name) for unit, _, person, code in listed_people]
            printed = prints.letters(press, _mailing(whole, typed, until), pages)
            minted: dict[tuple[str, str], list[str]] = {}
            for unit, group, _, code in listed_people:
                minted.setdefault((unit, group), []).append(code)
            with database.begin() as connection:
                for (unit, group), codes in sorted(minted.items()):  # locks are taken in one order
                    hand_out_within(connection, keys.web(head.id), head.id, {unit: codes}, group=group)
                about = f"{len(listed_people)} by letter"
                audit.note_round(connection, g.member.email, Action.CODES_ISSUED, head.id, about)
        except RecipientsError as error:
            return page(whole, listed, wrong + [wording.problem(each) for each in error.problems]), 422
        except (PrintError, IssuingError) as error:
            return page(whole, listed, [wording.not_made(error, names_of(whole.parts))]), 422
        return pdf(printed, gettext("letters"))


def _mailing(whole: Whole, typed: Mapping[str, str], until: dt.date | None) -> prints.Mailing:
    return prints.Mailing(
        sender=Sender(municipality=whole.municipality.name, **typed),
        written=_today(),
        until=until,
        relatives=whole.head.audience in RELATIVES,
        simulated=whole.head.simulated,
    )


def _wrong(typed: Mapping[str, str], until: dt.date | None) -> list[str]:
    wrong = wrong_contact(typed)
    if until is not None and until < _today():
        wrong.append(gettext("The last day to answer is over. Choose one that comes, or none."))
    return wrong


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
