"""The documents of a package, to be read in any browser and filled in in any word processor.

All are in bokmål, nynorsk and English; the questions in the languages in which they are asked.
Whatever staff have typed is set as text.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import product
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from survey.archive.facts import Facts
from survey.archive.words import IN
from survey.languages import day_in
from survey.questionnaire.model import Questionnaire

README, QUESTIONS = "les-meg", "sporsmal"
DOCUMENTS = ("plan", "sletteprotokoll", "personvernkonsekvenser", "databehandleravtale")
_RELEASED = ("released", "destroyed")
# Where the keys were lost, a round ends with these alone.
_WITHOUT_RELEASE = ("stop_taking", "destroy_rows", "destroy_traces", "destroy_files")


def written(facts: Facts, beside: Sequence[str], missing: Sequence[str]) -> dict[str, bytes]:
    """Every document by its name; `beside` are the other files, `missing` those that are in no such language."""
    about = {language: _about(facts, language) for language in IN}
    files = {_named(name, language): _page(name, **about[language]) for name, language in product(DOCUMENTS, IN)}
    for language in facts.planned.questionnaire.languages:
        around = about.get(language, about["nb"])  # a municipality's own language
        files[f"sporsmal/{QUESTIONS}-{language}.html"] = _page(QUESTIONS, language=language, **around)
    readme = {language: _named(README, language) for language in IN}
    names = sorted([*beside, *files, *readme.values()])
    return files | {
        readme[language]: _page(
            README, names=[name for name in names if name != readme[language]], missing=missing, **its
        )
        for language, its in about.items()
    }


def _named(name: str, language: str) -> str:
    return f"{name}.html" if language == "nb" else f"{name}-{language}.html"


def _about(facts: Facts, language: str) -> dict[str, Any]:
    """What every document in a language is told."""
    return {
        "facts": facts,
        "planned": facts.planned,
        "words": IN[language],
        "day": partial(day, language),
        "moment": partial(moment, language),
        "released": facts.planned.state in _RELEASED,
        "steps": list(steps(facts, language)),
        "undated": not (facts.planned.opens and facts.planned.closes),
        "asked_by_mail": facts.planned.audience != "resident",
        "own_words": free_text(facts.planned.questionnaire),
    }


def day(language: str, date: dt.date | None) -> str:
    """3. desember 2026."""
    return day_in(language, date) if date else str(IN[language].UNDECIDED)


def moment(language: str, at: dt.datetime) -> str:
    """3. desember 2026 kl. 14.05 UTC."""
    return str(IN[language].CLOCK.format(day(language, at.date()), at))


def free_text(questionnaire: Questionnaire) -> bool:
    """Whether people may write in their own words."""
    return any(question.scale is None for question in questionnaire.questions)


def steps(facts: Facts, language: str) -> Iterator[tuple[str, str]]:
    """Each step of closing and whether it is done; in a closing that has not ended, only what the database shows."""
    state, has_release, words = facts.planned.state, facts.release is not None, IN[language]
    if state == "closing":
        done = ("stop_taking", "make_release")[: 1 + has_release]
    elif state in _RELEASED:
        done = tuple(words.CLOSING) if has_release else _WITHOUT_RELEASE
    else:
        done = ()
    undone = words.NOT_CONFIRMED if state == "closing" else words.NOT_DONE
    yield from ((text, words.DONE if step in done else undone) for step, text in words.CLOSING.items())
    yield words.CONFIRMED, words.DONE if state == "destroyed" else words.NOT_DONE


def _page(name: str, **content: Any) -> bytes:
    return _pages().get_template(f"archive/{content['words'].CODE}/{name}.html").render(content).encode()


@cache
def _pages() -> Environment:
    return Environment(
        loader=PackageLoader("survey.archive"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
