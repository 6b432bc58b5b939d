"""Web addresses: what a person can follow, and nothing that leads inside somebody's network.

Accepted is http and https. Relative addresses (paths and names of files, not any words) are resolved against the
document's own address; ``//host/…`` and ``www.…`` get https; tracking parameters and needless double slashes go; blanks
and letters outside ASCII are encoded (host names by IDNA). Refused are other schemes (``javascript:``, ``mailto:``,
``file:``), user names in the address, hosts without a dot, ``localhost``, ``.local`` and the like, and private or
literal IP addresses.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from standard.values import Understood
from standard.values.plain import is_placeholder

LONGEST = 2_000

_TRACKING = re.compile(
    r"(?:utm_[a-z_]+|fbclid|gclid|dclid|msclkid|yclid|mc_[ce]id|igshid|_hsenc|_hsmi|mkt_tok)\Z", re.IGNORECASE
)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:(?!\d)")
_HOST_FIRST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?::\d+)?(?:[/?#].*)?\Z", re.IGNORECASE)
_FILE_NAMES = re.compile(
    r"[^/]+\.(?:html?|php\d?|aspx?|jspx?|pdf|cgi|xml|json|jpe?g|png|gif|svg|webp|do|shtml)(?:[?#].*)?\Z", re.IGNORECASE
)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")
_PRIVATE_ENDINGS = (
    ".local",
    ".localhost",
    ".internal",
    ".intranet",
    ".lan",
    ".home",
    ".corp",
    ".invalid",
    ".home.arpa",
    ".onion",
)
_PRIVATE_NAMES = frozenset({"localhost", "localhost.localdomain"})
_DOUBLE_SLASH = re.compile(r"(?<!:)/{2,}")
_SAFE = "%/:=&?~#+!$,;'@()*[]-._|"
_JUNK = re.compile(r"[\x00-\x1f\x7f\u200b\ufeff\u00ad\u2060\ud800-\udfff]")


def web_address(raw: str, base: str | None = None) -> Understood[str]:
    """Return an http(s) address, or why there is none. `base`: address of the document, for relative addresses.

    ``adjusted`` tells that something was added, removed or encoded; letter case and a closing slash do not count.
    """
    if len(raw) > 2 * LONGEST:
        return Understood(problem="unreadable", note=f"longer than {LONGEST} letters")
    return _web_address(raw, base)


@lru_cache(maxsize=16384)
def _web_address(raw: str, base: str | None) -> Understood[str]:
    text = _JUNK.sub("", raw).strip().strip("<>\"'").strip()
    if is_placeholder(text) or text in ("http://", "https://", "http", "https"):
        return Understood(problem="placeholder")
    if "{{" in text or "${" in text:
        return Understood(problem="sample_value", note="a template that was never filled in")
    try:
        absolute = _absolute(text, base)
        if absolute is None:
            return Understood(
                problem="unreadable", note="a relative address, and the document has no address of its own"
            )
        return _normalised(urlsplit(absolute), text)
    except ValueError:
        return Understood(problem="unreadable", note="not a web address")


def _absolute(text: str, base: str | None) -> str | None:
    """Return an address with scheme and host; None where it cannot have one. Raises `ValueError` for other words."""
    if text.startswith("//"):
        return f"https:{text}"
    if _SCHEME.match(text):
        return text
    host_first = _HOST_FIRST.match(text) and not _FILE_NAMES.match(text)
    if text[:4].casefold() == "www." or host_first:
        return f"https://{text}"
    is_path = _FILE_NAMES.match(text) or (" " not in text and ("/" in text or text[:1] in "?#"))
    if not is_path:
        raise ValueError(f"{text!r} is neither an address nor a path")
    return urljoin(base, text) if base else None


def _normalised(parts: SplitResult, original: str) -> Understood[str]:
    if parts.scheme.casefold() not in ("http", "https"):
        return Understood(problem="unreadable", note=f"only http and https are followed, not {parts.scheme[:20]}:")
    if parts.username is not None or parts.password is not None:
        return Understood(problem="unreadable", note="an address with a user name in it is not shown")
    host = _host(parts.hostname or "")
    if host is None:
        return Understood(problem="unreadable", note="the host name is not valid")
    if _is_private(host):
        return Understood(problem="out_of_bounds", note=f"'{host}' is not reachable from outside")
    address = _joined(parts, host)
    if len(address) > LONGEST:
        return Understood(problem="out_of_bounds", note=f"longer than {LONGEST} letters")
    if address.casefold() in (original.casefold(), f"{original.casefold()}/"):
        return Understood(address)
    return Understood(address, "adjusted", f"read as {address[:200]}")


def _joined(parts: SplitResult, host: str) -> str:
    scheme = parts.scheme.casefold()
    port = "" if parts.port in (None, 80 if scheme == "http" else 443) else f":{parts.port}"
    path = quote(_DOUBLE_SLASH.sub("/", parts.path), safe=_SAFE.replace("?", "").replace("#", "")) or "/"
    query = _query(parts.query)
    fragment = quote(parts.fragment, safe=_SAFE.replace("#", "")) if parts.fragment else ""
    return f"{scheme}://{host}{port}{path}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def _query(query: str) -> str:
    """Return a query without tracking parameters; the others stay letter by letter."""
    if not query:
        return ""
    kept = [part for part in query.split("&") if part and not _TRACKING.match(part.split("=", 1)[0])]
    return quote("&".join(kept), safe=_SAFE.replace("#", ""))


def _host(host: str) -> str | None:
    """Return a host name in ASCII and lower case; None where it cannot be one."""
    name = host.rstrip(".").casefold()
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    if ":" in name:
        return name
    return name if name and len(name) <= 253 and all(_LABEL.match(label) for label in name.split(".")) else None


def _is_private(host: str) -> bool:
    """Tell whether a host is one that only its owner can reach, or an IP address in any notation."""
    if "." not in host or ":" in host or host in _PRIVATE_NAMES or host.endswith(_PRIVATE_ENDINGS):
        return True
    last = host.rsplit(".", 1)[1]
    return last[0].isdigit() or _is_ip(host)


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
