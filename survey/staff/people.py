"""The pages on which an administrator says who has an account, which roles, and where."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from survey.register import tree
from survey.register.tree import Reach
from survey.staff import employing, guard, second_factor
from survey.staff.accounts import AccountError
from survey.staff.employing import Person
from survey.staff.roles import ADMINISTRATOR, ROLES, barred
from survey.staff.tries import Tries
from survey.storage.engine import Database


def add(staff: Blueprint, database: Database, tries: Tries) -> None:
    """Add /staff/people."""

    def find(staff_id: str) -> Person | None:
        return employing.find(database, staff_id)

    def choices() -> Reach:
        with database.reading() as connection:
            return tree.reach(connection, g.member.nodes((ADMINISTRATOR,)))

    def list_page(problem: str = "", email: str = "", work: str = "") -> str:
        with database.reading() as connection:
            people = employing.at(connection, g.member.nodes((ADMINISTRATOR,)))
        return render_template(
            "staff/people.html",
            people=people,
            places=choices(),
            problem=problem,
            email=email,
            work=work,
        )

    def page(person: Person, problem: str = "", password: str = "") -> str:
        places = choices()
        return render_template(
            "staff/person.html",
            person=person,
            places=places,
            roles=ROLES,
            whole=_whole(person, places),
            language=str(get_locale()),
            idle={held for held in person.roles if held[1] in places and _barred_at(*held, person, places)},
            problem=problem,
            password=password,
        )

    def chosen() -> str:
        """The place in the form; else what was sent is no choice of this page."""
        place = request.form.get("place", "")
        return place if place in choices() else abort(400)

    @staff.get("/people")
    @guard.needs_somewhere(ADMINISTRATOR)
    def people(_places: frozenset[str]) -> ResponseReturnValue:
        return list_page()

    @staff.post("/people")
    @guard.needs_somewhere(ADMINISTRATOR)
    def employ(_places: frozenset[str]) -> ResponseReturnValue:
        email, work = request.form.get("email", ""), chosen()
        try:
            made, password = employing.employ(database, g.member.email, email, work)
        except AccountError:
            said = gettext("Write an address like name@municipality.no, of somebody who has no account yet.")
            return list_page(said, email, work), 422
        tries.let_in(email.strip().casefold(), made, password, guard.now())
        return page(find(made) or abort(404), password=password), 201

    @staff.get("/people/<staff_id>")
    @guard.needs(ADMINISTRATOR, staff_id=find)
    def person(found: Person) -> ResponseReturnValue:
        return page(found)

    @staff.post("/people/<staff_id>/roles")
    @guard.needs(ADMINISTRATOR, staff_id=find)
    def give_role(found: Person) -> ResponseReturnValue:
        employing.give(database, g.member.email, found, _role(), chosen())
        return redirect(url_for("staff.person", staff_id=found.id))

    @staff.post("/people/<staff_id>/roles/away")
    @guard.needs(ADMINISTRATOR, staff_id=find)
    def take_role(found: Person) -> ResponseReturnValue:
        role, place = _role(), chosen()
        if found.id == g.member.id and role == ADMINISTRATOR:
            return page(found, gettext("Another administrator takes this role from you.")), 422
        employing.take(database, g.member.email, found, role, place)
        return redirect(url_for("staff.person", staff_id=found.id))

    @staff.post("/people/<staff_id>/work")
    @guard.needs(ADMINISTRATOR, staff_id=find)
    def move(found: Person) -> ResponseReturnValue:
        employing.move(database, g.member.email, found, chosen())
        return redirect(url_for("staff.person", staff_id=found.id))

    @staff.post("/people/<staff_id>/password")
    @guard.needs(ADMINISTRATOR, staff_id=find)
    def renew_password(found: Person) -> ResponseReturnValue:
        _check_whole(found)
        password = employing.renew_password(database, g.member.email, found)
        tries.let_in(found.email, found.id, password, guard.now())
        return page(found, password=password)

    @staff.post("/people/<staff_id>/second-step/away")
    @guard.needs(ADMINISTRATOR, staff_id=find)
    def take_second_step(found: Person) -> ResponseReturnValue:
        _check_whole(found)
        second_factor.take_away(database, found.email, by=g.member.email)
        flash(gettext("%(email)s sets up a new second step at the next sign-in.", email=found.email))
        return redirect(url_for("staff.person", staff_id=found.id))

    @staff.post("/people/<staff_id>/away")
    @guard.needs(ADMINISTRATOR, staff_id=find)
    def dismiss(found: Person) -> ResponseReturnValue:
        _check_whole(found)
        employing.dismiss(database, g.member.email, found)
        flash(gettext("The account of %(email)s is ended.", email=found.email))
        return redirect(url_for("staff.people"))

    def _check_whole(found: Person) -> None:
        """Whoever changes how somebody gets in could get in as them: nobody does it for whom they do not cover."""
        if not _whole(found, choices()):
            abort(404)


def _barred_at(role: str, node: str, person: Person, places: Reach) -> bool:
    """Whether a role opens nothing at its place, since its holder works there."""
    return barred(role, tuple(place.id for place in places[node]), person.way)


def _whole(person: Person, places: Reach) -> bool:
    """Whether every role of theirs is at a place that the asker covers, and it is not the asker."""
    return person.id != g.member.id and all(node in places for _, node in person.roles)


def _role() -> str:
    role = request.form.get("role", "")
    return role if role in ROLES else abort(400)
