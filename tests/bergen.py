"""Closed rounds in Bergen for the tests of reports: dice that always fall the same way, and no real people."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from random import Random

from sqlalchemy import insert

from reports.aggregate import OpenedAnswer, aggregate
from reports.disclosure import RoundFacts, TreeNode, disclose
from reports.release import Release
from survey.questionnaire.loading import dump, load_folder, view_blocks
from survey.questionnaire.local import view_questions, with_local
from survey.questionnaire.model import Question, Questionnaire
from survey.settings import ROOT
from survey.storage.engine import Database
from survey.storage.tables import Node, Round
from survey.storage.tables import Release as ReleaseRow

CENTRES = {
    "Arna dagsenter": 22,
    "Eidsvåg dagsenter": 44,
    "Fana dagsenter": 34,
    "Laxevaag dagsenter": 23,
    "Laxevaag senior": 35,
    "Nesttun dagsenter": 28,
    "Kloppedalen dagsenter": 11,
    "Sandviken dagsenter": 25,
    "Solplassen dagsenter": 38,
    "Spelhaugen dagsenter": 28,
    "Tjønnen dagsenter": 17,
}
DIVISIONS = ("Botjeneste nord", "Botjeneste sør", "Botjeneste vest")


@cache
def questionnaire(name: str) -> Questionnaire:
    return load_folder(ROOT / "questionnaires")[name]


@cache
def day_centres() -> Release:
    """Eleven day centres with their real numbers of users, about half of whom answered."""
    tree = [
        node("4601", "municipality", None, "Bergen"),
        node("4601-dag", "service", "4601", "Dagsenter"),
        *(node(f"dag-{i}", "unit", "4601-dag", name, places) for i, (name, places) in enumerate(CENTRES.items(), 1)),
    ]
    return _released("dagsenter-2026", "Dagsenter høsten 2026", questionnaire("day-centre-residents"), tree, share=0.5)


@cache
def shared_homes() -> Release:
    """Three divisions of small homes, most of which fall below five answers."""
    dice = Random(4601)
    tree = [
        node("4601", "municipality", None, "Bergen"),
        node("4601-bo", "service", "4601", "Bofellesskap"),
        *(node(f"bo-{d}", "division", "4601-bo", name) for d, name in enumerate(DIVISIONS)),
        *(
            node(f"bo-{d}-{i}", "unit", f"bo-{d}", f"Eksempelveien {10 * d + i}", dice.randint(3, 16))
            for d in range(len(DIVISIONS))
            for i in range(1, 10)
        ),
    ]
    return _released("bolig-2026", "Bofellesskap høsten 2026", questionnaire("shared-home-residents"), tree, share=0.5)


@cache
def four_days() -> Release:
    """Three day centres, one of them below five answers, where people's view of a measure is asked as well."""
    base = questionnaire("day-centre-residents")
    view = view_questions(view_blocks(ROOT / "questionnaires")["resident"], {"nb": "fire dager i uka"})
    asked = with_local(replace(base, languages=("nb",)), view, ["learn", "food", "ride"])
    tree = [
        node("4601", "municipality", None, "Bergen"),
        node("4601-dag", "service", "4601", "Dagsenter"),
        node("dag-1", "unit", "4601-dag", "Arna dagsenter", 15),
        node("dag-2", "unit", "4601-dag", "Eidsvåg dagsenter", 60),
        node("dag-7", "unit", "4601-dag", "Kloppedalen dagsenter", 4),
    ]
    return _released("four-days", "Dagsenter våren 2027", asked, tree, share=0.5)


def node(id_: str, level: str, parent: str | None, name: str, invited: int = 0) -> TreeNode:
    return TreeNode(id=id_, level=level, parent=parent, name={"nb": name}, invited=invited)


def _released(round_id: str, title: str, asked: Questionnaire, tree: Sequence[TreeNode], share: float) -> Release:
    dice = Random(round_id)
    answers = [
        _answer(dice, leaf, asked.questions) for leaf in tree for _ in range(leaf.invited) if dice.random() < share
    ]
    facts = RoundFacts(
        round=round_id,
        title=title,
        audience=asked.audience,
        service_kind=asked.service_kinds[0],
        closed=date(2026, 11, 30),
        k=5,
        b=2,
        simulated=True,
        ways=("self", "interview"),
        not_now=None,
    )
    return disclose(facts, asked, tree, aggregate(answers, asked))


def _answer(dice: Random, leaf: TreeNode, questions: Sequence[Question]) -> OpenedAnswer:
    values: dict[str, int | str | None] = {}
    mood = dice.gauss(0, 0.12)
    for question in questions:
        if question.scale is None:
            continue
        place = Random(f"{leaf.name['nb']} {question.id}").gauss(0, 0.15)
        liked = Random(question.id).uniform(0.45, 0.92) + mood + place
        value = 5 if dice.random() < liked else dice.choice((3, 3, 1))
        if question.turned:
            value = 6 - value
        values[question.id] = value if dice.random() < 0.9 else dice.choice((None, "dont_know", "not_understood"))
    support = dice.choice(("none", "none", "some", "by_other" if dice.random() < 0.1 else "none"))
    return OpenedAnswer(leaf.id, dice.choice(("self", "self", "self", "interview")), support, values)


def shelve(database: Database, *releases: Release, municipality: str = "4601") -> None:
    """Put a municipality and the finished rounds of these releases into the database."""
    with database.begin() as connection:
        connection.execute(insert(Node), [_register(municipality, "municipality", None, {"nb": "Bergen"})])
    shelve_more(database, *releases, municipality=municipality)


def shelve_more(database: Database, *releases: Release, municipality: str = "4601") -> None:
    """Put the finished rounds of more releases into the database."""
    with database.begin() as connection:
        for release in releases:
            connection.execute(
                insert(Round).values(
                    id=release.round,
                    title=release.title,
                    audience=release.audience,
                    service_kind=release.service_kind,
                    municipality=municipality,
                    questionnaire=dump(questionnaire(release.questionnaire)),
                    k=release.k,
                    b=release.b,
                    simulated=release.simulated,
                    state="released",
                    public_key=None,
                    closed=date.fromisoformat(release.closed),
                )
            )
            connection.execute(
                insert(ReleaseRow).values(round=release.round, artefact=release.to_json(), sha256=release.sha256)
            )


def _register(id_: str, level: str, parent: str | None, name: Mapping[str, str]) -> dict[str, object]:
    return {"id": id_, "level": level, "parent": parent, "name": name, "service_kind": None, "places": None}
