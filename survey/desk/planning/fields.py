"""What the steps of a plan ask for, read from their forms: what changes, and what must be put right (field -> why)."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext, ngettext
from werkzeug.datastructures import MultiDict

from reports.disclosure import LEAST_B, LEAST_K
from survey.access.issuing import WAYS
from survey.desk.planning import words
from survey.questionnaire.local import LOCAL, VIEW, local_questions, problems, view_questions, with_local
from survey.questionnaire.model import THEMES, Question, Questionnaire, Scale
from survey.rounds import days
from survey.rounds.calendar import read_day
from survey.rounds.days import Look
from survey.rounds.plan import REPEATS, Planned

Form = MultiDict[str, str]
Outcome = tuple[dict[str, Any], dict[str, str]]

TITLE_SIGNS, WORDS_SIGNS, COVERING_SIGNS, MOST = 120, 2000, 200, 999


def what_is_asked(form: Form, questionnaires: Mapping[str, Questionnaire]) -> Outcome:
    """The title, and `what`: a questionnaire's id and a kind of service, joined by a colon."""
    errors = {}
    title = _line(form, "title")
    if not 0 < len(title) <= TITLE_SIGNS:
        errors["title"] = gettext("Give the round a title of at most %(signs)d signs.", signs=TITLE_SIGNS)
    id_, _, kind = form.get("what", "").partition(":")
    chosen = questionnaires.get(id_)
    if chosen is None or kind not in chosen.service_kinds:
        return {}, {**errors, "what": gettext("Choose one of these.")}
    changes = {"title": title, "questionnaire": chosen, "audience": chosen.audience, "service_kind": kind}
    return changes, errors


def who(form: Form, planned: Planned, questionnaires: Mapping[str, Questionnaire]) -> Outcome:
    """Title, what is asked, and the languages of it."""
    copy = planned.questionnaire
    changes, errors = what_is_asked(form, {**questionnaires, copy.id: copy})
    if errors:
        return changes, errors
    asked = changes["questionnaire"]
    languages = tuple(each for each in asked.title if each in form.getlist("languages"))
    if not languages:
        return changes, {"languages": gettext("Choose at least one language.")}
    if any(not question.text.get(each) for question in local_questions(asked) for each in languages):
        why = gettext("The questions of its own have no text in one of these. Write it there first, or leave it out.")
        return changes, {"languages": why}
    changes["questionnaire"] = replace(asked, languages=languages)
    if changes["service_kind"] != planned.service_kind:
        changes |= {"places": [], "coming": {}}  # other units
    if asked.id != copy.id:
        changes |= {"view_of": None, "view_called": {}}  # and none of the questions about it
    return changes, {}


def questions(
    form: Form,
    planned: Planned,
    concepts: Collection[str],
    base: Questionnaire,
    measures: Collection[str],
    block: Questionnaire | None,
) -> Outcome:
    """Up to three questions of the round's own, a block on one of the measures (ids), and what is left out.

    A question's fields are named by its id, an underscore, and a language, `scale`, `theme`, `symbol` or `turned`; what
    the block calls its measure by `view` and a language.
    """
    languages = planned.questionnaire.languages
    own: list[Question] = []
    errors: dict[str, str] = {}
    for id_ in LOCAL:
        text = {each: said for each in base.title if (said := _line(form, f"{id_}_{each}"))}
        scale, theme = scales_of(base).get(form.get(f"{id_}_scale", "")), form.get(f"{id_}_theme", "")
        if text and (scale is None or theme not in THEMES):
            errors[id_] = gettext("Choose answers and a theme.")
        elif text:
            symbol, turned = form.get(f"{id_}_symbol") or None, f"{id_}_turned" in form
            own.append(Question(id=id_, text=text, symbol=symbol, theme=theme, scale=scale, turned=turned))
    view_of, called = form.get("view_of") or None, _called(form, base.title)
    if view_of and (view_of not in measures or block is None):
        errors["view"] = gettext("Choose one of these measures.")
    elif view_of and block:
        own += view_questions(block, called)
    try:
        asked = with_local(replace(base, languages=languages), own, form.getlist("left_out"))
    except ValueError:
        return {}, {**errors, "left_out": gettext("Keep at least one of these.")}
    for problem in problems(asked, concepts):
        about = "view" if problem.question in VIEW else problem.question if problem.question in LOCAL else ""
        said, why = errors.get(about or "", ""), words.gate(problem)
        errors[about or ""] = said if why in said else f"{said} {why}".strip()  # a name stands in several questions
    return {"questionnaire": asked, "view_of": view_of, "view_called": called if view_of else {}}, errors


