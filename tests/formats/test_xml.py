"""Hardened XML, tried through the format that uses it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors._xml_repair import Mended
from connectors.reading import NotReadable
from connectors.text_limit import LONGEST_TEXT
from tests.formats.documents import Outcome, document, plain, read, refused

FORM = "xcri-cap-1.2"


def catalog(*courses: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>', attributes: str = "") -> str:
    inner = "".join(courses)
    return f"{head}<catalog{attributes}><provider><title>College</title>{inner}</provider></catalog>"


def course(identifier: str, inner: str = "") -> str:
    return f"<course><identifier>{identifier}</identifier><title>Course {identifier}</title>{inner}</course>"


def ids(outcome: Outcome) -> list[str | None]:
    return [offering.source_id for offering in outcome.offerings]


# Unsafe ----------------------------------------------------------------------------------------------------------


BOMB = (
    '<!DOCTYPE catalog [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{"&a" + str(n - 1) + ";" if n > 1 else "&a;"}{"&a;" * 9}">' for n in range(1, 9))
    + "]>"
)


@pytest.mark.parametrize(
    "head",
    [
        BOMB,
        '<!DOCTYPE catalog SYSTEM "http://127.0.0.1:9/evil.dtd">',
        '<!DOCTYPE catalog [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        "<?xml version='1.0'?>\n<!-- harmless --><!DOCTYPE catalog>",
        "<!-- " + "x" * 70_000 + " --><!DOCTYPE catalog>",
    ],
)
def test_a_doctype_is_refused_whole(head: str) -> None:
    found = refused(FORM, document(catalog(course("1", "<abstract>&x;</abstract>"), head=head)))
    assert found.code == "MC00-SOURCE-UNSAFE"
    assert found.path == "feed.xml"


def test_a_doctype_in_utf_16_is_refused_too() -> None:
    data = catalog(course("1"), head="<!DOCTYPE catalog>").encode("utf-16")
    assert refused(FORM, document(data)).code == "MC00-SOURCE-UNSAFE"


def test_deep_nesting_is_refused() -> None:
    deep = "<a>" * 3000 + "</a>" * 3000
    found = refused(FORM, document(catalog(course("1", deep))))
    assert (found.code, "deep" in found.facts["what"]) == ("MC00-SOURCE-UNSAFE", True)


def test_a_record_larger_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.xml.LARGEST_RECORD", 100_000)
    data = catalog(course("1"), course("2", "<abstract>" + "x" * 200_000 + "</abstract>"))
    assert refused(FORM, document(data)).code == "MC00-SOURCE-UNSAFE"


def test_many_records_do_not_add_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.xml.LARGEST_RECORD", 100_000)
    data = catalog(*(course(str(n), "<abstract>" + "x" * 5_000 + "</abstract>") for n in range(60)))
    assert len(read(FORM, document(data)).offerings) == 60


# Not a feed ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("", "MC00-SOURCE-NO-CONTENT"),
        ("  \n\t ", "MC00-SOURCE-NO-CONTENT"),
        ("<!DOCTYPE html><html><head><title>Sign in</title></head><body>x<br></body></html>", "MC00-SOURCE-HTML"),
        ("<html><body>moved</body></html>", "MC00-SOURCE-HTML"),
        ('{"items": []}', "MC00-SOURCE-NOT-XML"),
        ("offering_id,title_en\n1,Two", "MC00-SOURCE-NOT-XML"),
        ("<rss version='2.0'><channel/></rss>", "MC00-SOURCE-OTHER-XML"),
        ("<", "MC00-SOURCE-OTHER-XML"),
    ],
)
def test_what_is_no_feed_is_named(data: str, code: str) -> None:
    assert refused(FORM, document(data)).code == code


def test_another_root_is_named() -> None:
    assert refused(FORM, document("<feed xmlns='http://www.w3.org/2005/Atom'/>")).facts["root"] == "feed"


# Repairs ---------------------------------------------------------------------------------------------------------


def test_a_sound_document_is_not_called_repaired() -> None:
    assert read(FORM, document(catalog(course("1")))).codes() == []


def test_bare_ampersands_and_less_than_signs_lose_nothing() -> None:
    text = "AT&T, R&D & more, 3 < 4, caf&eacute; &nbsp;ok &unknown; &#65; &amp; &#x1;."
    found = read(FORM, document(catalog(course("1", f"<abstract>{text}</abstract>"))))
    (description,) = found.offerings[0].descriptions
    assert description.value == "AT&T, R&D & more, 3 < 4, café \xa0ok &unknown; A &  ."
    assert found.codes() == ["MC00-SOURCE-REPAIRED"]
    assert found.note("MC00-SOURCE-REPAIRED").facts["line"] == "1"


def test_a_control_character_becomes_a_blank() -> None:
    found = read(FORM, document(catalog(course("1", "<abstract>one\x0btwo</abstract>"))))
    assert plain(found.offerings[0].descriptions) == ["one two"]
    assert found.codes() == ["MC00-SOURCE-REPAIRED"]


def test_cdata_is_left_alone_by_repairs() -> None:
    found = read(FORM, document(catalog(course("1", "<abstract><![CDATA[<b>R&D</b> ]] & &nbsp;]]> & x</abstract>"))))
    assert plain(found.offerings[0].descriptions) == ["<b>R&D</b> ]] & &nbsp; & x"]


def test_a_document_cut_off_gives_what_was_whole() -> None:
    whole = catalog(course("1"), course("2"), course("3", "<abstract>cut here and more</abstract>"))
    found = read(FORM, document(whole[: whole.index("and more")]))
    assert ids(found) == ["1", "2"]
    assert [(each.observation.code, each.source_id) for each in found.unreadable] == [("MC00-RECORD-BROKEN", "3")]
    assert found.codes() == ["MC00-SOURCE-TRUNCATED"]
    assert found.note("MC00-SOURCE-TRUNCATED").facts["ending"].endswith("cut here")


def test_a_document_cut_off_between_two_records_is_cut_off_too() -> None:
    """Nothing in it is broken, but the records that are missing would look as if they had been withdrawn."""
    whole = catalog(course("1"), course("2"), course("3"))
    found = read(FORM, document(whole[: whole.rindex("<course")]))
    assert (ids(found), found.codes()) == (["1", "2"], ["MC00-SOURCE-TRUNCATED"])


def test_junk_behind_the_end_is_not_a_cut() -> None:
    found = read(FORM, document(catalog(course("1")) + "<!-- made by export 1.2 --> trailing words" + " " * 70_000))
    assert (ids(found), found.codes()) == (["1"], ["MC00-SOURCE-REPAIRED"])


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9, 0.99])
def test_wherever_it_is_cut_off_no_half_record_is_taken(share: float) -> None:
    whole = catalog(*(course(str(n), f"<abstract>text {n} ends</abstract>") for n in range(50)))
    found = read(FORM, document(whole[: int(len(whole) * share)]))
    assert all(re.fullmatch(r"text \d+ ends", str(each.descriptions[0].value)) for each in found.offerings)
    assert len(found.offerings) >= int(50 * share) - 3


def test_a_record_without_an_end_is_unreadable_and_the_rest_goes_on() -> None:
    torn = "<course><identifier>2</identifier><title>no end</course>"
    found = read(FORM, document(catalog(course("1"), torn, course("3"), course("4"))))
    assert ids(found) == ["1", "3", "4"]
    assert [(each.path, each.source_id) for each in found.unreadable] == [
        ("feed.xml#/catalog/provider[1]/course[2]", "2")
    ]


def test_a_wrong_end_tag_inside_a_record_costs_nothing() -> None:
    odd = "<course><identifier>2</identifier><title>Odd</titel></course>"
    found = read(FORM, document(catalog(course("1"), odd, course("3"))))
    assert (ids(found), found.unreadable) == (["1", "2", "3"], [])


def test_a_prefix_that_is_bound_nowhere_is_repaired() -> None:
    found = read(FORM, document(catalog("<course><dc:identifier>1</dc:identifier><dc:title>T</dc:title></course>")))
    assert (ids(found), found.codes()) == (["1"], ["MC00-SOURCE-REPAIRED"])


class _Halting:
    """A stream that gives a few bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data, self._size = data, size

    def read(self, _size: int = -1) -> bytes:
        part, self._data = self._data[: self._size], self._data[self._size :]
        return part

    def close(self) -> None:
        """Nothing to close."""


