"""A stand-in for DEQAR: a small web server that answers as the European register's backend does.

It imitates what a reader meets: logins and their odd status codes, two kinds of list, four shapes of one report,
dates in three notations, errors in JSON here and HTML there, nightly CSV files, a clock that can be set, records that
change between two pages, and outages. Its answers are proved against recorded answers of the real backend.

    model.py    what it knows: agencies, institutions, reports      index.py    documents of its search engine
    search.py   filters, sorting, facets                            lists.py    lists behind the search engine
    parameters.py   what may be asked of those lists
    records.py  single records                                      tables.py   lists behind the database
    files.py    nightly CSV files                                   door.py     logins, routes, errors
    server.py   HTTP, troubles on demand                            fiction.py  the demo's fictional institutions

Not imitated: ranking by relevance and tolerance for typing errors of `query`; agencies by country; the Europass
files, the verifiable credentials, and the search engine's own door.
"""

from pipelines.demo.deqar.fiction import fictional_world
from pipelines.demo.deqar.model import World, world_of
from pipelines.demo.deqar.server import StandIn, Trouble, standing_in

__all__ = ["StandIn", "Trouble", "World", "fictional_world", "standing_in", "world_of"]
