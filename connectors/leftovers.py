"""Taking fields out of a record, so that what nobody read can be named.

JSON formats read a record through `Fields` (XML ones through `connectors.xml`): every field is *taken*. What is left
over with content is counted by name, without indices (``attributes/instructors``), so that a person sees what a feed
offers and the catalogue does not use yet.

Names are looked up as written first; only if that fails, without regard to case and surrounding blanks (real feeds
hold ``"geoLocation "`` beside ``geolocation``).

The same pass finds fields that belong to an issued credential and never to an offering: the learner, the date of
issuing, the grade achieved (elements 1, 5 and 14 of the European approach, as far as they concern a person). Their
*names* are handed on for `SourceOffering.refused`; what stood in them is personal data and is not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from standard.source_offering import SourceValue

_CREDENTIAL_FIELDS: dict[str, tuple[str, ...]] = {
    "learner": (
        "learner",
        "learnerid",
        "learnername",
        "student",
        "studentid",
        "studentname",
        "studentnumber",
        "recipient",
        "recipientid",
        "recipientname",
        "holder",
        "holdername",
        "credentialsubject",
        "identityofthelearner",
        "identificationofthelearner",
    ),
    "date_of_issuing": (
        "dateofissuing",
        "dateofissue",
        "dateofissuance",
        "issuancedate",
        "issuingdate",
        "issuedate",
        "issuedon",
        "awardeddate",
        "awarddate",
        "awardingdate",
        "awardedon",
        "dateawarded",
    ),
    "grade_achieved": (
        "gradeachieved",
        "achievedgrade",
        "finalgrade",
        "gradeobtained",
        "obtainedgrade",
        "gradereceived",
        "gradeawarded",
        "studentgrade",
        "learnergrade",
    ),
}
_CREDENTIAL_SCHEME = {name: scheme for scheme, names in _CREDENTIAL_FIELDS.items() for name in names}
_SCALARS = (str, int, float)
"""Truth values are ints. Tuples and plain types, not unions or abstract classes: this is asked of every value."""
_DEEPEST = 40
"""Containers nested deeper than this are not searched (a hostile record could nest thousands)."""


def credential_scheme(name: str) -> str | None:
    """Return ``learner``, ``date_of_issuing`` or ``grade_achieved`` if a field of this name belongs to an issued
    credential, None otherwise. Case, blanks, hyphens, underscores and an XML prefix do not count."""
    return _scheme_of(name) if isinstance(name, str) else None


@lru_cache(maxsize=8192)
def _scheme_of(name: str) -> str | None:
    letters = "".join(letter for letter in name.rpartition(":")[2].casefold() if letter.isalnum())
    return _CREDENTIAL_SCHEME.get(letters)


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """Return a field name as it is compared in the second, tolerant look-up."""
    return name.strip().casefold()


def has_content(value: object, depth: int = _DEEPEST) -> bool:
    """Return whether a value says anything: not None, not blank text, not an empty (or emptily nested) container.

    0 and False are content. Empty strings stand for "no value" in many real feeds.
    """
    if value is None:
        return False
    if isinstance(value, str):
        return bool(value) and not value.isspace()
    if depth <= 0 or isinstance(value, (int, float)):
        return True
    if isinstance(value, dict):
        return any(has_content(one, depth - 1) for one in value.values())
    if isinstance(value, (list, tuple)):
        return any(has_content(one, depth - 1) for one in value)
    return True


def pointer(base: str, *steps: str | int) -> str:
    """Return a path extended by JSON Pointer steps (RFC 6901): ``a.json#`` and items, 3 give ``a.json#/items/3``."""
    for step in steps:
        base = f"{base}/{step if isinstance(step, int) else _escaped(step)}"
    return base


@lru_cache(maxsize=8192)
def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


