"""What the pages of a round call things, and what they say of what waits."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale, gettext, ngettext
from flask_babel import lazy_gettext as _

from reports import wording
from survey.languages import day_in_words
from survey.questionnaire.model import Scale
from survey.questionnaire.source import Problem
from survey.rounds.calendar import Day
from survey.rounds.days import Look
from survey.spreadsheet import Worded
from survey.studio.wording import language as by_its_own_name

STEPS = {
    "who": _("What and whom"),
    "questions": _("Questions of its own"),
    "where": _("Where"),
    "how": _("How"),
    "groups": _("Groups under a measure"),
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
    "passphrase": _("The passphrase could not be used. Give it once more."),
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
        "copy of it, then confirm once more."
    ),
    "other": _(
        "Something went wrong that Medvirk did not expect. It is tried again by itself; if it goes on, ask whoever "
        "runs the installation to read the worker's log."
    ),
}
PRINTS = {
    "kort": _("Card"),
    "regler-for-hjelpere": _("Rules for helpers"),
    "informasjonsbrev": _("Information letter to unit leaders"),
    "e-post-invitasjon": _("E-mail: the invitation"),
    "e-post-paminnelse-1": _("E-mail: the first reminder"),
    "e-post-paminnelse-2": _("E-mail: the second reminder"),
    "brev": _("Letter with a code"),
    "papirskjema": _("Questionnaire on paper"),
}
STANDING = {
    "shown": _("shown by itself"),
    "too_few": _("too few, not shown"),
    "shown_with_others": _("shown together with others"),
}


# What the gates of questionnaires say in English, to those who write questions here.
GATES = (
    (r"it has no symbol", _("Choose a picture: many follow the pictures.")),
    (r"`(.+)` makes yes and no", _("“%(word)s” makes yes and no hard to tell apart. Ask for the thing itself.")),
    (r"`(.+)` may join two questions", _("“%(word)s” may join two questions. Ask one thing at a time.")),
    (r"a sentence has (\d+) words", _("A sentence has %(word)s words. Use at most 12.")),
    (r"`(.+)` is hard to read", _("“%(word)s” is hard to read. Write it shorter, in full, and say who does it.")),
    (r"the text in `(.+)` is missing", _("The text in %(word)s is missing.")),
    (r"the texts in `(.+)` have LIX", _("The texts in %(word)s become hard to read. Find shorter words.")),
    (
        r"there are (\d+) questions to residents",
        _("Residents are asked at most 15 questions, and this makes %(word)s. Leave out as many below."),
    ),
)


def language(code: str) -> str:
    """A language as the reader calls it."""
    called = {"nb": gettext("bokmål"), "nn": gettext("nynorsk"), "en": gettext("English")}
    return str(called.get(code) or by_its_own_name(code))


def gate(problem: Problem) -> str:
    """What is wrong with a question, and the cure, in the reader's language."""
    for pattern, text in GATES:
        if found := re.match(pattern, problem.what):
            word = found[1] if found.groups() else ""
            return str(text) % {"word": language(word) if pattern.startswith("the text") else word}
    return f"{problem.what}. {problem.cure}."


def answers(scales: Mapping[str, Scale]) -> list[tuple[str, str]]:
    """Each scale by its id, and its answers in words, as most people are offered them."""
    shown_in = str(get_locale())
    return [
        (id_, " – ".join(wording.in_language(option.text, shown_in) for option in scale.options_for(3)))
        for id_, scale in scales.items()
    ]


DAYS = {"opens": _("First day"), "closes": _("Last day"), "next": _("The next round begins")}


def day_named(day: Day) -> str:
    """What a day of a round is."""
    return day.title or str(DAYS[day.kind])


def day(date: dt.date) -> str:
    """A day in words."""
    return wording.day(date.isoformat())


def from_to(look: Look) -> str:
    """From which day to which a round takes answers, and how many days that is."""
    return str(
        ngettext(
            "It takes answers from %(first)s to %(last)s; that is %(num)d day.",
            "It takes answers from %(first)s to %(last)s; that is %(num)d days.",
            look.days,
            first=_in_full(look.first),
            last=_in_full(look.last),
        )
    )


def opened_today(look: Look, planned: dt.date) -> str:
    """What it means to open a round today whose plan says another day, or this one."""
    opens = gettext("The round opens today, %(today)s.", today=_in_full(look.first))
    plan = "" if planned == look.first else gettext("Its plan says %(first)s.", first=_in_full(planned))
    return " ".join(filter(None, (opens, plan, until(look))))


def until(look: Look) -> str:
    """To which day a round takes answers, and how many days that is."""
    return str(
        ngettext(
            "It takes answers until %(last)s; that is %(num)d day.",
            "It takes answers until %(last)s; that is %(num)d days.",
            look.days,
            last=_in_full(look.last),
        )
    )


def of_days(said: Worded) -> str:
    """What rounds.days says, with its days in words."""
    values = {name: day(value) if isinstance(value, dt.date) else value for name, value in said.values.items()}
    return str(gettext(said.template, **values))


def _in_full(date: dt.date) -> str:
    """With the day of the week."""
    return day_in_words(date, "full")


def spoken(names: Mapping[Any, Any]) -> dict[Any, str]:
    """All the reader's words of one of the lists above."""
    return {name: str(word) for name, word in names.items()}


def named(names: Mapping[Any, Any], name: object) -> str:
    """The reader's word for something in one of the lists above."""
    return str(names[name])
