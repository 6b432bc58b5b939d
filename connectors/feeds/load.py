"""Loading contracts, and saying what is wrong with them so that it can be mended: file, line, place, remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from connectors.feeds.model import FeedContract, options_model
from connectors.feeds.names import nearest_name
from connectors.feeds.yaml_lines import Lined, Steps, read_yaml

ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class ContractProblem:
    """One thing wrong with a contract. `where`: the place in the file, ``transport.limits.bytes``."""

    file: str
    line: int
    where: str
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f" [{self.where}]" if self.where else ""
        return f"{self.file}, line {self.line}{place}: {self.message} {self.remedy}".rstrip()


class ContractError(Exception):
    """A contract cannot be used; `problems` lists everything that is wrong with it, not only the first."""

    def __init__(self, problems: list[ContractProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems

    def __reduce__(self) -> tuple[object, ...]:
        """Let the error travel between processes."""
        return ContractError, (self.problems,)


@dataclass(frozen=True, slots=True)
class Register:
    """All contracts of a folder by name, and what is wrong with the others (which are left out)."""

    contracts: dict[str, FeedContract] = field(default_factory=dict)
    problems: list[ContractProblem] = field(default_factory=list)


def load_contract(path: Path | str) -> FeedContract:
    """Return the contract in a file. Raises `ContractError` with every problem found."""
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else "cannot be read"
        raise ContractError(
            [ContractProblem(str(file), 1, "", f"The file {reason}.", "Check path and encoding.")]
        ) from None
    return parse_contract(text, str(file), stem=file.stem)


def parse_contract(text: str, file: str = "(text)", *, stem: str | None = None) -> FeedContract:
    """Return the contract in a YAML text. `file`: for messages; `stem`: the name that the file says it has.

    Raises `ContractError`.
    """
    read = read_yaml(text)
    problems = [ContractProblem(file, one.line, _dotted(one.where), one.message, one.remedy) for one in read.problems]
    if not problems and not isinstance(read.data, dict):
        problems.append(ContractProblem(file, 1, "", "The file holds no contract.", "Begin with 'name: ...'."))
    contract = None
    if isinstance(read.data, dict):
        try:
            contract = FeedContract.model_validate(read.data)
        except ValidationError as error:
            problems.extend(_problems(error, read, file))
        problems.extend(_name_problem(read, file, stem))
    if problems or contract is None:
        raise ContractError(sorted(problems, key=lambda one: one.line))
    return contract


def load_register(folder: Path | str) -> Register:
    """Return the contracts of a folder (``*.yaml``, ``*.yml``). A contract with problems is left out, and two with
    one name are both left out: nobody can say which is meant."""
    place, register = Path(folder), Register()
    if not place.is_dir():
        problem = ContractProblem(str(place), 1, "", "There is no such folder.", "Check CATALOGUE_FEEDS_DIR.")
        return Register(problems=[problem])
    origins: dict[str, Path] = {}
    for file in sorted(one for one in place.iterdir() if one.suffix in ENDINGS and not one.name.startswith(".")):
        try:
            contract = load_contract(file)
        except ContractError as error:
            register.problems.extend(error.problems)
            continue
        if contract.name in origins:
            register.contracts.pop(contract.name, None)
            register.problems.append(_twice(file, origins[contract.name], contract.name))
            continue
        origins[contract.name] = file
        register.contracts[contract.name] = contract
    return register


def _twice(file: Path, other: Path, name: str) -> ContractProblem:
    return ContractProblem(
        str(file),
        1,
        "name",
        f"The name {name!r} is already used by {other.name}.",
        "Give one of the two another name, or remove it; until then neither is run.",
    )


def _name_problem(read: Lined, file: str, stem: str | None) -> Iterator[ContractProblem]:
    name = read.data.get("name")
    if stem is not None and isinstance(name, str) and name.strip() != stem:
        message = f"The file is called {stem!r}, but the contract in it {name.strip()!r}."
        yield ContractProblem(file, read.line(("name",)), "name", message, "Give file and contract the same name.")


# -- from pydantic's errors to ours ------------------------------------------------------------------------------------


def _problems(error: ValidationError, read: Lined, file: str) -> Iterator[ContractProblem]:
    entries = [(_place(entry["loc"], read.data), entry) for entry in error.errors(include_url=False)]
    meant = {(*where[:-1], _meant(where, read.data)) for where, entry in entries if entry["type"] == "extra_forbidden"}
    for where, entry in entries:
        if entry["type"] == "missing" and where in meant:
            continue  # it is there, misspelt, and said so
        message, remedy = _words(
            entry["type"], str(entry["msg"]), where, entry.get("ctx", {}), _meant(where, read.data)
        )
        yield ContractProblem(file, read.line(where), _dotted(where), message, remedy)


def _meant(where: Steps, data: Any) -> str:
    """Return the known key that a key of the file comes nearest to; empty if none is near."""
    return (nearest_name(str(where[-1]), _known_keys(where[:-1], data)) or "") if where else ""


def _place(location: tuple[str | int, ...], data: Any) -> Steps:
    """Return pydantic's location without the steps that are not in the file (the tag of a union's member)."""
    steps: list[str | int] = []
    current = data
    for number, step in enumerate(location):
        last = number == len(location) - 1
        if number and location[number - 1] == "authentication" and step in _TAGS:
            continue  # which way of authentication was tried; some are called like their own keys
        if _holds(current, step):
            current = current[step]
        elif not last or not isinstance(current, dict):
            continue
        steps.append(step)
    return tuple(steps)


def _holds(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def _words(kind: str, message: str, where: Steps, context: dict[str, Any], meant: str) -> tuple[str, str]:
    """Return message and remedy for one kind of pydantic's errors."""
    key = where[-1] if where else ""
    if kind == "extra_forbidden":
        suggestion = f"; did you mean {meant!r}?" if meant else "."
        return f"The key {key!r} is not known here{suggestion}", "Correct or remove it."
    if kind == "missing":
        return f"The key {key!r} is missing.", _REMEDIES.get(str(key), f"Add a line '{key}: ...' here.")
    if kind == "union_tag_not_found":
        return "It is not said which way of authentication this is.", f"Add 'type:' with one of {_TYPES}."
    if kind == "union_tag_invalid":
        return f"The type {context.get('tag')!r} is not known.", f"Use one of {_TYPES}."
    if kind == "value_error":
        return _sentence(str(context.get("error", message))), _REMEDIES.get(str(key), "Correct this line.")
    return _sentence(message), _REMEDIES.get(str(key), "Correct this line.")


