"""A respondent's way: code page, questionnaire, Send, thanks. GET spends nothing; nothing is stored before Send."""

import datetime as dt
import gzip
import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, jsonify, request, send_file
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, NotFound

from survey.access.codes import normalise
from survey.access.redeem import Found, find
from survey.access.tickets import Tickets
from survey.access.wrong import count_wrong_code
from survey.answering.asked import Asked, Rounds
from survey.answering.keeping import UnreadableError, key_of_code, new_key, open_kept
from survey.answering.packing import Packed
from survey.answering.packs import Packs
from survey.answering.rendering import LADDER, CodeProblem, Kept, Pages, Place
from survey.answering.sheets import Sheets
from survey.answering.submission import Outcome, outcome_without_keys, submit
from survey.keys import KeysError, KeyStore
from survey.languages import chosen
from survey.questionnaire.answers import InvalidAnswer, read
from survey.questionnaire.model import Phrase
from survey.register import contacts
from survey.register.pictures import Pictures
from survey.signs import Signs
from survey.speech.library import SpeechLibrary
from survey.storage.engine import Database
from survey.symbols import Catalogue
from survey.watching import Watch

_log = logging.getLogger(__name__)
blueprint = Blueprint("answering", __name__, template_folder="templates")

PACKED = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
FOR_EVER = "public, max-age=31536000, immutable"
OWN_FIELDS = ("code", "round", "submission")  # of the page itself; all others are the questionnaire's
MEANT = "anyway"  # of who sends nothing at all, and was asked
MANNER = re.compile(r"[\w=&.-]{0,300}", re.ASCII)
STATUS = {Outcome.RECEIVED: 200, Outcome.ALREADY_RECEIVED: 200, Outcome.NOT_VALID: 409, Outcome.CLOSED: 410}


@dataclass(frozen=True)
class Desk:
    """What the routes work with."""

    database: Database
    keys: KeyStore
    rounds: Rounds
    contacts: contacts.Remembered
    pages: Pages
    sheets: Sheets
    packs: Packs
    speech: SpeechLibrary
    pictures: Pictures
    signs: Signs
    tickets: Tickets


def init(
    app: Flask,
    *,
    database: Database,
    keys: KeyStore,
    phrases: Mapping[str, Phrase],
    catalogue: Catalogue,
    speech: SpeechLibrary,
    tickets: Tickets,
    data: Path,
) -> None:
    """Serve the respondents' pages; `phrases` are the page's own."""
    sheets = Sheets(catalogue, data / "assets" / "sheets")
    packs = Packs(speech, data / "assets" / "sounds")
    pictures = Pictures(data / "places")
    signs = Signs(data / "signs")
    watch = Watch(data / "speech", data / "symbols", data / "places", data / "signs")
    pages = Pages(phrases, speech, sheets, packs, pictures, signs, watch)
    known = Rounds(database), contacts.Remembered(database)
    desk = Desk(database, keys, *known, pages, sheets, packs, speech, pictures, signs, tickets)
    app.extensions["medvirk.answering"] = desk
    app.register_blueprint(blueprint)
    app.register_error_handler(HTTPException, _refused)


def _desk() -> Desk:
    desk: Desk = current_app.extensions["medvirk.answering"]
    return desk


@blueprint.get("/")
@blueprint.get("/s")
def code_page() -> Response:
    """Where a code is written; a scanned one comes in the fragment, which no server sees."""
    return _packed(_desk().pages.empty_code(chosen()))


@blueprint.post("/start")
def start() -> Response:
    """The questionnaire a code opens. The code stays unspent."""
    desk = _desk()
    typed = request.form.get("code", "")
    if ticket := request.form.get("ticket"):
        code = desk.tickets.code(ticket, dt.datetime.now(dt.UTC))
    else:
        code = normalise(typed)
    if code is None and ticket:
        return _code_again("form_broken", 422)
    if code is None:
        return _code_again("code_mistyped" if typed.strip() else "code_missing", 422, typed[:40])
    found = find(desk.database, desk.keys, code)
    asked = desk.rounds.get(found.round_id) if found else None
    if found is None or asked is None:
        count_wrong_code(desk.database, dt.datetime.now(dt.UTC).date())
        return _code_again("code_not_valid", 409)
    if found.state != "open":
        return _html(desk.pages.outcome(chosen(), "closed", manner=_manner()), 410)
    language = _spoken(asked)
    prepared = desk.pages.prepared(asked, _place(asked, found, language), language)
    return _packed(prepared.head, prepared.tail_for(_own(asked, code)))


