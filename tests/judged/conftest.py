"""The catalogues that are asked, each filled once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.judged.catalogues import filled, why_absent
from tests.judged.judgements import CATALOGUES, Catalogue, judgements
from tests.judged.measures import Answered, answer
from tests.postgres import FreshCatalogue

_MARKS = {"real": pytest.mark.real}
_PARAMETERS = [pytest.param(name, marks=_MARKS.get(name, ())) for name in CATALOGUES]


@pytest.fixture(scope="session", params=_PARAMETERS)
def catalogue(request: pytest.FixtureRequest) -> Catalogue:
    """The name of the catalogue; skips where it cannot be filled."""
    name: Catalogue = request.param
    if why := why_absent(name):
        pytest.skip(why)
    return name


@pytest.fixture(scope="session")
def fresh_catalogue(fresh_sqlite: FreshCatalogue) -> FreshCatalogue:
    """PostgreSQL's own search is tested elsewhere."""
    return fresh_sqlite


@pytest.fixture(scope="session")
def answers(
    catalogue: Catalogue, fresh_catalogue: FreshCatalogue, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Answered]]:
    """The answers to every judged query over the catalogue."""
    judged = judgements(catalogue)
    folder = tmp_path_factory.mktemp(catalogue)
    with fresh_catalogue() as url, filled(catalogue, folder, url) as shelf:
        shelf.check(judged)
        yield [answer(shelf, each) for each in judged]
