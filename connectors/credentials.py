"""Secrets: read from the environment by name, sent to one origin only, never shown.

A contract names environment variables; this module turns them into headers and query parameters at the last moment
and knows the secret texts, so that everything that leaves the fetch layer (addresses, messages, headers, log lines)
can be scrubbed of them.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

from connectors.failures import PullFailure
from connectors.feeds.model import (
    BasicAuthentication,
    BearerAuthentication,
    HeaderAuthentication,
    OAuthAuthentication,
    QueryAuthentication,
    Transport,
)
from connectors.variables import MissingVariable, expand, names

HIDDEN = "***"
_ALWAYS_SECRET = frozenset(
    {"access_token", "api_key", "apikey", "api-key", "token", "password", "client_secret", "sig"}
)
"""Query parameters that are hidden even if no contract declares them (a redirect may bring one)."""
_SECRET_WORDS = ("KEY", "TOKEN", "SECRET", "PASS")
"""A variable of an address whose name holds one of these is a secret."""


@dataclass(slots=True)
class Secrets:
    """The secret texts of one pull, and the query parameters that hold some."""

    parameters: frozenset[str] = _ALWAYS_SECRET
    _texts: set[str] = field(default_factory=set)

    def add(self, text: str) -> str:
        """Remember a secret (in its encoded forms too) and return it."""
        if text:
            self._texts.update({text, quote(text, safe=""), quote_plus(text)})
        return text

    def scrub(self, text: str) -> str:
        """Return `text` with every known secret replaced by ``***``; longer ones first, so that no rest is left."""
        for secret in sorted(self._texts, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text

    def scrub_url(self, url: str) -> str:
        """Return an address that may be shown: without user part, secret parameters and known secrets."""
        try:
            parts = urlsplit(url)
            host = parts.netloc.rpartition("@")[2]
        except ValueError:
            return self.scrub(url)
        query = parts.query
        if query and any(name.casefold() in self.parameters for name, _ in parse_qsl(query, keep_blank_values=True)):
            pairs = parse_qsl(query, keep_blank_values=True)
            hidden = [(name, HIDDEN if name.casefold() in self.parameters else value) for name, value in pairs]
            query = urlencode(hidden, safe="*/:,")
        return self.scrub(urlunsplit((parts.scheme, host, parts.path, query, "")))


@dataclass(frozen=True, slots=True)
class Credentials:
    """What goes with each request to the feed's own origin, and to no other. Not shown by `repr`."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)


def secret_parameters(transport: Transport) -> frozenset[str]:
    """Return the names (folded) of all query parameters that hold a secret."""
    named = {name.casefold() for name in transport.secret_parameters}
    if isinstance(transport.authentication, QueryAuthentication):
        named.add(transport.authentication.parameter.casefold())
    return _ALWAYS_SECRET | named


def resolve_credentials(transport: Transport, environment: Mapping[str, str], secrets: Secrets) -> Credentials:
    """Read the secrets that a contract names. OAuth is not among them: its token has to be asked for.

    Raises `PullFailure` (permanent) naming the variable that is missing, never its value.
    """
    try:
        headers = {name: _header(text, environment, secrets) for name, text in transport.headers.items()}
        own, parameters = _authentication(transport, environment, secrets)
    except MissingVariable as missing:
        raise missing_secret(missing.name, transport.url) from None
    return Credentials({**headers, **own}, parameters)


def resolve_address(transport: Transport, environment: Mapping[str, str], secrets: Secrets) -> str:
    """Return the feed's address with its variables filled. Raises `PullFailure` as `resolve_credentials` does."""
    for name in names(transport.url):
        if any(word in name.upper() for word in _SECRET_WORDS):
            secrets.add(environment.get(name, ""))
    try:
        return transport.address(environment)
    except MissingVariable as missing:
        raise missing_secret(missing.name, transport.url) from None
    except ValueError as error:
        raise PullFailure(
            "permanent",
            "MC00-PULL-ADDRESS-WRONG",
            url=transport.url,
            message=secrets.scrub(f"With its variables filled, the address cannot be used: {error}."),
            remedy="Correct transport.url in the contract, or the environment variables that it names.",
        ) from None


def client_credentials(
    authentication: OAuthAuthentication, environment: Mapping[str, str], secrets: Secrets, url: str
) -> tuple[str, str]:
    """Return client id and secret of OAuth. Raises `PullFailure` as `resolve_credentials` does."""
    try:
        client = _variable(authentication.client_id_env, environment)
        return client, secrets.add(_variable(authentication.client_secret_env, environment))
    except MissingVariable as missing:
        raise missing_secret(missing.name, url) from None


def basic(username: str, password: str, secrets: Secrets) -> str:
    """Return the value of an Authorization header for HTTP Basic, remembered as a secret."""
    token = base64.b64encode(f"{username}:{password}".encode()).decode("ascii")
    return "Basic " + secrets.add(token)


def missing_secret(name: str, url: str) -> PullFailure:
    """Return the failure for a secret that is not in the environment."""
    return PullFailure(
        "permanent",
        "MC00-PULL-SECRET-MISSING",
        url=url,
        message=f"The environment variable {name}, which the contract names, is not set or is empty.",
        remedy=f"Set {name} where the pipeline runs (see transport in the feed's contract), then run the feed again.",
    )


def _variable(name: str, environment: Mapping[str, str]) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise MissingVariable(name)
    return value


def _header(text: str, environment: Mapping[str, str], secrets: Secrets) -> str:
    for name in names(text):
        secrets.add(environment.get(name, ""))
    return expand(text, environment)


def _authentication(
    transport: Transport, environment: Mapping[str, str], secrets: Secrets
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the headers and the query parameters of the authentication."""
    match transport.authentication:
        case HeaderAuthentication() as way:
            return {way.header: secrets.add(_variable(way.value_env, environment))}, {}
        case QueryAuthentication() as way:
            return {}, {way.parameter: secrets.add(_variable(way.value_env, environment))}
        case BasicAuthentication() as way:
            password = secrets.add(_variable(way.password_env, environment))
            return {"Authorization": basic(_variable(way.username_env, environment), password, secrets)}, {}
        case BearerAuthentication() as way:
            return {"Authorization": "Bearer " + secrets.add(_variable(way.token_env, environment))}, {}
        case _:
            return {}, {}


class ScrubbingFilter(logging.Filter):
    """Keeps secrets out of the debug lines of the HTTP library, which show whole request lines."""

    def __init__(self, secrets: Secrets) -> None:
        super().__init__()
        self._secrets = secrets

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the secrets in the finished message; never drop a line."""
        record.msg, record.args = self._secrets.scrub(record.getMessage()), ()
        return True
