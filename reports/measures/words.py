"""Measures and changes in words, in the language of the reader."""

from math import ceil, floor

from flask_babel import lazy_gettext as _

from reports.charts import CHARTS_FROM
from reports.comparing import Caution, NotCompared
from reports.measures.effect import Note, Verdict
from reports.measures.model import Covers, Status
from reports.statistics import Bounds, Group
from reports.wording import count, gettext

STATUSES = {
    Status.PLANNED: _("Planned"),
    Status.DECIDED: _("Decided"),
    Status.STARTED: _("Started"),
    Status.ENDED: _("Ended"),
}
SIGNED = {"quality_adviser": _("Quality adviser"), "unit_leader": _("Unit leader")}
COVERS = {
    Covers.UNITS: _("Everybody in some units"),
    Covers.GROUP: _("A planned group of persons"),
}
VERDICTS = {
    Verdict.AS_HOPED: _("Moved as hoped"),
    Verdict.OTHER_WAY: _("Moved the other way"),
    Verdict.NO_SIGN: _("No sign of a move"),
    Verdict.TOO_FEW: _("Too few to say"),
    Verdict.CHOSEN_FOR_LOW: _("No verdict: chosen for low numbers"),
    Verdict.NOT_COMPARED: _("Not compared"),
    Verdict.NOT_BEGUN: _("Not begun"),
    Verdict.NOT_YET: _("Not asked again yet"),
    Verdict.NO_BASELINE: _("No baseline"),
    Verdict.NO_GROUPS: _("No baseline for the group"),
}
MEANINGS = {
    Verdict.AS_HOPED: _(
        "More are at the good end than the others' numbers would explain, and chance seldom does that."
    ),
    Verdict.OTHER_WAY: _(
        "Fewer are at the good end than the others' numbers would explain, and chance seldom does that."
    ),
    Verdict.NO_SIGN: _("The numbers do not show a move. That does not mean that there was none."),
    Verdict.TOO_FEW: _("So few answered, or are shown, that hardly any change could have been seen."),
    Verdict.CHOSEN_FOR_LOW: _(
        "Those covered were chosen because the numbers of a round were low. The lowest numbers rise by themselves the "
        "next time, by chance alone. A baseline from a later round would tell."
    ),
    Verdict.NOT_COMPARED: _("The round after it is not like the round before it, so nothing is said about a change."),
    Verdict.NOT_BEGUN: _("It has not begun. What stands here is how it was before."),
    Verdict.NOT_YET: _("No round that asks the same has been released since it began."),
    Verdict.NO_BASELINE: _("No round from before is named, so there is nothing to compare with."),
    Verdict.NO_GROUPS: _(
        "The codes of the round before were not given out by this group, so it does not tell the covered from the "
        "others. A round that does is needed."
    ),
}
MEANINGS_ALONE = {
    Verdict.AS_HOPED: _("More are at the good end than before, and chance seldom does that."),
    Verdict.OTHER_WAY: _("Fewer are at the good end than before, and chance seldom does that."),
}
NOTES = {
    Note.LATE_BASELINE: _(
        "The baseline is late: it closed after the measure had begun, and may already hold some of it."
    ),
    Note.PARTIAL: _("Not all who are covered are in the numbers: some are not shown by themselves in both rounds."),
    Note.JOINED: _(
        "Some of the units have become one since. Their people are counted together before as well as after."
    ),
    Note.MIXED: _(
        "Some of those covered are one unit now with others who are not. They are left out: nobody can tell them apart "
        "in the numbers."
    ),
    Note.LOW_COVERAGE: _("Fewer than half of those covered answered: the others may think otherwise."),
    Note.NO_OTHERS: _(
        "There is nobody to compare with. Whatever else happened meanwhile counts as if the measure had done it."
    ),
}
NOT_COMPARED = {
    NotCompared.SIMULATED: _("one of them has simulated answers"),
    NotCompared.AUDIENCE: _("others were asked"),
    NotCompared.SERVICE: _("it was about another kind of service"),
    NotCompared.NOT_ASKED: _("the question was not asked"),
    NotCompared.WORDING: _("the question was worded otherwise"),
    NotCompared.SCALE: _("the answers to choose from were others"),
    NotCompared.TURNED: _("the good end was another"),
    NotCompared.NOT_BY_UNIT: _("it was given out by planned groups, and does not show those covered by unit"),
}
CAUTIONS = {
    Caution.COVERAGE: _("Fewer than half answered in one of the rounds: the others may think otherwise."),
    Caution.HELP: _("A third or more had help to answer in one of the rounds. That may change answers."),
    Caution.HELP_CHANGED: _("More, or fewer, had help to answer than before. That may change answers."),
    Caution.PLACES_CHANGED: _("Places within have come or gone since."),
    Caution.JOINED: _("Other units have become part of this one. Earlier numbers are of all of them together."),
}

CAUTIONS_NOW = {  # of one round alone
    Caution.COVERAGE: _("Fewer than half answered: the others may think otherwise."),
    Caution.HELP: _("A third or more of all in the round had help to answer. That may change answers."),
}


def not_shown() -> str:
    """Why a round is not compared that does not show the place."""
    return gettext("the place is not shown there by itself")


def meaning(verdict: Verdict, alone: bool) -> str:
    """What a verdict says; `alone`: there is nobody to compare with."""
    return str((alone and MEANINGS_ALONE.get(verdict)) or MEANINGS[verdict])


def moved(bounds: Bounds) -> str:
    """A change of a share at the good end: "between 4 and 38 more of 100 people"."""
    low, high = max(floor(100 * bounds[0]), -100), min(ceil(100 * bounds[1]), 100)  # an interval may reach further
    if low >= 0:
        return gettext("between %(low)d and %(high)d more of 100 people", low=low, high=high)
    if high <= 0:
        return gettext("between %(low)d and %(high)d fewer of 100 people", low=-high, high=-low)
    return gettext("from %(low)d fewer to %(high)d more of 100 people", low=-low, high=high)


def trend(bounds: Bounds) -> str:
    """Whether a change is one, by the interval it lies in."""
    if bounds[0] > 0:
        return gettext("More are at the good end than the last time, and chance seldom does that.")
    if bounds[1] < 0:
        return gettext("Fewer are at the good end than the last time, and chance seldom does that.")
    return gettext("No sign of a change since the last time. That does not mean that there was none.")


def large_enough(*groups: Group | None) -> bool:
    """Whether a change between groups is told in numbers: below ten people words say more."""
    return all(group and group.n >= CHARTS_FROM for group in groups)


def detectable(size: float) -> str:
    """What could have been seen at all."""
    of_hundred = ceil(100 * size)
    if of_hundred >= 100:
        return gettext("No change, however large, would surely have been seen.")
    return gettext("A change of fewer than %(number)d of 100 people would often not have been seen.", number=of_hundred)


def group(one: Group | None) -> str:
    """How many were at the good end."""
    return count(one.count, one.n) if one else gettext("not shown")
