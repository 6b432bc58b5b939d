"""Why a pull failed, decided in one place: permanent, transient, or the source's fault.

Three kinds, three reactions. **transient**: the same request may well succeed later; `connectors.http` retries it
with back-off, and if that does not help the run may be retried. **permanent**: nothing changes until a person
changes something on our side (a secret, an address, a limit in the contract); retrying only loads the server. One
aggregator retried a permanent ``405`` 5,363 times before such a table existed. **source**: the source answered,
but with something that is no feed (a login page, a broken body, an endless list); the institution must act.

Status codes (RFC 9110 unless noted):

==================================  =========  ==========================================================
Answer                              Kind       Why
==================================  =========  ==========================================================
400, 406, 411-418, 421-424, 426,    permanent  the request itself is refused; the same request stays refused
428, 431, any other 4xx
401, 407                            permanent  no or wrong credentials
403, 451                            permanent  credentials understood, access refused
404, 410                            permanent  nothing at this address
405                                 permanent  the address does not answer this method
408, 425, 429                       transient  asked to come again (``Retry-After`` is honoured)
500, 502, 503, 504, other 5xx       transient  server or gateway in trouble
501, 505, 506, 508, 510, 511        source     the server says it will never do this (511: captive portal)
204, 205, 206, empty body           source     success without the content that was asked for
304 without a condition             source     nothing was kept that could be reused
3xx without address                 source     a redirect to nowhere
1xx, 6xx and above                  source     not an HTTP answer
==================================  =========  ==========================================================

Exceptions on the way: name not found → permanent (a typing error far more often than an outage; a name server that
does not answer is transient); connection refused, reset, timed out, cut off half-way, broken chunks → transient;
certificate not valid → source; other TLS trouble → transient; address refused by our rules, wrong address →
permanent; damaged compression, compression bomb, too many redirects, too many bytes → source; total time used up →
transient.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import requests.exceptions
import urllib3.exceptions

from connectors.addresses import AddressRefused
from standard.observation import Observation

Kind = Literal["permanent", "transient", "source"]


class PullFailure(Exception):
    """A pull ended without a snapshot. Everything in it is free of secrets.

    `kind`: see the module. `code`: the finding's stable code. `url`: where it happened. `message`: what happened;
    `remedy`: what a person should do. `retry_after`: seconds the server asked us to wait, if it did. `status`: the
    HTTP status, if there was an answer. `facts`: what else the words of the code's finding need.
    """

    def __init__(
        self,
        kind: Kind,
        code: str,
        *,
        url: str,
        message: str,
        remedy: str,
        retry_after: float | None = None,
        status: int | None = None,
        facts: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{message} [{url}] {remedy}")
        self.kind: Kind = kind
        self.code = code
        self.url = url
        self.message = message
        self.remedy = remedy
        self.retry_after = retry_after
        self.status = status
        self.facts = dict(facts or {})

    def observation(self) -> Observation:
        """Return the failure as an observation about the whole source, for the report of the run."""
        return Observation(self.code, path=self.url, facts={"message": self.message, **self.facts})

    def again(self, *, message: str) -> PullFailure:
        """Return the same failure with other words."""
        return _rebuild({**self._state(), "message": message})

    def scrub(self, scrub: Callable[[str], str]) -> None:
        """Take secrets out of all texts; for failures raised by those who do not know the secrets (formats)."""
        self.url, self.message, self.remedy = scrub(self.url), scrub(self.message), scrub(self.remedy)
        self.facts = {name: scrub(text) for name, text in self.facts.items()}
        self.args = (f"{self.message} [{self.url}] {self.remedy}",)

    def _state(self) -> dict[str, Any]:
        return dict(vars(self))

    def __reduce__(self) -> tuple[object, ...]:
        """Let the failure travel between processes (Dagster's executors pickle exceptions)."""
        return _rebuild, (self._state(),)


def _rebuild(state: dict[str, Any]) -> PullFailure:
    return PullFailure(state.pop("kind"), state.pop("code"), **state)


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: Kind
    code: str
    message: str
    remedy: str


_REFUSED = _Rule(
    "permanent",
    "MC00-PULL-REFUSED",
    "The source refuses the request with status {status}.",
    "Compare the address, the parameters and the headers in the contract with the source's documentation.",
)
_UNAUTHORISED = _Rule(
    "permanent",
    "MC00-PULL-UNAUTHORISED",
    "The source asks for credentials, or does not accept the ones it was given (status {status}).",
    "Check transport.authentication in the contract and the environment variables that it names.",
)
_FORBIDDEN = _Rule(
    "permanent",
    "MC00-PULL-FORBIDDEN",
    "The source refuses access (status {status}).",
    "Ask the source's owner to allow this client, or check that the credentials carry the right to read.",
)
_NOT_FOUND = _Rule(
    "permanent",
    "MC00-PULL-NOT-FOUND",
    "There is nothing at this address (status {status}).",
    "Correct transport.url in the contract, or ask the source's owner where the feed has gone.",
)
_BUSY = _Rule(
    "transient",
    "MC00-PULL-BUSY",
    "The source asks us to come again later (status {status}).",
    "Nothing to do if it goes away; if it stays, lower transport.rate in the contract or ask for a higher quota.",
)
_SERVER = _Rule(
    "transient",
    "MC00-PULL-SERVER-ERROR",
    "The source's server failed (status {status}).",
    "Nothing to do if it goes away; if it stays, tell the source's owner that this address answers with an error.",
)
_NEVER = _Rule(
    "source",
    "MC00-PULL-SERVER-ERROR",
    "The source's server says that it cannot answer this request (status {status}).",
    "Tell the source's owner; until then nothing can be pulled from this address.",
)
_NO_CONTENT = _Rule(
    "source",
    "MC00-PULL-EMPTY",
    "The source says that all is well, but sends no content: not even an empty list.",
    "Tell the source's owner; a source that has nothing to offer publishes an empty list, not an empty answer.",
)
_STRANGE = _Rule(
    "source",
    "MC00-PULL-STRANGE-ANSWER",
    "The source gave an answer that fits no request of ours (status {status}).",
    "Tell the source's owner, or check that transport.url is the address of the feed itself.",
)

_BY_STATUS: dict[int, _Rule] = {
    **dict.fromkeys((401, 407), _UNAUTHORISED),
    **dict.fromkeys((403, 451), _FORBIDDEN),
    **dict.fromkeys((404, 410), _NOT_FOUND),
    **dict.fromkeys((408, 425, 429), _BUSY),
    **dict.fromkeys((501, 505, 506, 508, 510, 511), _NEVER),
    **dict.fromkeys((204, 205), _NO_CONTENT),
}


def from_status(status: int, url: str, *, retry_after: float | None = None, where: str = "") -> PullFailure:
    """Return the failure for an HTTP status other than success.

    `where`: said before the message where the status is not the outer one ("Inside the gateway's answer: "), so that
    statuses inside a body are judged by the same table.
    """
    rule = _BY_STATUS.get(status) or {4: _REFUSED, 5: _SERVER}.get(status // 100, _STRANGE)
    message = where + rule.message.format(status=status)
    return PullFailure(
        rule.kind, rule.code, url=url, message=message, remedy=rule.remedy, retry_after=retry_after, status=status
    )


def from_observation(observation: Observation, url: str) -> PullFailure:
    """Return the failure for an answer that came whole but cannot be read as the feed's format.

    The words for people stand in the catalogue of codes, under the observation's code; the facts for them go along.
    """
    told = "; ".join(f"{name}: {value}" for name, value in observation.facts.items() if value)
    return PullFailure(
        "source",
        observation.code,
        url=url,
        message=f"The answer cannot be read as the feed's format ({told}).",
        remedy="See what the address answers; if the address is right, tell the source's owner.",
        facts={name: str(value) for name, value in observation.facts.items()},
    )


def from_exception(error: BaseException, url: str) -> PullFailure:
    """Return the failure for an exception of requests, urllib3, the socket or TLS layer.

    The original text is not taken over where it could hold an address with secrets; the caller raises the failure
    ``from None`` for the same reason.
    """
    chain = list(_causes(error))
    for decide in (_by_address, _by_name, _by_tls, _by_request, _by_damage, _by_time):
        failure = decide(chain, url)
        if failure is not None:
            return failure
    return PullFailure(
        "transient",
        "MC00-PULL-CONNECTION",
        url=url,
        message=f"The connection to the source failed ({_plain_reason(chain)}).",
        remedy="Nothing to do if it goes away; if it stays, check that the server is up and can be reached from here.",
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and everything wrapped in it (requests and urllib3 wrap several layers deep)."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inner = (*current.args, getattr(current, "reason", None), current.__cause__, current.__context__)
        waiting.extend(one for one in inner if isinstance(one, BaseException))


def _first(chain: list[BaseException], *kinds: type[BaseException]) -> BaseException | None:
    return next((one for one in chain if isinstance(one, kinds)), None)


def _by_address(chain: list[BaseException], url: str) -> PullFailure | None:
    refused = _first(chain, AddressRefused)
    if refused is None:
        return None
    return PullFailure(
        "permanent",
        "MC00-PULL-ADDRESS-REFUSED",
        url=url,
        message=str(refused),
        remedy="Use a public address. Only if this source truly lives in a private network, set "
        "transport.allow_private_addresses in its contract, with a reason under exceptions.",
    )


def _by_name(chain: list[BaseException], url: str) -> PullFailure | None:
    unresolved = _first(chain, socket.gaierror)
    if unresolved is None:
        return None
    later = unresolved.args[:1] == (socket.EAI_AGAIN,)
    return PullFailure(
        "transient" if later else "permanent",
        "MC00-PULL-NAME-UNKNOWN",
        url=url,
        message="The name server did not answer." if later else "No server of this name exists.",
        remedy="Check the host name in transport.url; if it is right, check the name service of this machine.",
    )


def _by_tls(chain: list[BaseException], url: str) -> PullFailure | None:
    certificate = _first(chain, ssl.SSLCertVerificationError)
    if certificate is None:
        return None
    reason = getattr(certificate, "verify_message", "") or "not valid"
    return PullFailure(
        "source",
        "MC00-PULL-CERTIFICATE",
        url=url,
        message=f"The server's certificate cannot be trusted: {reason}.",
        remedy="Tell the source's owner to renew or complete the certificate; verification is never switched off.",
    )


def _by_request(chain: list[BaseException], url: str) -> PullFailure | None:
    wrong = _first(
        chain,
        requests.exceptions.MissingSchema,
        requests.exceptions.InvalidSchema,
        requests.exceptions.InvalidURL,
        requests.exceptions.InvalidHeader,
        urllib3.exceptions.LocationParseError,
        UnicodeError,
    )
    if wrong is None:
        return None
    return PullFailure(
        "permanent",
        "MC00-PULL-ADDRESS-WRONG",
        url=url,
        message=f"No request can be made from this address or these headers ({type(wrong).__name__}).",
        remedy="Correct transport.url or transport.headers in the contract.",
    )


def _by_damage(chain: list[BaseException], url: str) -> PullFailure | None:
    if _first(chain, urllib3.exceptions.ProtocolError, requests.exceptions.ChunkedEncodingError) is None:
        return None
    return PullFailure(
        "transient",
        "MC00-PULL-CUT-OFF",
        url=url,
        message="The connection ended before the answer was complete.",
        remedy="Nothing to do if it goes away; if it stays, tell the source's owner that answers are cut off half-way.",
    )


def _by_time(chain: list[BaseException], url: str) -> PullFailure | None:
    unreached = _first(chain, urllib3.exceptions.NewConnectionError)  # a kind of time-out, for urllib3
    if unreached is not None or not _first(
        chain, TimeoutError, requests.exceptions.Timeout, urllib3.exceptions.TimeoutError
    ):
        return None
    return PullFailure(
        "transient",
        "MC00-PULL-TIMED-OUT",
        url=url,
        message="The source did not answer in time.",
        remedy="Nothing to do if it goes away; if it stays, raise transport.timeout, or tell the source's owner.",
    )


def _plain_reason(chain: list[BaseException]) -> str:
    """Return words for the innermost system error, never the text of a wrapping layer (it may quote the address)."""
    for one in reversed(chain):
        if isinstance(one, OSError) and one.strerror and not isinstance(one, requests.exceptions.RequestException):
            return one.strerror
    return type(chain[-1]).__name__
