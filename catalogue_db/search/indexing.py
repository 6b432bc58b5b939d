"""Keeps the search tables in step with the offerings, inside the load's own transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, select, update

from catalogue_db import dialects
from catalogue_db.search import words
from catalogue_db.tables import (
    search_language,
    search_offering,
    search_text,
    search_word,
    trust_evidence,
    trust_statement,
)
from catalogue_db.texts import day_of, to_json_text
from standard.offering import Offering, Texts

ECTS_BANDS: tuple[tuple[str, float, float], ...] = (
    ("under 2", 0.0, 2.0),
    ("2 to 5", 2.0, 5.0),
    ("5 to 10", 5.0, 10.0),
    ("10 to 30", 10.0, 30.0),
    ("30 and more", 30.0, float("inf")),
)
"""Bands of the ECTS facet: name, from (included), to (not included)."""


def ects_band(ects: float | None) -> str | None:
    """The band an amount of ECTS lies in."""
    if ects is None:
        return None
    return next((name for name, low, high in ECTS_BANDS if low <= ects < high), None)


class SearchWriter:
    """Collects what is to be indexed and writes it in batches.

    The words it meets are remembered, so that a beginning of a word finds its stems (``programmi`` → ``program``).
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._texts: list[dict[str, Any]] = []
        self._facts: list[dict[str, Any]] = []
        self._languages = set(connection.execute(select(search_language.c.lang)).scalars())
        self._stems: dict[str, words.Stems] = {}

    def add(self, key: int, feed_key: int, offering: Offering, row: dict[str, Any], providers: list[str]) -> None:
        """Index an offering. `row`: its row of ``offering``; `providers`: their organisation_ids."""
        main = words.stemming_language(row["title_lang"])
        outcomes = [outcome.text for outcome in offering.learning_outcomes]
        names = [*(provider.name for provider in offering.providers)]
        names += [offering.awarding_body.name] if offering.awarding_body else []
        self._texts.append(
            {
                "key": key,
                "title": self._texts_line([offering.title]),
                "outcomes": self._texts_line(outcomes),
                "provider": self._texts_line(names),
                "keywords": self._join([self._line(keyword, main) for keyword in offering.keywords]),
                "description": self._texts_line([offering.description, offering.prerequisites, offering.assessment]),
            }
        )
        self._facts.append(_facts(key, feed_key, offering, row, providers))

    def _texts_line(self, many: list[Texts]) -> str:
        lines = [
            self._line(text, words.stemming_language(tag)) for texts in many for tag, text in sorted(texts.items())
        ]
        return self._join(lines)

    @staticmethod
    def _join(lines: list[str]) -> str:
        return f" {words.SEPARATOR} ".join(dict.fromkeys(line for line in lines if line))

    def _line(self, text: str, language: str) -> str:
        if language not in self._stems:
            self._stems[language] = words.Stems(language)
        return self._stems[language].line(text)

    def flush(self, replaced: list[int]) -> None:
        """Write the batch; `replaced` are the keys that were indexed before."""
        remove(self._connection, replaced)
        dialects.bulk_insert(self._connection, search_text, self._texts)
        dialects.index_rows(self._connection, self._texts)
        dialects.bulk_insert(self._connection, search_offering, self._facts)
        show_trust(self._connection, replaced)
        self._flush_words()
        self._texts, self._facts = [], []

    def _flush_words(self) -> None:
        found = {pair for stems in self._stems.values() for pair in stems.new_words()}
        languages = [{"lang": lang} for lang in sorted(self._stems.keys() - self._languages) if lang]
        rows = [{"word": word, "stem": stem} for word, stem in sorted(found)]
        for table, new in ((search_word, rows), (search_language, languages)):
            dialects.insert_missing(self._connection, table, new)
        self._languages.update(self._stems)


def _facts(key: int, feed_key: int, offering: Offering, row: dict[str, Any], providers: list[str]) -> dict[str, Any]:
    """The row that filters and facets read."""
    prices = [price.amount for instance in offering.instances for price in instance.price]
    planned = [instance for instance in offering.instances if instance.start and instance.status != "cancelled"]
    months = {(day_of(instance.start) or "")[:7] for instance in planned}
    return {
        "key": key,
        "offering_id": offering.offering_id,
        "title": words.sorted_as(row["title"] or ""),
        "feed_key": feed_key,
        "eqf_level": row["eqf_level"],
        "ects": row["ects"],
        "ects_band": ects_band(row["ects"]),
        "country": row["country"],
        "stackable": row["stackable"],
        "free": 0 in prices,
        "modes": row["modes"],
        "fields": row["fields"],
        "languages": row["languages"],
        "providers": to_json_text(providers),
        "start_months": to_json_text(sorted(months)),
        "trust_status": None,
    }


def remove(connection: Connection, keys: list[int]) -> None:
    """Take offerings out of the search tables."""
    if not keys:
        return
    dialects.unindex(connection, ", ".join(str(int(key)) for key in keys))
    for table in (search_text, search_offering):
        connection.execute(delete(table).where(dialects.is_among(connection, table.c.key, keys)))


def show_trust(connection: Connection, keys: list[int] | None = None) -> None:
    """Bring the trust status of offerings (all, or those with these keys) in step with who signs them."""
    if keys == []:
        return
    current = (
        select(trust_evidence.c.status)
        .join(trust_statement, trust_statement.c.evidence_key == trust_evidence.c.key)
        .where(
            trust_statement.c.offering_key == search_offering.c.key,
            trust_statement.c.role == "awarding_body",
            trust_statement.c.said_to.is_(None),
        )
        .limit(1)
        .scalar_subquery()
    )
    change = update(search_offering).where(search_offering.c.trust_status.is_distinct_from(current))
    if keys is not None:
        change = change.where(dialects.is_among(connection, search_offering.c.key, keys))
    connection.execute(change.values(trust_status=current))
