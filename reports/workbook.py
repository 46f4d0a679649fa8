"""A release as an Excel workbook: a sheet that explains, one of answers, one of places and how many answered."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from itertools import count
from typing import Any

from flask_babel import lazy_gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports import wording
from reports.release import Release
from reports.views import Report
from reports.wording import gettext, named
from survey.spreadsheet import CELLS_KEPT, harmless

Cells = tuple[str | float | date | None, ...]
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its heading, what stands in it, and how wide it is, in signs."""

    heading: Any  # said in the reader's language, as is `meaning`
    meaning: Any
    width: int


PLACE_ID = Column(
    _("Place: id"),
    _("The same id is the same place in every sheet, file and round; several together may be others each time."),
    14,
)
LEVEL = Column(
    _("Place: level"),
    _("Municipality, service, division, unit or group. Several together are the other people of the place above."),
    16,
)
NAME = Column(_("Place"), _("The name of the place when the round was closed."), 30)
N = Column(
    _("Answered"),
    _("How many answered there; every number of answers is out of these. Somebody else's answers are not among them."),
    10,
)
SHARE = Column(_("Share answered"), _("Answered out of invited. Empty: not shown, or fewer than ten answered."), 10)
ANSWERS = (
    PLACE_ID,
    LEVEL,
    NAME,
    N,
    Column(_("Question: id"), _("The question's id in the questionnaire."), 16),
    Column(_("Question: number"), _("Its place in the questionnaire."), 10),
    Column(_("Theme"), _("What the question is about."), 20),
    Column(_("Question"), _("The question, as it was asked."), 44),
    Column(_("Good end"), _("The answer that speaks well of the service."), 16),
    Column(_("Good end: at least"), _("The fewest people who may have chosen the good end."), 10),
    Column(_("Good end: at most"), _("The most people who may have. Where both are the same, it is exact."), 10),
    Column(_("Good end: in words"), _("The two numbers in words, as the pages say them."), 28),
    Column(_("Bad end"), _("The answer that speaks badly of the service."), 16),
    Column(_("Bad end: at least"), _("The fewest people who may have chosen the bad end."), 10),
    Column(_("Bad end: at most"), _("The most people who may have. Where both are the same, it is exact."), 10),
    Column(_("Bad end: in words"), _("The two numbers in words, as the pages say them."), 28),
    Column(_("Left open: at least"), _("The fewest people who may have left the question open. Empty: not told."), 10),
    Column(_("Left open: at most"), _("The most people who may have. Empty: not told."), 10),
    Column(_("Left open: in words"), _("The two numbers in words, as the pages say them. Empty: not told."), 28),
)
PLACES = (
    PLACE_ID,
    LEVEL,
    NAME,
    Column(_("Within: id"), _("The id of the nearest place above that is shown."), 14),
    Column(
        _("How it is shown"),
        _("Shown; or not shown alone: too few answered, or somebody could subtract their way to a small place."),
        24,
    ),
    N,
    Column(_("Invited"), _("How many were invited: the codes made, but for those voided."), 10),
    Column(_("Voided codes"), _("How many codes were voided because nobody was to use them any more."), 10),
    SHARE,
    Column(_("In words"), _("Answered and invited in words, as the pages say them."), 32),
)


def as_xlsx(report: Report) -> bytes:
    """The workbook in the language of the reader; the same bytes whenever it is made of the same release.

    Texts are written as texts and `harmless`, so nothing in the file is a formula or a link.
    """
    release, file = report.release, io.BytesIO()
    closed = datetime.combine(_closed(release), time(12))
    with Workbook(file, {**AS_TEXT, "constant_memory": True}) as book:
        book.set_properties({"title": release.title, "comments": f"SHA-256 {release.sha256}", "created": closed})
        look = _Look(book)
        _explain(book, look, report)
        _table(book, look, gettext("Answers"), ANSWERS, _answers(report))
        _table(book, look, gettext("Places"), PLACES, _places(report))
    return file.getvalue()


class _Look:
    """How cells look, made once a workbook."""

    def __init__(self, book: Workbook) -> None:
        top = {"valign": "top", "text_wrap": True}
        self.text = book.add_format(top)
        self.told = book.add_format({**top, "align": "left"})
        self.day = book.add_format({"valign": "top", "align": "left", "num_format": "yyyy-mm-dd"})
        self.percent = book.add_format({"valign": "top", "num_format": "0 %"})
        self.heading = book.add_format({**top, "bold": True, "bottom": 1, "bg_color": "#E8EEF4"})
        self.title = book.add_format({"bold": True, "font_size": 16})


