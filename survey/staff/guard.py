"""Nobody sees a page under /staff without signing in, and each page says which role it needs, and where.

A page that does not say so is refused to everybody.
"""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache, wraps
from typing import Any, Protocol

from flask import Flask, abort, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from survey.languages import LANGUAGES
from survey.register import tree
from survey.staff import accounts, idle, signed_in
from survey.staff.roles import ENDING, Way
from survey.staff.sessions import is_staffs
from survey.storage import stamped
from survey.storage.engine import Database

SETTING_UP = ("staff.second_factor", "staff.second_factor_picture", "staff.confirm_second_factor", "staff.sign_out")
OWN_PASSWORD = ("staff.account", "staff.change_password", "staff.sign_out")

TOKENS_KEPT = 1000  # of those who are signed in
ROLES_TOGETHER = 64  # sets of roles that are remembered with what they open

View = Callable[..., ResponseReturnValue]
csrf = CSRFProtect()


class Placed(Protocol):
    """Something that belongs to a place in the register: `way` is the ids from the municipality down to it."""

    @property
    def way(self) -> Way: ...


class Parted(Placed, Protocol):
    """Something with parts at places of their own, all under its own place."""

    @property
    def parts(self) -> Sequence[Placed]: ...


class OfMunicipality:
    """Something that belongs to a municipality as a whole."""

    municipality: str

    @property
    def way(self) -> Way:
        return (self.municipality,)


class OfRound:
    """Something of one round at a place: who was invited to take this round's answers has the role there too."""

    round_id: str


def public(view: View) -> View:
    """A page for people who have not signed in."""
    view.access = "public"  # type: ignore[attr-defined]  # read below, and by the rule about staff pages
    return view


def own(view: View) -> View:
    """A page about nothing but one's own account."""
    view.access = "own"  # type: ignore[attr-defined]
    return view


def needs(*roles: str, **finder: Callable[[str], Placed | None]) -> Callable[[View], View]:
    """A page about one thing, named in its address: `needs(QUALITY_ADVISER, round_id=find)`.

    The view gets what `find` finds, if the asker has one of the roles at its place or above, or in its round (OfRound).
    What is not there and what belongs to others are the same to the asker: 404.
    """
    ((variable, find),) = finder.items()

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(**address: Any) -> ResponseReturnValue:
            found = find(address.pop(variable))
            round_id = found.round_id if isinstance(found, OfRound) else ""
            if found is None or not g.member.may(roles, found.way, round_id):
                abort(404)
            return view(found, **address)

        guarded.access = roles  # type: ignore[attr-defined]
        guarded.where = variable  # type: ignore[attr-defined]
        return guarded

    return declare


def needs_part(*roles: str, **finder: Callable[[str], Parted | None]) -> Callable[[View], View]:
    """A page about the parts of one thing: `needs_part(UNIT_LEADER, round_id=find)`.

    The view gets what `find` finds, and those of its parts at which the asker has one of the roles. Who has none of
    them at the thing itself and at no part gets 404.
    """
    ((variable, find),) = finder.items()

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(**address: Any) -> ResponseReturnValue:
            found = find(address.pop(variable))
            if found is None:
                abort(404)
            lasting = set(roles) - ENDING  # who has one of these at the thing itself has it at every part
            if lasting and g.member.may(lasting, found.way):
                return view(found, list(found.parts), **address)
            parts = [part for part in found.parts if g.member.may(roles, part.way)]
            if not parts and not g.member.may(roles, found.way):
                abort(404)
            return view(found, parts, **address)

        guarded.access = roles  # type: ignore[attr-defined]
        guarded.where = f"{variable}, in part"  # type: ignore[attr-defined]
        return guarded

    return declare


def needs_above_or_below(
    database: Database, *roles: str, **finder: Callable[[str], Placed | None]
) -> Callable[[View], View]:
    """A page about one thing, of which a role at a place under it opens a part.

    The view gets what `find` finds, and the places under it at which the asker has one of the roles; None: all of it.
    """
    ((variable, find),) = finder.items()

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(**address: Any) -> ResponseReturnValue:
            found = find(address.pop(variable)) or abort(404)
            parts = None
            if not g.member.may(roles, found.way):
                with database.reading() as connection:
                    ways = tree.ways(connection, g.member.nodes(roles))
                parts = frozenset(node for node, way in ways.items() if way[: len(found.way)] == found.way)
                if not parts:
                    abort(404)
            return view(found, parts, **address)

        guarded.access = roles  # type: ignore[attr-defined]
        guarded.where = variable  # type: ignore[attr-defined]
        return guarded

    return declare


def needs_somewhere(*roles: str) -> Callable[[View], View]:
    """A page that lists: the view gets the places at which the asker has one of the roles.

    None, for somebody who has it only in rounds that they were invited to.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded() -> ResponseReturnValue:
            if not g.member.somewhere(roles):
                abort(403)
            return view(g.member.nodes(roles))

        guarded.access = roles  # type: ignore[attr-defined]
        guarded.where = "somewhere"  # type: ignore[attr-defined]
        return guarded

    return declare


def needs_everywhere(database: Database, *roles: str) -> Callable[[View], View]:
    """A page that changes what all municipalities here share: the asker has one of the roles in each; else 404."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(**address: Any) -> ResponseReturnValue:
            if not covers_all(database, roles):
                abort(404)
            return view(**address)

        guarded.access = roles  # type: ignore[attr-defined]
        guarded.where = "everywhere"  # type: ignore[attr-defined]
        return guarded

    return declare


