"""A report as PDF/UA-1, by the same press as letters and cards."""

from collections.abc import Callable
from typing import Any

from reports.charts import svg
from reports.committee.looks import OTHERS_VOICE, inks, source
from reports.committee.model import Block, Bullets, Cell, Document, Paragraph, Table
from survey.prints.press import Press, colours
from survey.prints.words import PrintError

PAGES = 10


def as_pdf(report: Document, press: Press) -> bytes:
    """At most ten pages of A4.

    Raises: PrintError where it is longer, naming what to make shorter.
    """
    data = {
        "about": report.about,
        "tags": report.tags,
        "voices": {"residents": colours()["accent"], "others": OTHERS_VOICE},
        "sections": [
            {
                "heading": section.heading,
                "level": section.level,
                "wide": section.wide,
                "blocks": [_block(block) for block in section.blocks],
            }
            for section in report.sections
        ],
        "most": PAGES,
    }
    return press.run("committee", report.language, report.title, data)


def fitted(written: Callable[[bool], Document], press: Press) -> tuple[Document, bytes]:
    """The report and its PDF: the whole one, or, where that is too long, the one without every service's tables.

    Raises: PrintError where that is too long as well.
    """
    report = written(True)
    try:
        return report, as_pdf(report, press)
    except PrintError:
        report = written(False)
        return report, as_pdf(report, press)


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
