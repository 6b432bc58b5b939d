"""Parts of an ELM document that depend on one part of the offering alone: credits, prices, places, notes."""

from __future__ import annotations

from standard.elm.conformance import language_address
from standard.elm.nodes import Node, concept, lang_strings, moment, node, number, typed
from standard.offering import Instance, Offering, Price, QualityAssurance, Relation, Texts
from standard.vocabularies import vocabulary

CYCLES = {
    "short": "QF-EHEA short cycle",
    "first": "QF-EHEA first cycle",
    "second": "QF-EHEA second cycle",
    "third": "QF-EHEA third cycle",
}
"""ELM 3.1 has no list of Bologna cycles: they are said in a note."""


def eqf_code(level: int | None) -> str | None:
    """Return the code of an EQF level in our list."""
    return None if level is None else str(level)


def credit_points(ects: float | None) -> Node | None:
    """Return ECTS credits. ELM writes the number as a string."""
    if ects is None:
        return None
    return node("elm:CreditPoint", elm_framework=concept("credit_systems", "ects"), elm_point=number(ects))


def volume(hours: float | None) -> Node | None:
    """Return hours as a duration in hours and minutes: days would be read as 24 hours of learning each."""
    if hours is None:
        return None
    whole, minutes = divmod(round(hours * 60), 60)
    return typed("duration", f"PT{whole}H" + (f"{minutes}M" if minutes else ""))


def language_concepts(tags: list[str]) -> list[Node]:
    """Return the languages of the EU list, each once."""
    addresses = dict.fromkeys(address for tag in tags if (address := language_address(tag)))
    return [{"@id": address} for address in addresses]


def period(run: Instance) -> Node | None:
    """Return start and end of a run."""
    if run.start is None and run.end is None:
        return None
    end = moment(run.end, end_of_day=True)
    return node("dc:PeriodOfTime", elm_startDate=moment(run.start), elm_endDate=end)


def price_detail(price: Price) -> Node | None:
    """Return a price. An amount without a currency cannot be said as an amount in ELM, and is said in words."""
    unit = concept("currencies", price.currency)
    if price.amount is None or unit is None:
        label = lang_strings(price.note) or ([_in_words(price)] if price.amount is not None else [])
        return node("elm:PriceDetail", skos_prefLabel=label) if label else None
    amount = node("elm:Amount", elm_unit=unit, rdf_value=typed("decimal", number(price.amount)))
    return node("elm:PriceDetail", elm_amount=amount, skos_prefLabel=lang_strings(price.note))


def _in_words(price: Price) -> Node:
    return {"@language": "und", "@value": f"{number(price.amount or 0)} {price.currency or ''}".strip()}


def location(country: str | None, region: str | None) -> Node | None:
    """Return where an organisation sits: its country, and the region where it is known."""
    code = concept("countries", country)
    if code is None:
        return None
    spatial = concept("nuts", region)
    return node("dc:Location", elm_address=node("elm:Address", elm_countryCode=code), elm_spatialCode=spatial)


def grading_scheme(texts: Texts) -> Node | None:
    """Return the grading scheme by its name."""
    return node("elm:GradingScheme", dc_title=lang_strings(texts)) if texts else None


def cycle(code: str | None) -> Texts | None:
    """Return a QF-EHEA cycle in words."""
    return None if code is None else {"en": CYCLES[code]}


def label(name: str, code: str | None) -> Texts | None:
    """Return the English label of a code as a text."""
    lists = vocabulary(name)
    return {"en": lists.label(code)} if code is not None and code in lists else None


def assessment_title(offering: Offering) -> Texts:
    """Return what to call the assessment: its types, else its text (first line), else just that."""
    names = [vocabulary("assessment_types").label(code) for code in offering.assessment_types]
    if names:
        return {"en": ", ".join(names)}
    return {tag: text.split("\n", 1)[0][:200] for tag, text in offering.assessment.items()} or {"en": "Assessment"}


def assurance(statement: QualityAssurance) -> Texts:
    """Return a statement about quality assurance in words, one text per language of the source."""
    kind = label("accreditation_types", statement.type)
    facts = [
        kind["en"] if kind else "",
        next(iter((statement.agency or {}).values()), ""),
        f"{statement.valid_from or '…'} – {statement.valid_until or '…'}" if _dated(statement) else "",
        statement.report or "",
    ]
    said = ". ".join(fact for fact in facts if fact)
    texts = dict(statement.text or {})
    if said:
        texts["en"] = f"{said}\n\n{texts['en']}" if "en" in texts else said
    return texts


def _dated(statement: QualityAssurance) -> bool:
    return bool(statement.valid_from or statement.valid_until)


def target(relation: Relation) -> Texts | None:
    """Return the larger offer that a relation names."""
    return relation.title or ({"und": relation.identifier} if relation.identifier else None)
