"""What is asked: phrases, scales, questions, questionnaires. Nothing here knows of files, web or database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

AUDIENCES = ("resident", "relative", "relative_guess", "leader", "applicant", "open")
SERVICE_KINDS = (
    "day_centre",
    "senior_centre",
    "shared_home",
    "group_home",
    "support_contact",
    "respite",
    "personal_assistance",
    "allocation_office",
)
THEMES = (
    "self_determination",
    "respect",
    "safety",
    "wellbeing",
    "participation",
    "information",
    "quality",
    "social",
    "activity",
    "learning",
    "home",
    "helpers",
    "casework",
    "overall",
)
LADDERS = (2, 3, 5)
NON_ANSWERS = ("not_understood", "dont_know", "dont_want")
SUPPORT = ("none", "some", "by_other")
COMMENT_SIGNS = 1500


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """Anything that is read or spoken: one text a language, and the concept whose symbol stands beside it."""

    id: str
    text: Mapping[str, str]
    say_as: Mapping[str, str] = field(default_factory=dict)
    symbol: str | None = None

    def spoken(self, language: str) -> str:
        """What the voice is given: the text, or `say_as` where the voice misreads it."""
        return self.say_as.get(language, self.text[language])


@dataclass(frozen=True, kw_only=True)
class Option(Phrase):
    """One answer of a scale; `value` lies on the common line 1–5."""

    value: int


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Answers of one kind, highest value first, and which of them each ladder (2, 3, 5) offers."""

    id: str
    options: tuple[Option, ...]
    ladders: Mapping[int, tuple[int, ...]]

    def options_for(self, ladder: int) -> tuple[Option, ...]:
        """The options of the asked ladder, or of the largest smaller one the scale has."""
        return self._offered[ladder]

    @cached_property
    def _offered(self) -> Mapping[int, tuple[Option, ...]]:
        largest = {ladder: max(size for size in self.ladders if size <= ladder) for ladder in LADDERS}
        return {
            ladder: tuple(option for option in self.options if option.value in self.ladders[size])
            for ladder, size in largest.items()
        }


@dataclass(frozen=True, kw_only=True)
class Question(Phrase):
    """One question; without a scale it asks for a comment in free text."""

    theme: str
    scale: Scale | None
    turned: bool = False
    pair_of: str | None = None
    offer_talk: bool = False
    show_if: tuple[str, tuple[int, ...]] | None = None

    def is_positive(self, value: int) -> bool:
        """Whether an answer with this value speaks well of the service."""
        return value <= 2 if self.turned else value >= 4

    def is_negative(self, value: int) -> bool:
        """Whether an answer with this value speaks badly of the service."""
        return value >= 4 if self.turned else value <= 2


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """One version of a questionnaire, complete: every round keeps the exact copy it ran with."""

    id: str
    version: int
    audience: str
    service_kinds: tuple[str, ...]
    languages: tuple[str, ...]
    title: Mapping[str, str]
    welcome: tuple[Phrase, ...]
    questions: tuple[Question, ...]

    def phrases(self) -> Iterator[Phrase]:
        """Every phrase a respondent may read or hear, each once, in the order of the page."""
        seen: set[str] = set()
        yield from self.welcome
        for question in self.questions:
            yield question
            for option in question.scale.options if question.scale else ():
                if option.id not in seen:
                    seen.add(option.id)
                    yield option
