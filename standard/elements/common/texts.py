"""Texts for people, in one or more languages: titles, descriptions, outcomes, names.

**Read.** All values of a slot, in the order of the source, after the feed's look-ups.
**Normalise.** Mark-up is taken out, entities are resolved, blanks are put in order; a placeholder is nothing.
The language is the one the source states. Where it states none, it is the contract's default language (the way
of the value is then *from the contract*), else ``und``. A stated language that is none that we know
("Mehrsprachig") gives ``und`` and an observation; the default is not put in its place. The first text per
language wins (or, for slots that are collected from several places, the texts of one language are joined by a
blank line). A text that repeats another of the same record without saying more is dropped: the same language
again, or no language where a stated one has the same words.
**Check.** A text of 200 letters or more is compared with its language: a detection of at least 95 % for another
language is an observation, never a correction (TU Eindhoven publishes English under ``nl-NL``). The same text
of 60 letters or more under two languages is such an observation too. Scripts and the like are observed, and are
gone from the text. A text beyond the limit is cut and observed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from standard.elements.common.case import SHOWN, Case, Seen, Understanding, original, weakest, words
from standard.offering import How, Provenance, Texts
from standard.source_offering import SourceValue
from standard.values import common_words, languages
from standard.values.harmless import without_live_tags
from standard.values.text import CleanText, clean_line, clean_text, is_placeholder

UNDETERMINED = "und"
SURE = 0.95
"""Probability from which a detected language is held against a stated one."""

SAME_TEXT_LETTERS = 60
"""Length from which one text cannot be right in two languages (short titles often are)."""

DETECTABLE_LETTERS = 200
"""Length from which the language of a text can be detected with any certainty."""

DETECTED_LETTERS = 300
"""Letters of a long text that are looked at; more makes the detection slower, not surer.