@blueprint.post("/submit")
def send() -> Response:
    """Take one answer, exactly once. JSON for the page's script, a page for those without."""
    fields = request.form.to_dict(flat=False)
    return _take_kept(fields) if "kept" in fields else _take(fields)


def _take_kept(fields: Mapping[str, list[str]]) -> Response:
    """An answer that waited on a tablet, as if it came now."""
    desk = _desk()
    given = {name: values[0] for name, values in fields.items()}
    asked = desk.rounds.get(given.get("round", ""))
    if asked is None:
        return _told(Outcome.NOT_VALID)
    try:
        wrapping = desk.keys.web(asked.round_id).wrapping
    except KeysError:
        return _told(outcome_without_keys(desk.database, asked.round_id))
    try:
        opened = open_kept(wrapping, given["kept"], given.get("key", ""))
    except UnreadableError:
        return _invalid({"kept": "form_broken"})
    return _take({**opened, "round": [asked.round_id]})


def _take(fields: dict[str, list[str]]) -> Response:
    given = {name: values[0] for name, values in fields.items()}
    own = {name: fields.pop(name, [""]) for name in OWN_FIELDS}
    meant = fields.pop(MEANT, None) is not None or _wants_json()  # the page's script has asked
    code = normalise(own["code"][0])
    if wrong := {name: "form_broken" for name, given in own.items() if len(given) != 1}:
        return _invalid(wrong)
    desk = _desk()
    asked = desk.rounds.get(own["round"][0])
    if code is None or asked is None:
        return _told(Outcome.NOT_VALID)
    if not re.fullmatch("[0-9a-f]{32}", own["submission"][0]):
        return _invalid({"submission": "form_broken"})
    try:
        answer = read(asked.questionnaire, fields)
    except InvalidAnswer as invalid:
        return _invalid(invalid.errors, asked, given | {"code": code})
    if not meant and answer.empty:
        return _invalid({}, asked, given | {"code": code}, empty=True)
    outcome = submit(
        desk.database,
        desk.keys,
        round_id=asked.round_id,
        questionnaire=asked.questionnaire,
        code=code,
        submission=own["submission"][0],
        answer=answer,
    )
    return _told(outcome, asked.questionnaire.audience)


@blueprint.get("/symbols/<name>.svg")
def symbols(name: str) -> Response:
    """A sheet of symbols."""
    kind = "br" if _takes("br") else "gzip"
    sheet = _desk().sheets.packed(name, kind)
    if sheet is None:
        raise NotFound
    response = Response(sheet, mimetype="image/svg+xml", headers=PACKED | {"Content-Encoding": kind})
    if not _takes(kind):
        response = Response(gzip.decompress(sheet), mimetype="image/svg+xml", headers={"Vary": "Accept-Encoding"})
    response.headers["Cache-Control"] = FOR_EVER
    return response


@blueprint.get("/speech/<name>.mp3")
def speech(name: str) -> Response:
    """One phrase, read aloud."""
    path = _desk().speech.path(f"{name}.mp3")
    if path is None:
        raise NotFound
    response = send_file(path, mimetype="audio/mpeg", conditional=True)
    response.headers["Cache-Control"] = FOR_EVER
    return response


@blueprint.get("/signs/<name>")
def signs(name: str) -> Response:
    """A video in which somebody signs a text."""
    path = _desk().signs.path(name)
    if path is None:
        raise NotFound
    response = send_file(path, mimetype=f"video/{path.suffix[1:]}", conditional=True)
    response.headers["Cache-Control"] = FOR_EVER
    return response


@blueprint.get("/places/<name>.webp")
def place_picture(name: str) -> Response:
    """A picture of a place."""
    path = _desk().pictures.path(f"{name}.webp")
    if path is None:
        raise NotFound
    response = send_file(path, mimetype="image/webp")
    response.headers["Cache-Control"] = FOR_EVER
    return response


@blueprint.get("/about")
def about() -> str:
    """What Medvirk is, and whom it owes its pictures, letters and voices."""
    return _desk().pages.about(chosen())


