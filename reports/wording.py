"""A release's numbers and names in words, in the language of the reader (DESIGN section 8).

Below ten people nothing but these words is shown: "0–22 %" says less than "at most 2 of 9", and is read as more.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import flask_babel
from flask_babel import lazy_gettext as _

from reports.release import Interval, Release, Texts, Total
from survey.languages import day_in_words

THEMES = {
    "self_determination": _("Deciding for oneself"),
    "respect": _("Respect"),
    "safety": _("Safety"),
    "wellbeing": _("Well-being"),
    "participation": _("Taking part"),
    "information": _("Information"),
    "quality": _("Quality"),
    "social": _("Being with others"),
    "activity": _("Activities"),
    "learning": _("Learning"),
    "home": _("The home"),
    "helpers": _("Helpers"),
    "casework": _("Casework"),
    "overall": _("All in all"),
}
AUDIENCES = {
    "resident": _("Residents"),
    "relative": _("Relatives"),
    "relative_guess": _("Relatives, on what the resident thinks"),
    "leader": _("Unit leaders"),
    "applicant": _("Applicants"),
    "open": _("Everybody who wanted to answer"),
}
SERVICE_KINDS = {
    "day_centre": _("day centres"),
    "senior_centre": _("senior centres"),
    "shared_home": _("shared homes"),
    "group_home": _("group homes"),
    "support_contact": _("support contacts"),
    "respite": _("respite"),
    "personal_assistance": _("personal assistance"),
    "allocation_office": _("allocation office"),
}
LEVELS = {
    "municipality": _("Municipality"),
    "service": _("Service"),
    "division": _("Division"),
    "unit": _("Unit"),
    "rest": _("Several together"),
    "group": _("Group"),
}
AUDITS = {
    "passed": _("Audited: a search found no way to work out what one person answered."),
    "municipality-only": _("The audit raised an alarm, so only the municipality as a whole is shown."),
    "not audited": _(
        "Not audited: the rules that protect small groups are followed, but no search has tested the result."
    ),
}
WAYS = {"self": _("on a page of their own"), "interview": _("in an interview"), "paper": _("on paper")}
SUPPORT = {
    "none": _("without help"),
    "some": _("with some help"),
    "not_said": _("without saying whether they had help"),
}


def gettext(text: str, **values: object) -> str:
    """The text in the reader's language."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, number: int) -> str:
    """The text for one, or for so many (%(num)d), in the reader's language."""
    return str(flask_babel.ngettext(one, many, number))


def named(names: Mapping[str, Any], name: str) -> str:
    """The reader's word for a name in one of the lists above; one that is not there stays as it is."""
    return str(names.get(name, name))


def in_language(texts: Texts, language: str) -> str:
    """The text in the reader's language, else in bokmål, else in the first language there is."""
    return texts.get(language) or texts.get("nb") or next(iter(texts.values()))


def count(interval: Interval, n: int) -> str:
    """How many of n: "5 of 12", "at most 2 of 9", "at least 7 of 9", "between 9 and 13 of 40"."""
    low, high = interval
    if low == high:
        return gettext("%(low)d of %(n)d", low=low, n=n)
    if low == 0 and high == n:
        return gettext("not known, of %(n)d", n=n)
    if low == 0:
        return gettext("at most %(high)d of %(n)d", high=high, n=n)
    if high == n:
        return gettext("at least %(low)d of %(n)d", low=low, n=n)
    return gettext("between %(low)d and %(high)d of %(n)d", low=low, high=high, n=n)


def left_open(interval: Interval, n: int) -> str:
    """How many left a question open: "few" is less than a third, "many" a third or more; else how many of n."""
    third = -(-n // 3)
    if interval == (0, third - 1):
        return gettext("few left it open")
    if interval == (third, n):
        return gettext("many left it open")
    return gettext("%(count)s left it open", count=count(interval, n))


def answered(n: int, invited: int) -> str:
    """How many of those invited answered."""
    return gettext("%(n)d of %(invited)d invited answered", n=n, invited=invited)


def hidden_line(b: int) -> str:
    """The fixed line that says why a number is "at most" or "at least"."""
    return gettext(
        "We do not show whether it was %(numbers)s or %(last)d. So nobody can work out what one person answered.",
        numbers=", ".join(map(str, range(b))),
        last=b,
    )


def intervals_line() -> str:
    """What "at most", "at least" and "between" say."""
    return gettext("Where it says at most, at least or between, small numbers are hidden, here or in places within.")


def said_line() -> str:
    """What the numbers are, and who is at neither end of the answers."""
    return gettext(
        "The numbers are what those who answered said, no more. Where people could choose among five answers, the two "
        "at an end count together. Who is at neither end chose the middle or left the question open."
    )


def open_line() -> str:
    """What it is to leave a question open."""
    return gettext(
        "Left open: went past the question, or could not answer it. Few are fewer than a third, many a third or more. "
        "It is not told where it could tell too much."
    )


def certain_line() -> str:
    """What nobody can learn from the numbers, and who knows answers all the same."""
    return gettext(
        "The numbers are made so that nobody can be certain from them what another person answered. But who helped "
        "somebody to answer knows that answer, and interviewers and typists have heard theirs and are bound to silence."
    )


def hidden_places_line(k: int) -> str:
    """Why some places are not shown alone."""
    return gettext(
        "Fewer than %(k)d answered in places with too few answers. Some others are shown together, so that nobody can "
        "subtract their way to a small place. What they answered counts in the place they belong to.",
        k=k,
    )


def simulated_line() -> str:
    """What a round with simulated people is worth."""
    return gettext("Simulated people answered this. It says nothing about real places.")


def alarm_line() -> str:
    """What a survey cannot do."""
    return gettext("This survey is no alarm; a single frightened person may not show.")


def total(number: Total) -> str:
    """A number of the whole round: exact, or "fewer than 5"."""
    if isinstance(number, int):
        return str(number)
    return gettext("fewer than %(k)s", k=number.removeprefix("fewer than "))


def own_voice(release: Release) -> list[str]:
    """How the answers of the whole round were given: by which way, and with what help."""
    totals = release.totals
    lines = [gettext("How they answered, in the whole round: %(ways)s.", ways=_listed(totals.way, WAYS))]
    if release.audience == "resident":
        lines = [
            gettext("The residents' own voice: alone, with some help and in interviews are counted together."),
            *lines,
            gettext("Help to answer, in the whole round: %(support)s.", support=_listed(totals.support, SUPPORT)),
            gettext(
                "For %(number)s people somebody else answered. Those answers are in none of the numbers here.",
                number=total(totals.by_other),
            ),
        ]
    if totals.not_now is not None:
        lines.append(gettext("Did not want to answer now: %(number)s.", number=total(totals.not_now)))
    return lines


def _listed(totals: Mapping[str, Total], names: Mapping[str, Any]) -> str:
    """ "201 on a page of their own, 12 in an interview"; what is told together is joined by "or"."""
    either = gettext("or")
    return ", ".join(
        f"{total(number)} {f' {either} '.join(named(names, part) for part in together.split('+'))}"
        for together, number in totals.items()
    )


def day(iso: str) -> str:
    """A date, as the reader writes it."""
    return day_in_words(date.fromisoformat(iso))


def month(iso: str) -> str:
    """The month and year of a date."""
    return day_in_words(date.fromisoformat(iso), "MMM yyyy")
