"""What earlier surveys found: typed or brought in, shown beside a round's themes, compared with nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from reports.earlier import Earlier
from survey.desk import whole
from survey.desk.earlier import fields, file, keeping
from survey.desk.shelf import Shelf
from survey.reaching.fields import LARGEST_LIST, pasted_or_uploaded
from survey.reaching.wording import cured, problem
from survey.register import tree
from survey.staff.guard import needs, needs_somewhere, takes_files
from survey.staff.roles import QUALITY_ADVISER, ROUND_LEADER, Way
from survey.storage.engine import Database

KEEPERS = (QUALITY_ADVISER, ROUND_LEADER)
FORM = 500_000  # bytes: a list as large as may be, whose line ends a browser has made two bytes each


@dataclass(frozen=True)
class Found:
    """A number and the way down to its place."""

    earlier: Earlier
    way: Way


def add(desk: Blueprint, database: Database, shelf: Shelf) -> None:
    """Add /staff/earlier."""

    def find(earlier_id: str) -> Found | None:
        with database.reading() as connection:
            one = keeping.find(connection, earlier_id)
            return Found(one, tree.ways(connection, [one.place])[one.place]) if one else None

    def page(template: str, nodes: frozenset[str], **shown: object) -> str:
        with database.reading() as connection:
            places = tree.reach(connection, nodes)
        return render_template(f"desk/earlier/{template}.html", places=places, language=str(get_locale()), **shown)

    def form(typed: Mapping[str, str], old: Earlier | None, errors: Mapping[str, str]) -> ResponseReturnValue:
        nodes = g.member.nodes(KEEPERS)
        return page("form", nodes, typed=typed, old=old, errors=errors), 422 if errors else 200

    @desk.get("/earlier", endpoint="earlier")
    @needs_somewhere(*KEEPERS)
    def everything(nodes: frozenset[str]) -> ResponseReturnValue:
        def render(csrf_token: Callable[[], str]) -> str:
            with database.reading() as connection:
                numbers = keeping.listed(connection, nodes)
            surveys = [
                (survey, list(found)) for survey, found in groupby(numbers, key=lambda one: f"{one.survey} {one.year}")
            ]
            return page("listed", nodes, surveys=surveys, csrf_token=csrf_token)

        return whole.page(shelf, (database.numbers(), nodes), render)

    @desk.get("/earlier/new", endpoint="new_earlier")
    @needs_somewhere(*KEEPERS)
    def new(_nodes: frozenset[str]) -> ResponseReturnValue:
        return form(request.args, None, {})

    @desk.post("/earlier/new", endpoint="keep_earlier")
    @needs_somewhere(*KEEPERS)
    def keep(_nodes: frozenset[str]) -> ResponseReturnValue:
        return save(None)

    @desk.get("/earlier/<earlier_id>", endpoint="one_earlier")
    @needs(*KEEPERS, earlier_id=find)
    def one(found: Found) -> ResponseReturnValue:
        return form(file.cells(found.earlier), found.earlier, {})

    @desk.post("/earlier/<earlier_id>", endpoint="change_earlier")
    @needs(*KEEPERS, earlier_id=find)
    def change(found: Found) -> ResponseReturnValue:
        return save(found.earlier)

    def save(old: Earlier | None) -> ResponseReturnValue:
        with database.begin() as connection:
            places = tree.reach(connection, g.member.nodes(KEEPERS))
            typed = fields.read(request.form, places, id_=old.id if old else "")
            errors = {each.column: _sentence(cured(each)) for each in typed.problems}
            if (now := typed.earlier) and not errors:
                municipality = places[now.place][0].id
                if file.same(now, keeping.of_municipality(connection, municipality)):
                    errors = {"counts": gettext("This is kept already. Change what stands there, or say what differs.")}
                elif old:
                    keeping.change(connection, municipality, now, g.member.email)
                else:
                    keeping.keep(connection, municipality, [now], g.member.email)
        if errors:
            return form(request.form, old, errors)
        flash(gettext("Kept. It is shown beside the theme, marked as not directly comparable."))
        return redirect(url_for(".earlier"), 303)

    @desk.post("/earlier/<earlier_id>/away", endpoint="take_earlier_away")
    @needs(*KEEPERS, earlier_id=find)
    def take_away(found: Found) -> ResponseReturnValue:
        with database.begin() as connection:
            keeping.take_away(connection, found.way[0], found.earlier, g.member.email)
        flash(gettext("Taken away."))
        return redirect(url_for(".earlier"), 303)

    @desk.get("/earlier/import", endpoint="earlier_file")
    @needs_somewhere(*KEEPERS)
    def files(nodes: frozenset[str]) -> ResponseReturnValue:
        return page("import", nodes, columns=fields.COLUMNS, listed="", problems=[])

    @desk.post("/earlier/import", endpoint="bring_in_earlier")
    @takes_files(FORM)
    @needs_somewhere(*KEEPERS)
    def bring_in(nodes: frozenset[str]) -> ResponseReturnValue:
        content, listed = pasted_or_uploaded()
        if len(content.replace(b"\r\n", b"\n")) > LARGEST_LIST:
            abort(413)
        typed = "" if "\ufffd" in listed else listed  # what is no UTF-8 is not shown as if it were
        step = request.form.get("step")
        if step == "edit":
            return page("import", nodes, columns=fields.COLUMNS, listed=typed, problems=[])
        with database.begin() as connection:
            places = tree.reach(connection, nodes)
            look = file.look(content, places, keeping.listed(connection, nodes))
            if step == "do":
                municipality = {place: way[0].id for place, way in places.items()}
                for own in sorted({municipality[each.place] for each in look.new}):
                    numbers = [each for each in look.new if municipality[each.place] == own]
                    keeping.keep(connection, own, numbers, g.member.email)
        if look.problems:
            said = [problem(each, repeated=True) for each in look.problems]
            return page("import", nodes, columns=fields.COLUMNS, listed=typed, problems=said), 422
        if step != "do":
            return page("preview", nodes, look=look, listed=listed)
        flash(gettext("%(number)d numbers were brought in.", number=len(look.new)))
        return redirect(url_for(".earlier"), 303)

    @desk.get("/earlier/earlier.csv", endpoint="earlier_table")
    @needs_somewhere(*KEEPERS)
    def table(nodes: frozenset[str]) -> ResponseReturnValue:
        with database.reading() as connection:
            content = file.as_csv(keeping.listed(connection, nodes))
        headers = {"Content-Disposition": 'attachment; filename="earlier.csv"'}
        return Response(content, content_type="text/csv; charset=utf-8", headers=headers)


def _sentence(said: str) -> str:
    """What follows a line and column in a file stands here by itself."""
    return said[:1].upper() + said[1:]
