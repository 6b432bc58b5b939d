"""The columns of our spreadsheet template, and how a header is matched with them.

A header matches when it is the column's name, regardless of case, blanks and underscores (``Offering ID`` is
``offering_id``). Columns for texts take the language as a suffix (``title_en``, ``description_pt-BR``); without a
suffix the text has no language of its own. A header that merely resembles a name is *not* used: the nearest name is
suggested, and the institution decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from babel import Locale
from rapidfuzz import fuzz, process

Sheet = Literal["offerings", "instances"]
Content = Literal["text", "code", "list", "number", "date", "address"]

_CLOSE_ENOUGH = 70
_EUROPEAN_WITHOUT_TWO_LETTERS = "dsb frr fur gsw hsb lad lld ltg mwl nds rmy sco sma sme smj smn sms vro wen"
_NOT_A_SUFFIX = frozenset({"id"})
"""``provider_id`` is an identifier, not a name in Indonesian (for that write ``provider_id-ID``)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `by_language`: the name takes a language suffix. `numbered`: so are ``name_1``, ``name_2``, ...

    `content` "list": several values in one cell, separated by semicolons or line breaks.
    """

    name: str
    sheet: Sheet
    content: Content
    meaning: str
    example: str
    by_language: bool = False
    numbered: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A header cell that was understood: its column, language suffix and number, as written."""

    column: Column
    lang: str | None = None
    number: int = 0

    def key(self) -> tuple[str, str, int]:
        """Return what two header cells share when they mean the same."""
        return self.column.name, (self.lang or "").casefold(), self.number


def _text(name: str, meaning: str, example: str, *, required: bool = False, numbered: bool = False) -> Column:
    return Column(name, "offerings", "text", meaning, example, by_language=True, numbered=numbered, required=required)


def _code(name: str, meaning: str, example: str, content: Content = "code", *, required: bool = False) -> Column:
    return Column(name, "offerings", content, meaning, example, required=required)


def _organisation(prefix: str, who: str) -> list[Column]:
    kinds = {
        "deqar": "DEQAR",
        "eter": "ETER",
        "ror": "ROR",
        "schac": "SCHAC",
        "erasmus": "Erasmus",
        "pic": "PIC",
        "vat": "VAT",
    }
    return [
        _text(prefix, f"Name of {who}.", "Example University"),
        _code(f"{prefix}_country", f"Country of {who}: ISO 3166-1 code of two letters.", "NL"),
        _code(f"{prefix}_homepage", f"Web address of {who}.", "https://www.example.org", "address"),
        _code(f"{prefix}_identifier", f"Any other identifier of {who}.", "21PK"),
        *(_code(f"{prefix}_{kind}", f"{label} identifier of {who}.", "") for kind, label in kinds.items()),
    ]


_OFFERINGS: tuple[Column, ...] = (
    _code("offering_id", "Your own lasting identifier. Never reuse it, never change it.", "MC-2025-017", required=True),
    _text("title", "Title of the micro-credential.", "Data Literacy for Nurses", required=True),
    _text("description", "What it is about, for whom, and why, in a few paragraphs.", "You learn to read ..."),
    _code("type", "Kind of offer: micro-credential, course, ...", "micro-credential"),
    _code("micro_credential", "Whether this offer is a micro-credential: yes or no.", "yes"),
    _code("code", "Your course code, if it is not the identifier.", "DLN-1"),
    _code("country", "Country in which the awarding body sits: ISO 3166-1 code of two letters.", "NL"),
    _code("region", "Region: NUTS code.", "NL413"),
    *_organisation("awarding_body", "the body that signs the credential"),
    *_organisation("provider", "the institution that teaches, if it is another one"),
    _code("ects", "Workload in ECTS credit points.", "3", "number"),
    _code("hours", "Workload in hours of learning, everything included.", "84", "number"),
    _code("contact_hours", "Hours with a teacher.", "20", "number"),
    _code("credits", "Credit points of another system; name it in credit_system.", "5", "number"),
    _code("credit_system", "The system of the points in the column credits.", "CFU"),
    _code("eqf_level", "Level of the European Qualifications Framework, 1 to 8.", "6", "number"),
    _code("national_level", "Level of your national framework.", "6"),
    _code("national_framework", "Name of your national framework.", "NLQF"),
    _code("qf_ehea_cycle", "Cycle of the EHEA framework: short, first, second or third.", "first"),
    _text(
        "learning_outcomes",
        "What a learner knows and can do afterwards: one outcome per line.",
        "Reads a chart ...",
        numbered=True,
    ),
    _code("learning_outcomes_esco", "ESCO skill addresses: one line per outcome, in the same order.", "", "list"),
    _code("modes", "Form of participation: online, onsite, blended, hybrid, ...", "blended", "list"),
    _text("prerequisites", "What is needed to take part.", "A nursing diploma."),
    _code("assessment_types", "Types of assessment, as codes or words.", "portfolio; written examination", "list"),
    _text("assessment", "How learning is assessed, in words.", "A portfolio of three cases."),
    _code("supervision", "Supervision and identity check during assessment.", "supervised with identity verification"),
    _text("grading_scheme", "The scale of grades used.", "1 to 10, pass from 6"),
    _code("quality_assurance_type", "Type of quality assurance.", "programme accreditation"),
    _text("quality_assurance_agency", "Agency that assures quality.", "NVAO"),
    _code("quality_assurance_report", "Address of the report.", "https://www.example.org/report", "address"),
    _code("quality_assurance_from", "Valid from.", "2024-01-01", "date"),
    _code("quality_assurance_until", "Valid until.", "2029-12-31", "date"),
    _text("quality_assurance", "Quality assurance, in words.", "Part of an accredited programme."),
    _code("stackable", "Whether it counts towards something larger: yes or no.", "yes"),
    _text("stackability", "Towards what it counts, in words.", "Counts towards the master in Nursing."),
    _code("part_of", "Identifiers of larger offers it is part of.", "MSC-NURSING", "list"),
    _text("part_of_title", "Title of the larger offer it is part of.", "Master in Nursing"),
    _code("has_part", "Identifiers of smaller offers it contains.", "", "list"),
    _code("fields", "Fields of study: ISCED-F 2013 codes.", "0913", "list"),
    _code("languages", "Languages of instruction: BCP 47 or ISO 639 codes.", "nl; en", "list"),
    _code("homepage", "Web page of this offer.", "https://www.example.org/dln", "address"),
    _code("image", "Address of a picture.", "https://www.example.org/dln.jpg", "address"),
    _code("contact_email", "E-mail of an office, never of a person.", "info@example.org"),
    _code("contact_phone", "Telephone of an office.", "+31 20 123 45 67"),
    _code("contact_url", "Contact page.", "https://www.example.org/contact", "address"),
    Column("keywords", "offerings", "list", "Keywords.", "data; nursing", by_language=True),
    _code("licence", "Licence of this description.", "CC BY 4.0"),
    _code("modified", "Day of the last change to this row.", "2025-03-01", "date"),
    _code("price_amount", "Price, if it is the same for all runs. 0 means free.", "450", "number"),
    _code("price_currency", "Currency of the price: ISO 4217 code.", "EUR"),
    _text("price_note", "What the price includes, or for whom it holds.", "Free for alumni."),
)


