"""Spreadsheet files as programs and people make them: CSV and XLSX, damaged, hostile, or something else."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from connectors.reading import NotReadable
from connectors.text_limit import LONGEST_TEXT
from tests.formats.documents import document, plain, read, refused
from tests.formats.spreadsheets import FORM, SAVED, as_csv, comma, filled, first, saved, with_cached_value, xlsx, zipped

# CSV -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiters_and_charsets(delimiter: str, charset: str) -> None:
    text = comma([["offering_id", "title_en"], ["1", f'Żółć "a"{delimiter}\nb']], delimiter)
    found = as_csv(text.encode(charset))
    assert plain(first(found).titles) == [f'Żółć "a"{delimiter}\nb']
    assert found.codes() == []


def test_windows_1252_is_read_and_noted() -> None:
    text = "À l’issue de la formation, vous évaluerez un café crème – coûts, qualité, goût ; où, comment ? « Voilà ! »"
    found = as_csv(comma([["offering_id", "description_fr"], ["1", text * 3]]).encode("cp1252"))
    assert plain(first(found).descriptions) == [text * 3]
    assert found.codes() == ["MC00-SOURCE-CHARSET-GUESSED", "MC00-COLUMN-MISSING"]


def test_excels_separator_line() -> None:
    found = as_csv("sep=;\r\noffering_id;title_en\r\n1;T\r\n")
    assert first(found).path == "offerings.csv#A3"


def test_ragged_rows_are_unreadable_by_number_and_the_rest_goes_on() -> None:
    found = as_csv('offering_id,title_en,ects\n1,One,3\n2,Two\n\n3,Three,3,4\n4,"Fo\nur",3,\n5,Five,3\n')
    assert [each.source_id for each in found.offerings] == ["1", "4", "5"]
    assert [(each.observation.code, each.observation.facts["row"]) for each in found.unreadable] == [
        ("MC00-ROW-RAGGED", "3"),
        ("MC00-ROW-RAGGED", "5"),
    ]
    assert found.offerings[1].path == "offerings.csv#A6"
    assert found.offerings[2].path == "offerings.csv#A7"


def test_a_quotation_mark_that_is_never_closed() -> None:
    found = as_csv('offering_id,title_en\n1,One\n2,"Two\n3,Three\n')
    assert [each.source_id for each in found.offerings] == ["1"]
    assert [each.observation.code for each in found.unreadable] == ["MC00-ROW-BROKEN"]


def test_cells_that_look_like_formulas_are_texts_in_csv() -> None:
    found = as_csv(comma([["offering_id", "title_en"], ["=1+1", "@SUM(A1)"]]))
    assert (first(found).source_id, plain(first(found).titles)) == ("=1+1", ["@SUM(A1)"])
    assert first(found).observations == []


def test_a_cell_of_50_mb_is_cut_and_noted() -> None:
    found = as_csv("offering_id,title_en,description_en\n1,T," + "x" * 50_000_000 + "\n2,U,y\n")
    assert [len(str(each.descriptions[0].value)) for each in found.offerings] == [LONGEST_TEXT, 1]
    assert found.note("MC00-TEXT-TOO-LONG").path == "offerings.csv#C2"


def test_two_files_are_joined_and_orphans_named() -> None:
    runs = comma([["offering_id", "start"], ["1", "2025-09-01"], ["nope", "2025-09-01"], ["", "2025-10-01"]])
    found = as_csv(comma([["offering_id", "title_en"], ["1", "T"]]), ("instances.csv", runs))
    assert [run.path for run in first(found).instances] == ["instances.csv#A2"]
    orphans = [note for note in found.reading.observations if note.code == "MC00-INSTANCE-ORPHAN"]
    assert {(note.facts["row"], note.facts["offering_id"]) for note in orphans} == {("3", "nope"), ("4", "")}


def test_files_are_known_by_their_columns_too() -> None:
    runs = comma([["offering_id", "instance_id", "start", "end"], ["1", "r", "2025-09-01", "2025-09-02"]])
    found = read(
        FORM,
        document(runs, "b.csv"),
        document(comma([["offering_id", "title_en", "ects"], ["1", "T", "3"]]), "a.csv"),
    )
    assert len(first(found).instances) == 1
    assert found.codes() == ["MC00-SHEET-NAME", "MC00-SHEET-NAME"]


def test_duplicates_are_passed_on_each_with_the_runs() -> None:
    runs = comma([["offering_id", "start"], ["1", "2025-09-01"]])
    found = as_csv(comma([["offering_id", "title_en"], ["1", "T"], ["1", "U"]]), ("instances.csv", runs))
    assert [(each.source_id, len(each.instances)) for each in found.offerings] == [("1", 1), ("1", 1)]


# XLSX ------------------------------------------------------------------------------------------------------------


def test_formulas_are_read_as_values_and_flagged() -> None:
    book = filled([{"offering_id": "1", "title_en": "T"}, {"offering_id": "2", "title_en": "U"}])
    book["Offerings"]["D2"] = '="a"&"b"'
    data = with_cached_value(saved(book), "D2", "ab")
    found = read(FORM, document(data, "template.xlsx"))
    assert plain(found.offerings[0].descriptions) == ["ab"]
    assert found.note("MC00-CELL-FORMULA").path == "template.xlsx#Offerings!D2"
    assert found.offerings[1].observations == []


def test_a_formula_without_a_result_is_missing_and_noted() -> None:
    book = filled([{"offering_id": "1", "title_en": "T"}])
    book["Offerings"]["D2"] = "=NOW()"
    found = xlsx(book)
    assert first(found).descriptions == []
    assert found.note("MC00-CELL-FORMULA-EMPTY").path == "template.xlsx#Offerings!D2"


def test_error_cells_are_missing_and_noted() -> None:
    book = filled([{"offering_id": "1", "title_en": "T"}])
    book["Offerings"]["D2"] = "#REF!"
    book["Offerings"]["D2"].data_type = "e"
    found = xlsx(book)
    assert (first(found).descriptions, found.note("MC00-CELL-ERROR").value) == ([], "#REF!")


def test_merged_cells_hidden_rows_and_hidden_sheets_are_flagged() -> None:
    book = filled([{"offering_id": "1", "title_en": "T"}, {"offering_id": "2"}], [{"offering_id": "1"}])
    book["Offerings"].merge_cells("B2:B3")
    book["Offerings"].row_dimensions[3].hidden = True
    book["Instances"].sheet_state = "hidden"
    found = xlsx(book)
    assert found.note("MC00-CELL-MERGED").facts == {"count": "1", "ranges": "B2:B3"}
    assert found.note("MC00-ROW-HIDDEN").path == "template.xlsx#Offerings!A3"
    assert found.note("MC00-SHEET-HIDDEN").value == "Instances"
    assert [each.source_id for each in found.offerings] == ["1", "2"]


def test_empty_rows_are_skipped_and_rows_keep_their_numbers() -> None:
    book = filled([{"offering_id": "1"}, {"title_en": "   "}, {"offering_id": "3"}])
    assert [each.path for each in xlsx(book).offerings] == ["template.xlsx#Offerings!A2", "template.xlsx#Offerings!A4"]


def test_sheets_that_are_none_of_ours_are_named() -> None:
    book = filled([{"offering_id": "1"}])
    book.create_sheet("Remarks")["A1"] = "x"
    assert xlsx(book).reading.unread == {"sheet Remarks": 1}


def test_a_sheet_with_another_name_is_known_by_its_columns() -> None:
    book = filled([{"offering_id": "1", "title_en": "T"}])
    book["Offerings"].title = "Our courses"
    found = xlsx(book)
    assert first(found).path == "template.xlsx#'Our courses'!A2"
    assert found.note("MC00-SHEET-NAME").facts == {"name": "Our courses", "expected": "Offerings"}


# Not the template ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "MC00-SOURCE-NO-CONTENT"),
        (b"\n \n\n", "a.csv", "MC00-SOURCE-NO-CONTENT"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "MC00-SOURCE-OLD-EXCEL"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "MC00-SOURCE-HTML"),
        (b"PK\x03\x04 not an archive", "a.xlsx", "MC00-SOURCE-NOT-SPREADSHEET"),
        (zipped({"content.xml": b"<x/>"}), "a.ods", "MC00-SOURCE-NOT-SPREADSHEET"),
        (b"\x00\x01\x02\x03 binary \x00", "a.csv", "MC00-SOURCE-NOT-SPREADSHEET"),
        (b"name,age\nx,3\n", "people.csv", "MC00-SHEET-MISSING"),
        (b"Title,Description,Keywords,Licence\nx,y,z,CC0\n", "other-portal.csv", "MC00-SHEET-MISSING"),
        (b"offering_id,start\n1,2025-09-01\n", "instances.csv", "MC00-SHEET-MISSING"),
    ],
)
def test_what_is_no_template_is_named(data: bytes, name: str, code: str) -> None:
    assert refused(FORM, document(data, name)).code == code


def test_a_compression_bomb_is_refused_before_it_unpacks() -> None:
    bomb = zipped({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"0" * 100_000_000})
    assert len(bomb) < 200_000
    assert refused(FORM, document(bomb, "a.xlsx")).code == "MC00-SOURCE-UNSAFE"


def test_an_entity_bomb_inside_an_xlsx_is_refused() -> None:
    parts = {"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'}
    assert refused(FORM, document(zipped(parts), "a.xlsx")).code == "MC00-SOURCE-UNSAFE"


def test_a_sheet_damaged_before_its_header_ends_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(SAVED)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:3000]
    assert refused(FORM, document(zipped(parts), "a.xlsx")).code == "MC00-ROW-BROKEN"


def test_a_damaged_sheet_gives_what_stood_before_the_damage() -> None:
    whole = saved(filled([{"offering_id": str(number), "title_en": "T"} for number in range(400)]))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet[: len(sheet) * 2 // 3]
    found = read(FORM, document(zipped(parts), "a.xlsx"))
    assert 0 < len(found.offerings) < 400
    assert [each.observation.code for each in found.unreadable] == ["MC00-ROW-BROKEN"]


# Any content -----------------------------------------------------------------------------------------------------


def allowed(text: str) -> bool:
    """Whether an XLSX cell can hold a text as it is: no control characters, and `_x0041_` means a character there."""
    return not (ILLEGAL_CHARACTERS_RE.search(text) or "\r" in text or "_x" in text or not text.strip())


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff"), min_size=1, max_size=40
)


@given(TEXTS.filter(allowed), TEXTS.filter(allowed))
@settings(max_examples=25, deadline=None)
def test_any_text_survives_the_xlsx_template(title: str, description: str) -> None:
    book = filled([{"offering_id": "1", "title_en": title, "description_fi": description}])
    offering = first(xlsx(book))
    assert (plain(offering.titles), plain(offering.descriptions)) == ([title], [description])


@given(TEXTS.filter(lambda text: bool(text.strip())), st.sampled_from([",", ";", "\t"]))
@settings(max_examples=100, deadline=None)
def test_any_text_survives_the_csv_template(title: str, delimiter: str) -> None:
    offering = first(as_csv(comma([["offering_id", "title_en"], ["1", title]], delimiter).encode("utf-8-sig")))
    assert plain(offering.titles) == [title]


def survives(data: bytes, name: str) -> bool:
    """Read whatever it is; say whether it ended as it should: refused with a code, or read."""
    try:
        read(FORM, document(data, name))
    except NotReadable as error:
        return error.observation.code.startswith("MC00-")
    return True


@given(st.binary(max_size=300), st.sampled_from([b"", b"offering_id,title_en\n", b"PK\x03\x04", b"\xff\xfe"]))
@settings(max_examples=100, deadline=None)
def test_arbitrary_bytes_never_crash(data: bytes, start: bytes) -> None:
    assert survives(start + data, "offerings.csv")


@given(st.integers(0, len(SAVED) - 1), st.binary(min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_a_damaged_workbook_never_crashes(at: int, junk: bytes) -> None:
    assert survives(SAVED[:at] + junk + SAVED[at + len(junk) :], "offerings.xlsx")
