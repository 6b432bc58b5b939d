"""The search in PostgreSQL itself: functions in SQL, made anew at every upgrade, like the views.

| Question | File |
|---|---|
| What may portals call? | `doors.sql`: ``portal.search_offerings``, ``portal.search_facets``, ``portal.suggest`` |
| What happens in a search? | `page.sql`: then `query.sql`, `groups.sql`, `ladder.sql`, `filters.sql`, `ranking.sql` |
| What is counted beside it? | `facets.sql` |
| How are sets of offerings combined? | `bits.sql`, `sets.sql` |
| How does Python ask? | `asking.py` |
| How do they get into a database? | `installing.py`, `characters.py`, `languages.py` |

The same semantics as the modules beside this package, which search on SQLite; `docs/search.md` says them in words.
"""

from catalogue_db.search.postgres.asking import search_page, suggestions
from catalogue_db.search.postgres.installing import create_functions, drop_functions, missing_functions

__all__ = ["create_functions", "drop_functions", "missing_functions", "search_page", "suggestions"]
