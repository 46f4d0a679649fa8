"""Three to six sentences made by rules that one can read, and what stands out. docs/committee.md tells the rules."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from babel.lists import format_list

from reports.committee.material import Material, Round
from reports.committee.model import Bullets, Cell, Line, Section, Table, Traced
from reports.measures.effect import Verdict
from reports.views import Difference, Row
from reports.wording import gettext, ngettext

NAMED = 3  # questions in each list


def summary(material: Material) -> Section:
    """Three to six sentences."""
    return Section(gettext("In short"), (Bullets(tuple(_sentences(material)), lead=True),))


def outstanding(material: Material) -> Iterator[Section]:
    """For each round, the questions on which most certainly answered well, and badly."""
    for one in material.shown:
        nothing = Cell((Line(gettext("Nothing reaches this for certain. That does not mean the opposite.")),))
        well = [_named(one, row, "positive") for row in good(one)[:NAMED]] or [nothing]
        closer = [_named(one, row, "negative") for row in poor(one)[:NAMED]] or [nothing]
        table = Table(
            caption=one.who,
            heads=(gettext("Going well"), gettext("Look closer")),
            rows=tuple(zip_longest(well, closer, fillvalue=Cell())),
            widths=(50, 50),
            voice=one.voice,
        )
        yield Section(one.who, (table,), level=2)


def _named(one: Round, row: Row, kind: str) -> Cell:
    end = one.end(row, kind)
    return Cell((Line(row.question.text), end))


def good(one: Round) -> list[Row]:
    """Where three of four or more certainly answered well, the largest certain share first."""
    rows = one.report.good(one.place) if one.place else []
    return sorted(rows, key=lambda row: -row.positive.interval[0])


def poor(one: Round) -> list[Row]:
    """Where one of four or more, on safety one of ten, certainly answered badly, the largest certain share first."""
    rows = one.report.poor(one.place) if one.place else []
    return sorted(rows, key=lambda row: -row.negative.interval[0])


def differing(one: Round) -> list[Difference]:
    """The services that certainly lie apart from the whole, and on what."""
    found = [one.report.difference(service, one.place, len(one.services)) for service in one.services if one.place]
    return [each for each in found if each.better or each.worse]


def _sentences(material: Material) -> Iterator[Line]:
    rounds = material.shown
    invited = [(one, one.place.n, one.place.invited) for one in rounds if one.place]
    told = [(one, gettext("%(n)d of %(all)d invited", n=n, all=all_)) for one, n, all_ in invited]
    yield _listed(gettext("Answered: %(rounds)s."), told, material)
    for sentence, none, found in (
        (
            gettext("On %(rounds)s at least three of four certainly answered well."),
            gettext("On no question did at least three of four certainly answer well."),
            good,
        ),
        (
            gettext("On %(rounds)s at least one of four, or one of ten on safety, certainly answered badly."),
            gettext("On no question did at least one of four, or one of ten on safety, certainly answer badly."),
            poor,
        ),
    ):
        numbers = [(one, len(found(one)), len(one.release.questions)) for one in rounds]
        told = [(one, gettext("%(n)d of %(all)d questions", n=n, all=all_)) for one, n, all_ in numbers]
        yield _listed(sentence if any(n for _, n, _ in numbers) else none, told, material)
    compared = [one for one in rounds if len(one.services) > 1]
    if compared:
        numbers = [(one, len([1 for each in differing(one) if not each.chance]), len(one.services)) for one in compared]
        told = [(one, gettext("%(n)d of %(all)d services", n=n, all=all_)) for one, n, all_ in numbers]
        yield _listed(
            gettext("%(rounds)s differ from the whole on one question or more, and chance seldom does that."),
            told,
            material,
        )
    if material.measures:
        yield Line(_moved([one.effect.verdict for one in material.measures]))
    few = [one for one, n, all_ in invited if n * 2 < all_]
    if few and len(rounds) > 1:
        sentence = gettext("Fewer than half of those invited answered, and the others may think otherwise: %(rounds)s.")
        yield _listed(sentence, [(one, "") for one in few], material)
    elif few:
        told = [(one, gettext("fewer than half of those invited")) for one in few]
        yield _listed(gettext("This is an answer from %(rounds)s, and the others may think otherwise."), told, material)
    else:
        yield Line(gettext("A survey is no alarm: a single frightened person may not show in it."))


def _moved(verdicts: Sequence[Verdict]) -> str:
    """How many of the measures moved their question."""
    hoped, other, all_ = verdicts.count(Verdict.AS_HOPED), verdicts.count(Verdict.OTHER_WAY), len(verdicts)
    if hoped == all_:
        return ngettext(
            "The measure moved its question as hoped.", "All %(num)d measures moved their question as hoped.", all_
        )
    if other == all_:
        return ngettext(
            "The measure moved its question the other way.",
            "All %(num)d measures moved their question the other way.",
            all_,
        )
    if not hoped + other:
        return ngettext(
            "Of the measure it cannot be said whether its question moved.",
            "Of none of the %(num)d measures can it be said whether its question moved.",
            all_,
        )
    numbers = {"hoped": hoped, "other": other, "all": all_}
    if hoped + other == all_:
        return gettext(
            "%(hoped)d of %(all)d measures moved their question as hoped, and %(other)d the other way.", **numbers
        )
    if not other:
        return gettext(
            "%(hoped)d of %(all)d measures moved their question as hoped; of the rest it cannot be said.", **numbers
        )
    if not hoped:
        return gettext(
            "%(other)d of %(all)d measures moved their question the other way; of the rest it cannot be said.",
            **numbers,
        )
    return gettext(
        "%(hoped)d of %(all)d measures moved their question as hoped and %(other)d the other way; of the rest it "
        "cannot be said.",
        **numbers,
    )


def _listed(sentence: str, told: list[tuple[Round, str]], material: Material) -> Line:
    """A sentence about one round, or about several, each of which says who was asked."""
    whose = [(f"{one.who[0].lower()}{one.who[1:]}", text) for one, text in told]
    parts = [(f"{text} ({who})" if text else who) if len(material.rounds) > 1 else text for who, text in whose]
    traced = tuple(
        Traced(one.sha256, (one.place.id, *(each.id for each in one.services))) for one, _ in told if one.place
    )
    return Line(sentence % {"rounds": format_list(parts, locale=material.language)}, traced)
