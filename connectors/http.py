"""The careful way to a source's bytes.

A `Fetcher` serves one pull of one feed: it knows the contract's transport, holds the credentials, keeps the pace and
the limits, retries what is worth retrying, follows redirects by hand (each hop is checked), asks "has it changed?"
with the validators of the last pull, and hands out bodies that are decoded and complete. Whatever goes wrong comes
out as one `PullFailure`; nothing that leaves this module holds a secret.

Proxies and ``.netrc`` of the environment are not used: a proxy would resolve names out of our sight, and a ``.netrc``
would send credentials that no contract names. A certificate authority of one's own can be given in the usual
variable ``REQUESTS_CA_BUNDLE``.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import BinaryIO, Self, cast
from urllib.parse import urljoin, urlsplit

import msgspec
import requests
import tenacity
import urllib3.exceptions

from connectors import bodies, sniffing
from connectors.addresses import AddressRule, GuardedAdapter, Resolver, system_resolver
from connectors.credentials import (
    Credentials,
    ScrubbingFilter,
    Secrets,
    basic,
    client_credentials,
    resolve_address,
    resolve_credentials,
    secret_parameters,
)
from connectors.documents import Fetched
from connectors.failures import PullFailure, from_exception, from_status
from connectors.feeds.model import OAuthAuthentication, Transport
from connectors.naming import Names, ending
from connectors.pace import pace
from standard.observation import Observation

logger = logging.getLogger(__name__)

_KEPT_HEADERS = frozenset(
    "age cache-control content-disposition content-encoding content-language content-length content-type date etag "
    "expires last-modified link server x-total-count".split()
)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_AGENT = "micro-credential-catalogue/0.1 (harvester of a national course catalogue)"


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer of an earlier pull that may still hold. `headers`: with its validators. `open`: its bytes."""

    headers: Mapping[str, str]
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class _Request:
    """One request as the format asked for it. `key` finds its answer again in the next pull."""

    url: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    key: str
    role: str = ""
    name: str | None = None
    web_page: bool = False


@dataclass(slots=True)
class _Token:
    """A bearer token of OAuth and the moment (monotonic seconds) at which it should be renewed."""

    header: str = field(repr=False)
    until: float


