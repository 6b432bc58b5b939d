"""Beyond the sixteen: languages of instruction.

**Read.** The slot `languages`; where it is empty, the languages of the instances (*derived*). The language in
which the record is written is not the language of instruction and is never taken for it.
**Normalise.** Codes, names and EU addresses to BCP 47 tags, each once; a value may name several.
**Check.** A value that names no single language ("multilingual") is observed (MC17-LANGUAGE-SKIPPED or
-UNREADABLE).
**Complete?** Present with a tag. ELM asks for at least one.
"""

from __future__ import annotations

from itertools import chain

from standard.elements.common.case import Case, Seen, Understanding, derived, words
from standard.elements.common.codes import attempt, provenance_of_tried, put_list, report, unique
from standard.values import Understood, languages

STEM = "MC17-LANGUAGE"


def understand(case: Case) -> Understanding:
    """Return the languages of instruction."""
    found = Understanding()
    own = attempt(case.see("languages", case.source.languages), tags)
    runs = case.source.instances if not own.understood else []
    of_instances = attempt([one for run in runs for one in case.see(("instances", "languages"), run.languages)], tags)
    if not of_instances.understood:
        put_list(found, "languages", STEM, own, chain.from_iterable(own.meanings))
        if of_instances.failed and not own.understood:  # the instances say why
            found.lack("languages", unreadable=True)
        return found
    found.put(
        "languages", unique(chain.from_iterable(of_instances.meanings)), derived(provenance_of_tried(of_instances))
    )
    report(found, STEM, own, left=True)
    return found


def tags(seen: Seen) -> Understood[list[str]]:
    """Return the tags of a published value, which may name several languages."""
    return languages.language_tags(words(seen.value))
