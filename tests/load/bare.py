"""The measure of all figures: one Flask route with a page of 2 kB, served exactly as Medvirk is.

Run as `python -m tests.load.bare PORT`.
"""

import sys
from typing import Any
from unittest.mock import patch

from flask import Flask
from granian import Granian

from survey import serving

PAGE = f"<!doctype html>\n<title>Bare</title>\n<p>{'two kilobytes of a page ' * 81}</p>\n"


def create_app() -> Flask:
    """One route."""
    app = Flask(__name__)

    @app.get("/")
    def page() -> str:
        return PAGE

    return app


def bare_granian(_target: str, **settings: Any) -> object:
    """Medvirk's server, its processes and threads, with the bare app in it."""
    return Granian("tests.load.bare:create_app", **settings)


if __name__ == "__main__":
    with patch.object(serving, "Granian", bare_granian):
        serving.serve("127.0.0.1", int(sys.argv[1]), with_worker=False)
