"""The shape of a feed's contract: every key that a ``feeds/<name>.yaml`` may hold, and what it may say.

A key that is not here is an error (with the nearest key as a suggestion): a misspelt ``expectations`` that was
silently ignored would let a broken feed through. Secrets never stand in a contract, only the names of the
environment variables that hold them.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from croniter import croniter
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)

from connectors import variables
from connectors.feeds.names import nearest
from standard.offering import Offering
from standard.source_offering import SourceOffering

_LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$")
_CURRENCY = re.compile(r"^[A-Z]{3}$")
_COUNTRY = re.compile(r"^[A-Z]{2}$")
_ENVIRONMENT = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
FEED_NAME = re.compile(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")
_NOT_SLOTS = frozenset({"path", "source_id", "refused", "observations"})
SLOTS = tuple(one.name for one in msgspec.structs.fields(SourceOffering) if one.name not in _NOT_SLOTS)
"""Slots of a source offering that look-ups may repair."""
_NOT_FILLED = frozenset({"offering_id", "feed", "source_id", "provenance", "completeness"})
ELEMENTS = tuple(one.name for one in msgspec.structs.fields(Offering) if one.name not in _NOT_FILLED)
"""Parts of an offering for which a least fill rate may be demanded."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _language(tag: str) -> str:
    if not _LANGUAGE.match(tag):
        raise ValueError(f"{tag!r} has not the shape of a language tag such as 'nl' or 'en-GB'")
    return tag


def _country(code: str) -> str:
    if not _COUNTRY.match(code):
        raise ValueError(f"{code!r} has not the shape of a two-letter country code such as 'NL'")
    return code


def _environment(name: str) -> str:
    if not _ENVIRONMENT.match(name):
        raise ValueError(f"{name!r} is not the name of an environment variable; never write the secret itself here")
    return name


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"{text!r} is not an address: {error}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(f"{text!r} is not a web address; http:// and https:// are allowed, nothing else")
    if parts.username or parts.password:
        raise ValueError("credentials must not stand in the address; use transport.authentication")
    return text


def _address_template(text: str) -> str:
    """Check an address that may hold variables; one without a default can only be checked when it is filled."""
    if "${" in variables.VARIABLE.sub("", text):
        raise ValueError("a variable in this address is not of the form ${NAME} or ${NAME:-default}")
    if variables.names(text) <= variables.with_default(text):
        _web_address(variables.expand(text, {}))
    return text


def _currency(code: str) -> str:
    if not _CURRENCY.match(code):
        raise ValueError(f"{code!r} has not the shape of a currency of ISO 4217 such as 'EUR'")
    return code


