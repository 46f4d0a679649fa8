"""The web application: a list of init calls, nothing else."""

from typing import TYPE_CHECKING

from flask import Flask, Response

from survey import (
    accessibility,
    assets,
    desk,
    headers,
    interviews,
    languages,
    reaching,
    registry,
    staff,
    studio,
    templating,
)
from survey.access.tickets import Tickets
from survey.answering import pages, tablet
from survey.demo import guard
from survey.desk import planning
from survey.desk.shelf import Shelf
from survey.invitations import pages as no_more_mail
from survey.keys import KeyStore
from survey.prints.press import Press
from survey.questionnaire.loading import (
    load_folder,
    meeting_phrases,
    page_phrases,
    print_phrases,
    spoken_by,
    view_blocks,
)
from survey.results import web as results
from survey.settings import ROOT, Settings
from survey.speech.library import SpeechLibrary
from survey.staff.by_provider import BACK
from survey.storage import migrating
from survey.storage.engine import Database
from survey.symbols import Catalogue, openmoji
from survey.talk import pages as talk

if TYPE_CHECKING:
    from survey.staff.provider import Provider


def create_app(settings: Settings | None = None) -> Flask:
    """Put the rooms together."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 256 * 1024
    templating.init(app)
    database = Database(settings.database_url)
    app.extensions["medvirk.database"] = database
    if settings.production:
        migrating.check_current(database)
        guard.refuse_demo_data(database)
    keys = KeyStore(settings.keys)
    assets.init(app, ROOT / "static", settings.data / "assets")
    headers.init(app)
    phrases = page_phrases(settings.content)
    languages.init(app, spoken_by(phrases))
    speech = SpeechLibrary(settings.data)
    catalogue = Catalogue.load(ROOT / "static" / "symbols", openmoji(), settings.data / "symbols")
    pages.init(
        app,
        database=database,
        keys=keys,
        phrases=phrases,
        catalogue=catalogue,
        speech=speech,
        tickets=Tickets(keys.session_key()),
        data=settings.data,
    )
    accessibility.init(app, responsible=settings.responsible, email=settings.accessibility_email)
    talk.init(app, database, keys)
    no_more_mail.init(app, database, keys)
    tablet.init(app)
    staff.init(app, database, keys.session_key(), settings.production, _provider(settings))
    questionnaires = load_folder(settings.content)
    interviews.init(app, database)
    press = Press(catalogue, {**phrases, **print_phrases(settings.content)}, settings.address)
    shelf = Shelf(database)
    desk.init(app, database, shelf, questionnaires, meeting_phrases(settings.content), press)
    results.init(app, database, shelf, app.extensions["medvirk.answering"].pages, press)
    planning.init(
        app,
        database,
        keys=keys,
        questionnaires=questionnaires,
        blocks=view_blocks(settings.content),
        pages=app.extensions["medvirk.answering"].pages,
        catalogue=catalogue,
        speech=speech,
        press=press,
        shelf=shelf,
    )
    reaching.init(app, database, keys, press)
    registry.init(app, database, settings.data)
    studio.init(
        app,
        database,
        phrases=phrases,
        questionnaires=questionnaires,
        speech=speech,
        catalogue=catalogue,
        data=settings.data,
    )

    @app.get("/healthz")
    def healthz() -> Response:
        """Whether the process is up."""
        return Response("ok\n", mimetype="text/plain")

    return app


def _provider(settings: Settings) -> "Provider | None":
    """The municipality's own sign-in, where there is one; else the libraries that speak to it are not even loaded."""
    if settings.oidc_issuer is None:
        return None
    from survey.staff.provider import Provider

    return Provider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret,
        settings.oidc_name,
        f"{settings.address}{BACK}",
    )
