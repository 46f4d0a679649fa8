"""The pages a respondent meets, as HTML. The questionnaire's page is rendered once for each place and language."""

import hashlib
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from flask import render_template
from markupsafe import Markup, escape

from survey.access.pictures import PICTURES
from survey.answering.asked import Asked
from survey.answering.packing import Packed
from survey.answering.packs import Packs
from survey.answering.sheets import Sheets
from survey.answering.words import Words
from survey.languages import RIGHT_TO_LEFT
from survey.questionnaire.loading import spoken_by
from survey.questionnaire.model import COMMENT_SIGNS, LADDERS, NON_ANSWERS, SUPPORT, Option, Phrase, Question
from survey.register.contacts import READ_IN, Contact
from survey.register.pictures import Pictures
from survey.signs import Signs
from survey.speech.library import SpeechLibrary
from survey.watching import Stamp, Watch

PREPARED = 1024  # pages kept ready: places times languages; a page takes about 60 kB
LADDER = 3  # how many answers there are to choose from until somebody asks for another number
OWN = ("code", "submission", "manner", "key", "wrapped", "unfinished")  # what differs from person to person
_PERSONAL = Markup("<!-- from here on the page is one person's own -->")

SAMPLES = frozenset({"face_good", "circle_full", "circle_half", "circle_empty"})  # what look.html shows a look by

CodeProblem = Literal["code_missing", "code_mistyped", "code_not_valid", "form_broken"]


@dataclass(frozen=True)
class Kept:
    """A questionnaire that came back: what was answered, and what must be put right (field -> phrase)."""

    given: Mapping[str, str]
    errors: Mapping[str, str]
    empty: bool = False  # nothing was answered: it is asked whether that is meant


@dataclass(frozen=True)
class Place:
    """What the questions are about: its name, in the page's language or another, and whom one can talk to."""

    id: str
    name: str
    language: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True)
class Prepared:
    """A questionnaire's page, ready but for whose it is."""

    head: Packed
    tail: str

    def tail_for(self, own: Mapping[str, str]) -> bytes:
        """The end of one person's page; `own`: a value without braces for each of OWN."""
        tail = self.tail
        for name in OWN:
            tail = tail.replace(f"{{{name}}}", escape(own[name]))
        return tail.encode()