def _own(asked: Asked, code: str) -> dict[str, str]:
    """What one person's page alone has."""
    wrapping = _desk().keys.web(asked.round_id).wrapping
    key, wrapped = new_key(wrapping)
    return {
        "code": code,
        "submission": secrets.token_hex(16),
        "manner": _manner(),
        "key": key,
        "wrapped": wrapped,
        "unfinished": key_of_code(wrapping, code) if asked.keep_unfinished else "",
    }


def _packed(head: Packed, tail: bytes = b"") -> Response:
    if not _takes("gzip"):
        return Response(head.plain(tail), mimetype="text/html", headers={"Vary": "Accept-Encoding"})
    return Response(head.gzipped(tail), mimetype="text/html", headers=PACKED)


def _takes(encoding: str) -> bool:
    return encoding in request.headers.get("Accept-Encoding", "")


def _wants_json() -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _spoken(asked: Asked) -> str:
    """The chosen language, where the questionnaire has it."""
    languages = asked.questionnaire.languages
    return language if (language := chosen()) in languages else languages[0]


def _manner() -> str:
    """How the person wants the page, as its script wrote it: "theme=dark&way=scan"."""
    given = request.form.get("manner", "")
    return given if MANNER.fullmatch(given) else ""


def _place(asked: Asked, found: Found, language: str) -> Place:
    """The unit that a code is about; only residents are offered to talk to somebody."""
    listening = _desk().contacts.of(found.unit_id) if asked.questionnaire.audience == "resident" else ()
    named = language if found.place.get(language) else next(iter(found.place))
    return Place(found.unit_id, found.place[named], named, listening)


def _html(page: str, status: int) -> Response:
    return Response(page, status=status, mimetype="text/html")


def _json(status: str, code: int, errors: Mapping[str, str] | None = None) -> Response:
    response = jsonify(status=status, errors=errors or {})
    response.status_code = code
    return response


def _code_again(problem: CodeProblem, status: int, typed: str = "") -> Response:
    return _html(_desk().pages.code(chosen(), problem=problem, typed=typed, manner=_manner()), status)


def _told(outcome: Outcome, audience: str = "") -> Response:
    if outcome is Outcome.NOT_VALID:
        count_wrong_code(_desk().database, dt.datetime.now(dt.UTC).date())
    if _wants_json():
        return _json(outcome, STATUS[outcome])
    return _html(_desk().pages.outcome(chosen(), outcome, audience), STATUS[outcome])


def _invalid(
    errors: Mapping[str, str],
    asked: Asked | None = None,
    given: Mapping[str, str] | None = None,
    *,
    empty: bool = False,
) -> Response:
    """What must be put right; without JavaScript the questionnaire again, with all that was answered (`given`)."""
    if _wants_json():
        return _json("invalid", 422, errors)
    desk = _desk()
    found = find(desk.database, desk.keys, given["code"]) if given else None
    if asked is None or given is None or found is None or found.round_id != asked.round_id:
        return _code_again("form_broken", 422)
    language = _spoken(asked)
    kept = Kept({"ladder": str(LADDER), **given}, errors, empty)
    return _html(desk.pages.again(asked, _place(asked, found, language), language, kept), 422)


@blueprint.errorhandler(DataError)
def _unreadable(_error: DataError) -> Response:
    """A sign that no database keeps, in a field that no page of ours fills so."""
    return _invalid({"round": "form_broken"})


@blueprint.errorhandler(SQLAlchemyError)
@blueprint.errorhandler(KeysError)
def _not_now(error: Exception) -> Response:
    """Database or keys cannot be reached. Nothing is lost: what was sent is sent again by one press."""
    # What a database says of an error may quote a row; what we say of keys names the cure.
    _log.error("No answers can be taken now: %s", error if isinstance(error, KeysError) else type(error).__name__)
    if _wants_json():
        return _json("unavailable", 503)
    kept = request.form.to_dict(flat=False) if request.method == "POST" else {}
    return _html(_desk().pages.trouble(chosen(), "too_busy", request.path, kept), 503)


def _refused(error: HTTPException) -> Response:
    """An address or a request we do not have, told in the person's language."""
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if _wants_json():
        return _json("unavailable" if code >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid", code)
    title = "not_found_title" if code == HTTPStatus.NOT_FOUND else "error_title"
    return _html(_desk().pages.trouble(chosen(), title, "/s", {}), code)
