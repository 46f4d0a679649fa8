"""A campaign for the tests of the committee's report: residents and relatives of six services, twenty questions."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from reports.committee.material import Followed, Material, Round, Weighed
from reports.earlier import Earlier
from reports.measures.effect import effect
from reports.measures.model import Status
from reports.release import Release
from reports.views import Report
from reports.wording import THEMES
from survey.questionnaire.model import Question, Questionnaire
from tests.bergen import _released, day_centres, four_days, node
from tests.measured import a_measure, later_round
from tests.released import FACES

SERVICES = ("Arna", "Eidsvåg", "Fana", "Laksevåg", "Nesttun", "Sandviken")
DAY = dt.date(2026, 12, 1)
LONG = "Vi har lest det som ble sagt, og snakket om det med dem det gjelder og med dem som arbeider der. " * 20


@cache
def campaign(audience: str, services: int = 6, questions: int = 20) -> Release:
    """A round over services, each with three units."""
    tree = [node("4601", "municipality", None, "Bergen")]
    for name in SERVICES[:services]:
        tree += [node(name, "service", "4601", f"Dagsenter {name}")]
        tree += [node(f"{name}-{part}", "unit", name, f"{name} {part}", 24) for part in ("nord", "sør", "vest")]
    return _released(f"{audience}-2026", f"Dagsenter {audience} 2026", _asked(audience, questions), tree, share=0.55)


def _asked(audience: str, questions: int) -> Questionnaire:
    themes = list(THEMES)
    asked = [
        Question(
            id=f"{audience}-{number}",
            text={"nb": f"Får du være med og bestemme det som er viktig for deg i hverdagen, nummer {number}?"},
            theme=themes[number % len(themes)],
            scale=FACES,
        )
        for number in range(questions)
    ]
    return Questionnaire(
        id=f"day-{audience}",
        version=1,
        audience=audience,
        service_kinds=("day_centre",),
        languages=("nb",),
        title={"nb": "Dagsenter"},
        welcome=(),
        questions=tuple(asked),
    )


def of(release: Release, language: str, place: str = "4601") -> Round:
    """A round as a report has it."""
    report = Report(release, language)
    return Round(report=report, sha256=release.sha256, place=report.places.get(place))


def followed(release: Release, number: int, weighed: str = LONG) -> Followed:
    """A measure on one unit, with the round after it."""
    asked, unit = next(iter(release.questions)), "Fana-nord"
    after = later_round(release, "after", "2027-11-30", unit, asked)
    measure = replace(
        a_measure(municipality="4601", place="Fana", units=frozenset({unit}), baseline=release.round),
        id=f"m{number}",
        title=f"Mer å gjøre {number}",
        questionnaire=release.questionnaire,
        question=asked,
        asked=release.questions[asked].text,
        start=dt.date(2027, 1, 1),
        status=Status.STARTED,
    )
    return Followed(
        measure=measure,
        where="Bergen › Dagsenter Fana",
        effect=effect(measure, release, after),
        baseline=(release, release.sha256),
        after=(after, after.sha256),
        viewed=of(four_days(), "nb"),
        weighed=[Weighed(day=DAY, text=weighed)],
    )


def earlier(theme: str = "safety", **changes: object) -> Earlier:
    """A number of an earlier survey."""
    one = Earlier(
        id="e1",
        place="4601",
        audience="resident",
        year=2021,
        survey="Bedre kommune",
        theme=theme,
        counts="svarte ja eller stort sett",
        value=72,
        scale=None,
        n=144,
        source="Rapport 2021, side 12",
    )
    return replace(one, **changes)


def material(language: str = "nb", releases: Sequence[Release] = (), measures: int = 12) -> Material:
    """As much as a report may hold."""
    releases = releases or [campaign("resident"), campaign("relative")]
    return Material(
        place="Bergen",
        rounds=[of(release, language) for release in releases],
        measures=[followed(releases[0], number) for number in range(measures)],
        earlier=[earlier(theme) for theme in THEMES],
        introduction=LONG[:1200],
        conclusion=LONG[:1200],
        language=language,
    )


def small(language: str = "nb") -> Material:
    """One round of a single service."""
    return Material(
        place="Bergen",
        rounds=[of(day_centres(), language)],
        measures=[],
        earlier=[],
        introduction="",
        conclusion="",
        language=language,
    )
