"""Where the database is, and the secret without which nobody in it is recognised; from the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from readiness.crm.identities import phone_region

DEFAULT: Final = "sqlite:///models/service.sqlite"


class DatabaseSettings(BaseSettings):
    """The settings of the database; each can be given as ``READINESS_<NAME>``.

    Raises
    ------
    pydantic.ValidationError
        If a value is not of its type; a secret that is too short, or a country that does not exist.
    """

    model_config = SettingsConfigDict(env_prefix="READINESS_", frozen=True, hide_input_in_errors=True)

    database_url: SecretStr = Field(
        default=SecretStr(DEFAULT),
        description="The database: sqlite:///PATH, or postgresql://USER:PASSWORD@HOST/NAME for teams.",
    )
    database_seconds: float = Field(
        default=2.0,
        gt=0,
        le=60,
        description="So long a request waits for whoever holds the database, or for the database itself.",
    )
    database_connections: int = Field(
        default=8,
        ge=1,
        le=100,
        description="Connections that each part of a worker may hold at once: five parts, each as many.",
    )
    suppression_secret: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="The secret that turns addresses into keys, at least 32 characters. It lies outside the "
        "database; left out, a file beside an SQLite database holds it.",
    )
    suppression_secret_file: Path | None = Field(
        default=None, description="The file that holds the secret, in place of the one beside the database."
    )
    audit_folder: Path | None = Field(
        default=None,
        description="Where each process writes answers down before they leave; left out, a folder beside an "
        "SQLite database, or models/audit.",
    )
    phone_region: str | None = Field(
        default=None, description="The country of phone numbers that name none, by two letters, such as DE."
    )

    @field_validator("phone_region")
    @classmethod
    def _refuse_unknown_regions(cls, region: str | None) -> str | None:
        return phone_region(region)
