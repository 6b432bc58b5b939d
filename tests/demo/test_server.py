"""The demo's sources over real HTTP on loopback."""

from __future__ import annotations

import json

import pytest
import requests

from pipelines.demo.server import serving

PAGES = (
    "/valalzette/ooapi/v5/courses?pageSize=20",
    "/valalzette/ooapi/v5/education-specifications",
    "/ardennes/moochub/v3/courses",
    "/sauertal/moochub/v2/courses?page=2",
    "/moselland/xcri.xml",
    "/minette/offerings.xlsx",
    "/greengate/offerings.csv",
    "/greengate/instances.csv",
)


@pytest.mark.parametrize("page", PAGES)
def test_each_source_answers(page: str) -> None:
    with serving(1, 0) as root:
        answer = requests.get(root + page, timeout=10)
    assert answer.status_code == 200
    assert len(answer.content) > 300


@pytest.mark.parametrize("page", ["/", "/nobody/courses", "/valalzette/ooapi/v5/nothing", "/minette/other.xlsx"])
def test_anything_else_is_not_found(page: str) -> None:
    with serving(1, 0) as root:
        assert requests.get(root + page, timeout=10).status_code == 404


def test_ooapi_pages_go_on_until_they_end() -> None:
    seen: list[str] = []
    with serving(1, 0) as root:
        for number in range(1, 10):
            page = requests.get(
                f"{root}/valalzette/ooapi/v5/courses?pageSize=10&pageNumber={number}", timeout=10
            ).json()
            seen += [item["courseId"] for item in page["items"]]
            if not page["hasNextPage"]:
                break
    assert len(seen) == len(set(seen)) == 27


def test_the_edition_decides_what_is_served() -> None:
    titles = []
    for edition in (1, 2):
        with serving(edition, 0) as root:
            titles.append(json.dumps(requests.get(f"{root}/ardennes/moochub/v3/courses?page=3", timeout=10).json()))
    assert "Large Language Models" not in titles[0]
    assert "Large Language Models" in titles[1]
