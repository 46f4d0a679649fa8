"""`make bench [ARGS="--write respondents closing …"]`: measure, print the table, fail where a target is missed."""

import argparse
import datetime as dt
import os
import platform
import sqlite3
import sys
from pathlib import Path

from tests.load import advisers, closing, pages, respondents, starting
from tests.load.figures import table

CONCERNS = {
    "respondents": respondents.measure,
    "advisers": advisers.measure,
    "pages": pages.measure,
    "closing": closing.measure,
    "starting": starting.measure,
}


def main() -> int:
    """Measure what is asked for, or everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("concern", nargs="*", metavar="|".join(CONCERNS), help="what to measure; else everything")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/performance/DATE.md")
    asked = parser.parse_args()
    if unknown := set(asked.concern) - CONCERNS.keys():
        parser.error(f"There is no {', '.join(unknown)}. Choose from {', '.join(CONCERNS)}.")
    figures = []
    for name in asked.concern or CONCERNS:
        print(f"measuring {name} …", file=sys.stderr)
        figures += CONCERNS[name]()
    today = dt.datetime.now(dt.UTC).date()
    page = f"{machine()}\n\n{table(figures)}"
    print(page)
    if asked.write:
        file = Path(__file__).parents[2] / "docs" / "performance" / f"{today}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# Speed, {today}\n\n{page}", encoding="utf-8")
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
