"""Beyond the sixteen: where to ask.

**Read.** The slot `contacts`. What a value is follows from its scheme (``email``, ``phone``, ``url``), else
from its form; a web address is one wherever it stands (real feeds put their form into the field for mail). The
first of each kind wins.
**Normalise.** Mail addresses without ``mailto:``, telephone numbers in one form, web addresses to http(s).
**Check.** Offices, never named persons: an address that is made of two names (``eva.muster@``) and names no
office is not kept, and observed without its value (MC17-CONTACT-PERSONAL), because a public catalogue needs a
reason to publish personal data and has none. A person's name is treated alike. What is malformed is observed
(MC17-CONTACT-SKIPPED or -UNREADABLE).
**Complete?** Present with any of the three; asked for gently.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from standard.elements.common.case import Case, Seen, Understanding, words
from standard.elements.common.codes import attempt
from standard.elements.common.parts import Part, provenance_of_parts
from standard.offering import Contact
from standard.values import Understood, emails, phones, text, urls

STEM = "MC17-CONTACT"
_TWO_NAMES = re.compile(r"[^\W\d_]+(?:[.\-_][^\W\d_]+)*[._][^\W\d_]{2,}(?:-[^\W\d_]+)*\d?")
_OFFICE = re.compile(
    r"info|office|stud|cour|kurs|cours|curs|admis|admin|contact|kontakt|help|support|service|educat|bildung|utbild"
    r"|koul|opin|onder|opleid|school|skola|secret|sekret|team|desk|center|centre|zentrum|micro|mikro|enrol|regist"
    r"|international|academy|akadem|lifelong|weiter|continu|form|faculty|dep|dean|program|summer|online|learn|mooc",
    re.IGNORECASE,
)
_PHONE = re.compile(r"\+?[\d\s()/.\-–]{6,}")


def understand(case: Case) -> Understanding:
    """Return the contact."""
    found = Understanding()
    part = Part(case, found, "contacts", case.source.contacts[0].path if case.source.contacts else case.source.path)
    by_kind: dict[str, list[Seen]] = {"email": [], "phone": [], "url": []}
    for seen in case.see("contacts", case.source.contacts):
        _sort_in(found, by_kind, seen)
    contact = Contact(**{kind: _first(part, kind, seen) for kind, seen in by_kind.items()})
    if contact != Contact():
        found.put("contact", contact, provenance_of_parts([part]))
    else:
        found.lack("contact", unreadable=part.failed or bool(found.observations))
    part.report(STEM, left=contact != Contact())
    return found


def _sort_in(found: Understanding, by_kind: dict[str, list[Seen]], seen: Seen) -> None:
    raw = words(seen.value).strip()
    kind = _kind(seen, raw)
    if text.is_placeholder(raw):
        return
    if kind is None or (kind == "email" and is_personal(raw)):
        found.observe(f"{STEM}-PERSONAL", None, seen.path)
    else:
        by_kind[kind].append(seen)


def _kind(seen: Seen, raw: str) -> str | None:
    scheme = (seen.scheme or "").strip().lower()
    if raw.lower().startswith(("http://", "https://")):
        return "url"
    if scheme in ("email", "phone", "url"):
        return scheme
    if "@" in raw and " " not in raw:
        return "email"
    if raw.lower().startswith(("http:", "https:", "www.")):
        return "url"
    return "phone" if _PHONE.fullmatch(raw) else None


def is_personal(address: str) -> bool:
    """Whether a mail address looks like that of a person: two names before the @, none of which is an office's."""
    local = address.removeprefix("mailto:").partition("@")[0].strip()
    return bool(_TWO_NAMES.fullmatch(local)) and not _OFFICE.search(local)


def _first(part: Part, kind: str, seen: list[Seen]) -> str | None:
    base = part.case.context.base_url
    readers: dict[str, Callable[[str], Understood[str]]] = {
        "email": emails.email,
        "phone": phones.phone,
        "url": lambda raw: urls.web_address(raw, base),
    }
    tried = attempt(seen, lambda one: readers[kind](words(one.value)), first=True)
    part.note(kind, tried)
    return next(iter(tried.meanings), None)