@dataclass
class Pages:
    """Renders; knows neither codes nor answers but those it is given."""

    phrases: Mapping[str, Phrase]
    speech: SpeechLibrary
    sheets: Sheets
    packs: Packs
    pictures: Pictures
    signs: Signs
    watch: Watch  # over the folders of sounds, pictures and videos
    languages: tuple[str, ...] = field(init=False)
    _own_symbols: frozenset[str] = field(init=False)
    _read: Stamp = field(init=False)  # what these were like when they were read

    def __post_init__(self) -> None:
        self.languages = spoken_by(self.phrases)
        self._own_symbols = SAMPLES.union(phrase.symbol for phrase in self.phrases.values() if phrase.symbol)
        self.sheets.address(self._own_symbols)  # every process can serve it, and a broken picture is told at start
        self._read = self.watch.stamp()
        self._prepared = lru_cache(PREPARED)(self._prepare)
        self._empty = lru_cache(PREPARED)(lambda language, _stamp: Packed(self.code(language).encode()))

    def prepared(self, asked: Asked, at: Place, language: str) -> Prepared:
        """A questionnaire's page, ready but for whose it is."""
        return self._prepared(asked, at, language, self.follow())

    def empty_code(self, language: str) -> Packed:
        """Where a code is written, the same for everybody."""
        return self._empty(language, self.follow())

    def code(self, language: str, *, problem: CodeProblem | None = None, typed: str = "", manner: str = "") -> str:
        """Where a code is written, with what was written wrongly."""
        signed = len(self.signs) > 0
        return self._page("code", language, problem=problem, typed=typed, manner=manner, signed=signed)

    def outcome(self, language: str, outcome: str, audience: str = "", manner: str = "") -> str:
        """What became of a Send, for those without JavaScript, or that the round is over, told at the start.

        `audience` where it is known who sent.
        """
        return self._page("outcome", language, outcome=outcome, audience=audience, manner=manner)

    def trouble(self, language: str, title: str, address: str, kept: Mapping[str, list[str]]) -> str:
        """Something went wrong; `title` is a phrase. `kept` fields are sent to `address` again by one press."""
        return self._page("trouble", language, trouble=title, again=address, kept=kept)

    def about(self, language: str) -> str:
        """What Medvirk is, and who made its pictures, letters and voices."""
        return self._page("about", language, credits=self.sheets.credits())

    def talked(self, language: str, status: str) -> str:
        """What became of asking to talk to somebody, for those without JavaScript."""
        return self._page("talked", language, status=status)

    def again(self, asked: Asked, at: Place, language: str, kept: Kept) -> str:
        """A questionnaire's page with all that was answered."""
        return self._questionnaire(asked, at, language, kept, Markup())

    def asking(self, asked: Asked, language: str) -> dict[str, object]:
        """What a template of another room needs to ask a questionnaire's questions in its exact words and symbols."""
        self.follow()
        return self._words_of(asked, Words(self.phrases, self.speech, self.signs, language))

    def queue(self, language: str) -> str:
        """Where the next person of a survey day finds their picture."""
        words = Words(self.phrases, self.speech, self.signs, language)
        sheet = self.sheets.address(self._own_symbols | set(PICTURES))
        return render_template(
            "answering/queue.html",
            languages=self.languages,
            pictures=[(picture, *self.sheets.name(picture, language)) for picture in PICTURES],
            named=self._named,
            **_said(words, sheet),
        )

    def offline(self, language: str) -> str:
        """What a tablet shows while it has no network."""
        return self._page("offline", language, pack=self._offline_pack(language))

    def worker(self) -> str:
        """The script that keeps the offline page, in each language, and what it is made of."""
        shown = "".join(self.offline(language) for language in self.languages)
        version = hashlib.sha256(shown.encode()).hexdigest()[:16]
        packs = filter(None, map(self._offline_pack, self.languages))
        sheet = self.sheets.address(self._own_symbols)
        return render_template("answering/sw.js", languages=self.languages, sheet=sheet, packs=packs, version=version)

    def manifest(self, language: str) -> str:
        """What a tablet needs to know to have Medvirk on its screen (JSON)."""
        words = Words(self.phrases, self.speech, self.signs, language)
        return render_template("answering/manifest.webmanifest", language=language, say=words.text)

    def _on_a_questionnaire(self) -> list[Phrase]:
        return [phrase for id_, phrase in self.phrases.items() if not id_.startswith(("queue_", "results_"))]

    def _offline_pack(self, language: str) -> str | None:
        return self.packs.address([phrase for id_, phrase in self.phrases.items() if "offline" in id_], language)

    def sheet_of(self, asked: Asked) -> str:
        """The address of the symbols on a questionnaire's page."""
        symbols = {phrase.symbol for phrase in asked.questionnaire.phrases() if phrase.symbol}
        return self.sheets.address(self._own_symbols | symbols | {asked.service_kind})

    def follow(self) -> Stamp:
        """Read sounds, pictures and videos again where somebody has changed them; another value after any change."""
        stamp = self.watch.stamp()
        if stamp != self._read:
            self.speech.reload()
            self.sheets.reload()
            self.signs.reload()
            self._read = stamp
        return stamp

    def _prepare(self, asked: Asked, at: Place, language: str, _stamp: Stamp) -> Prepared:
        blank = Kept({name: f"{{{name}}}" for name in OWN} | {"ladder": str(LADDER)}, {})
        head, tail = self._questionnaire(asked, at, language, blank, _PERSONAL).split(_PERSONAL)
        return Prepared(Packed(head.encode()), tail)

    def _questionnaire(self, asked: Asked, at: Place, language: str, kept: Kept, personal: Markup) -> str:
        words = Words(self.phrases, self.speech, self.signs, language)
        return render_template(
            "answering/questionnaire.html",
            place=at.name,
            place_language=at.language,
            named=self._named,
            contact_language=READ_IN,
            picture=self.pictures.of(at.id),
            contacts=at.contacts,
            kept=kept,
            personal=personal,
            languages=asked.questionnaire.languages,
            pack=self.packs.address([*self._on_a_questionnaire(), *asked.questionnaire.phrases()], language),
            borrowed=words.borrows_voice(asked.questionnaire.phrases()),
            signed=len(self.signs) > 0,
            **self._words_of(asked, words),
        )

    def _words_of(self, asked: Asked, words: Words) -> dict[str, object]:
        return {
            "asked": asked,
            "questions": [_shown(question) for question in asked.questionnaire.questions],
            "non_answers": NON_ANSWERS,
            "supports": SUPPORT,
            "ladders": LADDERS,
            "comment_signs": COMMENT_SIGNS,
            **_said(words, self.sheet_of(asked)),
        }

    def _named(self, name: str, language: str) -> dict[str, str | None]:
        """The sound and the film of a name, which is no phrase of the page's."""
        sound = self.speech.sound_for(Phrase(id="name", text={language: name}), language)
        return {"sound": sound.name if sound else None, "film": self.signs.of(language, name)}

    def _page(self, name: str, language: str, **context: object) -> str:
        return self.page(f"answering/{name}.html", language, frozenset(), **context)

    def page(self, template: str, language: str, symbols: Set[str], **context: object) -> str:
        """A page that looks and can be heard as all of these, with its own symbols besides."""
        self.follow()
        words = Words(self.phrases, self.speech, self.signs, language)
        said = _said(words, self.sheets.address(self._own_symbols | symbols))
        return render_template(template, languages=self.languages, named=self._named, **said, **context)

    def phrases_of(self, page: str) -> list[Phrase]:
        """The page's own phrases whose ids begin so."""
        return [phrase for id_, phrase in self.phrases.items() if id_.startswith(page)]


def _said(words: Words, sheet: str) -> dict[str, object]:
    return {
        "words": words,
        "say": words.text,
        "sound": words.sound,
        "times": words.times,
        "sign": words.sign,
        "language": words.language,
        "rtl": words.language in RIGHT_TO_LEFT,
        "sheet": sheet,
    }


def _shown(question: Question) -> tuple[Question, list[tuple[Option, str]]]:
    """A question, and its options each with the ladders that offer it."""
    if question.scale is None:
        return question, []
    offered = {ladder: question.scale.options_for(ladder) for ladder in LADDERS}
    options = question.scale.options
    return question, [
        (option, " ".join(str(ladder) for ladder in LADDERS if option in offered[ladder])) for option in options
    ]
