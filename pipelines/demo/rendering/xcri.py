"""The demo's XCRI-CAP 1.2 file: one provider, a course per entry, a presentation per run, prose for prices."""

from __future__ import annotations

from typing import Any

from lxml import etree

from pipelines.demo.content import DemoInstitution, DemoOffering

_X = "http://xcri.org/profiles/1.2/catalog"
_DC = "http://purl.org/dc/elements/1.1/"
_MLO = "http://purl.org/net/mlo"
_CREDIT = "http://purl.org/net/cm"
_XHTML = "http://www.w3.org/1999/xhtml"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMESPACES: Any = {None: _X, "dc": _DC, "mlo": _MLO, "credit": _CREDIT, "xhtml": _XHTML}
_ATTENDANCE = {"onsite": ("CM", "Campus"), "online": ("ON", "Online"), "blended": ("MM", "Mixed mode")}


def document(institution: DemoInstitution) -> bytes:
    """Return the institution's catalogue as an XCRI-CAP 1.2 document (UTF-8, with declaration)."""
    root = etree.Element(f"{{{_X}}}catalog", nsmap=_NAMESPACES)
    root.set("generated", "2026-11-20T02:00:00Z")
    provider = _add(root, _X, "provider")
    _add(provider, _DC, "identifier", f"https://www.{institution.domain}/")
    for language, name in institution.name.items():
        _add(provider, _DC, "title", name, language)
    _add(provider, _MLO, "url", f"https://www.{institution.domain}/")
    for entry in institution.offerings:
        _course(provider, institution, entry)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add(
    parent: etree._Element, namespace: str, name: str, text: str | None = None, language: str | None = None
) -> etree._Element:
    element = etree.SubElement(parent, f"{{{namespace}}}{name}")
    element.text = text
    if language:
        element.set(_XML_LANG, language)
    return element


def _course(provider: etree._Element, institution: DemoInstitution, entry: DemoOffering) -> None:
    facts = entry.facts
    course = _add(provider, _X, "course")
    if entry.id:
        _add(course, _DC, "identifier", f"https://www.{institution.domain}/id/{entry.id}")
    _add(course, _DC, "type", "degree" if facts.get("kind") == "degree" else "micro-credential")
    for language, texts in entry.texts.items():
        _add(course, _DC, "title", texts["title"], language)
        _description(course, texts["text"], language, bool(facts.get("html")))
        for outcome in texts["outcomes"]:
            _add(course, _X, "learningOutcome", outcome, language)
        _add(course, _MLO, "assessment", facts["assessment"], language)
    _add(course, _MLO, "url", institution.address(entry))
    _add(course, _MLO, "level", f"EQF {facts['level']}" if "level" in facts else "")
    _credit(course, facts)
    _presentation(course, institution, entry)


def _description(course: etree._Element, text: str, language: str, is_markup: bool) -> None:
    element = _add(course, _DC, "description", None if is_markup else text, language)
    if is_markup:
        block = etree.fromstring(f'<xhtml:div xmlns:xhtml="{_XHTML}">{text}</xhtml:div>')
        element.append(block)


def _credit(course: etree._Element, facts: dict[str, Any]) -> None:
    credit = _add(course, _MLO, "credit")
    _add(credit, _CREDIT, "scheme", "ECTS")
    _add(credit, _CREDIT, "value", str(facts["ects"]))


def _presentation(course: etree._Element, institution: DemoInstitution, entry: DemoOffering) -> None:
    facts = entry.facts
    run = _add(course, _X, "presentation")
    if entry.id:
        _add(run, _DC, "identifier", f"https://www.{institution.domain}/id/{entry.id}/2027")
    for name in ("start", "end"):
        if facts.get(name):
            element = _add(run, _MLO if name == "start" else _X, name, facts[name])
            if facts[name][:2] == "20":
                element.set("dtf", facts[name])
    code, words = _ATTENDANCE.get(facts["mode"], ("", "Abendkurs"))
    mode = _add(run, _X, "attendanceMode", words)
    if code:
        mode.set("identifier", code)
    _add(run, _MLO, "languageOfInstruction", next(iter(entry.texts)))
    _add(run, _MLO, "cost", str(facts["price"]))
