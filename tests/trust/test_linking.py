"""Finding organisations in the register: identifiers, domains, names; and what is only proposed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue_db.candidate import CatalogueError
from catalogue_db.linking.decisions import read_decisions
from catalogue_db.linking.domains import registered_domain
from catalogue_db.linking.finding import Catalogued, Listed, RegisterIndex, find
from catalogue_db.trust.national import read_national
from standard.values.identifiers import organisation_identifier


def listed(number: int = 1, **changes: Any) -> Listed:
    values = {"countries": frozenset({"FI"}), "names": frozenset({"northern university"})}
    return Listed(number, f"DEQARINST{number:04d}", **(values | changes))


def found(one: Catalogued, *providers: Listed) -> list[tuple[int, str, str]]:
    return [(link.provider_id, link.state, link.method) for link in find(one, RegisterIndex(providers))]


def org(**changes: Any) -> Catalogued:
    return Catalogued(**({"key": 1, "names": ["something else"], "country": "FI"} | changes))


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (("deqar", "DEQARINST0001"), ("deqar", "DEQARINST0001")),
        (("eter", "FI0001"), ("eter", "FI0001")),
        (("ror", "048tbm396"), ("ror", "048tbm396")),
        (("erasmus", "SF HELSINK01"), ("erasmus", "SF HELSINK01")),
        (("eche", "E10208977"), ("eche", "E10208977")),
        (("pic", "999977269"), ("pic", "999977269")),
        (("vat", "FI12345678"), ("vat", "FI12345678")),
        (("schac", "north.example"), ("schac", "north.example")),
        (("siren", "123"), ("fi_siren", "123")),
        (("national", "XA"), ("fi_eter.bas.natid", "XA")),
    ],
)
def test_one_identifier_in_common_links(mine: tuple[str, str], theirs: tuple[str, str]) -> None:
    assert found(org(identifiers=dict([mine])), listed(identifiers=frozenset({theirs}))) == [
        (1, "linked", "identifier")
    ]


def test_identifiers_that_lead_to_different_providers_are_proposals() -> None:
    one = org(identifiers={"ror": "a", "pic": "b"})
    providers = [listed(1, identifiers=frozenset({("ror", "a")})), listed(2, identifiers=frozenset({("pic", "b")}))]
    assert found(one, *providers) == [(1, "proposed", "identifier"), (2, "proposed", "identifier")]


def test_a_shared_identifier_does_not_spoil_another_one() -> None:
    one = org(identifiers={"ror": "a", "vat": "v"})
    mine = listed(1, identifiers=frozenset({("ror", "a"), ("vat", "v")}))
    assert found(one, mine, listed(2, identifiers=frozenset({("vat", "v")})))[0] == (1, "linked", "identifier")


@pytest.mark.parametrize(
    ("kind", "mine", "resource", "theirs"),
    [
        ("erasmus", "SF  HELSINK01", "Erasmus", "SF HELSINK01"),
        ("echeCode", "E 10208977", "Erasmus-Charter", "e10208977"),
        ("ror", "048TBM396", "ROR", "https://ror.org/048tbm396"),
        ("schacHome", "North.Example", "SCHAC", "north.example"),
        ("vat", "FI-1234 5678", "EU-VAT", "FI12345678"),
        ("pic", "999 977 269", "EU-PIC", "999977269"),
        ("eter", "fi0001", "ETER", "FI0001"),
        ("deqar", "10", "DEQARINST", "DEQARINST0010"),
    ],
)
def test_the_two_sides_may_write_an_identifier_differently(kind: str, mine: str, resource: str, theirs: str) -> None:
    published, registered = (organisation_identifier(*pair).value for pair in ((kind, mine), (resource, theirs)))
    assert published is not None
    assert registered is not None
    assert found(org(identifiers=dict([published])), listed(identifiers=frozenset({registered}))) == [
        (1, "linked", "identifier")
    ]


def test_a_web_domain_of_one_provider_of_the_country_links() -> None:
    one = org(domains=frozenset({"north.example"}))
    assert found(one, listed(domain="north.example")) == [(1, "linked", "web_domain")]
    assert found(one, listed(1, domain="north.example"), listed(2, domain="north.example"))[0][1] == "proposed"
    assert found(one, listed(domain="north.example", countries=frozenset({"SE"}))) == []
    assert (
        found(org(domains=frozenset({"north.example"}), country=None), listed(domain="north.example"))[0][1]
        == "proposed"
    )


def test_a_different_identifier_of_one_kind_makes_a_domain_doubtful() -> None:
    one = org(domains=frozenset({"north.example"}), identifiers={"eter": "FI0002"})
    assert found(one, listed(domain="north.example", identifiers=frozenset({("eter", "FI0001")})))[0][1] == "proposed"


@pytest.mark.parametrize(
    ("name", "country", "expected"),
    [
        ("northern university", "FI", [(1, "linked", "name")]),
        ("northern universitty", "FI", [(1, "proposed", "name")]),
        ("northern university", "SE", []),
        ("northern university", None, []),
        ("quite another school", "FI", []),
    ],
)
def test_only_the_same_name_in_the_same_country_links(name: str, country: str | None, expected: Any) -> None:
    assert found(org(names=[name], country=country), listed()) == expected


def test_a_name_of_two_or_one_no_longer_in_use_is_a_proposal() -> None:
    one = org(names=["northern university"])
    assert {state for _, state, _ in found(one, listed(1), listed(2))} == {"proposed"}
    old = listed(names=frozenset(), former=frozenset({"northern university"}))
    assert found(one, old) == [(1, "proposed", "name")]


def test_where_one_of_two_has_closed_the_other_is_meant() -> None:
    assert found(org(names=["northern university"]), listed(1, closed=True), listed(2)) == [(2, "linked", "name")]


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.uni.example/courses", "uni.example"),
        ("WWW.Univie.ac.at", "univie.ac.at"),
        ("https://law.univie.ac.at/", "univie.ac.at"),
        ("ac.at", None),
        ("https://uni.sharepoint.com/x", None),
        ("https://sites.google.com/uni", None),
        ("https://127.0.0.1/", None),
        ("N/A", None),
        (None, None),
        ("https://münchen.example/", "xn--mnchen-3ya.example"),
    ],
)
def test_the_registered_domain(address: str | None, domain: str | None) -> None:
    assert registered_domain(address) == domain


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_any_text_has_a_domain_or_none(text: str) -> None:
    domain = registered_domain(text)
    assert domain is None or registered_domain(f"https://www.{domain}/") == domain


def test_a_line_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    file = tmp_path / "links.yaml"
    file.write_text("providers: [{organisation: {name: X}, deqar: D, same: true, by: m, on: 2026-01-01, reason: r}]")
    with pytest.raises(CatalogueError, match=r"links\.yaml.*name and country"):
        read_decisions(file)
    assert read_decisions(tmp_path / "absent.yaml").providers == []


def test_words_that_are_truth_values_elsewhere_are_words_here(tmp_path: Path) -> None:
    file = tmp_path / "links.yaml"
    which = "organisation: {name: Nord universitet, country: NO}"
    line = f"{{{which}, deqar: D, same: false, by: On, on: 2026-01-01, reason: n}}"
    file.write_text(f"providers: [{line}]")
    (one,) = read_decisions(file).providers
    assert (one.organisation.country, one.by, one.on, one.same) == ("NO", "On", date(2026, 1, 1), False)


def test_the_national_register_is_read_from_yaml_and_csv_alike(tmp_path: Path) -> None:
    as_yaml, as_csv = tmp_path / "n.yaml", tmp_path / "n.csv"
    as_yaml.write_text(
        "issuers: [{id: a, provider: {identifiers: {vat: LU1}, name: X, country: LU}, decision: positive,"
        " valid_from: 2026-01-01, offerings: [o1, o2]}]"
    )
    as_csv.write_text(
        "id,name,country,identifiers,decision,valid_from,valid_to,evidence,offerings\n"
        "a,X,LU,vat=LU1,positive,2026-01-01,,,o1 o2\n"
    )
    assert read_national(as_yaml) == read_national(as_csv)
    as_csv.write_text("id,name,country,decision,valid_from\na,X,LU,maybe,2026-01-01\n")
    with pytest.raises(CatalogueError, match=r"n\.csv"):
        read_national(as_csv)


FEEDS = Path(__file__).parents[2] / "feeds"


def test_what_is_shipped_decides_nothing_and_its_examples_can_be_used() -> None:
    links, national = FEEDS / "deqar" / "links.yaml", FEEDS / "deqar" / "national_register.yaml"
    assert (read_decisions(links).providers, read_national(national).issuers) == ([], [])
    assert len(read_decisions(_uncommented(links)).programmes) == 1
    (issuer,) = read_national(_uncommented(national)).issuers
    assert (issuer.id, issuer.offerings, str(issuer.valid_to)) == ("N-2026-001", [], "2029-12-31")


def _uncommented(file: Path) -> Path:
    """The example in a file's comments, as if a maintainer had taken the hashes away."""
    lines = file.read_text(encoding="utf-8").splitlines()
    first = next(at for at, line in enumerate(lines) if re.match(r"# (\w+):( |$)", line))
    example = [line.removeprefix("#").removeprefix(" ") for line in lines[first:] if line.startswith("#")]
    made = Path(mkdtemp()) / file.name
    made.write_text("\n".join(example), encoding="utf-8")
    return made
