"""What a page says in one language, with the sound, the sign video and the symbol of each phrase."""

from collections.abc import Iterable, Mapping

from survey.questionnaire.model import Phrase
from survey.signs import Signs
from survey.speech.library import SpeechLibrary


class Words:
    """The page's own phrases and those of a questionnaire, in one language."""

    def __init__(self, phrases: Mapping[str, Phrase], speech: SpeechLibrary, signs: Signs, language: str) -> None:
        self._phrases = phrases
        self._speech = speech
        self._signs = signs
        self.language = language

    def __getitem__(self, phrase_id: str) -> Phrase:
        """One of the page's own phrases."""
        return self._phrases[phrase_id]

    def text(self, phrase: Phrase | str, **filled: object) -> str:
        """What stands on the page; `{n}` and its like are filled in."""
        phrase = self._phrases[phrase] if isinstance(phrase, str) else phrase
        text = phrase.text[self.language]
        return text.format(**filled) if filled else text

    def sound(self, phrase: Phrase) -> str | None:
        """The name of the phrase's sound; None: it cannot be listened to."""
        sound = self._speech.sound_for(phrase, self.language)
        return sound.name if sound else None

    def sign(self, phrase: Phrase) -> str | None:
        """The name of the video in which the phrase is signed; None: there is nothing to watch."""
        return self._signs.of(self.language, phrase.text.get(self.language, ""))

    def times(self, phrase: Phrase) -> tuple[int, ...]:
        """The milliseconds at which the words that stand on the page are heard; empty: nobody can say."""
        name = self.sound(phrase)
        times = self._speech.times(name) if name else ()
        return times if len(times) == len(phrase.text[self.language].split()) else ()

    def borrows_voice(self, phrases: Iterable[Phrase]) -> bool:
        """Whether a neighbouring language's voice reads one of these."""
        sounds = (self._speech.sound_for(phrase, self.language) for phrase in phrases)
        return any(sound is not None and sound.kind == "borrowed" for sound in sounds)
