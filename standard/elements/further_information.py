"""Element 16, further information: the offering's own page.

**Read.** The slot `homepages`: the first that is an address. Where there is none, the first address of an
instance (*derived*). The institution's home page is not the offering's page and is not used.
**Normalise.** To an absolute http(s) address, resolved against the feed's base address; tracking parameters go.
See `standard.values.urls`.
**Check.** What is no public web address is observed: MC16-HOMEPAGE-SKIPPED where another was found, else
MC16-HOMEPAGE-UNREADABLE. A repair (scheme added) is observed (MC16-HOMEPAGE-ADJUSTED).
**Complete?** Present with an address. Whether it answers is not tried here.

Source: ELM LearningOpportunity foaf:homepage (at least one).
"""

from __future__ import annotations

from standard.elements.common.case import Case, Seen, Understanding, provenance_of, words
from standard.elements.common.codes import Tried, attempt, put_first, report
from standard.values import Understood, urls

NUMBER = 16
STEM = "MC16-HOMEPAGE"


def understand(case: Case) -> Understanding:
    """Return the offering's page."""
    found = Understanding()
    tried = attempt_addresses(case, case.see("homepages", case.source.homepages))
    of_instances: Tried[str] = Tried([], [])
    if not tried.understood:
        urls_of_runs = [
            seen for run in case.source.instances for seen in case.see(("instances", "homepages"), run.urls)
        ]
        of_instances = attempt_addresses(case, urls_of_runs)
    if of_instances.understood:
        found.put("homepage", of_instances.meanings[0], provenance_of(of_instances.seen, by_rule=True))
        report(found, STEM, tried, left=True)
    else:
        put_first(found, "homepage", STEM, tried)
        if of_instances.failed:  # the instances say why
            found.lack("homepage", unreadable=True)
    return found


def attempt_addresses(case: Case, seen: list[Seen]) -> Tried[str]:
    """Try to read web addresses, and stop at the first."""

    def address(one: Seen) -> Understood[str]:
        return urls.web_address(words(one.value), case.context.base_url)

    return attempt(seen, address, first=True)