def _called(form: Form, languages: Iterable[str]) -> dict[str, str]:
    """What a measure is called in the questions, without the full stop that would end them too early."""
    return {each: said for each in languages if (said := _line(form, f"view_{each}").rstrip(" ."))}


def scales_of(questionnaire: Questionnaire) -> dict[str, Scale]:
    """The kinds of answers that its questions have, by id."""
    return {question.scale.id: question.scale for question in questionnaire.questions if question.scale}


def how(form: Form) -> Outcome:
    """The ways of answering, and whether a tablet keeps what is begun."""
    ways = [way for way in WAYS if way in form.getlist("ways")]
    if not ways:
        return {}, {"ways": gettext("Choose at least one way.")}
    return {"ways": ways, "keep_unfinished": "keep_unfinished" in form}, {}


def groups(form: Form, measures: Collection[str]) -> Outcome:
    """The measure (by its id, or none) by whose groups codes are given out, who is covered and about how many."""
    measure = form.get("measure", "")
    if not measure:
        return {"measure": None, "covering": "", "covered": None}, {}
    covering, covered, errors = _line(form, "covering"), _number(form, "covered"), {}
    if measure not in measures:
        errors["measure"] = gettext("Choose one of these.")
    if not 2 < len(covering) <= COVERING_SIGNS:
        errors["covering"] = gettext("Write at least a few words, at most %(signs)d signs.", signs=COVERING_SIGNS)
    if not covered:
        errors["covered"] = gettext("Write a number from 1 to %(most)d.", most=MOST)
    return {"measure": measure, "covering": covering, "covered": covered}, errors


def anonymity(form: Form) -> Outcome:
    """How many one helper assists; b and k follow from it where they are left empty, and may be higher."""
    errors = {}
    helped, least_b = _number(form, "helped"), LEAST_B
    if helped is None:
        errors["helped"] = gettext("Write a number from 0 to %(most)d.", most=MOST)
    else:
        least_b = max(LEAST_B, helped + 1)
    b = _number(form, "b") if form.get("b", "").strip() else least_b
    if b is None or b < least_b:
        errors["b"] = ngettext(
            "A helper knows the answer of %(num)d resident, so this must be at least %(least)d.",
            "A helper knows the answers of %(num)d residents, so this must be at least %(least)d.",
            helped or 0,
            least=least_b,
        )
        b = least_b
    least_k = max(LEAST_K, 2 * b + 1)
    k = _number(form, "k") if form.get("k", "").strip() else least_k
    if k is None or k < least_k:
        errors["k"] = gettext("This must be at least %(least)d: twice the number above, and one.", least=least_k)
    return {"helped": helped, "b": b, "k": k}, errors


def decision(form: Form) -> Outcome:
    """Who decided, who leads, and how long what remains is kept."""
    changes = {name: _line(form, name) for name in ("decision", "leader", "retention")}
    errors = {
        name: gettext("Write at least a few words, at most %(signs)d signs.", signs=WORDS_SIGNS)
        for name, value in changes.items()
        if not 2 < len(value) <= WORDS_SIGNS
    }
    return changes, errors


def dates(form: Form, today: dt.date) -> Outcome:
    """The first and the last day, and when the next round comes."""
    changes = {"opens": date_of(form, "opens"), "closes": date_of(form, "closes"), "repeat": _number(form, "repeat")}
    errors = {name: gettext("Choose a day.") for name in ("opens", "closes") if not changes[name]}
    if changes["repeat"] not in REPEATS:
        errors["repeat"] = gettext("Choose one of these.")
    look = looked_at(form, today)
    if look and look.impossible:
        errors["closes"] = words.of_days(look.impossible)
    elif look and not look.meant(form.get("meant", "")):
        errors["meant"] = gettext("Put it right, or tick that it is meant so.")
    return changes, errors


def looked_at(form: Form, today: dt.date) -> Look | None:
    """The days that a form holds; None: it lacks some."""
    opens, closes, repeat = date_of(form, "opens"), date_of(form, "closes"), _number(form, "repeat")
    return days.planned(opens, closes, repeat, today) if opens and closes and repeat in REPEATS else None


def date_of(form: Form, name: str) -> dt.date | None:
    """A day as browsers send it."""
    try:
        return read_day(form.get(name, ""))
    except ValueError:
        return None


def given(form: Form, lists: Sequence[str]) -> dict[str, Any]:
    """What was written, to be shown again."""
    return {name: values if name in lists else values[0] for name, values in form.lists()}


def _line(form: Form, name: str) -> str:
    return " ".join(form.get(name, "").split())


def _number(form: Form, name: str) -> int | None:
    typed = form.get(name, "").strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else None