class Fields:
    """One JSON-like object whose fields are taken.

    `path` is ``document#pointer`` of the object itself. Nested objects opened with `child` and `children` report
    their own left-overs as part of this record's.
    """

    __slots__ = ("_data", "_folded", "_nested", "_taken", "path")

    def __init__(self, data: dict[str, Any], path: str) -> None:
        self._data = data
        self.path = path
        self._taken: set[str] = set()
        self._folded: dict[str, str] | None = None
        self._nested: list[tuple[str, Fields]] = []

    @property
    def data(self) -> dict[str, Any]:
        """The object as it came. Reading here takes nothing."""
        return self._data

    def key(self, *names: str) -> str | None:
        """Return the key under which the first of `names` stands in the object, None if none does.

        All names as written come before any tolerant match, so a true field is never hidden by an odd one.
        """
        for name in names:
            if name in self._data:
                return name
        if self._folded is None:
            self._folded = {fold(key): key for key in self._data if isinstance(key, str)}
        for name in names:
            found = self._folded.get(fold(name))
            if found is not None:
                return found
        return None

    def peek(self, *names: str) -> Any:
        """Return a field's value without taking it; None if it is not there."""
        found = self.key(*names)
        return None if found is None else self._data[found]

    def take(self, *names: str) -> Any:
        """Take the first of `names` that is there and return its value, whole and untouched; None if none is."""
        found = self.key(*names)
        if found is None:
            return None
        self._taken.add(found)
        return self._data[found]

    def path_of(self, *names: str) -> str:
        """Return the path of the field that `take` would take, or of the first name if none is there."""
        return pointer(self.path, self.key(*names) or names[0])

    def value(
        self, *names: str, lang: str | None = None, scheme: str | None = None, markup: Any = None
    ) -> SourceValue | None:
        """Take a scalar with content as a `SourceValue` with its path. None where there is no content, or a container
        (then the field is left over and named)."""
        found = self.key(*names)
        if found is None:
            return None
        raw = self._data[found]
        if raw is None or isinstance(raw, _SCALARS):
            self._taken.add(found)
        if not isinstance(raw, _SCALARS) or not has_content(raw):
            return None
        return SourceValue(raw, pointer(self.path, found), lang=lang, scheme=scheme, markup=markup)

    def values(
        self, *names: str, lang: str | None = None, scheme: str | None = None, markup: Any = None
    ) -> list[SourceValue]:
        """Take a scalar or a list of scalars as `SourceValue`s, each with its path; members without content are
        skipped, objects in the list are left over."""
        found = self.key(*names)
        if found is None:
            return []
        raw = self._data[found]
        if isinstance(raw, dict):
            return []
        self._taken.add(found)
        base = pointer(self.path, found)
        if not isinstance(raw, list):
            pairs: Iterable[tuple[str, Any]] = [(base, raw)]
        else:
            pairs = [(pointer(base, index), one) for index, one in enumerate(raw)]
        return [
            SourceValue(one, where, lang=lang, scheme=scheme, markup=markup)
            for where, one in pairs
            if has_content(one) and isinstance(one, _SCALARS)
        ]

    def child(self, *names: str) -> Fields | None:
        """Open a nested object; None where there is none. A list with objects in it gives its first object (some
        sources publish a list where one object is due): use `children` where several may stand."""
        return next(iter(self.children(*names)), None)

    def children(self, *names: str) -> list[Fields]:
        """Open a list of nested objects, or a single one (type drift between the two is common). Members that are no
        objects are skipped; take them with `values`."""
        found = self.key(*names)
        if found is None:
            return []
        raw, base = self._data[found], pointer(self.path, found)
        if isinstance(raw, dict):
            opened = [Fields(raw, base)]
        elif isinstance(raw, list):
            opened = [Fields(one, pointer(base, i)) for i, one in enumerate(raw) if isinstance(one, dict)]
        else:
            return []
        if opened or not has_content(raw):
            self._taken.add(found)
        self._nested.extend((found, one) for one in opened)
        return opened

    def ignore(self, *names: str) -> None:
        """Say that these fields are known and deliberately not used."""
        for name in names:
            found = self.key(name)
            if found is not None:
                self._taken.add(found)

    def ignore_all(self) -> None:
        """Say that whatever is left in this object is known and deliberately not used."""
        self._taken.update(key for key in self._data if isinstance(key, str))

    def unread(self) -> Iterator[str]:
        """Yield the names of fields with content that nobody took, once per place, without indices.

        Fields of an issued credential are not among them: see `refused`.
        """
        for key, value in self._data.items():
            if key not in self._taken and has_content(value) and not _scheme_of(str(key)):
                yield str(key).strip()
        for name, nested in self._nested:
            prefix = name.strip()
            yield from (f"{prefix}/{inner}" for inner in nested.unread())

    def refused(self) -> list[SourceValue]:
        """Return the names of fields with content that belong to an issued credential, wherever in the record they
        stand, taken or not, as values for `SourceOffering.refused`. What stands in them is not kept."""
        return list(_credential_fields(self._data, self.path, _DEEPEST))


def _credential_fields(value: Any, path: str, depth: int) -> Iterator[SourceValue]:
    if depth <= 0:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            scheme = _scheme_of(str(key))
            if scheme is not None and has_content(inner):
                yield SourceValue(str(key).strip(), pointer(path, str(key)), scheme=scheme)
            elif isinstance(inner, (dict, list)):
                yield from _credential_fields(inner, pointer(path, str(key)), depth - 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            if isinstance(inner, (dict, list)):
                yield from _credential_fields(inner, pointer(path, index), depth - 1)
