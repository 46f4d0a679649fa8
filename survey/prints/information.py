"""The information letter to whoever leads a place: what comes, that everybody may say no, how to help."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.prints.press import Press
from survey.prints.sender import Sender
from survey.prints.words import Words

PARTS = ("leader_what", "leader_who", "leader_card", "leader_no", "leader_help", "leader_quiet", "leader_next")


@dataclass(frozen=True, kw_only=True)
class Announced:
    """A survey at one place (language -> name): who asks, its first and last day, and the day somebody comes."""

    place: Mapping[str, str]
    sender: Sender
    begins: dt.date
    ends: dt.date
    visit: dt.date | None = None


def information(press: Press, places: Sequence[Announced], language: str) -> bytes:
    """A PDF with a letter for each place, of at most two pages, easy to read, with symbols.

    Raises: PrintError, SymbolError.
    """
    words = press.words(language)
    letters = [_letter(words, announced) for announced in places]
    return press.run("information", language, words.text("leader_title"), {"letters": letters})


def _letter(words: Words, announced: Announced) -> dict[str, Any]:
    filled = {"place": words.called(announced.place), "asks": announced.sender.named(words)}
    days = {"leader_begins": announced.begins, "leader_visit": announced.visit, "leader_ends": announced.ends}
    return {
        "from": filled["asks"],
        "to": words.text("leader_to", **filled),
        "parts": [{"title": words.said(part), "lines": [words.text(f"{part}_text", **filled)]} for part in PARTS],
        "contact": {"title": words.said("contact_title"), "lines": announced.sender.reached(words)},
        "dates": {
            "title": words.said("leader_dates"),
            "days": [{"what": words.text(what), "when": words.date(day)} for what, day in days.items() if day],
        },
    }
