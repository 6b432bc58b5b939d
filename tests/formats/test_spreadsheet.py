"""Our spreadsheet template: generated, filled in well and badly, and read back; pulled and recognised."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import Any

import pytest
from openpyxl import load_workbook

from connectors.feeds.model import Transport
from connectors.formats import formats
from connectors.formats._spreadsheet_columns import COLUMNS, match, suggestion
from connectors.formats.spreadsheet import SpreadsheetOptions, template, template_csv
from connectors.http import Fetcher
from tests.formats.documents import document, plain, read, schemed
from tests.formats.spreadsheets import FORM, FULL, SAVED, as_csv, comma, filled, first, xlsx
from tests.http_server import Answer, serving

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
