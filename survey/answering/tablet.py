"""What makes the page an app of its own on a tablet: it can be installed, and says so when there is no network."""

import datetime as dt

from flask import Blueprint, Flask, Response, current_app, jsonify, request, send_file
from werkzeug.exceptions import NotFound

from survey.access.codes import normalise
from survey.access.pictures import pictures
from survey.answering.pages import FOR_EVER, Desk
from survey.languages import chosen

blueprint = Blueprint("tablet", __name__, template_folder="templates")


def init(app: Flask) -> None:
    """Serve what a tablet keeps. `pages.init` comes before."""
    app.register_blueprint(blueprint)


def _desk() -> Desk:
    desk: Desk = current_app.extensions["medvirk.answering"]
    return desk


@blueprint.get("/sw.js")
def worker() -> Response:
    """The script that keeps pictures, letters and sound in the browser, and nothing of a person."""
    response = Response(_desk().pages.worker(), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"  # a new one must come
    return response


@blueprint.get("/queue")
def queue() -> str:
    """A survey day's tablet: who is next presses at the picture of their card."""
    return _desk().pages.queue(chosen())


@blueprint.post("/queue")
def let_wait() -> tuple[Response, int]:
    """A card's ticket and pictures. Whether the code can be used is told when its turn comes, as to all."""
    code = normalise(request.form.get("code", ""))
    if code is None:
        return jsonify(error="code_mistyped"), 422
    picture, second = pictures(code)
    ticket = _desk().tickets.issue(code, dt.datetime.now(dt.UTC))
    return jsonify(ticket=ticket, picture=picture, second=second), 200


@blueprint.get("/offline")
def offline() -> str:
    """What the browser shows while it has no network; it has kept it from before."""
    return _desk().pages.offline(chosen())


@blueprint.get("/sounds/<name>.pack")
def sounds(name: str) -> Response:
    """All that can be heard on a page."""
    path = _desk().packs.path(name)
    if path is None:
        raise NotFound
    response = send_file(path, mimetype="application/octet-stream")
    response.headers["Cache-Control"] = FOR_EVER
    return response


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """Name, colours and icons, for who puts Medvirk on a tablet's screen."""
    response = Response(_desk().pages.manifest(chosen()), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response
