"""What the SQL functions have to know of languages: their stemmers, and the letters that link words in compounds.

PostgreSQL has most of the Snowball stemmers that the index was made with. Its own dictionaries leave stop words out,
which the index does not, so the search has dictionaries of its own, with the same stemmers.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from catalogue_db.search.parts import LINKS
from catalogue_db.search.words import ALGORITHMS

DICTIONARY = "search_stem_"
"""What the names of the search's dictionaries begin with."""

_BEFORE = {"dutch_porter": "dutch"}
"""What stemmers were called before Snowball had two for their language, as PostgreSQL still calls them."""

_KNOWN = """
SELECT substr(d.dictname, 1, length(d.dictname) - 5) FROM pg_ts_dict d JOIN pg_ts_template t ON t.oid = d.dicttemplate
WHERE t.tmplname = 'snowball' AND d.dictname LIKE '%\\_stem' AND d.dictnamespace = 'pg_catalog'::regnamespace
"""


def create_languages(connection: Connection) -> None:
    """Make the dictionaries of the languages this server has a stemmer for, and the functions that tell about them."""
    known = set(connection.execute(text(_KNOWN)).scalars())
    named = {lang: _BEFORE.get(algorithm, algorithm) for lang, algorithm in ALGORITHMS.items()}
    for algorithm in sorted(known & set(named.values())):
        connection.exec_driver_sql(
            f"CREATE TEXT SEARCH DICTIONARY catalogue.{DICTIONARY}{algorithm} "
            f"(TEMPLATE = pg_catalog.snowball, Language = {algorithm})"
        )
    stemmers = [
        f"('{lang}', 'catalogue.{DICTIONARY}{algorithm}'::regdictionary)"
        for lang, algorithm in sorted(named.items())
        if algorithm in known
    ]
    links = [f"('{lang}', '{{{','.join(several)}}}'::text[])" for lang, several in sorted(LINKS.items())]
    connection.exec_driver_sql(_function("search_stemmers", "lang text, stemmer regdictionary", stemmers))
    connection.exec_driver_sql(_function("search_links", "lang text, links text[]", links))


def _function(name: str, columns: str, rows: list[str]) -> str:
    return (
        f"CREATE FUNCTION catalogue.{name}() RETURNS TABLE ({columns})\n"
        f"LANGUAGE sql STABLE PARALLEL SAFE AS $function$\nVALUES {', '.join(rows)}\n$function$"
    )
