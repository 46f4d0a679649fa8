"""Pages rendered once for all who see the very same: those that follow from a key, the reader's roles and language."""

from collections.abc import Callable, Hashable
from secrets import token_hex

from flask import Response, g, request, session
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf

from survey.desk.shelf import Shelf

_PLACE_OF_TOKEN = token_hex()  # in a kept page, where each reader's own goes


def page(shelf: Shelf, key: tuple[Hashable, ...], render: Callable[[Callable[[], str]], str]) -> ResponseReturnValue:
    """The page at this address. `render` gets what its template calls `csrf_token`.

    `key` is all else that the page follows from. The menu on top follows from the reader's roles; what is told to one
    reader once, after they did something, is in no kept page.
    """
    if "_flashes" in session:
        return render(generate_csrf)
    whole = (request.root_path, request.path, str(get_locale()), g.member.held, *key)
    kept = shelf.page(whole, lambda: render(lambda: _PLACE_OF_TOKEN), _PLACE_OF_TOKEN)
    return Response(generate_csrf().encode().join(kept), mimetype="text/html")
