"""What people write for a language or a code, understood; a filter that can find nothing is answered, not obeyed."""

from __future__ import annotations

from pipelines.workplace import CannotStart

_HINTS = {"isced_f": "Write an ISCED-F code of two to four digits, such as 06 or 0613, or its English label."}


def language_tag(option: str, raw: str) -> str:
    """Return the BCP 47 tag of a language given as a tag, an ISO code or a name; raises `CannotStart` for others."""
    from standard.values import languages

    tag = languages.language_tag(raw).value
    if tag is None:
        raise CannotStart(f"{option}: no language is called {raw!r}. Write a code such as en, fr or de-AT.")
    return tag


def codes(option: str, name: str, given: list[str] | None) -> list[str]:
    """Return the codes of the vocabulary `name` that words stand for; raises `CannotStart` for a word it lacks."""
    from standard.vocabularies import vocabulary

    known, found = vocabulary(name), []
    for raw in given or []:
        code = raw if raw in known else known.code_for(raw)
        if code is None:
            hint = _HINTS.get(name) or f"Write one of: {', '.join(known)}."
            raise CannotStart(f"{option}: {raw!r} is unknown. {hint}")
        found.append(code)
    return found
