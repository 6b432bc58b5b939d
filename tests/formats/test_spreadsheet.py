"""Our spreadsheet template: generated, filled in well and badly, and read back; CSV and XLSX alike."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from connectors.feeds.model import Transport
from connectors.formats import formats
from connectors.formats._spreadsheet_columns import COLUMNS, match, suggestion
from connectors.formats.spreadsheet import SpreadsheetOptions, template, template_csv
from connectors.http import Fetcher
from connectors.reading import NotReadable
from connectors.text_limit import LONGEST_TEXT
from standard.source_offering import SourceOffering
from tests.formats.documents import Outcome, document, plain, read, refused, schemed
from tests.http_server import Answer, serving

FORM = "spreadsheet"
Rows = Sequence[Mapping[str, Any]]


# Making files ----------------------------------------------------------------------------------------------------


def filled(offerings: Rows, instances: Rows = (), languages: Sequence[str] = ("en", "fi")) -> Workbook:
    """Return the template with rows from row 2 on."""
    book = load_workbook(io.BytesIO(template(languages)))
    for name, rows in (("Offerings", offerings), ("Instances", instances)):
        sheet = book[name]
        columns = {str(cell.value): number for number, cell in enumerate(sheet[1], 1)}
        for number, row in enumerate(rows, 2):
            for column, value in row.items():
                cell = sheet.cell(row=number, column=columns[column])
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"
    return book


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx(book: Workbook, name: str = "template.xlsx") -> Outcome:
    return read(FORM, document(saved(book), name))


def comma(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def as_csv(text: str | bytes, *more: tuple[str, str]) -> Outcome:
    others = [document(content, name) for name, content in more]
    return read(FORM, document(text, "offerings.csv"), *others)


def first(found: Outcome) -> SourceOffering:
    (offering,) = found.offerings
    return offering


# The template ----------------------------------------------------------------------------------------------------


def test_the_template_has_both_sheets_a_dictionary_and_a_column_per_language() -> None:
    book = load_workbook(io.BytesIO(template(["de", "pt-BR"])))
    assert book.sheetnames == ["Offerings", "Instances", "Data dictionary"]
    header = [cell.value for cell in book["Offerings"][1]]
    assert header[:5] == ["offering_id", "title_de", "title_pt-BR", "description_de", "description_pt-BR"]
    listed = {(row[0], row[1]) for row in book["Data dictionary"].iter_rows(min_row=2, values_only=True)}
    assert {("Offerings", name) for name in header} <= listed


def test_the_empty_template_is_understood_without_a_remark() -> None:
    found = xlsx(load_workbook(io.BytesIO(template(["en", "sv", "smn"]))))
    assert (found.offerings, found.unreadable, found.codes()) == ([], [], [])


def test_the_csv_pair_is_understood_without_a_remark() -> None:
    files = template_csv(["en"])
    assert sorted(files) == ["instances.csv", "offerings.csv"]
    found = read(FORM, *(document(content, name) for name, content in files.items()))
    assert (found.offerings, found.codes()) == ([], [])


@pytest.mark.parametrize("sheet", list(COLUMNS))
def test_no_two_columns_can_be_mixed_up(sheet: Any) -> None:
    for column in COLUMNS[sheet]:
        found = match(column.name, sheet)
        assert found is not None
        assert (found.column, found.lang) == (column, None)


LATE = datetime.combine(date(2025, 9, 2), time(9, 30))

# Values ----------------------------------------------------------------------------------------------------------


FULL: dict[str, Any] = {
    "offering_id": "A-1",
    "title_en": "Data",
    "title_fi": "Tieto",
    "description_en": "About data.",
    "type": "micro-credential",
    "micro_credential": "yes",
    "country": "FI",
    "awarding_body_en": "Uni",
    "awarding_body_schac": "uni.fi",
    "provider_en": "Open Uni",
    "provider_homepage": "https://open.example",
    "ects": 3,
    "hours": 80.5,
    "credits": "5",
    "credit_system": "CFU",
    "eqf_level": 6,
    "national_level": "6",
    "national_framework": "FiNQF",
    "learning_outcomes_en": "- Reads charts\n- Draws charts\n\n",
    "learning_outcomes_fi": "1. Lukee\n2. Piirtää",
    "learning_outcomes_esco": "http://data.europa.eu/esco/skill/1\nhttp://data.europa.eu/esco/skill/2; http://x/3",
    "modes": "online; onsite",
    "quality_assurance_type": "programme accreditation",
    "quality_assurance_until": date(2029, 12, 31),
    "stackable": "yes",
    "part_of": "MSC",
    "part_of_title_en": "Master",
    "fields": "0613;0688",
    "languages": "fi\nen",
    "homepage": "https://uni.example/a",
    "contact_email": "info@uni.example",
    "keywords_en": "data; charts",
    "price_amount": 0,
    "price_currency": "EUR",
}


def test_every_value_stands_in_its_slot_with_its_cell() -> None:
    offering = first(xlsx(filled([FULL])))
    assert (offering.source_id, offering.kind, offering.path) == (
        "A-1",
        "micro-credential",
        "template.xlsx#Offerings!A2",
    )
    assert [(each.value, each.lang, each.path) for each in offering.titles] == [
        ("Data", "en", "template.xlsx#Offerings!B2"),
        ("Tieto", "fi", "template.xlsx#Offerings!C2"),
    ]
    assert schemed(offering.workload) == [(3, "ects"), ("5", "cfu"), (80.5, "hour")]
    assert schemed(offering.levels) == [(6, "eqf"), ("6", "FiNQF")]
    assert schemed(offering.markers) == [("yes", "micro_credential"), ("micro-credential", "type")]
    assert schemed(offering.awarding_bodies[0].identifiers) == [("uni.fi", "schac")]
    assert plain(offering.providers[0].homepages) == ["https://open.example"]
    assert plain(offering.modes) == ["online", "onsite"]
    assert schemed(offering.fields) == [("0613", "isced-f"), ("0688", "isced-f")]
    assert plain(offering.languages) == ["fi", "en"]
    assert schemed(offering.quality_assurance[0].valid_until) == [("2029-12-31", "excel")]
    assert plain(offering.relations[0].titles) == ["Master"]
    assert offering.prices[0].amount is not None
    assert offering.prices[0].amount.value == 0


def test_outcomes_are_paired_line_by_line() -> None:
    outcomes = first(xlsx(filled([FULL]))).learning_outcomes
    assert [[(text.value, text.lang) for text in each.texts] for each in outcomes] == [
        [("Reads charts", "en"), ("Lukee", "fi")],
        [("Draws charts", "en"), ("Piirtää", "fi")],
    ]
    assert [len(each.skills) for each in outcomes] == [1, 2]


def test_outcomes_that_do_not_pair_are_kept_apart_and_noted() -> None:
    found = xlsx(filled([{"offering_id": 1, "learning_outcomes_en": "a\nb", "learning_outcomes_fi": "c"}]))
    assert [plain(each.texts) for each in first(found).learning_outcomes] == [["a"], ["b"], ["c"]]
    assert found.note("MC08-OUTCOMES-UNPAIRED").facts == {"counts": "en: 2, fi: 1"}


def test_skills_that_do_not_pair_are_kept_and_noted() -> None:
    found = xlsx(filled([{"offering_id": 1, "learning_outcomes_en": "a\nb", "learning_outcomes_esco": "http://x/1"}]))
    assert [(len(each.texts), len(each.skills)) for each in first(found).learning_outcomes] == [(1, 0), (1, 0), (0, 1)]
    assert found.note("MC08-SKILLS-UNPAIRED").facts == {"skills": "1", "outcomes": "2"}


def test_numbered_outcome_columns() -> None:
    header = ["offering_id", "title", "Learning Outcomes 2 en", "learning_outcomes_1_en", "learning_outcomes_3_en"]
    found = as_csv(comma([header, ["1", "T", "second", "first", ""]]))
    assert [plain(each.texts) for each in first(found).learning_outcomes] == [["first"], ["second"]]
    assert found.codes() == []


def test_dates_as_excel_stores_them_and_as_text() -> None:
    instances = [
        {"offering_id": "A", "start": date(2025, 9, 1), "end": LATE, "enrolment_opens": 45901},
        {"offering_id": "A", "start": "1 September 2025", "end": 12.5, "capacity": 45901},
    ]
    first_run, second = first(xlsx(filled([{"offering_id": "A"}], instances))).instances
    assert schemed(first_run.start) == [("2025-09-01", "excel")]
    assert schemed(first_run.end) == [("2025-09-02T09:30:00", "excel")]
    assert schemed(first_run.enrolment_opens) == [("2025-09-01", "excel")]
    assert schemed(second.start) == [("1 September 2025", None)]
    assert schemed(second.capacity) == [(45901, None)]


def test_numbers_and_texts_are_one_identifier() -> None:
    found = xlsx(filled([{"offering_id": 12}], [{"offering_id": "12 ", "instance_id": 7.0}]))
    assert first(found).source_id == "12"
    assert [run.source_id for run in first(found).instances] == ["7"]


# Headers ---------------------------------------------------------------------------------------------------------


def test_case_blanks_and_underscores_do_not_matter() -> None:
    found = as_csv(comma([["Offering ID", "TITLE_EN", " ects ", "awarding body en"], ["1", "T", "3", "Uni"]]))
    assert found.codes() == []
    assert plain(first(found).awarding_bodies[0].names) == ["Uni"]


@pytest.mark.parametrize(
    ("header", "near"),
    [
        ("tilte_en", "title_en"),
        ("descripton", "description"),
        ("learning_outcome_fi", "learning_outcomes_fi"),
        ("ECTS credits", "credits"),
        ("assessment_typ", "assessment_types"),
        ("shoe size", None),
    ],
)
def test_a_header_that_is_nearly_right_is_suggested_and_not_used(header: str, near: str | None) -> None:
    found = as_csv(comma([["offering_id", "title_en", header], ["1", "T", "x"]]))
    note = found.note("MC00-COLUMN-UNKNOWN")
    assert (note.path, note.facts["suggestion"]) == ("offerings.csv#C1", near or "")
    assert (f"'{near}'" in note.facts["hint"]) is (near is not None)
    assert found.reading.unread == {header: 1}


def test_a_language_must_be_one() -> None:
    assert match("title_zz", "offerings") is None
    assert match("provider_id", "offerings") is None
    assert match("ects_en", "offerings") is None
    found = match("title_smn", "offerings")
    assert found is not None
    assert found.lang == "smn"
    assert suggestion("titel_de", "offerings") == "title_de"


def test_missing_required_columns_are_named() -> None:
    found = as_csv(comma([["offering_id", "ects"], ["1", "3"]]))
    assert found.note("MC00-COLUMN-MISSING").facts == {"column": "title", "sheet": "Offerings"}
    assert first(found).source_id == "1"


def test_a_double_column_is_named_and_the_first_counts() -> None:
    found = as_csv(comma([["offering_id", "title_en", "Title EN"], ["1", "one", "two"]]))
    assert found.note("MC00-COLUMN-DOUBLE").path == "offerings.csv#C1"
    assert plain(first(found).titles) == ["one"]


def test_columns_of_an_issued_credential_are_refused_without_their_content() -> None:
    found = as_csv(comma([["offering_id", "title_en", "Student Name", "date of issuing"], ["1", "T", "Eva M.", ""]]))
    assert [(each.value, each.scheme, each.path) for each in first(found).refused] == [
        ("Student Name", "learner", "offerings.csv#C2")
    ]
    assert found.codes() == []


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


def with_cached_value(data: bytes, cell: str, value: str) -> bytes:
    """Return the workbook as a spreadsheet program saves it: with the result of the formula beside it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                start = content.index(f'<c r="{cell}"'.encode())
                end = content.index(b"</c>", start)
                piece = content[start:end].split(b"<v", 1)[0].replace(b"<c ", b'<c t="str" ', 1)
                content = content[:start] + piece + f"<v>{value}</v>".encode() + content[end:]
            new.writestr(part, content)
    return out.getvalue()


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


def zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


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


SAVED = saved(filled([FULL, FULL], [{"offering_id": "A-1", "start": date(2025, 9, 1)}]))


@given(st.integers(0, len(SAVED) - 1), st.binary(min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_a_damaged_workbook_never_crashes(at: int, junk: bytes) -> None:
    assert survives(SAVED[:at] + junk + SAVED[at + len(junk) :], "offerings.xlsx")


# Pulling and sniffing --------------------------------------------------------------------------------------------


def pulled(url: str, options: dict[str, Any]) -> list[tuple[str, bytes]]:
    transport = Transport(url=url, allow_private_addresses=True)
    with Fetcher(transport, allow_private_addresses=True, feed="college", sleep=lambda _: None) as fetcher:
        return [(each.role, each.body.read()) for each in formats()[FORM].pull(fetcher, fetcher.url, options)]


def test_one_workbook_is_one_request() -> None:
    with serving({"/t": lambda _: Answer(SAVED)}) as server:
        assert pulled(server.url("/t"), {}) == [("offerings", SAVED)]


def test_two_csv_files_are_two_requests() -> None:
    files = template_csv(["en"])
    routes = {f"/{name}": (lambda body: lambda _: Answer(body))(content) for name, content in files.items()}
    with serving(routes) as server:
        found = pulled(server.url("/offerings.csv"), {"instances": server.url("/instances.csv")})
    assert found == [("offerings", files["offerings.csv"]), ("instances", files["instances.csv"])]


def test_options_have_no_unknown_keys() -> None:
    with pytest.raises(ValueError, match="instance"):
        SpreadsheetOptions.model_validate({"instance": "x"})


@pytest.mark.parametrize(
    ("name", "head", "least", "most"),
    [
        ("x.xlsx", SAVED[:4096], 0.8, 1),
        ("x.csv", template_csv(["en"])["offerings.csv"], 0.9, 1),
        ("x.txt", b"Offering ID;Title en\r\n1;2", 0.9, 1),
        ("x.csv", b"a,b\n1,2", 0.1, 0.4),
        ("x.json", b'{"offering_id": 1, "title": 2}', 0, 0.2),
        ("x.xml", b"<catalog/>", 0, 0),
    ],
)
def test_sniffing(name: str, head: bytes, least: float, most: float) -> None:
    assert least <= formats()[FORM].sniff(name, head) <= most
