"""The service's settings, from the environment; it refuses to start with unsafe ones."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import Field, field_validator

from serve.database.settings import DatabaseSettings
from serve.security.addresses import networks
from serve.security.rights import Right

SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which workers keep their counts side by side; never set by people."""


class Settings(DatabaseSettings):
    """Every setting of the service; each can be given as ``READINESS_<NAME>``.

    Raises
    ------
    pydantic.ValidationError
        If a value is not of its type or out of range.
    """

    host: str = Field(default="127.0.0.1", description="The address it listens on.")
    port: int = Field(default=8000, ge=1, le=65_535, description="The port it listens on.")
    workers: int = Field(
        default=1, ge=1, le=64, description="How many processes answer on the port; one a core at most."
    )
    open_access: bool = Field(
        default=False,
        description="Let whoever reaches the service read and score, without a key. Only behind something "
        "that asks.",
    )
    published: Path = Field(
        default=Path("models/published"), description="Where `readiness pull` puts the champion's bundle."
    )
    agreement: Path | None = Field(
        default=None, description="An agreement file that is used in place of the bundle's own."
    )
    max_body_bytes: int = Field(default=2_000_000, ge=1_000, le=100_000_000, description="Largest body.")
    max_batch_bytes: int = Field(
        default=64_000_000, ge=1_000, le=1_000_000_000, description="Largest body of a batch."
    )
    max_job_bytes: int = Field(
        default=1_000_000_000, ge=1_000, le=100_000_000_000, description="Largest file of a job."
    )
    jobs_folder: Path = Field(
        default=Path("models/jobs"),
        description="Where files of jobs and their results lie; all workers share it.",
    )
    jobs_at_once: int = Field(
        default=1, ge=0, le=1, description="Whether each worker has jobs worked on (1), or leaves them (0)."
    )
    job_days: int = Field(
        default=7, ge=1, le=365, description="So many days a job that has ended is kept, with its result."
    )
    watch_seconds: float = Field(
        default=1.0, gt=0, le=60, description="How often the published model is looked at."
    )

    max_waiting: int = Field(
        default=64, ge=0, le=10_000, description="Requests that may wait for their turn, in each worker."
    )
    max_receiving: int = Field(
        default=256, ge=1, le=10_000, description="Requests whose body may be arriving, in each worker."
    )
    body_seconds: float = Field(
        default=10.0, gt=0, le=600, description="How long a body may take that comes slower than 100 kB/s."
    )
    idle_seconds: int = Field(
        default=5,
        ge=1,
        le=600,
        description="How long a connection may say nothing, and how long the head of a request may take.",
    )
    stop_seconds: int = Field(
        default=20,
        ge=1,
        le=600,
        description="How long requests in flight may take to end when it is stopped.",
    )
    backlog: int = Field(
        default=2_048,
        ge=1,
        le=65_535,
        description="Connections that the machine may hold until they are taken.",
    )

    audit: bool = Field(
        default=True, description="Whether every answer is written down for the audit before it leaves."
    )
    audit_seconds: float = Field(
        default=2.0, gt=0, le=600, description="How often what was written down is moved to the database."
    )
    audit_days: int | None = Field(
        default=None,
        ge=1,
        le=36_500,
        description="After how many days the audit is cut off; left out: never.",
    )

    trusted_proxy: str = Field(
        default="",
        description="Addresses or networks, with commas between them, of proxies whose X-Forwarded-User is "
        "believed. A proxy there must take the header away from whoever sends it himself.",
    )
    people_may: frozenset[Right] = Field(
        default=frozenset({"read", "score"}), description="What a person whom such a proxy names may do."
    )
    requests_per_second: float = Field(
        default=0.0,
        ge=0,
        le=100_000,
        description="Requests that a key may send a second; 0: as many as it likes.",
    )
    requests_burst: int = Field(
        default=100, ge=1, le=100_000, description="Requests that a key may send at once after a quiet time."
    )

    @field_validator("trusted_proxy")
    @classmethod
    def _addresses(cls, written: str) -> str:
        networks(written)
        return written
