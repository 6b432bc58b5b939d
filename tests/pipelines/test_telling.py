"""What the Dagster UI shows of a step: tables in place, the gravest first, nothing cut beyond reading."""

from __future__ import annotations

from pipelines.assets.telling import codes_table, table
from pipelines.reports import CodeCount


def test_findings_are_told_gravest_first_then_most_frequent() -> None:
    codes = [
        CodeCount("MC10-A", 10, "informs", "a.", "do a.", 90, ["x"]),
        CodeCount("MC08-B", 8, "lowers", "b.", "do b.", 4, ["x", "y"]),
        CodeCount("MC03-C", 3, "blocks", "c.", "do c.", 1, []),
        CodeCount("MC09-D", 9, "lowers", "d.", "do d.", 2, []),
    ]
    shown = codes_table(codes)
    assert [record.data["code"] for record in shown.records] == ["MC03-C", "MC08-B", "MC09-D", "MC10-A"]
    assert shown.records[1].data["how often"] == 4
    assert "b. → do b." in shown.records[1].data.values()


def test_a_table_without_rows_says_so_in_words() -> None:
    assert table(("code",), [], "all kept").value == "all kept"


def test_a_cell_is_one_line_and_not_endless() -> None:
    cell = table(("what", "n"), [("a\n b|<i>" + "x" * 10_000, 3)]).records[0].data
    assert str(cell["what"]).startswith("a b|<i>x")
    assert len(str(cell["what"])) < 500
    assert cell["n"] == 3