@given(st.text(alphabet="ab&;<![]CDATA->x1#\x0b é", max_size=120), st.integers(1, 7))
@settings(max_examples=100)
def test_repairs_do_not_depend_on_how_the_bytes_arrive(text: str, size: int) -> None:
    whole = Mended(_Halting(text.encode(), 1_000_000), "utf-8")  # type: ignore[arg-type]
    pieces = Mended(_Halting(text.encode(), size), "utf-8")  # type: ignore[arg-type]
    assert b"".join(iter(lambda: whole.read(1), b"")) == b"".join(iter(lambda: pieces.read(1), b""))


# Charsets --------------------------------------------------------------------------------------------------------


def test_windows_1252_labelled_utf_8_is_read_and_noted() -> None:
    data = catalog(course("1", "<abstract>café – «thé»</abstract>")).encode("cp1252")
    found = read(FORM, document(data))
    assert plain(found.offerings[0].descriptions) == ["café – «thé»"]
    assert found.codes() == ["MC00-SOURCE-CHARSET-WRONG"]


def test_a_wrong_byte_far_behind_is_found_too() -> None:
    filler = [course(str(n), "<abstract>" + "plain " * 200 + "</abstract>") for n in range(100)]
    data = catalog(*filler, course("x", "<abstract>café</abstract>")).encode("cp1252")
    found = read(FORM, document(data))
    assert plain(found.offerings[-1].descriptions) == ["café"]
    assert found.codes() == ["MC00-SOURCE-CHARSET-WRONG"]