def covers_all(database: Database, roles: Collection[str]) -> bool:
    """Whether who asks has one of the roles in every municipality that is in use here."""
    nodes: frozenset[str] = g.member.nodes(roles)
    return bool(nodes) and nodes >= accounts.in_use(database)


def doors(app: Flask) -> Callable[[], tuple[str, ...]]:
    """What gives the endpoints of the pages that list and open to who is signed in; none to strangers."""

    @lru_cache(ROLES_TOGETHER)
    def opened_by(held: frozenset[str]) -> tuple[str, ...]:
        access = {endpoint: getattr(view, "access", ()) for endpoint, view in app.view_functions.items()}
        return tuple(name for name, roles in access.items() if roles == "own" or not held.isdisjoint(roles))

    def opened() -> tuple[str, ...]:
        member: accounts.Member | None = g.get("member")
        return opened_by(member.held) if member else ()

    return opened


def takes_files(largest: int) -> Callable[[View], View]:
    """A page that files of together `largest` bytes may be sent to, by those who have signed in."""

    def declare(view: View) -> View:
        view.largest = largest  # type: ignore[attr-defined]
        return view

    return declare


def init(app: Flask, database: Database, second_factor: bool) -> None:
    """Guard every address under /staff.

    With `second_factor`, who has none and was not vouched for by the municipality's sign-in can only set one up.
    """
    # Respondents' forms carry a code instead, and `no-referrer` leaves no referrer to compare under TLS.
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_SSL_STRICT=False, WTF_CSRF_TIME_LIMIT=None)
    csrf.init_app(app)

    @app.before_request
    def let_in() -> ResponseReturnValue | None:
        endpoint = request.endpoint
        if endpoint is None:
            return _astray(database) if is_staffs(request) else None
        if not is_staffs(request):
            return None
        chosen = _remember_language()
        if token := session.get("csrf_token"):
            g.csrf_token = _signed(app.config["SECRET_KEY"], token)
        view = app.view_functions[endpoint]
        access = getattr(view, "access", None)
        member = None
        if access != "public":
            g.member = member = _signed_in(database)
            if member is None:
                return idle.turn_away(csrf)
            if chosen:
                accounts.speak(database, member.id, chosen)
            if largest := getattr(view, "largest", None):
                request.max_content_length = largest
        csrf.protect()  # reads what was sent: of strangers no more than the smallest forms
        if access is None:
            abort(403)
        if member and member.provisional and not member.by_provider:
            return None if endpoint in OWN_PASSWORD else redirect(url_for("staff.account"))
        if second_factor and member and not member.vouched and endpoint not in SETTING_UP:
            return redirect(url_for("staff.second_factor"))
        return None

    @app.teardown_request
    def over(_error: BaseException | None) -> None:
        stamped.forget()


@lru_cache(TOKENS_KEPT)
def _signed(key: bytes, token: str) -> str:
    """What a session's forms carry, as flask_wtf signs it; how old it is counts for nothing (WTF_CSRF_TIME_LIMIT)."""
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(token))


def refuse(error: HTTPException) -> ResponseReturnValue:
    """What went wrong in words, on every page of a staff blueprint."""
    return render_template("staff/refused.html", code=error.code), error.code or 500


def refuse_data(_error: DataError) -> ResponseReturnValue:
    """An address or field with a sign that no database keeps names nothing we have."""
    return refuse(NotFound())


def _astray(database: Database) -> ResponseReturnValue:
    """An address under /staff that shows nothing.

    One that forms are sent to leads to the page above it: who loads an answer's page again, or reads it in another
    language, asks for it so.
    """
    error = request.routing_exception or NotFound()
    _remember_language()
    g.member = _signed_in(database)
    if isinstance(error, MethodNotAllowed) and request.method in ("GET", "HEAD"):
        addresses, above = current_app.create_url_adapter(request), request.path
        while above.count("/") > 2:
            above = above.rpartition("/")[0]
            if addresses and addresses.test(above, "GET"):
                return redirect(above, 303)
        return redirect(url_for("desk.overview"), 303)
    return refuse(error)


def begin_session(database: Database, staff: str, by_provider: bool = False) -> None:
    """Sign somebody in here; nothing of an earlier session is left but the language, and of their own that was over
    the mark of its forms, so that what was not sent can be sent."""
    language, token = session.get("language"), idle.token_of(staff)
    session.clear()
    session.permanent = True
    idle.begin(staff, token)
    session["key"] = signed_in.begin(database, staff, request.user_agent.string, now(), by_provider)
    if language:
        session["language"] = language
        accounts.speak(database, staff, language)


def now() -> dt.datetime:
    """UTC without zone, as the database keeps it."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def _signed_in(database: Database) -> accounts.Member | None:
    if "key" not in session:
        return None
    member = None if idle.is_over() else signed_in.member(database, session["key"], now())
    if member is None:
        idle.leave()
    return member


def _remember_language() -> str | None:
    """What staff chose; gives it where it is chosen just now."""
    asked, before = request.args.get("language") if request.args else None, session.get("language")
    if asked not in LANGUAGES or asked == before:
        asked = None
    else:
        session["language"] = asked
    if speaks := asked or before:
        g.language = speaks
    return asked
