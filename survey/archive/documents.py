"""The documents of a package, in bokmål, to be read in any browser and filled in in any word processor.

Whatever staff have typed is set as text.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cache

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined

from survey.archive import words
from survey.archive.facts import Facts
from survey.questionnaire.model import Questionnaire

_RELEASED = ("released", "destroyed")


def written(facts: Facts, beside: Sequence[str], missing: Sequence[str]) -> dict[str, bytes]:
    """Every document by its name; `beside` are the other files, `missing` what could not be made and why."""
    about = {"facts": facts, "planned": facts.planned, "words": words, "day": day, "moment": moment}
    about |= {"released": facts.planned.state in _RELEASED, "steps": list(steps(facts))}
    about |= {
        "asked_by_mail": facts.planned.audience != "resident",
        "own_words": free_text(facts.planned.questionnaire),
    }
    files = {
        f"{name}.html": _page(f"{name}.html", **about)
        for name in ("plan", "sletteprotokoll", "personvernkonsekvenser", "databehandleravtale")
    }
    for language in facts.planned.questionnaire.languages:
        files[f"sporsmal/sporsmal-{language}.html"] = _page("sporsmal.html", language=language, **about)
    names = sorted([*beside, *files])
    return {**files, "les-meg.html": _page("les-meg.html", names=names, missing=missing, **about)}


def day(date: dt.date | None) -> str:
    """3. desember 2026."""
    return format_date(date, "long", locale="nb") if date else "ikke bestemt"


def moment(at: dt.datetime) -> str:
    """3. desember 2026 kl. 14.05 UTC."""
    return f"{day(at.date())} kl. {at:%H.%M} UTC"


def free_text(questionnaire: Questionnaire) -> bool:
    """Whether people may write in their own words."""
    return any(question.scale is None for question in questionnaire.questions)


def steps(facts: Facts) -> Iterator[tuple[str, str]]:
    """Each step of closing and whether it is done; in a closing that has not ended, only what the database shows."""
    state, has_release = facts.planned.state, facts.release is not None
    if state == "closing":
        done = ("stop_taking", "make_release")[: 1 + has_release]
    elif state in _RELEASED:
        done = tuple(words.CLOSING) if has_release else words.WITHOUT_RELEASE
    else:
        done = ()
    undone = "ikke bekreftet utført" if state == "closing" else "ikke utført"
    yield from ((text, "utført" if step in done else undone) for step, text in words.CLOSING.items())
    yield words.CONFIRMED, "utført" if state == "destroyed" else "ikke utført"


def _page(template: str, **content: object) -> bytes:
    return _pages().get_template(f"archive/nb/{template}").render(content).encode()


@cache
def _pages() -> Environment:
    return Environment(
        loader=PackageLoader("survey.archive"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