def _table(book: Workbook, look: _Look, name: str, columns: Sequence[Column], rows: Iterable[Cells]) -> None:
    sheet = book.add_worksheet(name)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width, look.percent if column is SHARE else look.text)
    sheet.write_row(0, 0, [str(column.heading) for column in columns], look.heading)
    last = 0
    for last, row in enumerate(rows, 1):
        _write(sheet, last, row)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    _for_paper(sheet)


def _explain(book: Workbook, look: _Look, report: Report) -> None:
    sheet = book.add_worksheet(gettext("Explanations"))
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 100)
    row = count()
    sheet.write_string(next(row), 0, harmless(report.release.title), look.title)
    for heading, pairs in (
        (gettext("This round"), _round(report.release)),
        (gettext("How sure is this?"), (("", line) for line in _lines(report.release))),
        *(
            (gettext("Columns of the sheet %(name)s", name=name), ((one.heading, one.meaning) for one in columns))
            for name, columns in ((gettext("Answers"), ANSWERS), (gettext("Places"), PLACES))
        ),
    ):
        next(row)
        sheet.write_row(next(row), 0, (heading, ""), look.heading)
        for name, told in pairs:
            value = told if isinstance(told, int | date) else str(told)
            _write(sheet, next(row), (str(name), value), look.day if isinstance(told, date) else look.told)
    _for_paper(sheet)


def _round(release: Release) -> tuple[tuple[str, str | int | date], ...]:
    return (
        (gettext("Round: id"), release.round),
        (gettext("Closed"), _closed(release)),
        (gettext("Who answered"), named(wording.AUDIENCES, release.audience)),
        (gettext("Kind of service"), named(wording.SERVICE_KINDS, release.service_kind)),
        (gettext("Questionnaire: id"), release.questionnaire),
        (gettext("Questionnaire: version"), release.version),
        (gettext("The fewest people a place that is shown has (k)"), release.k),
        (gettext("How many people at either end are never told apart (b)"), release.b),
        (gettext("Checksum (SHA-256) of the release"), release.sha256),
    )


def _lines(release: Release) -> list[str]:
    return [
        *([wording.simulated_line()] if release.simulated else []),
        wording.said_line(),
        wording.intervals_line(),
        wording.hidden_line(release.b),
        wording.open_line(),
        wording.certain_line(),
        named(wording.AUDITS, release.audit),
        *([wording.hidden_places_line(release.k)] if release.audit != "municipality-only" else []),
        *wording.own_voice(release),
        wording.alarm_line(),
    ]


def _answers(report: Report) -> Iterator[Cells]:
    for place in report.places.values():
        for row in report.rows(place):
            asked = row.question
            yield (
                *(place.id, named(wording.LEVELS, place.level), place.name, place.n),
                *(asked.id, asked.number, named(wording.THEMES, asked.theme), asked.text),
                *(row.positive.label, *row.positive.interval, wording.count(row.positive.interval, place.n)),
                *(row.negative.label, *row.negative.interval, wording.count(row.negative.interval, place.n)),
                *((*row.open, wording.left_open(row.open, place.n)) if row.open else ()),
            )


def _places(report: Report) -> Iterator[Cells]:
    release = report.release
    nodes = {node.id: node for node in release.nodes}
    for place in report.places.values():
        node = nodes[place.id]
        yield (
            *(place.id, named(wording.LEVELS, place.level), place.name, node.parent, gettext("Shown")),
            *(place.n, place.invited, node.voided),
            place.n / max(place.invited, place.n) if report.drawn(place) else None,
            wording.answered(place.n, place.invited),
        )
    for how, hidden in (
        (gettext("Too few answers"), release.too_few),
        (gettext("Shown with others"), release.shown_with_others),
    ):
        for one in hidden:
            name = wording.in_language(one.name, report.language)
            yield one.id, named(wording.LEVELS, one.level), name, one.parent, how


_safe = lru_cache(CELLS_KEPT)(harmless)  # most texts stand in many rows


def _write(sheet: Worksheet, row: int, cells: Cells, look: Format | None = None) -> None:
    sheet.write_row(row, 0, [_safe(cell) if isinstance(cell, str) else cell for cell in cells], look)


def _for_paper(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _closed(release: Release) -> date:
    return date.fromisoformat(release.closed)
