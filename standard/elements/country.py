"""Element 3, country (and region) of the issuer: where the awarding body sits, not where teaching happens.

**Read.** In this order: the country of the awarding body as the record gives it (the body may have it from the
contract's institution, if it is that institution), the slot `countries` of the record, the contract's default
country, the country of the contract's institution where that is the awarding body. The region is the slot
`regions`.
**Normalise.** Countries to ISO 3166-1 alpha-2, regions to NUTS codes.
**Check.** A country that could not be understood is observed: MC03-COUNTRY-SKIPPED where another place gave
one, else MC03-COUNTRY-UNREADABLE. A region of another country than the record's is observed and kept
(MC03-REGION-CONTRADICTED).
**Complete?** Present with a country; a region is welcome and not asked for.
"""

from __future__ import annotations

from standard.elements.common.case import Case, Understanding, words
from standard.elements.common.codes import attempt, put_first, report
from standard.offering import Organisation, Provenance
from standard.values import countries

NUMBER = 3
STEM = "MC03-COUNTRY"
REGION = "MC03-REGION"
_NUTS_PREFIX = {"GR": "EL", "GB": "UK"}
"""Countries whose NUTS codes begin otherwise than their ISO 3166-1 code."""


def understand(case: Case) -> Understanding:
    """Return country and region. The awarding body must have been understood before."""
    found = Understanding()
    _put_country(case, found)
    _put_region(case, found)
    return found


def _put_country(case: Case, found: Understanding) -> None:
    body: Organisation | None = case.known.get("awarding_body")
    bodies = case.source.awarding_bodies[:1]
    seen = [seen for source in bodies for seen in case.see(("awarding_bodies", "countries"), source.countries)]
    seen += case.see("countries", case.source.countries)
    tried = attempt(seen, lambda one: countries.country_code(words(one.value)), first=True)
    fallback = (body.country if body else None) or case.context.default_country
    if not tried.understood and fallback:
        found.put("country", fallback, Provenance(how="contract"))
        report(found, STEM, tried, left=True)
    else:
        put_first(found, "country", STEM, tried)


def _put_region(case: Case, found: Understanding) -> None:
    seen = case.see("regions", case.source.regions)
    tried = attempt(seen, lambda one: countries.region_code(words(one.value)), first=True)
    put_first(found, "region", REGION, tried)
    region, country = found.values.get("region"), found.values.get("country")
    if region and country and not region.startswith(_NUTS_PREFIX.get(country, country)):
        found.observe(f"{REGION}-CONTRADICTED", tried.seen[0], region=region, country=country)
