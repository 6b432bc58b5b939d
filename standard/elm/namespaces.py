"""Names of the European Learning Model: its two namespaces, and the addresses that our export uses."""

from __future__ import annotations

from typing import Literal

Version = Literal["3.1", "3.3"]

ELM: dict[Version, str] = {
    "3.1": "http://data.europa.eu/snb/model/elm/",
    "3.3": "http://data.europa.eu/snb/model/ontology/",
}
"""The ontology's namespace changed between 3.1 and 3.3; data of one is nearly invisible to shapes of the other."""

OTHERS: dict[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dc": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rov": "http://www.w3.org/ns/regorg#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

QUALIFICATION_TOPICS = "http://data.europa.eu/snb/qualification-topics#"


def context(version: Version) -> dict[str, str]:
    """Return the JSON-LD context: prefixes only, so that every name in the document can be read off."""
    return {"elm": ELM[version], **OTHERS}
