"""A register of any size and the offerings that rest on it, the same on every machine.

Providers differ in size as they do in life: a few have most of the reports and most of the offerings. A fifth of the
providers is at home in the catalogue's country, with half of the reports; half of the programmes in these are
micro-credentials, and most of those bear the name of an offering. Reports expire, are negative, overlap and follow one
another; agencies come and go; institutions merge, have faculties and form alliances.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from typing import Any

import msgspec

from pipelines.demo.deqar.model import (
    Activity,
    Agency,
    Country,
    File,
    Group,
    Hierarchy,
    History,
    Identifier,
    Institution,
    Location,
    Name,
    Programme,
    Report,
    World,
    world_of,
)
from standard.offering import Level, Offering, Organisation, Workload, offering_id

TODAY = date(2026, 11, 22)
"""The day on the clocks of register and catalogue."""

FEED = "bench"
_HOME, _ABROAD = "LU", ("FR", "DE", "BE", "NL", "IT", "ES", "PT", "AT", "PL", "FI")
_NAMES = (
    "Luxembourg",
    "France",
    "Germany",
    "Belgium",
    "Netherlands",
    "Italy",
    "Spain",
    "Portugal",
    "Austria",
    "Poland",
)
_TYPES = {1: 41, 2: 42, 4: 43}
"""Kind of activity → number of its group."""
_SUBJECTS = (
    "Data", "Nursing", "Energy", "Law", "Logistics", "Teaching", "Finance", "Design", "Networks", "Ecology", "Robotics",
    "Statistics", "Negotiation", "Archives", "Forestry", "Accounting", "Languages", "Security", "Materials", "Tourism",
)  # fmt: skip
_WORDS = ("Applied", "Advanced", "Practical", "Digital", "Sustainable", "Clinical", "Introductory", "Modern", "Open")


@dataclass(frozen=True)
class Size:
    """How large a register is, and the catalogue beside it."""

    providers: int = 10_000
    reports: int = 150_000
    programmes: int = 300_000
    offerings: int = 100_000
    seed: int = 7

    @property
    def home(self) -> int:
        """Providers of the catalogue's country: the first ones."""
        return max(1, self.providers // 5)

    @property
    def slug(self) -> str:
        """The size in the name of a file."""
        return f"{self.providers}-{self.reports}-{self.programmes}-{self.offerings}-{self.seed}"

    @cached_property
    def weights(self) -> list[float]:
        """Sizes of the providers, added up, for drawing one."""
        return list(accumulate((4 if rank < self.home else 1) * self._weight(rank) for rank in range(self.providers)))

    def _weight(self, rank: int) -> float:
        return float(1 / (rank % self.home + 20) ** 0.7)


def size_of(slug: str) -> Size:
    """The size that a slug names."""
    return Size(*map(int, slug.split("-")))


def title(provider: int, number: int) -> str:
    """The title of a provider's offering."""
    chance = random.Random(provider * 1_000_003 + number)
    return f"{chance.choice(_WORDS)} {chance.choice(_SUBJECTS)} and {chance.choice(_SUBJECTS)} {number}"


def facts(provider: int, number: int) -> tuple[int, int]:
    """Workload (ECTS) and EQF level of a provider's offering."""
    return (provider + number) % 9 + 2, 6 + (provider * number) % 2


def name_of(provider: int) -> str:
    """The name of a provider, no two alike."""
    chance = random.Random(provider)
    place = "".join(chance.choice(("ba", "rin", "to", "lux", "mel", "dor", "ken", "sta", "vil")) for _ in range(3))
    return f"University of {place.capitalize()} {chance.choice(_SUBJECTS)} {provider}"


# -- the register ------------------------------------------------------------------------------------------------------


def register(size: Size) -> World:
    """Return the register as the stand-in for DEQAR serves it."""
    chance = random.Random(size.seed)
    tables = {
        "countries": [_country(number) for number in range(len(_NAMES))],
        "agencies": [_agency(number) for number in range(1, 51)],
        "groups": [Group(_TYPES[kind], f"Kind {kind}", kind) for kind in _TYPES],
        "activities": [
            Activity(agency * 10 + kind, agency, _TYPES[kind], f"Review {kind}")
            for agency in range(1, 51)
            for kind in _TYPES
        ],
        "institutions": [_provider(number, size, chance) for number in range(1, size.providers + 1)],
        "reports": [],
        "hierarchy": _hierarchy(size),
        "history": [History(n, n + 1, 2, "2021-09-01") for n in range(50, size.providers, 97)],
    }
    world = world_of(msgspec.to_builtins(tables), lambda: datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC))
    world.reports.update((one.id, one) for one in _reports(size, chance))
    return world


def _country(number: int) -> Country:
    code = (_HOME, *_ABROAD)[number]
    return Country(100 + number, _NAMES[number], code, ehea=True)


def _agency(number: int) -> Agency:
    ended = "2023-12-31" if number % 10 == 0 else None
    acronym = f"AG{number}"
    return Agency(
        number,
        900 + number,
        f"Agency {number}",
        acronym,
        100 + number % len(_NAMES),
        registration_start="2022-01-01" if number % 7 == 0 else "2009-01-01",
        registration_valid_to=ended,
        registered=ended is None,
    )


