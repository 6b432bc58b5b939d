"""Search over the live offerings, in the database itself. What a query may say: `catalogue_db.search.query`."""

from catalogue_db.search.query import FacetValue, SearchPage, SearchQuery, SearchResult
from catalogue_db.search.rebuilding import rebuild_search
from catalogue_db.search.searching import search

__all__ = ["FacetValue", "SearchPage", "SearchQuery", "SearchResult", "rebuild_search", "search"]
