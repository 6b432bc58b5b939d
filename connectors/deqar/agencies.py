"""Agencies: rows of the Web API's list, and mentions in reports.

``id`` is the number that reports use; ``deqar_id`` the one in EQAR's register: two different numbers.
"""

from __future__ import annotations

from connectors.deqar.fields import Row
from connectors.deqar.merging import Gathering, Shape
from connectors.deqar.providers import country_of
from standard.register import ACTIVITY_TYPES, Activity, Agency

_LISTED = frozenset(Agency.__struct_fields__) - {"homepage", "registered"}
LIST = Shape("list", 2, _LISTED)
CSV = Shape("CSV file", 1, (_LISTED | {"homepage", "registered"}) - {"activities", "country", "country_name"})
MENTION = Shape("mention", 0, frozenset({"agency_id"}), frozenset({"name", "acronym", "homepage"}))

Agencies = Gathering[Agency]


def read_listed(row: Row, agencies: Agencies) -> None:
    """Read an agency's row of the list."""
    found = row.number("id")
    if found is None:
        row.notes.say("MC00-DEQAR-RECORD-UNREADABLE", row.path, kind="agency")
        return
    country = row.inner("country")
    name = country.text("name_english") if country else None
    agency = Agency(
        agency_id=found,
        register_number=row.number("deqar_id"),
        name=row.text("name_primary"),
        acronym=row.text("acronym_primary"),
        country=country_of(country.text("iso_3166_alpha2") or name) if country else None,
        country_name=name,
        registration_start=row.day("registration_start"),
        registration_valid_to=row.day("registration_valid_to"),
        registration_note=row.text("registration_note"),
        activities=[one for one in map(activity, row.rows("activities")) if one is not None],
    )
    agencies.add(found, LIST, agency)


def read_mention(
    agencies: Agencies, found: int | None, name: str | None, acronym: str | None, homepage: str | None = None
) -> None:
    """Remember an agency that a report names; one that has left the register may stand nowhere else."""
    if found is not None:
        agencies.add(found, MENTION, Agency(found, name=name, acronym=acronym, homepage=homepage))


def activity(row: Row) -> Activity | None:
    """Return an agency's activity as any of the shapes tells it; None where it has no id."""
    found = row.number("id")
    if found is None:
        return None
    kind = "activity_type" if "activity_type" in row.data else "type"
    return Activity(
        activity_id=found,
        type=row.word(kind, ACTIVITY_TYPES, "activity type"),
        name=row.text("activity"),
        group_id=row.number("group_id"),
        valid_from=row.day("activity_valid_from"),
        valid_to=row.day("activity_valid_to"),
    )