def _instance(column: Column) -> Column:
    return Column(
        column.name,
        "instances",
        column.content,
        column.meaning,
        column.example,
        column.by_language,
        required=column.required,
    )


_INSTANCES: tuple[Column, ...] = tuple(
    _instance(column)
    for column in (
        _code(
            "offering_id",
            "Identifier of the offering this run belongs to, as in the sheet Offerings.",
            "MC-2025-017",
            required=True,
        ),
        _code("instance_id", "Your own lasting identifier of this run.", "MC-2025-017-A"),
        _text("title", "Name of the run, if it has one.", "Autumn group"),
        _code("start", "First day.", "2025-09-01", "date"),
        _code("end", "Last day.", "2025-11-30", "date"),
        _code("enrolment_opens", "First day of enrolment.", "2025-05-01", "date"),
        _code("enrolment_closes", "Last day of enrolment.", "2025-08-15", "date"),
        _code("modes", "Form of participation of this run, if it differs.", "online", "list"),
        _text("location", "Where it takes place.", "Amsterdam, Building A"),
        _code("languages", "Languages of instruction of this run, if they differ.", "en", "list"),
        _code("price_amount", "Price of this run. 0 means free.", "450", "number"),
        _code("price_currency", "Currency of the price: ISO 4217 code.", "EUR"),
        _text("price_note", "What the price includes, or for whom it holds.", ""),
        _code("capacity", "Number of places.", "25", "number"),
        _code("url", "Web page of this run, where one enrols.", "https://www.example.org/dln/enrol", "address"),
        _code("status", "open, closed or cancelled.", "open"),
    )
)

COLUMNS: dict[Sheet, tuple[Column, ...]] = {"offerings": _OFFERINGS, "instances": _INSTANCES}


def fold(header: str) -> str:
    """Return a header without case, blanks and underscores, as it is compared."""
    return re.sub(r"[\s_\ufeff]+", "", header).casefold()


def match(header: str, sheet: Sheet) -> Heading | None:
    """Return what a header means in a sheet, or None. Only names that are equal after `fold` match."""
    found = _by_fold(sheet).get(fold(header))
    if found is not None:
        return Heading(found)
    parts = re.split(r"[\s_]+", header.strip())
    lang = parts.pop() if len(parts) > 1 and is_language_suffix(parts[-1]) else None
    number = int(parts.pop()) if len(parts) > 1 and re.fullmatch(r"[0-9]{1,3}", parts[-1]) else 0
    column = _by_fold(sheet).get(fold(" ".join(parts)))
    if column is None or (lang and not column.by_language) or (number and not column.numbered):
        return None
    return Heading(column, lang, number)


def suggestion(header: str, sheet: Sheet) -> str | None:
    """Return the nearest name of the template for a header that matches none, or None if none is near."""
    parts = re.split(r"[\s_]+", header.strip())
    lang = parts[-1] if len(parts) > 1 and is_language_suffix(parts[-1]) else None
    base = "_".join(parts[:-1] if lang else parts).casefold()
    names = {column.name: column for column in COLUMNS[sheet]}
    near = process.extractOne(base, list(names), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    if near is None:
        return None
    column = names[near[0]]
    return f"{column.name}_{lang}" if lang and column.by_language else column.name


@cache
def is_language_suffix(suffix: str) -> bool:
    """Say whether the end of a header can be a language: a code that is in use, not any two or three letters."""
    primary, _, rest = suffix.casefold().partition("-")
    if not rest and primary in _NOT_A_SUFFIX:
        return False
    if rest and not re.fullmatch(r"[a-z0-9]{2,8}(-[a-z0-9]{1,8})*", rest):
        return False
    return primary in _known_languages()


@cache
def _known_languages() -> frozenset[str]:
    two_letters = (code for code in map(str, Locale("en").languages) if len(code) == 2)
    return frozenset(_EUROPEAN_WITHOUT_TWO_LETTERS.split()) | frozenset(two_letters)


@cache
def _by_fold(sheet: Sheet) -> dict[str, Column]:
    return {fold(column.name): column for column in COLUMNS[sheet]}
