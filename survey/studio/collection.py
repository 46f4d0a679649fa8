"""Every text that can be heard, where it stands, and what is heard of it today."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, bindparam, select

from survey.kept import Unchanging
from survey.questionnaire.loading import restore
from survey.questionnaire.local import local_questions
from survey.questionnaire.model import Phrase, Questionnaire
from survey.register.contacts import READ_IN, Contact
from survey.register.tree import Place
from survey.speech.library import Sound, SpeechLibrary
from survey.storage.tables import Round

PAGE = "page"  # the collection of what the respondent's page says by itself
PLACES, CONTACTS = NAMES = ("places", "contacts")  # names of units; names and roles of whom one can talk to
ROUND = "round-"  # before a round's id: its own questions
STATES = ("recorded", "outdated", "synthetic", "borrowed", "missing")

State = Literal["recorded", "outdated", "synthetic", "borrowed", "missing"]


_ASKING = (
    select(Round.id, Round.title, Round.questionnaire)
    .where(
        Round.state.in_(("planned", "open")),
        Round.municipality.in_(bindparam("municipalities", expanding=True)),
    )
    .order_by(Round.title, Round.id)
)


@dataclass(frozen=True, eq=False)
class Collection(Unchanging):
    """Phrases by id: of a questionnaire or a round, which have a title; of the page itself, or names."""

    id: str
    title: Mapping[str, str]
    languages: tuple[str, ...]
    phrases: Mapping[str, Phrase]


@dataclass(frozen=True)
class Heard:
    """A text and what is heard of it. `earlier`: the text that was recorded in its place, with its sound."""

    phrase: Phrase
    text: str
    state: State
    sound: Sound | None
    earlier: tuple[str, Sound] | None


def names_of(units: Iterable[Place]) -> Collection:
    """The names of units, by their ids."""
    phrases = {unit.id: Phrase(id=unit.id, text=unit.name) for unit in units}
    return Collection(PLACES, {}, _languages(phrases.values()), phrases)


def contacts_of(known: Mapping[tuple[str, str], Contact]) -> Collection:
    """Names and roles of contacts, by place, side and what it is."""
    texts = {
        f"{place}.{side}.{what}": text
        for (place, side), contact in sorted(known.items())
        for what, text in (("name", contact.name), ("role", contact.role))
    }
    phrases = {id_: Phrase(id=id_, text={READ_IN: text}) for id_, text in texts.items()}
    return Collection(CONTACTS, {}, (READ_IN,), phrases)


def own_of_rounds(connection: Connection, municipalities: Iterable[str]) -> dict[str, Collection]:
    """The questions that rounds which are planned or open ask besides their questionnaire's, by collection."""
    found = {}
    for row in connection.execute(_ASKING, {"municipalities": list(municipalities)}):
        asked = restore(row.questionnaire)
        if own := {question.id: question for question in local_questions(asked)}:
            title = dict.fromkeys(asked.languages, row.title)
            found[ROUND + row.id] = Collection(ROUND + row.id, title, asked.languages, own)
    return found


def collections(phrases: Mapping[str, Phrase], questionnaires: Mapping[str, Questionnaire]) -> dict[str, Collection]:
    """All there are, by id; a text with a gap to fill in cannot be recorded."""
    fixed = {id_: phrase for id_, phrase in phrases.items() if not any("{" in text for text in phrase.text.values())}
    found = {id_: _asked(questionnaire) for id_, questionnaire in questionnaires.items()}
    return {**found, PAGE: Collection(PAGE, {}, _languages(fixed.values()), fixed)}


def _asked(asked: Questionnaire) -> Collection:
    return Collection(asked.id, asked.title, asked.languages, {phrase.id: phrase for phrase in asked.phrases()})


def _languages(phrases: Iterable[Phrase]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(language for phrase in phrases for language in phrase.text))


def key_of(collection: str, phrase: str) -> str:
    """What a recording of the phrase is named by."""
    return f"{collection}.{phrase}"


def heard(collection: Collection, language: str, speech: SpeechLibrary) -> Iterator[Heard]:
    """Every text of a collection in one language, each once, in the order of the page."""
    for phrase in spoken_in(collection, language).values():
        yield hear(collection, phrase, language, speech)


def spoken_in(collection: Collection, language: str) -> dict[str, Phrase]:
    """The phrases of a collection by their text in one language, in the order of the page; of two alike the first."""
    found: dict[str, Phrase] = {}
    for phrase in collection.phrases.values():
        if text := phrase.text.get(language):
            found.setdefault(text, phrase)
    return found


def hear(collection: Collection, phrase: Phrase, language: str, speech: SpeechLibrary) -> Heard:
    """One text."""
    text, sound = phrase.text[language], speech.sound_for(phrase, language)
    if sound and sound.kind == "recorded":
        return Heard(phrase, text, "recorded", sound, None)
    earlier = speech.outdated(key_of(collection.id, phrase.id), text, language)
    return Heard(phrase, text, "outdated" if earlier else sound.kind if sound else "missing", sound, earlier)
