"""Element 4, awarding body, together with the providers.

**Read.** The slot `awarding_bodies`: the first organisation that has a name or an identifier. Where there is
none, the contract's institution signs (*from the contract*). Providers are all organisations of the slot
`providers`, each once; where there is none, the awarding body also teaches (*derived*).
**Normalise.** See `standard.elements.common.organisations`.
**Check.** Further awarding bodies are observed, because the record keeps one (MC04-AWARDING-BODY-SEVERAL). One
that is known by identifiers alone is kept and observed (MC04-AWARDING-BODY-NAMELESS). Malformed identifiers,
countries and home pages are observed and left out.
**Complete?** Present with an awarding body that has a name or an identifier.

Who signs and who teaches may differ: ELM keeps AwardingOpportunity.awardingBody and
LearningOpportunity.providedBy apart, and so does the catalogue.
"""

from __future__ import annotations

from standard.elements.common.case import SHOWN, Case, Understanding, words
from standard.elements.common.organisations import organisation, same
from standard.elements.common.texts import TextsRead
from standard.offering import Organisation, Provenance
from standard.source_offering import SourceOrganisation
from standard.values.harmless import harmless

NUMBER = 4
STEM = "MC04-AWARDING-BODY"

Named = tuple[SourceOrganisation, Organisation, TextsRead]


def understand(case: Case) -> Understanding:
    """Return the awarding body and the providers."""
    found = Understanding()
    _put_awarding_body(case, found)
    _put_providers(case, found)
    return found


def _organisations(case: Case, found: Understanding, slot: str, sources: list[SourceOrganisation]) -> list[Named]:
    named: list[Named] = []
    for source in sources:
        read = organisation(case, found, slot, source)
        if read is not None and not any(same(read[0], other) for _, other, _ in named):
            named.append((source, *read))
    return named


def _put_awarding_body(case: Case, found: Understanding) -> None:
    named = _organisations(case, found, "awarding_bodies", case.source.awarding_bodies)
    if not named:
        _put_institution(case, found)
        return
    source, body, names = named[0]
    found.put("awarding_body", body, _provenance(source, names))
    if not body.name:
        found.observe(f"{STEM}-NAMELESS", None, source.path, identifiers=_codes(body))
    if len(named) > 1:
        others = "; ".join(_label(other) for _, other, _ in named[1:])
        found.observe(f"{STEM}-SEVERAL", None, source.path, kept=_label(body), others=others[:SHOWN])


def _put_institution(case: Case, found: Understanding) -> None:
    institution = case.context.institution
    if institution is None:
        found.lack("awarding_body")
    else:
        found.put("awarding_body", institution, Provenance(how="contract"))


def _put_providers(case: Case, found: Understanding) -> None:
    named = _organisations(case, found, "providers", case.source.providers)
    if named:
        provenance = _provenance(named[0][0], named[0][2])
        found.put("providers", [provider for _, provider, _ in named], provenance)
    elif "awarding_body" in found.values:
        path = found.provenance["awarding_body"].path
        found.put("providers", [found.values["awarding_body"]], Provenance(how="derived", path=path))
    else:
        found.lack("providers")


def _provenance(source: SourceOrganisation, names: TextsRead) -> Provenance:
    return names.provenance() if names.used else Provenance(how="published", path=harmless(words(source.path)))


def _codes(body: Organisation) -> str:
    return ", ".join(f"{kind} {value}" for kind, value in sorted(body.identifiers.items()))[:SHOWN]


def _label(body: Organisation) -> str:
    return next(iter(body.name.values()), "") or _codes(body)
