"""YAML files that people keep and review: reviewed links, the national register.

Read as YAML 1.2 has it, where only ``true`` and ``false`` are truth values: in YAML 1.1, which the library reads, the
key ``on`` would be one, and so would Norway (``NO``).
"""

from __future__ import annotations

import re
from typing import Any

import yaml

_BOOL = "tag:yaml.org,2002:bool"


class _Loader(yaml.SafeLoader):
    """The library's safe loader with the truth values of YAML 1.2."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != _BOOL]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def read_yaml(text: str) -> Any:
    """Return what a text says. Raises `yaml.YAMLError`."""
    return yaml.load(text, _Loader)