def test_one_damaged_character_does_not_spoil_the_others() -> None:
    data = catalog(course("1", "<abstract>é è ü ö DAMAGED</abstract>")).encode().replace(b"DAMAGED", b"\xe9")
    found = read(FORM, document(data))
    assert plain(found.offerings[0].descriptions) == ["é è ü ö \ufffd"]
    assert found.codes() == ["MC00-SOURCE-CHARSET-DAMAGED"]


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_other_unicode_encodings_need_no_remark(charset: str) -> None:
    head = '<?xml version="1.0"?>' if charset == "utf-16-le" else '<?xml version="1.0" encoding="UTF-16"?>'
    head = '<?xml version="1.0" encoding="UTF-8"?>' if charset == "utf-8-sig" else head
    mark = "\ufeff" if charset == "utf-16-le" else ""
    found = read(FORM, document((mark + catalog(course("1", "<abstract>żółć</abstract>"), head=head)).encode(charset)))
    assert plain(found.offerings[0].descriptions) == ["żółć"]
    assert found.codes() == []


def test_latin_1_as_declared() -> None:
    head = '<?xml version="1.0" encoding="ISO-8859-1"?>'
    found = read(FORM, document(catalog(course("1", "<abstract>café</abstract>"), head=head).encode("latin-1")))
    assert (plain(found.offerings[0].descriptions), found.codes()) == (["café"], [])


# Values ----------------------------------------------------------------------------------------------------------


def test_languages_are_inherited_and_overridden() -> None:
    inner = '<abstract xml:lang="cy">b</abstract>'
    data = catalog(course("1", inner), attributes=' xml:lang="en"')
    (offering,) = read(FORM, document(data)).offerings
    assert [value.lang for value in (*offering.titles, *offering.descriptions)] == ["en", "cy"]


def test_xhtml_is_kept_as_html_without_namespaces() -> None:
    inner = (
        '<description xmlns:h="http://www.w3.org/1999/xhtml"><h:div>a &lt;b> xmlns="x" <!-- no --><h:br/>'
        '<p xmlns="http://www.w3.org/1999/xhtml" class="k">&amp;c</p><h:p/>d</h:div> tail</description>'
    )
    (offering,) = read(FORM, document(catalog(course("1", inner)))).offerings
    (value,) = offering.descriptions
    assert value.value == '<div>a &lt;b&gt; xmlns="x" <br/><p class="k">&amp;c</p><p></p>d</div> tail'
    assert value.markup == "html"
    assert value.path == "feed.xml#/catalog/provider[1]/course[1]/description[1]"


def test_a_description_of_50_mb_is_cut_and_noted() -> None:
    data = catalog(course("1"), course("2", "<abstract>" + "word " * 10_000_000 + "</abstract>"), course("3"))
    found = read(FORM, document(data))
    assert ids(found) == ["1", "2", "3"]
    assert len(str(found.offerings[1].descriptions[0].value)) == LONGEST_TEXT
    note = found.note("MC00-TEXT-TOO-LONG")
    assert (note.facts["length"], len(str(note.value))) == ("50000000", 200)


def survives(data: bytes) -> bool:
    """Read whatever it is; say whether it ended as it should: refused with a code, or read."""
    try:
        found = read(FORM, document(data))
    except NotReadable as error:
        return error.observation.code.startswith("MC00-")
    return len(found.offerings) + len(found.unreadable) <= 3


@given(st.binary(max_size=300))
@settings(max_examples=60)
def test_arbitrary_bytes_never_crash(data: bytes) -> None:
    assert survives(data)


@given(st.data())
@settings(max_examples=60)
def test_arbitrary_damage_never_crashes(data: st.DataObject) -> None:
    whole = catalog(course("1"), course("2", "<abstract>café</abstract>"), course("3")).encode()
    at = data.draw(st.integers(0, len(whole)))
    junk = data.draw(st.binary(max_size=6))
    assert survives(whole[:at] + junk + whole[at + len(junk) :])


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
@settings(max_examples=60)
def test_any_text_comes_back_untouched(text: str) -> None:
    if "\ufffe" in text or "\uffff" in text:
        return
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    found = read(FORM, document(catalog(course("1", f"<abstract>{escaped}</abstract>"))))
    assert plain(found.offerings[0].descriptions) == [text]
