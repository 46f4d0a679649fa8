"""Run each operation of a village in a process of its own that kills itself at a chosen moment.

Reads one operation a line, as JSON: ["send", FOLDER, DATABASE, ROUND, MOMENT, CODE], ["close", …, STEP], or
["errand", …, ""]. Writes how its process ended: −9 for killed. They are children of this one, so that what they need
is loaded once.

Moments: `before` and `after` the step (or the whole Send, or what an errand asks for, before it is written down), and
`commit`: everything written, nothing committed.
"""

import json
import os
import signal
import sys
import traceback
from pathlib import Path

from sqlalchemy import Engine, event

from survey.keys import KeyStore
from survey.rounds import closing, errands
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
    if what == "errand":
        if moment == "commit":
            event.listen(Engine, "commit", die)
        errands.audit.note_round = die  # type: ignore[assignment]
        errands.work(database, village.keys, village.data)
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
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                main(*json.loads(line))
            except BaseException:
                traceback.print_exc()
            os._exit(1)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
