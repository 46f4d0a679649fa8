"""Where a round leads: every other page about it, in the order of the work. A page of a round adds its line here.

The pages of reaching people say themselves which of them a round has.
"""

from dataclasses import dataclass, field
from typing import Any

from flask import g
from flask_babel import lazy_gettext as _

from survey.desk.reports import READERS
from survey.reaching.pages import ROLES, pages_of
from survey.rounds.head import Head
from survey.staff.roles import ROUND_LEADER

ALL = ("planned", "open", "closing", "released", "destroyed")


@dataclass(frozen=True)
class Link:
    """A page whose address takes the round's id; offered to these roles in these states."""

    endpoint: str
    text: Any = field(compare=False)
    roles: tuple[str, ...] = READERS
    states: tuple[str, ...] = ALL
    audiences: tuple[str, ...] = field(default=())  # empty: of all


LINKS = (
    Link("rounds.prints", _("Cards, letters and mails as they will be")),
    Link("rounds.wheel", _("Its days through the year")),
    Link("interviews.round_helpers", _("Interviewers and typists"), (ROUND_LEADER,), ("planned", "open", "closing")),
    Link("desk.release", _("The results"), states=("released", "destroyed")),
    Link("rounds.archive", _("What the archive needs, as one file (ZIP)")),
    Link("desk.comments", _("Free-text comments"), states=("released", "destroyed")),
)


def offered(head: Head) -> list[Link]:
    """Those for who asks, in the state the round is in."""
    reaching = [Link(page.endpoint, page.name, states=("planned", "open"), roles=ROLES) for page in pages_of(head)]
    return [
        link
        for link in (*reaching, *LINKS)
        if head.state in link.states
        and (not link.audiences or head.audience in link.audiences)
        and g.member.may(link.roles, head.way)
    ]
