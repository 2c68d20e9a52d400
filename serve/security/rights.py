"""The one table that says who may ask for what; an address that is not in it does not exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, TypeAlias

Right: TypeAlias = Literal["read", "score", "admin"]
"""What a key may be for. ``admin`` may also read and score; ``score`` may not read."""

Needed: TypeAlias = Right | Literal["nothing", "read or here"]
"""What an address asks of its caller; ``read or here``: nothing of a program on the same machine."""

RIGHTS: Final[Mapping[tuple[str, str], Needed]] = {
    ("GET", "/"): "score",
    ("POST", "/"): "score",
    ("GET", "/health/live"): "nothing",
    ("GET", "/health/started"): "nothing",
    ("GET", "/health/ready"): "nothing",
    ("GET", "/openapi.json"): "nothing",
    ("GET", "/metrics"): "read or here",
    ("GET", "/reports"): "read",
    ("GET", "/reports/{name}"): "read",
    ("GET", "/v1/agreement"): "read",
    ("GET", "/v1/audit/{assessment_id}"): "read",
    ("GET", "/v1/importance"): "read",
    ("GET", "/v1/jobs"): "score",
    ("POST", "/v1/jobs"): "score",
    ("GET", "/v1/jobs/{id}"): "score",
    ("DELETE", "/v1/jobs/{id}"): "score",
    ("GET", "/v1/jobs/{id}/result"): "score",
    ("GET", "/v1/model"): "read",
    ("GET", "/v1/reports"): "read",
    ("GET", "/v1/reports/{name}/numbers"): "read",
    ("GET", "/v1/reports/{name}/numbers/{table}.csv"): "read",
    ("POST", "/v1/score"): "score",
    ("POST", "/v1/score/batch"): "score",
    ("GET", "/v1/suppressions"): "read",
    ("POST", "/v1/suppressions"): "score",
    ("GET", "/v1/suppressions/removals"): "read",
    ("POST", "/v1/suppressions/search"): "read",
    ("DELETE", "/v1/suppressions/{id}"): "admin",
}
"""Every verb and address of the service, with what it needs."""

PAYLOADS: Final[Right] = "admin"
"""What it takes to be shown what was asked and answered in ``/v1/audit/{assessment_id}``: personal data."""

EVERYTHING: Final[frozenset[Right]] = frozenset({"read", "score", "admin"})


def missing(served: Iterable[tuple[str, str]], table: Mapping[tuple[str, str], Needed] = RIGHTS) -> list[str]:
    """Return which (verb, path template) pairs are served and not in the table, sorted."""
    return sorted(f"{verb} {template}" for verb, template in served if (verb, template) not in table)


def suffices(may: frozenset[Right], needed: Needed) -> bool:
    """Say whether a caller with these rights may; ``admin`` may everything."""
    if needed == "nothing":
        return True
    right: Right = "read" if needed == "read or here" else needed
    return right in may or "admin" in may
