"""What was once reached must not be lost: floors for every measure, in a file that is only ever raised.

A floor is raised by ``python -m tests.judged --raise-floors``, to what was measured, rounded down to two digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from pathlib import Path

import msgspec
import yaml

from tests.judged.judgements import CATALOGUES, Catalogue
from tests.judged.measures import Measure

FILE = Path(__file__).with_name("floors.yaml")
_HEAD = "# Raised by `python -m tests.judged --raise-floors`, never lowered. Catalogue, group, measure.\n"


class Floor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The least that a group's measures may be, 0 to 1."""

    ndcg: float = 0.0
    found: float = 0.0


Floors = dict[Catalogue, dict[str, Floor]]


def read(file: Path = FILE) -> Floors:
    """Read the floors; a catalogue without any has none. Raises `msgspec.ValidationError` for another shape."""
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return msgspec.convert(yaml.safe_load(text) or {}, Floors)


def write(floors: Floors, file: Path = FILE) -> None:
    """Write the floors, one group a line."""
    lines = [_HEAD]
    for catalogue in CATALOGUES:
        lines.append(f"{catalogue}:\n")
        for group, least in sorted(floors.get(catalogue, {}).items()):
            lines.append(f"  {group}: {{ndcg: {least.ndcg:.2f}, found: {least.found:.2f}}}\n")
    file.write_text("".join(lines), encoding="utf-8")


def raised(floors: Mapping[str, Floor], measured: Mapping[str, Measure]) -> dict[str, Floor]:
    """The floors of a catalogue, each raised to what was measured where that is more; groups that are gone go."""
    return {group: _raised(floors.get(group, Floor()), each) for group, each in measured.items()}


def _raised(least: Floor, measured: Measure) -> Floor:
    return Floor(max(least.ndcg, _down(measured.ndcg)), max(least.found, _down(measured.found)))


def _down(value: float) -> float:
    """Round down to two digits; a hair below a step (by the way floats are) is the step."""
    return floor(value * 100 + 1e-9) / 100


def below(floors: Mapping[str, Floor], measured: Mapping[str, Measure]) -> list[str]:
    """What is below its floor, and every group that has none, one line each."""
    told = []
    for group, each in measured.items():
        least = floors.get(group)
        if least is None:
            told.append(f"{group} has no floor yet: raise the floors")
            continue
        for name, value, wanted in (("nDCG@10", each.ndcg, least.ndcg), ("found", each.found, least.found)):
            if value < wanted - 1e-9:
                told.append(f"{group}: {name} is {value:.3f}, below its floor of {wanted:.2f}")
    return told
