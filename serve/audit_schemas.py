"""What the audit tells over HTTP, field by field."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

AUDIT_ANSWER: Final[dict[str, Any]] = {
    "assessment_id": "0d6c3a0e-6f2c-4a9c-9f0b-2f4f4f2f8a11",
    "at": "2026-03-14T09:00:00.123456Z",
    "route": "/v1/score",
    "caller": "key 4f1c09a2b7de",
    "model": "readiness 7",
    "bundle": "9f" * 32,
    "agreement_sha256": "a1" * 32,
    "cutoff": "2026-03-14T09:00:00Z",
    "payloads": "withheld",
    "asked": None,
    "answered": None,
    "chain": {
        "name": "3f0c6d0e8f5b4c6f9d1e2a3b4c5d6e7f",
        "sequence": 1842,
        "link": "c4" * 32,
        "verifies": True,
        "because": None,
    },
}
"""An entry as who may read sees it."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Chain(_Part):
    """Where the entry stands, and whether what is around it is as it was written."""

    name: str = Field(description="The process that answered, under a name of its own.")
    sequence: int = Field(description="Which of its answers it was, from 1.")
    link: str = Field(description="The SHA-256 that ties the entry to all before it, in hex.")
    verifies: bool = Field(
        description="Whether the entry, its neighbours and the end of its chain are as they were written."
    )
    because: str | None = Field(default=None, description="What is wrong if not.")


class AuditAnswer(_Part):
    """What the audit keeps of one answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [AUDIT_ANSWER]})

    assessment_id: str = Field(description="The id of the answer.")
    at: str = Field(description="When it left.")
    route: str = Field(description="Which address was asked.")
    caller: str = Field(description="The id of the key that asked, or `person`, `here` or `anyone`.")
    model: str | None = Field(description="The model that answered; null if the rules alone did.")
    bundle: str | None = Field(description="The SHA-256 of its bundle.")
    agreement_sha256: str = Field(description="The fingerprint of the agreement that answered.")
    cutoff: str | None = Field(description="Only what happened before this moment was looked at.")
    payloads: Literal["shown", "withheld", "erased"] = Field(
        description="Whether what was asked and answered is shown below: only to who may `admin`, until it "
        "is erased, and only as it was written."
    )
    asked: dict[str, Any] | None = Field(
        default=None,
        description="The `request` in its normal form, which can be sent again, and what the answer depended "
        "on besides: when it was `received`, whether the lead was on the list (`never`), and so on.",
    )
    answered: dict[str, Any] | None = Field(default=None, description="The assessment as it left.")
    chain: Chain = Field(description="Where the entry stands, and whether what is around it is as it was.")
