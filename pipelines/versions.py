"""Versions of our own code, as fingerprints of its files.

Staged batches and the catalogue's versions are tied to the code that made them. A number that somebody must
remember to raise is forgotten; a hash over the package's files cannot be.
"""

from __future__ import annotations

import hashlib
import importlib.util
from functools import cache
from pathlib import Path

_PARTS = {".py", ".yaml", ".csv", ".json", ".tsv"}


@cache
def package_version(*packages: str) -> str:
    """Return 16 hex digits over the code and tables of `packages` (found, not imported), in the order given."""
    digest = hashlib.sha256()
    for package in packages:
        for file in _files(package):
            digest.update(f"{package}/{file.name}\n".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def reader_version() -> str:
    """What shapes a source offering: the connectors (a format leans on character sets, XML, limits) and the shape.

    The whole room, not a list of its modules: a list is forgotten as easily as a number.
    """
    return package_version("connectors", "standard.source_offering")


def mapping_version() -> str:
    """What turns a snapshot into offerings: the readers and the standard, in one fingerprint."""
    return hashlib.sha256(f"{reader_version()}\n{package_version('standard')}".encode()).hexdigest()[:16]


def step_version() -> str:
    """What shapes a staged batch beside the other rooms: the steps, what they say of a contract, and their reports."""
    return package_version("pipelines.steps", "pipelines.terms", "pipelines.reports", "pipelines.tally")


def _files(package: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise ModuleNotFoundError(f"no package {package!r} to fingerprint")
    if spec.submodule_search_locations:
        folder = Path(next(iter(spec.submodule_search_locations)))
        return sorted(file for file in folder.rglob("*") if file.suffix in _PARTS)
    return [Path(str(spec.origin))]
