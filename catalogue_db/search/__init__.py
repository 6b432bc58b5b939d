"""Search over the live offerings, in the database itself. What a query may say: `catalogue_db.search.query`."""

from catalogue_db.search.query import FacetValue, SearchPage, SearchQuery, SearchResult, Suggestion
from catalogue_db.search.rebuilding import rebuild_search
from catalogue_db.search.searching import search
from catalogue_db.search.suggesting import suggest

__all__ = [
    "FacetValue",
    "SearchPage",
    "SearchQuery",
    "SearchResult",
    "Suggestion",
    "rebuild_search",
    "search",
    "suggest",
]
