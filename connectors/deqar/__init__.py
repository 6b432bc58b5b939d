"""DEQAR: the European register of quality-assurance reports, pulled and read.

Three ways in: the Web API (with a token: reports in detail), the Connect API (for everybody: all providers with all
identifiers), and nightly CSV files (for everybody: everything, with fewer fields). What comes is kept as snapshots
under the feed name ``deqar``; the register is read from them alone.

    contract.py  what is pulled          pull.py       in which order, all or nothing
    access.py    the token               lists.py      walking a list to a whole that fits together
    routes.py    addresses and roles     reading.py    from documents to the register
    providers.py, reports.py, agencies.py, csv_files.py   one file per kind of thing: every shape it comes in
    merging.py   one entity out of several shapes         fields.py   one value out of several ways of writing it
    spill.py     what was read, on disk while the rest is read
"""

from connectors.deqar.contract import FEED, DeqarContract, load_deqar_contract, parse_deqar_contract
from connectors.deqar.pull import pull_deqar
from connectors.deqar.reading import RegisterReading, read_register

__all__ = [
    "FEED",
    "DeqarContract",
    "RegisterReading",
    "load_deqar_contract",
    "parse_deqar_contract",
    "pull_deqar",
    "read_register",
]
