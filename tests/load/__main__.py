"""`make bench`, or of it alone `make bench ARGS="closing pages"`: measure, print, fail where a target is missed."""

import argparse
import datetime as dt
import os
import platform
import sqlite3
import sys
from pathlib import Path

from tests.load import advisers, closing, lighthouse, pages, painting, respondents, staff, starting
from tests.load.figures import Figure, page, table

PAGES = Path(__file__).parents[2] / "docs" / "performance"

CONCERNS = {
    "respondents": respondents.measure,
    "advisers": advisers.measure,
    "staff": staff.measure,
    "pages": pages.measure,
    "painting": painting.measure,
    "lighthouse": lighthouse.measure,
    "closing": closing.measure,
    "starting": starting.measure,
}


def main() -> int:
    """Measure what is asked for, or everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("concern", nargs="*", metavar="|".join(CONCERNS), help="what to measure; else everything")
    parser.add_argument("--write", action="store_true", help="measure everything, keep it in docs/performance/DATE.md")
    asked = parser.parse_args()
    if unknown := set(asked.concern) - CONCERNS.keys():
        parser.error(f"There is no {', '.join(unknown)}. Choose from {', '.join(CONCERNS)}.")
    figures: list[Figure] = []
    for name in CONCERNS if asked.write else asked.concern or CONCERNS:
        print(f"Measuring {name} …", file=sys.stderr)
        figures += CONCERNS[name]()
    measured = f"{machine()}\n\n{table(figures)}"
    print(measured)
    if asked.write:
        today = dt.datetime.now(dt.UTC).date()
        file = PAGES / f"{today}.md"
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text(page(f"Speed, {today}", measured, before), encoding="utf-8")
    return any(figure.misses for figure in figures)


def machine() -> str:
    """Where this was measured, in general words."""
    cores = os.cpu_count()
    return (
        f"{processor()}, {cores} cores, {platform.system()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}. B is the processor time (user and system, all server processes) of one "
        "request to a bare Flask route with a 2 kB page on the same server, measured in the same run. "
        "Medians; spread is the lowest and the highest of the repetitions."
    )


def processor() -> str:
    """The processor's model, where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    sys.exit(main())
