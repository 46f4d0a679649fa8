"""What the pages of a round call things, and what they say of what waits."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from reports import wording
from survey.rounds.calendar import Day
from survey.studio.wording import language as language

STEPS = {
    "who": _("What and whom"),
    "where": _("Where"),
    "how": _("How"),
    "anonymity": _("Anonymity"),
    "decision": _("The decision it rests on"),
    "dates": _("Dates"),
}
STATES = {
    "planned": _("planned"),
    "open": _("open"),
    "closing": _("being closed"),
    "released": _("released"),
    "destroyed": _("over"),
}
ABOUT = {
    "planned": _("This round is being planned. Take one step after the other; each is kept when you save it."),
    "open": _(
        "People are answering now. How many is counted each night; what they answered nobody can see before the "
        "round is released."
    ),
    "closing": _("No answers are taken any more. Check what is left to check, then release the round."),
    "released": _(
        "The round is released; its answers, codes and addresses are destroyed. What remains is to say that no "
        "recovery copy is left."
    ),
    "destroyed": _("The round is over. Its results stay."),
}
WAYS = {
    "self": _("By oneself, on a tablet, phone or computer"),
    "interview": _("In an interview"),
    "paper": _("On paper"),
}
REPEATS = {
    0: _("Not repeated"),
    3: _("Every quarter"),
    6: _("Every half year"),
    12: _("Every year"),
    24: _("Every second year"),
    36: _("Every third year"),
}
WAITS = {
    "open": _("The round is being opened: its keys are made. This takes some seconds."),
    "stop": _("Answers are being stopped. This takes some seconds."),
    "resume": _("Answers are about to be taken again. This takes some seconds."),
    "release": _("The round is being released, and what must go is destroyed. This may take a minute."),
    "destroy": _("It is being looked whether the keys are gone. This takes some seconds."),
}
TROUBLE = {
    "passphrase": _("The passphrase could not be used. Withdraw this, then give it once more."),
    "keys": _(
        "The keys of this round cannot be used. Ask whoever runs the installation to read the worker's log. "
        "It is tried again by itself."
    ),
    "busy": _(
        "Somebody else still reads the database, so what is deleted is not gone from its files. It is tried again "
        "by itself; if it goes on, ask whoever runs the installation to read the worker's log."
    ),
    "copy": _(
        "The recovery copy is still on the machine. Ask whoever runs the installation to delete it and every "
        "copy of it. It is tried again by itself."
    ),
    "other": _(
        "Something went wrong that Medvirk did not expect. It is tried again by itself; if it goes on, ask whoever "
        "runs the installation to read the worker's log."
    ),
}
STANDING = {
    "shown": _("shown by itself"),
    "too_few": _("too few, not shown"),
    "shown_with_others": _("shown together with others"),
}


DAYS = {"opens": _("First day"), "closes": _("Last day"), "next": _("The next round begins")}


def day_named(day: Day) -> str:
    """What a day of a round is."""
    return day.title or str(DAYS[day.kind])


def day(date: dt.date) -> str:
    """A day in words."""
    return wording.day(date.isoformat())


def named(names: Mapping[Any, Any], name: object) -> str:
    """The reader's word for something in one of the lists above."""
    return str(names[name])
