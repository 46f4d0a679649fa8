"""A release whose every text would be a formula, for the tests of files that open in a spreadsheet."""

import re
from dataclasses import replace

from reports.release import Release
from tests.bergen import shared_homes

FORMULAS = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\tA", " =1", "＝1", "\xa0=1", '"=1'),
    *('=HYPERLINK("http://example.org";"A")', "=cmd|' /C calc'!A0", "\u200b=1"),
)


def runs(cell: str) -> bool:
    """Whether a program could take this, or a part of it where it parts cells there, for a formula."""
    parts = re.split(r'[,;|\t\r\n"]', cell)
    seen = (re.sub(r"^[\s\x00-\x1f\u200b-\u200f\ufeff]+", "", part) for part in parts)
    return cell.startswith(("\t", "\r", "\n")) or any(part.startswith(("=", "+", "-", "@", "＝")) for part in seen)


def hostile(start: str) -> Release:
    """A few shared homes whose names, title, questions and answers begin so."""
    release, text = shared_homes(), f"{start} & <b>"
    names = {"nb": text}
    return replace(
        release,
        title=text,
        questions={
            id_: replace(question, text=names, labels={"positive": names, "negative": names})
            for id_, question in release.questions.items()
        },
        nodes=tuple(replace(node, name=names) for node in release.nodes[:3]),
        too_few=tuple(replace(node, name=names) for node in release.too_few),
        shown_with_others=tuple(replace(node, name=names) for node in release.shown_with_others),
    )
