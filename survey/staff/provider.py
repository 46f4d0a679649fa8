"""The municipality's own sign-in, which says who somebody is: OpenID Connect, authorization code with PKCE.

Nothing is asked of it before somebody wants to sign in, and nothing it says is believed unasked: state, nonce,
issuer, audience, signature and time of its answers are checked.
"""

import datetime as dt
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_uri
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from survey.staff.identities import Begun, Identity, ProviderError, Trouble

TIME_LIMIT = 4  # seconds for each answer of the provider
SILENCE = 30  # seconds in which a provider that did not answer is not asked again: nobody else waits for it
FRESH = dt.timedelta(hours=1).total_seconds()  # so long its description of itself is kept
SIGNED_OUT = "/staff/sign-in"  # where the provider may send back whoever has signed out there
LEEWAY = 60  # seconds that the clocks may differ
# Signatures that only the provider can make: no "none", and none that is made with a secret we share.
_SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
_KEYS = ("RSA", "EC", "OKP")


class Provider:
    """One provider, as this installation is known to it."""

    def __init__(self, issuer: str, client_id: str, client_secret: str, name: str, back: str) -> None:
        """`name` is what people call it, `back` the address it sends them back to."""
        self.name = name
        self._issuer, self._client_id, self._client_secret, self._back = issuer, client_id, client_secret, back
        self._lock = threading.Lock()
        self._said: dict[str, Any] = {}
        self._ask_again = 0.0

    def begin(self) -> tuple[str, Begun]:
        """Where to send somebody who wants to sign in, and what their browser keeps meanwhile.

        Raises: ProviderError.
        """
        said = self._description()
        begun = Begun(state=generate_token(43), nonce=generate_token(43), verifier=generate_token(64))
        with self._session(said) as session:
            address, _ = session.create_authorization_url(
                said["authorization_endpoint"], state=begun.state, nonce=begun.nonce, code_verifier=begun.verifier
            )
        return address, begun

    def finish(self, begun: Begun, answer: Mapping[str, str]) -> Identity:
        """Who somebody is, by the answer they came back with; its state has been compared.

        Raises: ProviderError.
        """
        said = self._description()
        self._check_sender(said, answer)
        if "error" in answer:
            raise ProviderError(Trouble.CANCELLED, answer["error"])
        try:
            with self._session(said) as session:
                claims = self._claims(session, said, begun, answer.get("code", ""))
        except (requests.ConnectionError, requests.Timeout) as error:
            raise ProviderError(Trouble.UNREACHABLE, type(error).__name__) from None
        except (AuthlibBaseError, JoseError, requests.RequestException, ValueError, TypeError, KeyError) as error:
            raise ProviderError(Trouble.DOUBTFUL, f"{type(error).__name__}: {error}") from None
        return _identity(self._issuer, claims)

    def leaving(self) -> str | None:
        """Where somebody ends their session at the provider too; None: it has no such page, or cannot be reached.

        OpenID Connect RP-Initiated Logout 1.0. No ID token is kept, so the provider asks them whether they want to.
        """
        try:
            there = self._description().get("end_session_endpoint")
        except ProviderError:
            return None
        if not isinstance(there, str) or urlsplit(there).scheme not in ("https", urlsplit(self._issuer).scheme):
            return None
        back = urljoin(self._back, SIGNED_OUT)
        return str(add_params_to_uri(there, [("client_id", self._client_id), ("post_logout_redirect_uri", back)]))

    def _check_sender(self, said: Mapping[str, Any], answer: Mapping[str, str]) -> None:
        """Another provider's answer is not taken for this one's (RFC 9207)."""
        needed = said.get("authorization_response_iss_parameter_supported") is True
        if answer.get("iss", None if needed else self._issuer) != self._issuer:
            raise ProviderError(Trouble.DOUBTFUL, "the answer is of another issuer")

    def _claims(self, session: OAuth2Session, said: Mapping[str, Any], begun: Begun, code: str) -> Mapping[str, Any]:
        """What the provider says of whoever the code is of: its ID token, and what it tells only when asked."""
        token = session.fetch_token(
            said["token_endpoint"],
            grant_type="authorization_code",
            code=code,
            code_verifier=begun.verifier,
            redirect_uri=self._back,
            allow_redirects=False,
        )
        claims = self._verified(token, self._get(session, said["jwks_uri"]), begun.nonce)
        if "email" in claims or "userinfo_endpoint" not in said:
            return claims
        more = self._get(session, said["userinfo_endpoint"], withhold_token=False)
        if more["sub"] != claims["sub"]:
            raise ValueError("userinfo is of somebody else")
        return {**more, **claims}

    def _verified(self, token: Mapping[str, Any], keys: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        known = [key for key in keys["keys"] if key.get("kty") in _KEYS and key.get("use", "sig") == "sig"]
        registry = JWSRegistry(algorithms=_SIGNATURES, strict_check_header=False)
        decoded = jwt.decode(token["id_token"], KeySet.import_key_set({"keys": known}), registry=registry)
        ours = {"iss": self._issuer, "aud": self._client_id}
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {name: {"essential": True, "value": value} for name, value in ours.items()},
            {"nonce": nonce, "client_id": self._client_id, "access_token": token.get("access_token")},
        )
        claims.validate(leeway=LEEWAY)
        return dict(claims)

    def _description(self) -> dict[str, Any]:
        """What the provider says of itself; asked once an hour at most, and by one at a time."""
        if not self._lock.acquire(timeout=1):
            raise ProviderError(Trouble.UNREACHABLE, "others wait for it")
        try:
            if time.monotonic() < self._ask_again:
                if not self._said:
                    raise ProviderError(Trouble.UNREACHABLE, "it did not answer a moment ago")
                return self._said
            self._said, self._ask_again = {}, time.monotonic() + SILENCE
            self._said = self._asked()
            self._ask_again = time.monotonic() + FRESH
            return self._said
        finally:
            self._lock.release()

    def _asked(self) -> dict[str, Any]:
        address = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            with OAuth2Session(default_timeout=TIME_LIMIT) as session:
                said = self._get(session, address)
            endpoints = [said[name] for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        except (requests.RequestException, ValueError, KeyError) as error:
            raise ProviderError(Trouble.UNREACHABLE, f"{address}: {type(error).__name__}") from None
        if said.get("issuer") != self._issuer:
            raise ProviderError(Trouble.UNREACHABLE, f"MEDVIRK_OIDC_ISSUER is not what it calls itself at {address}")
        scheme = urlsplit(self._issuer).scheme
        if any(urlsplit(endpoint).scheme not in ("https", scheme) for endpoint in endpoints):
            raise ProviderError(Trouble.UNREACHABLE, "an address of it is without TLS")
        return said

    def _session(self, said: Mapping[str, Any]) -> OAuth2Session:
        ways = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return OAuth2Session(
            self._client_id,
            self._client_secret,
            scope="openid email",
            redirect_uri=self._back,
            code_challenge_method="S256",
            default_timeout=TIME_LIMIT,
            token_endpoint_auth_method="client_secret_basic" if "client_secret_basic" in ways else "client_secret_post",
        )

    def _get(self, session: OAuth2Session, address: str, withhold_token: bool = True) -> dict[str, Any]:
        answer = session.get(address, withhold_token=withhold_token)
        answer.raise_for_status()
        said = answer.json()
        if not isinstance(said, dict):
            raise ValueError("no JSON object")
        return said


def _identity(issuer: str, claims: Mapping[str, Any]) -> Identity:
    email, verified = claims.get("email"), claims.get("email_verified")
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise ProviderError(Trouble.DOUBTFUL, "it does not say who this is")
    if not isinstance(email, str) or verified not in (True, "true"):
        raise ProviderError(Trouble.UNVERIFIED, "it does not say that it has verified an e-mail address")
    return Identity(issuer, claims["sub"], email.strip().casefold())
