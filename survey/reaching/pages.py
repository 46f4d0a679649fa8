"""Which of these pages there are for a round, and the list of rounds for those who reach people."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from sqlalchemy import Connection, bindparam, select

from survey.reaching.parts import Part, parts
from survey.register import tree
from survey.rounds.head import Head
from survey.staff.guard import needs_somewhere
from survey.staff.roles import FACILITATOR, ROUND_LEADER, UNIT_LEADER
from survey.storage.engine import Database
from survey.storage.tables import Plan, Round

ROLES = (ROUND_LEADER, FACILITATOR, UNIT_LEADER)
BRINGS, COUNTS, LEADS = (ROUND_LEADER, FACILITATOR), (ROUND_LEADER, UNIT_LEADER), (ROUND_LEADER,)

_ROUNDS = (
    select(*(getattr(Round, name) for name in Head.__dataclass_fields__), Plan.places)
    .join_from(Round, Plan, isouter=True)
    .where(
        Round.municipality.in_(bindparam("municipalities", expanding=True)),
        Round.state.in_(("planned", "open")),
    )
    .order_by(Round.municipality, Round.title, Round.id)
)


class Page(NamedTuple):
    """A page about a round, by its endpoint."""

    endpoint: str
    name: str


class Listed(NamedTuple):
    """A round in the list, with those of its pages that open for who asks."""

    id: str
    title: str
    audience: str
    service_kind: str
    state: str
    simulated: bool
    pages: tuple[Page, ...]


def pages_of(head: Head) -> list[Page]:
    """The pages of a round that the asker's roles open somewhere, in the order of the work."""
    pages = (
        (
            ("reaching.residents", gettext("How residents can answer"), COUNTS),
            ("reaching.information", gettext("Information letter"), LEADS),
            ("reaching.cards", gettext("Cards"), BRINGS),
            ("reaching.papers", gettext("On paper"), BRINGS),
            ("reaching.leftovers", gettext("Leftover cards"), BRINGS),
        )
        if head.audience == "resident"
        else (
            ("reaching.invitations", gettext("Invitations by e-mail"), LEADS),
            ("reaching.letters", gettext("Letters"), LEADS),
            ("reaching.papers", gettext("On paper"), BRINGS),
            ("reaching.leftovers", gettext("Codes left over"), BRINGS),
        )
    )
    whole = g.member.may(LEADS, head.way)  # who leads a part counts and brings cards there
    return [
        Page(endpoint, name) for endpoint, name, roles in pages if (whole if roles == LEADS else g.member.nodes(roles))
    ]


def add(reaching: Blueprint, database: Database) -> None:
    """Add /staff/reaching, and the tabs of every page here."""
    reaching.app_context_processor(lambda: {"pages_of": pages_of})

    @reaching.get("/reaching")
    @needs_somewhere(*ROLES)
    def rounds(places: frozenset[str]) -> ResponseReturnValue:
        # Besides these, it all follows from the rounds, their plans and the register.
        asker = g.member.roles, g.member.works, str(get_locale())
        listed = database.remembered(("reaching", *asker), lambda connection: _listed(connection, places))
        return render_template("reaching/rounds.html", rounds=listed)


def _listed(connection: Connection, nodes: frozenset[str]) -> tuple[Listed, ...]:
    municipalities = {way[0] for way in tree.ways(connection, nodes).values()}
    rows = connection.execute(_ROUNDS, {"municipalities": sorted(municipalities)}).all()
    trees = {municipality: tree.subtree(connection, municipality) for municipality in municipalities}
    heads = [(Head(*head), planned or ()) for *head, planned in rows]
    return tuple(
        Listed(head.id, head.title, head.audience, head.service_kind, head.state, head.simulated, tuple(pages))
        for head, planned in heads
        if (pages := pages_of(head)) and _concerns(parts(trees[head.municipality], head, planned), head)
    )


def _concerns(asked: Sequence[Part], head: Head) -> bool:
    return g.member.may(ROLES, head.way) or any(g.member.may(ROLES, part.way) for part in asked)
