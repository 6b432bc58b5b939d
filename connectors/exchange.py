"""One request and its answer: credentials to the right origin only, redirects by hand, errors without secrets.

Proxies and ``.netrc`` of the environment are not used: a proxy would resolve names out of our sight, and a ``.netrc``
would send credentials that no contract names. A certificate authority of one's own can be given in the usual
variable ``REQUESTS_CA_BUNDLE``; verification itself is never switched off.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import msgspec
import requests
import urllib3.exceptions

from connectors.addresses import AddressRule, GuardedAdapter, Resolver
from connectors.bodies import ACCEPTED
from connectors.credentials import (
    Credentials,
    ScrubbingFilter,
    Secrets,
    client_credentials,
    resolve_address,
    resolve_credentials,
    secret_parameters,
)
from connectors.failures import PullFailure, from_exception, from_status
from connectors.feeds.model import OAuthAuthentication, Transport
from connectors.pace import pace
from standard.observation import Observation

logger = logging.getLogger(__name__)

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_AGENT = "micro-credential-catalogue/0.1 (harvester of a national course catalogue)"
_ANYWHERE = frozenset({"accept", "accept-language", "if-none-match", "if-modified-since"})
"""Headers that may go to any origin; all others stay with the feed's own."""
_TOKEN_BYTES = 1_000_000


@dataclass(slots=True)
class _Token:
    """A bearer token of OAuth and the moment (monotonic seconds) from which it is asked for anew."""

    header: str = field(repr=False)
    until: float