To hold a text against its tag takes them all; where its beginning already reads as the tag says, nobody reads on. That
is nearly every text of a feed, and detection is the dearest part of the mapping (see `benchmarks`)."""

LONGEST = 50_000
"""Characters of a text that are kept: some twenty printed pages."""

_KIN = (
    frozenset({"no", "nb", "nn", "da"}),
    frozenset({"hr", "sr", "bs", "sh", "me"}),
    frozenset({"cs", "sk"}),
    frozenset({"id", "ms"}),
    frozenset({"gl", "pt"}),
)
"""Languages that detection mixes up: neither contradicts another of its group."""


@dataclass(slots=True)
class TextsRead:
    """Texts that were understood, and how: `used`, of these `changed` and `marked_up`, in the order of the source."""

    texts: Texts = field(default_factory=dict)
    used: list[Seen] = field(default_factory=list)
    changed: list[Seen] = field(default_factory=list)
    marked_up: list[Seen] = field(default_factory=list)
    hows: list[How] = field(default_factory=list)

    def provenance(self, *, derived: bool = False) -> Provenance:
        """Return the provenance of the texts as one field."""
        how: How = "derived" if derived else weakest(self.hows)
        originals = [original(one) for one in self.changed]
        return Provenance(how=how, path=self.used[0].path, original=originals or None)


@dataclass(frozen=True, slots=True)
class TextRule:
    """How the texts of one element are read: beginning of the codes, longest text (characters), whether several
    of one language are joined (else the first wins), whether a text is one line (titles, names),
    and whether its language is checked here."""

    stem: str
    longest: int = LONGEST
    joined: bool = False
    line: bool = False
    checked: bool = True


@lru_cache(maxsize=1024)
def _tag(raw: str) -> str | None:
    return languages.language_tag(raw).value


def read_texts(
    case: Case, into: Understanding, slot: str | tuple[str, ...], values: Sequence[SourceValue], rule: TextRule
) -> TextsRead:
    """Return the texts of a slot by language; observations go to `into`."""
    return understand_texts(case, into, case.see(slot, values), rule)


def understand_texts(case: Case, into: Understanding, seen: Sequence[Seen], rule: TextRule) -> TextsRead:
    """Return the texts of values that have been looked up already."""
    read = TextsRead()
    for one in seen:
        cleaned = clean(into, one, rule)
        if cleaned is not None:
            _add(read, one, cleaned, *_language(case, into, one, rule), rule.joined)
    _drop_unmarked_repetitions(read)
    if rule.checked:
        _check_languages(into, read, rule.stem)
    return read


def clean(into: Understanding, seen: Seen, rule: TextRule) -> CleanText | None:
    """Return the plain text of a value (None where it stands for nothing), observing what had to be done."""
    raw = words(seen.value)
    if is_placeholder(raw):
        return None
    cleaned = clean_line(raw, seen.markup) if rule.line else clean_text(raw, seen.markup)
    if cleaned.had_active_content:
        into.observe(f"{rule.stem}-ACTIVE-CONTENT", seen)
    if not cleaned.text or (cleaned.had_markup and is_placeholder(cleaned.text)):
        return None
    if len(cleaned.text) <= rule.longest and not cleaned.cut:
        return cleaned
    into.observe(f"{rule.stem}-TOO-LONG", seen, length=str(len(raw)), limit=str(rule.longest))
    return CleanText(without_live_tags(cleaned.text[: rule.longest].rstrip()), cleaned.had_markup)


def _language(case: Case, into: Understanding, seen: Seen, rule: TextRule) -> tuple[str, How]:
    stated = (seen.lang or "").strip()
    if not stated or stated.lower() == UNDETERMINED:
        if case.context.default_language and not stated:
            return case.context.default_language, weakest(("contract", seen.how))
        return UNDETERMINED, seen.how
    tag = _tag(stated)
    if tag is None:
        into.observe(f"{rule.stem}-LANGUAGE-UNREADABLE", seen, tag=words(stated)[:SHOWN])
        return UNDETERMINED, seen.how
    return tag, seen.how


def _add(read: TextsRead, seen: Seen, cleaned: CleanText, tag: str, how: How, joined: bool) -> None:
    text, present = cleaned.text, read.texts.get(tag)
    if present is not None and (not joined or text in present):
        return
    read.texts[tag] = text if present is None else f"{present}\n\n{text}"
    read.used.append(seen)
    read.hows.append(how)
    if text != seen.published:
        read.changed.append(seen)
    if cleaned.had_markup:
        read.marked_up.append(seen)


def _drop_unmarked_repetitions(read: TextsRead) -> None:
    unmarked = read.texts.get(UNDETERMINED)
    if unmarked is not None and any(text == unmarked for tag, text in read.texts.items() if tag != UNDETERMINED):
        del read.texts[UNDETERMINED]


def _check_languages(into: Understanding, read: TextsRead, stem: str) -> None:
    for tag, note in contradictions(read.texts):
        seen = next((one for one in read.used if one.lang and _tag(one.lang) == tag), read.used[0])
        into.observe(f"{stem}-LANGUAGE-CONTRADICTED", seen, tag=tag, note=note)


def contradictions(texts: Texts) -> list[tuple[str, str]]:
    """Return each tag that its text contradicts, with why in plain words."""
    found = [(tag, note) for tag, text in texts.items() if (note := _reads_as_other(tag, text))]
    told = {tag for tag, _ in found}
    return found + [(tag, note) for tag, note in _same_text(texts) if tag not in told and not told]


def _reads_as_other(tag: str, text: str) -> str | None:
    if tag == UNDETERMINED or len(text) < DETECTABLE_LETTERS:
        return None
    beginning = text[:DETECTABLE_LETTERS]
    if common_words.shows(tag, beginning) or _other(tag, beginning) is None:
        return None
    other = _other(tag, text[:DETECTED_LETTERS])
    return f"it reads as '{other[0]}' ({other[1]:.0%})" if other and other[1] >= SURE else None


def _other(tag: str, text: str) -> tuple[str, float] | None:
    """Return the language a text reads as, with how sure, if it is not the one of the tag."""
    detected = _detect(text)
    return None if detected is None or same_language(tag, detected[0]) else detected


@lru_cache(maxsize=64)
def _detect(text: str) -> tuple[str, float] | None:
    return languages.detect(text)


def _same_text(texts: Texts) -> list[tuple[str, str]]:
    tags = [tag for tag, text in texts.items() if tag != UNDETERMINED and len(text) >= SAME_TEXT_LETTERS]
    found = []
    for place, tag in enumerate(tags):
        for other in tags[:place]:
            if texts[tag] == texts[other] and not same_language(tag, other):
                found.append((tag, f"the same text also stands under '{other}'"))
    return found


def same_language(one: str, other: str) -> bool:
    """Whether two tags name one language, or two that are too near to tell apart."""
    first, second = one.split("-")[0].lower(), other.split("-")[0].lower()
    return first == second or any(first in group and second in group for group in _KIN)


def put_texts(into: Understanding, name: str, read: TextsRead) -> None:
    """Set a field of the offering to texts, or say that it lacks."""
    if read.texts:
        into.put(name, read.texts, read.provenance())
    else:
        into.lack(name)
