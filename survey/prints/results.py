"""The sheet that is handed to those who answered: what they said, what will be done, what was done."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey.prints import qr
from survey.prints.press import Press
from survey.questionnaire.model import Phrase

WORDS = ("results_many", "results_some", "results_few")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A place's page at `path` of this installation, on paper. `kind` is the concept of what the place is.

    `said`: question, one of WORDS, and the answer that so many gave. A `draft` says that nobody has approved it.
    """

    place: str
    survey: str
    kind: str
    number: int
    said: Sequence[tuple[Phrase, str, Phrase]]
    will: Sequence[str]
    did: Sequence[str]
    path: str
    simulated: bool
    draft: bool


def results(press: Press, sheet: Sheet, language: str) -> bytes:
    """A PDF of one page, or two where much is told.

    Raises: PrintError, SymbolError.
    """
    words = press.words(language)
    facts = [
        {"question": words.said(question), "word": words.said(word), "answer": words.said(answer)}
        for question, word, answer in sheet.said
    ]
    met = {word for _, word, _ in sheet.said}
    meaning = " ".join(words.text(f"{word}_is") for word in WORDS if word in met)
    data = {
        "survey": sheet.survey,
        "place": {"text": sheet.place, "symbol": sheet.kind},
        "number": words.text("results_number", n=sheet.number),
        "notes": [
            *([words.text("sheet_draft")] if sheet.draft else ()),
            *([words.text("simulated")] if sheet.simulated else ()),
        ],
        "listen": words.text("sheet_listen"),
        "list": f"{press.typed}/results/",
        "qr": {"svg": qr.drawn(press.address + sheet.path), "alt": words.text("sheet_picture")},
        "said": {"title": words.said("results_said"), "meaning": meaning, "facts": facts},
        "parts": [
            {"title": words.said(part), "lines": lines}
            for part, lines in (("results_will", sheet.will), ("results_did", sheet.did))
            if lines
        ],
        "thanks": words.said("results_thanks"),
    }
    return press.run("results", language, f"{words.text('results_said')} – {sheet.place}", data)
