"""A report as a Word document, with headings, header rows and alternative texts that screen readers find."""

import io
import re
from datetime import datetime
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph
from PIL import Image, ImageDraw

from reports.charts import GAP, HEIGHT, INK, WIDTH
from reports.committee.looks import inks, source
from reports.committee.model import Bullets, Cell, Chart, Document, Paragraph, Section, Table
from survey.prints.press import colours

LETTERS = "Calibri"  # which Word and LibreOffice have, or have one of the same measure for
LOCALES = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
SIZES = {"Normal": 10.5, "Title": 24, "Heading 1": 16, "Heading 2": 12.5, "List Bullet": 10.5}
PAPER, MARGIN = (Mm(210), Mm(297)), Mm(20)
SCALE, EDGE, DOT, STEP = 3, 4, 4, 21  # of a chart's picture, in its own dots: a unit, a line, a dot, and between two


def as_docx(report: Document, made: datetime) -> bytes:
    """The whole report; `made` is the time that the file says it was made."""
    word = docx.Document()
    _styles(word, LOCALES[report.language])
    _properties(word, report, made)
    word.add_heading(_said(report.title), 0)
    for line in (*report.about, *report.tags):
        _coloured(word.add_paragraph(_said(line)), "quiet")
    for section in report.sections:
        _turn(word, wide=section.wide)
        _section(word, section)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _styles(word: WordDocument, locale: str) -> None:
    for name, size in SIZES.items():
        style: Any = word.styles[name]
        style.font.name, style.font.size = LETTERS, Pt(size)
        style.font.color.rgb = _rgb(colours()["ink"])
        for said in (style.element.rPr.rFonts, style.element.rPr.find(qn("w:color"))):
            for theme in [kind for kind in said.attrib if "theme" in kind.lower()]:
                del said.attrib[theme]  # else the theme's letters and colours win over these
    word.styles["Normal"].paragraph_format.space_after = Pt(6)
    language = word.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    language.set(qn("w:val"), locale)


def _properties(word: WordDocument, report: Document, made: datetime) -> None:
    about = word.core_properties
    about.title, about.language = _said(report.title), LOCALES[report.language]
    about.author, about.comments = "Medvirk", ""
    about.created = about.modified = made
    page = word.sections[0]
    page.page_width, page.page_height = PAPER
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGIN
    foot = page.footer.paragraphs[0]
    foot.add_run(f"{_said(report.title)} – ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    foot._p.append(field)


def _turn(word: WordDocument, wide: bool) -> None:
    """Begin a page across, or upright again after one."""
    if wide or word.sections[-1].orientation is WD_ORIENT.LANDSCAPE:
        page = word.add_section(WD_SECTION.NEW_PAGE)
        page.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        page.page_width, page.page_height = PAPER[::-1] if wide else PAPER


def _section(word: WordDocument, section: Section) -> None:
    word.add_heading(_said(section.heading), section.level)
    for block in section.blocks:
        if isinstance(block, Paragraph):
            written = word.add_paragraph(_said(block.line.text))
            if block.kind == "quiet":
                _coloured(written, "quiet", 9)
        elif isinstance(block, Bullets):
            for line in block.lines:
                word.add_paragraph(_said(line.text), style="Normal" if block.lead else "List Bullet")
        else:
            _table(word, block)
        if told := source(block):
            _coloured(word.add_paragraph(_said(told)), "quiet", 7)


def _table(word: WordDocument, table: Table) -> None:
    page = word.sections[-1]
    assert page.page_width
    room = page.page_width - 2 * MARGIN
    grid = word.add_table(0, len(table.heads))
    _lined(grid, table.caption)
    size = 8 if table.small else 9.5
    for number, cells in enumerate((tuple(Cell() for _ in table.heads), *table.rows)):
        row = grid.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for width, head, cell, found in zip(table.widths, table.heads, cells, row.cells, strict=True):
            found.width = room * width // sum(table.widths)
            if number == 0:
                found.paragraphs[0].add_run(_said(head)).bold = True
            else:
                _fill(found, cell, found.width)
            for written in found.paragraphs:
                written.paragraph_format.space_after = Pt(0)
                for run in written.runs:
                    run.font.size = Pt(size)


def _fill(found: _Cell, cell: Cell, width: int) -> None:
    written = found.paragraphs[0]
    if cell.chart:
        picture = written.add_run().add_picture(_picture(cell.chart), width=width - Mm(4))
        picture._inline.docPr.set("descr", _said(cell.chart.alternative))
    for number, line in enumerate(cell.lines):
        (written if number == 0 and not cell.chart else found.add_paragraph()).add_run(_said(line.text))


def _lined(grid: WordTable, caption: str) -> None:
    """Lines between rows and nothing else; and what the table is about, for those who do not see it."""
    properties = grid._tbl.tblPr
    for name, value in (("w:tblBorders", None), ("w:tblCaption", caption)):
        element = OxmlElement(name)
        if value is None:
            for side in ("w:bottom", "w:insideH"):
                line = OxmlElement(side)
                for key, said in (("val", "single"), ("sz", "4"), ("color", colours()["soft-line"][1:])):
                    line.set(qn(f"w:{key}"), said)
                element.append(line)
        else:
            element.set(qn("w:val"), _said(value))
        properties.append(element)


def _coloured(written: WordParagraph, colour: str, size: float | None = None) -> None:
    for run in written.runs:
        run.font.color.rgb = _rgb(colours()[colour])
        if size:
            run.font.size = Pt(size)


def _said(text: str) -> str:
    """The text without signs that no XML may hold."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string((colour if len(colour) == 7 else "#" + "".join(2 * sign for sign in colour[1:]))[1:])


def _picture(chart: Chart) -> io.BytesIO:
    """The same bars as on paper: ink where it is certain, hatched where it may be more, dots on the bad end."""
    ink = inks(colours(), chart.voice)
    tall = len(chart.bars) * (HEIGHT + GAP) - GAP
    picture = Image.new("RGB", (SCALE * WIDTH + EDGE, SCALE * tall + EDGE), "white")
    pen = ImageDraw.Draw(picture)
    for number, (kind, one) in enumerate(chart.bars):
        top, colour = SCALE * number * (HEIGHT + GAP), ink[INK[kind]]
        certain, perhaps = (round(SCALE * WIDTH * part / 100) for part in (one.certain, one.perhaps))
        if perhaps:
            picture.paste(_hatched(perhaps, colour, kind), (certain, top))
        if certain:
            pen.rectangle((0, top, certain, top + SCALE * HEIGHT), fill=colour)
        if kind == "negative":
            for left in range(STEP // 2, certain - DOT, STEP):
                for high in range(top + STEP // 2, top + SCALE * HEIGHT - DOT, STEP):
                    pen.ellipse((left - DOT, high - DOT, left + DOT, high + DOT), fill="white")
        pen.rectangle((0, top, SCALE * WIDTH, top + SCALE * HEIGHT), outline=ink["line"], width=EDGE)
    file = io.BytesIO()
    picture.quantize(16).save(file, "PNG")
    file.seek(0)
    return file


def _hatched(width: int, colour: str, kind: str) -> Image.Image:
    tall = SCALE * HEIGHT
    tile = Image.new("RGB", (width, tall), "white")
    pen = ImageDraw.Draw(tile)
    for left in range(-tall, width + tall, STEP):
        ends = (left, left + tall) if kind == "negative" else (left + tall, left)
        pen.line((ends[0], 0, ends[1], tall), fill=colour, width=2 * EDGE)
    return tile