class Fetcher:
    """Fetches for one pull. A context manager; not shared between threads.

    `transport`: of the contract. `allow_private_addresses`: of the installation; the contract's own permission is
    added. Either opens private addresses for the contract's own hosts only. `feed`: for log lines. `previous`:
    answers of the last pull by request key. `environment`, `sleep`, `resolve`: as the system has them, unless a test
    says otherwise.

    `notes`: observations about the pull, for the snapshot's manifest. `url`: the feed's address, variables filled.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        allow_private_addresses: bool,
        feed: str,
        previous: Mapping[str, Kept] | None = None,
        environment: Mapping[str, str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        resolve: Resolver = system_resolver,
    ) -> None:
        self.notes: list[Observation] = []
        self._transport = transport
        self._feed = feed
        self._previous = previous or {}
        self._environment = os.environ if environment is None else environment
        self._sleep = sleep
        self._secrets = Secrets(secret_parameters(transport))
        self.url = resolve_address(transport, self._environment, self._secrets)
        self._credentials = resolve_credentials(transport, self._environment, self._secrets)
        private = allow_private_addresses or transport.allow_private_addresses
        rule = AddressRule(self._own_hosts() if private else frozenset(), resolve)
        self._adapter = GuardedAdapter(rule)
        self._session = self._open_session()
        self._names = Names()
        self._allowance = bodies.Allowance(transport.limits.bytes, transport.limits.decompressed_bytes)
        self._ends = time.monotonic() + transport.limits.seconds
        self._timer: threading.Timer | None = None
        self._filter = ScrubbingFilter(self._secrets)
        self._token: _Token | None = None

    @property
    def most_pages(self) -> int:
        """How many pages one list may have at most (``transport.limits.pages``)."""
        return self._transport.limits.pages

    def __enter__(self) -> Self:
        self._ends = time.monotonic() + self._transport.limits.seconds
        self._timer = threading.Timer(self._transport.limits.seconds, self._adapter.interrupt)
        self._timer.daemon = True
        self._timer.start()
        logging.getLogger("urllib3.connectionpool").addFilter(self._filter)
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._session.close()
        logging.getLogger("urllib3.connectionpool").removeFilter(self._filter)

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        role: str = "",
        name: str | None = None,
        web_page: bool = False,
    ) -> Fetched:
        """Return the answer at `url`, complete and decoded. Raises `PullFailure`.

        `params`: query parameters, added to those in `url`. `headers`: of this request (``Accept``). `role`, `name`:
        as in `Fetched`; without a name one is made from role and number. `web_page`: an HTML page is what is wanted;
        without it, HTML is a login or error page and a failure.
        """
        query, own = dict(params or {}), dict(headers or {})
        request = _Request(url, query, own, self._key(url, query, own), role, name, web_page)
        return self._retrying(lambda: self._attempt(request), url)

    def post(self, url: str, data: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Fetched:
        """Return the answer to a form sent to `url`. For tokens only: no redirects, no conditions, no credentials of
        the feed. Raises `PullFailure`."""
        return self._retrying(lambda: self._post_once(url, data, dict(headers or {})), url)

    # -- retries -----------------------------------------------------------------------------------------------------

    def _retrying(self, attempt: Callable[[], Fetched], url: str) -> Fetched:
        """Run an attempt until it succeeds, fails for good, or has been tried often enough."""
        retries = self._transport.retries
        waiting = tenacity.wait_exponential_jitter(retries.first_wait, retries.longest_wait, jitter=retries.first_wait / 2)

        def wait(state: tenacity.RetryCallState) -> float:
            asked = _failure_of(state).retry_after
            return asked if asked is not None else waiting(state)

        def stop(state: tenacity.RetryCallState) -> bool:
            pause = state.upcoming_sleep
            too_long = pause > retries.longest_wait or time.monotonic() + pause > self._ends
            return too_long or state.attempt_number >= retries.attempts

        def note(state: tenacity.RetryCallState) -> None:
            failure = _failure_of(state)
            logger.warning("%s: %s Trying again in %.1f s.", self._feed, failure.message, state.upcoming_sleep)

        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_is_transient),
            wait=wait,
            stop=stop,
            before_sleep=note,
            sleep=self._sleep,
            retry_error_callback=_give_up,
        )
        return retrying(attempt)

    def _check_time(self) -> None:
        if time.monotonic() >= self._ends:
            raise PullFailure(
                "transient",
                "MC00-PULL-TOO-LONG",
                url=self._secrets.scrub_url(self.url),
                message=f"The pull did not end within {self._transport.limits.seconds:g} seconds.",
                remedy="If the source is truly that slow, raise transport.limits.seconds in the contract.",
            )

    # -- one request -------------------------------------------------------------------------------------------------

    def _attempt(self, request: _Request, *, conditional: bool = True) -> Fetched:
        kept = self._previous.get(request.key) if conditional else None
        headers = {**request.headers, **_conditions(kept)}
        with self._exchange(request.url, request.params, headers) as (response, url):
            if response.status_code == 304 and kept is not None:
                fetched = self._reuse(request, kept, response, url)
                return fetched if fetched is not None else self._attempt(request, conditional=False)
            return self._fetched(request, response, url)

    def _fetched(self, request: _Request, response: requests.Response, url: str) -> Fetched:
        shown = self._secrets.scrub_url(url)
        if response.status_code not in (200, 203):
            raise from_status(response.status_code, shown, retry_after=_retry_after(response))
        encoding = response.headers.get("Content-Encoding", "")
        body = bodies.receive(cast(bodies.RawBody, response.raw), encoding, self._allowance, shown, self._check_time)
        head = body.read(sniffing.HEAD)
        body.seek(0)
        if not head.strip():
            raise from_status(204, shown)
        if not request.web_page and sniffing.looks_like_html(head):
            raise _web_page(shown, head)
        headers = self._kept_headers(response)
        suffix = ending(head, headers.get("content-type", ""), url)
        name = self._names.name(request.name, request.role, suffix)
        return Fetched(name, request.role, shown, body, response.status_code, headers, request.key)

    def _reuse(self, request: _Request, kept: Kept, response: requests.Response, url: str) -> Fetched | None:
        """Return the kept answer, or None if it cannot be read any more (then it is asked for without conditions)."""
        from connectors.snapshots import SnapshotProblem, copy_of

        try:
            body = copy_of(kept.open())
        except SnapshotProblem as problem:
            logger.warning("%s: %s", self._feed, problem)
            return None
        head = body.read(sniffing.HEAD)
        body.seek(0)
        headers = {**kept.headers, **self._kept_headers(response)}
        name = self._names.name(request.name, request.role, ending(head, headers.get("content-type", ""), url))
        return Fetched(name, request.role, self._secrets.scrub_url(url), body, 304, headers, request.key)

    @contextmanager
    def _exchange(
        self, url: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> Iterator[tuple[requests.Response, str]]:
        """Send a request, follow its redirects, and give the last response with the address it came from.

        Everything the libraries raise, here or while the body is read, becomes a `PullFailure`; the original is cut
        off because its text quotes whole addresses.
        """
        response: requests.Response | None = None
        try:
            for hop in self._hops(url, params, headers):
                response, url = hop
            assert response is not None  # there is always a first hop
            yield response, url
        except (OSError, urllib3.exceptions.HTTPError, ValueError) as error:
            self._check_time()
            raise from_exception(error, self._secrets.scrub_url(url)) from None
        finally:
            if response is not None:
                response.close()

    def _hops(
        self, url: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> Iterator[tuple[requests.Response, str]]:
        seen: set[str] = set()
        while True:
            response = self._send(url, params, headers)
            final = response.url or url
            yield response, final
            if response.status_code not in _REDIRECTS:
                return
            response.close()
            seen.add(final)
            url, params = self._next_hop(response, final, seen), {}

    def _next_hop(self, response: requests.Response, url: str, seen: set[str]) -> str:
        shown = self._secrets.scrub_url(url)
        location = response.headers.get("Location", "").strip()
        if not location:
            raise from_status(response.status_code, shown)
        target = urljoin(url, _as_utf8(location))
        if target in seen or len(seen) > self._transport.limits.redirects:
            raise _redirect_failure(shown, len(seen), loop=target in seen)
        if urlsplit(target).scheme not in ("http", "https"):
            raise _refused_scheme(shown, urlsplit(target).scheme)
        if response.status_code in (301, 308):
            self._note_moved(shown, self._secrets.scrub_url(target))
        return target

    def _send(self, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> requests.Response:
        self._check_time()
        credentials = self._credentials_for(url)
        pace(urlsplit(url).netloc.lower(), self._transport.rate, self._sleep)
        logger.debug("%s: GET %s", self._feed, self._secrets.scrub_url(url))
        return self._session.get(
            url,
            params={**params, **credentials.parameters},
            headers={**headers, **credentials.headers} if credentials.headers else _harmless(headers, url, self.url),
            timeout=self._transport.timeout,
            allow_redirects=False,
            stream=True,
        )
