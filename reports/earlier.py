"""What earlier surveys found, typed or brought in by staff: shown beside a round's themes, compared with nothing.

Nobody here knows how they asked, whom, or who answered. So these numbers enter no chart, no interval and no verdict.
"""

from dataclasses import dataclass

import flask_babel

from reports.wording import AUDIENCES, gettext, named

FEWEST = 5  # people: what fewer said in percent may tell what one of them said


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """One number of an earlier survey: in percent, or, with a `scale` (its lowest and highest value), a mean.

    `counts` says what is counted, or what the values of the scale are; `n` how many answered, where that is known.
    """

    id: str
    place: str
    audience: str
    year: int
    survey: str
    theme: str
    counts: str
    value: float
    scale: tuple[float, float] | None
    n: int | None
    source: str


def said(one: Earlier) -> str:
    """The number in words: "72 %", "4.6 on a scale from 1 to 6", and how many answered."""
    value = _number(one.value)
    if one.scale is None:
        told = gettext("%(value)s percent", value=value)
    else:
        low, high = map(_number, one.scale)
        told = gettext("a mean of %(value)s on a scale from %(low)s to %(high)s", value=value, low=low, high=high)
    return told if one.n is None else gettext("%(told)s, %(n)d answered", told=told, n=one.n)


def line(one: Earlier) -> str:
    """The number with all that belongs to it."""
    return gettext(
        "%(survey)s %(year)d, %(who)s: %(told)s (%(counts)s). Source: %(source)s.",
        survey=one.survey,
        year=one.year,
        who=named(AUDIENCES, one.audience).lower(),
        told=said(one),
        counts=one.counts,
        source=one.source,
    )


def not_comparable_line() -> str:
    """What stands beside every number of an earlier survey."""
    return gettext(
        "Not directly comparable: other questions, other answers to choose from, and perhaps other people. They are in "
        "none of the other numbers here."
    )


def _number(value: float) -> str:
    return str(flask_babel.format_decimal(value, format="#,##0.##"))
