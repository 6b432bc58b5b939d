"""Settings: where things are, read once from the environment and from `.env` in the working directory.

The names are public doors. A value in the environment wins over one in `.env`. The file is also loaded into the
environment itself, because feed contracts name their secrets by environment variable and must find them there,
however the pipeline was started.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dotenv import load_dotenv
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsProblem(Exception):
    """A setting that cannot be used. The text names the variable and what is wrong with it."""


class Settings(BaseSettings):
    """All settings, with their defaults; paths are made absolute, so that a change of directory changes nothing.

    `database` and `snapshots` are the URLs to use (given or default); `staging` too (beyond one machine it must be
    where every run can reach it). `allow_private_addresses` lifts the ban on private and
    loopback addresses for every feed; a contract can do so for its own feed.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True, env_ignore_empty=True)

    data_dir: Path = Field(default=Path("data"), validation_alias="CATALOGUE_DATA_DIR")
    feeds_dir: Path = Field(default=Path("feeds"), validation_alias="CATALOGUE_FEEDS_DIR")
    database_url: SecretStr | None = Field(default=None, validation_alias="CATALOGUE_DATABASE_URL")
    snapshots_url: str | None = Field(default=None, validation_alias="CATALOGUE_SNAPSHOTS_URL")
    staging_url: str | None = Field(default=None, validation_alias="CATALOGUE_STAGING_URL")
    exports: Path | None = Field(default=None, validation_alias="CATALOGUE_EXPORTS_DIR")
    policy: Path | None = Field(default=None, validation_alias="CATALOGUE_POLICY")
    allow_private_addresses: bool = Field(default=False, validation_alias="CATALOGUE_ALLOW_PRIVATE_ADDRESSES")
    links: Path | None = Field(default=None, validation_alias="CATALOGUE_LINKS")
    national_register: Path | None = Field(default=None, validation_alias="CATALOGUE_NATIONAL_REGISTER")
    dagster_home: Path | None = Field(default=None, validation_alias="DAGSTER_HOME")
    deqar_base_url: str | None = Field(default=None, validation_alias="DEQAR_BASE_URL")
    deqar_token: SecretStr | None = Field(default=None, validation_alias="DEQAR_TOKEN")
    deqar_username: str | None = Field(default=None, validation_alias="DEQAR_USERNAME")
    deqar_password: SecretStr | None = Field(default=None, validation_alias="DEQAR_PASSWORD")

    @field_validator("data_dir", "feeds_dir", "exports", "policy", "links", "national_register", "dagster_home")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser().absolute()

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the catalogue (may hold a password: never show it, see `database_label`)."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'catalogue.db'}"

    @property
    def database_label(self) -> str:
        """The database's URL as it may be shown: without the password."""
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError

        try:
            address = make_url(self.database)
            hidden = {name: "***" for name in address.query if "pass" in name.lower()}
            host = (address.host or "").rpartition("@")[2]  # before an @ not written as %40 the password goes on
            return address.set(host=host or None).update_query_dict(hidden).render_as_string(hide_password=True)
        except (ArgumentError, ValueError):
            return "the address in CATALOGUE_DATABASE_URL"

    @property
    def snapshots(self) -> str:
        """Folder or object-store URL of the snapshots."""
        return self.snapshots_url or str(self.data_dir / "snapshots")

    @property
    def staging(self) -> str:
        """Folder or object-store URL of the staged batches."""
        return self.staging_url or str(self.data_dir / "staging")

    @property
    def exports_dir(self) -> Path:
        """Folder of the exported files, a name per format."""
        return self.exports or self.data_dir / "exports"

    @property
    def deqar_contract(self) -> Path:
        """The contract with DEQAR; where the file is not there, DEQAR is not asked."""
        return self.feeds_dir / "deqar" / "deqar.yaml"

    @property
    def reviewed_links(self) -> Path:
        """What maintainers decided about links (`links.yaml`); the file need not be there."""
        return self.links or self.feeds_dir / "deqar" / "links.yaml"

    @property
    def trusted_issuers(self) -> Path | None:
        """The national register of trusted issuers: what the environment names, or the file beside the contract with
        DEQAR, if it is there."""
        beside = self.feeds_dir / "deqar" / "national_register.yaml"
        return self.national_register or (beside if beside.is_file() else None)

    @property
    def home(self) -> Path:
        """Dagster's home: run history, event log, schedules."""
        return self.dagster_home or self.data_dir / "dagster"


def load_settings(**given: Any) -> Settings:
    """Read the settings; `given` values (from command-line options) win over the environment.

    Raises `SettingsProblem` with one line per setting that cannot be used.
    """
    load_dotenv(Path.cwd() / ".env")
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        lines = [f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()]
        raise SettingsProblem("Settings that cannot be used:\n" + "\n".join(lines)) from error
