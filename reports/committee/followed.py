"""Measures in a report: what they are to do, what can be said of them, and what was done with people's views."""

from collections.abc import Iterator

from reports.committee.material import Followed, Material
from reports.committee.model import Block, Line, Paragraph, Section, Traced
from reports.measures import words
from reports.measures.model import Covers
from reports.measures.rows import sides
from reports.measures.views import VIEW
from reports.wording import day, gettext, in_language

MOST = 5  # measures with a paragraph of their own
SIGNS = 300  # of how views were weighed: more stands on the measure's page


def measures(material: Material) -> Iterator[Section]:
    """Each measure, those under way first, after how far the results are told back to those who answered."""
    said = [*material.told]
    if not material.measures:
        said.append(gettext("No measure is registered for the questions of these rounds."))
    yield Section(gettext("What is done about it"), tuple(Paragraph(Line(line)) for line in said))
    for one in material.measures[:MOST]:
        yield Section(one.measure.title, tuple(_blocks(one, material.language)), level=2)
    left = len(material.measures) - MOST
    if left > 0:
        more = gettext("%(number)d more measures stand in Medvirk.", number=left)
        yield Section(gettext("More measures"), (Paragraph(Line(more)),), level=2)


def _blocks(one: Followed, language: str) -> Iterator[Block]:
    measure, effect = one.measure, one.effect
    alone = not (effect.others.before and effect.others.after)
    about = (
        one.where,
        gettext("responsible: %(who)s", who=measure.responsible),
        str(words.STATUSES[measure.status]).lower(),
        *([gettext("to be done by %(day)s", day=day(measure.deadline.isoformat()))] if measure.deadline else []),
    )
    yield Paragraph(Line(" · ".join(about)), "quiet")
    asked = gettext("It should move the question “%(question)s”", question=in_language(measure.asked, language))
    verdict = f"{words.VERDICTS[effect.verdict]}. {words.meaning(effect.verdict, alone)}"
    if effect.reason:
        verdict += " " + gettext("Why:") + f" {words.NOT_COMPARED[effect.reason]}."
    told = _numbers(one) or Line("")
    yield Paragraph(Line(f"{asked}. {verdict} {told.text}".strip(), told.traced))
    if said := _view(one):
        yield Paragraph(said, "quiet")
    for note in effect.notes:
        yield Paragraph(Line(str(words.NOTES[note])), "quiet")
    if one.weighed:
        latest = one.weighed[0]
        text = latest.text if len(latest.text) <= SIGNS else f"{latest.text[:SIGNS].rsplit(' ', 1)[0]} …"
        what = gettext("What we did with the views, %(day)s:", day=day(latest.day.isoformat()))
        yield Paragraph(Line(f"{what} {text}"), "written")


def _view(one: Followed) -> Line | None:
    """What those asked for their view of it said: those it covers, where they are a row of the release; else all."""
    if one.viewed is None:
        return None
    about = {"who": one.viewed.who, "day": day(one.viewed.release.closed)}
    text, place = gettext("What people say of it (%(who)s, %(day)s):", **about), one.viewed.place
    if one.measure.covers is Covers.GROUP:
        covered = [one.viewed.report.places.get(id_) for id_ in sides(one.measure, [one.viewed.release]).covered]
        if len(covered) == 1 and covered[0]:
            text, place = gettext("What those covered say of it (%(who)s, %(day)s):", **about), covered[0]
    if place is None:
        few = gettext("Fewer than %(k)d answered. So nothing is shown.", k=one.viewed.release.k)
        return Line(f"{text} {few}")
    asked = [question for question in one.viewed.report.questions.values() if question.id.startswith(VIEW)]
    rows = [one.viewed.report.row(place, question) for question in asked]
    ends = [(row, [one.viewed.end(row, kind) for kind in ("positive", "negative")]) for row in rows]
    told = " ".join(f"{row.question.text} {'; '.join(end.text for end in both)}." for row, both in ends)
    return Line(f"{text} {told}", tuple(trace for _, both in ends for end in both for trace in end.traced))


def _numbers(one: Followed) -> Line | None:
    """How many of the covered, and of the others, were at the good end before and after."""
    found = one.effect.rows
    if one.baseline is None or found is None:
        return None
    effect, read = one.effect, [one.baseline, *([one.after] if one.after and not one.effect.reason else [])]
    texts, traced = [], list[Traced]()
    for name, side, rows in (
        (gettext("Covered"), effect.covered, found.covered),
        (gettext("The others"), effect.others, found.others),
    ):
        if side.before:
            told = gettext("before %(count)s", count=words.group(side.before))
            if side.after:
                told += ", " + gettext("after %(count)s", count=words.group(side.after))
            texts.append(f"{name}: {told}.")
            for _, sha256 in read:
                traced.append(Traced(sha256, tuple(sorted(rows)), f"{one.measure.question} positive"))
    return Line(" ".join(texts), tuple(traced)) if texts else None
