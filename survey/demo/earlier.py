"""Percentages as a survey like Bedre kommune gives them, so that the demo shows where earlier results stand.

All of them are invented, and each says so: in the survey's name, as the demo's rounds do, and in its source.
"""

from reports.earlier import Earlier
from survey.demo.content import MUNICIPALITY
from survey.demo.measures import CENTRES, HOMES
from survey.desk.earlier import keeping
from survey.staff.audit import COMMAND_LINE
from survey.storage.engine import Database

SURVEY = "Bedre kommune (simulert)"
SOURCE = "Oppdiktet for demoen: ingen rapport"
COUNTS = "fornøyd eller svært fornøyd"
# Place, audience, year, how many answered, and the percentage by theme.
FOUND = (
    (CENTRES, "resident", 2021, 96, {"wellbeing": 81, "self_determination": 62, "respect": 84, "safety": 88}),
    (CENTRES, "relative", 2021, 71, {"information": 58, "respect": 86}),
    (HOMES, "resident", 2023, 142, {"wellbeing": 77, "self_determination": 66, "safety": 83}),
    (HOMES, "relative", 2023, 118, {"information": 54, "participation": 61}),
)


def keep(database: Database) -> None:
    """Keep those that are not there yet."""
    with database.begin() as connection:
        there = {one.id for one in keeping.of_municipality(connection, MUNICIPALITY)}
        lacking = [one for one in _numbers() if one.id not in there]
        if lacking:
            keeping.keep(connection, MUNICIPALITY, lacking, COMMAND_LINE)


def _numbers() -> list[Earlier]:
    return [
        Earlier(
            id=f"demo-{place}-{audience}-{theme}",
            place=place,
            audience=audience,
            year=year,
            survey=SURVEY,
            theme=theme,
            counts=COUNTS,
            value=value,
            scale=None,
            n=n,
            source=SOURCE,
        )
        for place, audience, year, n, found in FOUND
        for theme, value in found.items()
    ]
