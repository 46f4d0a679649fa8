"""A report as PDF/UA-1, by the same press as letters and cards."""

from collections.abc import Callable
from typing import Any

from reports.charts import svg
from reports.committee.looks import OTHERS_VOICE, inks, source
from reports.committee.model import Block, Bullets, Cell, Document, Paragraph, Section, Table
from survey.prints.press import Press, colours

PAGES = 10
LYING = b"/MediaBox[0 0 841"  # how a page of A4 across begins


def as_pdf(report: Document, press: Press, instead: Section | None = None) -> bytes:
    """At most ten pages of A4; where the tables across the page would make it longer, `instead` of them.

    Raises: PrintError where it is longer, naming what to make shorter.
    """
    data = {
        "about": report.about,
        "tags": report.tags,
        "voices": {"residents": colours()["accent"], "others": OTHERS_VOICE},
        "sections": [_section(section) for section in report.sections if not section.wide],
        "across": [_section(section) for section in report.sections if section.wide],
        "instead": _section(instead) if instead else None,
        "most": PAGES,
    }
    return press.run("committee", report.language, report.title, data)


def fitted(written: Callable[[bool], Document], press: Press) -> tuple[Document, bytes]:
    """The report and its PDF: the whole one, or, where that is too long, the one without every service's tables.

    Set once: the press sees whether there is room for them. Raises: PrintError where the one without is too long.
    """
    whole, short = written(True), written(False)
    if not any(section.wide for section in whole.sections):
        return whole, as_pdf(whole, press)
    content = as_pdf(whole, press, short.sections[-1])
    return whole if LYING in content else short, content


def _section(section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "level": section.level,
        "blocks": [_block(block) for block in section.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        told: dict[str, Any] = {"kind": block.kind, "text": block.line.text}
    elif isinstance(block, Bullets):
        told = {"kind": "lead" if block.lead else "bullets", "lines": [line.text for line in block.lines]}
    else:
        told = _table(block)
    return {**told, "source": source(block)}


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": table.caption,
        "heads": table.heads,
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
        "widths": table.widths,
        "voice": table.voice,
        "small": table.small,
    }


def _cell(cell: Cell) -> dict[str, Any]:
    drawn = None
    if cell.chart:
        drawn = {"svg": svg(cell.chart.bars, inks(colours(), cell.chart.voice)), "alt": cell.chart.alternative}
    return {"lines": [line.text for line in cell.lines], "chart": drawn}
