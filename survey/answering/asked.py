"""What a round asks, read once: an open round keeps the exact copy of its questionnaire."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from survey.questionnaire.loading import restore
from survey.questionnaire.model import Questionnaire
from survey.storage.engine import Database
from survey.storage.tables import Round

REMEMBERED = 256  # rounds; one municipality has a dozen open

_ROUND = select(Round.questionnaire, Round.service_kind, Round.simulated, Round.keep_unfinished).where(
    Round.id == bindparam("round")
)


@dataclass(frozen=True, eq=False)
class Asked:
    """What a round asks, about which kind of service, whether simulated people answer, and what waits on a tablet."""

    round_id: str
    questionnaire: Questionnaire
    service_kind: str
    simulated: bool
    keep_unfinished: bool


class Rounds:
    """The rounds that were asked for, remembered: what they ask never changes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, Asked] = {}

    def get(self, round_id: str) -> Asked | None:
        """What a round asks; None where there is no such round."""
        if round_id not in self._known:
            with self._database.reading() as connection:
                row = connection.execute(_ROUND, {"round": round_id}).first()
            if row is None:
                return None
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[round_id] = Asked(
                round_id, restore(row.questionnaire), row.service_kind, row.simulated, row.keep_unfinished
            )
        return self._known[round_id]
