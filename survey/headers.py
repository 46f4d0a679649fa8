"""What every response carries so that a browser asks nobody else for anything."""

from wsgiref.headers import Headers

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
PERMISSIONS = "camera=(), microphone=(), geolocation=()"

# Where staff record: these pages alone may hear the microphone, and play what it has heard.
BOOTHS = ("studio.booth", "studio.keep_voice")
BOOTH_POLICY = POLICY.replace("media-src 'self'", "media-src 'self' blob:")
BOOTH_PERMISSIONS = PERMISSIONS.replace("microphone=()", "microphone=(self)")

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",  # no other site can ask whether this browser knows a page's parts
}


def of_files(headers: Headers, path: str, url: str) -> None:
    """Add the headers of files that are served without the app."""
    for name, value in EVERYWHERE.items():
        headers[name] = value


def init(app: Flask) -> None:
    """Add the headers; pages with answers or codes are kept by no cache."""

    @app.after_request
    def protect(response: Response) -> Response:
        booth = request.endpoint in BOOTHS
        response.headers["Content-Security-Policy"] = BOOTH_POLICY if booth else POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers.update(EVERYWHERE)
        response.headers["Permissions-Policy"] = BOOTH_PERMISSIONS if booth else PERMISSIONS
        response.headers.setdefault("Cache-Control", "no-store")
        return response
