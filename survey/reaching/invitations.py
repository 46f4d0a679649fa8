"""Invitations by e-mail: the list is looked at first, then sent; how it goes; refused addresses; reminders."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from sqlalchemy import Connection, and_, bindparam, func, literal, literal_column, select

from survey.access.issuing import GROUPS, IssuingError
from survey.invitations import inviting, refused, reminding
from survey.invitations.inviting import InvitingError
from survey.invitations.list import COLUMNS, GROUPED, ListError, from_addresses
from survey.invitations.outbox import INVITATION
from survey.invitations.refused import RefusedError
from survey.keys import KeyStore
from survey.reaching import wording
from survey.reaching.fields import FORM, LARGEST_LIST, pasted_or_uploaded
from survey.reaching.parts import Part, folded, names_of, parts
from survey.register import tree
from survey.register.tree import Tree
from survey.rounds import plan
from survey.rounds.head import Head, finder
from survey.rounds.plan import Scope
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs, now, takes_files
from survey.staff.roles import ROUND_LEADER
from survey.storage.engine import Database
from survey.storage.tables import Batch, Invited, Invitee, Outbox

_INVITED = (
    select(literal(True), literal("invited"), func.count(Invited.hmac))
    .join(Batch, Invited.batch == Batch.id)
    .where(Batch.round == bindparam("round"))
)
_IS_FIRST = (Outbox.kind == INVITATION).label("is_first")  # one name: PostgreSQL takes two parameters for two things
_STATES = (
    select(_IS_FIRST, Outbox.state, func.count(Outbox.id))
    .join(Invitee, Outbox.invitee == Invitee.id)
    .join(Batch, and_(Invitee.batch == Batch.id, Batch.round == bindparam("round")))
    .where(Outbox.state.in_((literal_column("'queued'"), literal_column("'failed'"))))  # found by their index
    .group_by("is_first", Outbox.state)
    .union_all(_INVITED)
)


@dataclass(frozen=True)
class Progress:
    """How far the mails are. What was sent is counted from the invited, so no answer makes it fewer."""

    invited: int
    waiting: int
    refused: int
    reminding: bool

    @property
    def sent(self) -> int:
        return self.invited - self.waiting - self.refused


def add(reaching: Blueprint, database: Database, keys: KeyStore) -> None:
    """Add /staff/rounds/<round_id>/invitations and what is pressed there."""
    find = finder(database)

    def asked(head: Head) -> tuple[Tree, tuple[Part, ...], Scope]:
        """The municipality, the round's units, and its scope."""
        with database.reading() as connection:
            places = tree.subtree(connection, head.municipality)
            scope = plan.scope_of(connection, head.id)
        return places, parts(places, head, scope.places), scope

    def page(head: Head, **typed: object) -> str:
        with database.reading() as connection:
            states = {tuple(of): number for *of, number in connection.execute(_STATES, {"round": head.id}).all()}
            days = reminding.mailings(connection, head.id)
            progress = Progress(
                invited=states[True, "invited"],
                waiting=states.get((True, "queued"), 0),
                refused=states.get((True, "failed"), 0),
                reminding=(False, "queued") in states,
            )
            mails = refused.of_round(connection, head.id)
        upcoming, (places, units, scope) = reminding.upcoming(days), asked(head)
        folds, seen = folded(places, units)
        written_to = {mail.unit for mail in mails}
        return render_template(
            "reaching/invitations.html",
            round=head,
            folds=folds,
            kept={"under": folds.under} if folds.under else {},
            language=str(get_locale()),
            units=names_of(seen),
            places=tuple(names_of(seen).items()),
            names=names_of(part for part in units if part.id in written_to),
            example=units[0].id if units else "unit",
            columns=GROUPED if scope.grouped else COLUMNS,
            covering=scope.covering,
            progress=progress,
            refused=mails,
            days=days,
            upcoming=upcoming,
            early=upcoming is not None and now().date() < upcoming.earliest,
            languages=tuple(wording.LANGUAGES.items()),
            groups=tuple(wording.groups().items()) if scope.grouped else (),
            typed=request.form,
            **{"listed": "", "problems": [], "address_problem": None, **typed},
        )

    @reaching.get("/rounds/<round_id>/invitations")
    @needs(ROUND_LEADER, round_id=find)
    def invitations(head: Head) -> ResponseReturnValue:
        return page(head)

    @reaching.post("/rounds/<round_id>/invitations")
    @takes_files(LARGEST_LIST + FORM)
    @needs(ROUND_LEADER, round_id=find)
    def invite(head: Head) -> ResponseReturnValue:
        step, (_, there, scope) = request.form.get("step"), asked(head)
        units = names_of(there)
        content, listed = _addressed(*pasted_or_uploaded(), units, grouped=scope.grouped)
        if step == "edit":
            return page(head, listed=listed)
        try:
            if step == "send":
                with database.begin() as connection:
                    done = inviting.invite_within(connection, keys, head.id, content, now())
                    _note(connection, head, Action.INVITED, f"{done.new} by e-mail")
            else:
                looked_at = inviting.preview(database, keys, head.id, content, now())
                return render_template(
                    "reaching/preview.html",
                    round=head,
                    names=units,
                    preview=looked_at,
                    listed=listed,
                    languages=wording.LANGUAGES,
                )
        except ListError as error:
            return page(head, listed=listed, problems=[wording.problem(each) for each in error.problems]), 422
        except IssuingError as error:
            return page(head, listed=listed, problems=[wording.refused(error, units)]), 422
        except InvitingError:
            return page(head, listed=listed), 422  # its state and audience are told there
        flash(gettext("%(new)s people are invited. Their mails are on the way.", new=done.new))
        return redirect(url_for(".invitations", round_id=head.id), 303)

    @reaching.post("/rounds/<round_id>/invitations/refused")
    @needs(ROUND_LEADER, round_id=find)
    def readdress(head: Head) -> ResponseReturnValue:
        mail, typed = request.form.get("mail", ""), request.form.get("email", "")
        away = request.form.get("decision") == "away"
        try:
            with database.begin() as connection:
                if away:
                    refused.take_back(connection, keys.web(head.id), head.id, mail)
                else:
                    refused.correct(connection, keys.web(head.id), head.id, mail, typed, now())
                _note(connection, head, Action.INVITATION_TAKEN_BACK if away else Action.ADDRESS_CORRECTED)
        except RefusedError as error:
            problem: Mapping[str, str] = {"mail": mail, "typed": typed, "text": wording.address(error.fault)}
            return page(head, address_problem=problem), 422
        if away:
            flash(gettext("The invitation is taken back. It had reached nobody."))
        else:
            flash(gettext("The mail is on the way to the new address."))
        return redirect(url_for(".invitations", round_id=head.id), 303)

    @reaching.post("/rounds/<round_id>/invitations/remind")
    @needs(ROUND_LEADER, round_id=find)
    def remind(head: Head) -> ResponseReturnValue:
        with database.begin() as connection:
            done = reminding.remind(connection, head.id, request.form.get("kind", ""), now())
            if done:
                _note(connection, head, Action.REMINDED)
        if done:
            flash(gettext("The reminder is on the way to those who have not answered."))
        else:
            flash(gettext("No reminder was sent: it is too early, or this one is out already."))
        return redirect(url_for(".invitations", round_id=head.id), 303)


def _addressed(content: bytes, listed: str, units: Mapping[str, str], *, grouped: bool) -> tuple[bytes, str]:
    """The list, or the list that addresses alone make with the unit, language and group that were chosen for them."""
    chosen = {field: request.form.get(field, "") for field in ("unit", "language", "group")}
    known = chosen["unit"] in units and chosen["language"] in wording.LANGUAGES
    if not known or grouped != (chosen["group"] in GROUPS) or "\ufffd" in listed:
        return content, listed
    made = from_addresses(listed, chosen["unit"], chosen["language"], chosen["group"] if grouped else "")
    return made.encode(), made


def _note(connection: Connection, head: Head, action: Action, about: str = "") -> None:
    audit.note_round(connection, g.member.email, action, head.id, about)
