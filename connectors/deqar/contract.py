"""The contract with DEQAR: which of its ways in are used, for which countries, and how politely.

Its file is a YAML like a feed's. No secret stands in it: the token is read from ``DEQAR_TOKEN``, or asked for with
``DEQAR_USERNAME`` and ``DEQAR_PASSWORD``.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from croniter import croniter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from connectors.feeds.load import ContractError, ContractProblem
from connectors.feeds.model import ContractException, Transport
from connectors.feeds.yaml_lines import Lined, read_yaml

FEED = "deqar"
"""Name under which DEQAR's snapshots are kept."""

_COUNTRY = re.compile(r"^[A-Z]{2}(-[A-Za-z]{2,3})?$")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _country(code: str) -> str:
    if not _COUNTRY.match(code):
        raise ValueError(f"{code!r} has not the shape of a country code of DEQAR such as 'LU' or 'BE-fl'")
    return code


CountryCode = Annotated[str, AfterValidator(_country)]
PageSize = Annotated[int, Field(ge=1, le=10_000)]


class Providers(_Part):
    """Where institutions and other providers come from.

    `way`: ``connect_api`` (anonymous, all of them), ``web_api`` (token, only those with a report), ``csv`` (anonymous,
    all countries in one file). `details`: each one's own record too. `related`: also providers elsewhere that stand
    in a relationship to one of these.
    """

    way: Literal["connect_api", "web_api", "csv"] = "connect_api"
    page_size: PageSize = 1000
    details: bool = True
    related: bool = True


class Agencies(_Part):
    """Where agencies come from: ``web_api`` (token, with their activities) or ``csv``."""

    way: Literal["web_api", "csv"] = "web_api"
    page_size: PageSize = 200


class Reports(_Part):
    """Where reports come from: ``web_api`` (token), ``csv`` (fewer fields), or ``none``.

    `details`: of which reports the own record is fetched too: ``none``, those that name a programme which is not a
    full degree (``micro_credentials``), or ``all``.
    """

    way: Literal["web_api", "csv", "none"] = "web_api"
    page_size: PageSize = 500
    details: Literal["none", "micro_credentials", "all"] = "micro_credentials"


class RegisterExpectations(_Part):
    """What the register must hold to be let in. `greatest_drop`: share of providers or reports that may be gone since
    the last good register; None means the installation's default."""

    least_providers: Annotated[int, Field(ge=0)]
    least_reports: Annotated[int, Field(ge=0)]
    least_agencies: Annotated[int, Field(ge=0)] = 0
    greatest_drop: Annotated[float, Field(ge=0, le=1)] | None = None


class DeqarContract(_Part):
    """How DEQAR is read. Equal to its YAML file.

    `countries`: codes as DEQAR uses them; none means all. `without_token`: what to do where a way needs a token and
    there is none: take the nightly files instead (and say so), or fail.
    """

    name: Literal["deqar"] = "deqar"
    title: str
    licence: str | None = None
    credit: str | None = None
    transport: Transport
    schedule: str | None = None
    countries: list[CountryCode] = []
    providers: Providers = Providers()
    agencies: Agencies = Agencies()
    reports: Reports = Reports()
    without_token: Literal["csv", "fail"] = "csv"
    expectations: RegisterExpectations
    exceptions: list[ContractException] = []

    @field_validator("schedule")
    @classmethod
    def _cron(cls, line: str | None) -> str | None:
        if line is not None and (len(line.split()) != 5 or not croniter.is_valid(line)):
            raise ValueError(f"{line!r} is not a cron line of five fields, such as '30 1 * * *' (each day at 01:30)")
        return line

    @model_validator(mode="after")
    def _no_other_login(self) -> DeqarContract:
        if self.transport.authentication is not None:
            raise ValueError("DEQAR's login is not configured under transport; set DEQAR_TOKEN in the environment")
        return self

    def fingerprint(self) -> str:
        """Return 16 hex digits that change whenever anything in the contract changes."""
        canonical = msgspec.json.encode(self.model_dump(mode="json"), order="sorted")
        return hashlib.sha256(canonical).hexdigest()[:16]


def load_deqar_contract(path: Path | str) -> DeqarContract:
    """Return the contract in a file. Raises `ContractError` with every problem found."""
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        problem = ContractProblem(
            str(file), 1, "", "The file cannot be read as UTF-8 text.", "Check path and encoding."
        )
        raise ContractError([problem]) from None
    return parse_deqar_contract(text, str(file))


def parse_deqar_contract(text: str, file: str = "(text)") -> DeqarContract:
    """Return the contract in a YAML text. `file`: for messages. Raises `ContractError`."""
    read = read_yaml(text)
    if read.problems:
        raise ContractError([ContractProblem(file, p.line, "", p.message, p.remedy) for p in read.problems])
    try:
        return DeqarContract.model_validate(read.data)
    except ValidationError as error:
        raise ContractError(_problems(error, read, file)) from None


def _problems(error: ValidationError, read: Lined, file: str) -> list[ContractProblem]:
    entries = error.errors(include_url=False)
    found = [
        ContractProblem(
            file, read.line(one["loc"]), ".".join(map(str, one["loc"])), f"{one['msg']}.", "Correct this line."
        )
        for one in entries
    ]
    return sorted(found, key=lambda one: one.line)


def schema_text() -> str:
    """Return the JSON Schema of the contract, for editors, as it stands beside it."""
    schema: dict[str, Any] = DeqarContract.model_json_schema()
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path("feeds/deqar/contract.schema.json").write_text(schema_text(), encoding="utf-8")
