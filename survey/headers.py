"""What every response carries so that a browser asks nobody else for anything."""

from urllib.parse import urlsplit, urlunsplit
from wsgiref.headers import Headers

from flask import Flask, Response, redirect, request
from werkzeug.routing import RequestRedirect

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "media-src 'self' blob:",  # blob: a part of the pack of sounds, or what staff have just recorded
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

# Only where staff record may a page hear, and only where cards are scanned may it see.
BOOTHS = ("studio.booth", "studio.keep_voice", "studio.keep_video")
SCANNING = ("tablet.queue", "reaching.leftovers", "reaching.void")

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",  # no other site can ask whether this browser knows a page's parts
}
PAGES = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    **EVERYWHERE,
}


def of_files(headers: Headers, path: str, url: str) -> None:
    """Add the headers of files that are served without the app."""
    for name, value in EVERYWHERE.items():
        headers[name] = value


def init(app: Flask) -> None:
    """Add the headers; pages with answers or codes are kept by no cache."""

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.extend(PAGES)  # quicker than to set each, and no page has any of them yet
        microphone = "(self)" if request.endpoint in BOOTHS else "()"
        camera = "(self)" if request.endpoint in SCANNING else "()"
        response.headers.add("Permissions-Policy", f"camera={camera}, microphone={microphone}, geolocation=()")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    @app.after_request  # before the other: Flask goes from the last to the first
    def stay_here(response: Response) -> Response:
        """An address that lacks a slash leads on within this house, whatever host the request says that it came to."""
        if not isinstance(led_on := request.routing_exception, RequestRedirect):
            return response
        to = urlsplit(led_on.new_url)
        return app.make_response(redirect(urlunsplit(("", "", to.path, to.query, "")), led_on.code))
