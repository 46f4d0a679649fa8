"""Who was asked and how, how many answered, what is not known, and where every number comes from."""

from collections.abc import Iterator

from reports.charts import bar
from reports.committee.material import Material, Round
from reports.committee.model import Block, Bullets, Cell, Chart, Line, Paragraph, Section, Table, Traced
from reports.release import Release
from reports.views import Place
from reports.wording import (
    AUDITS,
    certain_line,
    day,
    gettext,
    hidden_places_line,
    named,
    own_voice,
    simulated_line,
    total,
)

MOST_NAMES = 6  # of places that are not shown


def method(material: Material) -> Iterator[Section]:
    """Who was asked, how, and what protects them, in plain words."""
    asked = gettext(
        "Everybody who receives the service was offered to take part, or everybody of the list that the round was made "
        "for; nobody was drawn by lot. Each got a code that works once. Nothing is kept that leads from an answer to a "
        "person. Rounds stand beside each other and are never added together."
    )
    yield Section(gettext("How it was done"), (Paragraph(Line(asked)),))
    for one in material.rounds:
        lines = [
            gettext(
                "“%(title)s”, closed %(day)s. Questionnaire: %(questionnaire)s, version %(version)d.",
                title=one.release.title,
                day=day(one.release.closed),
                questionnaire=one.release.questionnaire,
                version=one.release.version,
            ),
            *own_voice(one.release),
        ]
        yield Section(one.who, (Bullets(tuple(Line(line) for line in lines)),), level=2)
    hidden = [
        hidden_places_line(max(one.release.k for one in material.rounds)),
        certain_line(),
        *(named(AUDITS, audit) for audit in sorted({one.release.audit for one in material.rounds})),
        gettext("The summary is made of the numbers by fixed rules; no person chose what it says."),
    ]
    blocks = tuple(Paragraph(Line(line)) for line in hidden)
    yield Section(gettext("What is not shown, and why"), blocks, level=2)


def coverage(material: Material) -> Iterator[Section]:
    """How many of those invited answered, by service; and how many did not want to, where that was counted."""
    blocks: list[Block] = []
    for one in material.shown:
        blocks.append(_coverage(one))
        if one.release.totals.not_now is not None:
            said = gettext("Did not want to answer now: %(number)s.", number=total(one.release.totals.not_now))
            whole = gettext("That is known for the whole round only.")
            blocks.append(Paragraph(Line(f"{said} {whole}"), "quiet"))
    yield Section(gettext("How many answered"), tuple(blocks))


def _coverage(one: Round) -> Table:
    assert one.place
    places = [*one.report.way_to(one.place), one.place, *one.services]
    return Table(
        caption=one.who,
        heads=(one.who, gettext("Everybody invited"), gettext("How many")),
        rows=tuple(
            (Cell((Line(place.name),)), Cell(chart=_answered(one, place)), Cell((one.answered(place),)))
            for place in places
        ),
        widths=(42, 24, 34),
        voice=one.voice,
    )


def _answered(one: Round, place: Place) -> Chart | None:
    drawn = bar((place.n, place.n), max(place.invited, place.n)) if one.report.drawn(place) else None
    said = gettext("A bar of everybody invited. %(answered)s.", answered=one.answered(place).text)
    return Chart((("answered", drawn),), one.voice, said) if drawn else None


def not_known(material: Material) -> Section:
    """What this report cannot say."""
    lines = [Line(f"{one.who}: {line.text}", line.traced) for one in material.rounds for line in _unknown(one)]
    if any(one.release.simulated for one in material.rounds):
        lines.append(Line(simulated_line()))
    lines += [
        Line(gettext("Why people answered as they did: the numbers say what was answered, and no reasons.")),
        Line(gettext("Whether somebody is in danger: a survey is no alarm, and one frightened person may not show.")),
        Line(gettext("What people would answer today: the numbers are of the days on which they were asked.")),
    ]
    return Section(gettext("What we do not know"), (Bullets(tuple(lines)),))


def _unknown(one: Round) -> Iterator[Line]:
    if one.place is None:
        yield Line(gettext("what they said. Fewer than %(k)d answered here, so nothing is shown.", k=one.release.k))
        return
    place = one.place
    if place.invited > place.n:
        silent = gettext(
            "what the %(number)d think who were invited and did not answer.", number=place.invited - place.n
        )
        yield Line(silent, (Traced(one.sha256, (place.id,)),))
    if one.release.audience == "resident":
        yield Line(
            gettext(
                "what those think for whom somebody else answered (%(number)s): those answers are not counted.",
                number=total(one.release.totals.by_other),
            )
        )
    hidden = [each for each in (*one.release.too_few, *one.release.shown_with_others) if each.level == "service"]
    if hidden and place.level == "municipality":
        shown = ", ".join(each.name.get(one.report.language) or each.name["nb"] for each in hidden[:MOST_NAMES])
        more = len(hidden) - MOST_NAMES
        names = f"{shown} " + gettext("and %(number)d more", number=more) if more > 0 else shown
        yield Line(gettext("what was said in services that are not shown alone: %(names)s.", names=names))


def sources(material: Material) -> Section:
    """The releases, by their whole checksums, and how anybody can check a number."""
    rows = [
        (
            Cell((Line(f"{one.release.title}, {day(one.release.closed)}"),)),
            Cell((Line(one.sha256),)),
            _limits(one.release),
        )
        for one in material.rounds
    ]
    known = {one.sha256 for one in material.rounds}
    for measure in material.measures:
        viewed = (measure.viewed.release, measure.viewed.sha256) if measure.viewed else None
        for read in (measure.baseline, measure.after, viewed):
            if read and read[1] not in known:
                known.add(read[1])
                release = read[0]
                rows.append(
                    (
                        Cell((Line(f"{release.title}, {day(release.closed)}"),)),
                        Cell((Line(read[1]),)),
                        _limits(release),
                    )
                )
    check = gettext(
        "Every number was read from one of these releases, and nothing else was asked. Under each table stands the "
        "beginning of its release's checksum (SHA-256), the ids of places and the ids of questions. With the release's "
        "JSON file anybody can check both: its checksum, and the number under that place and question."
    )
    return Section(
        gettext("Where the numbers come from"),
        (
            Paragraph(Line(check)),
            Table(
                caption=gettext("Releases"),
                heads=(gettext("Round"), gettext("SHA-256 of the release"), gettext("Limits")),
                rows=tuple(rows),
                widths=(17, 63, 20),
                small=True,
            ),
        ),
    )


def _limits(release: Release) -> Cell:
    k, b = release.k, release.b
    return Cell(
        (
            Line(gettext("shown: from %(k)d answers (k = %(k)d)", k=k)),
            Line(gettext("not told apart: 0 to %(b)d (b = %(b)d)", b=b)),
        )
    )
