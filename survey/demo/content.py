"""What the demo consists of: the register of Bergen's services, the adviser, the rounds.

The day centres and their numbers of users are real (September 2025). Of the homes the real facts are 81 homes of 3–16
residents in seven home services, and 685 residents, 47 of them in private homes: 638 in these 81 and in 15 group
homes, so 538 in these 81 if homes and group homes are equally big. Names and sizes of single homes are invented, and
so are five of the seven areas.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import bindparam, select

from survey.questionnaire.loading import SHIPPED, view_blocks
from survey.questionnaire.local import view_questions, with_local
from survey.questionnaire.model import Questionnaire
from survey.storage.engine import Database
from survey.storage.tables import Round

MUNICIPALITY, NEIGHBOUR = "4601", "1505"  # Bergen, Kristiansund
REGISTER, CONTACTS = (Path(__file__).with_name(name) for name in ("bergen.csv", "contacts.csv"))
ADVISER, NEIGHBOURS_ADVISER = "adviser@bergen.example", "adviser@kristiansund.example"
PASSWORD = "syv-fjell-og-regn"  # noqa: S105 – known to all: see guard


@dataclass(frozen=True, kw_only=True)
class DemoRound:
    """A round of the demo. `invited` and `answering` are shares: of a unit's places, and of those invited.

    `covered`: how many of a unit a measure covers, where the codes are given out by that group; `shift` is what is
    added to how they feel about it. `days_ago`: when it closed. `view`: what questions call the measure that people's
    view is asked of, by language; `left_out` makes room for them.
    """

    title: str
    questionnaire: str
    audience: str
    service_kind: str
    invited: float
    answering: float
    closes: bool
    covered: Mapping[str, int] = field(default_factory=dict)
    shift: float = 0
    days_ago: int = 0
    view: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def asks(self, questionnaires: Mapping[str, Questionnaire]) -> Questionnaire:
        """Its copy of the questionnaire."""
        base = questionnaires[self.questionnaire]
        view = view_questions(view_blocks(SHIPPED)[self.audience], self.view) if self.view else []
        return with_local(base, view, self.left_out)


# Of each day centre's users, residents of homes who have five days a week (September 2025): 153 together.
FIVE_DAYS = {
    "dagsenter-arna": 5,
    "dagsenter-eidsvag": 28,
    "dagsenter-fana": 14,
    "dagsenter-laxevaag": 6,
    "dagsenter-laxevaag-senior": 0,
    "dagsenter-nesttun": 20,
    "dagsenter-kloppedalen": 8,
    "dagsenter-sandviken": 18,
    "dagsenter-solplassen": 28,
    "dagsenter-spelhaugen": 22,
    "dagsenter-tjonnen": 4,
}
FOUR_DAYS = {"nb": "fire dager i uka", "nn": "fire dagar i veka", "en": "four days a week"}
BEFORE, AFTER = (
    DemoRound(
        title=f"Dagsenter, {when} fire dager i uken: brukerne selv (simulert)",
        questionnaire="day-centre-residents",
        audience="resident",
        service_kind="day_centre",
        invited=1,
        answering=0.55,
        closes=True,
        covered=FIVE_DAYS,
        shift=shift,
        days_ago=days_ago,
        view=FOUR_DAYS if when == "etter" else {},
        left_out=("learn", "food", "ride") if when == "etter" else (),
    )
    for when, shift, days_ago in (("før", 0, 200), ("etter", -1, 0))  # what they then feel is invented
)

# Bodø reached 22 % of relatives; 55 % of residents is what makes most homes fall below five. In the open rounds the
# codes are still being handed out, so that there is room for those that each start prints.
ROUNDS = (
    BEFORE,
    AFTER,
    *(
        DemoRound(
            title=f"{title} (simulert)",
            questionnaire=questionnaire,
            audience=audience,
            service_kind=kind,
            invited=1 if closes else 0.5,
            answering=0.55 if audience == "resident" else 0.22,
            closes=closes,
            days_ago=45,  # while comments still wait to be read
        )
        for title, questionnaire, audience, kind, closes in (
            ("Dagsenter, første undersøkelse: brukerne selv", "day-centre-residents", "resident", "day_centre", True),
            (
                "Bofellesskap, første undersøkelse: beboerne selv",
                "shared-home-residents",
                "resident",
                "shared_home",
                True,
            ),
            ("Dagsenter, første undersøkelse: pårørende", "relatives", "relative", "day_centre", True),
            ("Bofellesskap, første undersøkelse: pårørende", "relatives", "relative", "shared_home", True),
            ("Dagsenter, andre undersøkelse: brukerne selv", "day-centre-residents", "resident", "day_centre", False),
            ("Dagsenter, andre undersøkelse: pårørende", "relatives", "relative", "day_centre", False),
        )
    ),
)

_FIND = select(Round.id, Round.state).where(Round.title == bindparam("title"), Round.simulated)


def find_round(database: Database, planned: DemoRound) -> tuple[str, str] | None:
    """The id and state of a round of the demo, where it is planned already."""
    with database.reading() as connection:
        found = connection.execute(_FIND, {"title": planned.title}).first()
    return (found.id, found.state) if found else None
