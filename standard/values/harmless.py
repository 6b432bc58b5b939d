"""What a source wrote, repeated so that nobody's browser, terminal or page can run it, and its author still knows it.

Texts for people are cleaned (`standard.values.text`). Everything else that is repeated as it stood - originals,
values in findings, paths, identifiers - comes through here: nothing is taken out, it only loses its effect. All
functions run for every value of every record; most values hold nothing of the kind and are given back at once.

Source of the rules: the HTML Standard, 13.2.5.6 (a tag begins with ``<`` before a letter, ``/``, ``!`` or ``?``, and
before nothing else) and 13.2.5.32 (a slash parts attributes as a blank does); the URL Standard, 4.1 and 4.4 (a scheme
ends with a colon; tabs and line ends within an address are skipped).
"""

from __future__ import annotations

import re
from urllib.parse import quote

__all__ = ["harmless", "harmless_identifier", "without_live_tags"]

_TAG = re.compile(r"<(?=[a-z/!?])([^<>]*)(>?)", re.IGNORECASE | re.ASCII)

_EFFECTIVE = (
    "a|applet|audio|base|bgsound|body|button|canvas|details|dialog|embed|fieldset|form|frame|frameset|head|html|iframe|"
    "image|img|input|isindex|keygen|link|listing|marquee|math|meta|noembed|noframes|noscript|object|option|optgroup|"
    "param|picture|plaintext|portal|script|select|slot|source|style|svg|template|textarea|title|track|video|xml|xmp"
)
"""Elements that load, run, ask for something, or take over the rest of the page."""

_IDLE = re.compile(rf"/?(?!(?:{_EFFECTIVE})\b)[a-z][a-z0-9_]*(?: +[^\s=/\"'`]+)*", re.IGNORECASE | re.ASCII)
"""The inside of a tag that does nothing: a name without effect, words without a value: ``<int>``, ``<your name>``, and
simple formatting, ``<b>`` and ``</b>``."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but for tab and line ends (a terminal takes orders from them), and those that turn the direction
of writing (what is read is then not what stands there)."""
_PICTURES = 0x2400
_DELETE, _PICTURE_OF_DELETE = 0x7F, "␡"

_NOT_IN_ADDRESSES = re.compile("[<>\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
"""Blanks of all kinds are not among them: those around an identifier go later, those within are the source's."""
_SCRIPT_SCHEMES = "|".join(r"\s*".join(scheme) for scheme in ("javascript", "vbscript"))  # browsers skip line ends here
_ACTIVE_SCHEME = re.compile(rf"^(\s*(?:(?:{_SCRIPT_SCHEMES})\s*|data(?=:\S))):", re.IGNORECASE)


def harmless(raw: str) -> str:
    """Return a text as it was published, for showing what was found: what would take effect is shown instead.

    The angle brackets of a tag become ``‹`` and ``›``, a control character becomes its picture (``␛`` for escape). Tags
    that do nothing (``<your name>``), line ends and comparisons (``3 < 4``) stay.
    """
    if raw.isprintable():
        return without_live_tags(raw) if "<" in raw else raw
    return without_live_tags(_CONTROL.sub(_picture, raw))


def without_live_tags(text: str) -> str:
    """Return a text in which no tag takes effect: each such tag has ``‹`` and ``›`` for its angle brackets.

    A tag that is never closed is one of them: a page would close it with its own next bracket, and take what lies
    between, maybe another field of the same source, for attributes.
    """
    return _TAG.sub(_without_effect, text) if "<" in text else text


def harmless_identifier(raw: str) -> str:
    """Return an identifier, or what may be an address, with nothing in it that takes effect.

    What does not belong into an address is written as in addresses (``%3C``), and so is the colon of ``javascript:``.
    Nothing is taken out: two identifiers stay two.
    """
    if ":" not in raw and "<" not in raw and ">" not in raw and raw.isprintable():
        return raw
    return _ACTIVE_SCHEME.sub(r"\1%3A", _NOT_IN_ADDRESSES.sub(lambda found: quote(found[0]), raw))


def _without_effect(tag: re.Match[str]) -> str:
    inside, closed = tag.groups()
    if closed and _IDLE.fullmatch(inside):
        return tag[0]
    return f"‹{inside}›" if closed else f"‹{inside}"


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(_PICTURES + code)
    return _PICTURE_OF_DELETE if code == _DELETE else "�"
