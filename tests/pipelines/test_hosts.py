"""One visitor per host."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.failures import FeedFailure
from pipelines.hosts import host_of, only_visitor


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://API.Example.org/courses?x=1", "api.example.org"),
        ("https://api.example.org:443/", "api.example.org"),
        ("http://127.0.0.1:8123/feed", "127.0.0.1:8123"),
        ("https://[2001:db8::1]:8443/", "2001:db8::1:8443"),
        ("", "files"),
    ],
)
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host


def test_a_second_visitor_waits_and_then_fails_as_transient(tmp_path: Path) -> None:
    with only_visitor(tmp_path, "api.example.org:8443"):
        with (
            pytest.raises(FeedFailure, match=r"api\.example\.org:8443") as caught,
            only_visitor(tmp_path, "api.example.org:8443", wait=0.05),
        ):
            pass
        with only_visitor(tmp_path, "other.example.org", wait=0.05):
            pass
    assert caught.value.transient
    with only_visitor(tmp_path, "api.example.org:8443", wait=0.05):
        pass


def test_a_host_cannot_choose_where_the_lock_goes(tmp_path: Path) -> None:
    with only_visitor(tmp_path / "data", "../../outside"):
        pass
    assert [path.parent for path in tmp_path.rglob("*.lock")] in ([], [tmp_path / "data" / "locks"])