_TAGS = frozenset({"header", "query", "basic", "bearer", "oauth2_client_credentials"})
_TYPES = "header, query, basic, bearer, oauth2_client_credentials"
_REMEDIES = {
    "expectations": "Say at least how many offerings this feed must hold (expectations: {least_offerings: 1}): without "
    "expectations a broken feed looks like a small one.",
    "least_offerings": "Say how few offerings in scope would mean that something is broken.",
    "reason": "Say why this exception is right, so that the next person can judge whether it still is.",
    "owner": "Name a person or desk at the source, with a mail address, who can mend the feed.",
    "institution": "Say whose offerings these are: name, country, identifiers.",
    "url": "Give the address of the feed, beginning with https://.",
}


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?")) else text + "."


def _known_keys(where: Steps, data: Any) -> list[str]:
    """Return the keys that a contract may hold at a place."""
    if where[:1] == ("format_options",):
        options = options_model(str(data.get("format")))
        return sorted(options.model_fields) if options is not None else []
    models: list[type[BaseModel]] = [FeedContract]
    for step in where:
        found = [model.model_fields[step].annotation for model in models if step in model.model_fields]
        models = [inner for annotation in found for inner in _models_in(annotation)] or models
    return sorted({name for model in models for name in model.model_fields})


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models_in(inner)]


def _dotted(where: Steps) -> str:
    return ".".join(str(step) for step in where)
