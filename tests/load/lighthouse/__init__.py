"""What Lighthouse says of the respondent's pages on a slow tablet. `make lighthouse` puts it into .venv first."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.browser.conftest import CHROMIUM
from tests.load import servers
from tests.load.figures import Figure
from tests.load.installation import Installation, residents

INSTALLED = Path(__file__).parents[3] / ".venv" / "lighthouse"
MAY_LOSE = {"performance": 5, "accessibility": 0, "best-practices": 0}


def measure() -> list[Figure]:
    """How many points of 100 each page loses."""
    if CHROMIUM is None or not (INSTALLED / "node_modules" / "lighthouse").exists():
        print("NO LIGHTHOUSE HERE: run make lighthouse (needs Chromium and Node 20 or later)", file=sys.stderr)
        return []
    with TemporaryDirectory(prefix="medvirk-load-") as folder:
        installation = Installation.make(Path(folder))
        units = installation.settle(1, places=20)
        (code,) = installation.codes(installation.open_round(residents()), units, 1)
        installation.database.dispose()
        with servers.medvirk(installation.environ) as server:
            pages = _asked(f"http://127.0.0.1:{server.port}", code)
    return [
        Figure(f"Lighthouse, {page}: {name} lost", told[name]["lost"], "points", most, note=told[name]["why"])
        for page, told in pages.items()
        for name, most in MAY_LOSE.items()
    ]


def _asked(address: str, code: str) -> dict[str, dict[str, Any]]:
    shutil.copy(Path(__file__).parent / "run.mjs", INSTALLED)
    told = subprocess.run(
        ("node", "run.mjs", str(CHROMIUM), address, code), cwd=INSTALLED, check=True, stdout=subprocess.PIPE
    )
    pages: dict[str, dict[str, Any]] = json.loads(told.stdout)
    return pages
