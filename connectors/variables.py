"""``${NAME}`` and ``${NAME:-default}`` in addresses and headers of contracts, filled from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


class MissingVariable(Exception):
    """An environment variable that a contract names is not set. `name`: which."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the environment variable {name} is not set")
        self.name = name


def names(text: str) -> frozenset[str]:
    """Return the names of all variables in `text`."""
    return frozenset(found.group(1) for found in VARIABLE.finditer(text))


def with_default(text: str) -> frozenset[str]:
    """Return the names of the variables in `text` that have a default everywhere they stand."""
    bare = {found.group(1) for found in VARIABLE.finditer(text) if found.group(2) is None}
    return names(text) - bare


def expand(text: str, environment: Mapping[str, str]) -> str:
    """Return `text` with its variables filled. Raises `MissingVariable`.

    As in a shell, the default also holds where the variable is set but empty.
    """

    def value(found: re.Match[str]) -> str:
        name, default = found.group(1), found.group(2)
        given = environment.get(name) or default
        if given is None:
            raise MissingVariable(name)
        return given

    return VARIABLE.sub(value, text)
