"""Trust statements: made from links and the register by the rules of `standard.trust`, kept with their history."""

from catalogue_db.trust.national import NationalRegister, read_national
from catalogue_db.trust.reading import Lapsing, Proposal, TrustStatement, lapsing, proposals, statements
from catalogue_db.trust.recompute import TrustReport, recompute

__all__ = [
    "Lapsing",
    "NationalRegister",
    "Proposal",
    "TrustReport",
    "TrustStatement",
    "lapsing",
    "proposals",
    "read_national",
    "recompute",
    "statements",
]
