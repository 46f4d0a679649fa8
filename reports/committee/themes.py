"""What was said, question by question under its theme, and service by service."""

from collections.abc import Iterator, Sequence

from reports.committee.material import Material, Round
from reports.committee.model import Block, Bullets, Cell, Chart, Line, Paragraph, Section, Table
from reports.committee.summary import differing
from reports.earlier import Earlier, line, not_comparable_line
from reports.views import Place, Row, Theme
from reports.wording import THEMES, gettext, hidden_line, intervals_line, named, open_line, said_line

MOST_EARLIER = 2  # numbers of earlier surveys under a theme, the newest
ACROSS, DOWN, PAGES = (
    6,
    20,
    2,
)  # services and questions on a page of the tables of services, and how many such tables there may be


def themes(material: Material) -> Iterator[Section]:
    """Every question by theme; rounds stand under one another and are never added together."""
    rounds = material.shown
    by_theme: dict[str, list[tuple[Round, Theme]]] = {name: [] for name in THEMES}
    for one in rounds:
        for theme in one.report.themes(one.place) if one.place else ():
            by_theme.setdefault(theme.name, []).append((one, theme))
    b = {one.release.b for one in rounds}
    bars = gettext(
        "The upper bar is the good end of the answers, the lower the bad end; the hatched part is how many more it may "
        "be. Below ten people words say more than bars."
    )
    lines = [said_line(), bars, intervals_line(), *map(hidden_line, sorted(b)), open_line()]
    if material.earlier:
        lines.append(not_comparable_line())
    yield Section(gettext("What was said, by theme"), tuple(Paragraph(Line(line), "quiet") for line in lines))
    for name, found in by_theme.items():
        if found:
            blocks: list[Block] = [_table(one, theme) for one, theme in found]
            earlier = [each for each in material.earlier if each.theme == name]
            yield Section(named(THEMES, name), (*blocks, *_earlier(earlier)), level=2)


def _table(one: Round, theme: Theme) -> Table:
    rows = [(row, len(group) > 1) for group in theme.groups for row in group]
    return Table(
        caption=one.who,
        heads=(one.who, gettext("Everybody who answered"), gettext("How many")),
        rows=tuple(_row(one, row, paired) for row, paired in rows),
        widths=(42, 24, 34),
        voice=one.voice,
    )


def _row(one: Round, row: Row, paired: bool) -> tuple[Cell, ...]:
    said = [one.end(row, "positive"), one.end(row, "negative")]
    if row.open:
        said.append(one.open(row, row.open))
    asked = [Line(row.question.text)]
    if paired:
        asked.append(Line(gettext("Asked the opposite way as well: read the two together.")))
    return Cell(tuple(asked)), Cell(chart=_chart(one, row)), Cell(tuple(said))


def _chart(one: Round, row: Row) -> Chart | None:
    if not (row.positive.bar and row.negative.bar):
        return None
    ends = "; ".join(one.end(row, kind).text for kind in ("positive", "negative"))
    return Chart(
        bars=(("positive", row.positive.bar), ("negative", row.negative.bar)),
        voice=one.voice,
        alternative=f"{row.question.text} " + gettext("Two bars of everybody who answered. %(ends)s.", ends=ends),
    )


def _earlier(found: Sequence[Earlier]) -> Iterator[Block]:
    for one in found[:MOST_EARLIER]:
        yield Paragraph(Line(gettext("Earlier, not directly comparable: %(told)s", told=line(one))), "quiet")


def differences(material: Material) -> Iterator[Section]:
    """Where a service certainly lies apart from the whole."""
    rounds = [one for one in material.shown if len(one.services) > 1]
    if not rounds:
        return
    explained = gettext(
        "Among those who answered, the share at the good end is at least 25 percentage points higher or lower "
        "than in the whole, whatever the hidden numbers are. Where it may be chance, minding how many are compared, it "
        "says so."
    )
    yield Section(gettext("Where services differ"), (Paragraph(Line(explained), "quiet"),))
    for one in rounds:
        lines = []
        for found in differing(one):
            for word, lying in ((gettext("lower"), found.worse), (gettext("higher"), found.better)):
                for apart in lying:
                    row, other = apart.row, apart.other
                    here, whole = one.end(row, "positive"), one.end(other, "positive", other.place.name)
                    text = f"{found.place.name}, {word}: {row.question.text} {here.text} ({whole.text})"
                    text += " " + gettext("May be chance.") if apart.chance else ""
                    lines.append(Line(text, here.traced + whole.traced))
        nothing = Line(gettext("Nothing reaches this for certain. That does not mean the opposite."))
        yield Section(one.who, (Bullets(tuple(lines or [nothing])),), level=2)


def tables(material: Material, most: int) -> Iterator[Section]:
    """Every question in every service, as tables across the page; where they are more than `most`, none of them."""
    rounds = [one for one in material.shown if len(one.services) > 1]
    pages = [page for one in rounds for page in _pages(one)]
    if not pages:
        return
    if len(pages) > most:
        said = gettext(
            "So many services and questions do not fit in this report. Every number of every service stands in the "
            "Excel file of the release."
        )
        yield Section(gettext("Every question in every service"), (Paragraph(Line(said)),))
        return
    for one, services, rows in pages:
        yield Section(
            gettext("Every question in every service"),
            (_services(one, services, rows),),
            wide=True,
        )


def _pages(one: Round) -> Iterator[tuple[Round, list[Place], range]]:
    questions = range(len(one.release.questions))
    for across in range(0, len(one.services), ACROSS):
        for down in range(0, len(questions), DOWN):
            yield one, one.services[across : across + ACROSS], questions[down : down + DOWN]


def _services(one: Round, services: list[Place], rows: range) -> Table:
    columns = [one.report.rows(service) for service in services]
    return Table(
        caption=f"{one.who}: {rows.start + 1}–{rows.stop}, {services[0].name} – {services[-1].name}",
        heads=(one.who, *(service.name for service in services)),
        rows=tuple(
            (
                Cell((Line(columns[0][number].question.text),)),
                *(Cell(tuple(one.end(rows[number], kind) for kind in ("positive", "negative"))) for rows in columns),
            )
            for number in rows
        ),
        widths=(22, *(78 // ACROSS for _ in services)),
        voice=one.voice,
        small=True,
    )
