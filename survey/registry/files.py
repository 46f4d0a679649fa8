"""The register as a file: brought in after a look at what it would change, and taken out to be brought in again."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from sqlalchemy import Connection

from reports import wording
from survey.languages import alphabetical
from survey.reaching.fields import LARGEST_LIST, pasted_or_uploaded
from survey.reaching.wording import cured, problem
from survey.register import tree
from survey.register.changes import Changes
from survey.register.importing import MeanwhileError, RegisterError, import_register, look
from survey.register.reading import COLUMNS
from survey.register.taken_out import as_csv
from survey.register.tree import Place
from survey.registry import typed
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs_somewhere, takes_files
from survey.staff.roles import ADMINISTRATOR
from survey.storage.engine import Database

FORM = 500_000  # bytes: a file as large as may be, whose line ends a browser has made two bytes each


def add(registry: Blueprint, database: Database) -> None:
    """Add /staff/register/import and /staff/register/register.csv."""

    def page(nodes: frozenset[str], listed: str = "", problems: Sequence[str] = (), wrong: Sequence[str] = ()) -> str:
        with database.reading() as connection:
            trees, register = tree.under(connection, nodes), tree.everything(connection)
        places = [place for one in trees.values() for place in one]
        language = str(get_locale())
        return render_template(
            "registry/import.html",
            municipalities={way[0]: register[way[0]].called(language) for way in trees},
            known={
                level: sorted({place.called() for place in places if place.level == level}, key=alphabetical)
                for level in ("service", "division")
            },
            typed=typed.typed(request.form),
            labels=typed.labels(),
            wrong=wrong,
            listed="" if "\ufffd" in listed else listed,  # what is no UTF-8 is not shown as if it were
            problems=problems,
            columns=COLUMNS,
            kinds=wording.SERVICE_KINDS,
            wording=wording,
        )

    def preview(content: bytes, listed: str, nodes: frozenset[str], meanwhile: bool) -> str:
        with database.reading() as connection:
            changes = look(connection, content, nodes)
            register = tree.everything(connection)
        return render_template(
            "registry/preview.html",
            changes=changes,
            called=_names(changes, register),
            listed=listed,
            meanwhile=meanwhile,
            language=str(get_locale()),
            wording=wording,
        )

    @registry.get("/import", endpoint="files")
    @needs_somewhere(ADMINISTRATOR)
    def files(nodes: frozenset[str]) -> ResponseReturnValue:
        return page(nodes)

    @registry.post("/import")
    @takes_files(FORM)
    @needs_somewhere(ADMINISTRATOR)
    def bring_in(nodes: frozenset[str]) -> ResponseReturnValue:
        content, listed = pasted_or_uploaded()
        if len(content.replace(b"\r\n", b"\n")) > LARGEST_LIST:
            abort(413)
        step = request.form.get("step")
        if step == "edit":
            return page(nodes, listed)
        if step == "unit":
            return unit(nodes)
        try:
            if step != "do":
                return preview(content, listed, nodes, meanwhile=False)
            try:
                with database.begin() as connection:
                    changes = import_register(connection, content, nodes, request.form.get("seen", ""))
                    _note(connection, changes)
            except MeanwhileError:
                return preview(content, listed, nodes, meanwhile=True), 409
        except RegisterError as error:
            return page(nodes, listed, [problem(each, repeated=True) for each in error.problems]), 422
        flash(
            gettext(
                "The register is changed: %(new)s new, %(changed)s changed, %(left)s removed.",
                new=len(changes.new),
                changed=len(changes.changed),
                left=len(changes.left),
            )
        )
        return redirect(url_for(".overview"), 303)

    def unit(nodes: frozenset[str]) -> ResponseReturnValue:
        """A look at what a unit changes that is typed, not brought in a file."""
        one, labels = typed.typed(request.form), typed.labels()
        with database.reading() as connection:
            register, trees = tree.everything(connection), tree.under(connection, nodes)
        if typed.stands_already(one, trees.values()):
            there = gettext("The service has a unit of this name. Choose it in the register to change it.")
            return page(nodes, wrong=[f"{labels['unit']}: {there}"]), 422
        file = typed.as_file(one, register)
        try:
            return preview(file.encode(), file, nodes, meanwhile=False)
        except RegisterError as error:
            told = [f"{labels.get(each.column, labels['unit'])}: {cured(each)}" for each in error.problems]
            return page(nodes, wrong=told), 422

    @registry.get("/register.csv")
    @needs_somewhere(ADMINISTRATOR)
    def download(nodes: frozenset[str]) -> ResponseReturnValue:
        with database.reading() as connection:
            content = as_csv(connection, nodes)
        headers = {"Content-Disposition": 'attachment; filename="register.csv"'}
        return Response(content, mimetype="text/csv", headers=headers)


def _names(changes: Changes, register: Mapping[str, Place]) -> dict[str, str]:
    """What the places are called in which changes happen, by id."""
    concerned = {place.parent for place in (*changes.new, *(one for pair in changes.changed for one in pair))}
    language = str(get_locale())
    new = {place.id: place for place in changes.new}
    return {place: (new.get(place) or register[place]).called(language) for place in concerned | set(new) if place}


def _note(connection: Connection, changes: Changes) -> None:
    """One entry in every municipality in which something is changed."""
    touched = {place.id for place in changes.new} | {now.id for _, now in changes.changed}
    about = f"{len(changes.new)} new, {len(changes.changed)} changed, {len(changes.left)} removed"
    for municipality in sorted({way[0] for way in tree.ways(connection, touched).values()}):
        audit.note(connection, g.member.email, Action.REGISTER_IMPORTED, place=municipality, about=about)
