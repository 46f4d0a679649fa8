"""The web application: a list of init calls, nothing else."""

from flask import Flask

from survey import assets, headers, languages
from survey.settings import ROOT, Settings
from survey.storage.engine import Database


def create_app(settings: Settings | None = None) -> Flask:
    """Put the rooms together."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 256 * 1024
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    database = Database(settings.database_url)
    app.extensions["medvirk.database"] = database
    assets.init(app, ROOT / "static", settings.data / "assets")
    headers.init(app)
    languages.init(app)

    @app.get("/healthz")
    def healthz() -> str:
        """Whether the process is up."""
        return "ok\n"

    return app
