"""The worker has the voice read what staff write back, drafts too: so whoever looks at one hears it as it will be."""

import logging
from collections.abc import Iterator

from survey.questionnaire.model import Phrase
from survey.results import told
from survey.results.told import Content
from survey.speech.library import SpeechLibrary
from survey.speech.rendering import SpeechError
from survey.storage.engine import Database

_log = logging.getLogger(__name__)


def written(line: str, language: str) -> Phrase:
    """A line of staff's, which can be heard where it has been spoken or recorded."""
    return Phrase(id="told", text={language: line})


def lines(content: Content) -> Iterator[tuple[Phrase, str]]:
    """All that staff have written, each line with its language."""
    for language in {*content.will, *content.did}:
        for line in content.lines(language):
            yield written(line, language), language


def awaited(speech: SpeechLibrary, content: Content) -> int:
    """How many lines the voice is still to read."""
    return sum(speech.awaits(phrase, language) for phrase, language in lines(content))


class Voice:
    """Reads what nobody has read yet. What it cannot read is logged once, and left till it is begun anew."""

    def __init__(self, database: Database, speech: SpeechLibrary) -> None:
        self._database = database
        self._speech = speech
        self._left: set[tuple[str, str]] = set()

    def work(self) -> None:
        """Read all that waits."""
        with self._database.reading() as connection:
            contents = told.every(connection)
        self._speech.reload()  # somebody may have recorded a line
        said = {(phrase.text[spoken], spoken): (phrase, spoken) for each in contents for phrase, spoken in lines(each)}
        waiting = [said[key] for key in said.keys() - self._left]
        try:
            self._speech.speak(*waiting)
        except SpeechError as error:
            _log.error("What is told back to those who answered could not be spoken: %s", error)
            self._left |= said.keys()
