"""Looking at the first bytes: which format a document is of, and whether it is a web page instead of a feed.

Headers are not asked: real servers label JSON, RSS and XML as ``text/html``, and login pages as anything.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from connectors.charsets import detect
from connectors.documents import Document
from connectors.reading import NotReadable
from standard.observation import Observation

HEAD = 64 * 1024
"""How many bytes are looked at."""

_SKIPPED = re.compile(r"\A(?:\s+|<!--.*?-->|<\?xml.*?\?>|<\?[a-z-]+.*?\?>)+", re.DOTALL | re.IGNORECASE)
_HTML = re.compile(
    r"\A(?:<!doctype\s+html\b|<(?:html|head|body|title|script|meta|form|div|h1|p|center)\b)", re.IGNORECASE
)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)
_LOGIN = re.compile(
    r"""type\s*=\s*["']?password|SAMLRequest|single sign|log\s?in|sign in|anmelden|inloggen""", re.IGNORECASE
)


def text_of(head: bytes) -> str:
    """Return the first bytes as text, good enough to look at; never raises."""
    charset = detect(head)
    return head[charset.mark :].decode(charset.name, errors="replace")


def looks_like_html(head: bytes) -> bool:
    """Return whether a document with these first bytes is a web page. XML that only holds XHTML inside is not."""
    if head[:1] in (b"{", b"["):
        return False
    return bool(_HTML.match(_SKIPPED.sub("", text_of(head[:HEAD]), count=1)))


def page_title(head: bytes) -> str:
    """Return the title of a web page, in one line of at most 100 characters; empty if it has none."""
    found = _TITLE.search(text_of(head[:HEAD]))
    return " ".join(html.unescape(found.group(1)).split())[:100] if found else ""


def looks_like_login(head: bytes) -> bool:
    """Return whether a web page asks for a login, as far as its beginning tells."""
    return bool(_LOGIN.search(text_of(head[:HEAD])))


def refuse_html(name: str, head: bytes) -> None:
    """Raise `NotReadable` if a document that should be a feed is a web page. `name`: of the document."""
    if looks_like_html(head):
        kind = "a login page" if looks_like_login(head) else "a web page"
        facts = {"title": page_title(head) or "(without title)", "kind": kind}
        raise NotReadable(Observation("MC00-SOURCE-HTML", path=name, value=facts["title"], facts=facts))


def head_of(document: Document, size: int = HEAD) -> bytes:
    """Return the first bytes of a document."""
    with document.open() as stream:
        return stream.read(size)


def guess_format(documents: Iterable[Document]) -> tuple[str, float]:
    """Return the name of the format that the documents are most likely of, and how sure that is (0-1).

    The surest single document decides; at a tie the name that sorts first. ``("", 0.0)`` if no format knows them.
    """
    from connectors import formats

    best = ("", 0.0)
    for document in documents:
        head = head_of(document)
        for name, known in sorted(formats.formats().items()):
            sure = known.sniff(document.name, head)
            if sure > best[1]:
                best = (name, sure)
    return best
