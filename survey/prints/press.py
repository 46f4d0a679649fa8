"""The press: a template and data become one PDF/UA-1, the same bytes on every machine.

Data reaches a template as JSON and is set as text, so nothing in it can be taken for markup. A template sees no file
but its neighbours, no letters but ours and those that come with typst, and no clock. Each document is set by a
process of its own, `survey.prints.typesetter`.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from survey.prints.words import PrintError, Words
from survey.questionnaire.model import Phrase
from survey.spreadsheet import Worded, worded
from survey.symbols import Catalogue

TYPESETTER = (sys.executable, "-m", "survey.prints.typesetter")
SECONDS = 600  # six hundred letters take five; a slow, busy machine gets a lot more
TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"

_UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_TOO_LONG = re.compile(r"assertion failed: “(.+)” is too long", re.DOTALL)  # as press.typ says it
_TOO_MANY = re.compile(r"assertion failed: more than (\d+) pages")  # as committee.typ says it


@dataclass(frozen=True)
class Press:
    """What all prints of an installation share.

    `phrases` are those of `page.yaml` and of `prints.yaml`, `address` is where the installation answers.
    """

    catalogue: Catalogue
    phrases: Mapping[str, Phrase]
    address: str

    @property
    def typed(self) -> str:
        """The address as people type it."""
        return re.sub(r"^https?://", "", self.address)

    def words(self, language: str) -> Words:
        """What is printed in one language."""
        return Words(self.phrases, language)

    def run(self, template: str, language: str, title: str, data: Mapping[str, Any]) -> bytes:
        """The PDF that a template makes of this data; a value under the key `symbol` is a concept of the catalogue.

        Raises: PrintError where something does not fit or cannot be shown; SymbolError.
        """
        concepts = sorted(set(_concepts(data)))
        shared = {
            "title": title,
            "language": language,
            "typed": self.typed,
            "colours": colours(),
            "symbols": {concept: self._symbol(concept, language) for concept in concepts},
            "credits": self._credits(concepts),
        }
        return _set(template, json.dumps({**data, **shared}))

    def _symbol(self, concept: str, language: str) -> dict[str, str]:
        return {"svg": self.catalogue.svg(concept), "alt": self.catalogue.alternative(concept, language)}

    def _credits(self, concepts: Iterable[str]) -> str:
        """Who made these pictures, and their licences."""
        used = (credit for credit in self.catalogue.credits() if not set(concepts).isdisjoint(credit.concepts))
        return " – ".join(" ".join(filter(None, (credit.credit, credit.licence))) for credit in used)


@cache
def colours() -> dict[str, str]:
    """The house's colours on light paper, by the names that style sheets use."""
    light = TOKENS.read_text(encoding="utf-8").partition('[data-theme="light"]')[2].partition("}")[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", light))


def _concepts(data: Any) -> Iterator[str]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key == "symbol" and value is not None:
                yield value
            else:
                yield from _concepts(value)
    elif isinstance(data, list | tuple):
        for item in data:
            yield from _concepts(item)


def _set(template: str, data: str) -> bytes:
    asked = f"{template}\n{data}".encode()
    try:
        done = subprocess.run(TYPESETTER, input=asked, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 our own module
    except subprocess.TimeoutExpired:
        raise PrintError(
            worded("The print took longer than %(seconds)s seconds. Print fewer at a time.", seconds=SECONDS)
        ) from None
    if done.returncode == 0:
        return done.stdout
    message = done.stderr.decode(errors="replace").strip()
    if cure := _cure(message):
        raise PrintError(cure)
    raise RuntimeError(message)


def _cure(message: str) -> Worded | None:
    """What somebody at the press can do; None: the error is ours."""
    if unshown := _UNSHOWN.search(message):
        return worded("There are no letters to print “%(text)s” with. Write it with others.", text=unshown[1])
    if too_long := _TOO_LONG.match(message):
        return worded("“%(text)s” is too long for where it is printed. Make it shorter.", text=too_long[1])
    if too_many := _TOO_MANY.match(message):
        return worded(
            "The report is longer than %(pages)s pages. Take out a round, or shorten the introduction and the "
            "conclusion.",
            pages=too_many[1],
        )
    return None