LanguageTag = Annotated[str, AfterValidator(_language)]
CountryCode = Annotated[str, AfterValidator(_country)]
CurrencyCode = Annotated[str, AfterValidator(_currency)]
EnvironmentName = Annotated[str, AfterValidator(_environment)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
AddressTemplate = Annotated[str, AfterValidator(_address_template)]
Share = Annotated[float, Field(ge=0, le=1)]
NonBlank = Annotated[str, Field(min_length=1)]


class Institution(_Part):
    """Whose offerings these are. `name`: one text, or texts by language tag. `identifiers`: kind → value
    (``schac``, ``deqar``, ``eter``, ``ror``, ``erasmus``, ``pic``, ``vat``, ...)."""

    name: Annotated[
        Annotated[NonBlank, Tag("text")] | Annotated[dict[LanguageTag, NonBlank], Tag("texts")],
        Discriminator(lambda value: "texts" if isinstance(value, dict) else "text"),
    ]
    country: CountryCode | None = None
    identifiers: dict[str, NonBlank] = {}
    homepage: WebAddress | None = None


class Owner(_Part):
    """Whom to write to about this feed, at the source."""

    name: NonBlank
    email: str

    @field_validator("email")
    @classmethod
    def _mail_address(cls, text: str) -> str:
        if not _EMAIL.match(text):
            raise ValueError(f"{text!r} has not the shape of a mail address")
        return text


class HeaderAuthentication(_Part):
    """A secret in a header of the source's choice (``api-key``)."""

    type: Literal["header"]
    header: NonBlank
    value_env: EnvironmentName


class QueryAuthentication(_Part):
    """A secret in a query parameter. Never shown: addresses are kept and logged with ``***`` in its place."""

    type: Literal["query"]
    parameter: NonBlank
    value_env: EnvironmentName


class BasicAuthentication(_Part):
    """HTTP Basic (RFC 7617)."""

    type: Literal["basic"]
    username_env: EnvironmentName
    password_env: EnvironmentName


class BearerAuthentication(_Part):
    """A bearer token (RFC 6750) that does not expire while we pull."""

    type: Literal["bearer"]
    token_env: EnvironmentName


class OAuthAuthentication(_Part):
    """OAuth 2.0 client credentials (RFC 6749, section 4.4): a token is asked for at `token_url` before each pull."""

    type: Literal["oauth2_client_credentials"]
    token_url: WebAddress
    client_id_env: EnvironmentName
    client_secret_env: EnvironmentName
    scope: str | None = None


Authentication = Annotated[
    HeaderAuthentication | QueryAuthentication | BasicAuthentication | BearerAuthentication | OAuthAuthentication,
    Field(discriminator="type"),
]


class Limits(_Part):
    """What one pull may take at most, all requests together. Beyond it the pull fails and says so.

    `bytes`: as received. `decompressed_bytes`: after content encoding. `redirects`: per request. `pages`: per list.
    `seconds`: of wall-clock time.
    """

    bytes: Annotated[int, Field(gt=0)] = 500_000_000
    decompressed_bytes: Annotated[int, Field(gt=0)] = 2_000_000_000
    redirects: Annotated[int, Field(ge=0, le=20)] = 5
    pages: Annotated[int, Field(gt=0)] = 2_000
    seconds: Annotated[float, Field(gt=0)] = 3_600


class Retries(_Part):
    """How often a transient failure is tried again. `attempts`: in all, the first included. `first_wait`: seconds
    before the second attempt, doubled each time. `longest_wait`: a ``Retry-After`` beyond it ends the pull."""

    attempts: Annotated[int, Field(ge=1, le=10)] = 4
    first_wait: Annotated[float, Field(ge=0)] = 1.0
    longest_wait: Annotated[float, Field(ge=0)] = 120.0


class Transport(_Part):
    """How the bytes are got.

    `url`: where the feed is; ``${NAME}`` and ``${NAME:-default}`` are filled from the environment by `address`, when
    something is pulled, never in the contract itself. A variable whose name says that it is a secret (KEY, TOKEN,
    SECRET, PASS) is never shown. `headers`: sent with each request; every variable in them counts as a secret.
    `secret_parameters`: query parameters whose value must not be shown. `rate`: most requests per second to one
    host. `timeout`: seconds without a sign of life. `allow_private_addresses`: the feed's own host may lie in a
    private network (with a reason under `exceptions`).
    """

    url: AddressTemplate
    headers: dict[str, str] = {}
    authentication: Authentication | None = None
    secret_parameters: list[str] = []
    rate: Annotated[float, Field(gt=0)] = 5.0
    timeout: Annotated[float, Field(gt=0)] = 30.0
    limits: Limits = Limits()
    retries: Retries = Retries()
    allow_private_addresses: bool = False

    def address(self, environment: Mapping[str, str] | None = None) -> str:
        """Return `url` with its variables filled from the environment (of this process by default).

        Raises `connectors.variables.MissingVariable`, and `ValueError` if what comes out is no web address.
        """
        return _web_address(variables.expand(self.url, os.environ if environment is None else environment))


class Defaults(_Part):
    """Used only where the format carries none; the catalogue marks such values as *from the contract*. `currency`: of
    prices above 0 that name none."""

    language: LanguageTag | None = None
    country: CountryCode | None = None
    currency: CurrencyCode | None = None


class Bounds(_Part):
    """Bounds in ECTS, both included."""

    min: Annotated[float, Field(ge=0)] | None = None
    max: Annotated[float, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Bounds:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min ({self.min:g}) is greater than max ({self.max:g})")
        return self


class Select(_Part):
    """Which items are micro-credentials; everything given must hold. `kinds`: of the format. `markers`: field →
    accepted values. `source_ids`: a look-up by hand."""

    kinds: list[NonBlank] = []
    markers: dict[NonBlank, list[NonBlank]] = {}
    ects: Bounds | None = None
    source_ids: list[NonBlank] = []


class Expectations(_Part):
    """What the feed must hold to be let in. Shares are between 0 and 1; absent means the installation's default.

    `least_offerings`: in scope. `greatest_drop`: of their number since the live version. `most_ids_lost`: share of
    live offerings that may leave at once. `most_rejected`: share of the selected. `greatest_fill_drop`: of any
    element. `least_fill`: element → share. `may_be_empty`: no offerings at all is no failure.
    """

    least_offerings: Annotated[int, Field(ge=0)]
    greatest_drop: Share | None = None
    most_ids_lost: Share | None = None
    most_rejected: Share | None = None
    greatest_fill_drop: Share | None = None
    least_fill: dict[str, Share] = {}
    may_be_empty: bool = False

    @field_validator("least_fill")
    @classmethod
    def _known_elements(cls, demands: dict[str, float]) -> dict[str, float]:
        _refuse_unknown(demands, ELEMENTS, "an element")
        return demands


class ContractException(_Part):
    """A departure from the rules that somebody decided on. `what`: the line of the contract, or the finding, it is
    about. `until`: the day on which it must be looked at again."""

    what: NonBlank
    reason: NonBlank
    until: date | None = None


class FeedContract(_Part):
    """One source of offerings: who, where, in which format, and what it must hold. Equal to its YAML file."""

    name: str
    title: NonBlank
    institution: Institution
    owner: Owner
    licence: NonBlank | None = None
    format: NonBlank
    format_options: dict[str, Any] = {}
    transport: Transport
    schedule: str | None = None
    defaults: Defaults = Defaults()
    select: Select | None = None
    lookups: dict[str, dict[str, str]] = {}
    expectations: Expectations
    exceptions: list[ContractException] = []

    @field_validator("name")
    @classmethod
    def _feed_name(cls, name: str) -> str:
        if not FEED_NAME.match(name):
            raise ValueError(
                f"{name!r} must be lower-case letters, digits and hyphens (at most 63), as in 'tue-courses'"
            )
        return name

    @field_validator("format")
    @classmethod
    def _known_format(cls, name: str) -> str:
        from connectors import formats

        known = formats.formats()
        if name not in known:
            raise ValueError(f"unknown format {name!r}{nearest(name, known)}; known are: {', '.join(sorted(known))}")
        return name

    @field_validator("schedule")
    @classmethod
    def _cron(cls, line: str | None) -> str | None:
        if line is not None and (len(line.split()) != 5 or not croniter.is_valid(line)):
            raise ValueError(f"{line!r} is not a cron line of five fields, such as '30 4 * * *' (each day at 04:30)")
        return line

    @field_validator("lookups")
    @classmethod
    def _known_slots(cls, lookups: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        _refuse_unknown(lookups, SLOTS, "a slot of a source offering")
        return lookups

    @field_validator("format_options")
    @classmethod
    def _options_of_the_format(cls, given: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        options = options_model(info.data.get("format", ""))
        if options is not None:
            options.model_validate(given)
        return given

    def overdue(self, today: date) -> list[ContractException]:
        """Return the exceptions whose day has come: somebody must decide again."""
        return [one for one in self.exceptions if one.until is not None and one.until <= today]

    def fingerprint(self) -> str:
        """Return 16 hex digits that change whenever anything in the contract changes. No secret goes into it."""
        canonical = msgspec.json.encode(self.model_dump(mode="json"), order="sorted")
        return hashlib.sha256(canonical).hexdigest()[:16]


def options_model(format_name: str) -> type[BaseModel] | None:
    """Return the model that the `format_options` of a format must fit, None if it has none or is not known."""
    from connectors import formats

    known = formats.formats().get(format_name)
    return None if known is None else known.options


def _refuse_unknown(given: dict[str, Any], known: tuple[str, ...], kind: str) -> None:
    for name in given:
        if name not in known:
            raise ValueError(f"{name!r} is not {kind}{nearest(name, known)}")
