"""What every form of a report shares: its colours, and the line that says where its numbers come from."""

from collections.abc import Mapping

from reports.committee.model import Block, Traced
from reports.wording import gettext

SHORT = 12  # signs of a checksum that stand beside a number; the whole stands once, at the end
VOICES = {"residents": "accent", "others": "others-voice"}  # by the names that style sheets use
OTHERS_VOICE = "#6b2458"  # static/css/staff.css, on light paper


def inks(colours: Mapping[str, str], voice: str) -> dict[str, str]:
    """The colours of a chart, of the house's colours on light paper."""
    own = {**colours, "others-voice": OTHERS_VOICE}
    return {"voice": own[VOICES[voice]], **{name: own[name] for name in ("ink", "quiet", "line", "card")}}


def source(block: Block) -> str:
    """Which release, places and questions the numbers of a block are; empty where it has none."""
    read: dict[str, list[Traced]] = {}
    for line in block.lines:
        for one in line.traced:
            read.setdefault(one.release, []).append(one)
    return " ".join(map(_source, read.values()))


def _source(read: list[Traced]) -> str:
    places = dict.fromkeys(place for one in read for place in one.places)
    questions = dict.fromkeys(one.question for one in read if one.question)
    if questions:
        what = gettext("questions: %(ids)s", ids=", ".join(questions))
    else:
        what = gettext("how many answered") if any(one.what for one in read) else gettext("all questions")
    return gettext(
        "Source: release %(release)s; places: %(places)s; %(what)s.",
        release=read[0].release[:SHORT],
        places=", ".join(places),
        what=what,
    )
