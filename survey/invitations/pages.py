"""The page for who wants no more mail, and the address that mail programs post to (RFC 8058)."""

import logging

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from survey.invitations.unsubscribing import UnknownTokenError, is_invited, unsubscribe
from survey.keys import KeysError, KeyStore
from survey.languages import chosen
from survey.storage.engine import Database

_log = logging.getLogger(__name__)


def init(app: Flask, database: Database, keys: KeyStore) -> None:
    """Serve /no-more-mail. No cookie, no code and no sign-in: the token in the address is enough for this one thing."""
    blueprint = Blueprint("no_more_mail", __name__, template_folder="templates", url_prefix="/no-more-mail")

    @blueprint.get("/<token>")
    def ask(token: str) -> ResponseReturnValue:
        """Ask. Nothing happens here: programs look at what stands behind links."""
        return _page("ask" if is_invited(database, keys, token) else "done")

    @blueprint.post("/<token>")
    def stop(token: str) -> ResponseReturnValue:
        """Do it, as often as asked."""
        unsubscribe(database, keys, token)
        return _page("done")

    @blueprint.errorhandler(UnknownTokenError)
    def over(_error: UnknownTokenError) -> ResponseReturnValue:
        return _page("over"), 404

    @blueprint.errorhandler(SQLAlchemyError)
    @blueprint.errorhandler(KeysError)
    def not_now(error: Exception) -> ResponseReturnValue:
        _log.error("Nobody can end their mail now: %s", error if isinstance(error, KeysError) else type(error).__name__)
        return _page("trouble"), 503

    app.register_blueprint(blueprint)


def _page(state: str) -> str:
    return render_template("invitations/no_more_mail.html", state=state, language=chosen(), module="sound")
