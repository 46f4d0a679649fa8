"""Excel workbooks, read with the standard library as Excel would: what each cell holds, and of what kind it is."""

import re
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Cell = str | float


def sheets(content: bytes) -> dict[str, list[dict[str, Cell]]]:
    """Sheet -> its rows, each as column letters -> text or number. Any other kind of cell is a failure."""
    with ZipFile(BytesIO(content)) as parts:
        names = [
            sheet.attrib["name"] for sheet in ElementTree.fromstring(parts.read("xl/workbook.xml")).iter(MAIN + "sheet")
        ]
        return {
            name: [dict(_cells(row)) for row in _sheet(parts, number).iter(f"{MAIN}row")]
            for number, name in enumerate(names, 1)
        }


def table(rows: list[dict[str, Cell]]) -> list[dict[str, Cell]]:
    """The rows below the first, by the headings there."""
    headings, *lines = rows
    return [{str(headings[column]): cell for column, cell in line.items()} for line in lines]


def kinds(content: bytes) -> set[str]:
    """The names of all elements of the sheets, and of the file's parts."""
    with ZipFile(BytesIO(content)) as parts:
        within = {
            element.tag.removeprefix(MAIN)
            for name in parts.namelist()
            if name.startswith("xl/worksheets/")
            for element in ElementTree.fromstring(parts.read(name)).iter()
        }
        return within | set(parts.namelist())


def _sheet(parts: ZipFile, number: int) -> ElementTree.Element:
    return ElementTree.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml"))


def _cells(row: ElementTree.Element) -> Iterator[tuple[str, Cell]]:
    for cell in row:
        column = cell.attrib["r"].rstrip("0123456789")
        if cell.get("t") == "inlineStr":
            text = "".join(cell.itertext())
            yield column, re.sub("_x([0-9A-F]{4})_", lambda sign: chr(int(sign[1], 16)), text)
        elif len(cell):
            assert [part.tag for part in cell] == [f"{MAIN}v"]
            assert "t" not in cell.attrib
            yield column, float(cell[0].text or "")
