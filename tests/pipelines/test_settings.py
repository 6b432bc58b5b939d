"""Settings: defaults, environment, `.env`, what is hidden, what cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.settings import SettingsProblem, load_settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DATA_DIR", "FEEDS_DIR", "DATABASE_URL", "SNAPSHOTS_URL", "POLICY", "ALLOW_PRIVATE_ADDRESSES"):
        monkeypatch.delenv(f"CATALOGUE_{name}", raising=False)
    monkeypatch.delenv("DAGSTER_HOME", raising=False)


def test_everything_has_a_default_below_the_working_directory(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.database == f"sqlite:///{tmp_path}/data/catalogue.db"
    assert settings.snapshots == str(tmp_path / "data" / "snapshots")
    assert settings.feeds_dir == tmp_path / "feeds"
    assert settings.home == tmp_path / "data" / "dagster"
    assert not settings.allow_private_addresses


def test_a_later_change_of_directory_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert settings.data_dir == tmp_path / "data"


def test_the_environment_wins_over_the_file_and_an_option_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_FEEDS_SECRET", "")
    monkeypatch.delenv("A_FEEDS_SECRET")
    (tmp_path / ".env").write_text("CATALOGUE_SNAPSHOTS_URL=memory://file\nCATALOGUE_DATA_DIR=file\nA_FEEDS_SECRET=s\n")
    monkeypatch.setenv("CATALOGUE_DATA_DIR", "environment")
    monkeypatch.setenv("CATALOGUE_SNAPSHOTS_URL", "")
    monkeypatch.delenv("CATALOGUE_SNAPSHOTS_URL")
    settings = load_settings(database_url="sqlite:///given.db")
    assert settings.snapshots == "memory://file"
    assert settings.data_dir == tmp_path / "environment"
    assert settings.database == "sqlite:///given.db"


def test_a_secret_of_a_feed_may_stand_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setenv("ANOTHER_SECRET", "x")
    monkeypatch.delenv("ANOTHER_SECRET")
    (tmp_path / ".env").write_text("ANOTHER_SECRET=quiet\n")
    load_settings()
    assert os.environ["ANOTHER_SECRET"] == "quiet"


def test_an_empty_setting_counts_as_not_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CATALOGUE_DATABASE_URL", "")
    assert load_settings().database == f"sqlite:///{tmp_path}/data/catalogue.db"


def test_the_password_of_the_database_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALOGUE_DATABASE_URL", "postgresql://me:hush@db.example/catalogue")
    settings = load_settings()
    assert "hush" in settings.database
    assert "hush" not in settings.database_label + repr(settings)
    assert "db.example" in settings.database_label


def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALOGUE_ALLOW_PRIVATE_ADDRESSES", "perhaps")
    with pytest.raises(SettingsProblem, match="CATALOGUE_ALLOW_PRIVATE_ADDRESSES"):
        load_settings()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:s3cret@host/c",
        "postgresql://u@host/c?password=s3cret",
        "postgresql://u:p@s3cret@host/c",
        "postgresql://u:s3cret@host:notaport/c",
    ],
)
def test_no_part_of_a_password_is_shown(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("CATALOGUE_DATABASE_URL", address)
    assert "s3cret" not in load_settings().database_label
