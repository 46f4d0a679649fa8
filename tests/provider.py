"""A real OpenID Connect provider in a process of its own, and somebody in between who changes what it says."""

import base64
import hmac
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug import Request, Response
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from reports.release import Release
from survey.settings import Settings
from tests.staffed import install

SERVE = """
import sys
from oidc_provider_mock import run_server_in_thread
with run_server_in_thread() as server:
    print(server.server_port, flush=True)
    sys.stdin.read()
"""
NAME = "Bergen kommune"
Claims = dict[str, Any]


@contextmanager
def real_provider() -> Iterator[str]:
    """Its issuer."""
    environ = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-c", SERVE], env=environ, **pipes) as process:  # type: ignore[call-overload]
        port = int(process.stdout.readline())
        yield f"http://localhost:{port}"
        process.stdin.close()


def installed(folder: Path, issuer: str, *releases: Release) -> Settings:
    """Bergen's installation, whose staff sign in at this provider."""
    settings = install(folder, *releases)
    return replace(settings, oidc_issuer=issuer, oidc_client_id="medvirk", oidc_client_secret="s3cret", oidc_name=NAME)


def make_known(issuer: str, subject: str, **claims: object) -> None:
    """Make somebody known to the provider."""
    requests.put(f"{issuer}/users/{quote(subject)}", json=claims, timeout=10).raise_for_status()


def leave(client: FlaskClient) -> str:
    """Press the button: the address at the provider."""
    answer = client.get("/staff/sign-in/provider")
    assert answer.status_code == 302, answer.text
    assert answer.location
    return answer.location


def agree(address: str, subject: str) -> str:
    """Sign in at the provider: where it sends the browser back to."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
    return answer.headers["Location"]


def come_back(client: FlaskClient, address: str) -> TestResponse:
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def sign_in_there(client: FlaskClient, subject: str) -> TestResponse:
    """The whole way."""
    return come_back(client, agree(leave(client), subject))


@dataclass
class Between:
    """Stands between Medvirk and the provider: it forwards what is asked, and changes what is answered.

    `changes` by path; `asked` holds the forms that came, by path.
    """

    issuer: str = ""
    changes: dict[str, Callable[[Claims], Claims]] = field(default_factory=dict)
    asked: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "ours"}))

    def signing(self, change: Callable[[Claims], Claims], sign: Callable[[Claims], str] | None = None) -> None:
        """Change what the provider's ID tokens say, and sign them; the provider says that the key is its own."""
        self.changes["/jwks"] = lambda _: {"keys": [self.key.as_dict(private=False)]}

        def signed(token: Claims) -> Claims:
            body = token["id_token"].split(".")[1]
            claims = change(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
            return {**token, "id_token": (sign or with_key(self.key))(claims)}

        self.changes["/oauth2/token"] = signed


def with_key(key: RSAKey, kid: str = "ours") -> Callable[[Claims], str]:
    """Sign as a provider does."""
    return lambda claims: jwt.encode({"alg": "RS256", "kid": kid}, claims, key)


def by_hand(algorithm: str, secret: bytes) -> Callable[[Claims], str]:
    """Sign as no library would: with a secret, or not at all."""

    def sign(claims: Claims) -> str:
        parts = [_encoded(json.dumps(part).encode()) for part in ({"alg": algorithm, "kid": "ours"}, claims)]
        signature = hmac.digest(secret, ".".join(parts).encode(), "sha256") if secret else b""
        return ".".join([*parts, _encoded(signature)])

    return sign


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@contextmanager
def in_between(real: str) -> Iterator[Between]:
    """Somebody in between, who is the issuer that Medvirk knows."""
    between = Between()

    @Request.application
    def forward(request: Request) -> Response:
        between.asked.setdefault(request.path, []).append(request.form.to_dict())
        wanted = ("Host", "Authorization", "Content-Type")
        headers = {name: request.headers[name] for name in wanted if name in request.headers}
        address = real + request.full_path.rstrip("?")
        body = request.form.to_dict() or None
        sent = requests.request(request.method, address, headers=headers, data=body, allow_redirects=False, timeout=10)
        if request.path in between.changes:
            assert sent.ok, sent.text
            return Response(json.dumps(between.changes[request.path](sent.json())), mimetype="application/json")
        kept = {name: sent.headers[name] for name in ("Location", "Content-Type") if name in sent.headers}
        return Response(sent.content, sent.status_code, kept)

    server = make_server("localhost", 0, forward, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    between.issuer = f"http://localhost:{server.server_port}"
    yield between
    server.shutdown()
    thread.join()
    server.server_close()
