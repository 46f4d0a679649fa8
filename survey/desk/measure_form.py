"""What staff write about a measure: read from the form, checked, and told what is wrong in words."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from reports.measures.model import Covers, Measure, Status
from reports.release import Release
from survey.questionnaire.model import Questionnaire
from survey.register.tree import Place
from survey.rounds.calendar import read_day

TITLE_SIGNS, TEXT_SIGNS = 120, 2000
FIELDS = (  # as they stand on the page
    *("title", "question", "hoped", "place", "units", "rounds", "baseline", "chosen_by"),
    *("responsible", "decision", "start", "deadline"),
)
GROUPABLE = ("municipality", "service")  # over which planned groups are released


@dataclass(frozen=True, kw_only=True)
class RoundChoice:
    """A round that may be named."""

    id: str
    title: str
    municipality: str


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What may be chosen: by a questionnaire's id; places by their id, with the way down to them; rounds.

    `released` may be a baseline, `grouped` has planned groups.
    """

    questionnaires: Mapping[str, Questionnaire]
    places: Mapping[str, tuple[Place, ...]]
    released: Sequence[RoundChoice]
    grouped: Sequence[RoundChoice]


class Reading:
    """One form being read."""

    def __init__(self, form: MultiDict[str, str], choices: Choices) -> None:
        self._form = form
        self._choices = choices
        self._wrong: dict[str, str] = {}

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong with which field and how to mend it, from the top of the page."""
        return {field: self._wrong[field] for field in FIELDS if field in self._wrong}

    def measure(self, old: Measure | None, release: Release | None) -> Measure | None:
        """The measure as the form has it; None where something is wrong. `release`: that of the baseline, if any."""
        way = self._way()
        questionnaire, question = self._question(way)
        start, deadline = self._day("start"), self._day("deadline")
        if start and deadline and deadline < start:
            self._wrong["deadline"] = gettext("The deadline is before the start. Change one of them.")
        title = self._text("title", TITLE_SIGNS, gettext("Give the measure a name."))
        responsible = self._text("responsible", TITLE_SIGNS, gettext("Say who is responsible, by post or by name."))
        hoped, decision = self._text("hoped", TEXT_SIGNS), self._text("decision", TEXT_SIGNS)
        covers = Covers.GROUP if self._form.get("covers") == Covers.GROUP else Covers.UNITS
        units = self._units(way) if covers is Covers.UNITS else frozenset[str]()
        if covers is Covers.GROUP and way and way[-1].level not in GROUPABLE:
            self._wrong["place"] = gettext(
                "Rounds with a planned group are shown by service. Choose a service, or the municipality."
            )
        baseline = self._round("baseline", way, self._choices.released)
        chosen_by = self._round("chosen_by", way, self._choices.released)
        rounds = frozenset(self._form.getlist("rounds")) if covers is Covers.GROUP else frozenset[str]()
        if not rounds <= {each.id for each in self._choices.grouped if way and each.municipality == way[0].id}:
            self._wrong["rounds"] = gettext("Choose rounds of the same municipality.")
        if release and (release.questionnaire, question in release.questions) != (questionnaire, True):
            self._wrong["baseline"] = gettext("That round did not ask this question. Choose one that did, or none yet.")
        if self._wrong or not way:
            return None
        return Measure(
            id=old.id if old else uuid4().hex,
            municipality=way[0].id,
            place=way[-1].id,
            title=title,
            hoped=hoped,
            questionnaire=questionnaire,
            question=question,
            asked=self._asked(questionnaire, question),
            covers=covers,
            units=units,
            rounds=rounds,
            baseline=baseline,
            chosen_by=chosen_by,
            responsible=responsible,
            decision=decision,
            start=start,
            deadline=deadline,
            status=old.status if old else Status.PLANNED,
        )

    def _text(self, field: str, signs: int, lacking: str = "") -> str:
        text = self._form.get(field, "").strip()
        if len(text) > signs:
            self._wrong[field] = gettext(
                "This is %(long)d signs long. Write %(signs)d at most.", long=len(text), signs=signs
            )
        elif not text and lacking:
            self._wrong[field] = lacking
        return text

    def _day(self, field: str) -> dt.date | None:
        written = self._form.get(field, "").strip()
        try:
            return read_day(written) if written else None
        except ValueError:
            self._wrong[field] = gettext("“%(written)s” is no date. Write it as 2026-12-31.", written=written)
            return None

    def _way(self) -> tuple[Place, ...]:
        way = self._choices.places.get(self._form.get("place", ""), ())
        if not way:
            self._wrong["place"] = gettext("Choose the place where it is done.")
        return way

    def _question(self, way: tuple[Place, ...]) -> tuple[str, str]:
        questionnaire, _, question = self._form.get("question", "").partition("/")
        asked = self._choices.questionnaires.get(questionnaire)
        if asked is None or not any(each.id == question and each.scale for each in asked.questions):
            self._wrong["question"] = gettext("Choose the one question that it should move.")
        elif way and way[-1].service_kind and way[-1].service_kind not in asked.service_kinds:
            self._wrong["question"] = gettext("This question is not asked there. Choose another, or another place.")
        return questionnaire, question

    def _asked(self, questionnaire: str, question: str) -> Mapping[str, str]:
        questions = self._choices.questionnaires[questionnaire].questions
        return next(dict(each.text) for each in questions if each.id == question)

    def _units(self, way: tuple[Place, ...]) -> frozenset[str]:
        """Those chosen under the place, or all there are."""
        if not way:
            return frozenset()
        under = {id_ for id_, down in self._choices.places.items() if way[-1] in down and down[-1].level == "unit"}
        chosen = frozenset(self._form.getlist("units"))
        if not chosen <= under:
            self._wrong["units"] = gettext("Some of these units are not in the place chosen above. Untick them.")
        elif not under:
            self._wrong["place"] = gettext("There is no unit in this place. Choose another.")
        return chosen or frozenset(under)

    def _round(self, field: str, way: tuple[Place, ...], rounds: Sequence[RoundChoice]) -> str | None:
        asked = self._form.get(field) or None
        if asked and not any(each.id == asked and way and each.municipality == way[0].id for each in rounds):
            self._wrong[field] = gettext("Choose a round of the same municipality.")
        return asked
