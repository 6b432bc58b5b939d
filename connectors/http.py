"""The careful way to a source's bytes.

A `Fetcher` serves one pull of one feed: it keeps the pace and the limits of the contract, retries what is worth
retrying, asks "has it changed?" with the validators of the last pull, and hands out bodies that are decoded and
complete. Redirects, credentials and addresses are the part of `connectors.exchange` and `connectors.addresses`.
Whatever goes wrong comes out as one `PullFailure`; nothing that leaves this module holds a secret.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, BinaryIO, NoReturn, Self, TypeVar, cast
from urllib.parse import urljoin

import msgspec
import requests
import tenacity

from connectors import bodies, sniffing
from connectors.addresses import Resolver, system_resolver
from connectors.documents import Fetched
from connectors.exchange import Exchange
from connectors.failures import PullFailure, from_status
from connectors.feeds.model import Transport
from connectors.naming import Names, ending
from connectors.snapshots import SnapshotProblem
from standard.observation import Observation

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

_KEPT_HEADERS = frozenset(
    {"age", "cache-control", "content-disposition", "content-encoding", "content-language", "content-length"}
    | {"content-type", "date", "etag", "expires", "last-modified", "link", "server", "x-total-count"}
)
"""Response headers that go into a manifest; all others (cookies, session ids) do not."""


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
    role: str
    name: str | None
    web_page: bool


class Fetcher:
    """Fetches for one pull. A context manager; not shared between threads.

    `transport`: of the contract. `allow_private_addresses`: of the installation; the contract's own permission is
    added. Either opens private addresses for the contract's own hosts only. `feed`: for log lines. `previous`:
    answers of the last pull by request key. `environment`, `sleep`, `resolve`: as the system has them, unless a test
    says otherwise.
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
        self._transport = transport
        self._feed = feed
        self._previous = previous or {}
        self._sleep = sleep
        self._exchange = Exchange(
            transport,
            private=allow_private_addresses or transport.allow_private_addresses,
            feed=feed,
            environment=os.environ if environment is None else environment,
            sleep=sleep,
            resolve=resolve,
        )
        self._names = Names()
        self._addresses: dict[str, str] = {}
        self._allowance = bodies.Allowance(transport.limits.bytes, transport.limits.decompressed_bytes)

    def __enter__(self) -> Self:
        self._exchange.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Close the connections. A failure on its way out and the notes are scrubbed: formats do not know secrets."""
        if isinstance(error, PullFailure):
            error.scrub(self._exchange.secrets.scrub)
        self._exchange.__exit__(kind, error, trace)

    @property
    def url(self) -> str:
        """The feed's address with its variables filled: for requests, not for showing."""
        return self._exchange.url

    @property
    def notes(self) -> list[Observation]:
        """Observations about the pull; formats and the page walk add theirs. They go into the snapshot's manifest."""
        return self._exchange.notes

    @property
    def most_pages(self) -> int:
        """How many pages one list may have at most (``transport.limits.pages``)."""
        return self._transport.limits.pages

    def shown(self, url: str) -> str:
        """Return an address as it may be shown and kept: without secrets."""
        return self._exchange.shown(url)

    def address_of(self, fetched: Fetched) -> str:
        """Return the true address of an answer of this pull, secrets included: for resolving links, not for showing."""
        return self._addresses[fetched.name]

    def scrubbed_notes(self) -> list[Observation]:
        """Return the notes with all secrets taken out."""
        scrubbed = self._exchange.secrets.scrub(msgspec.json.encode(self.notes).decode())
        return msgspec.json.decode(scrubbed, type=list[Observation])

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

        `url` may be relative to the feed's own. `params`: query parameters, added to those in `url`. `headers`: of this
        request (``Accept``). `role`, `name`: as in `Fetched`; without a name one is made from role and number.
        `web_page`: an HTML page is what is wanted; without it, HTML is a login or error page and a failure.
        """
        url, query, own = urljoin(self.url, url), dict(params or {}), dict(headers or {})
        request = _Request(url, query, own, self._key(url, query, own), role, name, web_page)
        return self._retrying(lambda: self._attempt(request))

    def post_form(self, url: str, form: Mapping[str, str], *, secrets: Sequence[str] = ()) -> dict[str, Any]:
        """Send a form to `url` (relative to the feed's own) and return the JSON object that answers it.

        For services that hand out a token; nothing of it is kept. `secrets`: texts of the form that must not be shown
        anywhere; the answer's are the caller's to guard. Tried again as any request is. Raises `PullFailure`.
        """
        for text in secrets:
            self._exchange.secrets.add(text)
        return self._retrying(lambda: self._exchange.post_form(urljoin(self.url, url), form))

    # -- retries -----------------------------------------------------------------------------------------------------

    def _retrying(self, attempt: Callable[[], Answer]) -> Answer:
        """Run an attempt until it succeeds, fails for good, or has been tried often enough."""
        return tenacity.Retrying(
            retry=tenacity.retry_if_exception(_is_transient),
            wait=self._wait,
            stop=self._stop,
            before_sleep=self._note_retry,
            sleep=self._sleep,
            retry_error_callback=_give_up,
        )(attempt)

    def _wait(self, state: tenacity.RetryCallState) -> float:
        """Return the seconds before the next attempt: what the server asks for, else doubling, with some jitter so
        that many feeds of one host do not come back at the same moment."""
        retries = self._transport.retries
        asked = _failure_of(state).retry_after
        if asked is not None:
            return asked
        doubling = tenacity.wait_exponential_jitter(
            multiplier=retries.first_wait, max=retries.longest_wait, jitter=retries.first_wait
        )
        return min(doubling(state), retries.longest_wait)

    def _stop(self, state: tenacity.RetryCallState) -> bool:
        retries, pause = self._transport.retries, state.upcoming_sleep
        too_long = pause > retries.longest_wait or time.monotonic() + pause > self._exchange.ends
        return too_long or state.attempt_number >= retries.attempts

    def _note_retry(self, state: tenacity.RetryCallState) -> None:
        logger.warning("%s: %s Next attempt in %.1f s.", self._feed, _failure_of(state).message, state.upcoming_sleep)

    # -- one request -------------------------------------------------------------------------------------------------

    def _attempt(self, request: _Request, *, conditional: bool = True) -> Fetched:
        kept = self._previous.get(request.key) if conditional else None
        with self._exchange.get(request.url, request.params, {**request.headers, **_conditions(kept)}) as (answer, url):
            if answer.status_code != 304 or kept is None:
                return self._fetched(request, answer, url)
            reused = self._reused(request, kept, answer, url)
        return reused or self._attempt(request, conditional=False)

    def _fetched(self, request: _Request, answer: requests.Response, url: str) -> Fetched:
        shown = self.shown(url)
        if answer.status_code not in (200, 203):
            raise from_status(answer.status_code, shown, retry_after=_retry_after(answer.headers.get("Retry-After")))
        encoding = answer.headers.get("Content-Encoding", "")
        raw = cast(bodies.RawBody, answer.raw)
        body = bodies.receive(raw, encoding, self._allowance, shown, self._exchange.check_time)
        return self._named(request, body, url, answer.status_code, self._kept_headers(answer))

    def _reused(self, request: _Request, kept: Kept, answer: requests.Response, url: str) -> Fetched | None:
        """Return the kept answer, or None if it cannot be read any more (then it is asked for without conditions)."""
        body = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=bodies.IN_MEMORY))  # noqa: SIM115 (handed on open)
        try:
            with kept.open() as stream:
                while piece := stream.read(bodies.PIECE):
                    body.write(piece)
        except SnapshotProblem as problem:
            logger.warning("%s: %s Asking for the document again.", self._feed, problem)
            return None
        body.seek(0)
        return self._named(request, body, url, 304, {**kept.headers, **self._kept_headers(answer)})

    def _named(self, request: _Request, body: BinaryIO, url: str, status: int, headers: dict[str, str]) -> Fetched:
        """Return the answer with its name, after a look at its first bytes: no content and web pages are failures."""
        shown, head = self.shown(url), body.read(sniffing.HEAD)
        body.seek(0)
        if not head.strip():
            raise from_status(204, shown)
        if not request.web_page and sniffing.looks_like_html(head):
            raise _web_page(shown, head)
        suffix = ending(head, headers.get("content-type", ""), shown)
        name = self._names.name(request.name, request.role, suffix)
        self._addresses[name] = url
        return Fetched(name, request.role, shown, body, status, headers, request.key)

    def _kept_headers(self, answer: requests.Response) -> dict[str, str]:
        scrub = self._exchange.secrets.scrub
        return {name.lower(): scrub(text) for name, text in answer.headers.items() if name.lower() in _KEPT_HEADERS}

    def _key(self, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> str:
        """Return the key of a request: its address and headers, secrets left out, as 16 hex digits."""
        plain = {k: v for k, v in self._transport.headers.items() if "${" not in v}
        parts = [self.shown(url), sorted(params.items()), sorted(headers.items()), sorted(plain.items())]
        return hashlib.sha256(self._exchange.secrets.scrub(msgspec.json.encode(parts).decode()).encode()).hexdigest()[
            :16
        ]


def _conditions(kept: Kept | None) -> dict[str, str]:
    if kept is None:
        return {}
    pairs = (("If-None-Match", kept.headers.get("etag")), ("If-Modified-Since", kept.headers.get("last-modified")))
    return {name: value for name, value in pairs if value}


def _retry_after(value: str | None) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for: a number, or a date (RFC 9110, 10.2.3)."""
    if not value:
        return None
    if value.strip().isdigit():
        return float(value.strip())
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _is_transient(error: BaseException) -> bool:
    return isinstance(error, PullFailure) and error.kind == "transient"


def _failure_of(state: tenacity.RetryCallState) -> PullFailure:
    error = state.outcome.exception() if state.outcome is not None else None
    assert isinstance(error, PullFailure)  # only transient pull failures come this far
    return error


def _give_up(state: tenacity.RetryCallState) -> NoReturn:
    """Raise the last failure, saying how often it was tried and how long the server wanted us to stay away."""
    failure = _failure_of(state)
    tried = f" Tried {state.attempt_number} times." if state.attempt_number > 1 else ""
    asked = f" The source asks to wait {failure.retry_after:.0f} seconds." if failure.retry_after else ""
    raise failure.again(message=failure.message + tried + asked) from None


def _web_page(url: str, head: bytes) -> PullFailure:
    kind = "a login page" if sniffing.looks_like_login(head) else "a web page"
    title = sniffing.page_title(head)
    named = f" with the title “{title}”" if title else ""
    return PullFailure(
        "source",
        "MC00-SOURCE-HTML",
        url=url,
        message=f"Instead of a feed, the source sent {kind}{named}, although with a status of success.",
        remedy="Open the address in a browser: the feed may have moved, or want credentials that the contract lacks.",
        status=200,
        facts={"kind": kind, "title": title or "(without title)"},
    )
