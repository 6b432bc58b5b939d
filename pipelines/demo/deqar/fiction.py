"""The demo's fictional institutions as the register knows them (`fiction.yaml`), at the day on the clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

import yaml

from pipelines.demo.content import DemoInstitution, institution
from pipelines.demo.deqar.model import World, world_of

_LUXEMBOURG = 101
_END_OF_MONTH = re.compile(r"end of month ([+-]\d{1,3})")


def fictional_world(now: Callable[[], datetime] | None = None) -> World:
    """Return the register of the demo. `now`: its clock (with zone); the real one by default."""
    clock = now or (lambda: datetime.now(UTC))
    text = files(__package__).joinpath("fiction.yaml").read_text(encoding="utf-8")
    tables = _dated(yaml.safe_load(text), clock().astimezone(UTC).date())
    return world_of({**tables, "institutions": [_institution(one) for one in tables["institutions"]]}, clock)


def end_of_month(today: date, months: int) -> date:
    """Return the last day of the month that lies so many months ahead (or behind)."""
    count = today.year * 12 + today.month + months
    return date(count // 12, count % 12 + 1, 1) - timedelta(days=1)


def _dated(value: Any, today: date) -> Any:
    if isinstance(value, dict):
        return {name: _dated(one, today) for name, one in value.items()}
    if isinstance(value, list):
        return [_dated(one, today) for one in value]
    found = _END_OF_MONTH.fullmatch(value) if isinstance(value, str) else None
    return end_of_month(today, int(found.group(1))).isoformat() if found else value


def _institution(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry with names, site and seat of the demo institution that it says it is."""
    key = entry.get("demo")
    if key is None:
        return entry
    demo = institution(key)
    english = demo.name.get("en", "")
    official = next((name for language, name in demo.name.items() if language != "en"), english)
    others = [name for name in demo.name.values() if name not in (official, english)]
    rest = {name: value for name, value in entry.items() if name != "demo"}
    since = entry.get("founding_date", "2016-01-01")
    return {
        "deqar_id": f"DEQARINST{entry['id']:04d}",
        "name": english or official,
        "website": _site(demo),
        "names": [{"official": official, "english": english, "versions": others}],
        "locations": [{"country": _LUXEMBOURG, "city": demo.city, "valid_from": since}],
        **rest,
    }


def _site(demo: DemoInstitution) -> str:
    return f"https://www.{demo.domain}/"