def _provider(number: int, size: Size, chance: random.Random) -> Institution:
    home, name = number <= size.home, name_of(number)
    country = 100 if home else 101 + number % (len(_NAMES) - 1)
    identifiers = [Identifier("SCHAC", f"u{number}.example"), Identifier("EU-PIC", f"{900_000_000 + number}")]
    return Institution(
        number,
        "2019-03-01",
        deqar_id=f"DEQARINST{number:04d}",
        name=name,
        eter_id=f"LU{number:04d}" if home and number < 10_000 else None,
        website=f"https://www.u{number}.example/",
        other_provider=number % 17 == 0,
        organisation_type=1 if number % 17 == 0 else None,
        founding_date="1990-01-01",
        names=[Name(name, english=name, versions=[f"Universität {number}", f"Université {number}"])],
        identifiers=identifiers,
        locations=[Location(country, f"City {chance.randint(1, 400)}", 49.6, 6.1, valid_from="1990-01-01")],
    )


def _hierarchy(size: Size) -> list[Hierarchy]:
    faculties = [Hierarchy(n, n + 1, "faculty", "2000-01-01") for n in range(10, size.providers, 20)]
    alliance = "European Universities alliance"
    return faculties + [Hierarchy(size.providers, n, alliance, "2022-11-01") for n in range(1, size.home, 25)]


def _reports(size: Size, chance: random.Random) -> Iterator[Report]:
    providers = chance.choices(range(1, size.providers + 1), cum_weights=size.weights, k=size.reports)
    share = size.programmes / size.reports / 0.7
    made = 0
    for number, provider in enumerate(providers, 1):
        kind = chance.choices((1, 2, 4), (6, 3, 1))[0]
        count = 0 if kind == 2 else int(share) + (chance.random() < share % 1)
        programmes = [_programme(made + place, provider, size, chance) for place in range(1, count + 1)]
        made += count
        yield _report(number, provider, kind, programmes, chance)


def _report(number: int, provider: int, kind: int, programmes: list[Programme], chance: random.Random) -> Report:
    agency = chance.randint(1, 50)
    begins = date(2016, 1, 1) + timedelta(days=chance.randint(0, 3900))
    ends = begins + timedelta(days=365 * chance.randint(2, 7)) if chance.random() < 0.6 else None
    return Report(
        number,
        agency,
        [agency * 10 + kind],
        chance.choices((1, 2), (9, 1))[0],
        chance.choices((1, 2, 3, 4), (80, 12, 4, 4))[0],
        begins.isoformat(),
        [provider],
        valid_to=ends.isoformat() if ends else None,
        local_identifier=f"AG{agency}-{number}",
        programmes=programmes,
        files=[File(number, f"/reports/{agency}/{number}/report.pdf", "Report", ["English"])],
        created=begins.isoformat(),
        updated=begins.isoformat(),
    )


def _programme(number: int, provider: int, size: Size, chance: random.Random) -> Programme:
    if chance.random() > (0.5 if provider <= size.home else 0.1):
        name = f"Bachelor of {chance.choice(_SUBJECTS)} and {chance.choice(_SUBJECTS)}"
        return Programme(number, name, [(number, name, "Bachelor", True)], level=2, nqf_level="level 6", ects=180)
    which = chance.randint(0, max(1, offerings_of(size).get(provider, 1)))
    name, (ects, eqf) = title(provider, which), facts(provider, which)
    certain = chance.random() < 0.8
    return Programme(
        number,
        name,
        [(number, name, "Certificate", True)],
        level=eqf - 4,
        outcome=2,
        ects=ects if certain else ects + 1,
        assessment=2,
        field="http://data.europa.eu/esco/isced-f/0612",
    )


# -- the catalogue -----------------------------------------------------------------------------------------------------

_SPREAD: dict[Size, dict[int, int]] = {}


def offerings_of(size: Size) -> dict[int, int]:
    """How many offerings each provider at home has."""
    if size not in _SPREAD:
        chance, weights = random.Random(size.seed + 1), size.weights[: size.home]
        drawn = chance.choices(range(1, size.home + 1), cum_weights=weights, k=size.offerings)
        found: dict[int, int] = {}
        for provider in drawn:
            found[provider] = found.get(provider, 0) + 1
        _SPREAD[size] = found
    return _SPREAD[size]


def offerings(size: Size) -> Iterator[Offering]:
    """Yield the offerings of the catalogue."""
    for provider, count in sorted(offerings_of(size).items()):
        body = _organisation(provider)
        for number in range(count):
            yield _offering(provider, number, body)


def _organisation(provider: int) -> Organisation:
    """Most say who they are by an identifier or a homepage; some by name alone; some are misspelled or unknown."""
    name, told = name_of(provider), provider % 20
    values: dict[str, Any] = {}
    if told < 12:
        values = {"identifiers": {"schac": f"u{provider}.example"}}
    elif told < 16:
        values = {"homepage": f"https://www.u{provider}.example/studies"}
    elif told == 19:
        name = f"Institute {provider} that no register knows"
    elif told == 18:
        name = name.replace("University", "Universitty")
    return Organisation(name={"en": name}, country=_HOME, **values)


def _offering(provider: int, number: int, body: Organisation) -> Offering:
    ects, eqf = facts(provider, number)
    source_id = f"U{provider}-{number}"
    return Offering(
        offering_id=offering_id(FEED, source_id),
        feed=FEED,
        source_id=source_id,
        title={"en": title(provider, number)},
        country=_HOME,
        awarding_body=body,
        providers=[body],
        workload=Workload(ects=ects),
        level=Level(eqf=eqf),
        languages=["en"],
        homepage=f"https://www.u{provider}.example/{number}",
    )
