"""The small pieces of an ELM document: texts, notes, concepts, web addresses, dates, identifiers.

Each function returns a JSON-LD value, or None where there is nothing to say; `node` leaves such values out.
"""

from __future__ import annotations

from typing import Any

from standard.offering import Texts
from standard.vocabularies import vocabulary

Node = dict[str, Any]


def node(kind: str, identifier: str | None = None, /, **properties: Any) -> Node:
    """Return a node of a class. Names of properties are written ``prefix_name`` for ``prefix:name``."""
    named: Node = {"@id": identifier} if identifier else {}
    named["@type"] = kind
    for name, value in properties.items():
        if value not in (None, [], {}):
            named[name.replace("_", ":", 1)] = value
    return named


def lang_strings(texts: Texts | None) -> list[Node]:
    """Return texts as language-tagged strings."""
    return [{"@language": tag, "@value": text} for tag, text in sorted((texts or {}).items())]


def concept(name: str, code: str | None) -> Node | None:
    """Return a reference to a concept of one of our code lists; None where the EU list has none for it."""
    lists = vocabulary(name)
    address = lists.address(code) if code is not None and code in lists else None
    return {"@id": address} if address else None


def concepts(name: str, codes: list[str]) -> list[Node]:
    """Return references to those of the concepts that the EU list has."""
    return [found for code in codes if (found := concept(name, code))]


def note(texts: Texts | None, subject: str | None = None) -> Node | None:
    """Return a note, with what it is about."""
    if not texts:
        return None
    return node("elm:Note", elm_noteLiteral=lang_strings(texts), dc_subject={"@id": subject} if subject else None)


def web_resource(address: str | None) -> Node | None:
    """Return a web address as a resource."""
    return None if address is None else node("elm:WebResource", elm_contentUrl=typed("anyURI", address))


def typed(kind: str, value: str) -> Node:
    """Return a literal of an XML Schema type."""
    return {"@type": f"xsd:{kind}", "@value": value}


def moment(value: str | None, *, end_of_day: bool = False) -> Node | None:
    """Return an ISO date or date-time as xsd:dateTime: ELM knows no dates, so a day begins or ends at its border."""
    if value is None:
        return None
    clock = "T23:59:59" if end_of_day else "T00:00:00"
    return typed("dateTime", value if "T" in value else f"{value}{clock}")


def identifier(notation: str, scheme: str | None = None) -> Node:
    """Return an identifier, with the name of its scheme."""
    return node("elm:Identifier", skos_notation=notation, elm_schemeName=scheme)


def number(value: float) -> str:
    """Return a number without a superfluous fraction: 3.0 is "3"."""
    return f"{value:.10f}".rstrip("0").rstrip(".")
