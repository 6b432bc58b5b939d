"""Level: EQF 1-8, national framework and level, QF-EHEA cycle.

What is understood, in this order:

- EU addresses (``http://data.europa.eu/snb/eqf/6``, addresses of national levels);
- a framework named in the text or by the scheme: "EQF level 6", ``eqf_6``, "NLQF 6", ``nlqf_4plus``, "SCQF Level 7",
  "DQR-Niveau 5". The EQF level of a national one is derived from the national referencing report (``nqf.csv``);
- "4+", which only the Dutch framework has;
- a bare number, where the scheme says the framework, or says ``nqf`` and the country has exactly one;
- words for degrees and cycles (``level_words.csv``), which give EQF and QF-EHEA, derived.

What is not: a bare number without a framework ("Level 3" in a British feed is RQF, SCQF or CQFW: ambiguous), names
of qualifications and school types ("HNC", "Access", "Higher"), "undefined", "beginner". Nothing of these is guessed.
"MA" is no word for a level: in one real Scottish feed it is a Modern Apprenticeship.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, cast

from standard.folding import fold
from standard.observation import Scalar
from standard.values import Understood
from standard.values.plain import is_placeholder, plain
from standard.vocabularies import vocabulary
from standard.vocabularies.vocabulary import read

Cycle = Literal["short", "first", "second", "third"]


@dataclass(frozen=True, slots=True)
class LevelParts:
    """A level. `eqf`: 1-8. `nqf`: framework and level ("NLQF 6", "SCQF 7"). `qf_ehea`: cycle of higher education."""

    eqf: int | None = None
    nqf: str | None = None
    qf_ehea: Cycle | None = None


_NO_LEVEL = frozenset({"undefined", "undivided", "nt2 1", "nt2 2", "not defined", "any", "all levels", "all"})
_EQF_NAMES = ("eqf", "eqr", "cec", "mec", "ekr", "eqf level", "european qualifications framework", "evk", "qeq")
_STEP = (
    r"(?:entry(?: level)? ?(?:\d(?: ?- ?\d)?)?|[a-d](?![a-z])|(?:i{1,3}|iv|v)(?: (?:doctorat|master))?(?![a-z])|"
    r"\d{1,2}(?:[.,]\d)?(?!\d)(?: ?(?:\+|plus)|[a-c](?![a-z]))?)"
)
_BETWEEN = r"(?:[ :=/()]|level|niveau|nivel|livello|taso|niva|stufe|lvl|l(?=\d))*"
_WORD_LEVEL = re.compile(
    rf"(?P<national>nqf |national )?(?:level|niveau|nivel|livello|taso|niva|stufe|lvl|l)?[ :]*(?P<step>{_STEP})"
)
_NEGATIVE = re.compile(r"\s*[-\u2212]\s*\d+(?:[.,]\d+)?\s*")
_WHOLE = re.compile(r"\A\s*(\d+)[.,]0+\s*\Z")
"""How a spreadsheet may write a whole number."""

_RANGE = re.compile(r"\d ?(?:-|–|to|/|bis|and|or|,) ?\d")


def level(value: Scalar, scheme: str | None = None, country: str | None = None) -> Understood[LevelParts]:
    """Return the level a value states.

    `scheme`: ``eqf``, ``nqf``, a framework's name (``nlqf``), ``qf_ehea``, ``word``, or None. `country` (alpha-2) is
    used only to know which national framework a bare ``nqf`` means. `derived` is true where the EQF level follows
    from a national level or a word; `facts["from"]` then names it.
    """
    return _level(plain(value), fold(scheme or ""), (country or "").upper())


@lru_cache(maxsize=8192)
def _level(text: str, scheme: str, country: str) -> Understood[LevelParts]:
    if "://" in text:
        return _of_address(text)
    if _NEGATIVE.fullmatch(text):
        return Understood(problem="out_of_bounds", note="a level is never negative")
    text = _WHOLE.sub(r"\1", text)
    folded = fold(text.replace("+", " plus").replace("_", " "))
    if folded in _NO_LEVEL or is_placeholder(text):
        return Understood(problem="placeholder", note="says that there is no level" if folded in _NO_LEVEL else "")
    if scheme in ("qf ehea", "qfehea", "ehea"):
        return _of_cycle(text)
    exact = _nqf_codes().get(fold(text))
    if exact:
        return _national(exact)
    named = _named(folded)
    if named:
        return _combined(named, text)
    word = _words().get(fold(text))
    return word or _of_number(text, folded, scheme, country)


def _of_address(text: str) -> Understood[LevelParts]:
    eqf = vocabulary("eqf").code_for(text)
    if eqf and "/eqf/" in text:
        return Understood(LevelParts(eqf=int(eqf)))
    nqf = vocabulary("nqf").code_for(text)
    return (
        _national(nqf) if nqf else Understood(problem="unknown_code", note=f"'{text[:80]}' is no level of EQF or NQF")
    )


def _of_cycle(text: str) -> Understood[LevelParts]:
    cycle = vocabulary("qf_ehea").code_for(text)
    if cycle is None:
        word = _words().get(fold(text))
        return word or Understood(problem="unknown_code", note=f"'{text[:60]}' is no cycle of QF-EHEA")
    parts = LevelParts(eqf={"short": 5, "first": 6, "second": 7, "third": 8}[cycle], qf_ehea=cast(Cycle, cycle))
    return Understood(parts, derived=True, facts={"from": f"{cycle} cycle"})


def _named(folded: str) -> list[tuple[str, str]]:
    """Return (framework, step) for every framework that a folded text names with a level; EQF is "EQF"."""
    found: list[tuple[str, str]] = []
    for match in _framework_pattern().finditer(folded):
        name, step = (match["name"], match["step"]) if match["name"] else (match["name2"], match["step2"])
        found.append((_frameworks()[name], step))
    return found


def _combined(named: list[tuple[str, str]], text: str) -> Understood[LevelParts]:
    """Return the parts of all frameworks named: "EQF 6 / NLQF 6" states both."""
    if _RANGE.search(text) and len({framework for framework, _ in named}) == 1:
        return Understood(problem="ambiguous", note="more than one level")
    understood = [_of_framework(framework, step) for framework, step in named]
    failed = [one for one in understood if one.value is None]
    if failed:
        return failed[0]
    parts = [one.value for one in understood if one.value is not None]
    eqf = {(part.eqf, one.derived) for part, one in zip(parts, understood, strict=True) if part.eqf}
    stated = {number for number, derived in eqf if not derived} or {number for number, _ in eqf}
    nqf = list(dict.fromkeys(part.nqf for part in parts if part.nqf))
    if len(stated) > 1 or len(nqf) > 1:
        return Understood(problem="ambiguous", note="more than one level")
    derived = bool(eqf) and all(derived for _, derived in eqf)
    facts = {"from": nqf[0]} if derived and nqf else {}
    return Understood(LevelParts(next(iter(stated), None), nqf[0] if nqf else None), derived=derived, facts=facts)


def _of_framework(framework: str, step: str) -> Understood[LevelParts]:
    if framework == "EQF":
        number = step.replace(" ", "")
        if number.isdigit() and 1 <= int(number) <= 8:
            return Understood(LevelParts(eqf=int(number)))
        return Understood(problem="out_of_bounds", note=f"EQF has levels 1 to 8, not '{step}'")
    nqf = _nqf_codes().get(fold(f"{framework} {_tidy_step(step)}"))
    return _national(nqf) if nqf else Understood(problem="unknown_code", note=f"{framework} has no level '{step}'")


def _national(nqf: str) -> Understood[LevelParts]:
    eqf = vocabulary("nqf").rows[nqf]["eqf"]
    parts = LevelParts(eqf=int(eqf) if eqf else None, nqf=nqf)
    return Understood(parts, derived=bool(eqf), facts={"from": nqf} if eqf else {})


def _of_number(text: str, folded: str, scheme: str, country: str) -> Understood[LevelParts]:
    """Return the level of "6", "Level 6", "4+": the scheme (or the country's only framework) says which one."""
    match = _WORD_LEVEL.fullmatch(folded)
    if match is None:
        if _RANGE.search(text):
            return Understood(problem="ambiguous", note="more than one level")
        return Understood(problem="unknown_code", note=f"'{text[:60]}' names no level of a framework")
    step = match["step"]
    framework = _frameworks().get(scheme)
    if _tidy_step(step) == "4+" and framework in (None, "EQF", "NLQF"):
        return _of_framework("NLQF", step)
    if framework is None and (match["national"] or scheme in ("nqf", "national")):
        framework = _only_framework(country)
    if framework is None:
        return Understood(problem="ambiguous", note=f"'{text[:60]}' does not say which framework it belongs to")
    return _of_framework(framework, step)


def _tidy_step(step: str) -> str:
    """Return a step as the lists write it: "4 plus" is "4+", "4,1" is "4.1", blanks only between words."""
    return (
        re.sub(r" ?(?:\+|plus)", "+", step)
        .replace("entry level", "entry")
        .replace(",", ".")
        .replace(" - ", "-")
        .strip()
    )


def _only_framework(country: str) -> str | None:
    """Return the national framework of a country that has exactly one (Belgium and the United Kingdom have three)."""
    rows = vocabulary("nqf_frameworks").rows
    own = [code for code, row in rows.items() if row["country"] == country]
    return own[0] if len(own) == 1 else None


@cache
def _frameworks() -> dict[str, str]:
    """Return folded names of frameworks → our code, "EQF" for the European one."""
    names = {fold(code): code for code in vocabulary("nqf_frameworks")}
    names.update({fold(row["en"]): code for code, row in vocabulary("nqf_frameworks").rows.items()})
    names.update({fold(row["alias"]): row["framework"] for row in read("nqf_aliases.csv")})
    names.update({fold(name): "EQF" for name in _EQF_NAMES})
    return names


@cache
def _framework_pattern() -> re.Pattern[str]:
    """Return the pattern of a framework's name with its level behind it or in front ("niveau 6 du CEC")."""
    names = "|".join(re.escape(name) for name in sorted(_frameworks(), key=len, reverse=True))
    behind = rf"(?<![^\W\d_])(?P<name>{names}){_BETWEEN}(?P<step>{_STEP})"
    link = "[ (]*(?:du|of the|of|des|del|de|im|der)? ?"
    in_front = rf"(?:niveau|level|nivel|livello|stufe)[ :]*(?P<step2>{_STEP}){link}(?P<name2>{names})(?![^\W\d_])"
    return re.compile(rf"{behind}|{in_front}")


@cache
def _nqf_codes() -> dict[str, str]:
    return {fold(code): code for code in vocabulary("nqf")}


@cache
def _words() -> dict[str, Understood[LevelParts]]:
    """Return folded words → the level they stand for, always derived."""
    return {
        fold(row["word"]): Understood(
            LevelParts(eqf=int(row["eqf"]), qf_ehea=cast(Cycle, row["qf_ehea"]) if row["qf_ehea"] else None),
            derived=True,
            facts={"from": row["word"]},
        )
        for row in read("level_words.csv")
    }
