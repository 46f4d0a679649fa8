"""Run one operation of a village in a process of its own that kills itself at a chosen moment.

python -m tests.attacks.killed send  FOLDER DATABASE ROUND MOMENT CODE
python -m tests.attacks.killed close FOLDER DATABASE ROUND MOMENT STEP

Moments: `before` and `after` the step (or the whole Send), and `commit`: everything written, nothing committed.
"""

import os
import signal
import sys
from pathlib import Path

from sqlalchemy import Engine, event

from survey.keys import KeyStore
from survey.rounds import closing
from survey.storage.engine import Database
from tests.village import Village, answer


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(what: str, folder: str, url: str, round_id: str, moment: str, detail: str) -> None:
    """Do it until the moment comes."""
    database = Database(url)
    village = Village(database, KeyStore(Path(folder) / "keys"), Path(folder) / "data", round_id)
    if what == "send":
        if moment == "commit":
            event.listen(Engine, "commit", die)
        village.send(detail, answer())
        die()
    steps = list(closing.STEPS)
    number = int(detail)
    step = steps[number]

    def killed(here: closing.Closing) -> None:
        if moment == "before":
            die()
        if moment == "commit":
            event.listen(Engine, "commit", die)
        step(here)
        die()

    closing.STEPS = (*steps[:number], killed, *steps[number + 1 :])
    closing.close_round(database, village.keys, village.data, round_id)


if __name__ == "__main__":
    main(*sys.argv[1:])
