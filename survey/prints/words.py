"""What is printed says it in one language: phrases of the content files, with gaps filled in."""

import datetime as dt
from collections.abc import Mapping
from typing import TypedDict

from survey.languages import day_in
from survey.questionnaire.model import Phrase
from survey.spreadsheet import worded


class PrintError(Exception):
    """Something cannot be printed; the message names the cure, as `worded` where pages say it in other languages."""


class Said(TypedDict):
    """A text and the concept whose symbol stands beside it, for a template."""

    text: str
    symbol: str | None


class Words:
    """Phrases in one language."""

    def __init__(self, phrases: Mapping[str, Phrase], language: str) -> None:
        self._phrases = phrases
        self.language = language

    def text(self, phrase: Phrase | str, **filled: object) -> str:
        """A phrase's text; `{n}` and its like are filled in.

        Raises: PrintError where it is not written in this language, or has gaps that nothing fills.
        """
        phrase = self._phrases[phrase] if isinstance(phrase, str) else phrase
        if self.language not in phrase.text:
            raise PrintError(
                worded(
                    "`%(text)s` has no text in “%(language)s”. Add it to the content file it is in.",
                    text=phrase.id,
                    language=self.language,
                )
            )
        text = phrase.text[self.language]
        try:
            return text.format(**filled) if filled else text
        except (LookupError, ValueError):
            known = ", ".join(f"{{{name}}}" for name in filled)
            raise PrintError(
                worded(
                    "`%(text)s` can be filled in with %(known)s only. Correct it in “%(language)s”.",
                    text=phrase.id,
                    known=known,
                    language=self.language,
                )
            ) from None

    def said(self, phrase: Phrase | str, **filled: object) -> Said:
        """A phrase's text and its symbol."""
        found = self._phrases[phrase] if isinstance(phrase, str) else phrase
        return {"text": self.text(found, **filled), "symbol": found.symbol}

    def called(self, names: Mapping[str, str]) -> str:
        """A place's name in this language, or in nb."""
        return names.get(self.language, names["nb"])

    def date(self, day: dt.date) -> str:
        """A day, written out on one line: 3. desember 2026."""
        return day_in(self.language, day).replace(" ", "\u00a0")
