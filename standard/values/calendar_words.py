"""Names of months and weekdays in the languages of the lists, from CLDR: for dates written in words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from babel import Locale

from standard.folding import fold
from standard.vocabularies.vocabulary import NAME_LOCALES

_EXTRA_MONTHS = {"sept": 9, "jänner": 1, "feber": 2}


def month_number(word: str) -> int | None:
    """Return 1-12 for the name of a month; None where it is none, or means two months in two languages (listopad)."""
    return _months().get(fold(word))


def is_weekday(word: str) -> bool:
    """Tell whether a word names a day of the week."""
    return fold(word) in _weekdays()


@cache
def _months() -> dict[str, int]:
    meanings: dict[str, set[int]] = {}
    for word, number in _month_words():
        if not word.strip(".").isdigit():
            meanings.setdefault(fold(word), set()).add(number)
    months = {word: numbers.pop() for word, numbers in meanings.items() if len(numbers) == 1 and len(word) > 1}
    return {**months, **{fold(word): number for word, number in _EXTRA_MONTHS.items()}}


def _month_words() -> Iterable[tuple[str, int]]:
    for locale in NAME_LOCALES:
        for widths in Locale.parse(locale).months.values():
            for width in ("wide", "abbreviated"):
                yield from ((name, number) for number, name in widths.get(width, {}).items())


@cache
def _weekdays() -> frozenset[str]:
    days = (Locale.parse(locale).days for locale in NAME_LOCALES)
    return frozenset(
        fold(name)
        for by_context in days
        for widths in by_context.values()
        for width in ("wide", "abbreviated")
        for name in widths.get(width, {}).values()
    )
