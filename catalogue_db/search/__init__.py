"""Search over the live offerings, in the database itself. What a query may say: `catalogue_db.search.query`."""

from catalogue_db.search.query import FacetValue, SearchPage, SearchQuery, SearchResult

__all__ = ["FacetValue", "SearchPage", "SearchQuery", "SearchResult", "search"]


from catalogue_db.search.searching import search