def origin(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address: credentials belong to exactly one of these."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


class Exchange:
    """Sends the requests of one pull. A context manager.

    `transport`: of the contract. `private`: private addresses are allowed for the contract's own hosts. Attributes:
    `url`, the feed's address with its variables filled; `secrets`, for scrubbing; `notes`, what is to be said.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        private: bool,
        feed: str,
        environment: Mapping[str, str],
        sleep: Callable[[float], None],
        resolve: Resolver,
    ) -> None:
        self.secrets = Secrets(secret_parameters(transport))
        self.url = resolve_address(transport, environment, self.secrets)
        self.notes: list[Observation] = []
        self._transport = transport
        self._feed = feed
        self._environment = environment
        self._sleep = sleep
        self._credentials = resolve_credentials(transport, environment, self.secrets)
        self._adapter = GuardedAdapter(AddressRule(self._own_hosts() if private else frozenset(), resolve))
        self._session = self._new_session()
        self._filter = ScrubbingFilter(self.secrets)
        self._timer = threading.Timer(transport.limits.seconds, self._adapter.interrupt)
        self.ends = time.monotonic() + transport.limits.seconds
        self._token: _Token | None = None

    def __enter__(self) -> Self:
        self.ends = time.monotonic() + self._transport.limits.seconds
        self._timer.daemon = True
        self._timer.start()
        logging.getLogger("urllib3.connectionpool").addFilter(self._filter)
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._session.close()
        logging.getLogger("urllib3.connectionpool").removeFilter(self._filter)

    def shown(self, url: str) -> str:
        """Return an address as it may be shown and kept."""
        return self.secrets.scrub_url(url)

    def check_time(self) -> None:
        """Raise `PullFailure` (transient) when the pull's time is used up."""
        if time.monotonic() < self.ends:
            return
        raise PullFailure(
            "transient",
            "MC00-PULL-TOO-LONG",
            url=self.shown(self.url),
            message=f"The pull did not end within {self._transport.limits.seconds:g} seconds.",
            remedy="If the source is truly that slow, raise transport.limits.seconds in the contract.",
        )

    @contextmanager
    def get(
        self, url: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> Iterator[tuple[requests.Response, str]]:
        """Send a request, follow its redirects, and give the last response (body unread) and its true address.

        Whatever the libraries raise, here or while the caller reads the body, becomes a `PullFailure`; the original
        is cut off because its text quotes whole addresses.
        """
        with self._guarding(url):
            response, final = self._followed(url, params, headers)
            try:
                yield response, final
            finally:
                response.close()

    @contextmanager
    def _guarding(self, url: str) -> Iterator[None]:
        try:
            yield
        except (OSError, urllib3.exceptions.HTTPError, ValueError) as error:
            self.check_time()
            raise from_exception(error, self.shown(url)) from None

    # -- redirects ---------------------------------------------------------------------------------------------------

    def _followed(
        self, url: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[requests.Response, str]:
        seen: list[str] = []
        while True:
            response = self._send(url, params, headers)
            final = response.url or url
            if response.status_code not in _REDIRECTS:
                return response, final
            response.close()
            seen.append(final)
            url, params = self._next_hop(response, final, seen), {}

    def _next_hop(self, response: requests.Response, url: str, seen: list[str]) -> str:
        shown = self.shown(url)
        # Header bytes come decoded as Latin-1; addresses in them are UTF-8 wherever they are not plain ASCII.
        location = response.headers.get("Location", "").strip().encode("latin-1", "replace").decode("utf-8", "replace")
        if not location:
            raise from_status(response.status_code, shown)
        target = urljoin(url, location)
        if target in seen:
            raise _redirect_failure(shown, "The redirects go round in a circle.")
        if len(seen) > self._transport.limits.redirects:
            raise _redirect_failure(shown, f"The source redirects more than {self._transport.limits.redirects} times.")
        if urlsplit(target).scheme not in ("http", "https"):
            raise _redirect_failure(shown, f"The source redirects to {urlsplit(target).scheme}:, which is not the web.")
        if response.status_code in (301, 308) and len(seen) == 1:
            self._note_moved(shown, self.shown(target))
        return target

    def _note_moved(self, old: str, new: str) -> None:
        note = Observation("MC00-SOURCE-MOVED", path=old, value=new[:200], facts={"old": old, "new": new})
        if note not in self.notes and origin(old) == origin(self.url):
            self.notes.append(note)

    # -- sending -----------------------------------------------------------------------------------------------------

    def _send(self, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> requests.Response:
        self.check_time()
        self._refuse_user_part(url)
        pace(urlsplit(url).netloc.lower(), self._transport.rate, self._sleep)
        logger.debug("%s: GET %s", self._feed, self.shown(url))
        own = self._credentials_for(url)
        kept = headers if own is not None else {k: v for k, v in headers.items() if k.lower() in _ANYWHERE}
        given = own or Credentials()
        return self._session.get(
            url,
            params={**params, **given.parameters},
            headers={**kept, **given.headers},
            timeout=self._transport.timeout,
            allow_redirects=False,
            stream=True,
        )

    def _refuse_user_part(self, url: str) -> None:
        if urlsplit(url).username is None:
            return
        raise PullFailure(
            "source",
            "MC00-PULL-ADDRESS-WRONG",
            url=self.shown(url),
            message="The source links to an address with a user name in it, which is not followed.",
            remedy="Tell the source's owner; credentials belong into transport.authentication of the contract.",
        )

    def _credentials_for(self, url: str) -> Credentials | None:
        """Return what goes with a request to `url`, None if it is not the feed's own origin.

        The same host by https where the contract says http is its own too (never the other way round).
        """
        here, there = origin(self.url), origin(url)
        upgraded = (here[0], there[0], here[1]) == ("http", "https", there[1]) and (here[2], there[2]) == (80, 443)
        if here != there and not upgraded:
            return None
        if not isinstance(self._transport.authentication, OAuthAuthentication):
            return self._credentials
        return Credentials({**self._credentials.headers, "Authorization": self._bearer()}, self._credentials.parameters)

    def _own_hosts(self) -> frozenset[str]:
        urls = [self.url]
        if isinstance(self._transport.authentication, OAuthAuthentication):
            urls.append(self._transport.authentication.token_url)
        return frozenset(origin(url)[1] for url in urls)

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.verify = self._environment.get("REQUESTS_CA_BUNDLE") or True
        session.headers.clear()
        session.headers.update({"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": ACCEPTED})
        session.mount("http://", self._adapter)
        session.mount("https://", self._adapter)
        return session

    # -- OAuth 2.0 ---------------------------------------------------------------------------------------------------

    def _bearer(self) -> str:
        """Return the Authorization header, asking for a token where there is none or it is about to expire."""
        if self._token is None or time.monotonic() >= self._token.until:
            assert isinstance(self._transport.authentication, OAuthAuthentication)  # the only caller has checked
            self._token = self._ask_for_token(self._transport.authentication)
        return self._token.header

    def _ask_for_token(self, way: OAuthAuthentication) -> _Token:
        form = {"grant_type": "client_credentials", **({"scope": way.scope} if way.scope else {})}
        client, secret = client_credentials(way, self._environment, self.secrets, self.shown(way.token_url))
        answer = self.post_form(way.token_url, form, (client, secret))
        token = answer.get("access_token")
        if not isinstance(token, str) or not token:
            raise _no_token(self.shown(way.token_url))
        lives = answer.get("expires_in")
        seconds = float(lives) if isinstance(lives, int | float) and lives > 0 else self._transport.limits.seconds
        return _Token("Bearer " + self.secrets.add(token), time.monotonic() + max(seconds - 30, seconds / 2))

    def post_form(self, url: str, form: Mapping[str, str], client: tuple[str, str] | None = None) -> dict[str, Any]:
        """Send a form and return the JSON object that answers it. Redirects are not followed.

        `client`: id and secret, sent with HTTP Basic as RFC 6749 (section 2.3.1) prefers; None where the form itself
        holds what is needed. Raises `PullFailure`.
        """
        with self._guarding(url):
            pace(urlsplit(url).netloc.lower(), self._transport.rate, self._sleep)
            timeout = self._transport.timeout
            sent = self._session.post(
                url, data=dict(form), auth=client, timeout=timeout, allow_redirects=False, stream=True
            )
            with sent as response:
                if response.status_code != 200:
                    raise from_status(response.status_code, self.shown(url), where="Asking for a token: ")
                body = response.raw.read(_TOKEN_BYTES, decode_content=True)
        try:
            return msgspec.json.decode(body, type=dict[str, Any])
        except msgspec.DecodeError:
            raise _no_token(self.shown(url)) from None


def _redirect_failure(url: str, message: str) -> PullFailure:
    return PullFailure(
        "source",
        "MC00-PULL-REDIRECTS",
        url=url,
        message=message,
        remedy="Put the final address of the feed into transport.url, or tell the source's owner.",
    )


def _no_token(url: str) -> PullFailure:
    return PullFailure(
        "source",
        "MC00-PULL-NO-TOKEN",
        url=url,
        message="The token service's answer holds no access_token.",
        remedy="Check transport.authentication.token_url and scope in the contract; else tell the source's owner.",
    )
