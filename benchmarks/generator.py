"""Feeds of any size, the same on every machine: synthetic offerings rendered as the demo's sources render theirs.

Texts are drawn from the words of the demo's content, per language, each as often as it stands there: the small words of
a language too, so that search and the check of languages meet what they would meet in earnest. About three in a
hundred records are flawed.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import msgspec

from pipelines.demo import content
from pipelines.demo.content import DemoInstitution, DemoOffering
from pipelines.demo.rendering import moochub, ooapi, spreadsheet, xcri

FORMATS = ("ooapi-5", "moochub-3", "xcri-cap-1.2", "spreadsheet")
PAGE = 250
"""Items on a page of an OOAPI list: the most that OOAPI v5 lets a client ask for."""

_FIELDS = (
    "0111",
    "0231",
    "0311",
    "0412",
    "0413",
    "0421",
    "0511",
    "0521",
    "0541",
    "0612",
    "0613",
    "0713",
    "0913",
    "0923",
)
_WORD = re.compile(r"[^\W\d_]+")


def write_feed(format_name: str, size: int, folder: Path, seed: int = 7) -> list[Path]:
    """Write a feed of `size` offerings in `format_name` into `folder`; return its files, in reading order."""
    folder.mkdir(parents=True, exist_ok=True)
    institution = DemoInstitution(
        "bench",
        {"en": "Bench University", "de": "Bench-Universität"},
        "bench.example",
        "Bettembourg",
        "bench@bench.example",
        list(offerings(size, seed)),
    )
    return [_write(folder / name, body) for name, body in _render(format_name, institution)]


def offerings(size: int, seed: int) -> Iterator[DemoOffering]:
    """Yield `size` synthetic offerings, the same ones for the same seed."""
    chance = random.Random(seed)
    for number in range(size):
        languages = chance.choice((("en",), ("de",), ("fr",), ("en", "fr"), ("de", "en")))
        texts = {language: _texts(chance, language) for language in languages}
        yield DemoOffering(f"B{number:07d}", texts, _facts(chance, number))


def _facts(chance: random.Random, number: int) -> dict[str, Any]:
    month = chance.randint(1, 6)
    facts: dict[str, Any] = {
        "code": f"BN-{number}",
        "ects": chance.choice((1, 2, 3, 4, 5, 6, 10)),
        "hours": 75,
        "level": chance.choice((5, 6, 6, 6, 7)),
        "field": chance.choice(_FIELDS),
        "mode": chance.choice(("online", "blended", "onsite")),
        "assessment": "project",
        "start": f"2027-{month:02d}-15",
        "end": f"2027-{month + 3:02d}-20",
        "price": chance.choice((0, 120, 250, 480, 900)),
    }
    if chance.random() < 0.03:
        facts.update(chance.choice(({"ects": 0}, {"end": "1970-01-01"}, {"field": "9999999"})))
    return facts


def _texts(chance: random.Random, language: str) -> dict[str, Any]:
    words, weights = _vocabulary(language)

    def sentence(length: int) -> str:
        return " ".join(chance.choices(words, cum_weights=weights, k=length)).capitalize()

    paragraph = ". ".join(sentence(chance.randint(8, 16)) for _ in range(10)) + "."
    return {"title": sentence(6), "text": paragraph, "outcomes": [sentence(8) for _ in range(6)]}


@cache
def _vocabulary(language: str) -> tuple[list[str], list[int]]:
    """The words of a language's texts, and how often each of them and all before it stand there."""
    found: Counter[str] = Counter()
    for key in content.institutions():
        for entry in content.institution(key).offerings:
            if language in entry.texts:
                texts = entry.texts[language]
                found.update(_WORD.findall(" ".join((texts["title"], texts["text"], *texts["outcomes"])).lower()))
    return list(found), list(accumulate(found.values()))


def _render(format_name: str, institution: DemoInstitution) -> Iterator[tuple[str, bytes]]:
    match format_name:
        case "ooapi-5":
            yield from _ooapi(institution)
        case "moochub-3":
            everything = moochub.document(institution, 3)
            yield "courses.json", msgspec.json.encode(everything)
        case "xcri-cap-1.2":
            yield "catalogue.xml", xcri.document(institution)
        case "spreadsheet":
            yield "offerings.csv", spreadsheet.offerings_csv(institution)
            yield "instances.csv", spreadsheet.instances_csv(institution)
        case _:
            raise ValueError(f"no generator for the format {format_name!r}; there are {', '.join(FORMATS)}")


def _ooapi(institution: DemoInstitution) -> Iterator[tuple[str, bytes]]:
    """Pages, as a pull brings them; made from one piece of the institution at a time."""
    yield "organizations.json", msgspec.json.encode(ooapi.answer(institution, "organizations", ""))
    for number, first in enumerate(range(0, len(institution.offerings), PAGE)):
        piece = replace(institution, offerings=institution.offerings[first : first + PAGE])
        for name in ("courses", "education-specifications"):
            page = ooapi.answer(piece, name, f"pageSize={PAGE}")
            yield f"{name}-{number:04d}.json", msgspec.json.encode(page)
        yield f"offerings-{number:04d}.json", msgspec.json.encode({"items": ooapi.all_runs(piece)})


def _write(path: Path, body: bytes) -> Path:
    path.write_bytes(body)
    return path
