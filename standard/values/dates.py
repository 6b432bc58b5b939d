"""Dates and times: from an explicit list of forms to ISO 8601. Anything else is unreadable; nothing is guessed.

Forms: ISO dates and date-times with or without offset (``2014-04-01+02:00`` too), ``20250912``, ``20220112T110000``,
``2025-09`` (the first of the month, adjusted), ``2025/09/12``, dotted day first (``12.9.2025``), ``dd/MM/yyyy`` or
``MM/dd/yyyy`` where only one of them is possible (else ambiguous), months in words in some forty languages ("12 Sep
2025", "1er octobre 2025", "September 12, 2025"), RFC 2822, Unix seconds and milliseconds, Excel serial days where the
scheme says so, and any of them in brackets (``[2025-09-15]``).

Placeholders: 1970-01-01 (Unix zero), 1900-01-01, 1999-11-30 (a zero date of MySQL read by PHP), 0000-00-00, 9999-12-31.
Plausible is 2000-01-01 to ten years from today. A naive time stays naive; fractions of seconds are dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from standard.observation import Scalar
from standard.values import Understood
from standard.values.calendar_words import is_weekday, month_number
from standard.values.plain import is_placeholder, plain

EARLIEST = date(2000, 1, 1)
YEARS_AHEAD = 10

_PLACEHOLDERS = frozenset(
    [
        *((0, 0, 0), (1, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1969, 12, 31), (1970, 1, 1)),
        *((1999, 11, 30), (2099, 12, 31), (2999, 12, 31), (9999, 12, 31)),
    ]
)
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,12})?)?(?: ?(?P<half>[ap])\.?m\.?)?"
_OFFSET = r"(?: ?(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}))?"
_FORMS = tuple(
    re.compile(form, re.ASCII | re.IGNORECASE)
    for form in (
        rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?:(?:T|\s+){_TIME})?{_OFFSET}",
        rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})(?:T?(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})?)?{_OFFSET}",
        rf"(?P<year>\d{{4}})/(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})(?:(?:T|\s+){_TIME})?{_OFFSET}",
        rf"(?P<day>\d{{1,2}})\. ?(?P<month>\d{{1,2}})\. ?(?P<year>\d{{4}}|\d{{2}})(?:,?\s+{_TIME})?{_OFFSET}",
    )
)
_MONTH_ONLY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})|(?P<month2>\d{2})/(?P<year2>\d{4})", re.ASCII)
_EITHER_ORDER = re.compile(
    rf"(\d{{1,2}})([/-])(\d{{1,2}})\2(?P<year>\d{{4}})(?:,?\s+{_TIME})?{_OFFSET}", re.ASCII | re.IGNORECASE
)
_WORD = r"[^\W\d_]+(?:['’][^\W\d_]+)?"
_IN_WORDS = re.compile(
    rf"(?:(?P<weekday>{_WORD})\.?,? +)?"
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th|er|re|ste|de|e|º|ª|\.)?,? *(?:of |de |di |d['’])?)?"
    rf"(?P<word>{_WORD})\.?,?(?: +(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,?)? +(?:de |del )?(?P<year>\d{{4}})\.?"
    rf"(?:,? +(?:at |um |om |à |kl\.? )?{_TIME}(?: Uhr)?)?{_OFFSET}",
    re.IGNORECASE,
)
_UNIX = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?", re.ASCII)
_RANGE_SIGNS = re.compile(
    r"\s+[-‐‑‒–—]\s+|\s*[–—]\s*|\s+(?:to|until|till|through|thru|bis(?: zum)?|tot(?: en met)?|t/m|au|jusqu['’]au|"
    r"hasta(?: el)?|al|a|fino al|do|saakka)\s+",
    re.IGNORECASE,
)
_ISO_INTERVAL = re.compile(r"(\d{4}-\d{2}-\d{2}[^/]*)/(\d{4}-\d{2}-\d{2}[^/]*)", re.ASCII)
_FROM = re.compile(r"^(?:from|between|von|vom|van|du|de|del|från|dal)\s+", re.IGNORECASE)
_FIRST_HALF = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th|er|\.)?(?:\s*({_WORD})\.?|\s?(\d{{1,2}})\.)?")
_SECOND_HALF = re.compile(
    rf"\d{{1,2}}(?:st|nd|rd|th|er|\.)?(?:\s*(?:de )?({_WORD})\.?,?|\s?(\d{{1,2}})\.)\s*(?:de )?(\d{{4}})"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """The parts of a date as they stand: not yet checked."""

    year: int
    month: int
    day: int
    time: tuple[int, int, int] | None = None
    offset: str = ""
    note: str = ""
    precision: str = "day"


def moment(raw: Scalar, today: date, scheme: str | None = None) -> Understood[str]:
    """Return an ISO 8601 date ("2025-09-12") or date-time ("2025-09-12T10:00:00+02:00", offset only if published).

    `today` fixes the plausible window. `scheme`: ``excel_serial`` makes a number a day of Excel's calendar;
    ``day_first`` or ``month_first`` decides the order in "03/04/2025", which else is ambiguous. For "2025-09" the
    value is the first of the month, adjusted, with `facts["precision"]` = ``month``: an end should not use it.
    """
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and scheme == "excel_serial":
        return _of_excel(float(raw), today)
    return _moment(plain(raw), today, scheme)


def is_range(raw: Scalar) -> bool:
    """Tell whether a value names two dates ("12 Sep 2025 - 30 Sep 2025", "12.–30. September 2025", an ISO interval)."""
    return _halves(plain(raw)) is not None


def date_range(raw: Scalar, today: date) -> Understood[tuple[str, str]]:
    """Return start and end of a range as `moment` would; ``out_of_bounds`` where the end precedes the start."""
    halves = _halves(plain(raw))
    if halves is None:
        return Understood(problem="unreadable", note="expected two dates")
    start, end = _moment(halves[0], today, None), _moment(halves[1], today, None)
    if start.value is None or end.value is None:
        failed = start if start.value is None else end
        return Understood(problem=failed.problem, note=failed.note)
    if end.value[:10] < start.value[:10]:
        return Understood(problem="out_of_bounds", note="the end precedes the start")
    adjusted = start if start.problem else end
    return Understood((start.value, end.value), adjusted.problem, adjusted.note, facts=dict(adjusted.facts))


@lru_cache(maxsize=16384)
def _moment(text: str, today: date, scheme: str | None) -> Understood[str]:
    bare = text.strip("[]() \t\n") if text[:1] in "[(" else text
    if is_placeholder(text) or bare in ("0", ""):
        return Understood(problem="placeholder")
    if scheme == "excel_serial" and re.fullmatch(r"\d{1,6}(?:\.\d+)?", bare, re.ASCII):
        return _of_excel(float(bare), today)
    found = _found(bare, scheme)
    return found if isinstance(found, Understood) else _checked(found, today)


def _found(text: str, scheme: str | None) -> _Found | Understood[str]:
    for form in _FORMS:
        match = form.fullmatch(text)
        if match:
            return _of_match(match, int(match["year"]), int(match["month"]), int(match["day"]))
    either = _EITHER_ORDER.fullmatch(text)
    if either:
        return _of_either_order(either, scheme)
    month = _MONTH_ONLY.fullmatch(text)
    if month:
        return _of_month(int(month["year"] or month["year2"]), int(month["month"] or month["month2"]))
    if _UNIX.fullmatch(text):
        return _of_unix(text)
    words = _IN_WORDS.fullmatch(text)
    if words:
        return _of_words(words)
    note = "only a year" if re.fullmatch(r"\d{4}", text) else "not of an accepted form; write 2025-09-30"
    return Understood(problem="unreadable", note=note)


def _of_match(match: re.Match[str], year: int, month: int, day: int) -> _Found:
    note = ""
    if len(match["year"]) == 2:
        year, note = 2000 + year, f"the year '{match['year']}' was read as {2000 + year}"
    groups = match.groupdict()
    if not groups.get("hour"):
        return _Found(year, month, day, None, "", note)
    hour = (
        int(groups["hour"]) % 12 + (12 if groups["half"] in ("p", "P") else 0)
        if groups.get("half")
        else int(groups["hour"])
    )
    time = (hour, int(groups["minute"]), int(groups["second"] or 0))
    return _Found(year, month, day, time, (groups.get("offset") or "").upper(), note)


def _of_either_order(match: re.Match[str], scheme: str | None) -> _Found | Understood[str]:
    """Return "13/04/2025" and "04/13/2025", where one order only is possible; "03/04/2025" if the scheme decides."""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if first > 12 or first == second or scheme == "day_first":
        return _of_match(match, year, second, first)
    if second > 12 or scheme == "month_first":
        return _of_match(match, year, first, second)
    if (year, 1, 1) in _PLACEHOLDERS and first == second == 1:
        return Understood(problem="placeholder")
    note = f"day and month could be either way round; write {year}-MM-DD"
    return Understood(problem="ambiguous", note=note)


def _of_month(year: int, month: int) -> _Found:
    note = "no day is given: the first of the month is kept"
    return _Found(year, month, 1, note=note, precision="month")


def _of_words(match: re.Match[str]) -> _Found | Understood[str]:
    month = month_number(match["word"])
    weekday = match["weekday"]
    if month is None or (weekday and not is_weekday(weekday)) or (match["day"] and match["day2"]):
        note = f"'{match['word']}' is no name of a month" if month is None else "not of an accepted form"
        return Understood(problem="unreadable", note=f"{note}; write 2025-09-30")
    day = match["day"] or match["day2"]
    return _of_match(match, int(match["year"]), month, int(day)) if day else _of_month(int(match["year"]), month)


def _of_unix(text: str) -> _Found | Understood[str]:
    seconds = float(text)
    if len(text.split(".")[0]) == 13:
        seconds /= 1000
    then = datetime.fromtimestamp(seconds, UTC)
    return _Found(then.year, then.month, then.day, (then.hour, then.minute, then.second), "Z")


def _of_excel(serial: float, today: date) -> Understood[str]:
    if serial == 0:
        return Understood(problem="placeholder")
    if not 1 <= serial < 200_000:
        return Understood(problem="out_of_bounds", note="not a day of Excel's calendar")
    then = datetime(1899, 12, 30) + timedelta(days=int(serial), seconds=round(serial % 1 * 86400))  # noqa: DTZ001 - Excel knows no zones
    time = (then.hour, then.minute, then.second) if serial % 1 else None
    return _checked(_Found(then.year, then.month, then.day, time), today)


def _checked(found: _Found, today: date) -> Understood[str]:
    """Return the ISO text of a date that exists and is plausible, or why not."""
    if (found.year, found.month, found.day) in _PLACEHOLDERS:
        return Understood(problem="placeholder", note="a date that software writes for 'none'")
    try:
        day = date(found.year, found.month, found.day)
    except ValueError:
        return Understood(problem="unreadable", note="there is no such day")
    if not EARLIEST <= day <= date(today.year + YEARS_AHEAD, 12, 31):
        return Understood(problem="out_of_bounds", note=f"expected {EARLIEST.year} to {today.year + YEARS_AHEAD}")
    clock = _clock(found)
    if clock is None:
        return Understood(problem="unreadable", note="there is no such time of day")
    facts = {"precision": found.precision} if found.precision != "day" else {}
    return Understood(day.isoformat() + clock, "adjusted" if found.note else None, found.note, facts=facts)


def _clock(found: _Found) -> str | None:
    """Return "T10:00:00+02:00", empty for a date without time, None for a time or offset that cannot be."""
    if found.time is None:
        return ""
    hour, minute, second = found.time
    if hour > 23 or minute > 59 or second > 59:
        return None
    offset = _offset(found.offset)
    return None if offset is None else f"T{hour:02}:{minute:02}:{second:02}{offset}"


def _offset(raw: str) -> str | None:
    if raw in ("", "Z", "UTC", "GMT"):
        return "Z" if raw else ""
    digits = raw[1:].replace(":", "").ljust(4, "0")
    if int(digits) > 1400 or int(digits[2:]) > 59:
        return None
    return "Z" if digits == "0000" else f"{raw[0]}{digits[:2]}:{digits[2:]}"


def _halves(text: str) -> tuple[str, str] | None:
    """Return the two dates of a range as texts, the first completed from the second where it needs to be."""
    interval = _ISO_INTERVAL.fullmatch(text)
    if interval:
        return interval[1].strip(), interval[2].strip()
    parts = [part for part in _RANGE_SIGNS.split(_FROM.sub("", text)) if part]
    if len(parts) != 2 or not all(re.search(r"\d", part) for part in parts):
        return None
    return _completed(parts[0].strip(), parts[1].strip()), parts[1].strip()


def _completed(first: str, second: str) -> str:
    """Return "12." or "12 Sep" with the month and year of "30 Sep 2025"."""
    short, whole = _FIRST_HALF.fullmatch(first), _SECOND_HALF.fullmatch(second)
    if short is None or whole is None:
        return first
    if short[3] or (not short[2] and whole[2]):
        return f"{short[1]}.{short[3] or whole[2]}.{whole[3]}"
    return f"{short[1]} {short[2] or whole[1]} {whole[3]}"
