"""Releases of any size, written down without anybody's answers: every place is shown, no figure is true."""

import datetime as dt
import random
from typing import Any

from reports.release import Answer, Node, Release, ReleasedQuestion, Totals
from survey.questionnaire.model import Questionnaire

BERGEN, KIND = "4601", "day_centre"
SERVICES, DIVISIONS = 4, 5  # of the municipality, of each service


def places(units: int) -> list[dict[str, Any]]:
    """The register's rows of a municipality with its units, spread over its divisions, parents first."""
    rows: list[dict[str, Any]] = [_row(BERGEN, "municipality", None, "Bergen", kind=None)]
    rows += [_row(f"{BERGEN}-{s}", "service", BERGEN, f"Dagsenter {s}") for s in range(SERVICES)]
    divisions = [(f"{BERGEN}-{s}-{d}", f"{BERGEN}-{s}") for s in range(SERVICES) for d in range(DIVISIONS)]
    rows += [_row(id_, "division", parent, f"Avdeling {id_}") for id_, parent in divisions]
    for number in range(units):
        rows.append(
            _row(f"unit-{number}", "unit", divisions[number % len(divisions)][0], f"Senter {number}", places=40)
        )
    return rows


def release(units: int, questionnaire: Questionnaire, round_id: str, title: str, closed: dt.date) -> Release:
    """Of all these places."""
    dice = random.Random(round_id)
    questions = {
        question.id: ReleasedQuestion(
            number=number,
            theme=question.theme,
            scale=question.scale.id,
            turned=question.turned,
            pair_of=question.pair_of,
            text=dict(question.text),
            labels={"positive": {"nb": "bra"}, "negative": {"nb": "dårlig"}},
        )
        for number, question in enumerate(questionnaire.questions, 1)
        if question.scale
    }
    nodes = tuple(
        Node(
            id=row["id"],
            level=row["level"],
            parent=row["parent"],
            name=row["name"],
            n=24,
            invited=40,
            voided=1,
            answers={id_: _answer(dice) for id_ in questions},
        )
        for row in places(units)
    )
    return Release(
        round=round_id,
        title=title,
        audience=questionnaire.audience,
        service_kind=KIND,
        closed=closed.isoformat(),
        simulated=True,
        questionnaire=questionnaire.id,
        version=questionnaire.version,
        k=5,
        b=2,
        audit="passed",
        totals=Totals(way={"self": 24 * units}, support={"none": 24 * units}, by_other="fewer than 5", not_now=None),
        questions=questions,
        nodes=nodes,
        too_few=(),
        shown_with_others=(),
    )


def _answer(dice: random.Random) -> Answer:
    good = dice.randrange(8, 20)
    bad = dice.randrange(2, 24 - good)
    return Answer(positive=(good, good), negative=(bad, bad), open=None)


def _row(
    id_: str, level: str, parent: str | None, name: str, *, kind: str | None = KIND, places: int | None = None
) -> dict[str, Any]:
    return {
        "id": id_,
        "level": level,
        "parent": parent,
        "name": {"nb": name},
        "service_kind": kind,
        "places": places,
    }
