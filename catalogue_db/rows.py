"""From an offering to the rows that keep it. Pure: nothing here touches the database."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from catalogue_db.storable import small_number
from catalogue_db.texts import day_of, preferred, to_json_text
from standard.offering import Instance, Offering, Price, Texts

Row = dict[str, Any]
_in_order = msgspec.json.Encoder(order="deterministic")
_MICRO_CREDENTIAL: dict[bool | str, str] = {True: "yes", False: "no", "unknown": "unknown"}


def provenance_hash(offering: Offering) -> str:
    """Changes when only the way to the values has changed, which `standard.offering.content_hash` leaves out."""
    return short_hash(encoded_provenance(offering))


def encoded_provenance(offering: Offering) -> bytes:
    """What `provenance_hash` reads."""
    return _in_order.encode(offering.provenance)


def short_hash(encoded: bytes) -> str:
    """32 hex digits."""
    return hashlib.blake2b(encoded, digest_size=16).hexdigest()


def offering_row(offering: Offering) -> Row:
    """What a list of results shows of an offering (everything but keys, hashes and history)."""
    title_lang, title = preferred(offering.title, offering.languages)
    workload, level, stackability = offering.workload, offering.level, offering.stackability
    return {
        "source_id": offering.source_id,
        "micro_credential": _MICRO_CREDENTIAL[offering.micro_credential],
        "title": title,
        "title_lang": title_lang,
        "description_lang": preferred(offering.description, [title_lang or "en"])[0],
        "country": offering.country,
        "region": offering.region,
        "ects": workload.ects if workload else None,
        "hours": workload.hours if workload else None,
        "eqf_level": level.eqf if level else None,
        "nqf_level": level.nqf if level else None,
        "qf_ehea": level.qf_ehea if level else None,
        "modes": to_json_text(offering.modes),
        "assessment_types": to_json_text(offering.assessment_types),
        "supervision": offering.supervision,
        "fields": to_json_text(offering.fields),
        "languages": to_json_text(offering.languages),
        "keywords": to_json_text(offering.keywords),
        "stackable": stackability.stackable if stackability else None,
        "homepage": offering.homepage,
        "image": offering.image,
        "licence": offering.licence,
        "modified": offering.modified,
        "completeness": offering.completeness.score if offering.completeness else None,
        "council_conformant": offering.council_conformant,
        "elm_conformant": offering.elm_conformant,
    }


def texts_of(offering: Offering) -> dict[str, Texts]:
    """All texts of an offering by kind; outcomes and instances have their own tables."""
    level, stackability = offering.level, offering.stackability
    kinds = {
        "title": offering.title,
        "description": offering.description,
        "prerequisites": offering.prerequisites,
        "assessment": offering.assessment,
        "grading_scheme": offering.grading_scheme,
        "level_reason": (level.reason if level else None) or {},
        "stackability": (stackability.text if stackability else None) or {},
    }
    return {kind: texts for kind, texts in kinds.items() if texts}


def text_rows(offering: Offering, key: int) -> list[Row]:
    """Rows of ``offering_text``."""
    return [
        {"offering_key": key, "kind": kind, "lang": lang, "text": text}
        for kind, texts in texts_of(offering).items()
        for lang, text in texts.items()
    ]


def outcome_rows(offering: Offering, key: int) -> list[Row]:
    """Rows of ``learning_outcome``, numbered from 1. An outcome that is only a skill's address is kept as ``und``."""
    return [
        {"offering_key": key, "position": position, "lang": lang, "text": text, "esco": to_json_text(outcome.esco)}
        for position, outcome in enumerate(offering.learning_outcomes, 1)
        for lang, text in (outcome.text or {"und": ""}).items()
    ]


def skill_rows(offering: Offering, key: int) -> list[Row]:
    """Rows of ``offering_skill``: each skill once per outcome that names it."""
    return [
        {"offering_key": key, "position": position, "skill": skill}
        for position, outcome in enumerate(offering.learning_outcomes, 1)
        for skill in dict.fromkeys(outcome.esco)
    ]


def _cheapest(prices: list[Price]) -> Price:
    """The lowest amount; amounts in other currencies are not converted, so the first published currency counts."""
    known = [price for price in prices if price.amount is not None]
    return min(
        (price for price in known if price.currency == known[0].currency),
        key=lambda price: price.amount or 0.0,
        default=Price(),
    )


def _instance_row(instance: Instance, key: int, position: int) -> Row:
    cheapest = _cheapest(instance.price)
    return {
        "offering_key": key,
        "position": position,
        "instance_id": instance.instance_id,
        "title": to_json_text(instance.title) if instance.title else None,
        "starts": instance.start,
        "ends": instance.end,
        "start_date": day_of(instance.start),
        "end_date": day_of(instance.end),
        "enrolment_opens": instance.enrolment_opens,
        "enrolment_closes": instance.enrolment_closes,
        "mode": instance.mode,
        "location": to_json_text(instance.location) if instance.location else None,
        "languages": to_json_text(instance.languages),
        "price_amount": cheapest.amount,
        "price_currency": cheapest.currency,
        "prices": to_json_text(instance.price),
        "capacity": small_number(instance.capacity),
        "url": instance.url,
        "status": instance.status,
    }


def instance_rows(offering: Offering, key: int) -> list[Row]:
    """Rows of ``instance``, numbered from 1 in the source's order."""
    return [_instance_row(instance, key, position) for position, instance in enumerate(offering.instances, 1)]


def code_rows(values: list[str], key: int, column: str) -> list[Row]:
    """Rows of a table that holds one code per row; a code given twice is kept once."""
    return [{"offering_key": key, column: value} for value in dict.fromkeys(values)]


def changed_fields(before: bytes | str, after: bytes | str) -> list[str]:
    """Names of the top-level fields that differ between two public documents; provenance does not count."""
    old: dict[str, Any] = msgspec.json.decode(before)
    new: dict[str, Any] = msgspec.json.decode(after)
    return [name for name in {**old, **new} if name != "provenance" and old.get(name) != new.get(name)]
